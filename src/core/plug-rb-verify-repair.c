/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-verify-repair.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "plug-rb-act.h"
#include "plug-rb-audit.h"
#include "plug-rb-damaged-journal.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-json.h"
#include "plug-rb-quarantine.h"

#define METADATA_LIMIT (16 * 1024 * 1024)

static char *
build_below (PlugRbSnapshot *snapshot, const char *top, const char *name)
{
  g_autofree char *plugin = plug_rb_store_escape_key (plug_rb_snapshot_get_plugin (snapshot));

  return g_build_filename (top, plugin, name, NULL);
}

static gboolean
refuse_needed (PlugRbStore *store, PlugRbSnapshot *snapshot, GError **error)
{
  const char *id = plug_rb_snapshot_get_id (snapshot);
  g_autoptr(GPtrArray) journals = plug_rb_store_list_journals (store, error);

  for (guint i = 0; journals != NULL && i < journals->len; i++)
    if (plug_rb_journal_needs_snapshot (journals->pdata[i], id)) {
      g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_BUSY,
                   _("Snapshot %s is needed by an unfinished rollback"), id);
      return FALSE;
    }

  return journals != NULL && plug_rb_damaged_journal_check (store, id, error);
}

/* What a newer version wrote only looks damaged to this one. */
static gboolean
refuse_newer (PlugRbStore *store, PlugRbSnapshot *snapshot, GError **error)
{
  const char *id = plug_rb_snapshot_get_id (snapshot);
  g_autofree char *below = build_below (snapshot, "snapshots", id);
  g_autofree char *path = plug_rb_store_build_path (store, below, "snapshot.json", NULL);
  g_autoptr(GBytes) bytes = plug_rb_fs_read (AT_FDCWD, path, METADATA_LIMIT, NULL);
  g_autoptr(JsonObject) json = NULL;

  if (bytes != NULL)
    json = plug_rb_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL);

  if (json == NULL || plug_rb_json_get_int (json, "format", 1) <= 1 ||
      !plug_rb_json_check_seal (json, NULL))
    return TRUE;

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_TOO_NEW,
               _("Snapshot %s was made by a newer version"), id);
  return FALSE;
}

/* Shared with other snapshots or not, the quarantine gets what there is. */
static gboolean
link_if_there (PlugRbStore *store, const char *below, GError **error)
{
  g_autofree char *path = plug_rb_store_build_path (store, below, NULL);

  return !g_file_test (path, G_FILE_TEST_IS_REGULAR) ||
         plug_rb_quarantine_link (plug_rb_store_get_path (store), below, error);
}

static char *
build_table_path (PlugRbSnapshot *snapshot)
{
  g_autofree char *name = g_strconcat (plug_rb_snapshot_get_table (snapshot), ".json.zst", NULL);

  return g_build_filename ("tables", name, NULL);
}

static gboolean
link_archives (PlugRbStore *store, PlugRbSnapshot *snapshot, GError **error)
{
  JsonArray *archives = plug_rb_json_get_array (plug_rb_snapshot_get_json (snapshot), "archives");

  for (guint i = 0; i < plug_rb_store_count_archives (snapshot); i++) {
    const char *file = plug_rb_json_get_string (plug_rb_json_get_element (archives, i), "file");
    g_autofd int fd = plug_rb_store_open_archive (store, snapshot, i, NULL);
    g_autofree char *below = fd < 0 ? NULL : g_build_filename ("archives", file, NULL);

    if (below != NULL && !link_if_there (store, below, error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
link_contents (PlugRbStore *store,
               PlugRbSnapshot *snapshot,
               PlugRbExamination *examination,
               GError **error)
{
  g_autofree char *name = g_strconcat (plug_rb_snapshot_get_id (snapshot), ".tar.zst", NULL);
  g_autofree char *own = build_below (snapshot, "archives", name);
  g_autofree char *table = NULL;

  if (!link_if_there (store, own, error))
    return FALSE;
  if (examination->metadata_damaged)
    return TRUE;

  table = build_table_path (snapshot);
  return link_if_there (store, table, error) && link_archives (store, snapshot, error);
}

/* A damaged table must not stay in its place: the next snapshot of the same state would take it for
 * its own. */
static gboolean
drop_table (PlugRbStore *store, PlugRbSnapshot *snapshot, GError **error)
{
  g_autofree char *below = build_table_path (snapshot);
  g_autofree char *path = plug_rb_store_build_path (store, below, NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_unlink (path) == 0 || errno == ENOENT)
    return plug_rb_fs_sync_folder (folder, error);

  plug_rb_error_set_errno (error, errno, _("“%s” cannot be set aside"), path);
  return FALSE;
}

/* Whether the table is as it was again. */
static gboolean
rebuild_table (PlugRbStore *store, PlugRbSnapshot *snapshot, GError **error)
{
  g_autoptr(PlugRbTable) table = plug_rb_examination_find_table (snapshot);
  g_autofree char *below = build_table_path (snapshot);

  if (table == NULL || !link_if_there (store, below, error) ||
      !drop_table (store, snapshot, error) || !plug_rb_store_save_table (store, table, error))
    return FALSE;

  plug_rb_audit_note (plug_rb_store_get_path (store), "rebuild", below);
  return TRUE;
}

/* With its table back it may lack nothing. */
static gboolean
can_stay (PlugRbStore *store, PlugRbSnapshot *snapshot, PlugRbExamination *examination)
{
  return (examination->table_damaged || examination->table_missing) && examination->whole &&
         rebuild_table (store, snapshot, NULL);
}

/**
 * plug_rb_repair_snapshot:
 * @examination: of @snapshot, which is damaged
 *
 * Rebuilds the snapshot's table if that is all that it lacks and the cache has it. Otherwise sets
 * the snapshot aside, with all that is left of its contents, so that nobody takes it for
 * a good one, and what is still good in it can be taken out of the quarantine. The contents are
 * there before the metadata go: interrupted anywhere, it can be repeated.
 */
gboolean
plug_rb_repair_snapshot (PlugRbEngine *engine,
                         PlugRbSnapshot *snapshot,
                         PlugRbExamination *examination,
                         GCancellable *cancellable,
                         GError **error)
{
  g_auto(PlugRbAct) act = plug_rb_act_begin (engine, NULL, cancellable);
  const char *id = plug_rb_snapshot_get_id (snapshot);
  g_autofree char *below = build_below (snapshot, "snapshots", id);

  if (!plug_rb_act_claim_one (&act, plug_rb_snapshot_get_plugin (snapshot), error) ||
      !refuse_needed (act.store, snapshot, error) || !refuse_newer (act.store, snapshot, error))
    return FALSE;

  if (can_stay (act.store, snapshot, examination))
    return TRUE;

  if (!link_contents (act.store, snapshot, examination, error) ||
      (examination->table_damaged && !drop_table (act.store, snapshot, error)))
    return FALSE;

  return plug_rb_repair_file (act.store, below, below, error);
}

/**
 * plug_rb_repair_file:
 * @from: path below the store
 * @to: path below the quarantine
 *
 * Sets aside a file or folder, and writes it into the audit trail.
 */
gboolean
plug_rb_repair_file (PlugRbStore *store, const char *from, const char *to, GError **error)
{
  const char *store_path = plug_rb_store_get_path (store);
  g_autofree char *moved = plug_rb_quarantine_move (store_path, from, to, error);

  if (moved == NULL)
    return FALSE;

  plug_rb_audit_note (store_path, "quarantine", from);
  return TRUE;
}
