/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-site.h"

#include <fcntl.h>
#include <glib/gstdio.h>

#include "plug-rb-fs.h"
#include "plug-rb-template.h"

/**
 * plug_rb_site_clear:
 *
 * Frees what a site holds, not the site.
 */
void
plug_rb_site_clear (PlugRbSite *site)
{
  g_clear_pointer (&site->folder, g_free);
  g_clear_pointer (&site->name, g_free);
}

static void
site_set (PlugRbSite *site, const char *folder, const char *name)
{
  g_set_str (&site->folder, folder);
  g_set_str (&site->name, name);
}

/* ---- what was found before */

/* Without that, a search for each of many plugins would read the manifests of all. It is no more
 * than the place to look at first: what is there is read again. Threads share descriptions. */
static GMutex lock;

static void
site_free (gpointer data)
{
  plug_rb_site_clear (data);
  g_free (data);
}

/**
 * plug_rb_site_remember:
 * @name: (nullable): %NULL if several manifests have the same id, of which a search takes the first
 */
void
plug_rb_site_remember (const PlugRbPlace *place,
                       const char *id,
                       const char *folder,
                       const char *name)
{
  PlugRbPlace *self = (PlugRbPlace *) place;
  PlugRbSite *site = name ? g_new0 (PlugRbSite, 1) : NULL;

  g_mutex_lock (&lock);
  if (self->sites == NULL)
    self->sites = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, site_free);
  if (site != NULL) {
    site_set (site, folder, name);
    g_hash_table_replace (self->sites, g_strdup (id), site);
  } else {
    g_hash_table_remove (self->sites, id);
  }
  g_mutex_unlock (&lock);
}

static gboolean
recall (const PlugRbPlace *place, const char *id, PlugRbSite *site)
{
  PlugRbSite *found;

  g_mutex_lock (&lock);
  found = place->sites ? g_hash_table_lookup (place->sites, id) : NULL;
  if (found != NULL)
    site_set (site, found->folder, found->name);
  g_mutex_unlock (&lock);

  return found != NULL;
}

/* ---- looking */

/**
 * plug_rb_site_open_folder:
 * @name: of a folder in a root, or of a link to one, as programs follow them
 *
 * Returns: a descriptor that the caller closes, or -1
 */
int
plug_rb_site_open_folder (int root_fd, const char *name)
{
  return openat (root_fd, *name ? name : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static gboolean
is_manifest_of (const PlugRbHostFile *file, int fd, const char *name, const char *id)
{
  g_autoptr(PlugRbManifest) manifest = NULL;

  if (!g_pattern_match_simple (file->manifest.file, name))
    return FALSE;

  manifest = plug_rb_manifest_read_file (fd, name, &file->manifest, NULL);
  return manifest != NULL && g_strcmp0 (manifest->id, id) == 0;
}

static gboolean
search_folder (
    const PlugRbHostFile *file, int fd, const char *folder, const char *id, PlugRbSite *site)
{
  g_autoptr(GPtrArray) names = plug_rb_fs_list (fd, NULL);

  for (guint i = 0; names != NULL && i < names->len; i++)
    if (is_manifest_of (file, fd, names->pdata[i], id)) {
      site_set (site, folder, names->pdata[i]);
      return TRUE;
    }

  return FALSE;
}

static gboolean
search_below (const PlugRbHostFile *file, int root_fd, const char *id, PlugRbSite *site)
{
  g_autoptr(GPtrArray) names = plug_rb_fs_list (root_fd, NULL);

  for (guint i = 0; names != NULL && i < names->len; i++) {
    const char *name = names->pdata[i];
    g_autofd int fd = *name == '.' ? -1 : plug_rb_site_open_folder (root_fd, name);

    if (fd >= 0 && search_folder (file, fd, name, id, site))
      return TRUE;
  }

  return FALSE;
}

static gboolean
is_still_there (const PlugRbHostFile *file, int root_fd, const PlugRbSite *site, const char *id)
{
  g_autofd int fd = plug_rb_site_open_folder (root_fd, site->folder);

  return fd >= 0 && is_manifest_of (file, fd, site->name, id);
}

/**
 * plug_rb_site_find:
 * @site: (out caller-allocates): cleared before
 *
 * Finds the manifest of the plugin @id: by its name, where it was found before, or by reading all.
 */
gboolean
plug_rb_site_find (const PlugRbHostFile *file,
                   const PlugRbPlace *place,
                   const char *id,
                   PlugRbSite *site)
{
  g_autofree char *root = plug_rb_template_expand (place->root, NULL, NULL, NULL);
  g_autofree char *likely = g_strconcat (id, strrchr (file->manifest.file, '.'), NULL);
  g_autofd int fd = plug_rb_fs_open_folder (root, NULL);

  if (fd < 0)
    return FALSE;
  if (is_manifest_of (file, fd, likely, id)) {
    site_set (site, "", likely);
    return TRUE;
  }
  if (recall (place, id, site) && is_still_there (file, fd, site, id))
    return TRUE;

  plug_rb_site_clear (site);
  if (!search_folder (file, fd, "", id, site) && !search_below (file, fd, id, site))
    return FALSE;

  plug_rb_site_remember (place, id, site->folder, site->name);
  return TRUE;
}
