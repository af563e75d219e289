/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Ids begin with the time in milliseconds: eight digits, a dash, and four more. Fewer characters
 * than these would soon be shared with another snapshot. */
#define PLUG_RB_CLI_SHORTEST 13

guint plug_rb_cli_short_count (GPtrArray *ids);
guint plug_rb_cli_short_count_snapshots (GPtrArray *snapshots);
char *plug_rb_cli_short_id (const char *id, guint length);

G_END_DECLS
