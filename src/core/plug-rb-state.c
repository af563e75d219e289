/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-state.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "plug-rb-contents.h"
#include "plug-rb-error.h"
#include "plug-rb-json.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-store.h"

#define DOCUMENT_LIMIT (16 * 1024 * 1024)

/**
 * plug_rb_state_new:
 *
 * Returns: (transfer full): a state that whoever makes it fills
 */
PlugRbState *
plug_rb_state_new (const char *plugin, const char *id)
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
  g_clear_pointer (&self->dependencies, g_ptr_array_unref);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_clear_pointer (&self->stores, g_ptr_array_unref);
  g_free (self);
}

/* ---- a snapshot */

static gboolean
load_document (PlugRbState *self,
               PlugRbContents *contents,
               const PlugRbEntry *entry,
               GError **error)
{
  GBytes *bytes = plug_rb_contents_read (contents, entry->sha256, DOCUMENT_LIMIT, error);

  if (bytes == NULL) {
    g_prefix_error (error, "%s: ", entry->path);
    return FALSE;
  }

  g_hash_table_insert (self->documents, g_strdup (entry->path), bytes);
  return TRUE;
}

static gboolean
load_documents (PlugRbState *self, PlugRbStore *store, PlugRbSnapshot *snapshot, GError **error)
{
  g_autoptr(PlugRbContents) contents = plug_rb_contents_open (store, snapshot, error);

  if (contents == NULL)
    return FALSE;

  for (guint i = 0; i < plug_rb_table_get_size (self->table); i++) {
    const PlugRbEntry *entry = plug_rb_table_get (self->table, i);

    if (g_str_equal (entry->part, PLUG_RB_TABLE_SETTINGS) &&
        !load_document (self, contents, entry, error))
      return FALSE;
  }

  return TRUE;
}

static void
read_positions (PlugRbState *self, PlugRbSnapshot *snapshot)
{
  JsonObject *settings = plug_rb_json_get_object (plug_rb_snapshot_get_json (snapshot), "settings");

  if (settings != NULL)
    plug_rb_values_set_positions (self->values, plug_rb_json_get_object (settings, "positions"));
}

static gboolean
read_values (PlugRbState *self, PlugRbSnapshot *snapshot, GError **error)
{
  GBytes *bytes = g_hash_table_lookup (self->documents, PLUG_RB_STATE_VALUES_NAME);
  gsize length;
  const char *text;

  if (bytes == NULL) {
    self->values = plug_rb_values_new ();
    return TRUE;
  }

  text = g_bytes_get_data (bytes, &length);
  if ((self->values = plug_rb_values_from_json (text, length, error)) == NULL)
    return FALSE;

  read_positions (self, snapshot);
  return TRUE;
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
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("Snapshot %s is damaged: %s"),
                 plug_rb_snapshot_get_id (snapshot), plug_rb_snapshot_get_damaged (snapshot));
    return NULL;
  }
  if (plug_rb_snapshot_load_json (snapshot, error) == NULL)
    return NULL;

  self = plug_rb_state_new (plug_rb_snapshot_get_plugin (snapshot),
                            plug_rb_snapshot_get_plugin_id (snapshot));
  self->name = g_strdup (plug_rb_snapshot_get_name (snapshot));
  self->version = g_strdup (plug_rb_snapshot_get_version (snapshot));
  self->manifest = g_strdup (plug_rb_snapshot_get_manifest (snapshot));
  self->absent = plug_rb_snapshot_get_absent (snapshot);

  if (!(self->table = plug_rb_store_load_table (store, snapshot, error)) ||
      !load_documents (self, store, snapshot, error) || !read_values (self, snapshot, error) ||
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
