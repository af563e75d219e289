/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-id.h"
#include "plug-rb-json.h"
#include "plug-rb-store.h"

#define RECORD_LIMIT (64 * 1024 * 1024)
#define SUFFIX ".json"

static gboolean
save_record (
    PlugRbStore *self, const char *folder, const char *id, JsonObject *json, GError **error)
{
  g_autofree char *path = plug_rb_store_build_path (self, folder, NULL);
  g_autofree char *name = g_strconcat (id, SUFFIX, NULL);
  g_autofree char *text = NULL;
  g_autofd int fd = plug_rb_fs_open_folder (path, error);

  if (fd < 0)
    return FALSE;

  plug_rb_json_seal (json);
  text = plug_rb_json_to_string (json);

  return plug_rb_fs_replace (fd, name, text, strlen (text), error);
}

static JsonObject *
load_record (int fd, const char *name, GError **error)
{
  g_autoptr(GBytes) bytes = plug_rb_fs_read (fd, name, RECORD_LIMIT, error);
  g_autoptr(JsonObject) json = NULL;

  if (bytes == NULL)
    return NULL;

  json = plug_rb_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
  if (json == NULL || !plug_rb_json_check_seal (json, error)) {
    g_prefix_error (error, "%s: ", name);
    return NULL;
  }

  return g_steal_pointer (&json);
}

static gboolean
is_record (const char *name)
{
  g_autofree char *id = NULL;

  if (!g_str_has_suffix (name, SUFFIX))
    return FALSE;

  id = g_strndup (name, strlen (name) - strlen (SUFFIX));
  return plug_rb_id_is_valid (id);
}

/**
 * plug_rb_store_save_journal:
 *
 * Makes the journal of a running operation durable, replacing what it said before.
 */
gboolean
plug_rb_store_save_journal (PlugRbStore *self, PlugRbJournal *journal, GError **error)
{
  g_autoptr(JsonObject) json = plug_rb_journal_to_json (journal);

  return save_record (self, "operations/pending", journal->id, json, error);
}

/**
 * plug_rb_store_close_journal:
 * @operation: the finished operation
 *
 * Writes the operation into the history, then forgets the journal.
 */
gboolean
plug_rb_store_close_journal (PlugRbStore *self,
                             PlugRbJournal *journal,
                             PlugRbOperation *operation,
                             GError **error)
{
  g_autofree char *folder = plug_rb_store_build_path (self, "operations", "pending", NULL);
  g_autofree char *name = g_strconcat (journal->id, SUFFIX, NULL);
  g_autofd int fd = -1;

  if (!plug_rb_store_save_operation (self, operation, error) ||
      (fd = plug_rb_fs_open_folder (folder, error)) < 0)
    return FALSE;

  return plug_rb_fs_remove_tree (fd, name, error) && plug_rb_fs_sync (fd, folder, error);
}

gboolean
plug_rb_store_save_operation (PlugRbStore *self, PlugRbOperation *operation, GError **error)
{
  g_autoptr(JsonObject) json = plug_rb_operation_to_json (operation);

  return save_record (self, "operations", plug_rb_operation_get_id (operation), json, error);
}

typedef gpointer (*ParseFunc) (JsonObject *json, GError **error);

/* A record that cannot be read is left out of the history with a warning; of a journal it is an
 * error, because something may be half done. */
static GPtrArray *
list_records (PlugRbStore *self,
              const char *folder,
              ParseFunc parse,
              GDestroyNotify free_func,
              gboolean strict,
              GError **error)
{
  g_autofree char *path = plug_rb_store_build_path (self, folder, NULL);
  g_autofd int fd = plug_rb_fs_open_folder (path, error);
  g_autoptr(GPtrArray) names = fd < 0 ? NULL : plug_rb_fs_list (fd, error);
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func (free_func);

  if (names == NULL)
    return NULL;

  for (guint i = names->len; i > 0; i--) {
    g_autoptr(GError) local = NULL;
    g_autoptr(JsonObject) json = NULL;
    gpointer record = NULL;

    if (!is_record (names->pdata[i - 1]))
      continue;
    if ((json = load_record (fd, names->pdata[i - 1], &local)))
      record = parse (json, &local);
    if (record != NULL)
      g_ptr_array_add (records, record);
    else if (!strict)
      g_debug ("Left out of the history: %s", local->message);
    else if (!g_error_matches (local, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND)) {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  }

  return g_steal_pointer (&records);
}

/**
 * plug_rb_store_list_journals:
 *
 * Returns: (transfer full) (element-type PlugRbJournal): of running and of interrupted operations,
 * newest first
 */
GPtrArray *
plug_rb_store_list_journals (PlugRbStore *self, GError **error)
{
  return list_records (self, "operations/pending", (ParseFunc) plug_rb_journal_new_from_json,
                       (GDestroyNotify) plug_rb_journal_free, TRUE, error);
}

/**
 * plug_rb_store_list_operations:
 *
 * Returns: (transfer full) (element-type PlugRbOperation): the history, newest first
 */
GPtrArray *
plug_rb_store_list_operations (PlugRbStore *self, GError **error)
{
  return list_records (self, "operations", (ParseFunc) plug_rb_operation_new_from_json,
                       g_object_unref, FALSE, error);
}
