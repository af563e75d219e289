/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* The narrowest window, from right to left, in a language of long words: nothing is cut off. */

#include "gui.h"

#include "../core/scratch.h"
#include "plug-rb-demo-dialog.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

#define WIDTH 360
#define STATE "/io/github/plugrb/PluginRollback/State/"

typedef struct {
  GtkWidget *window;
  const char *where;
} Check;

/* All of them are told, not only the last one. */
static void G_GNUC_PRINTF (1, 2) complain (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_test_message ("%s", text);
  g_test_fail ();
}

/* What scrolls sideways may be wider, and says so by its scroll bar. */
static gboolean
scrolls_sideways (GtkWidget *widget)
{
  GtkWidget *scrolled = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  GtkPolicyType policy;

  if (scrolled == NULL)
    return FALSE;

  gtk_scrolled_window_get_policy (GTK_SCROLLED_WINDOW (scrolled), &policy, NULL);
  return policy != GTK_POLICY_NEVER &&
         gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (scrolled)) != NULL &&
         gtk_widget_get_width (gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (scrolled))) >
             gtk_widget_get_width (scrolled);
}

static void
check_label (Check *check, GtkLabel *label)
{
  GtkWidget *widget = GTK_WIDGET (label);
  PangoLayout *layout = gtk_label_get_layout (label);
  const char *text = gtk_label_get_text (label);
  int needed = 0;
  int width = gtk_widget_get_width (widget);
  graphene_rect_t bounds;

  pango_layout_get_pixel_size (layout, &needed, NULL);
  if (gtk_label_get_ellipsize (label) == PANGO_ELLIPSIZE_NONE && needed > width)
    complain ("%s: “%s” needs %d and has %d", check->where, text, needed, width);
  if (pango_layout_is_ellipsized (layout) && gtk_widget_get_ancestor (widget, GTK_TYPE_BUTTON))
    complain ("%s: “%s” is cut off in its button", check->where, text);

  if (*text != '\0' && !scrolls_sideways (widget) &&
      gtk_widget_compute_bounds (widget, check->window, &bounds) &&
      (bounds.origin.x < -0.5f || bounds.origin.x + bounds.size.width > WIDTH + 0.5f))
    complain ("%s: “%s” lies from %g to %g", check->where, text, bounds.origin.x,
              bounds.origin.x + bounds.size.width);
}

static int
get_needed_width (GtkWidget *widget)
{
  int needed;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &needed, NULL, NULL, NULL);
  return needed;
}

/* The innermost widgets that do not fit, for those around them follow. */
static gboolean
check_width (Check *check, GtkWidget *widget)
{
  gboolean told = FALSE;

  if (!gtk_widget_get_mapped (widget) || GTK_IS_NATIVE (widget) ||
      get_needed_width (widget) <= WIDTH)
    return FALSE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    told |= check_width (check, child);
  if (!told)
    complain ("%s: a %s needs %d", check->where, G_OBJECT_TYPE_NAME (widget),
              get_needed_width (widget));

  return TRUE;
}

static void
check_below (Check *check, GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (gtk_widget_get_direction (widget) != GTK_TEXT_DIR_RTL && !GTK_IS_TEXT (widget) &&
      !gtk_widget_has_css_class (widget, "diff") && !gtk_widget_has_css_class (widget, "log"))
    complain ("%s: a %s from left to right", check->where, G_OBJECT_TYPE_NAME (widget));
  /* What has breakpoints says that it needs nothing. */
  if (gtk_widget_get_parent (widget) != NULL &&
      ADW_IS_BREAKPOINT_BIN (gtk_widget_get_parent (widget)))
    check_width (check, widget);
  if (GTK_IS_LABEL (widget))
    check_label (check, GTK_LABEL (widget));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_below (check, child);
}

static gboolean
pause_over_cb (gpointer data)
{
  *(gboolean *) data = TRUE;

  return G_SOURCE_REMOVE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

/* Layouts follow each other until nothing changes any more. */
static void
look (GuiFixture *fixture, const char *where)
{
  Check check = { GTK_WIDGET (fixture->window), where };
  gboolean over = FALSE;

  g_timeout_add (250, pause_over_cb, &over);
  gui_wait (is_true, &over);
  if (gtk_widget_get_width (check.window) != WIDTH)
    complain ("%s: the window is %d wide", where, gtk_widget_get_width (check.window));
  check_below (&check, check.window);
}

static gboolean
is_not_busy (gpointer plugin)
{
  return plug_rb_plugin_get_n_snapshots (plugin) > 0 && !plug_rb_plugin_get_busy (plugin);
}

static void
open_narrow (GuiFixture *fixture)
{
  gui_reset_user ();
  /* With the borders that there are without a compositor. */
  scratch_set (STATE "window-width", "370");
  scratch_set (STATE "window-height", "640");
  scratch_install_sample (1);
}

static void
close_dialog (GuiFixture *fixture)
{
  adw_dialog_force_close (
      adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (fixture->window)));
  gui_wait_no_dialog (fixture);
}

static void
set_up (GuiFixture *fixture, gconstpointer data)
{
  open_narrow (fixture);
  gui_open (fixture);
  plug_rb_window_open_plugin (fixture->window, SAMPLE_KEY);
}

static void
set_up_snapshot (GuiFixture *fixture, gconstpointer data)
{
  set_up (fixture, data);
  gui_activate (fixture->window, "win.take-snapshot", NULL);
  gui_wait (is_not_busy, gui_get_sample (fixture));
  scratch_install_sample (2);
  gui_refresh (fixture);
}

static char *
dup_snapshot (GuiFixture *fixture)
{
  g_autoptr(PlugRbSnapshot) snapshot =
      g_list_model_get_item (plug_rb_manager_get_snapshots (fixture->manager), 0);

  return g_strdup (plug_rb_snapshot_get_id (snapshot));
}

static void
test_welcome (void)
{
  GuiFixture fixture;

  open_narrow (&fixture);
  gui_open_as_is (&fixture);
  look (&fixture, "welcome");
  gui_tear_down (&fixture, NULL);
}

static void
test_empty (void)
{
  GuiFixture fixture;

  open_narrow (&fixture);
  scratch_run (
      (const char *[]) { "bash", "-c", "rm -r \"$XDG_DATA_HOME\"/gnome-shell/extensions", NULL });
  gui_open (&fixture);
  look (&fixture, "no plugins");
  gui_tear_down (&fixture, NULL);
}

static gboolean
shows_name (gpointer window)
{
  return gui_find (window, GTK_TYPE_INSCRIPTION, "text", "\u200f\u2068Sample\u2069") != NULL;
}

/* An inscription begins a line at the side of its first letter. */
static void
test_names (GuiFixture *fixture, gconstpointer data)
{
  gui_activate (fixture->window, "win.back", NULL);
  gui_wait (shows_name, fixture->window);
  look (fixture, "names");
}

/* What became of something, and the tasks. */
static void
test_activity (GuiFixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) operation =
      g_list_model_get_item (plug_rb_manager_get_operations (fixture->manager), 0);

  gui_activate (fixture->window, "win.show-activity", "s", plug_rb_operation_get_id (operation));
  look (fixture, "activity");
}

/* Before a package is installed: this one is none. */
static void
test_install (GuiFixture *fixture, gconstpointer data)
{
  g_autoptr(GFile) file = g_file_new_build_filename (g_get_home_dir (), "sample.tar", NULL);
  g_autoptr(GFile) folder = g_file_new_build_filename (g_get_home_dir (), "packed", NULL);

  scratch_run ((const char *[]) { "bash", "-ec",
                                  "cd \"$HOME\"; tar cf sample.tar -C "
                                  "\"$XDG_DATA_HOME\"/gnome-shell/extensions/sample@example.org "
                                  ".",
                                  NULL });
  plug_rb_window_install (fixture->window, file);
  gui_wait_dialog (fixture);
  look (fixture, "install");
  close_dialog (fixture);
  plug_rb_window_install (fixture->window, folder);
  gui_wait_dialog (fixture);
  look (fixture, "install what is not there");
  close_dialog (fixture);
}

static void
test_pages (GuiFixture *fixture, gconstpointer data)
{
  look (fixture, "plugin");
  gui_activate (fixture->window, "win.show-place", "s", "all");
  look (fixture, "all snapshots");
  gui_activate (fixture->window, "win.show-place", "s", "history");
  look (fixture, "history");
  gui_activate (fixture->window, "win.back", NULL);
  look (fixture, "sidebar");
}

static void
test_no_snapshots (GuiFixture *fixture, gconstpointer data)
{
  look (fixture, "no snapshots");
  gui_activate (fixture->window, "win.show-place", "s", "all");
  look (fixture, "all snapshots, none");
  gui_activate (fixture->window, "win.show-place", "s", "history");
  look (fixture, "history, none");
}

static void
test_snapshot_page (GuiFixture *fixture, gconstpointer data)
{
  g_autofree char *id = dup_snapshot (fixture);

  gui_activate (fixture->window, "win.details", "s", id);
  look (fixture, "snapshot");
}

static void
test_compare (GuiFixture *fixture, gconstpointer data)
{
  gui_activate (fixture->window, "win.compare-latest", NULL);
  look (fixture, "comparison");
}

static void
test_preview (GuiFixture *fixture, gconstpointer data)
{
  g_autofree char *id = dup_snapshot (fixture);

  gui_activate (fixture->window, "win.roll-back", "s", id);
  gui_wait_dialog (fixture);
  look (fixture, "preview");
  close_dialog (fixture);
}

static void
test_preferences (GuiFixture *fixture, gconstpointer data)
{
  AdwPreferencesDialog *dialog;

  plug_rb_window_show_preferences (fixture->window, NULL);
  dialog = ADW_PREFERENCES_DIALOG (gui_wait_dialog (fixture));
  look (fixture, "preferences");
  adw_preferences_dialog_set_visible_page_name (dialog, "programs");
  look (fixture, "preferences, programs");
  adw_preferences_dialog_set_visible_page_name (dialog, "storage");
  look (fixture, "preferences, storage");
  close_dialog (fixture);
  gui_activate (fixture->window, "win.plugin-policy", NULL);
  gui_wait_dialog (fixture);
  look (fixture, "preferences of a plugin");
  close_dialog (fixture);
}

static void
test_dialogs (GuiFixture *fixture, gconstpointer data)
{
  gui_activate (fixture->window, "win.clean-up", NULL);
  gui_wait_dialog (fixture);
  look (fixture, "clean up");
  close_dialog (fixture);
  gui_activate (fixture->window, "win.roll-back-host", "s", "");
  gui_wait_dialog (fixture);
  look (fixture, "moments");
  close_dialog (fixture);
}

static void
test_demo (GuiFixture *fixture, gconstpointer data)
{
  adw_dialog_present (ADW_DIALOG (plug_rb_demo_new ()), GTK_WIDGET (fixture->window));
  look (fixture, "demo");
  close_dialog (fixture);
}

static void
add (const char *path,
     void (*prepare) (GuiFixture *, gconstpointer),
     void (*test) (GuiFixture *, gconstpointer))
{
  g_test_add (path, GuiFixture, NULL, prepare, test, gui_tear_down);
}

static void
add_tests (void)
{
  /* libadwaita warns of the window, where the tests name the widget. */
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  g_object_set (gtk_settings_get_default (), "gtk-decoration-layout", ":close", NULL);
  g_assert_cmpint (gtk_widget_get_default_direction (), ==, GTK_TEXT_DIR_RTL);
  g_test_add_func ("/direction/welcome", test_welcome);
  g_test_add_func ("/direction/empty", test_empty);
  add ("/direction/no-snapshots", set_up, test_no_snapshots);
  add ("/direction/pages", set_up_snapshot, test_pages);
  add ("/direction/names", set_up, test_names);
  add ("/direction/activity", set_up_snapshot, test_activity);
  add ("/direction/install", set_up, test_install);
  add ("/direction/snapshot", set_up_snapshot, test_snapshot_page);
  add ("/direction/compare", set_up_snapshot, test_compare);
  add ("/direction/preview", set_up_snapshot, test_preview);
  add ("/direction/preferences", set_up, test_preferences);
  add ("/direction/dialogs", set_up_snapshot, test_dialogs);
  add ("/direction/demo", set_up, test_demo);
}

int
main (int argc, char *argv[])
{
  return gui_run (argc, argv, add_tests);
}
