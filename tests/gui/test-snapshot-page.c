/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* All that is known of one snapshot, and what can be changed of it. */

#include "gui.h"

#include "../core/scratch.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

static gboolean
has_snapshot (gpointer plugin)
{
  return plug_rb_plugin_get_n_snapshots (plugin) > 0 && !plug_rb_plugin_get_busy (plugin);
}

static PlugRbSnapshot *
get_first (PlugRbPlugin *plugin)
{
  g_autoptr(PlugRbSnapshot) first =
      g_list_model_get_item (plug_rb_plugin_get_snapshots (plugin), 0);

  return first;
}

static GtkWidget *
open_page (GuiFixture *fixture, PlugRbPlugin *plugin)
{
  gui_activate (fixture->window, "win.details", "s", plug_rb_snapshot_get_id (get_first (plugin)));
  g_assert_cmpstr (gui_get_page (fixture), ==, "snapshot-details");

  return gui_find (fixture->window, ADW_TYPE_NAVIGATION_PAGE, "tag", "snapshot-details");
}

static GtkWidget *
open_taken (GuiFixture *fixture)
{
  gui_activate (fixture->window, "win.take-snapshot", NULL);
  gui_wait (has_snapshot, gui_get_sample (fixture));

  return open_page (fixture, gui_get_sample (fixture));
}

static gboolean
has_label (gpointer plugin)
{
  return g_strcmp0 (plug_rb_snapshot_get_label (get_first (plugin)), "Works") == 0;
}

static gboolean
has_note (gpointer plugin)
{
  return g_strcmp0 (plug_rb_snapshot_get_note (get_first (plugin)), "With two clocks") == 0;
}

static gboolean
is_titled_so (gpointer page)
{
  return strstr (adw_navigation_page_get_title (page), "Works") != NULL;
}

static void
write_row (GtkWidget *page, const char *title, const char *text)
{
  GtkWidget *row = gui_find (page, ADW_TYPE_ENTRY_ROW, "title", title);

  gtk_editable_set_text (GTK_EDITABLE (row), text);
  g_signal_emit_by_name (row, "apply");
}

static void
test_texts (GuiFixture *fixture, gconstpointer data)
{
  GtkWidget *page = open_taken (fixture);

  write_row (page, "Label", "Works");
  gui_wait (has_label, gui_get_sample (fixture));
  gui_wait (is_titled_so, page);
  write_row (page, "Note", "With two clocks");
  gui_wait (has_note, gui_get_sample (fixture));
  g_assert_true (has_label (gui_get_sample (fixture)));
}

static gboolean
is_pinned (gpointer plugin)
{
  return plug_rb_snapshot_get_pinned (get_first (plugin));
}

static gboolean
is_not_pinned (gpointer plugin)
{
  return !is_pinned (plugin);
}

static void
test_pinned (GuiFixture *fixture, gconstpointer data)
{
  GtkWidget *page = open_taken (fixture);
  GtkWidget *row = gui_find (page, ADW_TYPE_SWITCH_ROW, "title", "Pinned");

  adw_switch_row_set_active (ADW_SWITCH_ROW (row), TRUE);
  gui_wait (is_pinned, gui_get_sample (fixture));
  adw_switch_row_set_active (ADW_SWITCH_ROW (row), FALSE);
  gui_wait (is_not_pinned, gui_get_sample (fixture));
}

static gboolean
has_none (gpointer plugin)
{
  return plug_rb_plugin_get_n_snapshots (plugin) == 0;
}

static void
test_deleted (GuiFixture *fixture, gconstpointer data)
{
  GtkWidget *page = open_taken (fixture);

  gui_activate (page, "snapshot.delete", NULL);
  g_assert_cmpstr (gui_get_page (fixture), ==, "plugin");
  gui_wait (has_none, gui_get_sample (fixture));
  gui_wait_says (fixture->window, "Snapshot deleted");
}

static gboolean
is_damaged (gpointer plugin)
{
  return plug_rb_plugin_get_n_snapshots (plugin) > 0 &&
         plug_rb_snapshot_get_damaged (get_first (plugin)) != NULL;
}

static void
test_damaged (GuiFixture *fixture, gconstpointer data)
{
  GtkWidget *page = open_taken (fixture);
  GtkWidget *banner = gui_find (page, ADW_TYPE_BANNER, NULL, NULL);

  g_assert_false (adw_banner_get_revealed (ADW_BANNER (banner)));
  gui_activate (fixture->window, "win.back", NULL);

  scratch_run ((const char *[]) {
      "bash", "-ec",
      "for f in $(find \"$XDG_DATA_HOME\"/plugin-rollback/snapshots -name snapshot.json); do "
      "echo damaged >\"$f\"; touch \"${f%/*/*}\"; done",
      NULL });
  gui_refresh (fixture);
  gui_wait (is_damaged, gui_get_sample (fixture));
  page = open_page (fixture, gui_get_sample (fixture));
  banner = gui_find (page, ADW_TYPE_BANNER, NULL, NULL);
  g_assert_true (adw_banner_get_revealed (ADW_BANNER (banner)));
  g_assert_false (gtk_widget_get_sensitive (
      gui_find (page, GTK_TYPE_BUTTON, "action-name", "snapshot.roll-back")));
}

/* One that is there, one that is not, and one that comes with the program. */
static void
test_dependencies (GuiFixture *fixture, gconstpointer data)
{
  PlugRbPlugin *plugin;
  GtkWidget *page;

  scratch_run ((const char *[]) {
      "bash", "-ec",
      "cd; for id in plugin.main script.there; do mkdir -p .kodi/addons/$id; "
      "echo \"<addon id='$id' name='$id' version='1.0'><requires>\" >.kodi/addons/$id/addon.xml; "
      "done; for id in script.there script.gone xbmc.python; do "
      "echo \"<import addon='$id' version='1.0'/>\"; done >>.kodi/addons/plugin.main/addon.xml; "
      "for id in plugin.main script.there; do "
      "echo '</requires></addon>' >>.kodi/addons/$id/addon.xml; done; "
      "plugrb snapshot kodi/plugin.main",
      NULL });
  gui_refresh (fixture);
  plugin = plug_rb_manager_find_plugin (fixture->manager, "kodi/plugin.main");
  g_assert_nonnull (plugin);
  gui_wait (has_snapshot, plugin);
  page = open_page (fixture, plugin);
  g_assert_nonnull (gui_find (page, ADW_TYPE_ACTION_ROW, "title", "script.there"));
  g_assert_nonnull (gui_find (page, GTK_TYPE_IMAGE, "tooltip-text", "Installed"));
  g_assert_nonnull (gui_find (gui_find (page, ADW_TYPE_ACTION_ROW, "title", "script.gone"),
                              GTK_TYPE_IMAGE, "tooltip-text", "Not Installed"));
  g_assert_null (gui_find (gui_find (page, ADW_TYPE_ACTION_ROW, "title", "script.there"),
                           GTK_TYPE_IMAGE, "tooltip-text", "Not Installed"));
}

static void
add (const char *path, void (*test) (GuiFixture *, gconstpointer))
{
  g_test_add (path, GuiFixture, NULL, gui_set_up, test, gui_tear_down);
}

static void
add_tests (void)
{
  add ("/snapshot-page/texts", test_texts);
  add ("/snapshot-page/pinned", test_pinned);
  add ("/snapshot-page/deleted", test_deleted);
  add ("/snapshot-page/damaged", test_damaged);
  add ("/snapshot-page/dependencies", test_dependencies);
}

int
main (int argc, char *argv[])
{
  return gui_run (argc, argv, add_tests);
}
