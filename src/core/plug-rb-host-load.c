/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "plug-rb-error.h"
#include "plug-rb-host-file.h"
#include "plug-rb-host-instance.h"
#include "plug-rb-host-template.h"
#include "plug-rb-host-variant.h"
#include "plug-rb-host-vocabulary.h"
#include "plug-rb-small-file.h"
#include "plug-rb-template.h"

#define SIZE_LIMIT (64 * 1024)

/* ---- what one of them is called */

static void
name_variant (PlugRbHostFile *self, const PlugRbVariant *variant)
{
  g_autofree char *name = g_steal_pointer (&self->name);
  g_autofree char *id = g_steal_pointer (&self->id);
  gboolean is_first = *variant->name == '\0';

  self->variant = is_first ? NULL : g_strdup (variant->name);
  self->id = is_first ? g_strdup (id) : g_strconcat (id, "@", variant->name, NULL);
  if (variant->title != NULL)
    self->name = g_strdup (variant->title);
  else if (variant->note != NULL)
    self->name =
        g_strdup_printf (C_("a program and how it was installed", "%s (%s)"), name, variant->note);
  else
    self->name = g_steal_pointer (&name);
}

static void
name_instance (PlugRbHostFile *self, const PlugRbInstance *instance)
{
  g_autofree char *name = g_steal_pointer (&self->name);
  g_autofree char *id = g_steal_pointer (&self->id);

  self->instance = g_strdup (instance->name);
  self->id = g_strconcat (id, "+", instance->name, NULL);
  self->name = g_strdup_printf (C_("a program and its vault, profile or version", "%s: %s"), name,
                                instance->title);
}

/* ---- variants and instances */

static void
add_rule (PlugRbHostFile *self,
          const char *name,
          const char *backend,
          const char *role,
          const char *const *parameters)
{
  PlugRbStoreRule *rule = g_new0 (PlugRbStoreRule, 1);

  rule->name = g_strdup (name);
  rule->backend = g_strdup (backend);
  rule->role = g_strdup (role);
  rule->parameters = g_strdupv ((char **) parameters);
  g_ptr_array_add (self->stores, rule);
}

/* "/org/gnome/gedit/" is the group "org/gnome/gedit". */
static char *
dup_keyfile_group (const char *folder)
{
  g_autofree char *group = g_strdup (folder + 1);

  if (g_str_has_suffix (group, "/"))
    group[strlen (group) - 1] = '\0';

  return g_steal_pointer (&group);
}

static void
move_list (PlugRbHostFile *self, const PlugRbList *list, const char *keyfile)
{
  g_autofree char *folder = g_path_get_dirname (list->key);
  g_autofree char *group = dup_keyfile_group (folder);
  g_autofree char *key = g_path_get_basename (list->key);
  const char *const parameters[] = { "File", keyfile, "Group",     group, "Key",
                                     key,    "Entry", list->entry, NULL };

  add_rule (self, list->name, "keyfile-list", list->enables ? "enabled" : "disabled", parameters);
}

/* The same settings in GLib's own file. Which folders there a schema means is not asked: schemas
 * are looked at for what is in dconf only. */
static void
move_settings (PlugRbHostFile *self, const char *keyfile)
{
  for (guint i = 0; i < self->lists->len; i++)
    move_list (self, self->lists->pdata[i], keyfile);

  for (guint i = 0; i < self->schemas->len; i++) {
    const PlugRbSchemas *schemas = self->schemas->pdata[i];
    g_autofree char *group = schemas->path ? dup_keyfile_group (schemas->path) : NULL;
    const char *const parameters[] = { "File", keyfile, "Group", group, NULL };

    if (group != NULL)
      add_rule (self, schemas->name, "keyfile-group", NULL, parameters);
  }
}

/* What another program keeps must not be taken for what this one does. */
static void
apply_variant (PlugRbHostFile *self, const PlugRbVariant *variant)
{
  self->is_there = variant->is_there;
  if (variant->mode != NULL)
    self->observe = g_str_equal (variant->mode, "observe");
  if (variant->programs != NULL) {
    g_strfreev (self->programs);
    self->programs = g_strdupv (variant->programs);
  }
  if (!variant->reads_dconf) {
    if (variant->keyfile != NULL)
      move_settings (self, variant->keyfile);
    g_ptr_array_set_size (self->lists, 0);
    g_ptr_array_set_size (self->schemas, 0);
  }

  name_variant (self, variant);
}

static PlugRbHostFile *
make_instance (GKeyFile *file, const PlugRbVariant *variant, const PlugRbInstance *instance)
{
  g_autoptr(GHashTable) words = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr(GKeyFile) bound = NULL;
  PlugRbHostFile *self;

  g_hash_table_insert (words, (char *) PLUG_RB_INSTANCE_WORD,
                       plug_rb_template_quote (instance->path));
  bound = plug_rb_host_template_bind (file, words);
  self = plug_rb_host_file_take (bound, TRUE);
  apply_variant (self, variant);
  name_instance (self, instance);

  return self;
}

/* Two variants may name the same vault, and two names may lead to the same folder. */
static gboolean
is_new (GHashTable *seen, const char *path)
{
  char *real = realpath (path, NULL);
  gboolean known = real != NULL && g_hash_table_contains (seen, real);

  if (real != NULL)
    g_hash_table_add (seen, g_strdup (real));
  free (real);

  return !known;
}

/* Without an instance there is nothing but the host's name. */
static void
add_variant (GPtrArray *files, GKeyFile *file, const PlugRbVariant *variant, GHashTable *seen)
{
  g_autoptr(GPtrArray) instances = NULL;
  g_autoptr(GError) error = NULL;
  gboolean known = plug_rb_instance_list (file, &instances, &error);
  guint n_before = files->len;

  for (guint i = 0; instances != NULL && i < instances->len; i++)
    if (is_new (seen, ((PlugRbInstance *) instances->pdata[i])->path))
      g_ptr_array_add (files, make_instance (file, variant, instances->pdata[i]));

  if (files->len == n_before) {
    PlugRbHostFile *self = plug_rb_host_file_take (file, known && instances == NULL);

    apply_variant (self, variant);
    self->trouble = error ? g_strdup (error->message) : NULL;
    g_ptr_array_add (files, self);
  }
}

/* ---- loading */

static GKeyFile *
parse (const char *path, char **text, GError **error)
{
  g_autoptr(GKeyFile) file = NULL;

  *text = plug_rb_small_file_read_text (AT_FDCWD, path, SIZE_LIMIT, error);
  if (*text == NULL || !(file = plug_rb_host_vocabulary_parse (path, *text, error)) ||
      !plug_rb_host_template_apply (file, path, error))
    return NULL;

  return g_steal_pointer (&file);
}

/* Each variant may lack a word that another one has. */
static void
check (GKeyFile *file, const char *path, const char *text, GPtrArray *variants, GPtrArray *faults)
{
  for (guint i = 0; i < variants->len; i++) {
    GHashTable *words = ((PlugRbVariant *) variants->pdata[i])->words;
    gboolean has_instances = g_key_file_has_group (file, "Instances");
    g_autoptr(GKeyFile) bound = NULL;

    if (has_instances)
      g_hash_table_insert (words, g_strdup (PLUG_RB_INSTANCE_WORD), g_strdup ("/instance"));
    bound = plug_rb_host_template_bind (file, words);
    g_hash_table_remove (words, PLUG_RB_INSTANCE_WORD);
    plug_rb_host_vocabulary_check (bound, path, text, faults);
  }
}

/**
 * plug_rb_host_file_list_faults:
 * @path: absolute path of a description
 *
 * Returns: (transfer full) (element-type utf8): all that is wrong with it
 */
GPtrArray *
plug_rb_host_file_list_faults (const char *path)
{
  GPtrArray *faults = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GKeyFile) file = parse (path, &text, &error);
  g_autoptr(GPtrArray) variants = file ? plug_rb_variant_list (file) : NULL;

  if (file == NULL)
    g_ptr_array_add (faults, g_strdup (error->message));
  else
    check (file, path, text, variants, faults);

  return faults;
}

static gboolean
check_valid (
    GKeyFile *file, const char *path, const char *text, GPtrArray *variants, GError **error)
{
  g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);

  check (file, path, text, variants, faults);
  if (faults->len == 0)
    return TRUE;

  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID, faults->pdata[0]);
  return FALSE;
}

/**
 * plug_rb_host_file_load_all:
 * @path: absolute path of a description
 *
 * Reads and checks a description. Variants that are not on this machine are given too: what was
 * saved of their plugins can still be brought back.
 *
 * Returns: (transfer full) (element-type PlugRbHostFile): the description as it is for each
 *   variant and each instance of it; or %NULL with an error that names file, line, group and key
 *   as far as they are known
 */
GPtrArray *
plug_rb_host_file_load_all (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr(GKeyFile) file = parse (path, &text, error);
  g_autoptr(GPtrArray) variants = file ? plug_rb_variant_list (file) : NULL;
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *files;

  if (file == NULL || !check_valid (file, path, text, variants, error))
    return NULL;

  files = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_host_file_free);
  for (guint i = 0; i < variants->len; i++) {
    const PlugRbVariant *variant = variants->pdata[i];
    g_autoptr(GKeyFile) bound = plug_rb_host_template_bind (file, variant->words);

    add_variant (files, bound, variant, seen);
  }

  return files;
}
