/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-store.h"

#define TRASH_SECONDS (7 * 24 * 60 * 60)

typedef struct {
  PlugRbStore *store;
  GPtrArray *journals;
  int fd;
  gint64 now;
  gboolean dry_run;
} Trash;

static gboolean
is_needed (Trash *self, const char *id)
{
  for (guint i = 0; i < self->journals->len; i++)
    if (plug_rb_journal_needs_snapshot (self->journals->pdata[i], id))
      return TRUE;

  return FALSE;
}

/* What was thrown away before it was made was thrown away when the clock was wrong: its days begin
 * anew. */
static gboolean
is_due (Trash *self, PlugRbSnapshot *snapshot)
{
  const char *id = plug_rb_snapshot_get_id (snapshot);
  gint64 made = g_date_time_to_unix (plug_rb_snapshot_get_timestamp (snapshot));
  struct stat st;

  if (is_needed (self, id) || fstatat (self->fd, id, &st, AT_SYMLINK_NOFOLLOW) < 0)
    return FALSE;

  if (self->now == PLUG_RB_STORE_ANY_AGE)
    return TRUE;

  if (st.st_mtime < made && made <= self->now) {
    if (!self->dry_run)
      utimensat (self->fd, id, NULL, AT_SYMLINK_NOFOLLOW);
    return FALSE;
  }

  return self->now - st.st_mtime > TRASH_SECONDS;
}

/* Renamed first: half a snapshot would look like a damaged one, which keeps everything. */
static gboolean
purge (Trash *self, const char *id, guint64 *freed, GError **error)
{
  g_autofree char *doomed = g_strconcat (PLUG_RB_FS_TEMPORARY, id, NULL);

  *freed += plug_rb_fs_measure (self->fd, id);
  if (self->dry_run)
    return TRUE;

  if (!plug_rb_fs_remove_tree (self->fd, doomed, error))
    return FALSE;

  if (renameat (self->fd, id, self->fd, doomed) < 0) {
    plug_rb_error_set_errno (error, errno, _("Snapshot %s cannot be deleted"), id);
    return FALSE;
  }

  /* Durable before its contents go. */
  if (!plug_rb_fs_sync (self->fd, id, error) || !plug_rb_fs_remove_tree (self->fd, doomed, error))
    return FALSE;

  plug_rb_store_note (self->store, "purge", id);
  return TRUE;
}

/**
 * plug_rb_store_purge_deleted:
 * @now: the present, in seconds since 1970; %PLUG_RB_STORE_ANY_AGE to empty the trash
 * @dry_run: only say what would be done
 * @freed: (inout): the bytes that it frees are added here
 *
 * Deletes for good what of a plugin has been in the trash for more than seven days, but for what an
 * unfinished operation needs. The caller
 * holds the plugin's lock, and collects afterwards what only these snapshots needed.
 *
 * Returns: (transfer full) (element-type PlugRbSnapshot): what was deleted
 */
GPtrArray *
plug_rb_store_purge_deleted (PlugRbStore *self,
                             const char *plugin,
                             gint64 now,
                             gboolean dry_run,
                             guint64 *freed,
                             GError **error)
{
  g_autoptr(GPtrArray) deleted = plug_rb_store_list_deleted_of (self, plugin, error);
  g_autoptr(GPtrArray) purged = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) journals = deleted ? plug_rb_store_list_journals (self, error) : NULL;
  g_autofree char *below = plug_rb_store_escape_key (plugin);
  g_autofree char *folder = plug_rb_store_build_path (self, "trash", below, NULL);
  Trash trash = { self, journals, -1, now, dry_run };
  g_autofd int fd = -1;

  if (journals == NULL)
    return NULL;
  if (deleted->len == 0)
    return g_steal_pointer (&purged);
  if ((fd = plug_rb_fs_open_folder (folder, error)) < 0)
    return NULL;

  trash.fd = fd;
  for (guint i = 0; i < deleted->len; i++) {
    PlugRbSnapshot *snapshot = deleted->pdata[i];

    if (!is_due (&trash, snapshot))
      continue;
    if (!purge (&trash, plug_rb_snapshot_get_id (snapshot), freed, error))
      return NULL;
    g_ptr_array_add (purged, g_object_ref (snapshot));
  }

  return g_steal_pointer (&purged);
}
