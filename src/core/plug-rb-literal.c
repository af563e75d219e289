/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-literal.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "plug-rb-error.h"

#define DEPTH_LIMIT 32

static gpointer
throw_at (PlugRbLiteral *self, GError **error)
{
  g_autofree char *rest = g_strndup (self->p, strcspn (self->p, "\r\n"));
  g_autofree char *valid = g_utf8_make_valid (rest, -1);
  g_autofree char *start = g_utf8_substring (valid, 0, MIN (40, g_utf8_strlen (valid, -1)));

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("“%s” is not a plain value"), start);
  return NULL;
}

/**
 * plug_rb_literal_skip:
 *
 * Goes on to what is neither space nor comment.
 */
void
plug_rb_literal_skip (PlugRbLiteral *self)
{
  for (;;) {
    self->p += strspn (self->p, " \t\r\n");
    if (*self->p == '#')
      self->p += strcspn (self->p, "\n");
    else if (self->is_python && self->p[0] == '\\' && self->p[1] == '\n')
      self->p += 2;
    else
      return;
  }
}

static gboolean
take_sign (PlugRbLiteral *self, char sign)
{
  plug_rb_literal_skip (self);
  if (*self->p != sign)
    return FALSE;

  self->p++;
  return TRUE;
}

/* ---- strings */

static gboolean
append_code (PlugRbLiteral *self, GString *text, guint digits)
{
  gunichar c = 0;

  for (guint i = 0; i < digits; i++, self->p++) {
    if (!g_ascii_isxdigit (*self->p))
      return FALSE;
    c = c * 16 + g_ascii_xdigit_value (*self->p);
  }

  if (c == 0 || !g_unichar_validate (c))
    return FALSE;

  g_string_append_unichar (text, c);
  return TRUE;
}

/* At what follows the backslash. */
static gboolean
append_escape (PlugRbLiteral *self, GString *text)
{
  static const char signs[] = "ntrbf\\\"'";
  static const char meanings[] = "\n\t\r\b\f\\\"'";
  char sign = *self->p;
  const char *found = sign != '\0' ? strchr (signs, sign) : NULL;

  if (sign == '\0')
    return FALSE;

  self->p++;
  if (sign == 'u' || sign == 'U' || sign == 'x')
    return append_code (self, text, sign == 'u' ? 4 : sign == 'U' ? 8 : 2);

  if (found != NULL)
    g_string_append_c (text, meanings[found - signs]);
  else if (sign == '\n')
    self->p += self->is_python ? 0 : strspn (self->p, " \t\r\n");
  else
    return FALSE;

  return TRUE;
}

static gboolean
append_string (PlugRbLiteral *self, GString *text, gboolean is_raw)
{
  char quote = *self->p;
  gboolean is_long = self->p[1] == quote && self->p[2] == quote;
  const char closing[] = { quote, is_long ? quote : '\0', quote, '\0' };

  self->p += is_long ? 3 : 1;
  if (is_long && !self->is_python && *self->p == '\n')
    self->p++;

  while (*self->p != '\0' && (is_long || *self->p != '\n')) {
    if (g_str_has_prefix (self->p, closing)) {
      self->p += strlen (closing);
      return TRUE;
    }

    if (*self->p != '\\' || is_raw)
      g_string_append_c (text, *self->p++);
    else if (self->p++, !append_escape (self, text))
      return FALSE;
  }

  return FALSE;
}

static gboolean
is_quote (char c)
{
  return c == '"' || c == '\'';
}

/* How long the letters before a string are; -1 if no string begins here. */
static int
measure_prefix (PlugRbLiteral *self)
{
  if (is_quote (*self->p))
    return 0;

  return self->is_python && *self->p != '\0' && strchr ("rRuU", *self->p) && is_quote (self->p[1])
             ? 1
             : -1;
}

/* In Python one string right behind another goes on with it. */
static JsonNode *
read_string (PlugRbLiteral *self, GError **error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  const char *before;
  int prefix = measure_prefix (self);

  do {
    gboolean is_raw =
        self->is_python ? prefix > 0 && g_ascii_tolower (*self->p) == 'r' : *self->p == '\'';

    self->p += prefix;
    if (!append_string (self, text, is_raw))
      return throw_at (self, error);

    before = self->p;
    if (self->is_python && self->depth > 0)
      plug_rb_literal_skip (self);
    prefix = self->is_python ? measure_prefix (self) : -1;
  } while (prefix >= 0);

  self->p = before;
  return json_node_init_string (json_node_alloc (), text->str);
}

/* ---- numbers and words */

static gboolean
read_number (const char *word, JsonNode **node)
{
  g_autoptr(GString) digits = g_string_new (word + (*word == '+'));
  gint64 integer;
  double number;
  char *end;

  g_string_replace (digits, "_", "", 0);
  if (g_ascii_string_to_signed (digits->str, 10, G_MININT64, G_MAXINT64, &integer, NULL)) {
    *node = json_node_init_int (json_node_alloc (), integer);
    return TRUE;
  }

  number = g_ascii_strtod (digits->str, &end);
  if (*end != '\0' || end == digits->str)
    return FALSE;

  *node = json_node_init_double (json_node_alloc (), number);
  return TRUE;
}

/* TOML's dates begin as numbers do: they are kept as text. */
static JsonNode *
word_to_node (PlugRbLiteral *self, const char *word)
{
  gboolean is_true = g_str_equal (word, self->is_python ? "True" : "true");
  JsonNode *node = NULL;

  if (is_true || g_str_equal (word, self->is_python ? "False" : "false"))
    return json_node_init_boolean (json_node_alloc (), is_true);
  if (self->is_python && g_str_equal (word, "None"))
    return json_node_init_null (json_node_alloc ());
  if (strchr ("+-.0123456789", *word) == NULL || read_number (word, &node))
    return node;

  return !self->is_python && g_ascii_isdigit (*word)
             ? json_node_init_string (json_node_alloc (), word)
             : NULL;
}

static JsonNode *
read_word (PlugRbLiteral *self, GError **error)
{
  gsize length = 0;
  g_autofree char *word = NULL;
  JsonNode *node;

  while (g_ascii_isalnum (self->p[length]) ||
         (self->p[length] != '\0' && strchr (self->is_python ? "_.+-" : "_.+-:", self->p[length])))
    length++;

  word = g_strndup (self->p, length);
  node = length > 0 ? word_to_node (self, word) : NULL;
  if (node == NULL)
    return throw_at (self, error);

  self->p += length;
  return node;
}

/* ---- lists and tables */

static gboolean
are_numbers (JsonArray *array)
{
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
      return FALSE;
  }

  return json_array_get_length (array) > 0;
}

/* (1, 2, 3) is version 1.2.3. */
static JsonNode *
tuple_to_node (JsonArray *array)
{
  g_autoptr(GString) text = g_string_new (NULL);

  if (!are_numbers (array))
    return json_node_init_array (json_node_alloc (), array);

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? "." : "",
                            json_array_get_int_element (array, i));

  return json_node_init_string (json_node_alloc (), text->str);
}

static gboolean
read_elements (PlugRbLiteral *self, char closing, JsonArray *array, gboolean *comma, GError **error)
{
  *comma = FALSE;
  while (!take_sign (self, closing)) {
    JsonNode *node;

    if (json_array_get_length (array) > 0 && !*comma)
      return throw_at (self, error) != NULL;
    if ((node = plug_rb_literal_read_value (self, error)) == NULL)
      return FALSE;
    json_array_add_element (array, node);
    *comma = take_sign (self, ',');
  }

  return TRUE;
}

static JsonNode *
read_list (PlugRbLiteral *self, GError **error)
{
  gboolean is_tuple = *self->p == '(';
  g_autoptr(JsonArray) array = json_array_new ();
  gboolean comma;

  self->p++;
  if (!read_elements (self, is_tuple ? ')' : ']', array, &comma, error))
    return NULL;

  /* Brackets around one thing, without a comma, are only brackets. */
  if (is_tuple && !comma && json_array_get_length (array) == 1)
    return json_array_dup_element (array, 0);

  return is_tuple ? tuple_to_node (array) : json_node_init_array (json_node_alloc (), array);
}

static char *
read_bare_key (PlugRbLiteral *self, GError **error)
{
  gsize length = 0;
  char *key;

  while (g_ascii_isalnum (self->p[length]) || self->p[length] == '_' || self->p[length] == '-')
    length++;
  if (length == 0 || self->is_python)
    return throw_at (self, error);

  key = g_strndup (self->p, length);
  self->p += length;

  return key;
}

/**
 * plug_rb_literal_read_key:
 *
 * Returns: (transfer full): the name of something in a table, or %NULL with %PLUG_RB_ERROR_CORRUPT
 */
char *
plug_rb_literal_read_key (PlugRbLiteral *self, GError **error)
{
  g_autoptr(JsonNode) node = NULL;

  plug_rb_literal_skip (self);
  if (measure_prefix (self) < 0)
    return read_bare_key (self, error);

  node = read_string (self, error);
  return node ? json_node_dup_string (node) : NULL;
}

static gboolean
read_member (PlugRbLiteral *self, JsonObject *object, GError **error)
{
  g_autofree char *key = plug_rb_literal_read_key (self, error);
  JsonNode *value;

  if (key == NULL)
    return FALSE;
  if (!take_sign (self, self->is_python ? ':' : '='))
    return throw_at (self, error) != NULL;
  if ((value = plug_rb_literal_read_value (self, error)) == NULL)
    return FALSE;

  json_object_set_member (object, key, value);
  return TRUE;
}

static JsonNode *
read_table (PlugRbLiteral *self, GError **error)
{
  g_autoptr(JsonObject) object = json_object_new ();
  gboolean comma = TRUE;

  self->p++;
  while (!take_sign (self, '}')) {
    if (!comma)
      return throw_at (self, error);
    if (!read_member (self, object, error))
      return NULL;
    comma = take_sign (self, ',');
  }

  return json_node_init_object (json_node_alloc (), object);
}

static JsonNode *
read_any (PlugRbLiteral *self, GError **error)
{
  if (measure_prefix (self) >= 0)
    return read_string (self, error);
  if (*self->p == '[' || (*self->p == '(' && self->is_python))
    return read_list (self, error);

  return *self->p == '{' ? read_table (self, error) : read_word (self, error);
}

/**
 * plug_rb_literal_read_value:
 *
 * Reads one value. What would have to be computed is refused: names, calls, sums.
 *
 * Returns: (transfer full): the value, or %NULL with %PLUG_RB_ERROR_CORRUPT that shows the place
 */
JsonNode *
plug_rb_literal_read_value (PlugRbLiteral *self, GError **error)
{
  JsonNode *node;

  plug_rb_literal_skip (self);
  if (self->depth >= DEPTH_LIMIT) {
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                         _("it is nested too deeply"));
    return NULL;
  }

  self->depth++;
  node = read_any (self, error);
  self->depth--;

  return node;
}
