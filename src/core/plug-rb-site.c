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
 * Frees what a site holds.
 */
void
plug_rb_site_clear (PlugRbSite *site)
{
  g_clear_pointer (&site->folder, g_free);
  g_clear_pointer (&site->name, g_free);
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
      site->folder = g_strdup (folder);
      site->name = g_strdup (names->pdata[i]);
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
    g_autofd int fd =
        *name == '.' ? -1 : openat (root_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd >= 0 && search_folder (file, fd, name, id, site))
      return TRUE;
  }

  return FALSE;
}

/**
 * plug_rb_site_find:
 * @site: (out): where the plugin's manifest lies
 *
 * Most are called after the plugin, so that is where it looks first.
 *
 * Returns: whether there is one
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
    site->folder = g_strdup ("");
    site->name = g_steal_pointer (&likely);
    return TRUE;
  }

  return search_folder (file, fd, "", id, site) || search_below (file, fd, id, site);
}
