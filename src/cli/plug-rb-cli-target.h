/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-cli.h"

G_BEGIN_DECLS

GPtrArray *plug_rb_cli_target_find_named (PlugRbCli *cli, const char *to, GError **error);
GPtrArray *plug_rb_cli_target_find_all (
    PlugRbCli *cli, const char *host, const char *to, GPtrArray *notes, GError **error);

G_END_DECLS
