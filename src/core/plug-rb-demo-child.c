/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-demo-child.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "plug-rb-demo-disk.h"
#include "plug-rb-demo-events.h"
#include "plug-rb-demo-host.h"
#include "plug-rb-demo-picture.h"
#include "plug-rb-demo-plugin.h"
#include "plug-rb-engine-install.h"
#include "plug-rb-enum-types.h"
#include "plug-rb-error.h"
#include "plug-rb-json.h"
#include "plug-rb-policy-file.h"
#include "plug-rb-step.h"
#include "plug-rb-transaction.h"

/* OPTION ACTION SCENARIO START */
#define N_ARGUMENTS 5

/* What the process is killed at: all files are ready, none is in its place. */
#define KILL_POINT "staged"

typedef struct {
  PlugRbDemoScenario scenario;
  char *plugins;
  char *settings;
  PlugRbEngine *engine;
  PlugRbHost *host;
  PlugRbOperation *operation;
} Child;

static Child child;

static void
take_picture (const char *which)
{
  plug_rb_demo_events_send (which, "picture",
                            plug_rb_demo_picture_take (child.host, child.plugins, child.settings));
}

/* ---- before */

/* The first thing, while there is one thread. */
static void
make_disk (void)
{
  const char *home = g_get_home_dir ();

  if (child.scenario != PLUG_RB_DEMO_DISK_FULL)
    return;

  if (plug_rb_demo_disk_mount (home)) {
    plug_rb_demo_events_log (_("The demo program lies on a disk of 4 MB"));
  } else {
    plug_rb_demo_disk_limit ();
    plug_rb_demo_events_log (_("This system lets nobody make a small disk: "
                               "no file may become larger than 2 MB instead"));
  }
}

static gboolean
copy_policy (GError **error)
{
  g_autofree char *path =
      g_build_filename (plug_rb_engine_get_store_path (child.engine), PLUG_RB_POLICY_FILE, NULL);
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (PLUG_RB_POLICY_FILE, &text, &length, NULL))
    return TRUE;

  return g_file_set_contents (path, text, (gssize) length, error);
}

static gboolean
open_engine (GError **error)
{
  return plug_rb_demo_host_start (child.plugins, child.settings, error) &&
         (child.engine = plug_rb_engine_open (NULL, error)) &&
         (child.host = plug_rb_engine_get_host (child.engine, PLUG_RB_DEMO_HOST, error));
}

/* ---- installing */

static const char *
find_running_step (JsonObject *operation)
{
  JsonArray *steps = plug_rb_json_get_array (operation, "steps");

  for (guint i = json_array_get_length (steps); i > 0; i--) {
    JsonObject *step = json_array_get_object_element (steps, i - 1);

    if (g_strcmp0 (plug_rb_json_get_string (step, "status"), "running") == 0)
      return plug_rb_json_get_string (step, "name");
  }

  return "restore-files";
}

static void
die_at (const char *name)
{
  JsonObject *json;

  if (!g_str_equal (name, KILL_POINT))
    return;

  plug_rb_demo_events_look ();
  json = plug_rb_operation_to_json (child.operation);
  plug_rb_demo_events_killed (find_running_step (json));
  raise (SIGKILL);
}

/* A package that cannot be opened is no operation of the engine's. */
static void
fail_package (const GError *error)
{
  plug_rb_operation_begin_step (child.operation, "check");
  plug_rb_operation_end_step (child.operation, PLUG_RB_STEP_STATUS_FAILED, error->message);
  plug_rb_operation_finish (child.operation, PLUG_RB_STATUS_FAILED, error);
}

/* Where the policy does not take it back, it is tried after all that the operation tells of. */
static void
tell_unhealthy (const GError *error)
{
  JsonObject *json = plug_rb_operation_to_json (child.operation);
  JsonArray *steps = plug_rb_json_get_array (json, "steps");
  JsonObject *cause = json_object_new ();

  for (guint i = 0; i < json_array_get_length (steps); i++) {
    JsonObject *step = json_array_get_object_element (steps, i);

    if (g_strcmp0 (plug_rb_json_get_string (step, "name"), "health") == 0) {
      json_object_set_string_member (step, "status", "failed");
      json_object_set_string_member (step, "message", error->message);
    }
  }
  json_object_set_string_member (cause, "code", plug_rb_error_get_name (error));
  json_object_set_string_member (cause, "message", error->message);
  json_object_set_object_member (json, "error", cause);

  plug_rb_demo_events_log ("%s", error->message);
  plug_rb_demo_events_send ("operation", "operation", json);
}

static void
install (const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPackage) package =
      plug_rb_engine_open_package (child.engine, path, PLUG_RB_DEMO_HOST, NULL, &error);

  if (package == NULL)
    fail_package (error);
  else
    plug_rb_engine_install (child.engine, package, PLUG_RB_INSTALL_NONE, child.operation, NULL,
                            &error);

  plug_rb_demo_events_leave ();
  if (error != NULL && plug_rb_operation_get_error (child.operation) == NULL)
    tell_unhealthy (error);
}

static gboolean
run_install (GError **error)
{
  g_autofree char *path = g_canonicalize_filename (PLUG_RB_DEMO_PACKAGE_FILE, NULL);

  make_disk ();
  if (!plug_rb_demo_plugin_set_up (child.plugins, child.settings, error) || !open_engine (error) ||
      !copy_policy (error))
    return FALSE;

  take_picture ("before");
  plug_rb_demo_events_log (_("Version 1.0 works. Installing “%s”"), PLUG_RB_DEMO_PACKAGE_FILE);
  if (child.scenario == PLUG_RB_DEMO_KILL)
    plug_rb_transaction_set_checkpoint (die_at);

  child.operation = plug_rb_operation_new (PLUG_RB_KIND_INSTALL);
  plug_rb_demo_events_follow (child.operation);
  install (path);
  take_picture ("after");

  return TRUE;
}

/* ---- recovering */

static const char *
get_direction (PlugRbDirection direction)
{
  switch (direction) {
  case PLUG_RB_DIRECTION_FORWARD:
    return _("Recovered: what was begun is finished");
  case PLUG_RB_DIRECTION_BACK:
    return _("Recovered: what was begun is taken back");
  case PLUG_RB_DIRECTION_NONE:
  default:
    return _("Recovered: nothing had been changed");
  }
}

static gboolean
tell_outcome (const char *id, GError **error)
{
  g_autoptr(GPtrArray) operations = plug_rb_engine_list_operations (child.engine, NULL, error);

  for (guint i = 0; operations != NULL && i < operations->len; i++)
    if (g_str_equal (plug_rb_operation_get_id (operations->pdata[i]), id))
      plug_rb_demo_events_send ("operation", "operation",
                                plug_rb_operation_to_json (operations->pdata[i]));

  return operations != NULL;
}

static gboolean
run_recover (GError **error)
{
  g_autoptr(GPtrArray) recovered = NULL;

  if (!open_engine (error) || !(recovered = plug_rb_engine_recover (child.engine, NULL, error)))
    return FALSE;

  for (guint i = 0; i < recovered->len; i++) {
    const PlugRbRecovery *recovery = recovered->pdata[i];

    plug_rb_demo_events_log ("%s", get_direction (recovery->direction));
    if (!tell_outcome (recovery->operation, error))
      return FALSE;
  }
  take_picture ("after");

  return TRUE;
}

/* ---- */

/**
 * plug_rb_demo_is_child:
 *
 * Returns: whether this process was started by plug_rb_demo_run() to be what is shown; then
 *   plug_rb_demo_child_main() is all that it has to do
 */
gboolean
plug_rb_demo_is_child (int argc, char *argv[])
{
  return argc == N_ARGUMENTS && g_str_equal (argv[1], PLUG_RB_DEMO_CHILD_OPTION);
}

/**
 * plug_rb_demo_child_main:
 *
 * Plays a demo. Its home and the current folder are the demo's own.
 *
 * Returns: the exit status of the process
 */
int
plug_rb_demo_child_main (int argc, char *argv[])
{
  gboolean recovers = g_str_equal (argv[2], "recover");
  g_autoptr(GError) error = NULL;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (!plug_rb_demo_scenario_find (argv[3], &child.scenario))
    return EXIT_FAILURE;

  plug_rb_demo_events_begin (g_ascii_strtoll (argv[4], NULL, 10));
  child.plugins = g_build_filename (g_get_user_data_dir (), "demo", "plugins", NULL);
  child.settings = g_build_filename (g_get_user_config_dir (), "demo", "settings.ini", NULL);
  if (!(recovers ? run_recover (&error) : run_install (&error)))
    g_printerr ("%s\n", error->message);

  g_clear_object (&child.operation);
  g_clear_object (&child.engine);
  g_free (child.plugins);
  g_free (child.settings);

  return error ? EXIT_FAILURE : EXIT_SUCCESS;
}
