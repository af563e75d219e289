/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The order of the operations of the history: newest first, a section for each day. */

GtkSorter *plug_rb_history_sorter_new (void);
GtkSorter *plug_rb_history_sorter_new_for_days (void);

G_END_DECLS
