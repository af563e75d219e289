/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-cli.h"

G_BEGIN_DECLS

gboolean plug_rb_cli_find (PlugRbCli *cli,
                           const char *name,
                           PlugRbPlugin **plugin,
                           PlugRbSnapshot **snapshot,
                           GError **error);
GPtrArray *plug_rb_cli_find_snapshots (PlugRbCli *cli, GError **error);
PlugRbSnapshot *
plug_rb_cli_find_version (PlugRbCli *cli, PlugRbPlugin *plugin, const char *wanted, GError **error);
PlugRbSnapshot *
plug_rb_cli_find_until (PlugRbCli *cli, PlugRbPlugin *plugin, PlugRbSnapshot *last, GError **error);
GDateTime *plug_rb_cli_find_time (const char *text, GDateTime *now);

G_END_DECLS
