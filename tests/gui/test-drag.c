/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* A snapshot that is dragged out: what the program gets where it is dropped. */

#include "gui.h"

#include "../core/scratch.h"
#include "plug-rb-file-saver.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot-content.h"
#include "plug-rb-snapshot-row.h"
#include "plug-rb-snapshot.h"

typedef struct {
  GdkContentProvider *content;
  GMemoryOutputStream *stream;
  gboolean done;
  GError *error;
} Drop;

static gboolean
has_snapshot (gpointer plugin)
{
  return plug_rb_plugin_get_n_snapshots (plugin) > 0 && !plug_rb_plugin_get_busy (plugin);
}

static PlugRbSnapshot *
take_snapshot (GuiFixture *fixture)
{
  PlugRbPlugin *plugin = gui_get_sample (fixture);

  gui_activate (fixture->window, "win.take-snapshot", NULL);
  gui_wait (has_snapshot, plugin);

  return g_list_model_get_item (plug_rb_plugin_get_snapshots (plugin), 0);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Drop *drop = user_data;

  gdk_content_provider_write_mime_type_finish (GDK_CONTENT_PROVIDER (source), result, &drop->error);
  drop->done = TRUE;
}

static gboolean
is_done (gpointer drop)
{
  return ((Drop *) drop)->done;
}

/* As a program asks for it on which something is dropped. */
static char *
ask (Drop *drop)
{
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();

  drop->done = FALSE;
  gdk_content_provider_write_mime_type_async (drop->content, "text/uri-list", stream,
                                              G_PRIORITY_DEFAULT, NULL, written_cb, drop);
  gui_wait (is_done, drop);

  return g_strndup (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                    g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)));
}

static void
test_files (GuiFixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = take_snapshot (fixture);
  g_autofree char *extensions = scratch_extensions ();
  g_autofree char *live = g_build_filename (extensions, "sample@example.org", NULL);
  Drop drop = { .content = plug_rb_snapshot_content_new (fixture->manager, snapshot) };
  g_autofree char *text = ask (&drop);
  g_autofree char *again = ask (&drop);
  g_auto(GStrv) uris = g_uri_list_extract_uris (text);
  g_autofree char *folder = NULL;
  g_autofree char *copy = NULL;

  g_assert_no_error (drop.error);
  g_assert_cmpstr (text, ==, again);
  g_assert_cmpuint (g_strv_length (uris), ==, 1);
  folder = g_filename_from_uri (uris[0], NULL, NULL);
  g_assert_true (g_str_has_suffix (folder, "/Sample 1"));
  copy = g_build_filename (folder, "files", "user", NULL);
  scratch_run ((const char *[]) { "diff", "-r", live, copy, NULL });

  g_assert_finalize_object (drop.content);
}

static void
test_lost (GuiFixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = take_snapshot (fixture);
  Drop drop = { .content = plug_rb_snapshot_content_new (fixture->manager, snapshot) };
  g_autofree char *text = NULL;

  scratch_run ((const char *[]) { "bash", "-ec",
                                  "find \"$XDG_DATA_HOME\" -name '*.tar.zst' -delete", NULL });
  text = ask (&drop);
  g_assert_nonnull (drop.error);
  g_assert_null (text);
  g_clear_error (&drop.error);

  g_assert_finalize_object (drop.content);
}

/* What a row gives when somebody begins to drag it. */
static GdkContentProvider *
drag (GtkWidget *row)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (row);
  GdkContentProvider *content = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++) {
    g_autoptr(GObject) controller = g_list_model_get_item (controllers, i);

    if (GTK_IS_DRAG_SOURCE (controller))
      g_signal_emit_by_name (controller, "prepare", 1.0, 1.0, &content);
  }

  return content;
}

static void
test_row (GuiFixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = take_snapshot (fixture);
  GtkWidget *row = gui_find (fixture->window, PLUG_RB_TYPE_SNAPSHOT_ROW, NULL, NULL);
  Drop drop = { .content = drag (row) };
  g_autofree char *text = NULL;

  g_assert_nonnull (drop.content);
  text = ask (&drop);
  g_assert_no_error (drop.error);
  g_assert_true (g_str_has_prefix (text, "file:///"));

  g_assert_finalize_object (drop.content);
}

static gboolean
exists (gpointer file)
{
  return g_file_query_exists (file, NULL);
}

/* The same by the menu, into a folder that the user chooses; not over one that is there. */
static void
test_saved (GuiFixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbSnapshot) snapshot = take_snapshot (fixture);
  g_autoptr(GFile) parent = g_file_new_for_path (g_get_home_dir ());
  g_autoptr(GFile) copy =
      g_file_new_build_filename (g_get_home_dir (), "Sample 1", "files", "user", NULL);
  GtkWidget *row = gui_find (fixture->window, PLUG_RB_TYPE_SNAPSHOT_ROW, NULL, NULL);
  g_autoptr(PlugRbToasts) toasts = plug_rb_toasts_new_for (row);

  plug_rb_file_saver_save (toasts, fixture->manager, snapshot, parent);
  gui_wait_says (fixture->window, "Saved in “Sample 1”");
  g_assert_true (exists (copy));
  plug_rb_file_saver_save (toasts, fixture->manager, snapshot, parent);
  gui_wait_says (fixture->window, "Could not save the files");
}

static void
add_tests (void)
{
  g_test_add ("/drag/files", GuiFixture, NULL, gui_set_up, test_files, gui_tear_down);
  g_test_add ("/drag/lost", GuiFixture, NULL, gui_set_up, test_lost, gui_tear_down);
  g_test_add ("/drag/saved", GuiFixture, NULL, gui_set_up, test_saved, gui_tear_down);
  g_test_add ("/drag/row", GuiFixture, NULL, gui_set_up, test_row, gui_tear_down);
}

int
main (int argc, char *argv[])
{
  return gui_run (argc, argv, add_tests);
}
