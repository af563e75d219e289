/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-enums.h"

/**
 * plug_rb_enum_to_nick:
 * @type: a type of an enumeration
 * @value: one of its values
 *
 * Gives the word that stands for a value in the JSON formats.
 *
 * Returns: (nullable): the nick; %NULL if @type has no such value
 */
const char *
plug_rb_enum_to_nick (GType type, int value)
{
  const GEnumValue *found;

  g_return_val_if_fail (G_TYPE_IS_ENUM (type), NULL);

  found = g_enum_get_value (g_type_class_get (type), value);

  return found ? found->value_nick : NULL;
}

/**
 * plug_rb_enum_from_nick:
 * @type: a type of an enumeration
 * @nick: (nullable): a word, as plug_rb_enum_to_nick() gives it
 * @value: (out): the value; untouched if there is none
 *
 * Returns: whether @type has a value of that nick
 */
gboolean
plug_rb_enum_from_nick (GType type, const char *nick, int *value)
{
  const GEnumValue *found;

  g_return_val_if_fail (G_TYPE_IS_ENUM (type), FALSE);

  found = nick ? g_enum_get_value_by_nick (g_type_class_get (type), nick) : NULL;
  if (found != NULL)
    *value = found->value;

  return found != NULL;
}
