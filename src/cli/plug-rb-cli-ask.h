/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean plug_rb_cli_ask_is_possible (void);
gboolean plug_rb_cli_ask (const char *question);

G_END_DECLS
