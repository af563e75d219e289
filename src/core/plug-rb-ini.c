/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-ini-lines.h"

#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static void
line_free (PlugRbIniLine *line)
{
  g_free (line->text);
  g_free (line->name);
  g_free (line->flags);
  g_free (line->value);
  g_free (line);
}

/* ---- parsing */

/* KConfig: “[Group][$i]” and “key[$i]=” may not be changed by the user, and “[$i]” alone, before
 * all groups, says so of the whole file. */
static void
cut_group_flags (PlugRbIniLine *line)
{
  char *flags = g_str_has_prefix (line->name, "$") ? line->name : strstr (line->name, "][$");

  if (flags == NULL)
    return;

  line->fixed = strchr (flags, 'i') != NULL;
  *flags = '\0';
}

/* Other flags say how the value is to be read (“key[$e]=$HOME”), so they are part of it. */
static void
cut_key_flags (PlugRbIniLine *line)
{
  char *flags = strstr (line->name, "[$");

  if (flags == NULL || !g_str_has_suffix (flags, "]") || !g_utf8_validate (flags, -1, NULL))
    return;

  line->flags = g_strdup (flags);
  line->fixed = strchr (flags, 'i') != NULL;
  *flags = '\0';
  g_strchomp (line->name);
}

static void
parse_group (PlugRbIniLine *line, const char *trimmed)
{
  const char *end = strrchr (trimmed, ']');

  if (end == NULL)
    return;

  line->kind = PLUG_RB_INI_GROUP;
  line->name = g_strndup (trimmed + 1, (gsize) (end - trimmed - 1));
  cut_group_flags (line);
}

static void
parse_key (PlugRbIniLine *line)
{
  const char *equals = strchr (line->text, '=');

  line->kind = PLUG_RB_INI_KEY;
  line->name =
      equals ? g_strndup (line->text, (gsize) (equals - line->text)) : g_strdup (line->text);
  line->value = equals ? g_strdup (equals + 1) : NULL;
  g_strstrip (line->name);
  cut_key_flags (line);
}

PlugRbIniLine *
plug_rb_ini_line_new (const char *text, gsize length, const char *end)
{
  PlugRbIniLine *line = g_new0 (PlugRbIniLine, 1);
  const char *trimmed;

  line->text = g_strndup (text, length);
  line->end = end;
  trimmed = line->text + strspn (line->text, SPACE);
  if (*trimmed == '[')
    parse_group (line, trimmed);
  else if (*trimmed != '\0' && *trimmed != '#' && *trimmed != ';')
    parse_key (line);

  return line;
}

/* As KConfig orders them: a group comes right before those in it. */
int
plug_rb_ini_compare_groups (const char *a, const char *b)
{
  while (*a != '\0' && *a == *b) {
    a++;
    b++;
  }

  if (*a == ']' || *b == ']')
    return *a == '\0' ? -1 : *b == '\0' ? 1 : *a == ']' ? -1 : 1;

  return (int) (guchar) *a - (int) (guchar) *b;
}

static gboolean
are_sorted (PlugRbIni *self)
{
  const char *last = "";

  for (guint i = 0; i < self->lines->len; i++) {
    const PlugRbIniLine *line = self->lines->pdata[i];

    if (line->kind != PLUG_RB_INI_GROUP)
      continue;
    if (plug_rb_ini_compare_groups (line->name, last) < 0)
      return FALSE;
    last = line->name;
  }

  return TRUE;
}

/* Lines may end differently in one file, and do so again. */
static void
parse_lines (PlugRbIni *self, const char *text, gsize start, gsize size)
{
  self->has_end = start == size || text[size - 1] == '\n';

  while (start < size) {
    const char *newline = memchr (text + start, '\n', size - start);
    gsize length = newline ? (gsize) (newline - text) - start : size - start;
    gboolean has_return = newline != NULL && length > 0 && newline[-1] == '\r';
    /* A return that ends the file is no line's end, and must not become one. */
    gboolean ends_badly = newline == NULL && text[size - 1] == '\r';
    const char *end = has_return || ends_badly ? "\r\n" : newline ? "\n" : self->end;

    g_ptr_array_add (self->lines, plug_rb_ini_line_new (text + start, length - has_return, end));
    start += length + 1;
  }
}

/**
 * plug_rb_ini_new:
 * @bytes: any bytes but zeros
 *
 * Returns: (transfer full) (nullable): the file, %NULL if there is a zero in it
 */
PlugRbIni *
plug_rb_ini_new (GBytes *bytes)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  PlugRbIni *self;

  if (size > 0 && memchr (text, '\0', size) != NULL)
    return NULL;

  self = g_new0 (PlugRbIni, 1);
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) line_free);
  self->end = size > 0 && memmem (text, size, "\r\n", 2) != NULL ? "\r\n" : "\n";
  self->has_mark = size >= 3 && memcmp (text, BYTE_ORDER_MARK, 3) == 0;
  parse_lines (self, text, self->has_mark ? 3 : 0, size);
  self->has_order = are_sorted (self);
  return self;
}

void
plug_rb_ini_free (PlugRbIni *self)
{
  g_ptr_array_unref (self->lines);
  g_free (self);
}

/**
 * plug_rb_ini_to_bytes:
 *
 * Returns: (transfer full): the file as it is to be written
 */
GBytes *
plug_rb_ini_to_bytes (PlugRbIni *self)
{
  GString *text = g_string_new (self->has_mark ? BYTE_ORDER_MARK : NULL);

  for (guint i = 0; i < self->lines->len; i++) {
    const PlugRbIniLine *line = self->lines->pdata[i];

    g_string_append (text, line->text);
    if (i + 1 < self->lines->len || self->has_end)
      g_string_append (text, line->end);
  }

  return g_string_free_to_bytes (text);
}

/* ---- looking */

const PlugRbIniLine *
plug_rb_ini_get_line (PlugRbIni *self, guint index)
{
  return self->lines->pdata[index];
}

/**
 * plug_rb_ini_list_groups:
 *
 * Returns: (transfer container) (element-type utf8): names of the groups, each once, in their
 *   order; valid until the next change
 */
GPtrArray *
plug_rb_ini_list_groups (PlugRbIni *self)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < self->lines->len; i++) {
    const PlugRbIniLine *line = plug_rb_ini_get_line (self, i);

    if (line->kind == PLUG_RB_INI_GROUP &&
        !g_ptr_array_find_with_equal_func (names, line->name, g_str_equal, NULL))
      g_ptr_array_add (names, line->name);
  }

  return names;
}

/* Calls a function for each line of a group, which may stand there in several pieces, from the
 * last; until it says TRUE. */
gboolean
plug_rb_ini_find_in_group (PlugRbIni *self,
                           const char *group,
                           PlugRbIniLineFunc func,
                           gpointer user_data)
{
  guint end = self->lines->len;

  for (guint i = end; i-- > 0;) {
    const PlugRbIniLine *line = plug_rb_ini_get_line (self, i);

    if (line->kind != PLUG_RB_INI_GROUP && (i > 0 || *group != '\0'))
      continue;
    if (line->kind != PLUG_RB_INI_GROUP || g_str_equal (line->name, group)) {
      guint first = line->kind == PLUG_RB_INI_GROUP ? i + 1 : i;

      for (guint j = end; j-- > first;)
        if (func (self, j, user_data))
          return TRUE;
    }
    end = i;
  }

  return FALSE;
}

static gboolean
collect_key (PlugRbIni *self, guint index, gpointer names)
{
  const PlugRbIniLine *line = plug_rb_ini_get_line (self, index);

  if (line->kind == PLUG_RB_INI_KEY &&
      !g_ptr_array_find_with_equal_func (names, line->name, g_str_equal, NULL))
    g_ptr_array_add (names, line->name);

  return FALSE;
}

/**
 * plug_rb_ini_list_keys:
 *
 * Returns: (transfer container) (element-type utf8): names of the keys of a group, each once; valid
 *   until the next change
 */
GPtrArray *
plug_rb_ini_list_keys (PlugRbIni *self, const char *group)
{
  GPtrArray *names = g_ptr_array_new ();

  plug_rb_ini_find_in_group (self, group, collect_key, names);
  return names;
}

typedef struct {
  const char *key;
  guint index;
} Search;

static gboolean
is_key (PlugRbIni *self, guint index, gpointer user_data)
{
  const PlugRbIniLine *line = plug_rb_ini_get_line (self, index);
  Search *search = user_data;

  if (line->kind != PLUG_RB_INI_KEY || !g_str_equal (line->name, search->key))
    return FALSE;

  search->index = index;
  return TRUE;
}

PlugRbIniLine *
plug_rb_ini_find_key (PlugRbIni *self, const char *group, const char *key)
{
  Search search = { key, 0 };

  return plug_rb_ini_find_in_group (self, group, is_key, &search) ? self->lines->pdata[search.index]
                                                                  : NULL;
}

static GVariant *
get_text (const PlugRbIniLine *line)
{
  if (line->value == NULL)
    return g_variant_new_tuple (NULL, 0);

  return g_utf8_validate (line->value, -1, NULL) ? g_variant_new_string (line->value)
                                                 : g_variant_new_bytestring (line->value);
}

/**
 * plug_rb_ini_get:
 *
 * Returns: (transfer floating) (nullable): what stands behind “=”, as text, or as bytes if it is
 *   not UTF-8; nothing (`()`) if there is no “=”; with KConfig's flags a tuple of these and that;
 *   %NULL if there is no such key
 */
GVariant *
plug_rb_ini_get (PlugRbIni *self, const char *group, const char *key)
{
  const PlugRbIniLine *line = plug_rb_ini_find_key (self, group, key);
  GVariant *parts[2];

  if (line == NULL || line->flags == NULL)
    return line ? get_text (line) : NULL;

  parts[0] = g_variant_new_string (line->flags);
  parts[1] = get_text (line);

  return g_variant_new_tuple (parts, 2);
}

static gboolean
is_fixed_group (PlugRbIni *self, const char *group)
{
  for (guint i = 0; i < self->lines->len; i++) {
    const PlugRbIniLine *line = plug_rb_ini_get_line (self, i);
    gsize length = line->kind == PLUG_RB_INI_GROUP ? strlen (line->name) : 0;

    /* What is fixed is so with all groups in it. */
    if (line->kind == PLUG_RB_INI_GROUP && line->fixed &&
        strncmp (group, line->name, length) == 0 &&
        (length == 0 || group[length] == '\0' || g_str_has_prefix (group + length, "][")))
      return TRUE;
  }

  return FALSE;
}

/**
 * plug_rb_ini_is_fixed:
 *
 * Returns: whether somebody has said that the user may not change this key
 */
gboolean
plug_rb_ini_is_fixed (PlugRbIni *self, const char *group, const char *key)
{
  const PlugRbIniLine *line = plug_rb_ini_find_key (self, group, key);

  return (line != NULL && line->fixed) || is_fixed_group (self, group);
}
