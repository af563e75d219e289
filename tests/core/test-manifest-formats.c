/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-manifest-reader.h"

#define RULE(kind, i, n, v)                                                                        \
  { .reader = &plug_rb_manifest_##kind,                                                            \
    .file = (char *) "manifest",                                                                   \
    .id = (char *) i,                                                                              \
    .name = (char *) n,                                                                            \
    .version = (char *) v }

typedef struct {
  const char *title;
  PlugRbManifestRule rule;
  const char *text;
  const char *id;
  const char *name;
  const char *version;
} Good;

#define KODI                                                                                       \
  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<addon id=\"plugin.a\" version=\"1.0.2\">"          \
  "<requires><import addon=\"xbmc.python\" version=\"3.0.0\"/>"                                    \
  "<import addon=\"script.b\" version=\"2.0\" optional=\"true\"/></requires>"                      \
  "<extension point=\"other\"><summary>No</summary></extension>"                                   \
  "<extension point=\"x.metadata\"><summary lang=\"de_DE\">Ein &amp; </summary>"                   \
  "<summary lang=\"en_GB\">An <![CDATA[<add>]]></summary></extension></addon>"

static const Good goods[] = {
  { "json-bom", RULE (json, "/id", "/n", "/v"), "\xef\xbb\xbf{\"id\": \"a\", \"v\": \"1\"}", "a",
    NULL, "1" },
  { "json-duplicate", RULE (json, "/id", "/n", "/v"), "{\"id\": \"a\", \"id\": \"b\"}", "b", NULL,
    NULL },
  { "kde-json", RULE (json, "/KPlugin/Id", "/KPlugin/Name", "/KPlugin/Version"),
    "{\"KPlugin\": {\"Id\": \"a\", \"Name\": \"A\", \"Name[xx]\": \"X\"}}", "a", "A", NULL },
  { "jsonc", RULE (jsonc, "/id", "/n", "/v"),
    "// c\n{\"id\": \"a//b\", /* , */ \"n\": \"\\\"/*\", \"v\": [1,], \"w\": {\"x\": 1, // y\n}, }",
    "a//b", "\"/*", NULL },
  { "keyfile", RULE (keyfile, "P/Module", "P/Name", "P/Version"),
    "\xef\xbb\xbf[P]\nModule=a\nName=A\nName[xx]=X\nVersion=1;2\n", "a", "A", "1;2" },
  { "kconfig", RULE (keyfile, "A][B/k", "A/Name", "A][B/v"),
    "[A]\nName[$i]=A\n[A][B]\nk=b\nv[$e]=2\n[A][B][C]\nk=c\n", "b", "A", "2" },
  { "xml",
    RULE (xml,
          "/addon/@id",
          "/addon/extension[@point='x.metadata']/summary[@lang='en_GB']",
          "/addon/@version"),
    KODI, "plugin.a", "An <add>", "1.0.2" },
  { "toml", RULE (toml, "/id", "/a/b/name", "/version"),
    "# c\nschema_version = \"1.0.0\"\nid = \"it\" # c\nversion = '1.\\0'\ntags = [\"x\",\n 'y', # "
    "z\n]\n"
    "day = 2026-01-01T00:00:00Z\nf = 1_0.5\nq = { a = 1, b = [true] }\n[a.b]\nname = "
    "\"\"\"\nA\\u00e9\"\"\"\n"
    "[[l]]\nx = 1\n[[l]]\nx = 2\n",
    "it", "Aé", "1.\\0" },
  { "header", RULE (header, "/Id", "/Plugin Name", "/Version"),
    "<?php\n/*\n * Plugin Name: It  \n * Version: 1.2 */\n// http://x: no\n# Version: 2\n", NULL,
    "It", "1.2" },
  { "python", RULE (python, "/bl_info/id", "/bl_info/name", "/bl_info/version"),
    "import os\nbl_information = f()\nbl_info = {\n  'name': \"A \" 'B', # c\n  \"version\": (1, "
    "2, 3),\n"
    "  \"blender\": (2, 80), 'x': [None, True, -1.5, {}], 'y': ('z'), 'id': "
    "r'a\\b',\n}\nos.exit()\n",
    "a\\b", "A B", "1.2.3" },
};

static void
test_good (gconstpointer data)
{
  const Good *good = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbManifest) manifest = plug_rb_manifest_parse (good->text, &good->rule, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (manifest->id, ==, good->id);
  g_assert_cmpstr (manifest->name, ==, good->name);
  g_assert_cmpstr (manifest->version, ==, good->version);
}

typedef struct {
  const char *title;
  const PlugRbManifestReader *reader;
  const char *text;
  const char *why;
} Bad;

static const Bad bads[] = {
  { "json-bom", &plug_rb_manifest_json, "\xef\xbb\xbf{", "" },
  { "jsonc-comment", &plug_rb_manifest_jsonc, "{} /* never", "" },
  { "jsonc-string", &plug_rb_manifest_jsonc, "{\"a", "" },
  { "jsonc-commas", &plug_rb_manifest_jsonc, "{\"a\": 1,, }", "" },
  { "keyfile-nothing", &plug_rb_manifest_keyfile, "hello\n", "" },
  { "xml-bomb", &plug_rb_manifest_xml,
    "<!DOCTYPE a [<!ENTITY b \"x\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>", "entities" },
  { "xml-external", &plug_rb_manifest_xml,
    "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>", "entities" },
  { "xml-unknown", &plug_rb_manifest_xml, "<a>&b;</a>", "" },
  { "xml-two", &plug_rb_manifest_xml, "<a/><b/>", "" },
  { "xml-torn", &plug_rb_manifest_xml, "<a><b>", "" },
  { "xml-empty", &plug_rb_manifest_xml, "", "" },
  { "toml-twice", &plug_rb_manifest_toml, "a = 1\na = 2\n", "“a”" },
  { "toml-both", &plug_rb_manifest_toml, "a = 1\n[a.b]\n", "both" },
  { "toml-tail", &plug_rb_manifest_toml, "a = 1 2\n", "" },
  { "toml-word", &plug_rb_manifest_toml, "a = hello\n", "hello" },
  { "toml-string", &plug_rb_manifest_toml, "a = \"x\n", "" },
  { "toml-list", &plug_rb_manifest_toml, "a = 1\n[[a]]\n", "" },
  { "python-call", &plug_rb_manifest_python, "v = {'name': f('x')}", "f('x')" },
  { "python-method", &plug_rb_manifest_python, "v = {'name': 'x'.join(a)}", ".join" },
  { "python-sum", &plug_rb_manifest_python, "v = {'name': 'a' + 'b'}", "+" },
  { "python-name", &plug_rb_manifest_python, "v = {name: 'a'}", "name" },
  { "python-format", &plug_rb_manifest_python, "v = {'name': f'{x}'}", "" },
  { "python-missing", &plug_rb_manifest_python, "w = 1", "" },
  { "python-torn", &plug_rb_manifest_python, "v = {'a': (1, ", "" },
  { "python-escape", &plug_rb_manifest_python, "v = {'a': '\\x00'}", "" },
};

static void
test_bad (gconstpointer data)
{
  const Bad *bad = data;
  PlugRbManifestRule rule = { .reader = bad->reader,
                              .file = (char *) "it",
                              .name = (char *) "/v/name" };
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbManifest) manifest = plug_rb_manifest_parse (bad->text, &rule, &error);

  g_assert_null (manifest);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "“it”"));
  g_assert_nonnull (strstr (error->message, bad->why));
}

static void
test_depth (void)
{
  static const PlugRbManifestReader *const formats[] = {
    &plug_rb_manifest_jsonc, &plug_rb_manifest_xml, &plug_rb_manifest_toml, &plug_rb_manifest_python
  };
  static const char *const starts[] = { "{\"a\":", "", "v = ", "v = " };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    PlugRbManifestRule rule = { .reader = formats[i],
                                .file = (char *) "it",
                                .name = (char *) "/v/n" };
    g_autoptr(GString) text = g_string_new (starts[i]);
    g_autoptr(GError) error = NULL;

    while (text->len < 900000)
      g_string_append (text, formats[i] == &plug_rb_manifest_xml ? "<a>" : "[");
    g_assert_null (plug_rb_manifest_parse (text->str, &rule, &error));
    g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  }
}

/* ---- what else a rule takes */

static void
test_require (void)
{
  PlugRbManifestRule rule = { .reader = &plug_rb_manifest_keyfile,
                              .file = (char *) "a.desktop",
                              .require = (char *) "D/Types=Krita/PythonPlugin" };
  g_autoptr(PlugRbManifest) manifest =
      plug_rb_manifest_parse ("[D]\nTypes=X;Krita/PythonPlugin;\nLibrary=l\n", &rule, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (manifest);
  g_assert_null (plug_rb_manifest_parse ("[D]\nTypes=X\nLibrary=l\n", &rule, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
}

static void
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
test_catalog (void)
{
  PlugRbManifestRule rule = { .reader = &plug_rb_manifest_json,
                              .file = (char *) "package.json",
                              .id = (char *) "/name",
                              .name = (char *) "/displayName",
                              .description = (char *) "/description",
                              .catalog = (char *) "package.nls.json" };
  g_autofree char *folder = g_dir_make_tmp ("manifest-XXXXXX", NULL);
  g_autofd int fd = plug_rb_fs_open_folder (folder, NULL);
  g_autoptr(PlugRbManifest) manifest = NULL;

  write_file (folder, "package.json",
              "{\"publisher\": \"Me\", \"name\": \"It\", \"displayName\": \"%a.b%\","
              " \"description\": \"%missing%\"}");
  write_file (folder, "package.nls.json", "{\"a.b\": \"The name\"}");
  manifest = plug_rb_manifest_read (fd, &rule, NULL);
  g_assert_cmpstr (manifest->id, ==, "It");
  g_assert_cmpstr (manifest->name, ==, "The name");
  plug_rb_fs_remove_path (folder, NULL);
}

/* Refused before it is read. */
static void
test_huge (void)
{
  PlugRbManifestRule rule = { .reader = &plug_rb_manifest_xml, .file = (char *) "a.xml" };
  g_autofree char *folder = g_dir_make_tmp ("manifest-XXXXXX", NULL);
  g_autofd int fd = plug_rb_fs_open_folder (folder, NULL);
  g_autofd int file = openat (fd, "a.xml", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (ftruncate (file, 100 * 1024 * 1024), ==, 0);
  g_assert_null (plug_rb_manifest_read (fd, &rule, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "“a.xml”"));
  plug_rb_fs_remove_path (folder, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (goods); i++) {
    g_autofree char *path = g_strconcat ("/manifest-formats/reads/", goods[i].title, NULL);

    g_test_add_data_func (path, &goods[i], test_good);
  }

  for (guint i = 0; i < G_N_ELEMENTS (bads); i++) {
    g_autofree char *path = g_strconcat ("/manifest-formats/refuses/", bads[i].title, NULL);

    g_test_add_data_func (path, &bads[i], test_bad);
  }

  g_test_add_func ("/manifest-formats/refuses/depth", test_depth);
  g_test_add_func ("/manifest-formats/refuses/huge", test_huge);
  g_test_add_func ("/manifest-formats/require", test_require);
  g_test_add_func ("/manifest-formats/catalog", test_catalog);

  return g_test_run ();
}
