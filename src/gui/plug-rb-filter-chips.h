/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-types.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_FILTER_CHIPS (plug_rb_filter_chips_get_type ())
G_DECLARE_DERIVABLE_TYPE (PlugRbFilterChips, plug_rb_filter_chips, PLUG_RB, FILTER_CHIPS, AdwBin)

/**
 * PlugRbFilterChips:
 *
 * What a filter is set to: each a button that takes it away, and one that clears all. Hidden while
 * nothing is set. Properties: manager, filter (an object that has a property “active”).
 */
struct _PlugRbFilterChipsClass {
  AdwBinClass parent_class;

  /* Calls plug_rb_filter_chips_add() for each thing that is set. */
  void (*fill) (PlugRbFilterChips *self, GObject *filter);

  /* Takes away what was added with this name; by default sets the property of this name to NULL. */
  void (*remove) (PlugRbFilterChips *self, GObject *filter, const char *name);

  void (*clear) (PlugRbFilterChips *self, GObject *filter);
};

PlugRbManager *plug_rb_filter_chips_get_manager (PlugRbFilterChips *self);
void plug_rb_filter_chips_add (PlugRbFilterChips *self, const char *text, const char *name);

G_END_DECLS
