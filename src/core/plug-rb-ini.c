/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-ini.h"

#include <string.h>

typedef enum {
  OTHER, /* blank, a comment, or what is not understood */
  GROUP,
  KEY,
} Kind;

/* @text without the line's @end; @name is that of the group or the key; @flags are KConfig's, such
 * as “[$e]”; @value stands behind “=”, or nothing if there is none. */
typedef struct {
  Kind kind;
  char *text;
  const char *end;
  char *name;
  char *flags;
  char *value;
  gboolean fixed;
} Line;

#define BYTE_ORDER_MARK "\xef\xbb\xbf"
/* What g_strstrip() takes off. */
#define SPACE " \t\r\v\f"

struct _PlugRbIni {
  GPtrArray *lines;
  const char *end;    /* "\n" or "\r\n", for new lines */
  gboolean has_mark;  /* it begins with a byte order mark */
  gboolean has_end;   /* the last line has one, too */
  gboolean has_order; /* the groups are in byte order, as KConfig writes them */
};

static void
line_free (Line *line)
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
cut_group_flags (Line *line)
{
  char *flags = g_str_has_prefix (line->name, "$") ? line->name : strstr (line->name, "][$");

  if (flags == NULL)
    return;

  line->fixed = strchr (flags, 'i') != NULL;
  *flags = '\0';
}

/* Other flags say how the value is to be read (“key[$e]=$HOME”), so they are part of it. */
static void
cut_key_flags (Line *line)
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
parse_group (Line *line, const char *trimmed)
{
  const char *end = strrchr (trimmed, ']');

  if (end == NULL)
    return;

  line->kind = GROUP;
  line->name = g_strndup (trimmed + 1, (gsize) (end - trimmed - 1));
  cut_group_flags (line);
}

static void
parse_key (Line *line)
{
  const char *equals = strchr (line->text, '=');

  line->kind = KEY;
  line->name =
      equals ? g_strndup (line->text, (gsize) (equals - line->text)) : g_strdup (line->text);
  line->value = equals ? g_strdup (equals + 1) : NULL;
  g_strstrip (line->name);
  cut_key_flags (line);
}

static Line *
line_new (const char *text, gsize length, const char *end)
{
  Line *line = g_new0 (Line, 1);
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
static int
compare_groups (const char *a, const char *b)
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
    const Line *line = self->lines->pdata[i];

    if (line->kind != GROUP)
      continue;
    if (compare_groups (line->name, last) < 0)
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

    g_ptr_array_add (self->lines, line_new (text + start, length - has_return, end));
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
    const Line *line = self->lines->pdata[i];

    g_string_append (text, line->text);
    if (i + 1 < self->lines->len || self->has_end)
      g_string_append (text, line->end);
  }

  return g_string_free_to_bytes (text);
}

/* ---- looking */

static const Line *
get_line (PlugRbIni *self, guint index)
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
    const Line *line = get_line (self, i);

    if (line->kind == GROUP &&
        !g_ptr_array_find_with_equal_func (names, line->name, g_str_equal, NULL))
      g_ptr_array_add (names, line->name);
  }

  return names;
}

typedef gboolean (*LineFunc) (PlugRbIni *self, guint index, gpointer user_data);

/* Calls a function for each line of a group, which may stand there in several pieces, from the
 * last; until it says TRUE. */
static gboolean
find_in_group (PlugRbIni *self, const char *group, LineFunc func, gpointer user_data)
{
  guint end = self->lines->len;

  for (guint i = end; i-- > 0;) {
    const Line *line = get_line (self, i);

    if (line->kind != GROUP && (i > 0 || *group != '\0'))
      continue;
    if (line->kind != GROUP || g_str_equal (line->name, group)) {
      guint first = line->kind == GROUP ? i + 1 : i;

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
  const Line *line = get_line (self, index);

  if (line->kind == KEY && !g_ptr_array_find_with_equal_func (names, line->name, g_str_equal, NULL))
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

  find_in_group (self, group, collect_key, names);
  return names;
}

typedef struct {
  const char *key;
  guint index;
} Search;

static gboolean
is_key (PlugRbIni *self, guint index, gpointer user_data)
{
  const Line *line = get_line (self, index);
  Search *search = user_data;

  if (line->kind != KEY || !g_str_equal (line->name, search->key))
    return FALSE;

  search->index = index;
  return TRUE;
}

static Line *
find_key (PlugRbIni *self, const char *group, const char *key)
{
  Search search = { key, 0 };

  return find_in_group (self, group, is_key, &search) ? self->lines->pdata[search.index] : NULL;
}

static GVariant *
get_text (const Line *line)
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
  const Line *line = find_key (self, group, key);
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
    const Line *line = get_line (self, i);
    gsize length = line->kind == GROUP ? strlen (line->name) : 0;

    /* What is fixed is so with all groups in it. */
    if (line->kind == GROUP && line->fixed && strncmp (group, line->name, length) == 0 &&
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
  const Line *line = find_key (self, group, key);

  return (line != NULL && line->fixed) || is_fixed_group (self, group);
}

/* ---- changing */

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
  g_ptr_array_insert (self->lines, (int) index, line_new (text, strlen (text), self->end));
}

static gboolean
is_blank (PlugRbIni *self, guint index)
{
  const char *text = get_line (self, index)->text;

  return text[strspn (text, SPACE)] == '\0';
}

/* Where the last piece of a group ends, without blank lines. */
static gboolean
find_end (PlugRbIni *self, const char *group, guint *end)
{
  gboolean found = *group == '\0';

  *end = 0;
  for (guint i = 0; i < self->lines->len; i++) {
    const Line *line = get_line (self, i);

    if (line->kind == GROUP)
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
    const Line *line = get_line (self, i);

    if (line->kind == GROUP && compare_groups (line->name, group) > 0)
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

  while (place > 0 && get_line (self, place - 1)->kind == KEY &&
         strcmp (get_line (self, place - 1)->name, key) > 0)
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
change (Line *line, const char *flags, const char *value)
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
  Line *line = find_key (self, group, key);
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
  const Line *line = get_line (self, index);

  if (line->kind == KEY && g_str_equal (line->name, key))
    g_ptr_array_remove_index (self->lines, index);

  return FALSE;
}

/* A group with nothing in it goes, with the blank lines behind it. */
static void
remove_empty (PlugRbIni *self, const char *group)
{
  for (guint i = self->lines->len; i-- > 0;) {
    guint end = i + 1;

    if (get_line (self, i)->kind != GROUP || !g_str_equal (get_line (self, i)->name, group))
      continue;
    while (end < self->lines->len && is_blank (self, end))
      end++;
    if (end < self->lines->len && get_line (self, end)->kind != GROUP)
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
  find_in_group (self, group, remove_key, (gpointer) key);
  if (*group != '\0')
    remove_empty (self, group);
}
