/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void plug_rb_focus_leave (GtkWidget *widget);

G_END_DECLS
