/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-application.h"

#include <glib/gi18n.h>

#include "plug-rb-demo-dialog.h"
#include "plug-rb-manager.h"
#include "plug-rb-notifier.h"
#include "plug-rb-window.h"

struct _PlugRbApplication {
  AdwApplication parent_instance;

  char *store;
  PlugRbManager *manager;
  PlugRbNotifier *notifier;
  char *wanted; /* detailed action, to be done once all is loaded */
};

G_DEFINE_FINAL_TYPE (PlugRbApplication, plug_rb_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "store", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_("Work on the snapshots in another folder"),
    N_("DIR") },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Show the version and exit"), NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, NULL, NULL, N_("[PROGRAM/PLUGIN]") },
  { NULL },
};

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GError) error = NULL;

  /* The manager keeps the error, and the window shows it. */
  if (!plug_rb_manager_load_finish (PLUG_RB_MANAGER (source), result, &error))
    g_debug ("Loading failed: %s", error->message);
}

static PlugRbWindow *
present_window (PlugRbApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window == NULL)
    window = GTK_WINDOW (plug_rb_window_new (ADW_APPLICATION (self), self->manager));
  gtk_window_present (window);

  return PLUG_RB_WINDOW (window);
}

static void
open_plugin (PlugRbApplication *self, const char *key)
{
  plug_rb_window_open_plugin (present_window (self), key);
}

static void
open_plugin_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  plug_rb_notifier_withdraw_plugin (user_data, g_variant_get_string (parameter, NULL));
  open_plugin (user_data, g_variant_get_string (parameter, NULL));
}

/* ---- what notifications offer, maybe to a process that was started for it */

static void
do_wanted (PlugRbApplication *self)
{
  g_autofree char *wanted = NULL;
  g_autofree char *name = NULL;
  g_autoptr(GVariant) target = NULL;

  if (self->wanted == NULL ||
      plug_rb_manager_get_state (self->manager) == PLUG_RB_MANAGER_STATE_LOADING)
    return;

  wanted = g_steal_pointer (&self->wanted);
  if (g_action_parse_detailed_name (wanted, &name, &target, NULL))
    gtk_widget_activate_action_variant (GTK_WIDGET (present_window (self)), name, target);
}

static void
want (PlugRbApplication *self, const char *action, GVariant *target)
{
  g_free (self->wanted);
  self->wanted = g_action_print_detailed_name (action, target);
  present_window (self);
  do_wanted (self);
}

static void
operation_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gboolean undo = g_str_equal (g_action_get_name (G_ACTION (action)), "undo-operation");

  plug_rb_notifier_withdraw_operation (user_data, g_variant_get_string (parameter, NULL));
  want (user_data, undo ? "win.undo-operation" : "win.show-activity", parameter);
}

static void
roll_back_latest_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  const char *key = g_variant_get_string (parameter, NULL);

  plug_rb_notifier_withdraw_plugin (user_data, key);
  open_plugin (user_data, key);
  want (user_data, "win.roll-back-latest", parameter);
}

/* For file managers and scripts, by the bus. */
static void
install_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (g_variant_get_string (parameter, NULL));

  plug_rb_window_install (present_window (user_data), file);
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  plug_rb_window_show_preferences (present_window (user_data), NULL);
}

static void
demo_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  adw_dialog_present (ADW_DIALOG (plug_rb_demo_new ()), GTK_WIDGET (present_window (user_data)));
}

static char *
dup_debug_info (PlugRbApplication *self)
{
  return g_strdup_printf ("Plugin Rollback %s\nGTK %u.%u.%u\nlibadwaita %u.%u.%u\n",
                          PACKAGE_VERSION, gtk_get_major_version (), gtk_get_minor_version (),
                          gtk_get_micro_version (), adw_get_major_version (),
                          adw_get_minor_version (), adw_get_micro_version ());
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PlugRbApplication *self = user_data;
  AdwDialog *dialog = adw_about_dialog_new_from_appdata (
      "/io/github/plugrb/PluginRollback/metainfo.xml", PACKAGE_VERSION);
  g_autofree char *debug_info = dup_debug_info (self);

  adw_about_dialog_set_application_icon (ADW_ABOUT_DIALOG (dialog), APP_ID);
  adw_about_dialog_set_version (ADW_ABOUT_DIALOG (dialog), PACKAGE_VERSION);
  adw_about_dialog_set_debug_info (ADW_ABOUT_DIALOG (dialog), debug_info);
  adw_about_dialog_set_debug_info_filename (ADW_ABOUT_DIALOG (dialog), "plugin-rollback.txt");
  /* TRANSLATORS: put the names of the translators here, one a line */
  adw_about_dialog_set_translator_credits (ADW_ABOUT_DIALOG (dialog), _("translator-credits"));
  adw_dialog_present (dialog, GTK_WIDGET (present_window (self)));
}

/* A window with work under way asks before it closes, so each is closed as by its button. */
static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr(GList) windows = g_list_copy (gtk_application_get_windows (user_data));

  for (GList *window = windows; window != NULL; window = window->next)
    gtk_window_close (window->data);
}

static void
add_actions (PlugRbApplication *self)
{
  static const GActionEntry actions[] = {
    { .name = "about", .activate = about_action },
    { .name = "demo", .activate = demo_action },
    { .name = "install", .activate = install_action, .parameter_type = "s" },
    { .name = "open-activity", .activate = operation_action, .parameter_type = "s" },
    { .name = "open-plugin", .activate = open_plugin_action, .parameter_type = "s" },
    { .name = "preferences", .activate = preferences_action },
    { .name = "quit", .activate = quit_action },
    { .name = "roll-back-latest", .activate = roll_back_latest_action, .parameter_type = "s" },
    { .name = "undo-operation", .activate = operation_action, .parameter_type = "s" },
  };
  static const char *const accels[][2] = {
    { "app.preferences", "<Control>comma" },
    { "app.quit", "<Control>q" },
    { "win.install", "<Control>o" },
    { "win.next-plugin", "<Control>Page_Down" },
    { "win.previous-plugin", "<Control>Page_Up" },
    { "win.refresh", "F5" },
    { "win.roll-back-latest('')", "<Control>b" },
    { "win.roll-back-host('')", "<Control><Shift>b" },
    { "win.search", "<Control>f" },
    { "win.show-jobs", "<Control>j" },
    { "win.show-place('all')", "<Alt>1" },
    { "win.show-place('history')", "<Alt>2" },
    { "win.snapshot-all", "<Control><Shift>n" },
    { "win.take-snapshot", "<Control>n" },
    { "window.close", "<Control>w" },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  for (gsize i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i][0],
                                           (const char *const[]) { accels[i][1], NULL });
}

static void
plug_rb_application_startup (GApplication *application)
{
  PlugRbApplication *self = PLUG_RB_APPLICATION (application);

  G_APPLICATION_CLASS (plug_rb_application_parent_class)->startup (application);

  add_actions (self);
  self->manager = plug_rb_manager_new (self->store);
  self->notifier = plug_rb_notifier_new (application, self->manager);
  g_signal_connect_object (self->manager, "notify::state", G_CALLBACK (do_wanted), self,
                           G_CONNECT_SWAPPED);
  plug_rb_manager_load_async (self->manager, NULL, loaded_cb, NULL);
}

static void
plug_rb_application_activate (GApplication *application)
{
  present_window (PLUG_RB_APPLICATION (application));
}

/* In the first process, before it looks for another one that is already running. */
static int
plug_rb_application_handle_local_options (GApplication *application, GVariantDict *dict)
{
  PlugRbApplication *self = PLUG_RB_APPLICATION (application);

  if (g_variant_dict_contains (dict, "version")) {
    g_print ("plugin-rollback %s\n", PACKAGE_VERSION);
    return EXIT_SUCCESS;
  }

  /* Other snapshots, another instance: the one that runs shows its own. */
  if (g_variant_dict_lookup (dict, "store", "^ay", &self->store))
    g_application_set_flags (application,
                             g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);

  return -1;
}

static int
plug_rb_application_command_line (GApplication *application, GApplicationCommandLine *command_line)
{
  GVariantDict *dict = g_application_command_line_get_options_dict (command_line);
  g_autofree const char **keys = NULL;

  if (!g_variant_dict_lookup (dict, G_OPTION_REMAINING, "^a&s", &keys)) {
    g_application_activate (application);
    return EXIT_SUCCESS;
  }

  if (keys[1] != NULL) {
    g_application_command_line_printerr (command_line, "%s\n", _("Only one plugin can be opened"));
    return 2;
  }

  open_plugin (PLUG_RB_APPLICATION (application), keys[0]);
  return EXIT_SUCCESS;
}

static void
plug_rb_application_finalize (GObject *object)
{
  PlugRbApplication *self = PLUG_RB_APPLICATION (object);

  g_clear_pointer (&self->store, g_free);
  g_clear_pointer (&self->wanted, g_free);
  g_clear_object (&self->notifier);
  g_clear_object (&self->manager);

  G_OBJECT_CLASS (plug_rb_application_parent_class)->finalize (object);
}

static void
plug_rb_application_class_init (PlugRbApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = plug_rb_application_finalize;
  application_class->activate = plug_rb_application_activate;
  application_class->command_line = plug_rb_application_command_line;
  application_class->handle_local_options = plug_rb_application_handle_local_options;
  application_class->startup = plug_rb_application_startup;
}

static void
plug_rb_application_init (PlugRbApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_summary (
      G_APPLICATION (self), _("Bring back plugins, and their settings, that an update broke."));
}

PlugRbApplication *
plug_rb_application_new (void)
{
  return g_object_new (PLUG_RB_TYPE_APPLICATION, "application-id", APP_ID, "flags",
                       G_APPLICATION_HANDLES_COMMAND_LINE, "resource-base-path",
                       "/io/github/plugrb/PluginRollback", NULL);
}
