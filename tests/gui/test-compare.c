/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* Comparing: what differs, the text of a file, looking for something, both sides the other way
 * round. */

#include "gui.h"

#include "../core/scratch.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

#define FILE_LINE "one\ntwo\nthree\n"

static gboolean
has_snapshot (gpointer plugin)
{
  return plug_rb_plugin_get_n_snapshots (plugin) > 0 && !plug_rb_plugin_get_busy (plugin);
}

static void
put (const char *name, const char *content, gssize length)
{
  g_autofree char *extensions = scratch_extensions ();
  g_autofree char *path = g_build_filename (extensions, "sample@example.org", name, NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, content, length, &error);
  g_assert_no_error (error);
}

static char *
dup_id (GuiFixture *fixture, guint position)
{
  GListModel *snapshots = plug_rb_plugin_get_snapshots (gui_get_sample (fixture));
  g_autoptr(PlugRbSnapshot) snapshot = g_list_model_get_item (snapshots, position);

  return g_strdup (plug_rb_snapshot_get_id (snapshot));
}

static void
compare (GuiFixture *fixture, const char *name, const char *before, const char *after, gssize n)
{
  put (name, before, -1);
  gui_activate (fixture->window, "win.take-snapshot", NULL);
  gui_wait (has_snapshot, gui_get_sample (fixture));
  put (name, after, n);
  gui_activate (fixture->window, "win.compare-latest", NULL);
  g_assert_cmpstr (gui_get_page (fixture), ==, "comparison");
  gui_wait_says (fixture->window, name);
}

static GtkWidget *
find_page (GuiFixture *fixture)
{
  return gui_find (fixture->window, ADW_TYPE_NAVIGATION_PAGE, "tag", "comparison");
}

static void
open_file_of (gpointer page, const char *name)
{
  GtkWidget *list = gui_find (page, GTK_TYPE_LIST_VIEW, NULL, NULL);
  GListModel *model = G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (list)));

  for (guint i = 0; i < g_list_model_get_n_items (model); i++) {
    g_autoptr(GObject) change = g_list_model_get_item (model, i);
    g_autofree char *shown = NULL;

    g_object_get (change, "name", &shown, NULL);
    if (g_str_equal (shown, name)) {
      g_signal_emit_by_name (list, "activate", i);
      return;
    }
  }

  g_error ("%s is not listed", name);
}

static void
open_file (GuiFixture *fixture, const char *name)
{
  open_file_of (find_page (fixture), name);
}

static void
test_text (GuiFixture *fixture, gconstpointer data)
{
  compare (fixture, "text.js", FILE_LINE, "one\nTWO\nthree\n", -1);
  open_file (fixture, "text.js");
  g_assert_cmpstr (gui_get_page (fixture), ==, "text-diff");
  gui_wait_says (fixture->window, "1 line added · 1 line removed");
  gui_wait_says (fixture->window, "TWO");
  gui_wait_says (fixture->window, "two");
  gui_wait_says (fixture->window, "+");
  gui_wait_says (fixture->window, "−");
  gui_activate (fixture->window, "win.back", NULL);
  g_assert_cmpstr (gui_get_page (fixture), ==, "comparison");
}

static void
test_unended (GuiFixture *fixture, gconstpointer data)
{
  compare (fixture, "text.js", FILE_LINE, "one\ntwo\nthree", -1);
  open_file (fixture, "text.js");
  gui_wait_says (fixture->window, "The last line has no end");
}

static void
test_binary (GuiFixture *fixture, gconstpointer data)
{
  compare (fixture, "text.js", FILE_LINE, "a\0b", 3);
  open_file (fixture, "text.js");
  gui_wait_says (fixture->window, "Binary File");
  gui_wait_says (fixture->window, "14 bytes → 3 bytes");
}

static void
test_large (GuiFixture *fixture, gconstpointer data)
{
  g_autofree char *large = g_strnfill (3000000, 'x');

  compare (fixture, "text.js", FILE_LINE, large, -1);
  open_file (fixture, "text.js");
  gui_wait_says (fixture->window, "Large File");
}

static void
test_file_gone (GuiFixture *fixture, gconstpointer data)
{
  compare (fixture, "text.js", FILE_LINE, "new\n", -1);
  scratch_run (
      (const char *[]) { "bash", "-c", "chmod 0 \"$XDG_DATA_HOME\"/gnome-shell/extensions", NULL });
  open_file (fixture, "text.js");
  gui_wait_says (fixture->window, "Cannot Be Compared");
  scratch_run ((const char *[]) { "bash", "-c",
                                  "chmod 700 \"$XDG_DATA_HOME\"/gnome-shell/extensions", NULL });
}

/* What a rollback would do to a file is looked at in the dialog, without leaving it. */
static void
test_preview (GuiFixture *fixture, gconstpointer data)
{
  g_autofree char *id = NULL;
  AdwDialog *dialog;
  GtkWidget *pages;

  compare (fixture, "text.js", FILE_LINE, "one\nTWO\nthree\n", -1);
  gui_activate (fixture->window, "win.back", NULL);
  id = dup_id (fixture, 0);
  gui_activate (fixture->window, "win.roll-back", "s", id);
  dialog = gui_wait_dialog (fixture);
  gui_wait_says (dialog, "text.js");
  pages = gui_find (dialog, ADW_TYPE_NAVIGATION_VIEW, NULL, NULL);
  g_assert_false (adw_navigation_view_get_pop_on_escape (ADW_NAVIGATION_VIEW (pages)));

  open_file_of (dialog, "text.js");
  gui_wait_says (dialog, "1 line added · 1 line removed");
  g_assert_true (adw_navigation_view_get_pop_on_escape (ADW_NAVIGATION_VIEW (pages)));
  adw_navigation_view_pop (ADW_NAVIGATION_VIEW (pages));
  gui_wait_button (dialog, "_Roll Back");
  g_assert_false (adw_navigation_view_get_pop_on_escape (ADW_NAVIGATION_VIEW (pages)));
  gui_activate (dialog, "rollback.close", NULL);
  gui_wait_no_dialog (fixture);
}

/* The page is left before it knows anything. */
static void
test_leave (GuiFixture *fixture, gconstpointer data)
{
  compare (fixture, "text.js", FILE_LINE, "new\n", -1);
  open_file (fixture, "text.js");
  gui_activate (fixture->window, "win.back", NULL);
  gui_activate (fixture->window, "win.back", NULL);
  g_assert_cmpstr (gui_get_page (fixture), ==, "plugin");
  gui_settle ();
}

static void
test_swap (GuiFixture *fixture, gconstpointer data)
{
  compare (fixture, "text.js", FILE_LINE, "", 0);
  gui_wait_says (fixture->window, "Changed · 14 bytes → 0 bytes");
  gui_activate (find_page (fixture), "compare.swap", NULL);
  gui_wait_says (fixture->window, "Changed · 0 bytes → 14 bytes");
}

static void
test_no_differences (GuiFixture *fixture, gconstpointer data)
{
  gui_activate (fixture->window, "win.take-snapshot", NULL);
  gui_wait (has_snapshot, gui_get_sample (fixture));
  gui_activate (fixture->window, "win.compare-latest", NULL);
  gui_wait_says (fixture->window, "No Differences");
}

static gboolean
has_two (gpointer plugin)
{
  return plug_rb_plugin_get_n_snapshots (plugin) == 2 && !plug_rb_plugin_get_busy (plugin);
}

/* With the one before it, whatever is installed. */
static void
test_previous (GuiFixture *fixture, gconstpointer data)
{
  g_autofree char *newest = NULL;
  g_autofree char *oldest = NULL;

  compare (fixture, "text.js", FILE_LINE, "second\n", -1);
  gui_activate (fixture->window, "win.back", NULL);
  gui_activate (fixture->window, "win.take-snapshot", NULL);
  gui_wait (has_two, gui_get_sample (fixture));
  newest = dup_id (fixture, 0);
  oldest = dup_id (fixture, 1);
  put ("text.js", "third, which is longer\n", -1);

  gui_activate (fixture->window, "win.compare-previous", "s", oldest);
  gui_wait_says (fixture->window, "There is no earlier snapshot of this plugin");
  g_assert_cmpstr (gui_get_page (fixture), ==, "plugin");
  gui_activate (fixture->window, "win.compare-previous", "s", newest);
  g_assert_cmpstr (gui_get_page (fixture), ==, "comparison");
  gui_wait_says (fixture->window, "Changed · 14 bytes → 7 bytes");
}

typedef struct {
  GuiFixture *fixture;
  const char *text;
} Saying;

static gboolean
is_silent (gpointer data)
{
  Saying *saying = data;

  return !gui_says (saying->fixture->window, saying->text);
}

static void
test_search (GuiFixture *fixture, gconstpointer data)
{
  Saying other = { fixture, "file-3.js" }, first = { fixture, "file-1.js" };
  GtkWidget *search;
  GtkWidget *kind;

  put ("gone.js", "gone\n", -1);
  gui_activate (fixture->window, "win.take-snapshot", NULL);
  gui_wait (has_snapshot, gui_get_sample (fixture));
  for (int i = 0; i < 12; i++) {
    g_autofree char *name = g_strdup_printf ("file-%d.js", i);

    put (name, FILE_LINE, -1);
  }
  scratch_run ((const char *[]) { "bash", "-c",
                                  "rm \"$XDG_DATA_HOME\"/gnome-shell/extensions/*/gone.js", NULL });
  gui_activate (fixture->window, "win.compare-latest", NULL);
  gui_wait_says (fixture->window, "file-3.js");

  search = gui_find (fixture->window, GTK_TYPE_SEARCH_ENTRY, "placeholder-text", "Search changes");
  gtk_editable_set_text (GTK_EDITABLE (search), "FILE-1.");
  gui_wait (is_silent, &other);
  gui_wait_says (fixture->window, "file-1.js");
  gtk_editable_set_text (GTK_EDITABLE (search), "");
  gui_wait_says (fixture->window, "file-3.js");

  kind = gui_find (find_page (fixture), GTK_TYPE_DROP_DOWN, NULL, NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (kind), 3);
  gui_wait (is_silent, &first);
  gui_wait_says (fixture->window, "gone.js");
}

static void
add (const char *path, void (*test) (GuiFixture *, gconstpointer))
{
  g_test_add (path, GuiFixture, NULL, gui_set_up, test, gui_tear_down);
}

static void
add_tests (void)
{
  add ("/compare/text", test_text);
  add ("/compare/unended", test_unended);
  add ("/compare/binary", test_binary);
  add ("/compare/large", test_large);
  add ("/compare/file-gone", test_file_gone);
  add ("/compare/preview", test_preview);
  add ("/compare/leave", test_leave);
  add ("/compare/swap", test_swap);
  add ("/compare/no-differences", test_no_differences);
  add ("/compare/previous", test_previous);
  add ("/compare/search", test_search);
}

int
main (int argc, char *argv[])
{
  return gui_run (argc, argv, add_tests);
}
