/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-ini-lines.h"

#include <string.h>

static gboolean
has_flags (GVariant *value)
{
  return g_variant_is_of_type (value, G_VARIANT_TYPE_TUPLE) && g_variant_n_children (value) == 2;
}

static GVariant *
get_plain (GVariant *value)
{
  return has_flags (value) ? g_variant_get_child_value (value, 1) : g_variant_ref (value);
}

static char *
dup_flags (GVariant *value)
{
  g_autoptr(GVariant) flags = has_flags (value) ? g_variant_get_child_value (value, 0) : NULL;

  return flags ? g_variant_dup_string (flags, NULL) : NULL;
}

static char *
dup_text (GVariant *value)
{
  g_autoptr(GVariant) plain = get_plain (value);

  if (g_variant_is_of_type (plain, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (plain, NULL);

  return g_variant_is_of_type (plain, G_VARIANT_TYPE_BYTESTRING)
             ? g_variant_dup_bytestring (plain, NULL)
             : NULL;
}

static gboolean
are_flags (GVariant *value)
{
  g_autoptr(GVariant) child = g_variant_get_child_value (value, 0);
  const char *flags;

  if (!g_variant_is_of_type (child, G_VARIANT_TYPE_STRING))
    return FALSE;

  flags = g_variant_get_string (child, NULL);
  return g_str_has_prefix (flags, "[$") && g_str_has_suffix (flags, "]") &&
         strpbrk (flags, "=\r\n") == NULL;
}

/**
 * plug_rb_ini_is_value:
 *
 * Returns: whether plug_rb_ini_set() takes this: it is what plug_rb_ini_get() gives, and one line
 */
gboolean
plug_rb_ini_is_value (GVariant *value)
{
  g_autoptr(GVariant) plain = get_plain (value);
  g_autofree char *text = NULL;

  if (has_flags (value) && !are_flags (value))
    return FALSE;
  if (g_variant_is_of_type (plain, G_VARIANT_TYPE_UNIT))
    return TRUE;

  text = dup_text (plain);
  /* A return at the end would be taken for part of the line's end. */
  return text != NULL && strchr (text, '\n') == NULL && !g_str_has_suffix (text, "\r");
}

static void
insert (PlugRbIni *self, guint index, const char *text)
{
  g_ptr_array_insert (self->lines, (int) index,
                      plug_rb_ini_line_new (text, strlen (text), self->end));
}

static gboolean
is_blank (PlugRbIni *self, guint index)
{
  const char *text = plug_rb_ini_get_line (self, index)->text;

  return text[strspn (text, SPACE)] == '\0';
}

/* Where the last piece of a group ends, without blank lines. */
static gboolean
find_end (PlugRbIni *self, const char *group, guint *end)
{
  gboolean found = *group == '\0';

  *end = 0;
  for (guint i = 0; i < self->lines->len; i++) {
    const PlugRbIniLine *line = plug_rb_ini_get_line (self, i);

    if (line->kind == PLUG_RB_INI_GROUP)
      found = g_str_equal (line->name, group);
    if (found && !is_blank (self, i))
      *end = i + 1;
  }

  return *end > 0 || *group == '\0';
}

/* Before the first one that comes after it: KConfig writes them in this order. */
static guint
find_place (PlugRbIni *self, const char *group)
{
  for (guint i = 0; self->has_order && i < self->lines->len; i++) {
    const PlugRbIniLine *line = plug_rb_ini_get_line (self, i);

    if (line->kind == PLUG_RB_INI_GROUP && plug_rb_ini_compare_groups (line->name, group) > 0)
      return i;
  }

  return self->lines->len;
}

static guint
add_group (PlugRbIni *self, const char *group)
{
  guint index = find_place (self, group);
  g_autofree char *header = g_strdup_printf ("[%s]", group);

  if (index < self->lines->len) {
    insert (self, index, "");
  } else if (index > 0 && !is_blank (self, index - 1)) {
    insert (self, index, "");
    index++;
  }

  insert (self, index, header);
  return index + 1;
}

/* Behind the last key that comes before it, if they are in order. */
static guint
find_key_place (PlugRbIni *self, guint end, const char *key)
{
  guint place = end;

  while (place > 0 && plug_rb_ini_get_line (self, place - 1)->kind == PLUG_RB_INI_KEY &&
         strcmp (plug_rb_ini_get_line (self, place - 1)->name, key) > 0)
    place--;

  return place;
}

static char *
build_line (const char *key, const char *flags, const char *value)
{
  return g_strconcat (key, flags ? flags : "", value ? "=" : NULL, value, NULL);
}

/* What stands before “=” stays as it is laid out, unless its flags change. */
static void
change (PlugRbIniLine *line, const char *flags, const char *value)
{
  g_autofree char *before = g_strndup (line->text, strcspn (line->text, "="));
  gboolean same = g_strcmp0 (flags, line->flags) == 0;

  g_free (line->text);
  line->text = build_line (same ? before : line->name, same ? NULL : flags, value);
  g_set_str (&line->flags, flags);
  g_set_str (&line->value, value);
}

/**
 * plug_rb_ini_set:
 * @value: as plug_rb_ini_get() gave it
 *
 * Changes a key where it is, or adds it, with its group if that is needed.
 */
void
plug_rb_ini_set (PlugRbIni *self, const char *group, const char *key, GVariant *value)
{
  g_autofree char *text = dup_text (value);
  g_autofree char *flags = dup_flags (value);
  g_autofree char *added = build_line (key, flags, text);
  PlugRbIniLine *line = plug_rb_ini_find_key (self, group, key);
  guint end;

  if (line != NULL) {
    change (line, flags, text);
    return;
  }

  if (!find_end (self, group, &end))
    end = add_group (self, group);
  insert (self, find_key_place (self, end, key), added);
}

static gboolean
remove_key (PlugRbIni *self, guint index, gpointer key)
{
  const PlugRbIniLine *line = plug_rb_ini_get_line (self, index);

  if (line->kind == PLUG_RB_INI_KEY && g_str_equal (line->name, key))
    g_ptr_array_remove_index (self->lines, index);

  return FALSE;
}

/* A group with nothing in it goes, with the blank lines behind it. */
static void
remove_empty (PlugRbIni *self, const char *group)
{
  for (guint i = self->lines->len; i-- > 0;) {
    guint end = i + 1;

    if (plug_rb_ini_get_line (self, i)->kind != PLUG_RB_INI_GROUP ||
        !g_str_equal (plug_rb_ini_get_line (self, i)->name, group))
      continue;
    while (end < self->lines->len && is_blank (self, end))
      end++;
    if (end < self->lines->len && plug_rb_ini_get_line (self, end)->kind != PLUG_RB_INI_GROUP)
      continue;

    g_ptr_array_remove_range (self->lines, i, end - i);
    if (i == self->lines->len && i > 0 && is_blank (self, i - 1))
      g_ptr_array_remove_index (self->lines, --i);
  }
}

/**
 * plug_rb_ini_remove:
 *
 * Takes a key out, wherever it stands in the group, and the group if nothing is left in it.
 */
void
plug_rb_ini_remove (PlugRbIni *self, const char *group, const char *key)
{
  plug_rb_ini_find_in_group (self, group, remove_key, (gpointer) key);
  if (*group != '\0')
    remove_empty (self, group);
}
