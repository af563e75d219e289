/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-differ.h"

#include <fcntl.h>
#include <glib/gstdio.h>

#include "plug-rb-contents.h"
#include "plug-rb-fs.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-store.h"

#define LIMIT PLUG_RB_LINE_DIFF_MOST_BYTES

/* Either what is installed or what is stored. */
typedef struct {
  PlugRbState *live;
  PlugRbTable *table;
  PlugRbSnapshot *snapshot;
  PlugRbStore *store;
  PlugRbContents *contents; /* opened when it is needed: to know the files no archive is read */
} Side;

struct _PlugRbDiffer {
  Side sides[2];
};

/* ---- reading one file */

/* A part may be a single file. No link is followed but one to the part itself. */
static GBytes *
read_live (const PlugRbPart *part, const char *path, GError **error)
{
  g_autofree char *top = *path ? g_strdup (part->path) : g_path_get_dirname (part->path);
  g_autofree char *below = *path ? g_path_get_dirname (path) : g_strdup (".");
  g_autofree char *name = g_path_get_basename (*path ? path : part->path);
  g_autofd int top_fd = plug_rb_fs_open_folder (top, error);
  g_autofd int fd = -1;

  if (top_fd < 0 ||
      (fd = plug_rb_fs_open_beneath (top_fd, below, O_RDONLY | O_DIRECTORY, error)) < 0)
    return NULL;

  return plug_rb_fs_read (fd, name, LIMIT, error);
}

static GBytes *
read_stored (Side *side, const PlugRbEntry *entry, GError **error)
{
  if (side->contents == NULL)
    side->contents = plug_rb_contents_open (side->store, side->snapshot, error);

  return side->contents ? plug_rb_contents_read (side->contents, entry->sha256, LIMIT, error)
                        : NULL;
}

/* What is not there is empty. What is too large is only measured: @bytes stays %NULL. */
static gboolean
read_file (Side *side, PlugRbChange *change, GBytes **bytes, guint64 *size, GError **error)
{
  const char *part = plug_rb_change_get_part (change), *path = plug_rb_change_get_path (change);
  const PlugRbEntry *entry = plug_rb_table_find (side->table, part, path);
  const PlugRbPart *place = side->live ? plug_rb_state_get_part (side->live, part) : NULL;

  *size = entry ? entry->size : 0;
  if (*size > LIMIT)
    return TRUE;

  if (entry != NULL && entry->type == PLUG_RB_ENTRY_LINK)
    *bytes = g_bytes_new (entry->target, strlen (entry->target));
  else if (*size == 0 || (side->live != NULL && place == NULL))
    *bytes = g_bytes_new (NULL, 0);
  else
    *bytes = place ? read_live (place, path, error) : read_stored (side, entry, error);

  return *bytes != NULL;
}

/* ---- the states */

static gboolean
side_init (Side *side,
           PlugRbEngine *engine,
           PlugRbPlugin *plugin,
           PlugRbSnapshot *snapshot,
           GCancellable *cancellable,
           GError **error)
{
  side->store = g_object_ref (plug_rb_engine_get_store (engine));

  if (snapshot != NULL) {
    side->snapshot = g_object_ref (snapshot);
    if (plug_rb_snapshot_load_json (snapshot, error) != NULL)
      side->table = plug_rb_store_load_table (side->store, snapshot, error);
  } else {
    side->live =
        plug_rb_engine_capture (engine, plug_rb_plugin_get_host (plugin),
                                plug_rb_plugin_get_id (plugin), NULL, NULL, cancellable, error);
    if (side->live != NULL)
      side->table = plug_rb_table_ref (side->live->table);
  }

  return side->table != NULL;
}

static void
side_clear (Side *side)
{
  g_clear_pointer (&side->contents, plug_rb_contents_free);
  g_clear_pointer (&side->table, plug_rb_table_unref);
  g_clear_pointer (&side->live, plug_rb_state_unref);
  g_clear_object (&side->snapshot);
  g_clear_object (&side->store);
}

/**
 * plug_rb_differ_new:
 * @from: (nullable): a snapshot of @plugin; %NULL for the plugin as it is now
 * @to: (nullable): likewise
 *
 * Returns: (transfer full): what compares files of the two
 */
PlugRbDiffer *
plug_rb_differ_new (PlugRbEngine *engine,
                    PlugRbPlugin *plugin,
                    PlugRbSnapshot *from,
                    PlugRbSnapshot *to,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr(PlugRbDiffer) self = g_new0 (PlugRbDiffer, 1);

  if (!side_init (&self->sides[0], engine, plugin, from, cancellable, error) ||
      !side_init (&self->sides[1], engine, plugin, to, cancellable, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
plug_rb_differ_free (PlugRbDiffer *self)
{
  side_clear (&self->sides[0]);
  side_clear (&self->sides[1]);
  g_free (self);
}

/**
 * plug_rb_differ_compare:
 * @change: a file that plug_rb_engine_compare() found to differ
 *
 * Compares one file line by line. Of a link the target is compared; a side that has no such file
 * counts as empty.
 *
 * Returns: (transfer full): the differences
 */
PlugRbLineDiff *
plug_rb_differ_compare (PlugRbDiffer *self,
                        PlugRbChange *change,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr(GBytes) from = NULL;
  g_autoptr(GBytes) to = NULL;
  guint64 from_size, to_size;

  g_return_val_if_fail (plug_rb_change_get_path (change) != NULL, NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
      !read_file (&self->sides[0], change, &from, &from_size, error) ||
      !read_file (&self->sides[1], change, &to, &to_size, error))
    return NULL;

  if (from == NULL || to == NULL)
    return plug_rb_line_diff_new_unread (from_size, to_size);

  return plug_rb_line_diff_new (from, to, cancellable, error);
}
