/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlugRbWorkFunc:
 *
 * What every worker runs once; it takes its work from @user_data until there is none left.
 */
typedef void (*PlugRbWorkFunc) (gpointer user_data);

guint plug_rb_workers_count (void);
void plug_rb_workers_run (guint n, PlugRbWorkFunc func, gpointer user_data);

G_END_DECLS
