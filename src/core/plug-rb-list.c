/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-list.h"

/* How many items are the same from one end on, at most @limit. */
static guint
count_common (GListModel *list, GPtrArray *items, gboolean from_end, guint limit)
{
  guint n_old = g_list_model_get_n_items (list), n = 0;

  for (; n < limit; n++) {
    g_autoptr(GObject) old = g_list_model_get_object (list, from_end ? n_old - 1 - n : n);

    if (old != items->pdata[from_end ? items->len - 1 - n : n])
      break;
  }

  return n;
}

/**
 * plug_rb_list_sync:
 * @items: (element-type GObject): what is to be in the list, in this order
 *
 * Makes a list hold exactly @items, replacing only the stretch that differs.
 */
void
plug_rb_list_sync (GListStore *list, GPtrArray *items)
{
  guint n_old = g_list_model_get_n_items (G_LIST_MODEL (list));
  guint limit = MIN (n_old, items->len);
  guint head = count_common (G_LIST_MODEL (list), items, FALSE, limit);
  guint tail = count_common (G_LIST_MODEL (list), items, TRUE, limit - head);

  if (head + tail < MAX (n_old, items->len))
    g_list_store_splice (list, head, n_old - head - tail, items->pdata + head,
                         items->len - head - tail);
}
