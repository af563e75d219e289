/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-jobs.h"
#include "plug-rb-manager.h"
#include "plug-rb-toasts.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_INSTALLING (plug_rb_installing_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbInstalling, plug_rb_installing, PLUG_RB, INSTALLING, GObject)

/* Installing and uninstalling from one window: choosing a package, dropping one, asking, telling.
 */

PlugRbInstalling *
plug_rb_installing_new (PlugRbManager *manager, PlugRbToasts *toasts, PlugRbJobs *jobs);
void plug_rb_installing_choose (PlugRbInstalling *self);
void plug_rb_installing_choose_folder (PlugRbInstalling *self);
void plug_rb_installing_open (PlugRbInstalling *self, GFile *file);
void plug_rb_installing_uninstall (PlugRbInstalling *self, PlugRbPlugin *plugin);
GtkEventController *plug_rb_installing_create_drop_target (PlugRbInstalling *self);

G_END_DECLS
