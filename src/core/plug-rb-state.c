/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-state.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "plug-rb-archive.h"
#include "plug-rb-dconf.h"
#include "plug-rb-error.h"
#include "plug-rb-hash.h"
#include "plug-rb-json.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-store.h"

#define VALUES_NAME "settings.json"
#define DOCUMENT_LIMIT (16 * 1024 * 1024)

static PlugRbState *
state_new (const char *plugin, const char *id)
{
  PlugRbState *self = g_new0 (PlugRbState, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->plugin = g_strdup (plugin);
  self->id = g_strdup (id);
  self->documents =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);

  return self;
}

PlugRbState *
plug_rb_state_ref (PlugRbState *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
plug_rb_state_unref (PlugRbState *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->plugin);
  g_free (self->id);
  g_free (self->name);
  g_free (self->version);
  g_free (self->manifest);
  g_clear_pointer (&self->table, plug_rb_table_unref);
  g_clear_pointer (&self->values, plug_rb_values_unref);
  g_clear_pointer (&self->memberships, g_ptr_array_unref);
  g_clear_pointer (&self->documents, g_hash_table_unref);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_free (self);
}

/* ---- the live system */

static void
add_document (PlugRbState *self, const char *name, char *text)
{
  PlugRbEntry *entry = plug_rb_entry_new (PLUG_RB_TABLE_SETTINGS, name, PLUG_RB_ENTRY_FILE);

  entry->mode = 0600;
  entry->size = strlen (text);
  entry->sha256 = plug_rb_hash_bytes (text, entry->size);
  plug_rb_table_add (self->table, entry);
  g_hash_table_insert (self->documents, g_strdup (name), g_bytes_new_take (text, entry->size));
}

/* The place in the list is left out: it moves when other plugins come and go. */
static void
add_membership_document (PlugRbState *self, const PlugRbMembership *membership)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autofree char *name = g_strconcat (membership->name, ".json", NULL);

  json_object_set_int_member (object, "format", 1);
  json_object_set_string_member (object, "backend", "gsettings-list");
  json_object_set_string_member (object, "key", membership->key);
  json_object_set_string_member (object, "entry", membership->entry);
  json_object_set_boolean_member (object, "present", membership->present);
  add_document (self, name, plug_rb_json_to_string (object));
}

static gboolean
scan_parts (PlugRbState *self, const PlugRbScan *scan, GError **error)
{
  for (guint i = 0; i < self->parts->len; i++) {
    const PlugRbPart *part = self->parts->pdata[i];

    if (!plug_rb_scan_part (scan, self->table, part->name, part->path, error))
      return FALSE;
  }

  return TRUE;
}

static void
describe (PlugRbState *self, PlugRbHost *host)
{
  g_autoptr(PlugRbManifest) manifest = plug_rb_host_read_manifest (host, self->id, NULL);

  if (manifest == NULL)
    return;

  self->name = g_strdup (manifest->name);
  self->version = g_strdup (manifest->version);
  self->manifest = g_strdup (manifest->text);
}

static void
add_folders (PlugRbState *self, const char *const *folders)
{
  for (guint i = 0; folders != NULL && folders[i] != NULL; i++)
    plug_rb_dconf_read_folder (self->values, folders[i]);
}

static gboolean
is_absent (PlugRbState *self)
{
  for (guint i = 0; i < self->parts->len; i++) {
    const PlugRbPart *part = self->parts->pdata[i];

    if (part->role == PLUG_RB_ROLE_CODE && plug_rb_table_has_part (self->table, part->name))
      return FALSE;
  }

  return TRUE;
}

/**
 * plug_rb_state_capture:
 * @id: a plugin's id, which need not be installed
 * @folders: (nullable): dconf folders that earlier versions of the plugin used: their keys are read
 *   too, because a rollback to such a version writes them
 * @progress: (nullable): called in this thread for each file
 *
 * Reads everything of a plugin as it is now. No lock is taken.
 *
 * Returns: (transfer full): the state
 */
PlugRbState *
plug_rb_state_capture (PlugRbHost *host,
                       const char *id,
                       const char *const *folders,
                       GCancellable *cancellable,
                       PlugRbScanFunc progress,
                       gpointer user_data,
                       GError **error)
{
  PlugRbScan scan = { .cache_globs = plug_rb_host_get_cache_globs (host),
                      .cancellable = cancellable,
                      .progress = progress,
                      .user_data = user_data };
  g_autofree char *key = g_strconcat (plug_rb_host_get_id (host), "/", id, NULL);
  g_autoptr(PlugRbState) self = NULL;

  if (!plug_rb_host_check_id (id, error))
    return NULL;

  self = state_new (key, id);
  self->parts = plug_rb_host_list_parts (host, id);
  self->table = plug_rb_table_new ();
  if (!scan_parts (self, &scan, error) ||
      !(self->values = plug_rb_host_read_values (host, id, error)))
    return NULL;

  add_folders (self, folders);
  self->memberships = plug_rb_host_read_memberships (host, id);
  add_document (self, VALUES_NAME, plug_rb_values_to_json (self->values));
  for (guint i = 0; i < self->memberships->len; i++)
    add_membership_document (self, self->memberships->pdata[i]);

  plug_rb_table_close (self->table);
  describe (self, host);
  self->absent = is_absent (self);

  return g_steal_pointer (&self);
}

/* ---- a snapshot */

static gboolean
take_document (PlugRbState *self, const char *name, GBytes *bytes, GError **error)
{
  const PlugRbEntry *entry = plug_rb_table_find (self->table, PLUG_RB_TABLE_SETTINGS, name);
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);
  g_autofree char *sha256 = plug_rb_hash_bytes (data, length);

  if (entry == NULL || g_hash_table_contains (self->documents, name) ||
      !g_str_equal (sha256, entry->sha256)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                 _("The settings “%s” in the snapshot are damaged"), name);
    return FALSE;
  }

  g_hash_table_insert (self->documents, g_strdup (name), g_bytes_ref (bytes));
  return TRUE;
}

static gboolean
read_documents (PlugRbState *self, int fd, guint wanted, GError **error)
{
  g_autoptr(PlugRbArchiveReader) reader = plug_rb_archive_reader_new (fd, error);
  const char *name;

  if (reader == NULL)
    return FALSE;

  while (g_hash_table_size (self->documents) < wanted) {
    g_autoptr(GBytes) bytes = NULL;

    if (!plug_rb_archive_reader_next (reader, &name, error))
      return FALSE;
    if (name == NULL)
      break;
    if (!g_str_has_prefix (name, "settings/"))
      continue;
    if (!(bytes = plug_rb_archive_reader_read (reader, DOCUMENT_LIMIT, error)) ||
        !take_document (self, name + strlen ("settings/"), bytes, error))
      return FALSE;
  }

  return TRUE;
}

static guint
count_documents (PlugRbTable *table)
{
  guint n = 0;

  for (guint i = 0; i < plug_rb_table_get_size (table); i++)
    n += g_str_equal (plug_rb_table_get (table, i)->part, PLUG_RB_TABLE_SETTINGS);

  return n;
}

static gboolean
load_documents (PlugRbState *self, PlugRbStore *store, PlugRbSnapshot *snapshot, GError **error)
{
  guint wanted = count_documents (self->table);

  for (guint i = 0; g_hash_table_size (self->documents) < wanted; i++) {
    g_autofd int fd = plug_rb_store_open_archive (store, snapshot, i, error);

    if (fd < 0 || !read_documents (self, fd, wanted, error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
read_values (PlugRbState *self, GError **error)
{
  GBytes *bytes = g_hash_table_lookup (self->documents, VALUES_NAME);
  gsize length;
  const char *text;

  if (bytes == NULL) {
    self->values = plug_rb_values_new ();
    return TRUE;
  }

  text = g_bytes_get_data (bytes, &length);
  self->values = plug_rb_values_from_json (text, length, error);

  return self->values != NULL;
}

/* Where in the list it stood is not part of the state, but kept in the metadata to put it back
 * there. */
static PlugRbMembership *
parse_membership (PlugRbState *self, JsonObject *json)
{
  const char *name = plug_rb_json_get_string (json, "name");
  const char *key = plug_rb_json_get_string (json, "key");
  const char *entry = plug_rb_json_get_string (json, "entry");
  g_autofree char *document = g_strconcat (name ? name : "", ".json", NULL);
  GBytes *bytes = g_hash_table_lookup (self->documents, document);
  g_autoptr(JsonObject) sworn = NULL;
  PlugRbMembership *membership;
  gsize length;
  const char *text;

  if (bytes == NULL || key == NULL || entry == NULL)
    return NULL;

  text = g_bytes_get_data (bytes, &length);
  sworn = plug_rb_json_parse (text, length, NULL);
  if (sworn == NULL || g_strcmp0 (plug_rb_json_get_string (sworn, "key"), key) != 0 ||
      g_strcmp0 (plug_rb_json_get_string (sworn, "entry"), entry) != 0)
    return NULL;

  membership =
      plug_rb_membership_new (name, key, entry, plug_rb_json_get_boolean (sworn, "present"),
                              plug_rb_json_get_int (json, "position", -1));
  membership->unset = plug_rb_json_get_boolean (json, "unset");

  return membership;
}

static gboolean
read_memberships (PlugRbState *self, PlugRbSnapshot *snapshot, GError **error)
{
  JsonArray *states = plug_rb_json_get_array (plug_rb_snapshot_get_json (snapshot), "states");

  self->memberships = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_membership_free);

  for (guint i = 0; states != NULL && i < json_array_get_length (states); i++) {
    JsonObject *json = plug_rb_json_get_element (states, i);
    PlugRbMembership *membership = json ? parse_membership (self, json) : NULL;

    if (membership == NULL) {
      g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                   _("The settings of snapshot %s are damaged"),
                     plug_rb_snapshot_get_id (snapshot));
      return FALSE;
    }
    g_ptr_array_add (self->memberships, membership);
  }

  return TRUE;
}

/**
 * plug_rb_state_load:
 *
 * Reads the state that a snapshot holds: table and settings, each checked against its SHA-256. The
 * files' contents stay in the archives.
 *
 * Returns: (transfer full): the state
 */
PlugRbState *
plug_rb_state_load (PlugRbStore *store, PlugRbSnapshot *snapshot, GError **error)
{
  g_autoptr(PlugRbState) self = NULL;

  if (plug_rb_snapshot_get_damaged (snapshot) != NULL) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                 _("Snapshot %s is damaged: %s"), plug_rb_snapshot_get_id (snapshot),
                   plug_rb_snapshot_get_damaged (snapshot));
    return NULL;
  }

  self =
      state_new (plug_rb_snapshot_get_plugin (snapshot), plug_rb_snapshot_get_plugin_id (snapshot));
  self->name = g_strdup (plug_rb_snapshot_get_name (snapshot));
  self->version = g_strdup (plug_rb_snapshot_get_version (snapshot));
  self->manifest = g_strdup (plug_rb_snapshot_get_manifest (snapshot));
  self->absent = plug_rb_snapshot_get_absent (snapshot);

  if (!(self->table = plug_rb_store_load_table (store, snapshot, error)) ||
      !load_documents (self, store, snapshot, error) || !read_values (self, error) ||
      !read_memberships (self, snapshot, error)) {
    g_prefix_error (error, _("Snapshot %s: "), plug_rb_snapshot_get_id (snapshot));
    return NULL;
  }

  return g_steal_pointer (&self);
}

/**
 * plug_rb_state_get_part:
 *
 * Returns: (nullable) (transfer none): where the files of a part lie, for a state of the live
 * system
 */
const PlugRbPart *
plug_rb_state_get_part (PlugRbState *self, const char *name)
{
  for (guint i = 0; self->parts != NULL && i < self->parts->len; i++) {
    const PlugRbPart *part = self->parts->pdata[i];

    if (g_str_equal (part->name, name))
      return part;
  }

  return NULL;
}

const PlugRbMembership *
plug_rb_state_get_membership (PlugRbState *self, const char *name)
{
  for (guint i = 0; i < self->memberships->len; i++) {
    const PlugRbMembership *membership = self->memberships->pdata[i];

    if (g_str_equal (membership->name, name))
      return membership;
  }

  return NULL;
}
