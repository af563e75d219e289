/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-host-file.h"

G_BEGIN_DECLS

/* Plugins of which several versions may lie side by side, each in a folder of its own. */

gboolean plug_rb_host_version_fits (const PlugRbPlace *place, const char *id, const char *name);
GPtrArray *
plug_rb_host_version_list (const PlugRbHostFile *file, const PlugRbPlace *place, const char *id);

G_END_DECLS
