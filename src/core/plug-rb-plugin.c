/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-plugin.h"

#include "plug-rb-enum-types.h"
#include "plug-rb-host.h"
#include "plug-rb-list.h"
#include "plug-rb-snapshot.h"

struct _PlugRbPlugin {
  GObject parent_instance;

  PlugRbHost *host;
  char *key;
  char *id;
  char *name;
  char *version;
  char *description;
  char *path;
  char *message;
  PlugRbHealth verdict;
  char *verdict_message;
  char *hint;
  gboolean enabled;
  gboolean installed;
  gboolean busy;
  GListStore *snapshots;
  PlugRbSnapshot *latest_good;
  PlugRbSnapshot *current;
};

G_DEFINE_FINAL_TYPE (PlugRbPlugin, plug_rb_plugin, G_TYPE_OBJECT)

typedef enum {
  PROP_HOST = 1,
  PROP_KEY,
  PROP_ID,
  PROP_NAME,
  PROP_VERSION,
  PROP_DESCRIPTION,
  PROP_PATH,
  PROP_ENABLED,
  PROP_INSTALLED,
  PROP_MESSAGE,
  PROP_HEALTH,
  PROP_HEALTH_MESSAGE,
  PROP_HINT,
  PROP_BUSY,
  PROP_SNAPSHOTS,
  PROP_N_SNAPSHOTS,
  PROP_LATEST_GOOD,
  PROP_CURRENT,
} PlugRbPluginProperty;

static GParamSpec *properties[PROP_CURRENT + 1];

static void
plug_rb_plugin_finalize (GObject *object)
{
  PlugRbPlugin *self = PLUG_RB_PLUGIN (object);

  g_clear_object (&self->host);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->version, g_free);
  g_clear_pointer (&self->description, g_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->message, g_free);
  g_clear_pointer (&self->verdict_message, g_free);
  g_clear_pointer (&self->hint, g_free);
  g_clear_object (&self->snapshots);
  g_clear_object (&self->latest_good);
  g_clear_object (&self->current);

  G_OBJECT_CLASS (plug_rb_plugin_parent_class)->finalize (object);
}

static void
plug_rb_plugin_constructed (GObject *object)
{
  PlugRbPlugin *self = PLUG_RB_PLUGIN (object);

  G_OBJECT_CLASS (plug_rb_plugin_parent_class)->constructed (object);

  self->key = g_strconcat (plug_rb_host_get_id (self->host), "/", self->id, NULL);
}

static char **
get_string (PlugRbPlugin *self, PlugRbPluginProperty property)
{
  char **const strings[] = {
    [PROP_KEY] = &self->key,
    [PROP_ID] = &self->id,
    [PROP_NAME] = &self->name,
    [PROP_VERSION] = &self->version,
    [PROP_DESCRIPTION] = &self->description,
    [PROP_PATH] = &self->path,
    [PROP_MESSAGE] = &self->message,
    [PROP_HEALTH_MESSAGE] = self->message ? &self->message : &self->verdict_message,
    [PROP_HINT] = &self->hint,
  };

  return strings[property];
}

static void
plug_rb_plugin_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbPlugin *self = PLUG_RB_PLUGIN (object);

  switch ((PlugRbPluginProperty) prop_id) {
  case PROP_HOST:
    g_value_set_object (value, self->host);
    break;
  case PROP_ENABLED:
    g_value_set_boolean (value, self->enabled);
    break;
  case PROP_INSTALLED:
    g_value_set_boolean (value, self->installed);
    break;
  case PROP_KEY:
  case PROP_ID:
  case PROP_NAME:
  case PROP_VERSION:
  case PROP_DESCRIPTION:
  case PROP_PATH:
  case PROP_MESSAGE:
  case PROP_HEALTH_MESSAGE:
  case PROP_HINT:
    g_value_set_string (value, *get_string (self, (PlugRbPluginProperty) prop_id));
    break;
  case PROP_HEALTH:
    g_value_set_enum (value, plug_rb_plugin_get_health (self));
    break;
  case PROP_BUSY:
    g_value_set_boolean (value, self->busy);
    break;
  case PROP_SNAPSHOTS:
    g_value_set_object (value, self->snapshots);
    break;
  case PROP_N_SNAPSHOTS:
    g_value_set_uint (value, plug_rb_plugin_get_n_snapshots (self));
    break;
  case PROP_LATEST_GOOD:
    g_value_set_object (value, self->latest_good);
    break;
  case PROP_CURRENT:
    g_value_set_object (value, self->current);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_plugin_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  PlugRbPlugin *self = PLUG_RB_PLUGIN (object);

  switch ((PlugRbPluginProperty) prop_id) {
  case PROP_HOST:
    self->host = g_value_dup_object (value);
    break;
  case PROP_ID:
  case PROP_NAME:
  case PROP_VERSION:
  case PROP_DESCRIPTION:
  case PROP_PATH:
  case PROP_MESSAGE:
    *get_string (self, (PlugRbPluginProperty) prop_id) = g_value_dup_string (value);
    break;
  case PROP_ENABLED:
    self->enabled = g_value_get_boolean (value);
    break;
  case PROP_INSTALLED:
    self->installed = g_value_get_boolean (value);
    break;
  case PROP_KEY:
  case PROP_HEALTH:
  case PROP_HEALTH_MESSAGE:
  case PROP_HINT:
  case PROP_BUSY:
  case PROP_SNAPSHOTS:
  case PROP_N_SNAPSHOTS:
  case PROP_LATEST_GOOD:
  case PROP_CURRENT:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
install_strings (void)
{
  static const struct {
    PlugRbPluginProperty id;
    const char *name;
    gboolean given;
  } strings[] = {
    { PROP_KEY, "key", FALSE },
    { PROP_ID, "id", TRUE },
    { PROP_NAME, "name", TRUE },
    { PROP_VERSION, "version", TRUE },
    { PROP_DESCRIPTION, "description", TRUE },
    { PROP_PATH, "path", TRUE },
    { PROP_MESSAGE, "message", TRUE },
    { PROP_HEALTH_MESSAGE, "health-message", FALSE },
    { PROP_HINT, "hint", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    properties[strings[i].id] = g_param_spec_string (
        strings[i].name, NULL, NULL, NULL,
        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS |
            (strings[i].given ? G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY : 0));
}

static void
plug_rb_plugin_class_init (PlugRbPluginClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags seen = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GParamFlags given = seen | G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY;

  object_class->constructed = plug_rb_plugin_constructed;
  object_class->finalize = plug_rb_plugin_finalize;
  object_class->get_property = plug_rb_plugin_get_property;
  object_class->set_property = plug_rb_plugin_set_property;

  install_strings ();
  properties[PROP_HOST] = g_param_spec_object ("host", NULL, NULL, PLUG_RB_TYPE_HOST, given);
  properties[PROP_ENABLED] = g_param_spec_boolean ("enabled", NULL, NULL, FALSE, given);
  properties[PROP_INSTALLED] = g_param_spec_boolean ("installed", NULL, NULL, FALSE, given);
  properties[PROP_HEALTH] =
      g_param_spec_enum ("health", NULL, NULL, PLUG_RB_TYPE_HEALTH, PLUG_RB_HEALTH_UNKNOWN, seen);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, seen);
  properties[PROP_SNAPSHOTS] =
      g_param_spec_object ("snapshots", NULL, NULL, G_TYPE_LIST_MODEL, seen);
  properties[PROP_N_SNAPSHOTS] =
      g_param_spec_uint ("n-snapshots", NULL, NULL, 0, G_MAXUINT, 0, seen);
  properties[PROP_LATEST_GOOD] =
      g_param_spec_object ("latest-good", NULL, NULL, PLUG_RB_TYPE_SNAPSHOT, seen);
  properties[PROP_CURRENT] =
      g_param_spec_object ("current", NULL, NULL, PLUG_RB_TYPE_SNAPSHOT, seen);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
plug_rb_plugin_init (PlugRbPlugin *self)
{
  self->snapshots = g_list_store_new (PLUG_RB_TYPE_SNAPSHOT);
}

/**
 * plug_rb_plugin_get_host:
 *
 * Returns: (transfer none): the program that loads it
 */
PlugRbHost *
plug_rb_plugin_get_host (PlugRbPlugin *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (self), NULL);

  return self->host;
}

/**
 * plug_rb_plugin_get_key:
 *
 * Returns: "HOST/ID"
 */
const char *
plug_rb_plugin_get_key (PlugRbPlugin *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (self), NULL);

  return self->key;
}

/**
 * plug_rb_plugin_get_id:
 *
 * Returns: what tells it from others of its host
 */
const char *
plug_rb_plugin_get_id (PlugRbPlugin *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (self), NULL);

  return self->id;
}

/**
 * plug_rb_plugin_get_name:
 *
 * Returns: what it calls itself, or its id
 */
const char *
plug_rb_plugin_get_name (PlugRbPlugin *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (self), NULL);

  return self->name ? self->name : self->id;
}

/**
 * plug_rb_plugin_get_version:
 *
 * Returns: (nullable): its version, if it has one
 */
const char *
plug_rb_plugin_get_version (PlugRbPlugin *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (self), NULL);

  return self->version;
}

/**
 * plug_rb_plugin_get_path:
 *
 * Returns: (nullable): its folder, for people
 */
const char *
plug_rb_plugin_get_path (PlugRbPlugin *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (self), NULL);

  return self->path;
}

/**
 * plug_rb_plugin_get_message:
 *
 * Returns: (nullable): why its manifest cannot be read
 */
const char *
plug_rb_plugin_get_message (PlugRbPlugin *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (self), NULL);

  return self->message;
}

/**
 * plug_rb_plugin_get_enabled:
 *
 * Returns: whether the host loads it
 */
gboolean
plug_rb_plugin_get_enabled (PlugRbPlugin *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (self), FALSE);

  return self->enabled;
}

/**
 * plug_rb_plugin_get_installed:
 *
 * Returns: whether its files are there; if not, only snapshots remember it
 */
gboolean
plug_rb_plugin_get_installed (PlugRbPlugin *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (self), FALSE);

  return self->installed;
}

/**
 * plug_rb_plugin_get_health:
 *
 * Returns: bad if the manifest cannot be read, otherwise what the host said: health is never
 * guessed
 */
PlugRbHealth
plug_rb_plugin_get_health (PlugRbPlugin *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (self), PLUG_RB_HEALTH_UNKNOWN);

  return self->message ? PLUG_RB_HEALTH_BAD : self->verdict;
}

/**
 * plug_rb_plugin_get_health_message:
 *
 * Returns: (nullable): what is wrong with it, in the host's words or ours
 */
const char *
plug_rb_plugin_get_health_message (PlugRbPlugin *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (self), NULL);

  return self->message ? self->message : self->verdict_message;
}

static void
notify_health (PlugRbPlugin *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HEALTH]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HEALTH_MESSAGE]);
}

/**
 * plug_rb_plugin_set_verdict:
 * @message: (nullable): what the host says of a failure
 *
 * Notes what the host says of the plugin.
 */
void
plug_rb_plugin_set_verdict (PlugRbPlugin *self, PlugRbHealth health, const char *message)
{
  g_return_if_fail (PLUG_RB_IS_PLUGIN (self));

  if (self->verdict == health && g_strcmp0 (self->verdict_message, message) == 0)
    return;

  self->verdict = health;
  g_set_str (&self->verdict_message, message);
  notify_health (self);
}

/**
 * plug_rb_plugin_get_hint:
 *
 * Returns: (nullable): what the user has to do to finish a rollback
 */
const char *
plug_rb_plugin_get_hint (PlugRbPlugin *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (self), NULL);

  return self->hint;
}

/**
 * plug_rb_plugin_get_busy:
 *
 * Returns: whether an operation of this process is about it
 */
gboolean
plug_rb_plugin_get_busy (PlugRbPlugin *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (self), FALSE);

  return self->busy;
}

/**
 * plug_rb_plugin_get_snapshots:
 *
 * Returns: (transfer none): a list of its [class@PlugRbSnapshot], newest first
 */
GListModel *
plug_rb_plugin_get_snapshots (PlugRbPlugin *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (self), NULL);

  return G_LIST_MODEL (self->snapshots);
}

/**
 * plug_rb_plugin_get_n_snapshots:
 *
 * Returns: how many snapshots of it there are
 */
guint
plug_rb_plugin_get_n_snapshots (PlugRbPlugin *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (self), 0);

  return g_list_model_get_n_items (G_LIST_MODEL (self->snapshots));
}

/**
 * plug_rb_plugin_get_latest_good:
 *
 * Returns: (nullable) (transfer none): the snapshot that *Roll Back* goes to
 */
PlugRbSnapshot *
plug_rb_plugin_get_latest_good (PlugRbPlugin *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (self), NULL);

  return self->latest_good;
}

/**
 * plug_rb_plugin_get_current:
 *
 * Returns: (nullable) (transfer none): the newest snapshot that equals what is installed
 */
PlugRbSnapshot *
plug_rb_plugin_get_current (PlugRbPlugin *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLUGIN (self), NULL);

  return self->current;
}

/**
 * plug_rb_plugin_set_hint:
 * @hint: (nullable): what the user has to do to finish a rollback
 */
void
plug_rb_plugin_set_hint (PlugRbPlugin *self, const char *hint)
{
  g_return_if_fail (PLUG_RB_IS_PLUGIN (self));

  if (g_set_str (&self->hint, hint))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HINT]);
}

/**
 * plug_rb_plugin_set_busy:
 * @busy: whether an operation of this process is about it
 */
void
plug_rb_plugin_set_busy (PlugRbPlugin *self, gboolean busy)
{
  g_return_if_fail (PLUG_RB_IS_PLUGIN (self));

  if (self->busy == busy)
    return;

  self->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

/**
 * plug_rb_plugin_set_latest_good:
 * @snapshot: (nullable): the snapshot that *Roll Back* goes to
 */
void
plug_rb_plugin_set_latest_good (PlugRbPlugin *self, PlugRbSnapshot *snapshot)
{
  g_return_if_fail (PLUG_RB_IS_PLUGIN (self));

  if (g_set_object (&self->latest_good, snapshot))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LATEST_GOOD]);
}

/**
 * plug_rb_plugin_set_current:
 * @snapshot: (nullable): the newest snapshot that equals what is installed
 */
void
plug_rb_plugin_set_current (PlugRbPlugin *self, PlugRbSnapshot *snapshot)
{
  g_return_if_fail (PLUG_RB_IS_PLUGIN (self));

  if (g_set_object (&self->current, snapshot))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURRENT]);
}

/**
 * plug_rb_plugin_set_snapshots:
 * @snapshots: (element-type PlugRbSnapshot): newest first
 *
 * Replaces what differs, so that a list that shows them does not flicker.
 */
void
plug_rb_plugin_set_snapshots (PlugRbPlugin *self, GPtrArray *snapshots)
{
  guint old_n;

  g_return_if_fail (PLUG_RB_IS_PLUGIN (self));

  old_n = plug_rb_plugin_get_n_snapshots (self);
  plug_rb_list_sync (self->snapshots, snapshots);
  if (old_n != snapshots->len)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_SNAPSHOTS]);
}

static void
update_string (PlugRbPlugin *self, PlugRbPlugin *seen, PlugRbPluginProperty property)
{
  if (g_set_str (get_string (self, property), *get_string (seen, property)))
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
update_flag (PlugRbPlugin *self, gboolean *flag, gboolean value, PlugRbPluginProperty property)
{
  if (*flag == value)
    return;

  *flag = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/**
 * plug_rb_plugin_update:
 * @seen: the same plugin as it was just discovered
 *
 * Takes over what discovery finds out, with notifications for what changed.
 */
void
plug_rb_plugin_update (PlugRbPlugin *self, PlugRbPlugin *seen)
{
  g_return_if_fail (PLUG_RB_IS_PLUGIN (self));
  g_return_if_fail (PLUG_RB_IS_PLUGIN (seen));

  update_string (self, seen, PROP_NAME);
  update_string (self, seen, PROP_VERSION);
  update_string (self, seen, PROP_DESCRIPTION);
  update_string (self, seen, PROP_PATH);
  update_flag (self, &self->enabled, seen->enabled, PROP_ENABLED);
  update_flag (self, &self->installed, seen->installed, PROP_INSTALLED);

  if (g_set_str (&self->message, seen->message)) {
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
    notify_health (self);
  }
  plug_rb_plugin_set_verdict (self, seen->verdict, seen->verdict_message);
}
