/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-package-names.h"

#include <glib/gi18n-lib.h>
#include <limits.h>
#include <string.h>

/* As much of a name as a message shows. */
#define SHOWN 120

typedef struct {
  char *path;
  PlugRbPackageKind kind;
} Name;

struct _PlugRbPackageNames {
  GHashTable *by_key;
};

/* ---- single names */

static char *
show_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autofree char *start = g_utf8_substring (valid, 0, MIN (SHOWN, g_utf8_strlen (valid, -1)));

  for (char *p = start; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = '?';

  return g_strconcat (start, g_utf8_strlen (valid, -1) > SHOWN ? "…" : "", NULL);
}

/**
 * plug_rb_package_refuse:
 * @name: of the entry, as it is in the package: any bytes
 * @why: translated, the rest of a sentence
 *
 * Returns: %FALSE
 */
gboolean
plug_rb_package_refuse (GError **error, PlugRbError code, const char *name, const char *why)
{
  g_autofree char *shown = show_name (name);

  /* Translators: the first is a file in a package, the second says what is wrong with it. */
  g_set_error (error, PLUG_RB_ERROR, code, _("The package was refused: “%s” %s"), shown, why);
  return FALSE;
}

static const char *
find_fault (const char *name, guint length)
{
  if (!g_utf8_validate (name, -1, NULL))
    return _("is not valid UTF-8");
  if (*name == '\0')
    return _("has no name");
  if (*name == '/')
    return _("is an absolute path");
  if (strlen (name) > length)
    return _("is too long a path");

  return NULL;
}

static const char *
find_part_fault (const char *part)
{
  if (g_str_equal (part, ".."))
    return _("leads out of the package");
  if (strlen (part) > NAME_MAX)
    return _("is too long a name");

  return NULL;
}

/**
 * plug_rb_package_clean_name:
 * @raw: the name of an entry, or what a hard link points to
 * @length: how many bytes it may have
 * @depth: how many folders deep it may lie
 *
 * Takes out what means nothing: "./", doubled and final slashes. All else that is not a plain
 * relative path in UTF-8 is an error that names it.
 *
 * Returns: (transfer full): a path that stays below its start; "" for the start itself
 */
char *
plug_rb_package_clean_name (const char *raw, guint length, guint depth, GError **error)
{
  g_autoptr(GPtrArray) kept = g_ptr_array_new ();
  g_auto(GStrv) parts = NULL;
  const char *fault = find_fault (raw, length);

  parts = fault ? NULL : g_strsplit (raw, "/", -1);
  for (guint i = 0; parts != NULL && parts[i] != NULL && fault == NULL; i++) {
    fault = find_part_fault (parts[i]);
    if (*parts[i] != '\0' && !g_str_equal (parts[i], "."))
      g_ptr_array_add (kept, parts[i]);
  }
  if (fault == NULL && kept->len > depth)
    fault = _("lies too many folders deep");

  if (fault != NULL) {
    plug_rb_package_refuse (error, PLUG_RB_ERROR_UNSUPPORTED, raw, fault);
    return NULL;
  }

  g_ptr_array_add (kept, NULL);
  return g_strjoinv ("/", (char **) kept->pdata);
}

static int
count_folders (const char *path)
{
  int count = 0;

  for (const char *p = path; (p = strchr (p, '/')) != NULL; p++)
    count++;

  return count;
}

/**
 * plug_rb_package_check_target:
 * @path: of a symbolic link, cleaned
 * @target: (nullable): what the link points to
 *
 * Refuses what leads out of the package by its words alone. A target that goes through other links
 * must also be looked up once all of them are made.
 */
gboolean
plug_rb_package_check_target (const char *path, const char *target, GError **error)
{
  g_auto(GStrv) parts = NULL;
  int depth = count_folders (path);

  if (target == NULL || *target == '\0' || *target == '/' || strlen (target) >= PATH_MAX ||
      !g_utf8_validate (target, -1, NULL))
    return plug_rb_package_refuse (error, PLUG_RB_ERROR_UNSUPPORTED, path,
                                   _("is a link that leads out of the package"));

  parts = g_strsplit (target, "/", -1);
  for (guint i = 0; parts[i] != NULL; i++) {
    if (*parts[i] == '\0' || g_str_equal (parts[i], "."))
      continue;
    depth += g_str_equal (parts[i], "..") ? -1 : 1;
    if (depth < 0)
      return plug_rb_package_refuse (error, PLUG_RB_ERROR_UNSUPPORTED, path,
                                     _("is a link that leads out of the package"));
  }

  return TRUE;
}

/* ---- all names */

static void
name_free (gpointer data)
{
  Name *name = data;

  g_free (name->path);
  g_free (name);
}

PlugRbPackageNames *
plug_rb_package_names_new (void)
{
  PlugRbPackageNames *self = g_new0 (PlugRbPackageNames, 1);

  self->by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, name_free);

  return self;
}

void
plug_rb_package_names_free (PlugRbPackageNames *self)
{
  g_hash_table_unref (self->by_key);
  g_free (self);
}

/* Equal for names that some file system takes for one and the same. */
static char *
make_key (const char *path)
{
  g_autofree char *normal = g_utf8_normalize (path, -1, G_NORMALIZE_DEFAULT);
  g_autofree char *folded = g_utf8_casefold (normal, -1);

  return g_utf8_normalize (folded, -1, G_NORMALIZE_DEFAULT);
}

static const char *
find_clash (const Name *found, const char *path, PlugRbPackageKind kind)
{
  if (!g_str_equal (found->path, path))
    return _("has the same name as another but for upper and lower case or accents");
  if (found->kind == PLUG_RB_PACKAGE_LINK && kind == PLUG_RB_PACKAGE_FOLDER)
    return _("goes through a link");
  if (found->kind != PLUG_RB_PACKAGE_FOLDER || kind != PLUG_RB_PACKAGE_FOLDER)
    return _("is there twice");

  return NULL;
}

/**
 * plug_rb_package_names_add:
 * @path: cleaned, not ""; the folder that it is in was added before
 * @is_new: (out): %FALSE for a folder that is known
 */
gboolean
plug_rb_package_names_add (PlugRbPackageNames *self,
                           const char *path,
                           PlugRbPackageKind kind,
                           gboolean *is_new,
                           GError **error)
{
  g_autofree char *key = make_key (path);
  const Name *found = g_hash_table_lookup (self->by_key, key);
  const char *clash = found ? find_clash (found, path, kind) : NULL;
  Name *name;

  *is_new = found == NULL;
  if (clash != NULL)
    return plug_rb_package_refuse (error, PLUG_RB_ERROR_UNSUPPORTED, path, clash);
  if (found != NULL)
    return TRUE;

  name = g_new0 (Name, 1);
  name->path = g_strdup (path);
  name->kind = kind;
  g_hash_table_insert (self->by_key, g_steal_pointer (&key), name);

  return TRUE;
}

gboolean
plug_rb_package_names_has_file (PlugRbPackageNames *self, const char *path)
{
  g_autofree char *key = make_key (path);
  const Name *found = g_hash_table_lookup (self->by_key, key);

  return found != NULL && found->kind == PLUG_RB_PACKAGE_FILE && g_str_equal (found->path, path);
}

guint
plug_rb_package_names_get_size (PlugRbPackageNames *self)
{
  return g_hash_table_size (self->by_key);
}

/**
 * plug_rb_package_names_find_top:
 *
 * Returns: (transfer full) (nullable): the folder in which everything lies, if there is one
 */
char *
plug_rb_package_names_find_top (PlugRbPackageNames *self)
{
  const Name *top = NULL;
  const Name *name;
  GHashTableIter iter;

  g_hash_table_iter_init (&iter, self->by_key);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &name)) {
    if (strchr (name->path, '/') != NULL)
      continue;
    if (top != NULL)
      return NULL;
    top = name;
  }

  return top != NULL && top->kind == PLUG_RB_PACKAGE_FOLDER ? g_strdup (top->path) : NULL;
}
