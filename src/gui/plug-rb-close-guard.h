/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gtk/gtk.h>

#include "plug-rb-manager.h"

G_BEGIN_DECLS

/* Whether the window may close now. While work is under way it may not: the user is asked, and the
 * window is destroyed once the work is put back, or finished if it cannot be stopped any more. */
gboolean plug_rb_close_guard_let_go (GtkWindow *window, PlugRbManager *manager);

G_END_DECLS
