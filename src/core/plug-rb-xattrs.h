/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Extended attributes and ACLs of a file as one text: a line each, "BASE64 NAME", in the order of
 * names. Only what the owner may set is kept: the namespace "user" and POSIX ACLs. */

gboolean plug_rb_xattrs_read (int fd, char **xattrs);
gboolean plug_rb_xattrs_write (int fd, const char *xattrs);
char *plug_rb_xattrs_from_json (JsonObject *json);

typedef void (*PlugRbXattrFunc) (const char *name,
                                 const void *value,
                                 gsize size,
                                 gpointer user_data);

void plug_rb_xattrs_each (const char *xattrs, PlugRbXattrFunc func, gpointer user_data);

G_END_DECLS
