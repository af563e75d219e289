/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host-template.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-host-file.h"
#include "plug-rb-host-vocabulary.h"
#include "plug-rb-small-file.h"
#include "plug-rb-template.h"

#define SIZE_LIMIT (64 * 1024)
#define HOST "Host"
#define APP "{app}"

static gboolean
throw_invalid (GError **error, const char *path, const char *key, const char *why)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID, _("“%s”, group “%s”, key “%s”: %s"),
               path, HOST, key, why);
  return FALSE;
}

static gboolean
is_other (const char *path, const char *other)
{
  g_autofree char *one = g_canonicalize_filename (path, NULL);
  g_autofree char *two = g_canonicalize_filename (other, NULL);

  return !g_str_equal (one, two) && g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Beside the description, or among those that came with the program. A description may have the
 * name of the one that it adds to. */
static char *
find_parent (const char *path, const char *name)
{
  g_autofree char *own = g_path_get_dirname (path);
  const char *const folders[] = { own, plug_rb_host_get_shipped_folder () };
  static const char *const suffixes[] = { ".template", ".host" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (folders); j++) {
      g_autofree char *file = g_strconcat (name, suffixes[i], NULL);
      g_autofree char *found = g_build_filename (folders[j], file, NULL);

      if (is_other (found, path))
        return g_steal_pointer (&found);
    }

  return NULL;
}

/* What the description says itself counts. */
static void
add_missing (GKeyFile *file, GKeyFile *from)
{
  g_auto(GStrv) groups = g_key_file_get_groups (from, NULL);

  for (guint i = 0; groups[i] != NULL; i++) {
    g_auto(GStrv) keys = g_key_file_get_keys (from, groups[i], NULL, NULL);

    for (guint j = 0; keys != NULL && keys[j] != NULL; j++) {
      g_autofree char *value = g_key_file_get_value (from, groups[i], keys[j], NULL);

      if (!g_key_file_has_key (file, groups[i], keys[j], NULL))
        g_key_file_set_value (file, groups[i], keys[j], value);
    }
  }
}

static void
replace_app (GKeyFile *file, const char *app)
{
  g_auto(GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i] != NULL; i++) {
    g_auto(GStrv) keys = g_key_file_get_keys (file, groups[i], NULL, NULL);

    for (guint j = 0; keys != NULL && keys[j] != NULL; j++) {
      g_autofree char *value = g_key_file_get_value (file, groups[i], keys[j], NULL);
      g_autoptr(GString) text = g_string_new (value);

      if (g_string_replace (text, APP, app, 0) > 0)
        g_key_file_set_value (file, groups[i], keys[j], text->str);
    }
  }
}

static GKeyFile *
load (const char *path, const char *parent, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) cause = NULL;

  if ((text = plug_rb_small_file_read_text (AT_FDCWD, parent, SIZE_LIMIT, &cause)) == NULL) {
    throw_invalid (error, path, "Inherits", cause->message);
    return NULL;
  }

  return plug_rb_host_vocabulary_parse (parent, text, error);
}

static gboolean inherit (GKeyFile *file, const char *path, GPtrArray *seen, GError **error);

static gboolean
inherit_from (GKeyFile *file, const char *path, const char *parent, GPtrArray *seen, GError **error)
{
  g_autoptr(GKeyFile) template = NULL;

  if (g_ptr_array_find_with_equal_func (seen, parent, g_str_equal, NULL))
    return throw_invalid (error, path, "Inherits", _("it inherits from itself"));

  g_ptr_array_add (seen, g_strdup (parent));
  if (!(template = load (path, parent, error)) || !inherit (template, parent, seen, error))
    return FALSE;

  add_missing (file, template);
  return TRUE;
}

static gboolean
inherit (GKeyFile *file, const char *path, GPtrArray *seen, GError **error)
{
  g_autofree char *name = g_key_file_get_string (file, HOST, "Inherits", NULL);
  g_autofree char *parent = NULL;
  g_autofree char *why = NULL;

  if (name == NULL)
    return TRUE;
  if (*name == '\0' || *name == '.' || strchr (name, '/') != NULL)
    return throw_invalid (error, path, "Inherits", _("it is not the name of a description"));
  if ((parent = find_parent (path, name)) != NULL)
    return inherit_from (file, path, parent, seen, error);

  why = g_strdup_printf (_("there is neither “%s.template” nor “%s.host”"), name, name);
  return throw_invalid (error, path, "Inherits", why);
}

/**
 * plug_rb_host_template_apply:
 * @file: a description, parsed but not checked
 * @path: where it lies, for messages
 *
 * Adds what the template or description has that the description names by `Inherits`, and what
 * that inherits in turn, and puts the value of `App` where `{app}` stands.
 */
gboolean
plug_rb_host_template_apply (GKeyFile *file, const char *path, GError **error)
{
  g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *app = NULL;

  g_ptr_array_add (seen, g_strdup (path));
  if (!inherit (file, path, seen, error))
    return FALSE;

  app = g_key_file_get_string (file, HOST, "App", NULL);
  if (app != NULL)
    replace_app (file, app);

  return TRUE;
}

/* One without keys is there too: what it lacks must be told. */
static void
add_group (GKeyFile *file, const char *group)
{
  g_key_file_set_value (file, group, "x", "");
  g_key_file_remove_key (file, group, "x", NULL);
}

/**
 * plug_rb_host_template_bind:
 * @words: (element-type utf8 utf8): templates by the words in braces that they stand for
 *
 * Returns: (transfer full): a copy of the description in which they stand
 */
GKeyFile *
plug_rb_host_template_bind (GKeyFile *file, GHashTable *words)
{
  GKeyFile *bound = g_key_file_new ();
  g_auto(GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i] != NULL; i++) {
    g_auto(GStrv) keys = g_key_file_get_keys (file, groups[i], NULL, NULL);

    add_group (bound, groups[i]);
    for (guint j = 0; keys != NULL && keys[j] != NULL; j++) {
      g_autofree char *value = g_key_file_get_value (file, groups[i], keys[j], NULL);
      g_autofree char *text = plug_rb_template_bind (value, words);

      g_key_file_set_value (bound, groups[i], keys[j], text);
    }
  }

  return bound;
}
