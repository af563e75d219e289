/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* What the engine refuses, and what it leaves as it was when something stands in the way. */

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "engine-fixture.h"
#include "plug-rb-error.h"
#include "plug-rb-plan.h"
#include "plug-rb-store.h"
#include "plug-rb-transaction.h"

static void
test_linked (Fixture *fixture, gconstpointer data)
{
  g_autofree char *real = g_build_filename (g_get_user_data_dir (), "checkout", NULL);
  g_autofree char *real_before = NULL;
  g_autofree char *real_after = NULL;
  g_autofree char *before = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_rename (fixture->plugin, real), ==, 0);
  g_assert_cmpint (symlink (real, fixture->plugin), ==, 0);
  before = scratch_picture ();
  real_before = scratch_output ((const char *[]) { "ls", "-lR", "--full-time", real, NULL });

  error = fixture_fail (fixture, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER, "needs-user");
  g_assert_nonnull (strstr (error->message, real));
  fixture_assert_picture (before);
  real_after = scratch_output ((const char *[]) { "ls", "-lR", "--full-time", real, NULL });
  g_assert_cmpstr (real_before, ==, real_after);
  scratch_run ((const char *[]) { "rm", "-rf", real, NULL });
}

static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  g_autofree char *extensions = scratch_extensions ();
  g_autofree char *before = NULL;
  g_autoptr(GError) error = NULL;

  if (geteuid () == 0) {
    g_test_skip ("root writes everywhere");
    return;
  }

  g_assert_cmpint (g_chmod (extensions, 0555), ==, 0);
  before = scratch_picture ();
  error = fixture_fail (fixture, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE, "not-writable");
  g_assert_nonnull (strstr (error->message, extensions));
  fixture_assert_picture (before);
}

static void
test_corrupt (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_archive_path (fixture);

  for (guint i = 1; i < 10; i++) {
    g_autoptr(GError) error = NULL;

    fixture_flip (path, 15000 * i);
    error = fixture_fail (fixture, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, "corrupt");
    fixture_assert_picture (fixture->before);
    fixture_flip (path, 15000 * i);
  }

  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  fixture_assert_picture (fixture->wanted);
}

static void
test_no_archive (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_archive_path (fixture);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_unlink (path), ==, 0);
  error = fixture_fail (fixture, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND, "not-found");
  fixture_assert_picture (fixture->before);
}

static void
test_unsupported (Fixture *fixture, gconstpointer data)
{
  ScratchShell *shell = scratch_shell_start (data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) blocker = NULL;
  g_autoptr(PlugRbPlan) plan = plug_rb_engine_plan (fixture->engine, fixture->target,
                                                    PLUG_RB_SCOPE_ALL, &blocker, NULL, &error);
  gboolean supported = g_str_has_prefix (data, "48");

  scratch_shell_stop (shell);
  g_assert_no_error (error);
  g_assert_no_error (blocker);
  g_assert_cmpint (fixture_has_text (plug_rb_plan_get_warnings (plan), data), ==, !supported);
  g_assert_cmpuint (g_strv_length ((char **) plug_rb_plan_get_warnings (plan)), ==,
                    supported ? 1 : 2);
}

static void
test_not_running (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbPlan) plan =
      plug_rb_engine_plan (fixture->engine, fixture->target, PLUG_RB_SCOPE_ALL, NULL, NULL, NULL);

  g_assert_cmpuint (g_strv_length ((char **) plug_rb_plan_get_warnings (plan)), ==, 0);
  g_assert_cmpuint (g_strv_length ((char **) plug_rb_plan_get_blockers (plan)), ==, 0);
}

/* ---- what cannot be set up without privileges */

static const char *immutable_name;
static const char *foreign_name;
static const char *read_only_folder;

/* In place of the C library's: as if somebody had protected a file, or owned it. */
int
statx (int fd, const char *restrict path, int flags, unsigned mask, struct statx *restrict stx)
{
  int result = (int) syscall (SYS_statx, fd, path, flags, mask, stx);

  if (result == 0 && immutable_name != NULL && g_str_has_suffix (path, immutable_name))
    stx->stx_attributes |= STATX_ATTR_IMMUTABLE;
  if (result == 0 && foreign_name != NULL && g_str_has_suffix (path, foreign_name))
    stx->stx_uid = 4242;

  return result;
}

/* As if the folder were on a read-only mount. */
int
access (const char *path, int mode)
{
  if (read_only_folder != NULL && g_str_equal (path, read_only_folder) && (mode & W_OK)) {
    errno = EROFS;
    return -1;
  }

  return (int) syscall (SYS_faccessat, AT_FDCWD, path, mode);
}

static guint
count_snapshots (Fixture *fixture)
{
  g_autoptr(GPtrArray) snapshots = plug_rb_engine_list_snapshots (fixture->engine, KEY, NULL);

  return snapshots->len;
}

/* Refused by name, and before even a safety copy was made. */
static void
assert_refused (Fixture *fixture, const char *name)
{
  guint before = count_snapshots (fixture);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) blocker = NULL;
  g_autoptr(PlugRbPlan) plan = plug_rb_engine_plan (fixture->engine, fixture->target,
                                                    PLUG_RB_SCOPE_ALL, &blocker, NULL, NULL);

  g_assert_error (blocker, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE);
  g_assert_true (fixture_has_text (plug_rb_plan_get_blockers (plan), name));
  error = fixture_fail (fixture, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_WRITABLE, "not-writable");
  g_assert_nonnull (strstr (error->message, name));
  fixture_assert_picture (fixture->before);
  g_assert_cmpuint (count_snapshots (fixture), ==, before);
}

static void
test_immutable (Fixture *fixture, gconstpointer data)
{
  immutable_name = data;
  assert_refused (fixture, data);
  immutable_name = NULL;
}

static void
test_foreign (Fixture *fixture, gconstpointer data)
{
  if (geteuid () == 0) {
    g_test_skip ("root may replace what belongs to others");
    return;
  }

  foreign_name = data;
  assert_refused (fixture, data);
  foreign_name = NULL;
}

static void
test_read_only_mount (Fixture *fixture, gconstpointer data)
{
  g_autofree char *extensions = scratch_extensions ();

  read_only_folder = extensions;
  assert_refused (fixture, g_strerror (EROFS));
  assert_refused (fixture, extensions);
  read_only_folder = NULL;
}

static const FixtureCase cases[] = {
  { "/engine/immutable", "common.js", test_immutable },
  { "/engine/immutable/folder", "schemas", test_immutable },
  { "/engine/immutable/deep", "gschemas.compiled", test_immutable },
  { "/engine/foreign", "tool.sh", test_foreign },
  { "/engine/foreign/link", "link.js", test_foreign },
  { "/engine/read-only/mount", NULL, test_read_only_mount },
  { "/engine/linked", NULL, test_linked },
  { "/engine/read-only/root", NULL, test_read_only },
  { "/engine/corrupt", NULL, test_corrupt },
  { "/engine/no-archive", NULL, test_no_archive },
  { "/engine/running/supported", "48.7", test_unsupported },
  { "/engine/running/unsupported", "49.0", test_unsupported },
  { "/engine/running/not", NULL, test_not_running },
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_cases (cases, G_N_ELEMENTS (cases));

  return g_test_run ();
}
