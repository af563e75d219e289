/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *plug_rb_dconf_folder_build (void);
gboolean plug_rb_dconf_folder_reach (GError **error);

G_END_DECLS
