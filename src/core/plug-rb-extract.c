/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-extract.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "plug-rb-error.h"
#include "plug-rb-extract-place.h"
#include "plug-rb-fs.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-stage.h"
#include "plug-rb-state.h"
#include "plug-rb-store.h"
#include "plug-rb-table-filter.h"

#define FILES "files"

typedef struct {
  PlugRbStore *store;
  PlugRbSnapshot *snapshot;
  PlugRbTable *table;
  GPtrArray *parts;
  PlugRbExtraction *wanted;
  PlugRbOutlet *place;
  PlugRbOperation *operation;
  GCancellable *cancellable;
} Run;

/* ---- what is chosen */

static GPtrArray *
list_parts (PlugRbTable *table)
{
  GPtrArray *parts = g_ptr_array_new ();
  const char *last = PLUG_RB_TABLE_SETTINGS;

  for (guint i = 0; i < plug_rb_table_get_size (table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (table, i);

    if (!g_str_equal (entry->part, last) && !g_str_equal (entry->part, PLUG_RB_TABLE_SETTINGS))
      g_ptr_array_add (parts, (char *) entry->part);
    last = entry->part;
  }

  return parts;
}

/* As the lists of files show it, a path begins with its part; where there is only one, nobody
 * writes that. */
static const char *
strip_part (Run *run, const char *part, const char *path)
{
  gsize length = strlen (part);

  if (run->parts->len > 1 || plug_rb_table_find (run->table, part, path) == NULL)
    if (g_str_has_prefix (path, part) && path[length] == '/')
      return path + length + 1;

  return run->parts->len > 1 ? NULL : path;
}

static char **
choose_paths (Run *run, const char *part)
{
  g_autoptr(GStrvBuilder) chosen = g_strv_builder_new ();

  for (guint i = 0; run->wanted->paths[i] != NULL; i++) {
    const char *path = strip_part (run, part, run->wanted->paths[i]);

    if (path != NULL)
      g_strv_builder_add (chosen, path);
  }

  return g_strv_builder_end (chosen);
}

/* The rows of one part that are wanted; %NULL without an error if none is. */
static PlugRbTable *
choose_rows (Run *run, const char *part, GError **error)
{
  const char *const everything[] = { "", NULL };
  g_auto(GStrv) paths = NULL;

  if (run->wanted->paths == NULL)
    return plug_rb_table_filter (run->table, part, everything, error);

  paths = choose_paths (run, part);

  return paths[0] ? plug_rb_table_filter (run->table, part, (const char *const *) paths, error)
                  : NULL;
}

static gboolean
is_of_any_part (Run *run, const char *path)
{
  for (guint i = 0; i < run->parts->len; i++)
    if (strip_part (run, run->parts->pdata[i], path) != NULL)
      return TRUE;

  return FALSE;
}

static gboolean
check_request (Run *run, GError **error)
{
  const char *id = plug_rb_snapshot_get_id (run->snapshot);

  if (run->parts->len == 0 && (!run->wanted->settings || run->wanted->paths != NULL)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
                 _("Snapshot %s has no files: the plugin was not installed"), id);
    return FALSE;
  }

  for (guint i = 0; run->wanted->paths != NULL && run->wanted->paths[i] != NULL; i++)
    if (!is_of_any_part (run, run->wanted->paths[i])) {
      g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
                   _("“%s” does not begin with a part of the plugin, such as “%s/”"),
                   run->wanted->paths[i], (char *) run->parts->pdata[0]);
      return FALSE;
    }

  return TRUE;
}

/* ---- taking it out */

static PlugRbState *
make_state (PlugRbSnapshot *snapshot, PlugRbTable *table)
{
  PlugRbState *state = plug_rb_state_new (plug_rb_snapshot_get_plugin (snapshot),
                                          plug_rb_snapshot_get_plugin_id (snapshot));

  state->table = plug_rb_table_ref (table);

  return state;
}

/* A live state in which there is nothing: so every file is written, and none is linked. */
static PlugRbState *
make_nothing (Run *run, const char *part)
{
  g_autoptr(PlugRbTable) empty = plug_rb_table_new ();
  PlugRbPart *place = g_new0 (PlugRbPart, 1);
  PlugRbState *state;

  plug_rb_table_close (empty);
  state = make_state (run->snapshot, empty);
  state->absent = TRUE;
  state->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_part_free);
  place->name = g_strdup (part);
  place->root = g_strdup (run->place->aside);
  place->path = g_build_filename (run->place->aside, "nothing", NULL);
  g_ptr_array_add (state->parts, place);

  return state;
}

/* One part is the folder itself. Several, or files beside settings, are laid out as in the archive.
 */
static char *
build_folder (Run *run, const char *part)
{
  if (run->wanted->settings || run->parts->len > 1 || strchr (part, '/') != NULL)
    return g_build_filename (run->place->fresh, FILES, part, NULL);

  return g_strdup (run->place->fresh);
}

static gboolean
make_folder (const char *path, GError **error)
{
  if (g_mkdir_with_parents (path, 0777) == 0)
    return TRUE;

  plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), path);
  return FALSE;
}

static gboolean
extract_rows (Run *run, const char *part, PlugRbTable *rows, GError **error)
{
  g_autoptr(PlugRbState) nothing = make_nothing (run, part);
  g_autoptr(PlugRbState) target = make_state (run->snapshot, rows);
  g_autoptr(PlugRbStage) stage = plug_rb_stage_new (nothing, target);
  g_autofree char *folder = build_folder (run, part);
  g_autofree char *parent = g_path_get_dirname (folder);

  run->wanted->n_files += plug_rb_table_count_files (rows);

  return make_folder (parent, error) && plug_rb_stage_add_tree (stage, part, folder, error) &&
         plug_rb_stage_fill (stage, run->store, run->snapshot, run->operation, run->cancellable,
                             error) &&
         plug_rb_stage_finish (stage, error);
}

static gboolean
extract_part (Run *run, const char *part, GError **error)
{
  g_autoptr(GError) cause = NULL;
  g_autoptr(PlugRbTable) rows = choose_rows (run, part, &cause);

  if (rows != NULL)
    return extract_rows (run, part, rows, error);
  if (cause == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean
write_document (int fd, const char *name, GBytes *content, GError **error)
{
  if (strchr (name, '/') == NULL)
    return plug_rb_fs_replace (fd, name, g_bytes_get_data (content, NULL),
                               g_bytes_get_size (content), error);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("“%s” is no name for a document"),
               name);
  return FALSE;
}

static gboolean
extract_settings (Run *run, GError **error)
{
  g_autofree char *folder = g_build_filename (run->place->fresh, PLUG_RB_TABLE_SETTINGS, NULL);
  g_autoptr(PlugRbState) state = plug_rb_state_load (run->store, run->snapshot, error);
  g_autofd int fd = -1;
  GHashTableIter iter;
  gpointer name, content;

  if (state == NULL || !make_folder (folder, error) ||
      (fd = plug_rb_fs_open_folder (folder, error)) < 0)
    return FALSE;

  g_hash_table_iter_init (&iter, state->documents);
  while (g_hash_table_iter_next (&iter, &name, &content))
    if (!write_document (fd, name, content, error))
      return FALSE;

  return TRUE;
}

static gboolean
extract_all (Run *run, GError **error)
{
  for (guint i = 0; i < run->parts->len; i++)
    if (!extract_part (run, run->parts->pdata[i], error))
      return FALSE;

  return !run->wanted->settings || extract_settings (run, error);
}

static gboolean
extract (Run *run, GError **error)
{
  g_autoptr(PlugRbOutlet) place = NULL;
  g_autoptr(GPtrArray) parts = list_parts (run->table);

  run->parts = parts;
  if (!check_request (run, error) ||
      !(place = plug_rb_outlet_new (run->wanted->folder, run->wanted->force, error)))
    return FALSE;

  run->place = place;

  return extract_all (run, error) && plug_rb_outlet_commit (place, &run->wanted->backup, error);
}

/**
 * plug_rb_engine_extract:
 * @extraction: (inout): what is wanted and where to
 * @operation: (nullable): gets the progress
 *
 * Takes files out of a snapshot into a folder of the user's, every byte checked: all that are
 * wanted or none. Nothing outside that folder is touched.
 */
gboolean
plug_rb_engine_extract (PlugRbEngine *self,
                        PlugRbSnapshot *snapshot,
                        PlugRbExtraction *extraction,
                        PlugRbOperation *operation,
                        GCancellable *cancellable,
                        GError **error)
{
  PlugRbStore *store = plug_rb_engine_get_store (self);
  g_autoptr(PlugRbTable) table = NULL;
  Run run = { store, snapshot, NULL, NULL, extraction, NULL, operation, cancellable };

  extraction->n_files = 0;
  extraction->backup = NULL;
  if (plug_rb_snapshot_get_damaged (snapshot) != NULL) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("Snapshot %s is damaged: %s"),
                 plug_rb_snapshot_get_id (snapshot), plug_rb_snapshot_get_damaged (snapshot));
    return FALSE;
  }
  if (plug_rb_snapshot_load_json (snapshot, error) == NULL)
    return FALSE;

  if (operation != NULL)
    plug_rb_operation_begin_step (operation, "restore-files");

  run.table = table = plug_rb_store_load_table (store, snapshot, error);

  return table != NULL && extract (&run, error);
}
