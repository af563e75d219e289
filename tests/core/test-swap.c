/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-swap.h"

typedef struct {
  char *folder;
  PlugRbJournal *journal;
  PlugRbSwap *swap;
} Fixture;

static int exchange_errno;

/* Stands before that of the C library: an exchange fails as it is told to. */
int
renameat2 (int old_fd, const char *old, int new_fd, const char *new, unsigned int flags)
{
  if (flags != RENAME_EXCHANGE || exchange_errno == 0)
    return syscall (SYS_renameat2, old_fd, old, new_fd, new, flags);

  errno = exchange_errno;
  return -1;
}

/* What stands at a place: the content of the file "name" in it, or "-". */
static char *
look (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "name", NULL);
  char *content = NULL;

  return g_file_get_contents (path, &content, NULL, NULL) ? content : g_strdup ("-");
}

static void
make_tree (const char *folder, const char *content)
{
  g_autofree char *path = g_build_filename (folder, "name", NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, content, -1, NULL));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  PlugRbSwapKind kind = GPOINTER_TO_INT (data) & 3;
  g_autofree char *live = NULL;
  g_autofree char *stage = NULL;
  g_autofree char *fresh = NULL;
  PlugRbJournalItem *item;
  gboolean exists;

  plug_rb_swap_avoid_exchange ((GPOINTER_TO_INT (data) & 4) != 0);
  fixture->folder = g_dir_make_tmp (NULL, NULL);
  live = g_build_filename (fixture->folder, "root", "plugin", NULL);
  stage = g_build_filename (fixture->folder, ".plugrb-x", "0", NULL);
  fresh = g_build_filename (stage, "new", NULL);
  fixture->journal = plug_rb_journal_new ("x", NULL);
  item = plug_rb_journal_add_item (fixture->journal, "h/p", "t", "s");
  fixture->swap = plug_rb_journal_item_add_swap (item, kind, "user", live, stage);

  make_tree (stage, "stage");
  make_tree (kind == PLUG_RB_SWAP_ADD ? fresh : live, kind == PLUG_RB_SWAP_ADD ? "new" : "old");
  if (kind == PLUG_RB_SWAP_EXCHANGE)
    make_tree (fresh, "new");
  if (kind == PLUG_RB_SWAP_ADD) {
    g_autofree char *root = g_path_get_dirname (live);

    g_assert_cmpint (g_mkdir (root, 0700), ==, 0);
  }
  plug_rb_fs_identify (live, &fixture->swap->old_id, &exists, NULL);
  plug_rb_fs_identify (fresh, &fixture->swap->new_id, &exists, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_true (plug_rb_fs_remove_path (fixture->folder, NULL));
  plug_rb_journal_free (fixture->journal);
  g_free (fixture->folder);
}

static void
assert_state (Fixture *fixture, PlugRbSwapState expected)
{
  PlugRbSwapState state;

  g_assert_true (plug_rb_swap_look (fixture->swap, &state, NULL));
  g_assert_cmpint (state, ==, expected);
}

static void
assert_live (Fixture *fixture, const char *expected)
{
  g_autofree char *live = look (fixture->swap->live);

  g_assert_cmpstr (live, ==, expected);
}

static void
test_there_and_back (Fixture *fixture, gconstpointer data)
{
  PlugRbSwapKind kind = GPOINTER_TO_INT (data) & 3;
  const char *old = kind == PLUG_RB_SWAP_ADD ? "-" : "old";
  const char *new = kind == PLUG_RB_SWAP_REMOVE ? "-" : "new";

  for (guint i = 0; i < 3; i++) {
    g_autoptr(GError) error = NULL;

    assert_state (fixture, PLUG_RB_SWAP_STATE_BEFORE);
    assert_live (fixture, old);
    plug_rb_swap_go_forward (fixture->swap, &error);
    g_assert_no_error (error);
    plug_rb_swap_go_forward (fixture->swap, &error);
    g_assert_no_error (error);

    assert_state (fixture, PLUG_RB_SWAP_STATE_AFTER);
    assert_live (fixture, new);
    plug_rb_swap_go_back (fixture->swap, &error);
    g_assert_no_error (error);
    plug_rb_swap_go_back (fixture->swap, &error);
    g_assert_no_error (error);
  }

  assert_live (fixture, old);
}

/* Stopped between the two renames of the way without exchange. */
static void
test_between (Fixture *fixture, gconstpointer data)
{
  g_autofree char *aside = g_build_filename (fixture->swap->stage, "old", NULL);

  g_assert_cmpint (g_rename (fixture->swap->live, aside), ==, 0);
  assert_state (fixture, PLUG_RB_SWAP_STATE_BETWEEN);
  g_assert_true (plug_rb_swap_go_forward (fixture->swap, NULL));
  assert_live (fixture, "new");

  g_assert_true (plug_rb_swap_go_back (fixture->swap, NULL));
  g_assert_cmpint (g_rename (fixture->swap->live, aside), ==, 0);
  g_assert_true (plug_rb_swap_go_back (fixture->swap, NULL));
  assert_live (fixture, "old");
}

/* Where it cannot be exchanged at all, it is moved; any other failure leaves all as it is. */
static void
test_exchange_fails (Fixture *fixture, gconstpointer data)
{
  static const int unsupported[] = { EINVAL, ENOSYS, EOPNOTSUPP };
  static const int failures[] = { EIO, ENOSPC, EACCES };

  for (guint i = 0; i < G_N_ELEMENTS (unsupported); i++) {
    exchange_errno = unsupported[i];
    g_assert_true (plug_rb_swap_go_forward (fixture->swap, NULL));
    assert_live (fixture, "new");
    g_assert_true (plug_rb_swap_go_back (fixture->swap, NULL));
    assert_live (fixture, "old");
  }

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++) {
    g_autoptr(GError) error = NULL;

    exchange_errno = failures[i];
    g_assert_false (plug_rb_swap_go_forward (fixture->swap, &error));
    g_assert_nonnull (strstr (error->message, fixture->swap->live));
    assert_state (fixture, PLUG_RB_SWAP_STATE_BEFORE);

    exchange_errno = 0;
    g_assert_true (plug_rb_swap_go_forward (fixture->swap, NULL));
    exchange_errno = failures[i];
    g_assert_false (plug_rb_swap_go_back (fixture->swap, NULL));
    assert_state (fixture, PLUG_RB_SWAP_STATE_AFTER);

    exchange_errno = 0;
    g_assert_true (plug_rb_swap_go_back (fixture->swap, NULL));
  }
}

static void
test_stranger (Fixture *fixture, gconstpointer data)
{
  g_autofree char *away = g_strconcat (fixture->swap->live, ".away", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_rename (fixture->swap->live, away), ==, 0);
  make_tree (fixture->swap->live, "stranger");

  assert_state (fixture, PLUG_RB_SWAP_STATE_UNKNOWN);
  g_assert_false (plug_rb_swap_go_forward (fixture->swap, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER);
  g_clear_error (&error);
  g_assert_false (plug_rb_swap_go_back (fixture->swap, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER);
  assert_live (fixture, "stranger");
}

int
main (int argc, char *argv[])
{
  static const char *const kinds[] = { "exchange", "add", "remove" };

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (guint i = 0; i < 6; i++) {
    gconstpointer data = GINT_TO_POINTER (i % 3 | (i / 3 ? 4 : 0));
    g_autofree char *path =
        g_strdup_printf ("/swap/there-and-back/%s%s", kinds[i % 3], i / 3 ? "-renames" : "");

    g_test_add (path, Fixture, data, set_up, test_there_and_back, tear_down);
  }
  g_test_add ("/swap/between", Fixture, GINT_TO_POINTER (4), set_up, test_between, tear_down);
  g_test_add ("/swap/exchange-fails", Fixture, NULL, set_up, test_exchange_fails, tear_down);
  g_test_add ("/swap/stranger", Fixture, NULL, set_up, test_stranger, tear_down);

  return g_test_run ();
}
