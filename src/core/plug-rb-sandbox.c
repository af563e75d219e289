/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-sandbox.h"

/* flatpak-metadata(5) describes it. */
#define FLATPAK_INFO "/.flatpak-info"

/**
 * plug_rb_sandbox_is_inside:
 *
 * Inside Flatpak, processes of the session cannot be seen and only some names on its bus; the XDG
 * variables name the sandbox' own folders.
 *
 * Returns: whether this process runs inside Flatpak
 */
gboolean
plug_rb_sandbox_is_inside (void)
{
  static gsize known;

  if (g_once_init_enter (&known))
    g_once_init_leave (&known, g_file_test (FLATPAK_INFO, G_FILE_TEST_EXISTS) ? 2 : 1);

  return known == 2;
}
