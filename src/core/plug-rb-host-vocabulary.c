/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host-vocabulary.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-layout.h"
#include "plug-rb-table.h"
#include "plug-rb-template.h"

/* ---- values: each check returns NULL, or what is wrong (translated) */

typedef const char *(*Check) (const char *value);

static const char *
check_name (const char *value)
{
  for (const char *p = value; *p != '\0'; p++)
    if (!g_ascii_islower (*p) && !g_ascii_isdigit (*p) && *p != '-')
      return _("a name has only a to z, 0 to 9 and “-”");

  return NULL;
}

static const char *
check_path (const char *value)
{
  g_autofree char *path = plug_rb_template_expand (value, NULL, NULL, NULL);

  if (path == NULL)
    return _("only ${HOME}, ${CONFIG}, ${DATA}, ${CACHE}, ${STATE} and ${RUNTIME} are known here");

  return g_path_is_absolute (path) ? NULL : _("the path is not absolute");
}

static const char *
check_part_path (const char *value)
{
  g_autofree char *folder = g_path_get_dirname (value);
  g_autofree char *name = g_path_get_basename (value);
  g_autofree char *expanded = plug_rb_template_expand (name, "id", NULL, NULL);

  if (expanded == NULL || strstr (name, "{id}") == NULL)
    return _("the last name in the path must have {id} in it");

  return check_path (folder);
}

static const char *
check_plugin_path (const char *value)
{
  g_autofree char *path = plug_rb_template_expand (value, "id", "/plugin", NULL);

  if (path == NULL)
    return _("only {id}, {plugin} and the user’s folders are known here");

  return g_path_is_absolute (path) ? NULL : _("the path is not absolute");
}

static const char *
check_entry (const char *value)
{
  g_autofree char *entry = plug_rb_template_expand (value, "id", NULL, NULL);

  return entry && strstr (value, "{id}") ? NULL : _("it must have {id} in it, and no other braces");
}

static const char *
check_members (const char *value)
{
  g_auto(GStrv) members = g_strsplit (value, ";", -1);

  for (guint i = 0; members[i] != NULL; i++) {
    g_autofree char *name = plug_rb_member_name_build (members[i], "id", "stem");

    if (*members[i] == '\0' && members[i + 1] == NULL)
      continue;
    if (name == NULL || strchr (members[i], '/') != NULL || strchr (name, '{') != NULL)
      return _("each name must have {id} or {stem} in it, once, and no other braces");
  }

  return NULL;
}

static const char *
check_own_folder (const char *value)
{
  g_autofree char *folder = plug_rb_template_expand (value, "id", NULL, NULL);

  if (folder == NULL || strstr (value, "{id}") == NULL)
    return _("it must have {id} in it, and no other braces");

  return *folder == '/' && g_str_has_suffix (folder, "/") && strstr (folder, "//") == NULL
             ? NULL
             : _("a folder of settings begins and ends with “/”");
}

static const char *
check_file (const char *value)
{
  if (strchr (value, '/') || g_str_equal (value, ".") || g_str_equal (value, ".."))
    return _("it is not the name of a file");

  return NULL;
}

static const char *
check_selector (const char *value)
{
  return strchr (value, '/') ? NULL
                             : _("it is neither a JSON pointer such as “/name” nor “Group/Key”");
}

static const char *
check_setting (const char *value)
{
  return strchr (value, '/') == NULL ? NULL : _("it is not the name of a setting");
}

static const char *
check_folder (const char *value)
{
  if (*value != '/' || !g_str_has_suffix (value, "/") || strstr (value, "//"))
    return _("a folder of settings begins and ends with “/”");

  return NULL;
}

static const char *
check_folders (const char *value)
{
  g_auto(GStrv) folders = g_strsplit (value, ";", -1);
  const char *wrong = NULL;

  for (guint i = 0; folders[i] != NULL && wrong == NULL; i++)
    if (*folders[i] != '\0' || folders[i + 1] != NULL)
      wrong = check_folder (folders[i]);

  return wrong;
}

static const char *
check_bus (const char *value)
{
  return g_dbus_is_name (value) && *value != ':' ? NULL : _("it is not a D-Bus name");
}

static const char *
check_detect (const char *value)
{
  g_auto(GStrv) items = g_strsplit (value, ";", -1);
  const char *wrong = NULL;

  for (guint i = 0; items[i] != NULL && wrong == NULL; i++) {
    if (g_str_has_prefix (items[i], "path:"))
      wrong = check_path (items[i] + strlen ("path:"));
    else if (g_str_has_prefix (items[i], "bus:"))
      wrong = check_bus (items[i] + strlen ("bus:"));
    else if (*items[i] != '\0' || items[i + 1] != NULL)
      wrong = _("a host is detected by “path:” or “bus:”");
  }

  return wrong;
}

static const char *
check_version_query (const char *value)
{
  g_auto(GStrv) words = g_strsplit (value, " ", -1);

  if (g_strv_length (words) != 6 || !g_str_equal (words[0], "dbus-property") ||
      !g_str_equal (words[1], "session"))
    return _("it is not of the form “dbus-property session NAME PATH INTERFACE PROPERTY”");

  if (check_bus (words[2]) || !g_variant_is_object_path (words[3]) ||
      !g_dbus_is_interface_name (words[4]) || !g_dbus_is_member_name (words[5]))
    return _("a D-Bus name in it is not valid");

  return NULL;
}

/* ---- the vocabulary */

typedef enum {
  OPTIONAL = 0,
  REQUIRED = 1 << 0,
  NAMED = 1 << 1,     /* a group with a name of its own: [Root user] */
  LOCALIZED = 1 << 2, /* a key that may have translations: Name[de] */
} Flags;

typedef struct {
  const char *name;
  Flags flags;
} Group;

typedef struct {
  const char *group;
  const char *name;
  Flags flags;
  const char *words; /* the only values, parted by semicolons */
  Check check;
} Key;

static const Group groups[] = {
  { "Host", REQUIRED },     { "Root", REQUIRED | NAMED }, { "Part", NAMED },
  { "Manifest", REQUIRED }, { "State", NAMED },           { "Data", NAMED },
  { "Cache", OPTIONAL },    { "Running", OPTIONAL },      { "Reload", OPTIONAL },
  { "Health", NAMED },      { "Exclude", OPTIONAL },
};

static const Key keys[] = {
  { "Host", "Id", REQUIRED, NULL, check_name },
  { "Host", "Name", REQUIRED | LOCALIZED, NULL, NULL },
  { "Host", "Icon", OPTIONAL, NULL, NULL },
  { "Host", "Inherits", OPTIONAL, NULL, check_name },
  { "Host", "App", OPTIONAL, NULL, check_name },
  { "Host", "Detect", OPTIONAL, NULL, check_detect },
  { "Host", "HostVersion", OPTIONAL, NULL, check_version_query },
  { "Root", "Path", REQUIRED, NULL, check_path },
  { "Root", "Layout", REQUIRED, "dir;file;dir-or-file;manifest-set", NULL },
  { "Root", "Members", OPTIONAL, NULL, check_members },
  { "Root", "Ignore", OPTIONAL, NULL, NULL },
  { "Part", "Path", REQUIRED, NULL, check_part_path },
  { "Part", "Role", REQUIRED, "code;staged;settings", NULL },
  { "Part", "Optional", OPTIONAL, "true;false", NULL },
  { "Manifest", "File", OPTIONAL, NULL, check_file },
  { "Manifest", "Format", REQUIRED, "json;keyfile;none", NULL },
  { "Manifest", "Id", OPTIONAL, NULL, check_selector },
  { "Manifest", "IdFrom", REQUIRED, "dirname;stem;manifest", NULL },
  { "Manifest", "Name", OPTIONAL, NULL, check_selector },
  { "Manifest", "Version", OPTIONAL, NULL, check_selector },
  { "Manifest", "VersionFallback", OPTIONAL, NULL, check_selector },
  { "Manifest", "Description", OPTIONAL, NULL, check_selector },
  { "Manifest", "HostVersions", OPTIONAL, NULL, check_selector },
  { "Manifest", "HostRule", OPTIONAL, "prefix-major", NULL },
  { "Manifest", "SettingsSchema", OPTIONAL, NULL, check_selector },
  { "State", "Role", REQUIRED, "enabled;disabled", NULL },
  { "State", "Backend", REQUIRED, "gsettings-list", NULL },
  { "State", "Path", REQUIRED, NULL, check_folder },
  { "State", "Key", REQUIRED, NULL, check_setting },
  { "State", "Entry", REQUIRED, NULL, check_entry },
  { "Data", "Backend", REQUIRED, "gsettings", NULL },
  { "Data", "Path", OPTIONAL, NULL, check_own_folder },
  { "Data", "SchemaDir", OPTIONAL, NULL, check_plugin_path },
  { "Data", "Parents", OPTIONAL, NULL, check_folders },
  { "Cache", "Globs", REQUIRED, NULL, NULL },
  { "Exclude", "Globs", REQUIRED, NULL, NULL },
  { "Running", "Bus", REQUIRED, NULL, check_bus },
  { "Reload", "Method", REQUIRED, "none;relogin;restart", NULL },
  { "Health", "Probe", REQUIRED, NULL, NULL },
  { "Health", "Select", OPTIONAL, NULL, NULL },
  { "Health", "Ok", OPTIONAL, NULL, NULL },
  { "Health", "Bad", OPTIONAL, NULL, NULL },
  { "Health", "Message", OPTIONAL, NULL, NULL },
  { "Health", "Timeout", OPTIONAL, NULL, NULL },
};

/* ---- messages that name the place */

/* A description under examination. */
typedef struct {
  GKeyFile *file;
  const char *path;
  const char *text;
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

static gboolean
throw_invalid (
    GError **error, const Subject *subject, const char *group, const char *key, const char *why)
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

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID, "%s: %s", place->str, why);
  return FALSE;
}

/* ---- checking */

static const Group *
find_group (const char *name)
{
  g_auto(GStrv) words = g_strsplit (name, " ", 2);

  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    if (g_strcmp0 (groups[i].name, words[0]) == 0 &&
        ((groups[i].flags & NAMED) != 0) == (words[1] != NULL))
      return &groups[i];

  return NULL;
}

static const Key *
find_key (const Group *group, const char *name)
{
  const char *bracket = strchr (name, '[');
  gsize length = bracket ? (gsize) (bracket - name) : strlen (name);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_str_equal (keys[i].group, group->name) && strlen (keys[i].name) == length &&
        strncmp (keys[i].name, name, length) == 0 &&
        (bracket == NULL || (keys[i].flags & LOCALIZED)))
      return &keys[i];

  return NULL;
}

static gboolean
check_value (
    const Subject *subject, const char *group, const char *name, const Key *key, GError **error)
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

  return why == NULL || throw_invalid (error, subject, group, name, why);
}

static gboolean
check_keys (const Subject *subject, const char *name, const Group *group, GError **error)
{
  g_auto(GStrv) names = g_key_file_get_keys (subject->file, name, NULL, NULL);

  for (guint i = 0; names != NULL && names[i] != NULL; i++) {
    const Key *key = find_key (group, names[i]);

    if (key == NULL)
      return throw_invalid (error, subject, name, names[i], _("this key is not known"));
    if (!check_value (subject, name, names[i], key, error))
      return FALSE;
  }

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_str_equal (keys[i].group, group->name) && (keys[i].flags & REQUIRED) &&
        !g_key_file_has_key (subject->file, name, keys[i].name, NULL))
      return throw_invalid (error, subject, name, keys[i].name, _("this key is missing"));

  return TRUE;
}

/* The names of parts and lists become names of folders and files in snapshots. */
static gboolean
check_group_name (const Subject *subject, const char *group, GError **error)
{
  const char *name = strchr (group, ' ');
  const char *why;

  if (name == NULL)
    return TRUE;

  name++;
  why = *name == '\0' ? _("the group needs a name") : check_name (name);
  if (why == NULL && !g_str_has_prefix (group, "Data ") &&
      g_str_equal (name, PLUG_RB_TABLE_SETTINGS))
    why = _("this name is taken");

  return why == NULL || throw_invalid (error, subject, group, NULL, why);
}

static gboolean
check_group (const Subject *subject, const char *name, GError **error)
{
  const Group *group = find_group (name);

  if (group == NULL)
    return throw_invalid (error, subject, name, NULL, _("this group is not known"));

  return check_group_name (subject, name, error) && check_keys (subject, name, group, error);
}

static gboolean
has_group (char **names, const Group *group)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (find_group (names[i]) == group)
      return TRUE;

  return FALSE;
}

/* Roots and parts share one space of names. */
static gboolean
check_unique (const Subject *subject, char **names, GError **error)
{
  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *root = NULL;

    if (!g_str_has_prefix (names[i], "Part "))
      continue;

    root = g_strconcat ("Root ", names[i] + strlen ("Part "), NULL);
    if (g_key_file_has_group (subject->file, root))
      return throw_invalid (error, subject, names[i], NULL, _("a root has this name already"));
  }

  return TRUE;
}

static gboolean
has_value (const Subject *subject, const char *group, const char *key, const char *value)
{
  g_autofree char *found = g_key_file_get_string (subject->file, group, key, NULL);

  return g_strcmp0 (found, value) == 0;
}

/* What plugins among others' files are found by. */
static gboolean
check_set (const Subject *subject, GError **error)
{
  g_autofree char *file = g_key_file_get_string (subject->file, "Manifest", "File", NULL);

  if (file == NULL || !g_str_has_prefix (file, "*.") || strpbrk (file + 1, "*?") != NULL)
    return throw_invalid (error, subject, "Manifest", "File",
                          _("with this layout it is “*.” and a suffix"));
  if (!g_key_file_has_key (subject->file, "Manifest", "Id", NULL))
    return throw_invalid (error, subject, "Manifest", "Id", _("with this layout it is needed"));

  return TRUE;
}

static gboolean
check_layout (const Subject *subject, const char *group, GError **error)
{
  if (has_value (subject, group, "Layout", "dir"))
    return TRUE;
  if (!g_key_file_has_key (subject->file, group, "Members", NULL))
    return throw_invalid (error, subject, group, "Members", _("with this layout it is needed"));

  return !has_value (subject, group, "Layout", "manifest-set") || check_set (subject, error);
}

static gboolean
check_layouts (const Subject *subject, char **names, GError **error)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_has_prefix (names[i], "Root ") && !check_layout (subject, names[i], error))
      return FALSE;

  if (!has_value (subject, "Manifest", "Format", "none") &&
      !g_key_file_has_key (subject->file, "Manifest", "File", NULL))
    return throw_invalid (error, subject, "Manifest", "File", _("this key is missing"));

  return TRUE;
}

/**
 * plug_rb_host_vocabulary_check:
 * @path: the description's file, for messages
 * @text: its content, for messages
 *
 * Checks a description against the vocabulary: no group and no key that is not in it, all required
 * ones there, and every value one that its key may have.
 *
 * Returns: whether it is valid; otherwise %PLUG_RB_ERROR_INVALID names file, line, group and key
 */
gboolean
plug_rb_host_vocabulary_check (GKeyFile *file, const char *path, const char *text, GError **error)
{
  Subject subject = { file, path, text };
  g_auto(GStrv) names = g_key_file_get_groups (file, NULL);

  for (guint i = 0; names[i] != NULL; i++)
    if (!check_group (&subject, names[i], error))
      return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    if ((groups[i].flags & REQUIRED) && !has_group (names, &groups[i]))
      return throw_invalid (error, &subject, groups[i].name, NULL, _("this group is missing"));

  return check_unique (&subject, names, error) && check_layouts (&subject, names, error);
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
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID,
                 _("“%s”, line %u: %s"), path, find_bad_line (text), local_error->message);
    return NULL;
  }

  return g_steal_pointer (&file);
}
