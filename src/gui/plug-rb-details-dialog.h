/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void plug_rb_details_dialog_present (GtkWidget *parent, const char *heading, const char *text);

G_END_DECLS
