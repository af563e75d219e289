/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-change.h"

#include "plug-rb-enum-types.h"

struct _PlugRbChange {
  GObject parent_instance;

  PlugRbChangeKind kind;
  char *name;
  char *from;
  char *to;
  guint64 from_size;
  guint64 size;
  char *part;
  char *path;
};

G_DEFINE_FINAL_TYPE (PlugRbChange, plug_rb_change, G_TYPE_OBJECT)

typedef enum {
  PROP_KIND = 1,
  PROP_NAME,
  PROP_FROM,
  PROP_TO,
  PROP_FROM_SIZE,
  PROP_SIZE,
} PlugRbChangeProperty;

static GParamSpec *properties[PROP_SIZE + 1];

static void
plug_rb_change_finalize (GObject *object)
{
  PlugRbChange *self = PLUG_RB_CHANGE (object);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->from, g_free);
  g_clear_pointer (&self->to, g_free);
  g_clear_pointer (&self->part, g_free);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (plug_rb_change_parent_class)->finalize (object);
}

static void
plug_rb_change_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PlugRbChange *self = PLUG_RB_CHANGE (object);

  switch ((PlugRbChangeProperty) prop_id) {
  case PROP_KIND:
    g_value_set_enum (value, self->kind);
    break;
  case PROP_NAME:
    g_value_set_string (value, self->name);
    break;
  case PROP_FROM:
    g_value_set_string (value, self->from);
    break;
  case PROP_TO:
    g_value_set_string (value, self->to);
    break;
  case PROP_FROM_SIZE:
    g_value_set_uint64 (value, self->from_size);
    break;
  case PROP_SIZE:
    g_value_set_uint64 (value, self->size);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_change_class_init (PlugRbChangeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags fixed = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = plug_rb_change_finalize;
  object_class->get_property = plug_rb_change_get_property;

  properties[PROP_KIND] =
      g_param_spec_enum ("kind", NULL, NULL, PLUG_RB_TYPE_CHANGE_KIND, PLUG_RB_CHANGE_ADDED, fixed);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, fixed);
  properties[PROP_FROM] = g_param_spec_string ("from", NULL, NULL, NULL, fixed);
  properties[PROP_TO] = g_param_spec_string ("to", NULL, NULL, NULL, fixed);
  properties[PROP_FROM_SIZE] =
      g_param_spec_uint64 ("from-size", NULL, NULL, 0, G_MAXUINT64, 0, fixed);
  properties[PROP_SIZE] = g_param_spec_uint64 ("size", NULL, NULL, 0, G_MAXUINT64, 0, fixed);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
plug_rb_change_init (PlugRbChange *self)
{
}

/**
 * plug_rb_change_new_file:
 * @kind: what happens to it
 * @name: path below the plugin's folder, for display
 * @from_size: its size in bytes before; 0 if it is not there
 * @to_size: its size in bytes after; 0 if it is not there
 *
 * Returns: (transfer full): the change of one file, link or folder
 */
PlugRbChange *
plug_rb_change_new_file (PlugRbChangeKind kind,
                         const char *name,
                         guint64 from_size,
                         guint64 to_size)
{
  PlugRbChange *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (PLUG_RB_TYPE_CHANGE, NULL);
  self->kind = kind;
  self->name = g_strdup (name);
  self->from_size = from_size;
  self->size = to_size;

  return self;
}

/**
 * plug_rb_change_new_value:
 * @name: key of a setting, or id of a plugin that another depends on
 * @from: (nullable): its value before, as text; %NULL if it is unset
 * @to: (nullable): its value after
 *
 * Returns: (transfer full): the change of one value
 */
PlugRbChange *
plug_rb_change_new_value (const char *name, const char *from, const char *to)
{
  PlugRbChange *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (PLUG_RB_TYPE_CHANGE, NULL);
  self->kind = from == NULL ? PLUG_RB_CHANGE_ADDED
               : to == NULL ? PLUG_RB_CHANGE_REMOVED
                            : PLUG_RB_CHANGE_CHANGED;
  self->name = g_strdup (name);
  self->from = g_strdup (from);
  self->to = g_strdup (to);

  return self;
}

/**
 * plug_rb_change_get_kind:
 */
PlugRbChangeKind
plug_rb_change_get_kind (PlugRbChange *self)
{
  g_return_val_if_fail (PLUG_RB_IS_CHANGE (self), PLUG_RB_CHANGE_CHANGED);

  return self->kind;
}

/**
 * plug_rb_change_get_name:
 *
 * Returns: path of a file, key of a setting, or id of a plugin
 */
const char *
plug_rb_change_get_name (PlugRbChange *self)
{
  g_return_val_if_fail (PLUG_RB_IS_CHANGE (self), NULL);

  return self->name;
}

/**
 * plug_rb_change_get_from:
 *
 * Returns: (nullable): the value before; %NULL for files and for what is unset
 */
const char *
plug_rb_change_get_from (PlugRbChange *self)
{
  g_return_val_if_fail (PLUG_RB_IS_CHANGE (self), NULL);

  return self->from;
}

/**
 * plug_rb_change_get_to:
 *
 * Returns: (nullable): the value after; %NULL for files and for what becomes unset
 */
const char *
plug_rb_change_get_to (PlugRbChange *self)
{
  g_return_val_if_fail (PLUG_RB_IS_CHANGE (self), NULL);

  return self->to;
}

/**
 * plug_rb_change_get_from_size:
 *
 * Returns: the size of a file before, in bytes
 */
guint64
plug_rb_change_get_from_size (PlugRbChange *self)
{
  g_return_val_if_fail (PLUG_RB_IS_CHANGE (self), 0);

  return self->from_size;
}

/**
 * plug_rb_change_get_size:
 *
 * Returns: the size of a file after, in bytes
 */
guint64
plug_rb_change_get_size (PlugRbChange *self)
{
  g_return_val_if_fail (PLUG_RB_IS_CHANGE (self), 0);

  return self->size;
}

/**
 * plug_rb_change_set_place:
 * @path: (type filename): path below the part, byte for byte
 *
 * Says where the file is, which its name is only made to show.
 */
void
plug_rb_change_set_place (PlugRbChange *self, const char *part, const char *path)
{
  g_return_if_fail (PLUG_RB_IS_CHANGE (self));

  g_set_str (&self->part, part);
  g_set_str (&self->path, path);
}

/**
 * plug_rb_change_get_part:
 *
 * Returns: (nullable): part of the plugin in which a file lies
 */
const char *
plug_rb_change_get_part (PlugRbChange *self)
{
  g_return_val_if_fail (PLUG_RB_IS_CHANGE (self), NULL);

  return self->part;
}

/**
 * plug_rb_change_get_path:
 *
 * Returns: (nullable) (type filename): path of a file below its part
 */
const char *
plug_rb_change_get_path (PlugRbChange *self)
{
  g_return_val_if_fail (PLUG_RB_IS_CHANGE (self), NULL);

  return self->path;
}

/**
 * plug_rb_change_has_content:
 *
 * Returns: whether the content of a file comes, goes or changes
 */
gboolean
plug_rb_change_has_content (PlugRbChange *self)
{
  g_return_val_if_fail (PLUG_RB_IS_CHANGE (self), FALSE);

  return self->path != NULL && (self->size > 0 || self->from_size > 0) &&
         self->kind != PLUG_RB_CHANGE_PERMISSIONS && self->kind != PLUG_RB_CHANGE_TIME;
}
