/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <string.h>

#include "fuzz.h"
#include "plug-rb-dependency.h"
#include "plug-rb-manifest-reader.h"
#include "plug-rb-version.h"

/* The formats, by the first byte, with selectors that lead deep. */
static const PlugRbManifestRule rules[] = {
  { .reader = &plug_rb_manifest_keyfile,
    .name = (char *) "P/Name",
    .depends = (char *) "P/Depends" },
  { .reader = &plug_rb_manifest_jsonc,
    .id = (char *) "/p",
    .name = (char *) "/n",
    .depends = (char *) "/d" },
  { .reader = &plug_rb_manifest_xml,
    .name = (char *) "/addon/extension[@point='x']/summary",
    .version = (char *) "/addon/@version",
    .depends = (char *) "/addon/requires/import",
    .depends_id = (char *) "addon",
    .depends_version = (char *) "version" },
  { .reader = &plug_rb_manifest_toml, .name = (char *) "/a/name", .version = (char *) "/version" },
  { .reader = &plug_rb_manifest_header, .name = (char *) "/Name", .depends = (char *) "/Depends" },
  { .reader = &plug_rb_manifest_python,
    .name = (char *) "/v/name",
    .version = (char *) "/v/version",
    .depends = (char *) "/v/d" },
};

static void
check (const PlugRbManifest *manifest)
{
  g_assert_true (g_utf8_validate (manifest->text, -1, NULL));
  g_assert_true (manifest->name == NULL || g_utf8_validate (manifest->name, -1, NULL));

  for (guint i = 0; manifest->dependencies != NULL && i < manifest->dependencies->len; i++)
    plug_rb_dependency_accepts (manifest->dependencies->pdata[i], "1.2.3-rc.1");

  if (manifest->version != NULL) {
    g_assert_cmpint (plug_rb_version_compare (manifest->version, manifest->version), ==, 0);
    plug_rb_version_is_in ("1.2.3", manifest->version);
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = size > 0 ? g_strndup ((const char *) data + 1, size - 1) : NULL;
  g_autoptr(PlugRbManifest) manifest = NULL;
  PlugRbManifestRule rule;

  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return 0;

  rule = rules[*data % G_N_ELEMENTS (rules)];
  rule.file = (char *) "manifest";
  manifest = plug_rb_manifest_parse (text, &rule, NULL);
  if (manifest != NULL)
    check (manifest);

  return 0;
}
