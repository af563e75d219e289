/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-manager.h"
#include "plug-rb-toasts.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_WELCOME (plug_rb_welcome_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbWelcome, plug_rb_welcome, PLUG_RB, WELCOME, AdwBin)

/* What is shown before there is any snapshot: which programs were found, and the offer to take the
 * first snapshots. Properties: manager; wanted, whether it is to be shown now; running. */

void plug_rb_welcome_set_toasts (PlugRbWelcome *self, PlugRbToasts *toasts);
void plug_rb_welcome_skip (PlugRbWelcome *self);

G_END_DECLS
