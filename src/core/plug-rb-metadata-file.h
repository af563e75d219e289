/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* snapshot.json of one snapshot, in its folder. */

int plug_rb_metadata_file_open_folder (int parent_fd, const char *name, GError **error);
JsonObject *plug_rb_metadata_file_read (int folder_fd, GError **error);

G_END_DECLS
