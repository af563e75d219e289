/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-demo.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>

#include "plug-rb-demo-child.h"
#include "plug-rb-demo-host.h"
#include "plug-rb-demo-picture.h"
#include "plug-rb-demo-plugin.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-json.h"
#include "plug-rb-policy-file.h"
#include "plug-rb-step.h"

/* One demo, in a folder that goes with it. */
typedef struct {
  PlugRbDemoReport *report;
  PlugRbDemoFunc func;
  gpointer user_data;
  GCancellable *cancellable;
  char *folder;
  gint64 start;
} Run;

static void
run_clear (Run *self)
{
  if (self->folder != NULL)
    plug_rb_fs_remove_path (self->folder, NULL);

  g_clear_pointer (&self->report, plug_rb_demo_report_free);
  g_free (self->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* ---- what is told */

static void
keep (JsonObject **place, JsonObject *event, const char *member)
{
  JsonObject *object = plug_rb_json_get_object (event, member);

  if (object == NULL)
    return;

  g_clear_pointer (place, json_object_unref);
  *place = json_object_ref (object);
}

static void
keep_log (Run *self, JsonObject *event)
{
  JsonObject *line = json_object_new ();

  json_object_set_double_member (line, "time", plug_rb_json_get_double (event, "time", 0));
  plug_rb_json_set_string (line, "text", plug_rb_json_get_string (event, "text"));
  json_array_add_object_element (self->report->log, line);
}

static void
take_event (Run *self, JsonObject *event)
{
  const char *name = plug_rb_json_get_string (event, "event");

  if (g_strcmp0 (name, "log") == 0) {
    keep_log (self, event);
  } else if (g_strcmp0 (name, "operation") == 0) {
    keep (&self->report->operation, event, "operation");
  } else if (g_strcmp0 (name, "before") == 0) {
    keep (&self->report->before, event, "picture");
  } else if (g_strcmp0 (name, "after") == 0) {
    keep (&self->report->after, event, "picture");
  } else if (g_strcmp0 (name, "killed") == 0) {
    g_free (self->report->killed_at);
    self->report->killed_at = g_strdup (plug_rb_json_get_string (event, "step"));
  }

  if (self->func != NULL)
    self->func (event, self->user_data);
}

static void
add_log (Run *self, const char *text)
{
  g_autoptr(JsonObject) event = json_object_new ();
  double time = (double) (g_get_monotonic_time () - self->start) / G_USEC_PER_SEC;

  json_object_set_string_member (event, "event", "log");
  json_object_set_double_member (event, "time", time);
  json_object_set_string_member (event, "text", text);
  take_event (self, event);
}

/* ---- the process that is shown */

static void
set_folder (GSubprocessLauncher *launcher, Run *self, const char *variable, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_subprocess_launcher_setenv (launcher, variable, path, TRUE);
}

/* All folders of the user are the demo's own, so that nothing else can be found. They are where
 * they are without a variable, because inside Flatpak those are not believed. */
static GSubprocessLauncher *
make_launcher (Run *self)
{
  static const char *const unset[] = { "HOST_XDG_CONFIG_HOME",     "HOST_XDG_DATA_HOME",
                                       "HOST_XDG_CACHE_HOME",      "HOST_XDG_STATE_HOME",
                                       "DBUS_SESSION_BUS_ADDRESS", "DCONF_USER_CONFIG_DIR" };
  GSubprocessLauncher *launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);

  g_subprocess_launcher_set_cwd (launcher, self->folder);
  set_folder (launcher, self, "HOME", "home");
  set_folder (launcher, self, "XDG_DATA_HOME", "home/.local/share");
  set_folder (launcher, self, "XDG_CONFIG_HOME", "home/.config");
  set_folder (launcher, self, "XDG_CACHE_HOME", "home/.cache");
  set_folder (launcher, self, "XDG_STATE_HOME", "home/.local/state");
  set_folder (launcher, self, "XDG_RUNTIME_DIR", "home/run");
  set_folder (launcher, self, "PLUGRB_HOSTS_DIR", "hosts");
  for (gsize i = 0; i < G_N_ELEMENTS (unset); i++)
    g_subprocess_launcher_unsetenv (launcher, unset[i]);

  return launcher;
}

static gboolean
read_events (Run *self, GInputStream *output, GError **error)
{
  g_autoptr(GDataInputStream) lines = g_data_input_stream_new (output);
  g_autoptr(GError) cause = NULL;
  g_autofree char *line = NULL;

  while ((line = g_data_input_stream_read_line (lines, NULL, self->cancellable, &cause)) != NULL) {
    g_autoptr(JsonObject) event = plug_rb_json_parse (line, -1, NULL);

    if (event != NULL)
      take_event (self, event);
    g_free (line);
  }
  if (cause == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean
check_end (Run *self, GSubprocess *process, GError **error)
{
  if (g_subprocess_get_if_exited (process) && g_subprocess_get_exit_status (process) == 0)
    return TRUE;
  if (g_subprocess_get_if_signaled (process) && g_subprocess_get_term_sig (process) == SIGKILL &&
      self->report->killed_at != NULL && self->report->after == NULL)
    return TRUE;

  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_FAILED,
                       _("The demo could not be played to its end"));
  return FALSE;
}

static gboolean
run_child (Run *self, const char *action, GError **error)
{
  g_autoptr(GSubprocessLauncher) launcher = make_launcher (self);
  g_autofree char *start = g_strdup_printf ("%" G_GINT64_FORMAT, self->start);
  g_autoptr(GSubprocess) process = g_subprocess_launcher_spawn (
      launcher, error, "/proc/self/exe", PLUG_RB_DEMO_CHILD_OPTION, action,
      plug_rb_demo_scenario_get_name (self->report->scenario), start, NULL);
  gboolean read;

  if (process == NULL)
    return FALSE;

  read = read_events (self, g_subprocess_get_stdout_pipe (process), error);
  if (!read)
    g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);

  return read && check_end (self, process, error);
}

/* ---- */

static gboolean
copy_policy (Run *self, const char *from, GError **error)
{
  g_autofree char *path = from ? g_build_filename (from, PLUG_RB_POLICY_FILE, NULL) : NULL;
  g_autofree char *copy = g_build_filename (self->folder, PLUG_RB_POLICY_FILE, NULL);
  g_autofree char *text = NULL;
  gsize length;

  if (path == NULL || !g_file_get_contents (path, &text, &length, NULL))
    return TRUE;

  return g_file_set_contents (copy, text, (gssize) length, error);
}

static gboolean
make_folder (Run *self, const char *policy_folder, GError **error)
{
  g_autofree char *home = NULL;
  g_autofree char *hosts = NULL;
  g_autofree char *package = NULL;

  if (!(self->folder = g_dir_make_tmp ("plugrb-demo-XXXXXX", error)))
    return FALSE;

  home = g_build_filename (self->folder, "home", NULL);
  hosts = g_build_filename (self->folder, "hosts", NULL);
  package = g_build_filename (self->folder, PLUG_RB_DEMO_PACKAGE_FILE, NULL);
  g_mkdir (home, 0700);
  g_mkdir (hosts, 0700);

  return copy_policy (self, policy_folder, error) &&
         plug_rb_demo_host_write_description (hosts, error) &&
         plug_rb_demo_plugin_write_package (self->report->scenario, package, error);
}

static gboolean
recover (Run *self, GError **error)
{
  g_autoptr(PlugRbStep) step = plug_rb_step_new (self->report->killed_at);
  g_autofree char *text =
      g_strdup_printf (_("Process killed at: %s"), plug_rb_step_get_title (step));

  add_log (self, text);
  return run_child (self, "recover", error);
}

static void
add_edit (GPtrArray *edits, const char *key, gboolean value)
{
  g_autofree char *group = plug_rb_policy_dup_group (NULL);
  g_autoptr(GVariant) variant = g_variant_ref_sink (g_variant_new_boolean (value));

  g_ptr_array_add (edits, plug_rb_policy_edit_new (group, key, variant));
}

/**
 * plug_rb_demo_write_policy:
 * @folder: for plug_rb_demo_run()
 * @rolls_back: whether what does not work is rolled back by itself
 *
 * Writes the policy with which a demo begins.
 */
gboolean
plug_rb_demo_write_policy (const char *folder, gboolean rolls_back, GError **error)
{
  g_autoptr(GPtrArray) edits = plug_rb_policy_edits_new ();

  add_edit (edits, "auto-rollback-on-failure", rolls_back);

  return plug_rb_policy_file_edit (folder, edits, error);
}

/**
 * plug_rb_demo_run:
 * @policy_folder: (nullable): folder with the `policy.ini` that counts in the demo; %NULL for none
 * @func: (nullable): told what happens, in this thread
 *
 * Plays a scenario: blocks until it is over and nothing is left of it. The program that calls it
 * must hand over to plug_rb_demo_child_main() when it is started for that.
 *
 * Returns: (transfer full): what was shown, or %NULL if that was not possible
 */
PlugRbDemoReport *
plug_rb_demo_run (PlugRbDemoScenario scenario,
                  const char *policy_folder,
                  PlugRbDemoFunc func,
                  gpointer user_data,
                  GCancellable *cancellable,
                  GError **error)
{
  g_auto(Run) self = { .func = func,
                       .user_data = user_data,
                       .cancellable = cancellable,
                       .start = g_get_monotonic_time () };
  g_autofree char *result = NULL;

  self.report = g_new0 (PlugRbDemoReport, 1);
  self.report->scenario = scenario;
  self.report->log = json_array_new ();
  if (!make_folder (&self, policy_folder, error) || !run_child (&self, "install", error))
    return NULL;
  if (self.report->killed_at != NULL && !recover (&self, error))
    return NULL;
  if (self.report->before == NULL || self.report->after == NULL) {
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_FAILED,
                         _("The demo could not be played to its end"));
    return NULL;
  }

  self.report->verdict = plug_rb_demo_picture_compare (self.report->before, self.report->after);
  result = plug_rb_demo_report_dup_result (self.report);
  add_log (&self, result);

  return g_steal_pointer (&self.report);
}
