/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-manifest.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"

/* "Plugin/Name" is the key Name in the group [Plugin]. */
static char *
dup_text (GKeyFile *file, const char *selector)
{
  g_auto(GStrv) words = selector ? g_strsplit (selector, "/", 2) : NULL;
  g_autofree char *text = NULL;

  if (words == NULL || words[0] == NULL || words[1] == NULL)
    return NULL;

  text = g_key_file_get_locale_string (file, words[0], words[1], NULL, NULL);

  return text ? plug_rb_manifest_make_plain (text) : NULL;
}

static char **
dup_list (GKeyFile *file, const char *selector)
{
  g_auto(GStrv) words = selector ? g_strsplit (selector, "/", 2) : NULL;

  return words != NULL && words[0] != NULL && words[1] != NULL
             ? g_key_file_get_string_list (file, words[0], words[1], NULL, NULL)
             : NULL;
}

/**
 * plug_rb_manifest_parse_keyfile:
 * @text: a manifest in the format of desktop files, which may be damaged or hostile
 *
 * Returns: (transfer full): the manifest, or %NULL with %PLUG_RB_ERROR_CORRUPT
 */
PlugRbManifest *
plug_rb_manifest_parse_keyfile (const char *text, const PlugRbManifestRule *rule, GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GError) cause = NULL;
  PlugRbManifest *manifest;

  if (!g_key_file_load_from_data (file, text, -1, G_KEY_FILE_NONE, &cause)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                 _("“%s” is damaged: %s"), rule->file, cause->message);
    return NULL;
  }

  manifest = g_new0 (PlugRbManifest, 1);
  manifest->text = g_strdup (text);
  manifest->id = dup_text (file, rule->id);
  manifest->name = dup_text (file, rule->name);
  manifest->version = dup_text (file, rule->version);
  if (manifest->version == NULL)
    manifest->version = dup_text (file, rule->version_fallback);
  manifest->description = dup_text (file, rule->description);
  manifest->settings_schema = dup_text (file, rule->settings_schema);
  manifest->host_versions = dup_list (file, rule->host_versions);

  return manifest;
}
