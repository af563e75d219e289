/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "gui.h"

#include "../core/scratch.h"

#define PATIENCE 20

/* --- time */

void
gui_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

void
gui_wait_until (const char *where, GuiCheck check, gpointer data)
{
  gint64 end = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC;
  guint source = g_timeout_add (20, wake_cb, NULL);

  while (!check (data) && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);

  if (!check (data))
    g_error ("%s: waited in vain", where);
}

void
gui_activate (gpointer widget, const char *action, const char *format, ...)
{
  g_autoptr(GVariant) parameter = NULL;
  va_list args;

  va_start (args, format);
  if (format != NULL)
    parameter = g_variant_ref_sink (g_variant_new_va (format, NULL, &args));
  va_end (args);

  if (!gtk_widget_activate_action_variant (GTK_WIDGET (widget), action, parameter))
    g_error ("there is no action %s", action);
}

/* --- looking for widgets, of which only those that are mapped count */

static gboolean
fits (GtkWidget *widget, GType type, const char *property, const char *text)
{
  g_autofree char *value = NULL;

  if (!gtk_widget_get_mapped (widget) || !g_type_is_a (G_OBJECT_TYPE (widget), type))
    return FALSE;
  if (property == NULL)
    return text == NULL || g_strcmp0 (gtk_label_get_text (GTK_LABEL (widget)), text) == 0;
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (widget), property) == NULL)
    return FALSE;

  g_object_get (widget, property, &value, NULL);
  return g_strcmp0 (value, text) == 0;
}

GtkWidget *
gui_find (gpointer root, GType type, const char *property, const char *text)
{
  if (fits (root, type, property, text))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = gui_find (child, type, property, text);

    if (found != NULL)
      return found;
  }

  return NULL;
}

gboolean
gui_says (gpointer root, const char *text)
{
  return gui_find (root, GTK_TYPE_LABEL, NULL, text) != NULL ||
         gui_find (root, GTK_TYPE_INSCRIPTION, "text", text) != NULL;
}

typedef struct {
  gpointer root;
  const char *text;
} Saying;

static gboolean
says (gpointer data)
{
  Saying *saying = data;

  return gui_says (saying->root, saying->text);
}

void
gui_wait_says (gpointer root, const char *text)
{
  Saying saying = { root, text };

  gui_wait_until (text, says, &saying);
}

static gboolean
has_ready_button (gpointer data)
{
  Saying *saying = data;
  GtkWidget *button = gui_find (saying->root, GTK_TYPE_BUTTON, "label", saying->text);

  return button != NULL && gtk_widget_is_sensitive (button);
}

void
gui_wait_button (gpointer root, const char *label)
{
  Saying saying = { root, label };

  gui_wait_until (label, has_ready_button, &saying);
}

static gboolean
has_dialog (gpointer window)
{
  return adw_application_window_get_visible_dialog (window) != NULL;
}

static gboolean
has_no_dialog (gpointer window)
{
  return !has_dialog (window);
}

AdwDialog *
gui_wait_dialog (GuiFixture *fixture)
{
  gui_wait (has_dialog, fixture->window);

  return adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (fixture->window));
}

void
gui_wait_no_dialog (GuiFixture *fixture)
{
  gui_wait (has_no_dialog, fixture->window);
}

const char *
gui_get_page (GuiFixture *fixture)
{
  GtkWidget *view = gui_find (fixture->window, ADW_TYPE_NAVIGATION_VIEW, NULL, NULL);

  return view != NULL ? adw_navigation_view_get_visible_page_tag (ADW_NAVIGATION_VIEW (view))
                      : NULL;
}

/* --- the user and the window */

void
gui_reset_user (void)
{
  static const char script[] =
      "chmod -R u+w \"$XDG_DATA_HOME\"; rm -rf \"$XDG_DATA_HOME\"/*; dconf reset -f /";

  scratch_run ((const char *[]) { "bash", "-c", script, NULL });
}

static gboolean
is_loaded (gpointer manager)
{
  return plug_rb_manager_get_state (manager) != PLUG_RB_MANAGER_STATE_LOADING;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gboolean *done = user_data;

  plug_rb_manager_load_finish (PLUG_RB_MANAGER (source), result, NULL);
  *done = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

void
gui_refresh (GuiFixture *fixture)
{
  gboolean done = FALSE;

  plug_rb_manager_load_async (fixture->manager, NULL, loaded_cb, &done);
  gui_wait (is_true, &done);
}

/* Whoever has answered the welcome sees it no more. */
void
gui_open (GuiFixture *fixture)
{
  gui_answer_welcome ();
  gui_open_as_is (fixture);
}

void
gui_answer_welcome (void)
{
  scratch_set ("/io/github/plugrb/PluginRollback/State/welcome-done", "true");
}

void
gui_open_as_is (GuiFixture *fixture)
{
  fixture->manager = plug_rb_manager_new (NULL);
  fixture->window = g_object_ref (plug_rb_window_new (NULL, fixture->manager));
  gtk_window_present (GTK_WINDOW (fixture->window));
  gui_refresh (fixture);
  gui_wait (is_loaded, fixture->manager);
}

PlugRbPlugin *
gui_get_sample (GuiFixture *fixture)
{
  PlugRbPlugin *plugin = plug_rb_manager_find_plugin (fixture->manager, SAMPLE_KEY);

  g_assert_nonnull (plugin);
  return plugin;
}

/* A user with version 1 of a plugin, which is open. */
void
gui_set_up (GuiFixture *fixture, gconstpointer data)
{
  gui_reset_user ();
  scratch_install_sample (1);
  scratch_set ("/org/gnome/shell/extensions/sample/speed", "1");
  gui_open (fixture);
  plug_rb_window_open_plugin (fixture->window, SAMPLE_KEY);
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

/* A frame that the compositor has not shown yet holds what is in it. */
static void
wait_finalized (const char *what, gpointer object)
{
  gpointer place = object;

  g_object_add_weak_pointer (object, &place);
  g_object_unref (object);
  gui_wait_until (what, is_gone, &place);
}

void
gui_tear_down (GuiFixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  wait_finalized ("the window is finalized", fixture->window);
  wait_finalized ("the manager is finalized", fixture->manager);
}

/* The compositor of the tests has no seat, so that no window is ever active. */
gboolean
gui_has_keyboard (void)
{
  return !g_str_has_prefix (G_OBJECT_TYPE_NAME (gdk_display_get_default ()), "GdkWayland");
}

int
gui_run (int argc, char *argv[], void (*add_tests) (void))
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);

  add_tests ();
  return g_test_run ();
}
