/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* Where plugins lie: in folders that nobody may write in, on other file systems, behind links, in a
 * checkout. */

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "engine-fixture.h"
#include "plug-rb-error.h"
#include "plug-rb-transaction.h"

/* ---- read-only */

static void
protect (Fixture *fixture)
{
  scratch_run ((const char *[]) { "bash", "-c",
                                  "cd \"$1\" && mkdir -p locked && echo 1 > locked/file && "
                                  "chmod 0444 extension.js locked/file && chmod 0555 locked . ",
                                  "protect", fixture->plugin, NULL });
}

static void
release (Fixture *fixture)
{
  scratch_run ((const char *[]) { "chmod", "-R", "u+w", fixture->plugin, NULL });
}

/* The snapshot is of a plugin in which nobody may write; what is installed is as @data says. */
static void
set_up_locked (Fixture *fixture, gboolean both)
{
  release (fixture);
  scratch_install_sample (1);
  protect (fixture);
  g_clear_object (&fixture->target);
  fixture->target = scratch_snapshot (fixture->engine, ID);
  g_free (fixture->wanted);
  fixture->wanted = scratch_picture ();

  release (fixture);
  scratch_install_sample (2);
  if (both)
    protect (fixture);
  g_free (fixture->before);
  fixture->before = scratch_picture ();
}

static void
test_locked (Fixture *fixture, gconstpointer data)
{
  set_up_locked (fixture, data != NULL);
  for (guint i = 0; i < 2; i++) {
    fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
    fixture_assert_picture (fixture->wanted);
    fixture_undo (fixture);
    fixture_assert_picture (fixture->before);
    fixture_assert_nothing_left (fixture);
  }
}

static void
write_late (void)
{
  g_autofree char *path = g_build_filename (fixture_present->plugin, "extension.js", NULL);

  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  fixture_put (fixture_present, "extension.js", "// written late");
  g_assert_cmpint (g_chmod (path, 0444), ==, 0);
}

/* A tree that had to be made writable to be moved is read-only again when it is back. */
static void
test_locked_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  struct stat st;

  set_up_locked (fixture, TRUE);
  fixture_at (fixture, "swapping", write_late);
  error = fixture_fail (fixture, PLUG_RB_ERROR, PLUG_RB_ERROR_CHANGING, "changing");
  g_assert_cmpint (g_stat (fixture->plugin, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 07777, ==, 0555);
}

static const char *point;

static void
die_at (const char *name)
{
  if (g_str_equal (name, point))
    raise (SIGKILL);
}

static int
child (char *argv[])
{
  g_autoptr(PlugRbEngine) engine = scratch_open ();
  g_autoptr(PlugRbSnapshot) target = plug_rb_engine_find_snapshot (engine, argv[3], NULL);
  g_autoptr(PlugRbOperation) operation = NULL;

  point = argv[2];
  plug_rb_transaction_set_checkpoint (die_at);
  operation = scratch_roll_back (engine, target, NULL);

  return EXIT_FAILURE;
}

static void
run_and_die (Fixture *fixture, const char *at)
{
  const char *argv[] = { "/proc/self/exe", "--child", at, plug_rb_snapshot_get_id (fixture->target),
                         NULL };
  g_autoptr(GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (WIFSIGNALED (status));
  scratch_run ((const char *[]) { "plugrb", "recover", NULL });
}

static void
test_locked_killed (Fixture *fixture, gconstpointer data)
{
  set_up_locked (fixture, TRUE);
  run_and_die (fixture, data);
  fixture_assert_picture (fixture->wanted);
  fixture_assert_nothing_left (fixture);
}

/* ---- elsewhere */

/* Moves the folder to another file system and leaves a link in its place. */
static char *
move_away (const char *folder)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *shm = g_strdup ("/dev/shm/plugrb-XXXXXX");
  char *other = g_mkdtemp (shm) ? g_build_filename (shm, "folder", NULL) : NULL;
  struct stat a, b;

  g_assert_nonnull (other);
  g_assert_cmpint (g_stat ("/dev/shm", &a), ==, 0);
  g_assert_cmpint (g_stat (folder, &b), ==, 0);
  g_assert_cmpuint (a.st_dev, !=, b.st_dev);
  scratch_run ((const char *[]) { "bash", "-c", "mv \"$1\" \"$2\" && ln -s \"$2\" \"$1\"", "move",
                                  folder, other, NULL });

  return other;
}

static void
clean_up (const char *folder, const char *link)
{
  g_autofree char *parent = g_path_get_dirname (folder);

  scratch_run ((const char *[]) { "rm", "-rf", parent, link, NULL });
  g_assert_cmpint (g_mkdir (link, 0700), ==, 0);
}

/* What the picture shows, through links. */
static char *
look (const char *folder)
{
  return scratch_output (
      (const char *[]) { "bash", "-c",
                         "cd \"$1\" && find . -mindepth 1 -printf '%y %m %s %T@ %p %l\\n' | grep "
                         "-v '^d [0-9]* [0-9]*' | "
                         "LC_ALL=C sort; find . -type f -exec sha256sum {} + | LC_ALL=C sort",
                         "look", folder, NULL });
}

static void
assert_look (const char *folder, const char *expected)
{
  g_autofree char *found = look (folder);

  g_assert_cmpstr (found, ==, expected);
}

/* @data: the folder of the shell's that lies on another file system, "" for all of them. With a
 * staged update in a folder that stays where it is, one journal has two file systems. */
static void
test_elsewhere (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "gnome-shell", data, NULL);
  g_autofree char *other = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  scratch_stage_sample (3);
  other = move_away (folder);
  before = look (other);
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  after = look (other);
  g_assert_cmpstr (after, !=, before);
  g_assert_null (strstr (after, ".plugrb-"));

  fixture_undo (fixture);
  assert_look (other, before);
  run_and_die (fixture, "swapped");
  assert_look (other, after);
  fixture_undo (fixture);
  assert_look (other, before);
  fixture_assert_nothing_left (fixture);
  clean_up (other, folder);
}

/* The whole of it is a link: what is behind it belongs to somebody else. */
static void
test_checkout_behind_link (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = move_away (fixture->plugin);
  g_autofree char *before = look (other);
  g_autoptr(GError) error =
      fixture_fail (fixture, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER, "needs-user");

  g_assert_nonnull (strstr (error->message, other));
  assert_look (other, before);
  clean_up (other, fixture->plugin);
}

/* A checkout that is a folder is one like any other, its history included. */
static void
test_checkout (Fixture *fixture, gconstpointer data)
{
  static const char script[] =
      "cd \"$1\" && mkdir -p .git/objects/ab .git/refs/heads && echo 'ref: refs/heads/main' > "
      ".git/HEAD && "
      "head -c 3000 /dev/urandom > .git/objects/ab/cdef && chmod 0444 .git/objects/ab/cdef && "
      "echo '*.o' > .gitignore && touch module.o";
  g_autofree char *checkout = NULL;

  scratch_run ((const char *[]) { "bash", "-c", script, "git", fixture->plugin, NULL });
  checkout = scratch_picture ();
  fixture_roll_back (fixture, PLUG_RB_SCOPE_ALL);
  fixture_assert_picture (fixture->wanted);
  fixture_undo (fixture);
  fixture_assert_picture (checkout);
  fixture_assert_nothing_left (fixture);
}

static const FixtureCase cases[] = {
  { "/places/locked", NULL, test_locked },
  { "/places/locked/both", "both", test_locked },
  { "/places/locked/back", NULL, test_locked_back },
  { "/places/locked/killed/swapping", "swapping", test_locked_killed },
  { "/places/locked/killed/swapped", "swapped", test_locked_killed },
  { "/places/locked/killed/done", "done", test_locked_killed },
  { "/places/elsewhere/root", "extensions", test_elsewhere },
  { "/places/elsewhere/parent", "", test_elsewhere },
  { "/places/elsewhere/staged", "extension-updates", test_elsewhere },
  { "/places/checkout", NULL, test_checkout },
  { "/places/checkout/behind-link", NULL, test_checkout_behind_link },
};

int
main (int argc, char *argv[])
{
  if (argc == 4 && g_str_equal (argv[1], "--child"))
    return child (argv);

  g_test_init (&argc, &argv, NULL);
  fixture_add_cases (cases, G_N_ELEMENTS (cases));

  return g_test_run ();
}
