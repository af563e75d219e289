/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gtk/gtk.h>

#include "plug-rb-types.h"

G_BEGIN_DECLS

/* Questions about snapshots that the user has chosen. */

GPtrArray *plug_rb_selection_list (GtkSelectionModel *model);
char **plug_rb_selection_dup_ids (GPtrArray *snapshots);
gboolean plug_rb_selection_is_distinct (GPtrArray *snapshots);
gboolean plug_rb_selection_has_damaged (GPtrArray *snapshots);

G_END_DECLS
