/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "plug-rb-error.h"
#include "plug-rb-jsonc-text.h"

/* How members and elements go in and out of a text that somebody has laid out: what is put in is
 * laid out like its neighbours, and taking it out again gives the very same text. */

#define DEFAULT_INDENT "    "

/* ---- the text */

static const char *
at (PlugRbJsonc *self, guint32 position)
{
  return self->text->str + position;
}

static char *
slice (PlugRbJsonc *self, guint32 start, guint32 end)
{
  return g_strndup (at (self, start), end - start);
}

static void
erase (PlugRbJsonc *self, guint32 start, guint32 end)
{
  g_string_erase (self->text, start, (gssize) (end - start));
}

static gboolean
has_break (PlugRbJsonc *self, guint32 start, guint32 end)
{
  /* A return alone ends a comment, too. */
  return memchr (at (self, start), '\n', end - start) != NULL ||
         memchr (at (self, start), '\r', end - start) != NULL;
}

static const char *
get_break (PlugRbJsonc *self)
{
  const char *end = strchr (self->text->str, '\n');

  return end != NULL && end > self->text->str && end[-1] == '\r' ? "\r\n" : "\n";
}

/* Behind the comments that follow on the same line, and so belong to what stands before them. */
static guint32
skip_comments (PlugRbJsonc *self, guint32 position, gboolean *line_comment)
{
  *line_comment = FALSE;

  for (;;) {
    const char *p = at (self, position) + strspn (at (self, position), " \t");

    if (p[0] != '/' || *line_comment)
      return position;

    *line_comment = p[1] == '/';
    p = *line_comment ? p + strcspn (p, "\r\n") : strstr (p + 2, "*/") + 2;
    position = (guint32) (p - self->text->str);
  }
}

/* ---- the layout */

/* The indentation of the line in which something stands. */
static char *
dup_indent (PlugRbJsonc *self, guint32 position)
{
  guint32 start = position;

  while (start > 0 && self->text->str[start - 1] != '\n')
    start--;

  return g_strndup (at (self, start), strspn (at (self, start), " \t"));
}

/* By how much one level is indented more than the one around it. */
static char *
dup_indent_unit (PlugRbJsonc *self)
{
  const PlugRbJsoncItem *item;

  if (self->root.items == NULL || self->root.items->len == 0)
    return g_strdup (DEFAULT_INDENT);

  item = plug_rb_jsonc_get_item (&self->root, 0);
  if (!has_break (self, item->gap, item->start))
    return g_strdup (DEFAULT_INDENT);

  return dup_indent (self, item->start);
}

/* A document without any space in it is written by a program. */
static gboolean
is_compact (PlugRbJsonc *self)
{
  return strstr (self->text->str, ",\"") != NULL || strstr (self->text->str, ":\"") != NULL ||
         strstr (self->text->str, ":{") != NULL || strstr (self->text->str, ":true") != NULL;
}

/* The white space before an item, without empty lines. */
static char *
dup_gap (PlugRbJsonc *self, const PlugRbJsoncItem *item)
{
  guint32 start = item->start;

  while (start > item->gap && self->text->str[start - 1] != '\n')
    start--;
  if (start > item->gap) {
    start--;
    if (start > item->gap && self->text->str[start - 1] == '\r')
      start--;
  }

  return slice (self, start, item->start);
}

static char *
dup_new_line (PlugRbJsonc *self, guint32 position)
{
  g_autofree char *indent = dup_indent (self, position);

  return g_strconcat (get_break (self), indent, NULL);
}

/* What is to stand before an item that comes after others. */
static char *
dup_separation (PlugRbJsonc *self, const PlugRbJsoncNode *container, const PlugRbJsoncItem *model)
{
  g_autofree char *gap = dup_gap (self, model);

  if (container->items->len > 1 || *gap != '\0')
    return g_steal_pointer (&gap);

  return g_strdup (is_compact (self) ? "" : " ");
}

static char *
dup_colon (PlugRbJsonc *self, const PlugRbJsoncNode *container)
{
  g_autofree char *colon = NULL;

  if (container->items->len > 0) {
    const PlugRbJsoncItem *item = plug_rb_jsonc_get_item (container, container->items->len - 1);

    colon = slice (self, item->name_end, item->value.start);
  }
  if (colon != NULL && strspn (colon, ": ") == strlen (colon))
    return g_steal_pointer (&colon);

  return g_strdup (is_compact (self) ? ":" : ": ");
}

static void
append_quoted (GString *text, const char *name)
{
  g_string_append_c (text, '"');
  for (; *name != '\0'; name++) {
    if (*name == '"' || *name == '\\')
      g_string_append_printf (text, "\\%c", *name);
    else if ((guint8) *name < 0x20)
      g_string_append_printf (text, "\\u%04x", (guint) *name);
    else
      g_string_append_c (text, *name);
  }
  g_string_append_c (text, '"');
}

static char *
build_item (PlugRbJsonc *self, const PlugRbJsoncNode *container, const char *name, const char *raw)
{
  GString *text = g_string_new (NULL);

  if (container->kind == PLUG_RB_JSONC_OBJECT) {
    g_autofree char *colon = dup_colon (self, container);

    append_quoted (text, name);
    g_string_append (text, colon);
  }

  return g_string_free_and_steal (g_string_append (text, raw));
}

/* ---- edits: reading the text anew must go well, else it is as before */

static gboolean
finish (PlugRbJsonc *self, char *before, gsize length, GError **error)
{
  g_autofree char *old = before;

  if (plug_rb_jsonc_parse (self, error))
    return TRUE;

  g_string_truncate (self->text, 0);
  g_string_append_len (self->text, old, (gssize) length);
  plug_rb_jsonc_parse (self, NULL);

  return FALSE;
}

static gboolean
throw_no_value (const char *raw, GError **error)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID, _("“%s” is not JSON"), raw);
  return FALSE;
}

/**
 * plug_rb_jsonc_set_root:
 * @raw: a value as it is to be written
 *
 * Puts a value into a document that has none yet.
 */
gboolean
plug_rb_jsonc_set_root (PlugRbJsonc *self, const char *raw, GError **error)
{
  char *before = g_strndup (self->text->str, self->text->len);
  gsize length = self->text->len;

  g_return_val_if_fail (!self->has_root, FALSE);

  /* A comment may stand in the last line. */
  if (strchr (self->text->str, '/') != NULL && self->text->str[length - 1] != '\n')
    g_string_append (self->text, get_break (self));
  g_string_append (self->text, raw);

  return finish (self, before, length, error);
}

/**
 * plug_rb_jsonc_replace:
 * @node: a value of this document
 * @raw: another one, as it is to be written
 *
 * Nodes and items are no longer valid afterwards.
 */
gboolean
plug_rb_jsonc_replace (PlugRbJsonc *self,
                       const PlugRbJsoncNode *node,
                       const char *raw,
                       GError **error)
{
  gsize length = self->text->len;
  guint32 start = node->start;

  if (!plug_rb_jsonc_is_value (raw))
    return throw_no_value (raw, error);

  {
    char *before = g_strndup (self->text->str, length);

    erase (self, start, node->end);
    g_string_insert (self->text, start, raw);

    return finish (self, before, length, error);
  }
}

static void
insert_only (PlugRbJsonc *self, const PlugRbJsoncNode *container, const char *item)
{
  guint32 position = container->tail, end = container->end - 1;
  g_autofree char *space = slice (self, position, end);
  g_autofree char *unit = dup_indent_unit (self);
  g_autofree char *outer = dup_indent (self, end);
  g_autofree char *text = NULL;

  if (has_break (self, position, end))
    text = g_strconcat (get_break (self), outer, unit, item, NULL);
  else if (position == container->start + 1)
    text = g_strconcat (space, item, NULL);
  else
    text = g_strconcat (" ", item, NULL);

  g_string_insert (self->text, position, text);
}

static void
insert_first (PlugRbJsonc *self, const PlugRbJsoncNode *container, const char *item)
{
  const PlugRbJsoncItem *first = plug_rb_jsonc_get_item (container, 0);
  const PlugRbJsoncItem *model = first;
  g_autofree char *separation = NULL;
  g_autofree char *text = NULL;

  if (container->items->len > 1 && plug_rb_jsonc_get_item (container, 1)->gap == first->comma + 1)
    model = plug_rb_jsonc_get_item (container, 1);

  separation = dup_separation (self, container, model);
  text = g_strconcat (item, ",", separation, NULL);
  g_string_insert (self->text, first->start, text);
}

static void
insert_after (PlugRbJsonc *self,
              const PlugRbJsoncNode *container,
              const PlugRbJsoncItem *item,
              const PlugRbJsoncItem *model,
              const char *text)
{
  guint32 end = item->comma ? item->comma + 1 : item->value.end;
  gboolean line_comment, has_comma = item->comma != 0;
  guint32 position = skip_comments (self, end, &line_comment);
  g_autofree char *separation = dup_separation (self, container, model);
  g_autofree char *whole = NULL;

  if (line_comment && strchr (separation, '\n') == NULL) {
    g_free (separation);
    separation = dup_new_line (self, item->start);
  }

  whole = g_strconcat (separation, text, has_comma ? "," : NULL, NULL);
  g_string_insert (self->text, position, whole);
  if (!has_comma)
    g_string_insert_c (self->text, end, ',');
}

static void
insert_item (PlugRbJsonc *self, const PlugRbJsoncNode *container, guint index, const char *text)
{
  guint length = container->items->len;

  if (length == 0)
    insert_only (self, container, text);
  else if (index == 0)
    insert_first (self, container, text);
  else
    insert_after (self, container, plug_rb_jsonc_get_item (container, MIN (index, length) - 1),
                  plug_rb_jsonc_get_item (container, MIN (index, length - 1)), text);
}

/**
 * plug_rb_jsonc_insert:
 * @container: an object or array of this document
 * @index: before which item; at the end if there are not so many
 * @name: (nullable): the name in an object
 * @raw: the value as it is to be written
 *
 * Nodes and items are no longer valid afterwards.
 */
gboolean
plug_rb_jsonc_insert (PlugRbJsonc *self,
                      const PlugRbJsoncNode *container,
                      guint index,
                      const char *name,
                      const char *raw,
                      GError **error)
{
  g_autofree char *text = NULL;
  gsize length = self->text->len;
  char *before;

  g_return_val_if_fail (container->items != NULL, FALSE);

  if (!plug_rb_jsonc_is_value (raw))
    return throw_no_value (raw, error);

  before = g_strndup (self->text->str, length);
  text = build_item (self, container, name, raw);
  insert_item (self, container, index, text);

  return finish (self, before, length, error);
}

/* The comma of the last item, or what must go instead so that none is too much. */
static guint32
find_comma (const PlugRbJsoncNode *container, guint index)
{
  const PlugRbJsoncItem *item = plug_rb_jsonc_get_item (container, index);

  if (item->comma != 0 || index == 0)
    return item->comma;

  return plug_rb_jsonc_get_item (container, index - 1)->comma;
}

/* The white space goes with the item, unless something that stays needs it: a comment behind the
 * item, which would come to stand behind another, or one before it, which a line break must end. */
static guint32
find_start (PlugRbJsonc *self, const PlugRbJsoncNode *container, guint index)
{
  const PlugRbJsoncItem *item = plug_rb_jsonc_get_item (container, index);
  guint32 end = item->comma ? item->comma + 1 : item->value.end;
  gboolean line_comment;

  if (index == 0 && container->items->len > 1)
    return item->start;
  if (has_break (self, item->gap, item->start) && skip_comments (self, end, &line_comment) > end)
    return item->start;
  if (item->after_line_comment && strchr ("\r\n", *at (self, end)) == NULL)
    return item->start;

  return item->gap;
}

/* Of the first item the white space behind it goes, so that the next one stands where it stood. */
static guint32
find_comma_end (PlugRbJsonc *self, const PlugRbJsoncNode *container, guint index, guint32 comma)
{
  if (index > 0 || container->items->len == 1)
    return comma + 1;

  return comma + 1 + (guint32) strspn (at (self, comma + 1), " \t\r\n");
}

/**
 * plug_rb_jsonc_remove:
 * @container: an object or array of this document
 * @index: of an item in it
 *
 * Comments stay. Nodes and items are no longer valid afterwards.
 */
gboolean
plug_rb_jsonc_remove (PlugRbJsonc *self,
                      const PlugRbJsoncNode *container,
                      guint index,
                      GError **error)
{
  char *before = g_strndup (self->text->str, self->text->len);
  gsize length = self->text->len;
  guint32 start = find_start (self, container, index);
  guint32 end = plug_rb_jsonc_get_item (container, index)->value.end;
  guint32 comma = find_comma (container, index);
  guint32 comma_end = comma ? find_comma_end (self, container, index, comma) : 0;

  if (comma >= end)
    erase (self, comma, comma_end);
  erase (self, start, end);
  if (comma != 0 && comma < start)
    erase (self, comma, comma_end);

  return finish (self, before, length, error);
}

/* ---- comparing */

/**
 * plug_rb_jsonc_is_value:
 *
 * Returns: whether @raw is one value, with nothing around it
 */
gboolean
plug_rb_jsonc_is_value (const char *raw)
{
  g_autoptr(PlugRbJsonc) document = plug_rb_jsonc_new (raw, strlen (raw), NULL);
  const PlugRbJsoncNode *root = document ? plug_rb_jsonc_get_root (document) : NULL;

  return root != NULL && root->start == 0 && raw[root->end] == '\0';
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const PlugRbJsoncItem *first = a, *second = b;

  return strcmp (first->name, second->name);
}

static void append_value (PlugRbJsonc *self, const PlugRbJsoncNode *node, GString *text);

/* Only for comparing: the order of members means nothing. */
static void
append_items (PlugRbJsonc *self, const PlugRbJsoncNode *node, GString *text)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new ();

  for (guint i = 0; i < node->items->len; i++)
    g_ptr_array_add (items, (gpointer) plug_rb_jsonc_get_item (node, i));
  if (node->kind == PLUG_RB_JSONC_OBJECT)
    g_ptr_array_sort_values (items, compare_names);

  g_string_append_c (text, node->kind == PLUG_RB_JSONC_OBJECT ? '{' : '[');
  for (guint i = 0; i < items->len; i++) {
    const PlugRbJsoncItem *item = items->pdata[i];

    if (item->name != NULL)
      append_quoted (text, item->name);
    append_value (self, &item->value, text);
    g_string_append_c (text, ',');
  }
  g_string_append_c (text, ']');
}

static void
append_value (PlugRbJsonc *self, const PlugRbJsoncNode *node, GString *text)
{
  if (node->items != NULL) {
    append_items (self, node, text);
  } else if (node->kind == PLUG_RB_JSONC_STRING) {
    g_autofree char *string = plug_rb_jsonc_dup_string (self, node);

    append_quoted (text, string);
  } else {
    g_string_append_len (text, at (self, node->start), node->end - node->start);
  }
}

static char *
normalize (const char *raw)
{
  g_autoptr(PlugRbJsonc) document = plug_rb_jsonc_new (raw, strlen (raw), NULL);
  GString *text;

  if (document == NULL || !document->has_root)
    return g_strdup (raw);

  text = g_string_new (NULL);
  append_value (document, &document->root, text);

  return g_string_free_and_steal (text);
}

/**
 * plug_rb_jsonc_same_value:
 *
 * Returns: whether two values mean the same, however they are laid out
 */
gboolean
plug_rb_jsonc_same_value (const char *a, const char *b)
{
  g_autofree char *first = normalize (a);
  g_autofree char *second = normalize (b);

  return g_str_equal (first, second);
}
