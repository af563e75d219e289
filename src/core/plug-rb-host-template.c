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

#define SIZE_LIMIT (64 * 1024)
#define HOST "Host"
#define APP "{app}"

static gboolean
throw_invalid (GError **error, const char *path, const char *key, const char *why)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID,
               _("“%s”, group “%s”, key “%s”: %s"), path, HOST, key, why);
  return FALSE;
}

/* Beside the description, or among those that came with the program. */
static char *
find_template (const char *path, const char *name)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *file = g_strconcat (name, ".template", NULL);
  char *beside = g_build_filename (folder, file, NULL);

  if (g_file_test (beside, G_FILE_TEST_EXISTS))
    return beside;

  g_free (beside);
  return g_build_filename (plug_rb_host_get_shipped_folder (), file, NULL);
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
load (const char *path, const char *name, GError **error)
{
  g_autofree char *place = find_template (path, name);
  g_autofree char *text = NULL;
  g_autoptr(GError) cause = NULL;
  GKeyFile *template = NULL;

  if ((text = plug_rb_small_file_read_text (AT_FDCWD, place, SIZE_LIMIT, &cause)) == NULL) {
    throw_invalid (error, path, "Inherits", cause->message);
    return NULL;
  }

  template = plug_rb_host_vocabulary_parse (place, text, error);
  return template;
}

/**
 * plug_rb_host_template_apply:
 * @file: a description, parsed but not checked
 * @path: where it lies, for messages
 *
 * Adds what the template has that the description names by `Inherits`, and puts the value of `App`
 * where `{app}` stands. A template inherits from none.
 */
gboolean
plug_rb_host_template_apply (GKeyFile *file, const char *path, GError **error)
{
  g_autofree char *name = g_key_file_get_string (file, HOST, "Inherits", NULL);
  g_autofree char *app = g_key_file_get_string (file, HOST, "App", NULL);
  g_autoptr(GKeyFile) template = NULL;

  if (name != NULL) {
    if (*name == '\0' || *name == '.' || strchr (name, '/') != NULL)
      return throw_invalid (error, path, "Inherits", _("it is not the name of a template"));
    if (!(template = load (path, name, error)))
      return FALSE;
    if (g_key_file_has_key (template, HOST, "Inherits", NULL))
      return throw_invalid (error, path, "Inherits", _("a template inherits from none"));
    add_missing (file, template);
  }

  if (app != NULL)
    replace_app (file, app);

  return TRUE;
}
