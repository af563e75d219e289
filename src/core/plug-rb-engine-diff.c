/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-engine-diff.h"

#include <fcntl.h>
#include <glib/gstdio.h>

#include "plug-rb-contents.h"
#include "plug-rb-fs.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-store.h"

#define LIMIT PLUG_RB_LINE_DIFF_MOST_BYTES

/* One side of the comparison. What is too large is not read. */
typedef struct {
  PlugRbEngine *engine;
  PlugRbPlugin *plugin;
  PlugRbSnapshot *snapshot; /* NULL for the plugin as it is now */
  const char *part;
  const char *path;
  GBytes *bytes;
  guint64 size;
} Side;

/* ---- what is installed */

/* A part may be a single file. No link is followed but one to the part itself. */
static GBytes *
read_live_file (const PlugRbPart *part, const char *path, GError **error)
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

static gboolean
read_live (Side *side, GCancellable *cancellable, GError **error)
{
  g_autoptr(PlugRbState) state = plug_rb_engine_capture (
      side->engine, plug_rb_plugin_get_host (side->plugin), plug_rb_plugin_get_id (side->plugin),
      NULL, NULL, cancellable, error);
  const PlugRbEntry *entry =
      state ? plug_rb_table_find (state->table, side->part, side->path) : NULL;
  const PlugRbPart *part = state ? plug_rb_state_get_part (state, side->part) : NULL;

  if (entry == NULL || part == NULL || entry->type == PLUG_RB_ENTRY_FOLDER)
    return state != NULL;

  side->size = entry->size;
  if (entry->type == PLUG_RB_ENTRY_LINK)
    side->bytes = g_bytes_new (entry->target, strlen (entry->target));
  else if (entry->size <= LIMIT)
    return (side->bytes = read_live_file (part, side->path, error)) != NULL;

  return TRUE;
}

/* ---- what is stored */

static gboolean
read_stored (Side *side, GError **error)
{
  PlugRbStore *store = plug_rb_engine_get_store (side->engine);
  g_autoptr(PlugRbTable) table = plug_rb_snapshot_load_json (side->snapshot, error)
                                     ? plug_rb_store_load_table (store, side->snapshot, error)
                                     : NULL;
  const PlugRbEntry *entry = table ? plug_rb_table_find (table, side->part, side->path) : NULL;
  g_autoptr(PlugRbContents) contents = NULL;

  if (entry == NULL || entry->type == PLUG_RB_ENTRY_FOLDER)
    return table != NULL;

  side->size = entry->size;
  if (entry->type == PLUG_RB_ENTRY_LINK)
    side->bytes = g_bytes_new (entry->target, strlen (entry->target));
  if (entry->type == PLUG_RB_ENTRY_LINK || entry->size > LIMIT || entry->size == 0)
    return TRUE;

  contents = plug_rb_contents_open (store, side->snapshot, error);
  if (contents != NULL)
    side->bytes = plug_rb_contents_read (contents, entry->sha256, LIMIT, error);

  return side->bytes != NULL;
}

/* ---- both */

static gboolean
read_side (Side *side, GCancellable *cancellable, GError **error)
{
  gboolean done =
      side->snapshot != NULL ? read_stored (side, error) : read_live (side, cancellable, error);

  if (done && side->bytes == NULL && side->size <= LIMIT)
    side->bytes = g_bytes_new (NULL, 0);

  return done;
}

static void
side_clear (Side *side)
{
  g_clear_pointer (&side->bytes, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Side, side_clear)

/**
 * plug_rb_engine_diff_file:
 * @from: (nullable): a snapshot of @plugin; %NULL for the plugin as it is now
 * @to: (nullable): likewise
 * @change: a file that plug_rb_engine_compare() found to differ
 *
 * Compares one file line by line. A side that has no such file counts as empty; of a link the
 * target is compared.
 *
 * Returns: (transfer full): the differences
 */
PlugRbLineDiff *
plug_rb_engine_diff_file (PlugRbEngine *self,
                          PlugRbPlugin *plugin,
                          PlugRbSnapshot *from,
                          PlugRbSnapshot *to,
                          PlugRbChange *change,
                          GCancellable *cancellable,
                          GError **error)
{
  const char *part = plug_rb_change_get_part (change);
  const char *path = plug_rb_change_get_path (change);
  g_auto(Side) a = { self, plugin, from, part, path, NULL, 0 };
  g_auto(Side) b = { self, plugin, to, part, path, NULL, 0 };

  g_return_val_if_fail (part != NULL && path != NULL, NULL);

  if (!read_side (&a, cancellable, error) || !read_side (&b, cancellable, error))
    return NULL;

  if (a.bytes == NULL || b.bytes == NULL)
    return plug_rb_line_diff_new_unread (a.size, b.size);

  return plug_rb_line_diff_new (a.bytes, b.bytes, cancellable, error);
}
