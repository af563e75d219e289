/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-manifest-reader.h"

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

typedef struct {
  char *path;
  int fd;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  fixture->path = g_dir_make_tmp ("manifest-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->fd = plug_rb_fs_open_folder (fixture->path, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  plug_rb_fs_remove_path (fixture->path, &error);
  g_assert_no_error (error);
  close (fixture->fd);
  g_free (fixture->path);
}

static void
write_file (Fixture *fixture, const char *name, const char *text, gssize length)
{
  g_autofree char *path = g_build_filename (fixture->path, name, NULL);

  g_assert_true (g_file_set_contents (path, text, length, NULL));
}

static void
test_all (Fixture *fixture, gconstpointer data)
{
  const char *text =
      "{\"uuid\": \"a@b\", \"name\": \"A\\tname \", \"version\": 37, \"description\": \"D\",\n"
      " \"settings-schema\": \"org.a\", \"shell-version\": [\"48\", 49, 3.38, null, \"\"]}";
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbManifest) manifest = NULL;

  write_file (fixture, "metadata.json", text, -1);
  manifest = plug_rb_manifest_read (fixture->fd, &rule, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (manifest->text, ==, text);
  g_assert_cmpstr (manifest->id, ==, "a@b");
  g_assert_cmpstr (manifest->name, ==, "A name");
  g_assert_cmpstr (manifest->version, ==, "37");
  g_assert_cmpstr (manifest->description, ==, "D");
  g_assert_cmpstr (manifest->settings_schema, ==, "org.a");
  g_assert_cmpstrv (manifest->host_versions, ((const char *[]) { "48", "49", "3.38", NULL }));
}

typedef struct {
  const char *name;
  const char *json;
  const char *version;
} Version;

static const Version versions[] = {
  { "integer", "{\"version\": 37}", "37" },
  { "whole-double", "{\"version\": 37.0}", "37" },
  { "double", "{\"version\": 1.1}", "1.1" },
  { "large", "{\"version\": 20260101}", "20260101" },
  { "string", "{\"version\": \"1.0-rc\"}", "1.0-rc" },
  { "name-first", "{\"version\": 3, \"version-name\": \"0.3\"}", "0.3" },
  { "name-null", "{\"version\": 3, \"version-name\": null}", "3" },
  { "absent", "{}", NULL },
  { "null", "{\"version\": null}", NULL },
  { "boolean", "{\"version\": true}", NULL },
  { "array", "{\"version\": [1]}", NULL },
  { "blank", "{\"version\": \" \"}", NULL },
  { "huge", "{\"version\": 1e999}", NULL },
};

static void
test_version (gconstpointer data)
{
  const Version *version = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbManifest) manifest = plug_rb_manifest_parse (version->json, &rule, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (manifest->version, ==, version->version);
  g_assert_null (manifest->name);
  g_assert_null (manifest->host_versions);
}

static void
test_pointers (void)
{
  PlugRbManifestRule odd = { .reader = &plug_rb_manifest_json,
                             .file = (char *) "x",
                             .id = (char *) "/a~1b/~01/1/c",
                             .name = (char *) "/a~1b/~01/2",
                             .version = (char *) "/a~1b/x/1",
                             .description = (char *) "/a~1b/~01/01x" };
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbManifest) manifest =
      plug_rb_manifest_parse ("{\"a/b\": {\"~1\": [0, {\"c\": \"found\"}]}}", &odd, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (manifest->id, ==, "found");
  g_assert_null (manifest->name);
  g_assert_null (manifest->version);
  g_assert_null (manifest->description);
}

typedef struct {
  const char *name;
  const char *text;
  gssize length;
} Damage;

static const Damage damages[] = {
  { "empty", "", 0 },
  { "text", "hello", -1 },
  { "array", "[1]", -1 },
  { "torn", "{\"a\": ", -1 },
  { "utf-8", "{\"a\": \"\xff\"}", -1 },
  { "nul", "{}\0{}", 5 },
  { "comment", "/* */ {}", -1 },
  { "two", "{} {}", -1 },
};

static void
test_refuses (Fixture *fixture, gconstpointer data)
{
  const Damage *damage = data;
  g_autoptr(GError) error = NULL;

  write_file (fixture, "metadata.json", damage->text, damage->length);
  g_assert_null (plug_rb_manifest_read (fixture->fd, &rule, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "“metadata.json”"));
}

static void
test_refuses_large (Fixture *fixture, gconstpointer data)
{
  g_autofree char *spaces = g_strnfill (1024 * 1024 - 1, ' ');
  g_autofree char *fits = g_strconcat ("{}", spaces + 1, NULL);
  g_autofree char *large = g_strconcat ("{}", spaces, NULL);
  g_autoptr(PlugRbManifest) manifest = NULL;
  g_autoptr(GError) error = NULL;

  write_file (fixture, "metadata.json", fits, -1);
  manifest = plug_rb_manifest_read (fixture->fd, &rule, &error);
  g_assert_no_error (error);
  g_assert_nonnull (manifest);

  write_file (fixture, "metadata.json", large, -1);
  g_assert_null (plug_rb_manifest_read (fixture->fd, &rule, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
}

static void
test_refuses_depth (Fixture *fixture, gconstpointer data)
{
  g_autofree char *deep = g_strnfill (1000000, '[');
  g_autofree char *text = g_strconcat ("{\"a\":", deep, NULL);
  g_autoptr(GError) error = NULL;

  write_file (fixture, "metadata.json", text, -1);
  g_assert_null (plug_rb_manifest_read (fixture->fd, &rule, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
}

static void
test_file_types (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbManifest) manifest = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (plug_rb_manifest_read (fixture->fd, &rule, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_cmpint (mkfifoat (fixture->fd, "metadata.json", 0600), ==, 0);
  g_assert_null (plug_rb_manifest_read (fixture->fd, &rule, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  g_clear_error (&error);
  g_assert_cmpint (unlinkat (fixture->fd, "metadata.json", 0), ==, 0);

  g_assert_cmpint (mkdirat (fixture->fd, "metadata.json", 0700), ==, 0);
  g_assert_null (plug_rb_manifest_read (fixture->fd, &rule, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  g_clear_error (&error);
  g_assert_cmpint (unlinkat (fixture->fd, "metadata.json", AT_REMOVEDIR), ==, 0);

  write_file (fixture, "real.json", "{\"name\": \"linked\"}", -1);
  g_assert_cmpint (symlinkat ("real.json", fixture->fd, "metadata.json"), ==, 0);
  manifest = plug_rb_manifest_read (fixture->fd, &rule, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (manifest->name, ==, "linked");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add ("/manifest/all", Fixture, NULL, set_up, test_all, tear_down);
  g_test_add_func ("/manifest/pointers", test_pointers);
  g_test_add ("/manifest/refuses/large", Fixture, NULL, set_up, test_refuses_large, tear_down);
  g_test_add ("/manifest/refuses/depth", Fixture, NULL, set_up, test_refuses_depth, tear_down);
  g_test_add ("/manifest/file-types", Fixture, NULL, set_up, test_file_types, tear_down);

  for (guint i = 0; i < G_N_ELEMENTS (versions); i++) {
    g_autofree char *path = g_strconcat ("/manifest/version/", versions[i].name, NULL);

    g_test_add_data_func (path, &versions[i], test_version);
  }

  for (guint i = 0; i < G_N_ELEMENTS (damages); i++) {
    g_autofree char *path = g_strconcat ("/manifest/refuses/", damages[i].name, NULL);

    g_test_add (path, Fixture, &damages[i], set_up, test_refuses, tear_down);
  }

  return g_test_run ();
}
