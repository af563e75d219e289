/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-manager-sweep.h"
#include "plug-rb-toasts.h"

G_BEGIN_DECLS

/* Snapshots of many plugins at once: which ones, and what is said of them afterwards. */

GPtrArray *plug_rb_sweeping_list (PlugRbManager *manager);
void plug_rb_sweeping_start (PlugRbManager *manager, PlugRbToasts *toasts);
void plug_rb_sweeping_say (PlugRbToasts *toasts, PlugRbSweep *sweep);
void plug_rb_sweeping_say_protected (PlugRbToasts *toasts, PlugRbSweep *sweep);

G_END_DECLS
