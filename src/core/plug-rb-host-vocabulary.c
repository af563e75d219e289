/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host-vocabulary.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-host-keys.h"
#include "plug-rb-settings-store.h"
#include "plug-rb-table.h"
#include "plug-rb-template.h"

/* ---- messages that name the place */

/* A description under examination. */
typedef struct {
  GKeyFile *file;
  const char *path;
  const char *text;
  GPtrArray *faults;
} Subject;

static gboolean
is_header (const char *line, const char *group)
{
  gsize length = strlen (group);

  return *line == '[' && strncmp (line + 1, group, length) == 0 && line[length + 1] == ']';
}

static gboolean
is_assignment (const char *line, const char *key)
{
  const char *rest = line + strlen (key);

  return g_str_has_prefix (line, key) && *(rest + strspn (rest, " \t")) == '=';
}

/* GKeyFile does not tell lines. Where the key is missing it is the line of the group; 0 if that is
 * too. */
static guint
find_line (const char *text, const char *group, const char *key)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  guint header = 0;
  gboolean inside = FALSE;

  for (guint i = 0; lines[i] != NULL; i++) {
    const char *line = g_strchug (lines[i]);

    if (*line == '[' && (inside = is_header (line, group)) && header == 0)
      header = i + 1;
    if (inside && key != NULL && is_assignment (line, key))
      return i + 1;
  }

  return header;
}

static void
add_fault (const Subject *subject, const char *group, const char *key, const char *why)
{
  g_autoptr(GString) place = g_string_new (NULL);
  guint line = group ? find_line (subject->text, group, key) : 0;

  g_string_append_printf (place, _("“%s”"), subject->path);
  if (line > 0)
    g_string_append_printf (place, _(", line %u"), line);
  if (group != NULL)
    g_string_append_printf (place, _(", group “%s”"), group);
  if (key != NULL)
    g_string_append_printf (place, _(", key “%s”"), key);
  g_string_append_printf (place, ": %s", why);

  if (!g_ptr_array_find_with_equal_func (subject->faults, place->str, g_str_equal, NULL))
    g_ptr_array_add (subject->faults, g_string_free_and_steal (g_steal_pointer (&place)));
}

/* ---- checking */

static const PlugRbHostGroup *
find_group (const char *name)
{
  g_auto(GStrv) words = g_strsplit (name, " ", 2);

  for (guint i = 0; i < plug_rb_host_n_groups; i++)
    if (g_strcmp0 (plug_rb_host_groups[i].name, words[0]) == 0 &&
        ((plug_rb_host_groups[i].flags & PLUG_RB_KEY_NAMED) != 0) == (words[1] != NULL))
      return &plug_rb_host_groups[i];

  return NULL;
}

/* Where the values stand in a file that plugins share, the keys are what the backend needs. */
static char *
dup_store_backend (const Subject *subject, const char *group)
{
  g_autofree char *backend = NULL;

  if (!g_str_has_prefix (group, "State ") && !g_str_has_prefix (group, "Data "))
    return NULL;

  backend = g_key_file_get_string (subject->file, group, "Backend", NULL);
  return backend != NULL && plug_rb_settings_is_backend (backend) ? g_steal_pointer (&backend)
                                                                  : NULL;
}

static const PlugRbHostKey *
find_key (const PlugRbHostGroup *group, const char *name)
{
  const char *bracket = strchr (name, '[');
  gsize length = bracket ? (gsize) (bracket - name) : strlen (name);

  for (guint i = 0; i < plug_rb_host_n_keys; i++)
    if (g_str_equal (plug_rb_host_keys[i].group, group->name) &&
        strlen (plug_rb_host_keys[i].name) == length &&
        strncmp (plug_rb_host_keys[i].name, name, length) == 0 &&
        (bracket == NULL || (plug_rb_host_keys[i].flags & PLUG_RB_KEY_LOCALIZED)))
      return &plug_rb_host_keys[i];

  return NULL;
}

static void
check_value (const Subject *subject, const char *group, const char *name, const PlugRbHostKey *key)
{
  g_autofree char *value = g_key_file_get_string (subject->file, group, name, NULL);
  g_auto(GStrv) words = key->words ? g_strsplit (key->words, ";", -1) : NULL;
  g_autofree char *why = NULL;

  if (value == NULL || *value == '\0')
    why = g_strdup (_("the value is empty or not text"));
  else if (words != NULL && !g_strv_contains ((const char *const *) words, value))
    why = g_strdup_printf (_("“%s” is not known here, only “%s”"), value, key->words);
  else if (key->check != NULL)
    why = g_strdup (key->check (value));

  if (why != NULL)
    add_fault (subject, group, name, why);
}

/* Some keys belong to one layout or backend only. */
static gboolean
is_known_here (const Subject *subject, const char *group, const PlugRbHostKey *key)
{
  g_auto(GStrv) sides = key->where ? g_strsplit (key->where, "=", 2) : NULL;
  g_autofree char *value =
      sides ? g_key_file_get_string (subject->file, group, sides[0], NULL) : NULL;
  g_auto(GStrv) values = sides ? g_strsplit (sides[1], ";", -1) : NULL;

  return sides == NULL || (value != NULL && g_strv_contains ((const char *const *) values, value));
}

static void
check_word (const Subject *subject, const char *group, const char *name)
{
  static const PlugRbHostKey word = { "Variant", "", PLUG_RB_KEY_OPTIONAL, NULL,
                                      plug_rb_value_check_text };
  const char *why = plug_rb_value_check_word (name);

  if (why != NULL)
    add_fault (subject, group, name, why);
  else
    check_value (subject, group, name, &word);
}

static void
check_parameter (const Subject *subject, const char *group, const char *name)
{
  static const PlugRbHostKey path = { "Data", "File", PLUG_RB_KEY_OPTIONAL, NULL,
                                      plug_rb_value_check_plugin_path };
  static const PlugRbHostKey text = { "Data", "", PLUG_RB_KEY_OPTIONAL, NULL,
                                      plug_rb_value_check_plugin_text };
  gboolean is_path = g_str_equal (name, "File") || g_str_equal (name, "Companion");

  check_value (subject, group, name, is_path ? &path : &text);
}

static gboolean
is_parameter (const char *backend, const char *name)
{
  return backend != NULL && !g_str_equal (name, "Role") && !g_str_equal (name, "Host") &&
         plug_rb_settings_backend_takes (backend, name);
}

/* What is left out because the backend has a word for it. */
static gboolean
comes_from_elsewhere (const Subject *subject, const char *group, const char *name)
{
  g_autofree char *other = g_strconcat (name, "From", NULL);

  return g_key_file_has_key (subject->file, group, other, NULL);
}

/* Values of all plugins must not be taken for those of each. */
static gboolean
names_plugin (const Subject *subject, const char *group)
{
  g_auto(GStrv) names = g_key_file_get_keys (subject->file, group, NULL, NULL);

  for (guint i = 0; names != NULL && names[i] != NULL; i++) {
    g_autofree char *value = g_key_file_get_string (subject->file, group, names[i], NULL);

    if (g_str_has_suffix (names[i], "From") || (value != NULL && strstr (value, "{id}") != NULL))
      return TRUE;
  }

  return FALSE;
}

static void
add_parameter (GStrvBuilder *parameters, const Subject *subject, const char *group, const char *key)
{
  g_autofree char *value = g_key_file_get_string (subject->file, group, key, NULL);
  char *expanded = value ? plug_rb_template_expand (value, "id", "/plugin", NULL) : NULL;

  if (expanded != NULL) {
    g_strv_builder_add (parameters, key);
    g_strv_builder_take (parameters, expanded);
  }
}

/* As it will be made for each plugin: the backend knows best what it can work with. */
static void
try_store (const Subject *subject, const char *group, const char *backend)
{
  g_auto(GStrv) names = g_key_file_get_keys (subject->file, group, NULL, NULL);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) parameters = NULL;
  g_autoptr(PlugRbSettingsStore) store = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; names != NULL && names[i] != NULL; i++) {
    if (is_parameter (backend, names[i]))
      add_parameter (builder, subject, group, names[i]);
    if (g_str_has_suffix (names[i], "From")) {
      g_strv_builder_take (builder, g_strndup (names[i], strlen (names[i]) - strlen ("From")));
      g_strv_builder_add (builder, "x");
    }
  }

  parameters = g_strv_builder_end (builder);
  store = plug_rb_settings_store_new (group, backend, (const char *const *) parameters, &error);
  if (store == NULL)
    add_fault (subject, group, NULL, error->message);
}

static void
check_parameters (const Subject *subject, const char *group, const char *backend)
{
  guint before = subject->faults->len;
  const char *const *required = plug_rb_settings_backend_get_required (backend);

  if (!names_plugin (subject, group))
    add_fault (subject, group, NULL, _("nothing in it says which plugin is meant"));

  for (guint i = 0; required[i] != NULL; i++)
    if (!g_key_file_has_key (subject->file, group, required[i], NULL) &&
        !comes_from_elsewhere (subject, group, required[i]))
      add_fault (subject, group, required[i], _("this key is missing"));

  if (subject->faults->len == before)
    try_store (subject, group, backend);
}

static void
check_key (const Subject *subject,
           const char *group_name,
           const PlugRbHostGroup *group,
           const char *name)
{
  const PlugRbHostKey *key = find_key (group, name);
  g_autofree char *backend = dup_store_backend (subject, group_name);

  if (is_parameter (backend, name)) {
    check_parameter (subject, group_name, name);
  } else if (key == NULL && (group->flags & PLUG_RB_KEY_WORDS) && g_ascii_islower (*name)) {
    check_word (subject, group_name, name);
  } else if (key == NULL) {
    add_fault (subject, group_name, name, _("this key is not known"));
  } else if (!is_known_here (subject, group_name, key)) {
    g_autofree char *why = g_strdup_printf (_("this key is only for “%s”"), key->where);

    add_fault (subject, group_name, name, why);
  } else {
    check_value (subject, group_name, name, key);
  }
}

static void
check_keys (const Subject *subject, const char *name, const PlugRbHostGroup *group)
{
  g_auto(GStrv) names = g_key_file_get_keys (subject->file, name, NULL, NULL);
  g_autofree char *backend = dup_store_backend (subject, name);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    check_key (subject, name, group, names[i]);

  for (guint i = 0; i < plug_rb_host_n_keys; i++)
    if (g_str_equal (plug_rb_host_keys[i].group, group->name) &&
        (plug_rb_host_keys[i].flags & PLUG_RB_KEY_REQUIRED) &&
        is_known_here (subject, name, &plug_rb_host_keys[i]) &&
        !g_key_file_has_key (subject->file, name, plug_rb_host_keys[i].name, NULL))
      add_fault (subject, name, plug_rb_host_keys[i].name, _("this key is missing"));

  if (backend != NULL)
    check_parameters (subject, name, backend);
}

/* The names of parts and lists become names of folders and files in snapshots. */
static void
check_group_name (const Subject *subject, const char *group)
{
  const char *name = strchr (group, ' ');
  const char *why;

  if (name == NULL)
    return;

  name++;
  why = *name == '\0' ? _("the group needs a name") : plug_rb_value_check_name (name);
  if (why == NULL && !g_str_has_prefix (group, "Data ") &&
      g_str_equal (name, PLUG_RB_TABLE_SETTINGS))
    why = _("this name is taken");

  if (why != NULL)
    add_fault (subject, group, NULL, why);
}

static void
check_group (const Subject *subject, const char *name)
{
  const PlugRbHostGroup *group = find_group (name);

  if (group == NULL) {
    add_fault (subject, name, NULL, _("this group is not known"));
    return;
  }

  check_group_name (subject, name);
  check_keys (subject, name, group);
}

static gboolean
has_group (char **names, const PlugRbHostGroup *group)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (find_group (names[i]) == group)
      return TRUE;

  return FALSE;
}

/* Roots and parts share one space of names. */
static void
check_unique (const Subject *subject, char **names)
{
  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *root = NULL;

    if (!g_str_has_prefix (names[i], "Part "))
      continue;

    root = g_strconcat ("Root ", names[i] + strlen ("Part "), NULL);
    if (g_key_file_has_group (subject->file, root))
      add_fault (subject, names[i], NULL, _("a root has this name already"));
  }
}

/* Both are places of values, which are told apart by their names. */
static void
check_stores (const Subject *subject, char **names)
{
  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *state = NULL;

    if (!g_str_has_prefix (names[i], "Data "))
      continue;

    state = g_strconcat ("State ", names[i] + strlen ("Data "), NULL);
    if (g_key_file_has_group (subject->file, state))
      add_fault (subject, names[i], NULL, _("a state has this name already"));
  }
}

/* One folder stands for those of all languages. */
static void
check_parts (const Subject *subject, char **names)
{
  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *path = g_key_file_get_string (subject->file, names[i], "Path", NULL);
    g_autofree char *role = g_key_file_get_string (subject->file, names[i], "Role", NULL);
    g_auto(GStrv) stars = path ? g_strsplit (path, "*", -1) : NULL;
    gboolean is_locale = g_strcmp0 (role, "locale") == 0;

    if (g_str_has_prefix (names[i], "Part ") && stars != NULL &&
        g_strv_length (stars) != (is_locale ? 2 : 1))
      add_fault (subject, names[i], "Path",
                 is_locale ? _("with this role one “*” stands for the language")
                           : _("“*” is only known with the role “locale”"));
  }
}

static gboolean
has_value (const Subject *subject, const char *group, const char *key, const char *value)
{
  g_autofree char *found = g_key_file_get_string (subject->file, group, key, NULL);

  return g_strcmp0 (found, value) == 0;
}

/* What plugins among others' files are found by. */
static void
check_set (const Subject *subject)
{
  g_autofree char *file = g_key_file_get_string (subject->file, "Manifest", "File", NULL);

  if (file == NULL || !g_str_has_prefix (file, "*.") || strpbrk (file + 1, "*?") != NULL)
    add_fault (subject, "Manifest", "File", _("with this layout it is “*.” and a suffix"));
  if (!g_key_file_has_key (subject->file, "Manifest", "Id", NULL))
    add_fault (subject, "Manifest", "Id", _("with this layout it is needed"));
}

static void
check_layouts (const Subject *subject, char **names)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_has_prefix (names[i], "Root ") &&
        has_value (subject, names[i], "Layout", "manifest-set"))
      check_set (subject);

  if (g_key_file_has_group (subject->file, "Manifest") &&
      !has_value (subject, "Manifest", "Format", "none") &&
      !g_key_file_has_key (subject->file, "Manifest", "File", NULL))
    add_fault (subject, "Manifest", "File", _("this key is missing"));
}

/**
 * plug_rb_host_vocabulary_check:
 * @path: the description's file, for messages
 * @text: its content, for messages
 * @faults: (element-type utf8): where to add what is wrong, each once
 *
 * Checks a description against the vocabulary: no group and no key that is not in it, all required
 * ones there, and every value one that its key may have. Each fault names file, line, group and
 * key.
 */
void
plug_rb_host_vocabulary_check (GKeyFile *file,
                               const char *path,
                               const char *text,
                               GPtrArray *faults)
{
  Subject subject = { file, path, text, faults };
  g_auto(GStrv) names = g_key_file_get_groups (file, NULL);

  for (guint i = 0; names[i] != NULL; i++)
    check_group (&subject, names[i]);

  for (guint i = 0; i < plug_rb_host_n_groups; i++)
    if ((plug_rb_host_groups[i].flags & PLUG_RB_KEY_REQUIRED) &&
        !has_group (names, &plug_rb_host_groups[i]))
      add_fault (&subject, plug_rb_host_groups[i].name, NULL, _("this group is missing"));

  check_unique (&subject, names);
  check_parts (&subject, names);
  check_stores (&subject, names);
  check_layouts (&subject, names);
}

/* ---- parsing */

static const char *
skip_lines (const char *text, guint n)
{
  while (n-- > 0)
    text = strchrnul (text, '\n') + 1;

  return text;
}

static guint
count_lines (const char *text)
{
  guint n = 1;

  for (const char *p = text; (p = strchr (p, '\n')) != NULL; p++)
    n++;

  return n;
}

/* The first line that GKeyFile does not take: with all lines before it, it loads. */
static guint
find_bad_line (const char *text)
{
  guint good = 0;
  guint bad = count_lines (text);

  while (bad - good > 1) {
    guint middle = good + (bad - good) / 2;
    g_autoptr(GKeyFile) file = g_key_file_new ();
    gsize length = skip_lines (text, middle) - text;

    if (length == 0 || g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, NULL))
      good = middle;
    else
      bad = middle;
  }

  return bad;
}

/**
 * plug_rb_host_vocabulary_parse:
 * @path: the description's file, for messages
 * @text: its content
 *
 * Returns: (transfer full): the description, parsed but not checked, or %NULL with
 *   %PLUG_RB_ERROR_INVALID that names file and line
 */
GKeyFile *
plug_rb_host_vocabulary_parse (const char *path, const char *text, GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GError) local_error = NULL;

  if (!g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, &local_error)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID, _("“%s”, line %u: %s"), path,
                 find_bad_line (text), local_error->message);
    return NULL;
  }

  return g_steal_pointer (&file);
}
