/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* From a package to a plugin and back, in the window. */

#include "gui.h"

#include "../core/scratch.h"
#include "plug-rb-install-dialog.h"
#include "plug-rb-plugin.h"

#define MANIFEST(version, shell)                                                                   \
  "{\"uuid\": \"sample@example.org\", \"name\": \"Sample\", \"description\": \"x\", "              \
  "\"version\": " version ", \"shell-version\": [\"" shell "\"]}"

static GFile *
make_package (const char *manifest)
{
  g_autofree char *path = g_build_filename (g_get_home_dir (), "sample.tar", NULL);

  scratch_run ((const char *[]) {
      "bash", "-ec",
      "d=$(mktemp -d); cd \"$d\"; printf %s \"$1\" >metadata.json; echo '// packed' >extension.js; "
      "tar cf \"$2\" metadata.json extension.js",
      "make", manifest, path, NULL });

  return g_file_new_for_path (path);
}

static AdwDialog *
open_package (GuiFixture *fixture, const char *manifest)
{
  g_autoptr(GFile) file = make_package (manifest);

  plug_rb_window_install (fixture->window, file);
  return gui_wait_dialog (fixture);
}

static gboolean
is_version_7 (gpointer plugin)
{
  return g_strcmp0 (plug_rb_plugin_get_version (plugin), "7") == 0;
}

static gboolean
is_version_1 (gpointer plugin)
{
  return g_strcmp0 (plug_rb_plugin_get_version (plugin), "1") == 0;
}

static gboolean
is_uninstalled (gpointer plugin)
{
  return !plug_rb_plugin_get_installed (plugin);
}

static void
test_update (GuiFixture *fixture, gconstpointer data)
{
  AdwDialog *dialog = open_package (fixture, MANIFEST ("7", "48"));

  gui_wait_says (dialog, "Install Sample?");
  gui_wait_says (dialog, "1 → 7");
  gui_wait_says (dialog, "Fits GNOME Shell");
  gui_wait_button (dialog, "_Update");
  gui_activate (dialog, "install.start", NULL);
  gui_wait_no_dialog (fixture);
  gui_wait (is_version_7, gui_get_sample (fixture));
  gui_wait_says (fixture->window, "Sample 7 installed");
  gui_activate (fixture->window, "win.undo", NULL);
  gui_wait (is_version_1, gui_get_sample (fixture));
  gui_wait_says (fixture->window, "Installation undone");
}

static void
test_older (GuiFixture *fixture, gconstpointer data)
{
  AdwDialog *dialog = open_package (fixture, MANIFEST ("0", "48"));

  gui_wait_button (dialog, "_Install Older Version");
}

static void
test_refused (GuiFixture *fixture, gconstpointer data)
{
  AdwDialog *dialog = open_package (fixture, "{");

  gui_wait_says (dialog, "Cannot Install sample.tar");
  gui_activate (dialog, "install.close", NULL);
  gui_wait_no_dialog (fixture);
}

/* A folder that says nothing of itself, until it is said for which program it is. */
static void
test_folder (GuiFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_get_home_dir (), "plain@example.org", NULL);
  g_autofree char *code = g_build_filename (path, "extension.js", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  AdwDialog *dialog;

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  g_assert_true (g_file_set_contents (code, "// code", -1, NULL));
  plug_rb_window_install (fixture->window, file);
  dialog = gui_wait_dialog (fixture);
  gui_wait_says (dialog, "Which Program Is It For?");
  gui_activate (dialog, "install.check", NULL);
  gui_wait_says (dialog, "Cannot Install plain@example.org");
}

/* A shell that says what it says of the sample. */
static GSubprocess *
run_shell (const char *state)
{
  g_autofree char *folder = g_build_filename (g_get_home_dir (), "fake-host", NULL);
  g_autofree char *known = g_build_filename (folder, "extensions.json", NULL);
  g_autofree char *program = g_test_build_filename (G_TEST_DIST, "tools", "fake-host.py", NULL);
  g_autofree char *text = g_strdup_printf (
      "{\"sample@example.org\": {\"state\": %s, \"version\": 7, \"error\": \"TypeError: no\"}}",
      state);
  g_autoptr(GError) error = NULL;
  g_autoptr(GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  GSubprocess *shell;

  g_mkdir_with_parents (folder, 0700);
  g_file_set_contents (known, text, -1, &error);
  g_assert_no_error (error);
  shell = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "org.gnome.Shell",
                            folder, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (shell));
  line = g_data_input_stream_read_line (output, NULL, NULL, NULL);
  g_assert_cmpstr (line, ==, "ready");

  return shell;
}

static void
stop_shell (GSubprocess *shell)
{
  g_subprocess_force_exit (shell);
  g_subprocess_wait (shell, NULL, NULL);
  g_object_unref (shell);
}

/* A version that failed is installed again only by someone who knows it. */
static void
test_failed_before (GuiFixture *fixture, gconstpointer data)
{
  GSubprocess *shell = run_shell ("3");
  AdwDialog *dialog = open_package (fixture, MANIFEST ("7", "48"));

  gui_wait_button (dialog, "_Update");
  gui_activate (dialog, "install.start", NULL);
  gui_wait_says (dialog, "Sample Failed and Was Rolled Back");
  gui_activate (dialog, "install.close", NULL);
  gui_wait_no_dialog (fixture);
  dialog = open_package (fixture, MANIFEST ("7", "48"));
  gui_wait_says (dialog, "This Version Failed Before");
  gui_wait_says (dialog,
                 "Version 7 of gnome-shell/sample@example.org failed before: TypeError: no");
  stop_shell (shell);
}

static void
test_does_not_fit (GuiFixture *fixture, gconstpointer data)
{
  GSubprocess *shell = run_shell ("1");
  AdwDialog *dialog = open_package (fixture, MANIFEST ("7", "3.38"));

  gui_wait_says (dialog, "Does Not Fit GNOME Shell");
  stop_shell (shell);
}

static void
test_fails (GuiFixture *fixture, gconstpointer data)
{
  GSubprocess *shell = run_shell ("3");
  AdwDialog *dialog = open_package (fixture, MANIFEST ("7", "48"));

  gui_wait_button (dialog, "_Update");
  adw_switch_row_set_active (
      ADW_SWITCH_ROW (gui_find (dialog, ADW_TYPE_SWITCH_ROW, "title", "Roll Back If It Fails")),
      data != NULL);
  gui_activate (dialog, "install.start", NULL);
  if (data != NULL) {
    gui_wait_says (dialog, "Sample Failed and Was Rolled Back");
    gui_wait (is_version_1, gui_get_sample (fixture));
  } else {
    gui_wait_says (dialog, "Sample Does Not Work");
    gui_wait_button (dialog, "_Keep Anyway");
    gui_activate (dialog, "install.roll-back", NULL);
    gui_wait (is_version_1, gui_get_sample (fixture));
  }
  stop_shell (shell);
}

static void
test_uninstall (GuiFixture *fixture, gconstpointer data)
{
  PlugRbPlugin *plugin = gui_get_sample (fixture);
  AdwDialog *dialog;

  gui_activate (fixture->window, "win.uninstall", "s", "");
  dialog = gui_wait_dialog (fixture);
  gui_wait_says (dialog, "Uninstall Sample?");
  g_signal_emit_by_name (dialog, "response", "uninstall");
  adw_dialog_force_close (dialog);
  gui_wait (is_uninstalled, plugin);
  gui_wait_says (fixture->window, "Sample uninstalled");
  gui_activate (fixture->window, "win.undo", NULL);
  gui_wait (is_version_1, plugin);
  gui_wait_says (fixture->window, "Uninstallation undone");
}

static void
add (const char *path, gconstpointer data, void (*test) (GuiFixture *, gconstpointer))
{
  g_test_add (path, GuiFixture, data, gui_set_up, test, gui_tear_down);
}

static void
add_tests (void)
{
  add ("/install/update", NULL, test_update);
  add ("/install/older", NULL, test_older);
  add ("/install/folder", NULL, test_folder);
  add ("/install/failed-before", NULL, test_failed_before);
  add ("/install/refused", NULL, test_refused);
  add ("/install/does-not-fit", NULL, test_does_not_fit);
  add ("/install/fails-and-stays", NULL, test_fails);
  add ("/install/fails-and-goes", "back", test_fails);
  add ("/install/uninstall", NULL, test_uninstall);
}

int
main (int argc, char *argv[])
{
  return gui_run (argc, argv, add_tests);
}
