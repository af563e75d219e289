/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PlugRbSequence:
 * @items: what is compared, equal if and only if the numbers are
 * @n: how many
 * @changed: one for each; set to 1 for those that the other sequence does not have
 *
 * One side of a comparison.
 */
typedef struct {
  const guint *items;
  guint n;
  guint8 *changed;
} PlugRbSequence;

gboolean plug_rb_myers_compare (const PlugRbSequence *a,
                                const PlugRbSequence *b,
                                GCancellable *cancellable,
                                GError **error);

G_END_DECLS
