/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-settings-name.h"

#include <string.h>

static gboolean
is_plain (const char *p)
{
  gunichar c = g_utf8_get_char_validated (p, -1);

  return c < 0x80000000u && c >= 0x20 && c != 0x7f;
}

static void
append_part (GString *name, const char *part)
{
  g_string_append (name, *part == '\0' ? "/~" : "/");

  for (const char *p = part; *p != '\0';) {
    if (*p == '~' || *p == '/') {
      g_string_append (name, *p == '~' ? "~0" : "~1");
      p++;
    } else if (is_plain (p)) {
      g_string_append_len (name, p, g_utf8_next_char (p) - p);
      p = g_utf8_next_char (p);
    } else {
      g_string_append_printf (name, "~x%02x", (guint8) *p++);
    }
  }
}

/**
 * plug_rb_settings_name_build:
 * @parts: any bytes
 *
 * Returns: (transfer full): the name
 */
char *
plug_rb_settings_name_build (const char *const *parts)
{
  GString *name = g_string_new (NULL);

  for (guint i = 0; parts[i] != NULL; i++)
    append_part (name, parts[i]);

  return g_string_free_and_steal (name);
}

/**
 * plug_rb_settings_name_build_one:
 *
 * Returns: (transfer full): the name that has only one part
 */
char *
plug_rb_settings_name_build_one (const char *part)
{
  const char *const parts[] = { part, NULL };

  return plug_rb_settings_name_build (parts);
}

/* Takes one "~..." off @text; 0 for one that means nothing. */
static char
decode_one (const char **text)
{
  const char *p = *text + 1;
  int high, low;

  *text = p + 1;
  if (*p == '0' || *p == '1')
    return *p == '0' ? '~' : '/';
  if (*p != 'x')
    return '\0';

  high = g_ascii_xdigit_value (p[1]);
  low = high < 0 ? -1 : g_ascii_xdigit_value (p[2]);
  *text = low < 0 ? p : p + 3;

  return low < 0 ? '\0' : (char) (high * 16 + low);
}

static char *
decode_part (const char *text)
{
  GString *part = g_string_new (NULL);
  gboolean valid = TRUE;

  if (g_str_equal (text, "~"))
    return g_string_free_and_steal (part);

  while (*text != '\0' && valid) {
    char c = *text == '~' ? decode_one (&text) : *text++;

    valid = c != '\0';
    g_string_append_c (part, c);
  }

  return g_string_free (part, !valid);
}

/**
 * plug_rb_settings_name_split:
 * @name: a name; it may come from a damaged file
 *
 * Returns: (transfer full) (nullable): its parts; %NULL if it is not one that
 *   plug_rb_settings_name_build() makes
 */
char **
plug_rb_settings_name_split (const char *name)
{
  g_auto(GStrv) texts = *name == '/' ? g_strsplit (name + 1, "/", -1) : NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) parts = NULL;
  g_autofree char *again = NULL;

  for (guint i = 0; texts != NULL && texts[i] != NULL; i++) {
    char *part = decode_part (texts[i]);

    if (part == NULL)
      return NULL;
    g_strv_builder_take (builder, part);
  }

  parts = g_strv_builder_end (builder);
  again = plug_rb_settings_name_build ((const char *const *) parts);

  return *parts != NULL && g_str_equal (again, name) ? g_steal_pointer (&parts) : NULL;
}
