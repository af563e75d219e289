/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlugRbOutlet:
 * @folder: the folder that the user named
 * @fresh: folder beside it in which the contents are built; it does not exist at first
 *
 * Where files are taken out to: all of them at once, by one rename, or none.
 */
typedef struct {
  char *folder;
  char *fresh;
  char *aside;
  gboolean exists;
  gboolean full;
} PlugRbOutlet;

PlugRbOutlet *plug_rb_outlet_new (const char *folder, gboolean force, GError **error);
void plug_rb_outlet_free (PlugRbOutlet *self);
gboolean plug_rb_outlet_commit (PlugRbOutlet *self, char **backup, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbOutlet, plug_rb_outlet_free)

G_END_DECLS
