/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "plug-rb-bus.h"
#include "plug-rb-enum-types.h"
#include "plug-rb-error.h"
#include "plug-rb-host-file.h"
#include "plug-rb-plugin.h"
#include "plug-rb-template.h"
#include "plug-rb-version.h"

#define LOOK_TIMEOUT_MS 500

struct _PlugRbHost {
  GObject parent_instance;

  PlugRbHostFile *file; /* NULL if the description is invalid */
  char *id;
  char *name;
  char *message;
  char *reload_hint;
  PlugRbHostState state;
  GListStore *plugins;
};

G_DEFINE_FINAL_TYPE (PlugRbHost, plug_rb_host, G_TYPE_OBJECT)

typedef enum {
  PROP_ID = 1,
  PROP_NAME,
  PROP_ICON,
  PROP_STATE,
  PROP_MESSAGE,
  PROP_PLUGINS,
} PlugRbHostProperty;

static GParamSpec *properties[PROP_PLUGINS + 1];

static void
plug_rb_host_finalize (GObject *object)
{
  PlugRbHost *self = PLUG_RB_HOST (object);

  g_clear_pointer (&self->file, plug_rb_host_file_free);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->message, g_free);
  g_clear_pointer (&self->reload_hint, g_free);
  g_clear_object (&self->plugins);

  G_OBJECT_CLASS (plug_rb_host_parent_class)->finalize (object);
}

static void
plug_rb_host_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbHost *self = PLUG_RB_HOST (object);

  switch ((PlugRbHostProperty) prop_id) {
  case PROP_ID:
    g_value_set_string (value, self->id);
    break;

  case PROP_NAME:
    g_value_set_string (value, self->name);
    break;

  case PROP_ICON:
    g_value_set_string (value, plug_rb_host_get_icon (self));
    break;

  case PROP_STATE:
    g_value_set_enum (value, self->state);
    break;

  case PROP_MESSAGE:
    g_value_set_string (value, self->message);
    break;

  case PROP_PLUGINS:
    g_value_set_object (value, self->plugins);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_host_class_init (PlugRbHostClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = plug_rb_host_finalize;
  object_class->get_property = plug_rb_host_get_property;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_ICON] = g_param_spec_string ("icon", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, PLUG_RB_TYPE_HOST_STATE,
                                              PLUG_RB_HOST_STATE_PRESENT, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  properties[PROP_PLUGINS] = g_param_spec_object ("plugins", NULL, NULL, G_TYPE_LIST_MODEL, flags);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
plug_rb_host_init (PlugRbHost *self)
{
  self->plugins = g_list_store_new (PLUG_RB_TYPE_PLUGIN);
}

/* ---- loading */

static gboolean
is_detected (const PlugRbHostFile *file, const char *item)
{
  g_autofree char *path = NULL;

  if (g_str_has_prefix (item, "bus:"))
    return g_strcmp0 (item + strlen ("bus:"), file->bus_name) == 0
               ? plug_rb_host_file_is_on_bus (file)
               : plug_rb_bus_has_owner (item + strlen ("bus:"));

  path = plug_rb_template_expand (item + strlen ("path:"), NULL, NULL, NULL);
  return path != NULL && g_file_test (path, G_FILE_TEST_EXISTS);
}

static PlugRbHostState
judge_root (PlugRbHost *self, const PlugRbPlace *place)
{
  g_autofree char *path = plug_rb_template_expand (place->root, NULL, NULL, NULL);

  if (g_file_test (path, G_FILE_TEST_IS_DIR) && g_access (path, R_OK | X_OK) == 0)
    return PLUG_RB_HOST_STATE_PRESENT;

  if (g_access (path, R_OK | X_OK) < 0 && errno == ENOENT)
    return PLUG_RB_HOST_STATE_MISSING;

  if (self->message == NULL)
    self->message = g_strdup_printf (_("The folder “%s” cannot be read"), path);
  return PLUG_RB_HOST_STATE_UNREADABLE;
}

/* A root that cannot be read outweighs one that can, and that one none at all. */
static PlugRbHostState
judge (PlugRbHost *self)
{
  PlugRbHostState state = PLUG_RB_HOST_STATE_MISSING;

  if (!self->file->is_there)
    return PLUG_RB_HOST_STATE_MISSING;
  if (self->file->trouble != NULL) {
    self->message = g_strdup (self->file->trouble);
    return PLUG_RB_HOST_STATE_UNREADABLE;
  }

  for (guint i = 0; i < self->file->places->len; i++) {
    const PlugRbPlace *place = self->file->places->pdata[i];
    PlugRbHostState found = place->ignore ? judge_root (self, place) : PLUG_RB_HOST_STATE_MISSING;

    if (found == PLUG_RB_HOST_STATE_UNREADABLE)
      return found;
    if (found == PLUG_RB_HOST_STATE_PRESENT)
      state = found;
  }

  for (guint i = 0; state == PLUG_RB_HOST_STATE_MISSING && self->file->detect[i] != NULL; i++)
    if (is_detected (self->file, self->file->detect[i]))
      state = PLUG_RB_HOST_STATE_PRESENT;

  return state;
}

static char *
make_reload_hint (PlugRbHost *self)
{
  if (self->file->needs_login)
    return g_strdup_printf (_("Log out and in again, so that %s loads the plugin as it is now"),
                            self->name);
  if (self->file->needs_restart)
    return g_strdup_printf (
        _("Close %s and start it again, so that it loads the plugin as it is now"), self->name);

  return NULL;
}

static PlugRbHost *
host_new (PlugRbHostFile *file)
{
  PlugRbHost *self = g_object_new (PLUG_RB_TYPE_HOST, NULL);

  self->file = file;
  self->id = g_strdup (file->id);
  self->name = g_strdup (file->name);
  self->state = judge (self);
  self->reload_hint = make_reload_hint (self);

  return self;
}

/**
 * plug_rb_host_load_variants:
 * @path: absolute path of a description
 *
 * Reads a description and looks whether the host is there. May ask the session bus.
 *
 * Returns: (transfer full) (element-type PlugRbHost): the host in each of its variants and
 *   instances, or %NULL with an error that names file, line, group and key
 */
GPtrArray *
plug_rb_host_load_variants (const char *path, GError **error)
{
  g_autoptr(GPtrArray) files = NULL;
  GPtrArray *hosts;

  g_return_val_if_fail (path != NULL, NULL);

  if (!(files = plug_rb_host_file_load_all (path, error)))
    return NULL;

  hosts = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_set_free_func (files, NULL);
  for (guint i = 0; i < files->len; i++)
    g_ptr_array_add (hosts, host_new (files->pdata[i]));

  return hosts;
}

/**
 * plug_rb_host_load:
 * @path: absolute path of a description
 *
 * As plug_rb_host_load_variants(), for a description that has but one variant.
 *
 * Returns: (transfer full): the first of them
 */
PlugRbHost *
plug_rb_host_load (const char *path, GError **error)
{
  g_autoptr(GPtrArray) hosts = plug_rb_host_load_variants (path, error);

  return hosts ? g_object_ref (hosts->pdata[0]) : NULL;
}

/**
 * plug_rb_host_list_faults:
 * @path: absolute path of a description
 *
 * Returns: (transfer full) (element-type utf8): all that is wrong with it, in the order of the
 *   file
 */
GPtrArray *
plug_rb_host_list_faults (const char *path)
{
  g_return_val_if_fail (path != NULL, NULL);

  return plug_rb_host_file_list_faults (path);
}

/**
 * plug_rb_host_new_invalid:
 * @path: the description
 * @message: what is wrong with it
 *
 * Returns: (transfer full): a host that has the name of its file, no plugins, and says what is
 * wrong
 */
PlugRbHost *
plug_rb_host_new_invalid (const char *path, const char *message)
{
  PlugRbHost *self = g_object_new (PLUG_RB_TYPE_HOST, NULL);
  g_autofree char *file_name = g_path_get_basename (path);
  g_autofree char *name = g_filename_display_name (file_name);

  if (g_str_has_suffix (name, ".host"))
    name[strlen (name) - strlen (".host")] = '\0';

  self->id = g_strdup (name);
  self->name = g_strdup (name);
  self->message = g_strdup (message);
  self->state = PLUG_RB_HOST_STATE_DESCRIPTION_INVALID;

  return self;
}

/* ---- what it is */

/**
 * plug_rb_host_get_id:
 *
 * Returns: (transfer none): the name by which keys and folders call it
 */
const char *
plug_rb_host_get_id (PlugRbHost *self)
{
  g_return_val_if_fail (PLUG_RB_IS_HOST (self), NULL);

  return self->id;
}

/**
 * plug_rb_host_get_name:
 *
 * Returns: (transfer none): the name by which people call it
 */
const char *
plug_rb_host_get_name (PlugRbHost *self)
{
  g_return_val_if_fail (PLUG_RB_IS_HOST (self), NULL);

  return self->name;
}

/**
 * plug_rb_host_get_icon:
 *
 * Returns: (transfer none) (nullable): the name of its icon
 */
const char *
plug_rb_host_get_icon (PlugRbHost *self)
{
  g_return_val_if_fail (PLUG_RB_IS_HOST (self), NULL);

  return self->file ? self->file->icon : NULL;
}

/**
 * plug_rb_host_get_state:
 *
 * Returns: whether it is there, as it was when the description was loaded
 */
PlugRbHostState
plug_rb_host_get_state (PlugRbHost *self)
{
  g_return_val_if_fail (PLUG_RB_IS_HOST (self), PLUG_RB_HOST_STATE_MISSING);

  return self->state;
}

/**
 * plug_rb_host_get_message:
 *
 * Returns: (transfer none) (nullable): what is wrong with it
 */
const char *
plug_rb_host_get_message (PlugRbHost *self)
{
  g_return_val_if_fail (PLUG_RB_IS_HOST (self), NULL);

  return self->message;
}

/**
 * plug_rb_host_get_plugins:
 *
 * Returns: (transfer none): a #GListStore of its plugins, which the manager fills
 */
GListModel *
plug_rb_host_get_plugins (PlugRbHost *self)
{
  g_return_val_if_fail (PLUG_RB_IS_HOST (self), NULL);

  return G_LIST_MODEL (self->plugins);
}

/**
 * plug_rb_host_get_file:
 *
 * Returns: (transfer none) (nullable): the description, %NULL if it is invalid
 */
const PlugRbHostFile *
plug_rb_host_get_file (PlugRbHost *self)
{
  g_return_val_if_fail (PLUG_RB_IS_HOST (self), NULL);

  return self->file;
}

/**
 * plug_rb_host_get_cache_globs:
 *
 * Returns: (transfer none) (array zero-terminated=1): names in a plugin's folder that are never
 * stored
 */
const char *const *
plug_rb_host_get_cache_globs (PlugRbHost *self)
{
  static const char *const none[] = { NULL };

  g_return_val_if_fail (PLUG_RB_IS_HOST (self), NULL);

  return self->file ? (const char *const *) self->file->cache : none;
}

/**
 * plug_rb_host_get_exclude_globs:
 *
 * Returns: (transfer none) (array zero-terminated=1): names in a plugin's folder that are never
 * stored and that a rollback takes over from the plugin as it is
 */
const char *const *
plug_rb_host_get_exclude_globs (PlugRbHost *self)
{
  static const char *const none[] = { NULL };

  g_return_val_if_fail (PLUG_RB_IS_HOST (self), NULL);

  return self->file ? (const char *const *) self->file->exclude : none;
}

/**
 * plug_rb_host_get_settings_globs:
 *
 * Returns: (transfer none) (array zero-terminated=1): names in a plugin's folder that are settings
 * and not code
 */
const char *const *
plug_rb_host_get_settings_globs (PlugRbHost *self)
{
  static const char *const none[] = { NULL };

  g_return_val_if_fail (PLUG_RB_IS_HOST (self), NULL);

  return self->file && self->file->inside ? (const char *const *) self->file->inside : none;
}

/**
 * plug_rb_host_get_reload_hint:
 *
 * Returns: (transfer none) (nullable): what the user has to do before a change takes effect
 */
const char *
plug_rb_host_get_reload_hint (PlugRbHost *self)
{
  g_return_val_if_fail (PLUG_RB_IS_HOST (self), NULL);

  return self->reload_hint;
}

/**
 * plug_rb_host_get_needs_login:
 *
 * Returns: whether it loads a plugin anew only when the user logs in
 */
gboolean
plug_rb_host_get_needs_login (PlugRbHost *self)
{
  g_return_val_if_fail (PLUG_RB_IS_HOST (self), FALSE);

  return self->file->needs_login;
}

/* ---- what runs */

/**
 * plug_rb_host_dup_version:
 *
 * Asks the running host. Blocks for half a second at most.
 *
 * Returns: (transfer full) (nullable): its version, %NULL if it does not run or does not tell
 */
char *
plug_rb_host_dup_version (PlugRbHost *self)
{
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariant) value = NULL;

  g_return_val_if_fail (PLUG_RB_IS_HOST (self), NULL);

  if (self->file != NULL && self->file->version_query != NULL)
    reply = plug_rb_bus_call_run (self->file->version_query, "", LOOK_TIMEOUT_MS, NULL);
  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(v)")))
    return NULL;

  g_variant_get (reply, "(v)", &value);

  return g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) ? g_variant_dup_string (value, NULL)
                                                             : NULL;
}

static gboolean
fits_rule (PlugRbHost *self, const char *said, const char *running)
{
  const PlugRbHostFile *file = plug_rb_host_get_file (self);
  gsize length = strlen (said);

  switch (file ? file->host_rule : PLUG_RB_HOST_RULE_PREFIX) {
  case PLUG_RB_HOST_RULE_RANGE:
    return plug_rb_version_is_in (running, said);
  case PLUG_RB_HOST_RULE_MIN:
    return plug_rb_version_compare (running, said) >= 0;
  case PLUG_RB_HOST_RULE_EQUAL:
    return g_str_equal (running, said);
  case PLUG_RB_HOST_RULE_PREFIX:
  default:
    return length > 0 && g_str_has_prefix (running, said) &&
           (running[length] == '\0' || running[length] == '.');
  }
}

/**
 * plug_rb_host_supports:
 * @host_versions: (nullable): the versions that a plugin says it supports
 * @running_version: (nullable): the version of the host
 *
 * Returns: whether the host will load the plugin: the running version fits one of them, by the rule
 *   of the description. %TRUE where nothing is known.
 */
gboolean
plug_rb_host_supports (PlugRbHost *self,
                       const char *const *host_versions,
                       const char *running_version)
{
  g_return_val_if_fail (PLUG_RB_IS_HOST (self), TRUE);

  if (running_version == NULL || host_versions == NULL || host_versions[0] == NULL)
    return TRUE;

  for (guint i = 0; host_versions[i] != NULL; i++)
    if (fits_rule (self, host_versions[i], running_version))
      return TRUE;

  return FALSE;
}
