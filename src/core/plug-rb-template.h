/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Values in host descriptions: `${DATA}` and its like stand for the user's folders, `{id}` and
 * `{plugin}` for a plugin's id and folder. */

char *plug_rb_template_dup_folder (const char *name);
char *
plug_rb_template_expand (const char *template, const char *id, const char *plugin, GError **error);
char *plug_rb_template_quote (const char *path);
char *plug_rb_template_bind (const char *template, GHashTable *words);

G_END_DECLS
