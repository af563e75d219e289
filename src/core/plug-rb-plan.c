/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-plan.h"

#include "plug-rb-change.h"
#include "plug-rb-snapshot.h"

struct _PlugRbPlan {
  GObject parent_instance;

  char *plugin;
  PlugRbSnapshot *from;
  PlugRbSnapshot *to;
  char *from_version;
  char *to_version;
  GListStore *files;
  GListStore *settings;
  GListStore *dependencies;
  guint64 write_bytes;
  guint64 free_bytes;
  GPtrArray *warnings;
  GPtrArray *blockers;
  gboolean removes;
  PlugRbPlanWork work;
};

G_DEFINE_FINAL_TYPE (PlugRbPlan, plug_rb_plan, G_TYPE_OBJECT)

typedef enum {
  PROP_FILES = 1,
  PROP_SETTINGS,
  PROP_DEPENDENCIES,
  PROP_N_FILES,
  PROP_N_SETTINGS,
  PROP_N_DEPENDENCIES,
  PROP_WRITE_BYTES,
  PROP_FREE_BYTES,
  PROP_WARNINGS,
  PROP_BLOCKERS,
  PROP_IS_EMPTY,
} PlugRbPlanProperty;

static GParamSpec *properties[PROP_IS_EMPTY + 1];

static guint
count (GListStore *list)
{
  return g_list_model_get_n_items (G_LIST_MODEL (list));
}

static void
work_clear (PlugRbPlanWork *work)
{
  g_clear_object (&work->host);
  g_clear_pointer (&work->live, plug_rb_state_unref);
  g_clear_pointer (&work->target, plug_rb_state_unref);
  g_clear_pointer (&work->excludes, g_strfreev);
  g_clear_pointer (&work->paths, g_strfreev);
  g_clear_pointer (&work->kept, g_strfreev);
}

static void
plug_rb_plan_finalize (GObject *object)
{
  PlugRbPlan *self = PLUG_RB_PLAN (object);

  g_clear_pointer (&self->plugin, g_free);
  g_clear_object (&self->from);
  g_clear_object (&self->to);
  g_clear_pointer (&self->from_version, g_free);
  g_clear_pointer (&self->to_version, g_free);
  g_clear_object (&self->files);
  g_clear_object (&self->settings);
  g_clear_object (&self->dependencies);
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
  g_clear_pointer (&self->blockers, g_ptr_array_unref);
  work_clear (&self->work);

  G_OBJECT_CLASS (plug_rb_plan_parent_class)->finalize (object);
}

static void
plug_rb_plan_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbPlan *self = PLUG_RB_PLAN (object);

  switch ((PlugRbPlanProperty) prop_id) {
  case PROP_FILES:
    g_value_set_object (value, self->files);
    break;
  case PROP_SETTINGS:
    g_value_set_object (value, self->settings);
    break;
  case PROP_DEPENDENCIES:
    g_value_set_object (value, self->dependencies);
    break;
  case PROP_N_FILES:
    g_value_set_uint (value, count (self->files));
    break;
  case PROP_N_SETTINGS:
    g_value_set_uint (value, count (self->settings));
    break;
  case PROP_N_DEPENDENCIES:
    g_value_set_uint (value, count (self->dependencies));
    break;
  case PROP_WRITE_BYTES:
    g_value_set_uint64 (value, self->write_bytes);
    break;
  case PROP_FREE_BYTES:
    g_value_set_uint64 (value, self->free_bytes);
    break;
  case PROP_WARNINGS:
    g_value_set_boxed (value, self->warnings->pdata);
    break;
  case PROP_BLOCKERS:
    g_value_set_boxed (value, self->blockers->pdata);
    break;
  case PROP_IS_EMPTY:
    g_value_set_boolean (value, plug_rb_plan_get_is_empty (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_plan_class_init (PlugRbPlanClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags fixed = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GType list = G_TYPE_LIST_MODEL;

  object_class->finalize = plug_rb_plan_finalize;
  object_class->get_property = plug_rb_plan_get_property;

  properties[PROP_FILES] = g_param_spec_object ("files", NULL, NULL, list, fixed);
  properties[PROP_SETTINGS] = g_param_spec_object ("settings", NULL, NULL, list, fixed);
  properties[PROP_DEPENDENCIES] = g_param_spec_object ("dependencies", NULL, NULL, list, fixed);
  properties[PROP_N_FILES] = g_param_spec_uint ("n-files", NULL, NULL, 0, G_MAXUINT, 0, fixed);
  properties[PROP_N_SETTINGS] =
      g_param_spec_uint ("n-settings", NULL, NULL, 0, G_MAXUINT, 0, fixed);
  properties[PROP_N_DEPENDENCIES] =
      g_param_spec_uint ("n-dependencies", NULL, NULL, 0, G_MAXUINT, 0, fixed);
  properties[PROP_WRITE_BYTES] =
      g_param_spec_uint64 ("write-bytes", NULL, NULL, 0, G_MAXUINT64, 0, fixed);
  properties[PROP_FREE_BYTES] =
      g_param_spec_uint64 ("free-bytes", NULL, NULL, 0, G_MAXUINT64, 0, fixed);
  properties[PROP_WARNINGS] = g_param_spec_boxed ("warnings", NULL, NULL, G_TYPE_STRV, fixed);
  properties[PROP_BLOCKERS] = g_param_spec_boxed ("blockers", NULL, NULL, G_TYPE_STRV, fixed);
  properties[PROP_IS_EMPTY] = g_param_spec_boolean ("is-empty", NULL, NULL, TRUE, fixed);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
plug_rb_plan_init (PlugRbPlan *self)
{
  self->files = g_list_store_new (PLUG_RB_TYPE_CHANGE);
  self->settings = g_list_store_new (PLUG_RB_TYPE_CHANGE);
  self->dependencies = g_list_store_new (PLUG_RB_TYPE_CHANGE);
  self->warnings = g_ptr_array_new_null_terminated (1, g_free, TRUE);
  self->blockers = g_ptr_array_new_null_terminated (1, g_free, TRUE);
}

/**
 * plug_rb_plan_new:
 * @plugin: key of the plugin
 * @from: (nullable): the state to start from; %NULL for what is installed
 * @to: (nullable): the state to come to; %NULL for what is installed
 * @from_version: (nullable): version in the state to start from
 * @to_version: (nullable): version in the state to come to
 *
 * Makes an empty plan. Who makes it fills it before anybody else sees it: it does not notify.
 *
 * Returns: (transfer full): the plan
 */
PlugRbPlan *
plug_rb_plan_new (const char *plugin,
                  PlugRbSnapshot *from,
                  PlugRbSnapshot *to,
                  const char *from_version,
                  const char *to_version)
{
  PlugRbPlan *self;

  g_return_val_if_fail (plugin != NULL, NULL);

  self = g_object_new (PLUG_RB_TYPE_PLAN, NULL);
  self->plugin = g_strdup (plugin);
  g_set_object (&self->from, from);
  g_set_object (&self->to, to);
  self->from_version = g_strdup (from_version);
  self->to_version = g_strdup (to_version);

  return self;
}

/**
 * plug_rb_plan_add_file:
 */
void
plug_rb_plan_add_file (PlugRbPlan *self, PlugRbChange *change)
{
  g_return_if_fail (PLUG_RB_IS_PLAN (self));

  g_list_store_append (self->files, change);
}

/**
 * plug_rb_plan_add_setting:
 */
void
plug_rb_plan_add_setting (PlugRbPlan *self, PlugRbChange *change)
{
  g_return_if_fail (PLUG_RB_IS_PLAN (self));

  g_list_store_append (self->settings, change);
}

/**
 * plug_rb_plan_add_dependency:
 * @change: its name is the id of a plugin, its values are versions
 */
void
plug_rb_plan_add_dependency (PlugRbPlan *self, PlugRbChange *change)
{
  g_return_if_fail (PLUG_RB_IS_PLAN (self));

  g_list_store_append (self->dependencies, change);
}

static void
add_once (GPtrArray *texts, const char *text)
{
  if (!g_ptr_array_find_with_equal_func (texts, text, g_str_equal, NULL))
    g_ptr_array_add (texts, g_strdup (text));
}

/**
 * plug_rb_plan_add_warning:
 * @text: a translated sentence
 *
 * Adds what the user should know before. The same sentence is kept once.
 */
void
plug_rb_plan_add_warning (PlugRbPlan *self, const char *text)
{
  g_return_if_fail (PLUG_RB_IS_PLAN (self));

  add_once (self->warnings, text);
}

/**
 * plug_rb_plan_add_blocker:
 * @text: a translated sentence
 *
 * Adds what makes carrying out the plan impossible. The same sentence is kept once.
 */
void
plug_rb_plan_add_blocker (PlugRbPlan *self, const char *text)
{
  g_return_if_fail (PLUG_RB_IS_PLAN (self));

  add_once (self->blockers, text);
}

/**
 * plug_rb_plan_set_bytes:
 * @write_bytes: how much will be written at most
 * @free_bytes: how much is free there; 0 if that is not known
 */
void
plug_rb_plan_set_bytes (PlugRbPlan *self, guint64 write_bytes, guint64 free_bytes)
{
  g_return_if_fail (PLUG_RB_IS_PLAN (self));

  self->write_bytes = write_bytes;
  self->free_bytes = free_bytes;
}

/**
 * plug_rb_plan_set_removes:
 * @removes: whether the plugin is there before and not after
 */
void
plug_rb_plan_set_removes (PlugRbPlan *self, gboolean removes)
{
  g_return_if_fail (PLUG_RB_IS_PLAN (self));

  self->removes = removes;
}

/**
 * plug_rb_plan_get_plugin:
 *
 * Returns: key of the plugin
 */
const char *
plug_rb_plan_get_plugin (PlugRbPlan *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLAN (self), NULL);

  return self->plugin;
}

/**
 * plug_rb_plan_get_from:
 *
 * Returns: (transfer none) (nullable): the state to start from; %NULL for what is installed
 */
PlugRbSnapshot *
plug_rb_plan_get_from (PlugRbPlan *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLAN (self), NULL);

  return self->from;
}

/**
 * plug_rb_plan_get_to:
 *
 * Returns: (transfer none) (nullable): the state to come to; %NULL for what is installed
 */
PlugRbSnapshot *
plug_rb_plan_get_to (PlugRbPlan *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLAN (self), NULL);

  return self->to;
}

/**
 * plug_rb_plan_get_from_version:
 *
 * Returns: (nullable): the version before
 */
const char *
plug_rb_plan_get_from_version (PlugRbPlan *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLAN (self), NULL);

  return self->from_version;
}

/**
 * plug_rb_plan_get_to_version:
 *
 * Returns: (nullable): the version after
 */
const char *
plug_rb_plan_get_to_version (PlugRbPlan *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLAN (self), NULL);

  return self->to_version;
}

/**
 * plug_rb_plan_get_files:
 *
 * Returns: (transfer none): a list of [class@PlugRbChange]
 */
GListModel *
plug_rb_plan_get_files (PlugRbPlan *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLAN (self), NULL);

  return G_LIST_MODEL (self->files);
}

/**
 * plug_rb_plan_get_settings:
 *
 * Returns: (transfer none): a list of [class@PlugRbChange]
 */
GListModel *
plug_rb_plan_get_settings (PlugRbPlan *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLAN (self), NULL);

  return G_LIST_MODEL (self->settings);
}

/**
 * plug_rb_plan_get_dependencies:
 *
 * Returns: (transfer none): a list of [class@PlugRbChange]
 */
GListModel *
plug_rb_plan_get_dependencies (PlugRbPlan *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLAN (self), NULL);

  return G_LIST_MODEL (self->dependencies);
}

/**
 * plug_rb_plan_get_write_bytes:
 */
guint64
plug_rb_plan_get_write_bytes (PlugRbPlan *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLAN (self), 0);

  return self->write_bytes;
}

/**
 * plug_rb_plan_get_free_bytes:
 */
guint64
plug_rb_plan_get_free_bytes (PlugRbPlan *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLAN (self), 0);

  return self->free_bytes;
}

/**
 * plug_rb_plan_get_warnings:
 *
 * Returns: (transfer none): sentences; never %NULL
 */
const char *const *
plug_rb_plan_get_warnings (PlugRbPlan *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLAN (self), NULL);

  return (const char *const *) self->warnings->pdata;
}

/**
 * plug_rb_plan_get_blockers:
 *
 * Returns: (transfer none): sentences; never %NULL. The plan can be carried out only if there are
 * none
 */
const char *const *
plug_rb_plan_get_blockers (PlugRbPlan *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLAN (self), NULL);

  return (const char *const *) self->blockers->pdata;
}

/**
 * plug_rb_plan_set_work:
 * @work: copied
 *
 * Says what the plan was made from, so that it can be carried out.
 */
void
plug_rb_plan_set_work (PlugRbPlan *self, const PlugRbPlanWork *work)
{
  g_return_if_fail (PLUG_RB_IS_PLAN (self) && self->work.host == NULL);

  self->work = (PlugRbPlanWork) {
    .host = g_object_ref (work->host),
    .live = plug_rb_state_ref (work->live),
    .target = plug_rb_state_ref (work->target),
    .scope = work->scope,
    .with_files = work->with_files,
    .excludes = g_strdupv (work->excludes),
    .paths = g_strdupv (work->paths),
    .kept = g_strdupv (work->kept),
  };
}

/**
 * plug_rb_plan_get_work:
 *
 * Returns: (transfer none): what the plan was made from; without a host if it is only a comparison
 */
const PlugRbPlanWork *
plug_rb_plan_get_work (PlugRbPlan *self)
{
  return &self->work;
}

/**
 * plug_rb_plan_get_is_empty:
 *
 * Returns: whether both states are the same in everything, times of files included
 */
gboolean
plug_rb_plan_get_is_empty (PlugRbPlan *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLAN (self), TRUE);

  return count (self->files) + count (self->settings) + count (self->dependencies) == 0;
}

/**
 * plug_rb_plan_get_removes:
 *
 * Returns: whether the plugin is gone afterwards
 */
gboolean
plug_rb_plan_get_removes (PlugRbPlan *self)
{
  g_return_val_if_fail (PLUG_RB_IS_PLAN (self), FALSE);

  return self->removes;
}
