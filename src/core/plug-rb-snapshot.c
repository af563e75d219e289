/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-snapshot.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-enum-types.h"
#include "plug-rb-error.h"
#include "plug-rb-hash.h"
#include "plug-rb-id.h"
#include "plug-rb-json.h"

#define FORMAT 1

/* Strings are read from the JSON, which the snapshot owns; what is costly to read stands here. */
struct _PlugRbSnapshot {
  GObject parent_instance;

  JsonObject *json;
  GDateTime *timestamp;
  PlugRbReason reason;
  PlugRbHealth health;
  char *damaged;
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

  G_OBJECT_CLASS (plug_rb_snapshot_parent_class)->finalize (object);
}

static void
plug_rb_snapshot_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbSnapshot *self = PLUG_RB_SNAPSHOT (object);

  switch ((PlugRbSnapshotProperty) prop_id) {
  case PROP_ID:
  case PROP_PLUGIN:
  case PROP_HOST:
  case PROP_NAME:
  case PROP_VERSION:
  case PROP_HOST_VERSION:
  case PROP_LABEL:
  case PROP_NOTE:
    g_value_set_string (value, plug_rb_json_get_string (self->json, members[prop_id]));
    break;
  case PROP_SEQUENCE:
    g_value_set_int64 (value, plug_rb_snapshot_get_sequence (self));
    break;
  case PROP_REASON:
    g_value_set_enum (value, self->reason);
    break;
  case PROP_TIMESTAMP:
    g_value_set_boxed (value, self->timestamp);
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

static const char *
get_string (PlugRbSnapshot *self, const char *member)
{
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), NULL);

  return plug_rb_json_get_string (self->json, member);
}

/**
 * plug_rb_snapshot_get_id:
 *
 * Returns: its id, which sorts by the time it was made
 */
const char *
plug_rb_snapshot_get_id (PlugRbSnapshot *self)
{
  return get_string (self, "id");
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

  return plug_rb_json_get_int (self->json, "sequence", 0);
}

/**
 * plug_rb_snapshot_get_plugin:
 *
 * Returns: key of the plugin, "HOST/ID"
 */
const char *
plug_rb_snapshot_get_plugin (PlugRbSnapshot *self)
{
  return get_string (self, "plugin");
}

/**
 * plug_rb_snapshot_get_host:
 *
 * Returns: id of the host
 */
const char *
plug_rb_snapshot_get_host (PlugRbSnapshot *self)
{
  return get_string (self, "host");
}

/**
 * plug_rb_snapshot_get_plugin_id:
 *
 * Returns: what tells the plugin from others of its host
 */
const char *
plug_rb_snapshot_get_plugin_id (PlugRbSnapshot *self)
{
  return get_string (self, "plugin-id");
}

/**
 * plug_rb_snapshot_get_name:
 *
 * Returns: (nullable): what the plugin called itself then
 */
const char *
plug_rb_snapshot_get_name (PlugRbSnapshot *self)
{
  return get_string (self, "name");
}

/**
 * plug_rb_snapshot_get_version:
 *
 * Returns: (nullable): version of the plugin then
 */
const char *
plug_rb_snapshot_get_version (PlugRbSnapshot *self)
{
  return get_string (self, "version");
}

/**
 * plug_rb_snapshot_get_host_version:
 *
 * Returns: (nullable): version of the host then
 */
const char *
plug_rb_snapshot_get_host_version (PlugRbSnapshot *self)
{
  return get_string (self, "host-version");
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
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), NULL);

  return self->timestamp;
}

/**
 * plug_rb_snapshot_get_label:
 *
 * Returns: (nullable): a name that the user gave it
 */
const char *
plug_rb_snapshot_get_label (PlugRbSnapshot *self)
{
  return get_string (self, "label");
}

/**
 * plug_rb_snapshot_get_note:
 *
 * Returns: (nullable): a longer text of the user
 */
const char *
plug_rb_snapshot_get_note (PlugRbSnapshot *self)
{
  return get_string (self, "note");
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

  return plug_rb_json_get_boolean (self->json, "absent");
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

  return get_size (self, "real");
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

  return get_size (self, "stored");
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
  return get_string (self, "table");
}

/**
 * plug_rb_snapshot_get_manifest:
 *
 * Returns: (nullable): the plugin's manifest, verbatim
 */
const char *
plug_rb_snapshot_get_manifest (PlugRbSnapshot *self)
{
  return get_string (self, "manifest");
}

static void
set_text (PlugRbSnapshot *self, PlugRbSnapshotProperty property, const char *value)
{
  const char *member = members[property];

  if (value != NULL && *value == '\0')
    value = NULL;
  if (g_strcmp0 (plug_rb_json_get_string (self->json, member), value) == 0)
    return;

  plug_rb_json_set_string (self->json, member, value);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/**
 * plug_rb_snapshot_set_label:
 * @label: (nullable): a name that the user gives it; empty is the same as %NULL
 *
 * Changes the label here and in the JSON, whose seal does not fit any more. What this and the next
 * two set is all that ever changes of a snapshot; nobody may read its JSON in another thread
 * meanwhile.
 */
void
plug_rb_snapshot_set_label (PlugRbSnapshot *self, const char *label)
{
  g_return_if_fail (PLUG_RB_IS_SNAPSHOT (self));

  set_text (self, PROP_LABEL, label);
}

/**
 * plug_rb_snapshot_set_note:
 * @note: (nullable): a longer text of the user; empty is the same as %NULL
 */
void
plug_rb_snapshot_set_note (PlugRbSnapshot *self, const char *note)
{
  g_return_if_fail (PLUG_RB_IS_SNAPSHOT (self));

  set_text (self, PROP_NOTE, note);
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

  json_object_set_boolean_member (self->json, "pinned", !!pinned);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PINNED]);
}

/**
 * plug_rb_snapshot_get_json:
 *
 * Returns: (transfer none): the metadata as they lie in snapshot.json; of a damaged one, what is
 * known
 */
JsonObject *
plug_rb_snapshot_get_json (PlugRbSnapshot *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT (self), NULL);

  return self->json;
}
