/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PlugRbMembership:
 * @name: name of the state, as in the host file's group ("enabled", "disabled")
 * @key: absolute dconf key of the list
 * @entry: this plugin's entry in it
 * @present: whether the entry is in the list
 * @position: its index, or -1
 * @unset: whether the user had no list of his own at all
 *
 * Whether a plugin stands in one of the host's lists.
 */
typedef struct {
  char *name;
  char *key;
  char *entry;
  gboolean present;
  int position;
  gboolean unset;
} PlugRbMembership;

PlugRbMembership *plug_rb_membership_new (
    const char *name, const char *key, const char *entry, gboolean present, int position);
void plug_rb_membership_free (PlugRbMembership *membership);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbMembership, plug_rb_membership_free)

PlugRbMembership *plug_rb_membership_read (const char *name, const char *key, const char *entry);
gboolean plug_rb_membership_apply (const PlugRbMembership *before,
                                   const PlugRbMembership *target,
                                   GError **error);

G_END_DECLS
