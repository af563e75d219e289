/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-template.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-sandbox.h"

typedef struct {
  const char *name;
  const char *host_variable;
  const char *in_home;
  const char *(*get) (void);
} KnownFolder;

static const KnownFolder known_folders[] = {
  { "HOME", NULL, NULL, g_get_home_dir },
  { "CONFIG", "HOST_XDG_CONFIG_HOME", ".config", g_get_user_config_dir },
  { "DATA", "HOST_XDG_DATA_HOME", ".local/share", g_get_user_data_dir },
  { "CACHE", "HOST_XDG_CACHE_HOME", ".cache", g_get_user_cache_dir },
  { "STATE", "HOST_XDG_STATE_HOME", ".local/state", g_get_user_state_dir },
  { "RUNTIME", NULL, NULL, g_get_user_runtime_dir },
};

static char *
find_folder (const KnownFolder *folder)
{
  const char *path = folder->host_variable ? g_getenv (folder->host_variable) : NULL;

  if (path != NULL && g_path_is_absolute (path))
    return g_strdup (path);

  if (folder->in_home != NULL && plug_rb_sandbox_is_inside ())
    return g_build_filename (g_get_home_dir (), folder->in_home, NULL);

  return g_strdup (folder->get ());
}

/**
 * plug_rb_template_dup_folder:
 * @name: HOME, CONFIG, DATA, CACHE, STATE or RUNTIME
 *
 * Returns: (transfer full) (nullable): the user's folder of that name, outside of a sandbox too
 */
char *
plug_rb_template_dup_folder (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (known_folders); i++)
    if (g_str_equal (known_folders[i].name, name))
      return find_folder (&known_folders[i]);

  return NULL;
}

/* "%7B" stands for the byte of that number, as plug_rb_template_quote() writes it. */
static char *
dup_byte (const char *digits)
{
  if (strlen (digits) != 2 || !g_ascii_isxdigit (digits[0]) || !g_ascii_isxdigit (digits[1]) ||
      g_str_equal (digits, "00"))
    return NULL;

  return g_strdup_printf ("%c",
                          g_ascii_xdigit_value (digits[0]) * 16 + g_ascii_xdigit_value (digits[1]));
}

/* What the word in braces stands for, or NULL. */
static char *
dup_word (const char *word, const char *id, const char *plugin)
{
  if (g_str_has_prefix (word, "$%"))
    return dup_byte (word + 2);
  if (*word == '$')
    return plug_rb_template_dup_folder (word + 1);
  if (g_str_equal (word, "id"))
    return g_strdup (id);

  return g_str_equal (word, "plugin") ? g_strdup (plugin) : NULL;
}

/* "${DATA}/x" gives "$DATA", "{id}/x" gives "id"; @end is set behind the closing brace. */
static char *
read_word (const char *p, const char **end)
{
  gboolean is_folder = *p == '$';
  const char *start = p + (is_folder ? 2 : 1);
  const char *brace = strchr (p, '}');

  *end = brace ? brace + 1 : NULL;
  return brace && brace >= start
             ? g_strdup_printf ("%s%.*s", is_folder ? "$" : "", (int) (brace - start), start)
             : NULL;
}

static gboolean
expand_word (GString *text, const char **p, const char *id, const char *plugin)
{
  const char *end;
  g_autofree char *word = read_word (*p, &end);
  g_autofree char *value = word ? dup_word (word, id, plugin) : NULL;

  if (value == NULL)
    return FALSE;

  g_string_append (text, value);
  *p = end;

  return TRUE;
}

/**
 * plug_rb_template_expand:
 * @id: (nullable): what `{id}` stands for, %NULL if it is not allowed here
 * @plugin: (nullable): what `{plugin}` stands for, likewise
 *
 * Expands a template once: braces in what is put in stay as they are.
 *
 * Returns: (transfer full): the text, or %NULL with %PLUG_RB_ERROR_INVALID
 */
char *
plug_rb_template_expand (const char *template, const char *id, const char *plugin, GError **error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  const char *p = template;

  g_return_val_if_fail (template != NULL, NULL);

  while (*p != '\0') {
    if (*p != '{' && !g_str_has_prefix (p, "${")) {
      g_string_append_c (text, *p++);
    } else if (!expand_word (text, &p, id, plugin)) {
      g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID, _("nothing is known of “%s”"), p);
      return NULL;
    }
  }

  return g_string_free_and_steal (g_steal_pointer (&text));
}

/**
 * plug_rb_template_quote:
 * @path: a path, of any bytes
 *
 * Returns: (transfer full): the template that expands to @path and to nothing else, wherever it is
 *   put: in a value, in a list of values, in a description
 */
char *
plug_rb_template_quote (const char *path)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (const char *p = path; *p != '\0'; p++)
    if (g_ascii_isalnum (*p) || strchr ("/._-+@", *p) != NULL)
      g_string_append_c (text, *p);
    else
      g_string_append_printf (text, "${%%%02X}", (guint) (guchar) *p);

  return g_string_free_and_steal (g_steal_pointer (&text));
}

/**
 * plug_rb_template_bind:
 * @words: (element-type utf8 utf8): templates by the word that they stand for
 *
 * Puts those templates in the place of `${WORD}`. Words that are not in @words stay.
 *
 * Returns: (transfer full): the template that results
 */
char *
plug_rb_template_bind (const char *template, GHashTable *words)
{
  g_autoptr(GString) text = g_string_new (NULL);
  const char *p = template;

  while (*p != '\0') {
    const char *end = NULL;
    g_autofree char *word = g_str_has_prefix (p, "${") ? read_word (p, &end) : NULL;
    const char *value = word ? g_hash_table_lookup (words, word + 1) : NULL;

    if (value == NULL) {
      g_string_append_c (text, *p++);
    } else {
      g_string_append (text, value);
      p = end;
    }
  }

  return g_string_free_and_steal (g_steal_pointer (&text));
}
