/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-manager.h"
#include "plug-rb-toasts.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_TRASH (plug_rb_trash_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbTrash, plug_rb_trash, PLUG_RB, TRASH, GObject)

/* Deletes snapshots and brings them back. Deleting is done when its toast shows; nothing waits for
 * the toast to go away. Signal deleted (GStrv ids). */

PlugRbTrash *plug_rb_trash_new (PlugRbManager *manager, PlugRbToasts *toasts);
void plug_rb_trash_delete (PlugRbTrash *self, const char *const *ids);
void plug_rb_trash_restore (PlugRbTrash *self, const char *const *ids);

G_END_DECLS
