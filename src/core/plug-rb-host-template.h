/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What several descriptions have in common, in a file of its own: `NAME.template`. */

gboolean plug_rb_host_template_apply (GKeyFile *file, const char *path, GError **error);
GKeyFile *plug_rb_host_template_bind (GKeyFile *file, GHashTable *words);

G_END_DECLS
