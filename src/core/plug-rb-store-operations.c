/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "plug-rb-audit.h"
#include "plug-rb-damaged-journal.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-id.h"
#include "plug-rb-json.h"
#include "plug-rb-store.h"

#define RECORD_LIMIT (64 * 1024 * 1024)
#define SUFFIX ".json"
#define PENDING "operations/pending"
#define HISTORY "operations"
#define AUDIT_HEAD "audit-head"

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

static char *
dup_id (const char *name)
{
  g_autofree char *id = NULL;

  if (!g_str_has_suffix (name, SUFFIX))
    return NULL;

  id = g_strndup (name, strlen (name) - strlen (SUFFIX));
  return plug_rb_id_is_valid (id) ? g_steal_pointer (&id) : NULL;
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

  return save_record (self, PENDING, journal->id, json, error);
}

/**
 * plug_rb_store_forget_journal:
 *
 * Removes a journal for good. It may never have been written.
 */
gboolean
plug_rb_store_forget_journal (PlugRbStore *self, PlugRbJournal *journal, GError **error)
{
  g_autofree char *folder = plug_rb_store_build_path (self, "operations", "pending", NULL);
  g_autofree char *name = g_strconcat (journal->id, SUFFIX, NULL);
  g_autofd int fd = plug_rb_fs_open_folder (folder, error);

  return fd >= 0 && plug_rb_fs_remove_tree (fd, name, error) && plug_rb_fs_sync (fd, folder, error);
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
  return plug_rb_store_save_operation (self, operation, error) &&
         plug_rb_store_forget_journal (self, journal, error);
}

/**
 * plug_rb_store_save_operation:
 *
 * Writes an operation into the history, with the head that the audit trail has now: so it is
 * noticed if somebody cuts off the trail's end.
 */
gboolean
plug_rb_store_save_operation (PlugRbStore *self, PlugRbOperation *operation, GError **error)
{
  g_autoptr(JsonObject) json = plug_rb_operation_to_json (operation);
  g_autofree char *head = plug_rb_audit_dup_head (plug_rb_store_get_path (self));

  plug_rb_json_set_string (json, AUDIT_HEAD, head);

  return save_record (self, HISTORY, plug_rb_operation_get_id (operation), json, error);
}

/* ---- reading */

/* What lies in one of the two folders. */
typedef gpointer (*ParseFunc) (JsonObject *json, GError **error);

typedef struct {
  const char *folder;
  const char *id_member;
  ParseFunc parse;
  GDestroyNotify free_func;
} Shelf;

/* A journal whose operation cannot be read would not help recovery. */
static gpointer
parse_journal (JsonObject *json, GError **error)
{
  g_autoptr(PlugRbJournal) journal = plug_rb_journal_new_from_json (json, error);
  g_autoptr(PlugRbOperation) operation =
      journal ? plug_rb_operation_new_from_json (journal->operation, error) : NULL;

  return operation ? g_steal_pointer (&journal) : NULL;
}

static const Shelf journals = { PENDING, "id", parse_journal,
                                (GDestroyNotify) plug_rb_journal_free };
static const Shelf history = { HISTORY, "operation", (ParseFunc) plug_rb_operation_new_from_json,
                               g_object_unref };

static gpointer
read_record (const Shelf *shelf, int fd, const char *name, const char *id, GError **error)
{
  g_autoptr(JsonObject) json = load_record (fd, name, error);

  if (json == NULL)
    return NULL;

  if (g_strcmp0 (plug_rb_json_get_string (json, shelf->id_member), id) == 0)
    return shelf->parse (json, error);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
               _("%s: it belongs to another operation"), name);
  return NULL;
}

static PlugRbDamagedJournal *
describe_damaged (int fd, const char *name, const char *id, const GError *cause)
{
  PlugRbDamagedJournal *damaged = g_new0 (PlugRbDamagedJournal, 1);

  damaged->id = g_strdup (id);
  damaged->message = g_strdup (cause->message);
  damaged->text = plug_rb_fs_read (fd, name, RECORD_LIMIT, NULL);

  return damaged;
}

/* What was there when the folder was listed and is gone now was closed meanwhile. */
static void
sort_record (const Shelf *shelf, int fd, const char *name, GPtrArray *readable, GPtrArray *damaged)
{
  g_autofree char *id = dup_id (name);
  g_autoptr(GError) cause = NULL;
  gpointer record = id ? read_record (shelf, fd, name, id, &cause) : NULL;

  if (record != NULL)
    g_ptr_array_add (readable, record);
  else if (id != NULL && !g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND))
    g_ptr_array_add (damaged, describe_damaged (fd, name, id, cause));
}

/* Nothing that is damaged keeps the rest from being read. */
static gboolean
read_shelf (PlugRbStore *self,
            const Shelf *shelf,
            GPtrArray **readable,
            GPtrArray **damaged,
            GError **error)
{
  g_autofree char *path = plug_rb_store_build_path (self, shelf->folder, NULL);
  g_autoptr(GError) cause = NULL;
  g_autofd int fd = plug_rb_fs_open_folder (path, &cause);
  g_autoptr(GPtrArray) names = fd < 0 ? NULL : plug_rb_fs_list (fd, &cause);

  if (names == NULL && !g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }

  *readable = g_ptr_array_new_with_free_func (shelf->free_func);
  *damaged = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_damaged_journal_free);
  for (guint i = names ? names->len : 0; i > 0; i--)
    sort_record (shelf, fd, names->pdata[i - 1], *readable, *damaged);

  return TRUE;
}

static GPtrArray *
list_readable (PlugRbStore *self, const Shelf *shelf, GError **error)
{
  g_autoptr(GPtrArray) readable = NULL;
  g_autoptr(GPtrArray) damaged = NULL;

  return read_shelf (self, shelf, &readable, &damaged, error) ? g_steal_pointer (&readable) : NULL;
}

static GPtrArray *
list_damaged (PlugRbStore *self, const Shelf *shelf, GError **error)
{
  g_autoptr(GPtrArray) readable = NULL;
  g_autoptr(GPtrArray) damaged = NULL;

  return read_shelf (self, shelf, &readable, &damaged, error) ? g_steal_pointer (&damaged) : NULL;
}

/**
 * plug_rb_store_list_journals:
 *
 * Returns: (transfer full) (element-type PlugRbJournal): of running and of interrupted operations,
 * newest first; those that plug_rb_store_list_damaged_journals() lists are left out
 */
GPtrArray *
plug_rb_store_list_journals (PlugRbStore *self, GError **error)
{
  return list_readable (self, &journals, error);
}

/**
 * plug_rb_store_list_damaged_journals:
 *
 * Returns: (transfer full) (element-type PlugRbDamagedJournal): of interrupted operations, newest
 * first
 */
GPtrArray *
plug_rb_store_list_damaged_journals (PlugRbStore *self, GError **error)
{
  return list_damaged (self, &journals, error);
}

/**
 * plug_rb_store_list_operations:
 *
 * Returns: (transfer full) (element-type PlugRbOperation): the history, newest first, without what
 * cannot be read
 */
GPtrArray *
plug_rb_store_list_operations (PlugRbStore *self, GError **error)
{
  return list_readable (self, &history, error);
}

/**
 * plug_rb_store_list_damaged_operations:
 *
 * Returns: (transfer full) (element-type PlugRbDamagedJournal): records of the history that cannot
 * be read, newest first
 */
GPtrArray *
plug_rb_store_list_damaged_operations (PlugRbStore *self, GError **error)
{
  return list_damaged (self, &history, error);
}

/**
 * plug_rb_store_list_audit_heads:
 *
 * Returns: (transfer full) (element-type utf8 utf8): from ids of operations to the SHA-256 of the
 * line of the audit trail that was the last when they ended
 */
GHashTable *
plug_rb_store_list_audit_heads (PlugRbStore *self)
{
  g_autofree char *path = plug_rb_store_build_path (self, HISTORY, NULL);
  g_autofd int fd = plug_rb_fs_open_folder (path, NULL);
  g_autoptr(GPtrArray) names = fd < 0 ? NULL : plug_rb_fs_list (fd, NULL);
  GHashTable *heads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; names != NULL && i < names->len; i++) {
    g_autofree char *id = dup_id (names->pdata[i]);
    g_autoptr(JsonObject) json = id ? load_record (fd, names->pdata[i], NULL) : NULL;
    const char *head = json ? plug_rb_json_get_string (json, AUDIT_HEAD) : NULL;

    if (head != NULL)
      g_hash_table_insert (heads, g_steal_pointer (&id), g_strdup (head));
  }

  return heads;
}
