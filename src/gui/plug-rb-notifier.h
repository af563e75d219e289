/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gtk/gtk.h>

#include "plug-rb-manager.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_NOTIFIER (plug_rb_notifier_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbNotifier, plug_rb_notifier, PLUG_RB, NOTIFIER, GObject)

/* Tells the user by notifications what happens while no window is active: what failed, what was
 * done without asking, what is left to do. Each goes again when it is no longer true. */

PlugRbNotifier *plug_rb_notifier_new (GApplication *application, PlugRbManager *manager);
void plug_rb_notifier_withdraw_operation (GApplication *application, const char *id);
void plug_rb_notifier_withdraw_plugin (GApplication *application, const char *key);

G_END_DECLS
