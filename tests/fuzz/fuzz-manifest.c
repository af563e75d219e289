/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <glib/gstdio.h>

#include "fuzz.h"
#include "plug-rb-manifest-reader.h"

/* A plugin's manifest, which anybody wrote. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const PlugRbManifestRule rule = {
    .reader = &plug_rb_manifest_json,
    .file = (char *) "metadata.json",
    .id = (char *) "/uuid",
    .name = (char *) "/name",
    .version = (char *) "/version-name",
    .version_fallback = (char *) "/version",
    .description = (char *) "/description",
    .settings_schema = (char *) "/settings-schema",
    .host_versions = (char *) "/shell-version",
  };
  g_autofree char *path = fuzz_put (rule.file, data, size);
  g_autofd int fd = fuzz_open_folder ();
  g_autoptr(PlugRbManifest) manifest = plug_rb_manifest_read (fd, &rule, NULL);

  if (manifest != NULL)
    g_assert_true (g_utf8_validate (manifest->text, -1, NULL));

  return 0;
}
