/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "engine-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "plug-rb-engine-install.h"
#include "plug-rb-package.h"

#define MANIFEST                                                                                   \
  "{\"uuid\": \"" ID "\", \"name\": \"Sample\", \"version\": 3, \"shell-version\": [\"48\"]}"

/* Makes a folder, runs a command in it, and opens the package that the command made of it. */
static PlugRbPackage *
open_made (Fixture *fixture, const char *command, const char *host, GError **error)
{
  g_autofree char *folder = g_dir_make_tmp ("package-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "package", NULL);
  g_autofree char *parent = g_build_filename (folder, "parent", NULL);
  g_autoptr(GPtrArray) hosts = plug_rb_host_load_all (NULL);
  PlugRbPackage *package;

  scratch_run ((const char *[]) {
      "bash", "-ec", "cd \"$1\"; mkdir parent in; cd in; printf %s \"$2\" >manifest; eval \"$3\"",
      "make", folder, MANIFEST, command, NULL });
  package = plug_rb_package_open (path, parent, hosts, host, NULL, error);
  if (package == NULL) {
    g_autofree char *left = scratch_output ((const char *[]) { "ls", "-A", parent, NULL });

    g_assert_cmpstr (left, ==, "");
  }

  return package;
}

static void
test_opens (Fixture *fixture, gconstpointer command)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPackage) package = open_made (fixture, command, NULL, &error);
  g_autofree char *stage = NULL;
  g_autofree char *manifest = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (plug_rb_host_get_id (package->host), ==, "gnome-shell");
  g_assert_cmpstr (package->id, ==, ID);
  g_assert_cmpstr (package->manifest->version, ==, "3");
  manifest = g_build_filename (package->folder, "metadata.json", NULL);
  g_assert_true (g_file_test (manifest, G_FILE_TEST_IS_REGULAR));

  stage = g_strdup (package->stage);
  g_clear_pointer (&package, plug_rb_package_unref);
  g_assert_false (g_file_test (stage, G_FILE_TEST_EXISTS));
}

static void
test_refuses (Fixture *fixture, gconstpointer command)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (open_made (fixture, command, NULL, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (error->domain, ==, PLUG_RB_ERROR);
}

static void
test_unknown_host (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (open_made (fixture, "mv manifest metadata.json; tar cf ../package .",
                            "no-such-program", &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
}

/* The files of the package take the place of those that are there, settings stay, and it can be
 * undone. */
static void
test_goes_in (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPackage) package =
      open_made (fixture, "mv manifest metadata.json; tar cf ../package *", NULL, &error);
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_INSTALL);
  g_autofree char *old = g_build_filename (fixture->plugin, "extension.js", NULL);
  g_autofree char *manifest = g_build_filename (fixture->plugin, "metadata.json", NULL);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  plug_rb_engine_install (fixture->engine, package, PLUG_RB_INSTALL_NONE, operation, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (plug_rb_operation_get_status (operation), ==, PLUG_RB_STATUS_COMPLETED);
  g_assert_true (g_file_get_contents (manifest, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, MANIFEST);
  g_assert_false (g_file_test (old, G_FILE_TEST_EXISTS));
  fixture_assert_nothing_left (fixture);

  fixture_undo (fixture);
  fixture_assert_picture (fixture->before);
}

/* Two programs with the same kind of manifest: whoever installs has to say for which one it is. */
static void
test_ambiguous (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("package-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "package", NULL);
  g_autofree char *other = g_build_filename (folder, "other.host", NULL);
  g_autoptr(GPtrArray) hosts = plug_rb_host_load_all (NULL);
  g_autoptr(PlugRbPackage) package = NULL;
  g_autoptr(GError) error = NULL;

  scratch_run ((const char *[]) { "bash", "-ec",
                                  "cd \"$1\"; sed s/^Id=gnome-shell/Id=other/ "
                                  "\"$PLUGRB_HOSTS_DIR/gnome-shell.host\" >other.host; "
                                  "printf %s \"$2\" >metadata.json; tar cf package metadata.json",
                                  "make", folder, MANIFEST, NULL });
  g_ptr_array_add (hosts, plug_rb_host_load (other, &error));
  g_assert_no_error (error);

  g_assert_null (plug_rb_package_open (path, folder, hosts, NULL, NULL, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_AMBIGUOUS);
  g_assert_nonnull (strstr (error->message, "gnome-shell, other"));
  g_assert_nonnull (strstr (error->message, "--host"));
  g_clear_error (&error);

  package = plug_rb_package_open (path, folder, hosts, "other", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (plug_rb_host_get_id (package->host), ==, "other");
}

static const FixtureCase cases[] = {
  { "/package/tar", "mv manifest metadata.json; tar cf ../package .", test_opens },
  { "/package/tar-gz", "mv manifest metadata.json; tar czf ../package metadata.json", test_opens },
  { "/package/only-folder", "mkdir top; mv manifest top/metadata.json; tar cf ../package top",
    test_opens },
  { "/package/vsix-folder",
    "mkdir extension; mv manifest extension/metadata.json; touch about; tar cf ../package *",
    test_opens },
  { "/package/no-manifest", "tar cf ../package manifest", test_refuses },
  { "/package/damaged-manifest", "echo { >metadata.json; tar cf ../package metadata.json",
    test_refuses },
  { "/package/id-that-leads-out",
    "echo '{\"uuid\": \"../out\", \"name\": \"x\"}' >metadata.json; tar cf ../package "
    "metadata.json",
    test_refuses },
  { "/package/too-deep", "mkdir -p a/b; mv manifest a/b/metadata.json; tar cf ../package a",
    test_refuses },
  { "/package/leads-out",
    "mv manifest metadata.json; tar cPf ../package metadata.json ../in/metadata.json",
    test_refuses },
  { "/package/not-a-package", "mv manifest ../package", test_refuses },
  { "/package/pipe", "mkfifo ../package", test_refuses },
  { "/package/ambiguous", NULL, test_ambiguous },
  { "/package/goes-in", NULL, test_goes_in },
  { "/package/unknown-host", NULL, test_unknown_host },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_cases (cases, G_N_ELEMENTS (cases));

  return g_test_run ();
}
