/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-cli.h"

G_BEGIN_DECLS

gboolean plug_rb_cli_report_operation (PlugRbCli *cli,
                                       PlugRbOperation *operation,
                                       GError *failure,
                                       GError **error);
void plug_rb_cli_report_nothing (PlugRbCli *cli, const char *text);

G_END_DECLS
