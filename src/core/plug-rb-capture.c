/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-capture.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-cache.h"
#include "plug-rb-dconf.h"
#include "plug-rb-dependency.h"
#include "plug-rb-error.h"
#include "plug-rb-hash.h"
#include "plug-rb-host-parts.h"
#include "plug-rb-json.h"
#include "plug-rb-settings-group.h"
#include "plug-rb-size-limit.h"
#include "plug-rb-true-name.h"

#define TRIES 3

/* ---- settings */

static void
add_document (PlugRbState *self, const char *name, char *text)
{
  g_hash_table_insert (self->documents, g_strdup (name), g_bytes_new_take (text, strlen (text)));
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

static void
add_documents (PlugRbState *self)
{
  add_document (self, PLUG_RB_STATE_VALUES_NAME, plug_rb_values_to_json (self->values));
  for (guint i = 0; i < self->memberships->len; i++)
    add_membership_document (self, self->memberships->pdata[i]);
}

static void
read_folders (PlugRbState *self, const char *const *folders)
{
  for (guint i = 0; folders != NULL && folders[i] != NULL; i++)
    if (!plug_rb_values_is_in_store (folders[i]))
      plug_rb_dconf_read_folder (self->values, folders[i]);
}

static gboolean
read_settings (PlugRbState *self, const PlugRbCapture *capture, PlugRbHost *host, GError **error)
{
  if (!(self->values = plug_rb_host_read_values (host, self->id, error)) ||
      !(self->stores = plug_rb_host_list_stores (host, self->id, capture->folders, error)) ||
      !plug_rb_settings_group_read (self->stores, self->values, error))
    return FALSE;

  read_folders (self, capture->folders);

  self->memberships = plug_rb_host_read_memberships (host, self->id);
  add_documents (self);

  return plug_rb_dconf_check_readable (error);
}

/* ---- files */

static void
add_document_row (PlugRbState *self, const char *name)
{
  gsize size;
  const void *data = g_bytes_get_data (g_hash_table_lookup (self->documents, name), &size);
  g_autofree char *sha256 = plug_rb_hash_bytes (data, size);
  const PlugRbEntry entry = { .part = PLUG_RB_TABLE_SETTINGS,
                              .path = name,
                              .type = PLUG_RB_ENTRY_FILE,
                              .mode = 0600,
                              .size = size,
                              .sha256 = sha256 };

  plug_rb_table_add (self->table, &entry);
}

static void
add_document_rows (PlugRbState *self)
{
  g_autoptr(GPtrArray) names = g_hash_table_get_keys_as_ptr_array (self->documents);

  g_ptr_array_sort_values (names, (GCompareFunc) strcmp);
  for (guint i = 0; i < names->len; i++)
    add_document_row (self, names->pdata[i]);
}

static int
compare_parts (gconstpointer a, gconstpointer b)
{
  return strcmp (((const PlugRbPart *) a)->name, ((const PlugRbPart *) b)->name);
}

/* In the order of the table, so that it need not be sorted: thousands of rows come as they should.
 */
static gboolean
walk_parts (PlugRbState *self, const PlugRbScan *scan, GError **error)
{
  g_autoptr(GPtrArray) sorted = g_ptr_array_copy (self->parts, NULL, NULL);
  gboolean has_documents = FALSE;

  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort_values (sorted, compare_parts);
  for (guint i = 0; i < sorted->len; i++) {
    const PlugRbPart *part = sorted->pdata[i];

    if (!has_documents && strcmp (part->name, PLUG_RB_TABLE_SETTINGS) > 0) {
      add_document_rows (self);
      has_documents = TRUE;
    }
    if (!plug_rb_scan_walk (scan, self->table, part->name, part->path, error))
      return FALSE;
  }

  if (!has_documents)
    add_document_rows (self);

  return TRUE;
}

static gboolean
read_parts (PlugRbState *self, const PlugRbScan *scan, GError **error)
{
  for (guint i = 0; i < self->parts->len; i++) {
    const PlugRbPart *part = self->parts->pdata[i];

    if (!plug_rb_scan_read (scan, self->table, part->name, part->path, error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
is_read (PlugRbTable *table)
{
  for (guint i = 0; i < plug_rb_table_get_size (table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (table, i);

    if (entry->type == PLUG_RB_ENTRY_FILE && entry->sha256 == NULL)
      return FALSE;
  }

  return TRUE;
}

/* Where every file looks as it did, the table's name is known as well, and it tells whether there
 * is anything to store at all. */
static gboolean
read_files (PlugRbState *self, const PlugRbScan *scan, GError **error)
{
  gboolean was_read = is_read (self->table);

  if (was_read) {
    plug_rb_table_close_like (self->table, scan->known);
    if (scan->pack == NULL ||
        plug_rb_pack_has_state (scan->pack, plug_rb_table_get_sha256 (self->table)))
      return TRUE;
  }

  if ((scan->pack != NULL && !plug_rb_pack_check_space (scan->pack, self->table, error)) ||
      !read_parts (self, scan, error))
    return FALSE;

  if (!was_read)
    plug_rb_table_close_like (self->table, scan->known);

  return TRUE;
}

static gboolean
scan_files (PlugRbState *self, const PlugRbScan *scan, guint64 limit, GError **error)
{
  return walk_parts (self, scan, error) && plug_rb_size_limit_check (self->table, limit, error) &&
         read_files (self, scan, error);
}

/* A cache that says the same once more need not be written again. */
static void
remember (PlugRbState *self, PlugRbTable *known)
{
  if (known == NULL || plug_rb_table_get_n_racy (known) > 0 ||
      !plug_rb_table_looks_like (self->table, known))
    plug_rb_cache_save_seen (self->plugin, self->table);
}

/* ---- all of it */

/* Which version of each was there tells what worked together. */
static void
find_versions (GPtrArray *dependencies, PlugRbHost *host)
{
  for (guint i = 0; i < dependencies->len; i++) {
    PlugRbDependency *dependency = dependencies->pdata[i];
    g_autoptr(PlugRbManifest) manifest = NULL;

    if (plug_rb_host_find_manifest (host, dependency->id, &manifest, NULL) && manifest != NULL)
      g_set_str (&dependency->version, manifest->version);
  }
}

static gboolean
describe (PlugRbState *self, PlugRbHost *host, GError **error)
{
  g_autoptr(PlugRbManifest) manifest = NULL;

  if (!plug_rb_host_find_manifest (host, self->id, &manifest, error))
    return FALSE;
  if (manifest == NULL)
    return TRUE;

  self->name = g_strdup (manifest->name);
  self->version = g_strdup (manifest->version);
  self->manifest = g_strdup (manifest->text);
  self->dependencies = g_ptr_array_ref (manifest->dependencies);
  find_versions (self->dependencies, host);
  return TRUE;
}

static gboolean
is_absent (PlugRbState *self)
{
  for (guint i = 0; i < self->parts->len; i++) {
    const PlugRbPart *part = self->parts->pdata[i];

    if (plug_rb_part_installs (part) && plug_rb_table_has_part (self->table, part->name))
      return FALSE;
  }

  return TRUE;
}

static char **
join_globs (const char *const *caches, const char *const *excludes)
{
  g_autoptr(GStrvBuilder) globs = g_strv_builder_new ();

  g_strv_builder_addv (globs, (const char **) caches);
  if (excludes != NULL)
    g_strv_builder_addv (globs, (const char **) excludes);

  return g_strv_builder_end (globs);
}

/* What lies under this name may be another plugin's. */
static gboolean
check_names (PlugRbState *self, GError **error)
{
  for (guint i = 0; i < self->parts->len; i++) {
    const PlugRbPart *part = self->parts->pdata[i];
    g_autofree char *other = plug_rb_true_name_find_other (part->path);

    if (other != NULL) {
      g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
                   _("“%s” is called “%s” there, and this disk does not tell upper from lower "
                     "case. Move that one away first"),
                   part->path, other);
      return FALSE;
    }
  }

  return TRUE;
}

static PlugRbState *
capture_once (const PlugRbCapture *capture,
              PlugRbHost *host,
              const char *id,
              PlugRbTable *known,
              GCancellable *cancellable,
              GError **error)
{
  g_auto(GStrv) globs = join_globs (plug_rb_host_get_cache_globs (host), capture->excludes);
  PlugRbScan scan = { .cache_globs = (const char *const *) globs,
                      .known = known,
                      .relinked = capture->relinked != NULL,
                      .pack = capture->pack,
                      .cancellable = cancellable,
                      .progress = capture->progress,
                      .user_data = capture->user_data };
  g_autofree char *key = g_strconcat (plug_rb_host_get_id (host), "/", id, NULL);
  g_autoptr(PlugRbState) self = plug_rb_state_new (key, id);

  scan.passed = &self->n_passed;
  self->parts = plug_rb_host_list_parts (host, id);
  if (capture->relinked != NULL &&
      !plug_rb_host_add_parts (host, id, capture->relinked, self->parts, error))
    return NULL;
  self->table = plug_rb_table_new ();
  if (!check_names (self, error) || !read_settings (self, capture, host, error) ||
      !scan_files (self, &scan, capture->limit, error) || !describe (self, host, error))
    return NULL;

  self->absent = is_absent (self);

  return g_steal_pointer (&self);
}

static PlugRbTable *
recall (const PlugRbCapture *capture, PlugRbHost *host, const char *id)
{
  g_autofree char *key = g_strconcat (plug_rb_host_get_id (host), "/", id, NULL);

  return capture->relinked ? plug_rb_table_ref (capture->relinked) : plug_rb_cache_load_seen (key);
}

/**
 * plug_rb_capture_plugin:
 * @id: a plugin's id, which need not be installed
 *
 * Reads everything of a plugin as it is now. No lock is taken. If files change meanwhile, all is
 * read again, three times at most; then that fails with %PLUG_RB_ERROR_CHANGING.
 *
 * Returns: (transfer full): the state
 */
PlugRbState *
plug_rb_capture_plugin (const PlugRbCapture *capture,
                        PlugRbHost *host,
                        const char *id,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr(PlugRbTable) known = NULL;

  if (!plug_rb_host_check_id (id, error))
    return NULL;

  known = recall (capture, host, id);
  for (guint try = 1;; try++) {
    g_autoptr(GError) local = NULL;
    PlugRbState *state = capture_once (capture, host, id, known, cancellable, &local);

    if (state != NULL) {
      if (capture->relinked == NULL || capture->settled)
        remember (state, known);
      return state;
    }
    if (try == TRIES || !g_error_matches (local, PLUG_RB_ERROR, PLUG_RB_ERROR_CHANGING)) {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  }
}

/**
 * plug_rb_capture_absence:
 * @values: the settings that were left of it
 * @memberships: (element-type PlugRbMembership): its places in the host's lists
 *
 * Returns: (transfer full): the state of a plugin of which there are no files
 */
PlugRbState *
plug_rb_capture_absence (PlugRbHost *host,
                         const char *id,
                         PlugRbValues *values,
                         GPtrArray *memberships)
{
  g_autofree char *key = g_strconcat (plug_rb_host_get_id (host), "/", id, NULL);
  PlugRbState *self = plug_rb_state_new (key, id);

  self->parts = plug_rb_host_list_parts (host, id);
  self->values = plug_rb_values_ref (values);
  self->memberships = g_ptr_array_ref (memberships);
  self->table = plug_rb_table_new ();
  add_documents (self);
  add_document_rows (self);
  plug_rb_table_close (self->table);
  self->absent = TRUE;

  return self;
}

/**
 * plug_rb_capture_store:
 * @state: a live state that was captured without a pack
 *
 * Stores the contents of a state afterwards. A file that changed since fails with
 * %PLUG_RB_ERROR_CHANGING.
 */
gboolean
plug_rb_capture_store (PlugRbState *state,
                       PlugRbPack *pack,
                       GCancellable *cancellable,
                       GError **error)
{
  const PlugRbScan scan = { .pack = pack, .cancellable = cancellable };

  return plug_rb_pack_has_state (pack, plug_rb_table_get_sha256 (state->table)) ||
         (plug_rb_pack_check_space (pack, state->table, error) && read_parts (state, &scan, error));
}
