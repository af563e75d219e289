/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-snapshot.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "plug-rb-enum-types.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-hash.h"
#include "plug-rb-id.h"
#include "plug-rb-json.h"
#include "plug-rb-metadata-file.h"

#define FORMAT 1

/* Texts and numbers are read from the JSON, which the snapshot owns, or from a row of a listing:
 * then the JSON is read from the store by the first who asks for it, in whatever thread. What is
 * costly to read stands here. */
struct _PlugRbSnapshot {
  GObject parent_instance;

  JsonObject *json;
  GDateTime *timestamp;
  PlugRbReason reason;
  PlugRbHealth health;
  char *damaged;

  PlugRbListing *listing;
  const PlugRbListingRow *row;
  gboolean is_edited;
  char *label;
  char *note;
  gboolean pinned;
};

G_DEFINE_FINAL_TYPE (PlugRbSnapshot, plug_rb_snapshot, G_TYPE_OBJECT)

typedef enum {
  PROP_ID = 1,
  PROP_SEQUENCE,
  PROP_PLUGIN,
  PROP_HOST,
  PROP_NAME,
  PROP_VERSION,
  PROP_HOST_VERSION,
  PROP_REASON,
  PROP_TIMESTAMP,
  PROP_LABEL,
  PROP_NOTE,
  PROP_PINNED,
  PROP_ABSENT,
  PROP_N_FILES,
  PROP_SIZE,
  PROP_STORED_SIZE,
  PROP_HEALTH,
  PROP_DAMAGED,
} PlugRbSnapshotProperty;

static GParamSpec *properties[PROP_DAMAGED + 1];

/* The member of the JSON that a string property shows. */
static const char *const members[] = {
  [PROP_ID] = "id",       [PROP_PLUGIN] = "plugin",   [PROP_HOST] = "host",
  [PROP_NAME] = "name",   [PROP_VERSION] = "version", [PROP_HOST_VERSION] = "host-version",
  [PROP_LABEL] = "label", [PROP_NOTE] = "note",
};

static void
plug_rb_snapshot_finalize (GObject *object)
{
  PlugRbSnapshot *self = PLUG_RB_SNAPSHOT (object);

  g_clear_pointer (&self->json, json_object_unref);
  g_clear_pointer (&self->timestamp, g_date_time_unref);
  g_clear_pointer (&self->damaged, g_free);
  g_clear_pointer (&self->listing, plug_rb_listing_unref);
  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->note, g_free);

  G_OBJECT_CLASS (plug_rb_snapshot_parent_class)->finalize (object);
}

static void
plug_rb_snapshot_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbSnapshot *self = PLUG_RB_SNAPSHOT (object);

  switch ((PlugRbSnapshotProperty) prop_id) {
  case PROP_ID:
    g_value_set_string (value, plug_rb_snapshot_get_id (self));
    break;
  case PROP_PLUGIN:
    g_value_set_string (value, plug_rb_snapshot_get_plugin (self));
    break;
  case PROP_HOST:
    g_value_set_string (value, plug_rb_snapshot_get_host (self));
    break;
  case PROP_NAME:
    g_value_set_string (value, plug_rb_snapshot_get_name (self));
    break;
  case PROP_VERSION:
    g_value_set_string (value, plug_rb_snapshot_get_version (self));
    break;
  case PROP_HOST_VERSION:
    g_value_set_string (value, plug_rb_snapshot_get_host_version (self));
    break;
  case PROP_LABEL:
    g_value_set_string (value, plug_rb_snapshot_get_label (self));
    break;
  case PROP_NOTE:
    g_value_set_string (value, plug_rb_snapshot_get_note (self));
    break;
  case PROP_SEQUENCE:
    g_value_set_int64 (value, plug_rb_snapshot_get_sequence (self));
    break;
  case PROP_REASON:
    g_value_set_enum (value, self->reason);
    break;
  case PROP_TIMESTAMP:
    g_value_set_boxed (value, plug_rb_snapshot_get_timestamp (self));
    break;
  case PROP_PINNED:
    g_value_set_boolean (value, plug_rb_snapshot_get_pinned (self));
    break;
  case PROP_ABSENT:
    g_value_set_boolean (value, plug_rb_snapshot_get_absent (self));
    break;
  case PROP_N_FILES:
    g_value_set_uint (value, plug_rb_snapshot_get_n_files (self));
    break;
  case PROP_SIZE:
    g_value_set_uint64 (value, plug_rb_snapshot_get_size (self));
    break;
  case PROP_STORED_SIZE:
    g_value_set_uint64 (value, plug_rb_snapshot_get_stored_size (self));
    break;
  case PROP_HEALTH:
    g_value_set_enum (value, self->health);
    break;
  case PROP_DAMAGED:
    g_value_set_string (value, self->damaged);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
install_strings (GParamFlags flags)
{
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (members[i] != NULL)
      properties[i] = g_param_spec_string (members[i], NULL, NULL, NULL, flags);

  properties[PROP_DAMAGED] = g_param_spec_string ("damaged", NULL, NULL, NULL, flags);
}

static void
plug_rb_snapshot_class_init (PlugRbSnapshotClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = plug_rb_snapshot_finalize;
  object_class->get_property = plug_rb_snapshot_get_property;

  install_strings (flags);
  properties[PROP_SEQUENCE] = g_param_spec_int64 ("sequence", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_REASON] =
      g_param_spec_enum ("reason", NULL, NULL, PLUG_RB_TYPE_REASON, PLUG_RB_REASON_MANUAL, flags);
  properties[PROP_TIMESTAMP] =
      g_param_spec_boxed ("timestamp", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_PINNED] = g_param_spec_boolean ("pinned", NULL, NULL, FALSE, flags);
  properties[PROP_ABSENT] = g_param_spec_boolean ("absent", NULL, NULL, FALSE, flags);
  properties[PROP_N_FILES] = g_param_spec_uint ("n-files", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_SIZE] = g_param_spec_uint64 ("size", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_STORED_SIZE] =
      g_param_spec_uint64 ("stored-size", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_HEALTH] =
      g_param_spec_enum ("health", NULL, NULL, PLUG_RB_TYPE_HEALTH, PLUG_RB_HEALTH_UNKNOWN, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
plug_rb_snapshot_init (PlugRbSnapshot *self)
{
}

/* The plugin is named three times; a file that was copied from elsewhere may not agree with itself.
 */
static gboolean
names_agree (JsonObject *json)
{
  const char *host = plug_rb_json_get_string (json, "host");
  const char *plugin_id = plug_rb_json_get_string (json, "plugin-id");
  g_autofree char *key = g_strconcat (host ? host : "", "/", plugin_id, NULL);

  return host != NULL && plugin_id != NULL &&
         g_strcmp0 (plug_rb_json_get_string (json, "plugin"), key) == 0;
}

static gboolean
is_complete (PlugRbSnapshot *self)
{
  const char *id = plug_rb_json_get_string (self->json, "id");
  const char *table = plug_rb_json_get_string (self->json, "table");

  return id != NULL && plug_rb_id_is_valid (id) && table != NULL && plug_rb_hash_is_valid (table) &&
         self->timestamp != NULL && names_agree (self->json) &&
         plug_rb_json_get_int (self->json, "sequence", 0) > 0;
}

/**
 * plug_rb_snapshot_new_from_json:
 * @json: content of a snapshot.json whose seal was checked
 *
 * Returns: (transfer full): the snapshot, which keeps a reference on @json
 */
PlugRbSnapshot *
plug_rb_snapshot_new_from_json (JsonObject *json, GError **error)
{
  g_autoptr(PlugRbSnapshot) self = g_object_new (PLUG_RB_TYPE_SNAPSHOT, NULL);
  const char *id = plug_rb_json_get_string (json, "id");
  int reason = -1, health = PLUG_RB_HEALTH_UNKNOWN;

  if (plug_rb_json_get_int (json, "format", FORMAT) > FORMAT) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_TOO_NEW,
                 _("Snapshot %s was made by a newer version"), id ? id : "");
    return NULL;
  }

  self->json = json_object_ref (json);
  self->timestamp = plug_rb_time_from_string (plug_rb_json_get_string (json, "timestamp"));
  plug_rb_enum_from_nick (PLUG_RB_TYPE_HEALTH, plug_rb_json_get_string (json, "health"), &health);

  if (!is_complete (self) ||
      !plug_rb_enum_from_nick (PLUG_RB_TYPE_REASON, plug_rb_json_get_string (json, "reason"),
                               &reason)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                 _("The metadata of snapshot %s are incomplete"), id ? id : "");
    return NULL;
  }

  self->reason = reason;
  self->health = health;

  return g_steal_pointer (&self);
}

/**
 * plug_rb_snapshot_new_damaged:
 * @message: what is wrong with it
 *
 * Returns: (transfer full): a stand-in for a snapshot whose metadata cannot be read
 */
PlugRbSnapshot *
plug_rb_snapshot_new_damaged (const char *host,
                              const char *plugin_id,
                              const char *id,
                              const char *message)
{
  PlugRbSnapshot *self = g_object_new (PLUG_RB_TYPE_SNAPSHOT, NULL);
  g_autofree char *key = g_strconcat (host, "/", plugin_id, NULL);

  self->json = json_object_new ();
  /* The one thing that is still known of it. */
  self->timestamp =
      plug_rb_id_is_valid (id) ? plug_rb_id_get_time (id) : g_date_time_new_from_unix_utc (0);
  self->damaged = g_strdup (message);
  plug_rb_json_set_string (self->json, "id", id);
  plug_rb_json_set_string (self->json, "plugin", key);
  plug_rb_json_set_string (self->json, "host", host);
  plug_rb_json_set_string (self->json, "plugin-id", plugin_id);

  return self;
}

/**
 * plug_rb_snapshot_new_from_listing:
 * @listing: what is remembered of a store
 * @index: of the snapshot's row
 *
 * Returns: (transfer full): the snapshot as lists show it; its metadata are read when they are
 * asked for, and may turn out to be damaged then
 */
PlugRbSnapshot *
plug_rb_snapshot_new_from_listing (PlugRbListing *listing, guint index)
{
  PlugRbSnapshot *self = g_object_new (PLUG_RB_TYPE_SNAPSHOT, NULL);

  self->listing = plug_rb_listing_ref (listing);
  self->row = plug_rb_listing_get_row (listing, index);
  self->reason = self->row->reason;
  self->health = self->row->health;

  return self;
}

static const char *
get_string (PlugRbSnapshot *self, const char *member, PlugRbListingText text)
{
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), NULL);

  return self->row ? plug_rb_listing_get_text (self->listing, self->row, text)
                   : plug_rb_json_get_string (self->json, member);
}

/**
 * plug_rb_snapshot_get_id:
 *
 * Returns: its id, which sorts by the time it was made
 */
const char *
plug_rb_snapshot_get_id (PlugRbSnapshot *self)
{
  return get_string (self, "id", PLUG_RB_LISTING_ID);
}

/**
 * plug_rb_snapshot_get_sequence:
 *
 * Returns: its place in the order of the plugin's snapshots, from 1; 0 if the metadata are damaged
 */
gint64
plug_rb_snapshot_get_sequence (PlugRbSnapshot *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), 0);

  return self->row ? self->row->sequence : plug_rb_json_get_int (self->json, "sequence", 0);
}

/**
 * plug_rb_snapshot_get_plugin:
 *
 * Returns: key of the plugin, "HOST/ID"
 */
const char *
plug_rb_snapshot_get_plugin (PlugRbSnapshot *self)
{
  return get_string (self, "plugin", PLUG_RB_LISTING_PLUGIN);
}

/**
 * plug_rb_snapshot_get_host:
 *
 * Returns: id of the host
 */
const char *
plug_rb_snapshot_get_host (PlugRbSnapshot *self)
{
  return get_string (self, "host", PLUG_RB_LISTING_HOST);
}

/**
 * plug_rb_snapshot_get_plugin_id:
 *
 * Returns: what tells the plugin from others of its host
 */
const char *
plug_rb_snapshot_get_plugin_id (PlugRbSnapshot *self)
{
  return get_string (self, "plugin-id", PLUG_RB_LISTING_PLUGIN_ID);
}

/**
 * plug_rb_snapshot_get_name:
 *
 * Returns: (nullable): what the plugin called itself then
 */
const char *
plug_rb_snapshot_get_name (PlugRbSnapshot *self)
{
  return get_string (self, "name", PLUG_RB_LISTING_NAME);
}

/**
 * plug_rb_snapshot_get_version:
 *
 * Returns: (nullable): version of the plugin then
 */
const char *
plug_rb_snapshot_get_version (PlugRbSnapshot *self)
{
  return get_string (self, "version", PLUG_RB_LISTING_VERSION);
}

/**
 * plug_rb_snapshot_get_host_version:
 *
 * Returns: (nullable): version of the host then
 */
const char *
plug_rb_snapshot_get_host_version (PlugRbSnapshot *self)
{
  return get_string (self, "host-version", PLUG_RB_LISTING_HOST_VERSION);
}

/**
 * plug_rb_snapshot_get_reason:
 *
 * Returns: why it was taken
 */
PlugRbReason
plug_rb_snapshot_get_reason (PlugRbSnapshot *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), PLUG_RB_REASON_MANUAL);

  return self->reason;
}

/**
 * plug_rb_snapshot_get_timestamp:
 *
 * Returns: (transfer none): when it was taken; of a damaged one, when it was probably taken
 */
GDateTime *
plug_rb_snapshot_get_timestamp (PlugRbSnapshot *self)
{
  GDateTime *timestamp;

  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), NULL);

  if ((timestamp = g_atomic_pointer_get (&self->timestamp)) != NULL)
    return timestamp;

  timestamp = g_date_time_new_from_unix_utc (self->row->seconds);
  if (!g_atomic_pointer_compare_and_exchange (&self->timestamp, NULL, timestamp))
    g_date_time_unref (timestamp);

  return g_atomic_pointer_get (&self->timestamp);
}

/**
 * plug_rb_snapshot_get_timestamp_text:
 *
 * Returns: (nullable): when it was taken, as it stands in the metadata; %NULL of a damaged one
 */
const char *
plug_rb_snapshot_get_timestamp_text (PlugRbSnapshot *self)
{
  return get_string (self, "timestamp", PLUG_RB_LISTING_TIMESTAMP);
}

/**
 * plug_rb_snapshot_get_label:
 *
 * Returns: (nullable): a name that the user gave it
 */
const char *
plug_rb_snapshot_get_label (PlugRbSnapshot *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), NULL);

  return self->is_edited ? self->label : get_string (self, "label", PLUG_RB_LISTING_LABEL);
}

/**
 * plug_rb_snapshot_get_note:
 *
 * Returns: (nullable): a longer text of the user
 */
const char *
plug_rb_snapshot_get_note (PlugRbSnapshot *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), NULL);

  return self->is_edited ? self->note : get_string (self, "note", PLUG_RB_LISTING_NOTE);
}

/**
 * plug_rb_snapshot_get_pinned:
 *
 * Returns: whether it is kept whatever happens
 */
gboolean
plug_rb_snapshot_get_pinned (PlugRbSnapshot *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), FALSE);

  if (self->row != NULL)
    return self->is_edited ? self->pinned : self->row->pinned;

  return plug_rb_json_get_boolean (self->json, "pinned");
}

/**
 * plug_rb_snapshot_get_absent:
 *
 * Whether the plugin was not installed when the snapshot was taken.
 */
gboolean
plug_rb_snapshot_get_absent (PlugRbSnapshot *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), FALSE);

  return self->row ? self->row->absent : plug_rb_json_get_boolean (self->json, "absent");
}

/**
 * plug_rb_snapshot_get_n_files:
 *
 * Returns: how many files it holds
 */
guint
plug_rb_snapshot_get_n_files (PlugRbSnapshot *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), 0);

  if (self->row != NULL)
    return self->row->n_files;

  return (guint) CLAMP (plug_rb_json_get_int (self->json, "files", 0), 0, G_MAXUINT);
}

static guint64
get_size (PlugRbSnapshot *self, const char *member)
{
  JsonObject *sizes = plug_rb_json_get_object (self->json, "sizes");

  return (guint64) MAX (plug_rb_json_get_int (sizes, member, 0), 0);
}

/**
 * plug_rb_snapshot_get_size:
 *
 * Returns: bytes of all its files
 */
guint64
plug_rb_snapshot_get_size (PlugRbSnapshot *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), 0);

  return self->row ? self->row->size : get_size (self, "real");
}

/**
 * plug_rb_snapshot_get_stored_size:
 *
 * Returns: bytes that it alone takes in the store
 */
guint64
plug_rb_snapshot_get_stored_size (PlugRbSnapshot *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), 0);

  return self->row ? self->row->stored_size : get_size (self, "stored");
}

/**
 * plug_rb_snapshot_get_health:
 *
 * Returns: whether the host said then that the plugin works
 */
PlugRbHealth
plug_rb_snapshot_get_health (PlugRbSnapshot *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), PLUG_RB_HEALTH_UNKNOWN);

  return self->health;
}

/**
 * plug_rb_snapshot_get_damaged:
 *
 * Returns: (nullable): what is wrong with its metadata; %NULL if nothing is
 */
const char *
plug_rb_snapshot_get_damaged (PlugRbSnapshot *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), NULL);

  return self->damaged;
}

/**
 * plug_rb_snapshot_get_table:
 *
 * Returns: (nullable): SHA-256 of its state table
 */
const char *
plug_rb_snapshot_get_table (PlugRbSnapshot *self)
{
  return get_string (self, "table", PLUG_RB_LISTING_TABLE);
}

/**
 * plug_rb_snapshot_get_manifest:
 *
 * Returns: (nullable): the plugin's manifest, verbatim
 */
const char *
plug_rb_snapshot_get_manifest (PlugRbSnapshot *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), NULL);

  return plug_rb_json_get_string (plug_rb_snapshot_get_json (self), "manifest");
}

/* What stands in a listing is shared by all its snapshots. */
static void
prepare_to_edit (PlugRbSnapshot *self)
{
  if (self->row == NULL || self->is_edited)
    return;

  self->label = g_strdup (plug_rb_snapshot_get_label (self));
  self->note = g_strdup (plug_rb_snapshot_get_note (self));
  self->pinned = self->row->pinned;
  self->is_edited = TRUE;
}

static void
set_text (PlugRbSnapshot *self,
          PlugRbSnapshotProperty property,
          char **edited,
          const char *before,
          const char *value)
{
  if (value != NULL && *value == '\0')
    value = NULL;
  if (g_strcmp0 (before, value) == 0)
    return;

  prepare_to_edit (self);
  if (self->row != NULL)
    g_set_str (edited, value);
  else
    plug_rb_json_set_string (self->json, members[property], value);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/**
 * plug_rb_snapshot_set_label:
 * @label: (nullable): a name that the user gives it; empty is the same as %NULL
 *
 * Changes the label here and, unless the snapshot came from a listing, in the JSON, whose seal does
 * not fit any more. What this and the next two set is all that ever changes of a snapshot; nobody
 * may read its JSON in another thread meanwhile.
 */
void
plug_rb_snapshot_set_label (PlugRbSnapshot *self, const char *label)
{
  g_return_if_fail (PLUG_RB_IS_SNAPSHOT (self));

  set_text (self, PROP_LABEL, &self->label, plug_rb_snapshot_get_label (self), label);
}

/**
 * plug_rb_snapshot_set_note:
 * @note: (nullable): a longer text of the user; empty is the same as %NULL
 */
void
plug_rb_snapshot_set_note (PlugRbSnapshot *self, const char *note)
{
  g_return_if_fail (PLUG_RB_IS_SNAPSHOT (self));

  set_text (self, PROP_NOTE, &self->note, plug_rb_snapshot_get_note (self), note);
}

/**
 * plug_rb_snapshot_set_health:
 * @message: (nullable): what was wrong with it
 */
void
plug_rb_snapshot_set_health (PlugRbSnapshot *self, PlugRbHealth health, const char *message)
{
  g_return_if_fail (PLUG_RB_IS_SNAPSHOT (self) && self->json != NULL);

  self->health = health;
  plug_rb_json_set_string (self->json, "health",
                           plug_rb_enum_to_nick (PLUG_RB_TYPE_HEALTH, health));
  plug_rb_json_set_string (self->json, "health-message", message);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HEALTH]);
}

/**
 * plug_rb_snapshot_get_health_message:
 *
 * Returns: (nullable): what was wrong with it, if it is known to be bad and its metadata are at
 * hand
 */
const char *
plug_rb_snapshot_get_health_message (PlugRbSnapshot *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), NULL);

  return self->json ? plug_rb_json_get_string (self->json, "health-message") : NULL;
}

/**
 * plug_rb_snapshot_set_pinned:
 * @pinned: whether it is kept whatever happens
 */
void
plug_rb_snapshot_set_pinned (PlugRbSnapshot *self, gboolean pinned)
{
  g_return_if_fail (PLUG_RB_IS_SNAPSHOT (self));

  if (plug_rb_snapshot_get_pinned (self) == !!pinned)
    return;

  prepare_to_edit (self);
  if (self->row != NULL)
    self->pinned = !!pinned;
  else
    json_object_set_boolean_member (self->json, "pinned", !!pinned);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PINNED]);
}

/* Archives are exchanged for others when they are packed anew, and the user edits label, note and
 * pin; all else stays what it was. */
static gboolean
is_same (PlugRbSnapshot *self, PlugRbSnapshot *real)
{
  return g_strcmp0 (plug_rb_snapshot_get_id (self), plug_rb_snapshot_get_id (real)) == 0 &&
         g_strcmp0 (plug_rb_snapshot_get_plugin (self), plug_rb_snapshot_get_plugin (real)) == 0 &&
         g_strcmp0 (plug_rb_snapshot_get_table (self), plug_rb_snapshot_get_table (real)) == 0 &&
         plug_rb_snapshot_get_absent (self) == plug_rb_snapshot_get_absent (real);
}

static JsonObject *
read_json (PlugRbSnapshot *self, GError **error)
{
  g_autofree char *path = plug_rb_listing_build_path (self->listing, self->row);
  g_autofd int folder = plug_rb_fs_open_folder (path, error);
  g_autofd int fd =
      folder < 0
          ? -1
          : plug_rb_metadata_file_open_folder (folder, plug_rb_snapshot_get_id (self), error);
  g_autoptr(JsonObject) json = fd < 0 ? NULL : plug_rb_metadata_file_read (fd, error);
  g_autoptr(PlugRbSnapshot) real = json ? plug_rb_snapshot_new_from_json (json, error) : NULL;

  if (real == NULL)
    return NULL;

  if (!is_same (self, real)) {
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                         _("The metadata belong to another snapshot"));
    return NULL;
  }

  return g_steal_pointer (&json);
}

/**
 * plug_rb_snapshot_load_json:
 *
 * The metadata, for whoever restores, keeps or deletes anything by them. What a list shows may be
 * of a snapshot whose metadata were damaged later: then this is where it turns out.
 *
 * Returns: (transfer none): the metadata as they lie in snapshot.json; of a damaged one, what is
 * known
 */
JsonObject *
plug_rb_snapshot_load_json (PlugRbSnapshot *self, GError **error)
{
  JsonObject *json;

  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), NULL);

  if ((json = g_atomic_pointer_get (&self->json)) != NULL)
    return json;

  if (!(json = read_json (self, error))) {
    g_prefix_error (error, _("Snapshot %s is damaged: "), plug_rb_snapshot_get_id (self));
    return NULL;
  }

  if (!g_atomic_pointer_compare_and_exchange (&self->json, NULL, json))
    json_object_unref (json);

  return g_atomic_pointer_get (&self->json);
}

/**
 * plug_rb_snapshot_get_json:
 *
 * Returns: (transfer none) (nullable): as plug_rb_snapshot_load_json(), %NULL if they cannot be
 * read
 */
JsonObject *
plug_rb_snapshot_get_json (PlugRbSnapshot *self)
{
  g_autoptr(GError) error = NULL;
  JsonObject *json = plug_rb_snapshot_load_json (self, &error);

  if (error != NULL)
    g_debug ("%s", error->message);

  return json;
}

/**
 * plug_rb_snapshot_get_dependencies:
 *
 * Returns: (transfer full): what it needs, as in its metadata
 */
JsonArray *
plug_rb_snapshot_get_dependencies (PlugRbSnapshot *self)
{
  g_autoptr(JsonNode) node = NULL;
  const char *text = NULL;
  JsonArray *array;

  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), NULL);

  if (self->row != NULL) {
    text = plug_rb_listing_get_text (self->listing, self->row, PLUG_RB_LISTING_DEPENDENCIES);
    node = text ? json_from_string (text, NULL) : NULL;
    return node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_dup_array (node) : json_array_new ();
  }

  array = plug_rb_json_get_array (self->json, "dependencies");
  return array ? json_array_ref (array) : json_array_new ();
}

/* ---- in a listing */

static guint32
put_dependencies (PlugRbSnapshot *self, PlugRbListingWriter *writer)
{
  g_autoptr(JsonArray) array = plug_rb_snapshot_get_dependencies (self);
  g_autoptr(JsonNode) node = json_node_init_array (json_node_alloc (), array);
  g_autofree char *text = json_array_get_length (array) > 0 ? json_to_string (node, FALSE) : NULL;

  return plug_rb_listing_writer_put (writer, text);
}

/**
 * plug_rb_snapshot_add_to_listing:
 * @folder: path of the plugin's folder below `snapshots`
 *
 * Has a snapshot remembered that is not damaged.
 */
void
plug_rb_snapshot_add_to_listing (PlugRbSnapshot *self,
                                 PlugRbListingWriter *writer,
                                 const char *folder)
{
  const char *const texts[] = {
    [PLUG_RB_LISTING_ID] = plug_rb_snapshot_get_id (self),
    [PLUG_RB_LISTING_PLUGIN] = plug_rb_snapshot_get_plugin (self),
    [PLUG_RB_LISTING_HOST] = plug_rb_snapshot_get_host (self),
    [PLUG_RB_LISTING_PLUGIN_ID] = plug_rb_snapshot_get_plugin_id (self),
    [PLUG_RB_LISTING_NAME] = plug_rb_snapshot_get_name (self),
    [PLUG_RB_LISTING_VERSION] = plug_rb_snapshot_get_version (self),
    [PLUG_RB_LISTING_HOST_VERSION] = plug_rb_snapshot_get_host_version (self),
    [PLUG_RB_LISTING_LABEL] = plug_rb_snapshot_get_label (self),
    [PLUG_RB_LISTING_NOTE] = plug_rb_snapshot_get_note (self),
    [PLUG_RB_LISTING_TIMESTAMP] = plug_rb_snapshot_get_timestamp_text (self),
    [PLUG_RB_LISTING_TABLE] = plug_rb_snapshot_get_table (self),
  };
  PlugRbListingRow row = { .sequence = plug_rb_snapshot_get_sequence (self),
                           .seconds = g_date_time_to_unix (plug_rb_snapshot_get_timestamp (self)),
                           .size = plug_rb_snapshot_get_size (self),
                           .stored_size = plug_rb_snapshot_get_stored_size (self),
                           .n_files = plug_rb_snapshot_get_n_files (self),
                           .reason = self->reason,
                           .health = self->health,
                           .pinned = plug_rb_snapshot_get_pinned (self),
                           .absent = plug_rb_snapshot_get_absent (self) };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    row.texts[i] = plug_rb_listing_writer_put (writer, texts[i]);
  row.texts[PLUG_RB_LISTING_DEPENDENCIES] = put_dependencies (self, writer);
  plug_rb_listing_writer_add_row (writer, folder, &row);
}
