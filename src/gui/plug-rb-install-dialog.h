/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-manager-install.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_INSTALL_DIALOG (plug_rb_install_dialog_get_type ())
G_DECLARE_FINAL_TYPE (
    PlugRbInstallDialog, plug_rb_install_dialog, PLUG_RB, INSTALL_DIALOG, AdwDialog)

/* From a package to a plugin that works, or back. Signals: installed (PlugRbOperation), after which
 * the dialog closes; undo (id of an operation), for one that does not work. */

AdwDialog *plug_rb_install_dialog_new (PlugRbManager *manager, GFile *file);

G_END_DECLS
