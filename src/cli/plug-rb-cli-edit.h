/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-cli.h"

G_BEGIN_DECLS

/* What pin, unpin, label and note have in common. */

typedef PlugRbSnapshot *(*PlugRbCliSetText) (PlugRbEngine *engine,
                                             PlugRbSnapshot *snapshot,
                                             const char *text,
                                             GError **error);

gboolean plug_rb_cli_edit_pin (PlugRbCli *cli, gboolean pinned, GError **error);
gboolean plug_rb_cli_edit_text (PlugRbCli *cli,
                                PlugRbCliSetText set_text,
                                const char *message,
                                const char *message_empty,
                                GError **error);

G_END_DECLS
