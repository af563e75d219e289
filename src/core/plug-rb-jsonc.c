/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-jsonc.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "plug-rb-error.h"
#include "plug-rb-jsonc-text.h"

#define MAX_DEPTH 256
#define MAX_LENGTH (64 * 1024 * 1024)
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* A text that is being read: @last is behind the last thing that is not white space. */
typedef struct {
  const char *text;
  guint32 length;
  guint32 position;
  guint32 last;
  gboolean last_is_line_comment;
  const char *wrong;
} Parser;

static void
clear_items (PlugRbJsoncNode *node)
{
  g_clear_pointer (&node->items, g_array_unref);
}

static void
item_clear (gpointer data)
{
  PlugRbJsoncItem *item = data;

  g_free (item->name);
  clear_items (&item->value);
}

static gboolean
fail (Parser *parser, const char *wrong)
{
  if (parser->wrong == NULL)
    parser->wrong = wrong;

  return FALSE;
}

/* The text ends with a zero byte, and has none before. */
static char
peek (const Parser *parser)
{
  return parser->text[parser->position];
}

static void
advance (Parser *parser, guint32 length)
{
  parser->position += length;
  parser->last = parser->position;
  parser->last_is_line_comment = FALSE;
}

/* ---- white space and comments */

static gboolean
skip_block_comment (Parser *parser)
{
  const char *start = parser->text + parser->position;
  const char *end = strstr (start + 2, "*/");

  if (end == NULL)
    return fail (parser, _("a comment does not end"));

  advance (parser, (guint32) (end + 2 - start));
  return TRUE;
}

static gboolean
skip_comment (Parser *parser)
{
  const char *start = parser->text + parser->position;

  if (start[1] == '*')
    return skip_block_comment (parser);
  if (start[1] != '/')
    return fail (parser, _("this is not JSON"));

  advance (parser, (guint32) strcspn (start, "\r\n"));
  parser->last_is_line_comment = TRUE;
  return TRUE;
}

static gboolean
skip_space (Parser *parser)
{
  for (;;) {
    parser->position += (guint32) strspn (parser->text + parser->position, " \t\r\n");
    if (peek (parser) != '/')
      return TRUE;
    if (!skip_comment (parser))
      return FALSE;
  }
}

/* ---- strings */

static int
decode_hex (const char *p)
{
  int value = 0;

  for (guint i = 0; i < 4; i++) {
    int digit = g_ascii_xdigit_value (p[i]);

    if (digit < 0)
      return -1;
    value = value * 16 + digit;
  }

  return value;
}

/* Half a pair, and a zero, which no text can hold, are given as bytes that are not UTF-8. */
static void
append_unit (GString *text, guint32 c)
{
  if (c == 0)
    g_string_append (text, "\xc0\x80");
  else if (c >= 0xd800 && c < 0xe000)
    g_string_append_printf (text, "\xed%c%c", (int) (0x80 | ((c >> 6) & 0x3f)),
                            (int) (0x80 | (c & 0x3f)));
  else
    g_string_append_unichar (text, c);
}

static const char *
append_unicode (GString *text, const char *p)
{
  guint32 c = (guint32) decode_hex (p);
  int low = -1;

  if (c >= 0xd800 && c < 0xdc00 && p[4] == '\\' && p[5] == 'u')
    low = decode_hex (p + 6);
  if (low >= 0xdc00 && low < 0xe000) {
    append_unit (text, 0x10000 + ((c - 0xd800) << 10) + ((guint32) low - 0xdc00));
    return p + 10;
  }

  append_unit (text, c);
  return p + 4;
}

/* @text is what stands between the quotes, and valid. */
static char *
decode (const char *text, gsize length)
{
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  GString *decoded = g_string_sized_new (length);
  const char *end = text + length;

  while (text < end) {
    if (*text != '\\') {
      g_string_append_c (decoded, *text++);
    } else if (text[1] == 'u') {
      text = append_unicode (decoded, text + 2);
    } else {
      g_string_append_c (decoded, to[strchr (from, text[1]) - from]);
      text += 2;
    }
  }

  return g_string_free_and_steal (decoded);
}

static gboolean
skip_string (Parser *parser)
{
  const char *start = parser->text + parser->position;
  const char *p = start + 1;

  for (; *p != '"'; p++) {
    if ((guint8) *p < 0x20)
      return fail (parser, _("a string does not end"));
    if (*p != '\\')
      continue;
    p++;
    if (*p == '\0' || strchr ("\"\\/bfnrtu", *p) == NULL || (*p == 'u' && decode_hex (p + 1) < 0))
      return fail (parser, _("a “\\” in a string makes no sense"));
  }

  advance (parser, (guint32) (p + 1 - start));
  return TRUE;
}

/* ---- values */

static gboolean
skip_digits (const char **p)
{
  const char *start = *p;

  while (g_ascii_isdigit (**p))
    (*p)++;

  return *p > start;
}

static gboolean
skip_number (Parser *parser)
{
  const char *start = parser->text + parser->position;
  const char *p = start + (*start == '-');
  gboolean valid = *p == '0' ? (p++, TRUE) : skip_digits (&p);

  if (valid && *p == '.') {
    p++;
    valid = skip_digits (&p);
  }
  if (valid && (*p == 'e' || *p == 'E')) {
    p += p[1] == '+' || p[1] == '-' ? 2 : 1;
    valid = skip_digits (&p);
  }
  if (!valid || g_ascii_isalnum (*p))
    return fail (parser, _("this is not a number"));

  advance (parser, (guint32) (p - start));
  return TRUE;
}

static gboolean
skip_word (Parser *parser)
{
  static const char *const words[] = { "true", "false", "null" };
  const char *start = parser->text + parser->position;
  gsize length = strspn (start, "abcdefghijklmnopqrstuvwxyz");

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (length == strlen (words[i]) && strncmp (start, words[i], length) == 0) {
      advance (parser, (guint32) length);
      return TRUE;
    }

  return fail (parser, *start ? _("this is not JSON") : _("it ends too early"));
}

static gboolean parse_value (Parser *parser, PlugRbJsoncNode *node, guint depth);

static gboolean
parse_name (Parser *parser, PlugRbJsoncItem *item)
{
  if (peek (parser) != '"')
    return fail (parser, _("a name in quotes is missing"));
  if (!skip_string (parser))
    return FALSE;

  item->name_end = parser->position;
  item->name = decode (parser->text + item->start + 1, item->name_end - item->start - 2);
  if (!skip_space (parser))
    return FALSE;
  if (peek (parser) != ':')
    return fail (parser, _("a “:” is missing"));

  advance (parser, 1);
  return skip_space (parser);
}

static gboolean
parse_rest (Parser *parser, PlugRbJsoncItem *item, gboolean named, guint depth)
{
  if ((named && !parse_name (parser, item)) || !parse_value (parser, &item->value, depth) ||
      !skip_space (parser))
    return FALSE;

  if (peek (parser) == ',') {
    item->comma = parser->position;
    advance (parser, 1);
  }

  return TRUE;
}

static gboolean
parse_item (Parser *parser, PlugRbJsoncNode *node, guint depth)
{
  PlugRbJsoncItem item = { .gap = parser->last,
                           .after_line_comment = parser->last_is_line_comment,
                           .start = parser->position };
  gboolean done = parse_rest (parser, &item, node->kind == PLUG_RB_JSONC_OBJECT, depth);

  g_array_append_val (node->items, item);
  return done;
}

static gboolean
needs_comma (const PlugRbJsoncNode *node)
{
  return node->items->len > 0 &&
         g_array_index (node->items, PlugRbJsoncItem, node->items->len - 1).comma == 0;
}

static gboolean
parse_container (Parser *parser, PlugRbJsoncNode *node, char bracket, guint depth)
{
  if (depth >= MAX_DEPTH)
    return fail (parser, _("it is nested too deeply"));

  node->items = g_array_new (FALSE, FALSE, sizeof (PlugRbJsoncItem));
  g_array_set_clear_func (node->items, item_clear);
  advance (parser, 1);

  for (;;) {
    if (!skip_space (parser))
      return FALSE;
    if (peek (parser) == bracket)
      break;
    if (needs_comma (node))
      return fail (parser, peek (parser) ? _("a comma is missing") : _("it ends too early"));
    if (!parse_item (parser, node, depth + 1))
      return FALSE;
  }

  node->tail = parser->last;
  advance (parser, 1);
  return TRUE;
}

static gboolean
parse_one (Parser *parser, PlugRbJsoncNode *node, guint depth)
{
  char c = peek (parser);

  node->kind = c == '{'                          ? PLUG_RB_JSONC_OBJECT
               : c == '['                        ? PLUG_RB_JSONC_ARRAY
               : c == '"'                        ? PLUG_RB_JSONC_STRING
               : c == '-' || g_ascii_isdigit (c) ? PLUG_RB_JSONC_NUMBER
                                                 : PLUG_RB_JSONC_WORD;

  switch (node->kind) {
  case PLUG_RB_JSONC_OBJECT:
    return parse_container (parser, node, '}', depth);
  case PLUG_RB_JSONC_ARRAY:
    return parse_container (parser, node, ']', depth);
  case PLUG_RB_JSONC_STRING:
    return skip_string (parser);
  case PLUG_RB_JSONC_NUMBER:
    return skip_number (parser);
  case PLUG_RB_JSONC_WORD:
  default:
    return skip_word (parser);
  }
}

static gboolean
parse_value (Parser *parser, PlugRbJsoncNode *node, guint depth)
{
  node->start = parser->position;
  if (!parse_one (parser, node, depth))
    return FALSE;

  node->end = parser->position;
  return TRUE;
}

static gboolean
parse_document (Parser *parser, PlugRbJsonc *self)
{
  if (g_str_has_prefix (parser->text, BYTE_ORDER_MARK))
    advance (parser, strlen (BYTE_ORDER_MARK));

  if (!skip_space (parser) || peek (parser) == '\0')
    return parser->wrong == NULL;

  self->has_root = TRUE;
  if (!parse_value (parser, &self->root, 0) || !skip_space (parser))
    return FALSE;

  return peek (parser) == '\0' || fail (parser, _("something follows after the end"));
}

static gboolean
throw_wrong (const Parser *parser, GError **error)
{
  guint line = 1, column = 1;

  for (guint32 i = 0; i < parser->position; i++) {
    column = parser->text[i] == '\n' ? 1 : column + 1;
    line += parser->text[i] == '\n';
  }

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
               /* Translators: where in a text something is wrong, and what. */
               _("line %u, column %u: %s"), line, column, parser->wrong);
  return FALSE;
}

/* Reads the text anew. */
gboolean
plug_rb_jsonc_parse (PlugRbJsonc *self, GError **error)
{
  Parser parser = { .text = self->text->str, .length = (guint32) self->text->len };

  clear_items (&self->root);
  self->root = (PlugRbJsoncNode) { 0 };
  self->has_root = FALSE;

  if (self->text->len > MAX_LENGTH ||
      !g_utf8_validate_len (self->text->str, self->text->len, NULL)) {
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                         _("it is not text in UTF-8"));
    return FALSE;
  }

  return parse_document (&parser, self) || throw_wrong (&parser, error);
}

/**
 * plug_rb_jsonc_new:
 * @text: (array length=length): any bytes
 *
 * Returns: (transfer full): the document, or %NULL with %PLUG_RB_ERROR_CORRUPT, whose message is
 *   the place and what is wrong there
 */
PlugRbJsonc *
plug_rb_jsonc_new (const char *text, gsize length, GError **error)
{
  g_autoptr(PlugRbJsonc) self = g_new0 (PlugRbJsonc, 1);

  self->text = g_string_new_len (text, (gssize) length);

  return plug_rb_jsonc_parse (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * plug_rb_jsonc_free:
 *
 * Frees a document.
 */
void
plug_rb_jsonc_free (PlugRbJsonc *self)
{
  clear_items (&self->root);
  g_string_free (self->text, TRUE);
  g_free (self);
}

/* ---- looking */

/**
 * plug_rb_jsonc_get_text:
 * @length: (out) (optional): how long it is
 *
 * Returns: (transfer none): all of it
 */
const char *
plug_rb_jsonc_get_text (PlugRbJsonc *self, gsize *length)
{
  if (length != NULL)
    *length = self->text->len;

  return self->text->str;
}

/**
 * plug_rb_jsonc_get_root:
 *
 * Returns: (transfer none) (nullable): the value; %NULL if there are only white space and comments
 */
const PlugRbJsoncNode *
plug_rb_jsonc_get_root (PlugRbJsonc *self)
{
  return self->has_root ? &self->root : NULL;
}

/**
 * plug_rb_jsonc_get_item:
 *
 * Returns: (transfer none): a member or element
 */
const PlugRbJsoncItem *
plug_rb_jsonc_get_item (const PlugRbJsoncNode *node, guint index)
{
  return &g_array_index (node->items, PlugRbJsoncItem, index);
}

/**
 * plug_rb_jsonc_find_member:
 *
 * Returns: index of the member of that name, of several the last one, which is the one that counts;
 *   -1 if there is none
 */
int
plug_rb_jsonc_find_member (const PlugRbJsoncNode *object, const char *name)
{
  if (object->kind != PLUG_RB_JSONC_OBJECT)
    return -1;

  for (guint i = object->items->len; i > 0; i--)
    if (g_str_equal (plug_rb_jsonc_get_item (object, i - 1)->name, name))
      return (int) i - 1;

  return -1;
}

static const PlugRbJsoncNode *
find_child (const PlugRbJsoncNode *node, const char *token)
{
  int index = -1;
  guint64 number;

  if (node->kind == PLUG_RB_JSONC_OBJECT)
    index = plug_rb_jsonc_find_member (node, token);
  else if (node->kind == PLUG_RB_JSONC_ARRAY && node->items->len > 0 &&
           g_ascii_string_to_unsigned (token, 10, 0, node->items->len - 1, &number, NULL))
    index = (int) number;

  return index < 0 ? NULL : &plug_rb_jsonc_get_item (node, (guint) index)->value;
}

/**
 * plug_rb_jsonc_find:
 * @node: (nullable): where to begin
 * @pointer: a JSON pointer; "" for @node itself
 *
 * Returns: (transfer none) (nullable): the value there
 */
const PlugRbJsoncNode *
plug_rb_jsonc_find (const PlugRbJsoncNode *node, const char *pointer)
{
  g_auto(GStrv) tokens = g_strsplit (*pointer == '/' ? pointer + 1 : pointer, "/", -1);

  if (*pointer == '\0')
    return node;

  for (guint i = 0; tokens[i] != NULL && node != NULL; i++) {
    g_autoptr(GString) token = g_string_new (tokens[i]);

    g_string_replace (token, "~1", "/", 0);
    g_string_replace (token, "~0", "~", 0);
    node = find_child (node, token->str);
  }

  return node;
}

/**
 * plug_rb_jsonc_dup_raw:
 *
 * Returns: (transfer full): a value as it is written
 */
char *
plug_rb_jsonc_dup_raw (PlugRbJsonc *self, const PlugRbJsoncNode *node)
{
  return g_strndup (self->text->str + node->start, node->end - node->start);
}

/**
 * plug_rb_jsonc_dup_string:
 *
 * Returns: (transfer full) (nullable): what a string means, as in [struct@JsoncItem]; %NULL if it
 * is no string
 */
char *
plug_rb_jsonc_dup_string (PlugRbJsonc *self, const PlugRbJsoncNode *node)
{
  if (node->kind != PLUG_RB_JSONC_STRING)
    return NULL;

  return decode (self->text->str + node->start + 1, node->end - node->start - 2);
}
