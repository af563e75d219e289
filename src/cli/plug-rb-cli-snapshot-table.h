/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void plug_rb_cli_snapshot_table_print (GPtrArray *snapshots, GPtrArray *all, gboolean with_plugin);

G_END_DECLS
