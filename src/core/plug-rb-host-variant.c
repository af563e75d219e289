/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host-variant.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "plug-rb-template.h"

#define PREFIX "Variant "

/* Stands for the revision of a snap that is not there, so that its paths can be checked. */
#define NO_REVISION "none"

static void
variant_free (PlugRbVariant *variant)
{
  g_free (variant->name);
  g_free (variant->title);
  g_free (variant->note);
  g_free (variant->mode);
  g_free (variant->keyfile);
  g_strfreev (variant->programs);
  g_hash_table_unref (variant->words);
  g_free (variant);
}

static PlugRbVariant *
variant_new (const char *name)
{
  PlugRbVariant *variant = g_new0 (PlugRbVariant, 1);

  variant->name = g_strdup (name);
  variant->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  variant->reads_dconf = TRUE;
  variant->is_there = TRUE;

  return variant;
}

static void
set_folder (PlugRbVariant *variant, const char *word, const char *base, const char *name)
{
  g_autofree char *path = g_build_filename (base, name, NULL);

  g_hash_table_insert (variant->words, g_strdup (word), plug_rb_template_quote (path));
}

/* ---- Flatpak and snap */

static void
set_up_flatpak (PlugRbVariant *variant, const char *app)
{
  g_autofree char *base = g_build_filename (g_get_home_dir (), ".var", "app", app, NULL);

  variant->is_there = g_file_test (base, G_FILE_TEST_IS_DIR);
  variant->note = g_strdup (_("Flatpak"));
  set_folder (variant, "CONFIG", base, "config");
  set_folder (variant, "DATA", base, "data");
  set_folder (variant, "CACHE", base, "cache");
  set_folder (variant, "STATE", base, ".local/state");
}

/* A refresh copies all to a new folder and moves the link: what was seen behind the link must not
 * be looked for there later. */
static char *
find_revision (const char *base)
{
  g_autofree char *link = g_build_filename (base, "current", NULL);
  g_autofree char *target = g_file_read_link (link, NULL);

  return target ? g_path_get_basename (target) : NULL;
}

static void
set_up_snap (PlugRbVariant *variant, const char *app)
{
  g_autofree char *base = g_build_filename (g_get_home_dir (), "snap", app, NULL);
  g_autofree char *revision = find_revision (base);
  g_autofree char *home = g_build_filename (base, revision ? revision : NO_REVISION, NULL);

  variant->is_there = revision != NULL;
  variant->note = g_strdup (_("Snap"));
  set_folder (variant, "HOME", home, NULL);
  set_folder (variant, "CONFIG", home, ".config");
  set_folder (variant, "DATA", home, ".local/share");
  set_folder (variant, "CACHE", home, ".cache");
  set_folder (variant, "STATE", home, ".local/state");
  set_folder (variant, "COMMON", base, "common");
}

static void
set_up_type (PlugRbVariant *variant, GKeyFile *file, const char *group)
{
  g_autofree char *type = g_key_file_get_string (file, group, "Type", NULL);
  g_autofree char *app = g_key_file_get_string (file, group, "App", NULL);

  if (app != NULL && g_strcmp0 (type, "flatpak") == 0)
    set_up_flatpak (variant, app);
  else if (app != NULL && g_strcmp0 (type, "snap") == 0)
    set_up_snap (variant, app);
  else if (*variant->name != '\0')
    variant->note = g_strdup (variant->name);

  /* GLib in a sandbox keeps settings in a file of its own, unless dconf was let in. */
  variant->reads_dconf = g_strcmp0 (type, "flatpak") != 0;
}

/* ---- what the group says */

static void
set_up_folders (PlugRbVariant *variant, GKeyFile *file, const char *group)
{
  static const char *const names[] = { "Config", "Data", "Cache", "State" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    char *value = g_key_file_get_string (file, group, names[i], NULL);

    if (value != NULL)
      g_hash_table_insert (variant->words, g_ascii_strup (names[i], -1), value);
  }
}

/* Words of the description's own begin in lower case. Each may use those before it. */
static void
set_up_words (PlugRbVariant *variant, GKeyFile *file, const char *group)
{
  g_auto(GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++) {
    g_autofree char *value = g_key_file_get_string (file, group, keys[i], NULL);

    if (value != NULL && g_ascii_islower (*keys[i]))
      g_hash_table_insert (variant->words, g_strdup (keys[i]),
                           plug_rb_template_bind (value, variant->words));
  }
}

/* GLib's own file of settings, for who cannot reach dconf. */
static void
set_up_settings (PlugRbVariant *variant, GKeyFile *file, const char *group)
{
  g_autofree char *settings = g_key_file_get_string (file, group, "Settings", NULL);
  const char *config = g_hash_table_lookup (variant->words, "CONFIG");

  if (settings != NULL)
    variant->reads_dconf = g_str_equal (settings, "dconf");
  if (settings == NULL && !variant->reads_dconf && config != NULL)
    variant->keyfile = g_strconcat (config, "/glib-2.0/settings/keyfile", NULL);
}

/* What two variants share does not tell which of them is there. */
static void
look_for (PlugRbVariant *variant, GKeyFile *file, const char *group)
{
  g_autofree char *template = g_key_file_get_string (file, group, "Detect", NULL);
  g_autofree char *bound = template ? plug_rb_template_bind (template, variant->words) : NULL;
  g_autofree char *path = bound ? plug_rb_template_expand (bound, NULL, NULL, NULL) : NULL;

  if (path != NULL && !g_file_test (path, G_FILE_TEST_EXISTS))
    variant->is_there = FALSE;
}

static PlugRbVariant *
variant_read (GKeyFile *file, const char *group, gboolean is_first)
{
  PlugRbVariant *variant = variant_new (is_first ? "" : group + strlen (PREFIX));

  set_up_type (variant, file, group);
  set_up_folders (variant, file, group);
  set_up_words (variant, file, group);
  variant->title = g_key_file_get_locale_string (file, group, "Name", NULL, NULL);
  variant->mode = g_key_file_get_string (file, group, "Mode", NULL);
  variant->programs = g_key_file_get_string_list (file, group, "Process", NULL, NULL);
  set_up_settings (variant, file, group);
  look_for (variant, file, group);

  return variant;
}

/**
 * plug_rb_variant_list:
 * @file: a description, which need not be valid
 *
 * Returns: (transfer full) (element-type PlugRbVariant): its variants in their order; one with
 *   nothing of its own if it names none
 */
GPtrArray *
plug_rb_variant_list (GKeyFile *file)
{
  GPtrArray *variants = g_ptr_array_new_with_free_func ((GDestroyNotify) variant_free);
  g_auto(GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], PREFIX))
      g_ptr_array_add (variants, variant_read (file, groups[i], variants->len == 0));

  if (variants->len == 0)
    g_ptr_array_add (variants, variant_new (""));

  return variants;
}
