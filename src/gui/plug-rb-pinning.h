/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-manager.h"
#include "plug-rb-toasts.h"
#include "plug-rb-trash.h"

G_BEGIN_DECLS

/* Pinned snapshots: making them such, and asking before one is deleted all the same. */

void plug_rb_pinning_toggle (PlugRbManager *manager, PlugRbToasts *toasts, const char *const *ids);
void plug_rb_pinning_ask_delete (PlugRbTrash *trash,
                                 PlugRbManager *manager,
                                 PlugRbToasts *toasts,
                                 const char *const *ids);

G_END_DECLS
