/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-enums.h"

G_BEGIN_DECLS

gboolean plug_rb_cli_option_check_text (const char *option, char **value, GError **error);
gboolean plug_rb_cli_option_parse_scope (const char *only, PlugRbScope *scope, GError **error);

G_END_DECLS
