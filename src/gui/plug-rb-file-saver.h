/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gtk/gtk.h>

#include "plug-rb-manager.h"
#include "plug-rb-toasts.h"

G_BEGIN_DECLS

/* The files and settings of a snapshot, taken out into a folder of the user's. */

void
plug_rb_file_saver_ask (PlugRbToasts *toasts, PlugRbManager *manager, PlugRbSnapshot *snapshot);
void plug_rb_file_saver_save (PlugRbToasts *toasts,
                              PlugRbManager *manager,
                              PlugRbSnapshot *snapshot,
                              GFile *parent);

G_END_DECLS
