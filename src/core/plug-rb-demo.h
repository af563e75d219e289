/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The installation demo: the real engine installs a sample plugin of a program that there is only
 * for this, in a temporary folder and in a process whose home that folder is. Nothing of the user's
 * is opened. */

/**
 * PlugRbDemoScenario:
 * @PLUG_RB_DEMO_SUCCESS: all goes well
 * @PLUG_RB_DEMO_PACKAGE: the package is damaged
 * @PLUG_RB_DEMO_HOST_VERSION: the new version is for a later version of the program
 * @PLUG_RB_DEMO_DEPENDENCY: the new version needs a plugin that is not there
 * @PLUG_RB_DEMO_HEALTH: the program cannot run the new version
 * @PLUG_RB_DEMO_DISK_FULL: there is no room for the new version
 * @PLUG_RB_DEMO_KILL: the process is killed in the middle
 *
 * What happens while version 2.0 is installed over version 1.0.
 */
typedef enum {
  PLUG_RB_DEMO_SUCCESS,
  PLUG_RB_DEMO_PACKAGE,
  PLUG_RB_DEMO_HOST_VERSION,
  PLUG_RB_DEMO_DEPENDENCY,
  PLUG_RB_DEMO_HEALTH,
  PLUG_RB_DEMO_DISK_FULL,
  PLUG_RB_DEMO_KILL,
} PlugRbDemoScenario;

#define PLUG_RB_DEMO_N_SCENARIOS (PLUG_RB_DEMO_KILL + 1)

/**
 * PlugRbDemoVerdict:
 * @PLUG_RB_DEMO_AS_BEFORE: files, settings and state are exactly as before
 * @PLUG_RB_DEMO_INSTALLED: version 2.0 is installed and works
 * @PLUG_RB_DEMO_BROKEN: version 2.0 is installed and does not work
 * @PLUG_RB_DEMO_OTHER: none of these, which must not be
 *
 * What became of the plugin, by comparing what lies on the disk before and after.
 */
typedef enum {
  PLUG_RB_DEMO_AS_BEFORE,
  PLUG_RB_DEMO_INSTALLED,
  PLUG_RB_DEMO_BROKEN,
  PLUG_RB_DEMO_OTHER,
} PlugRbDemoVerdict;

/**
 * PlugRbDemoReport:
 * @scenario: what was played
 * @verdict: what became of the plugin
 * @operation: (nullable): the operation, as in the JSON of the command line
 * @before: picture of the plugin: version, enabled, health, message, files, settings
 * @after: the same afterwards
 * @killed_at: (nullable): untranslated name of the step in which the process was killed
 * @log: what happened, objects with time (in seconds) and text
 *
 * What a demo has shown.
 */
typedef struct {
  PlugRbDemoScenario scenario;
  PlugRbDemoVerdict verdict;
  JsonObject *operation;
  JsonObject *before;
  JsonObject *after;
  char *killed_at;
  JsonArray *log;
} PlugRbDemoReport;

/**
 * PlugRbDemoFunc:
 * @event: what happened: its member "event" is "log" (with time and text), "operation" (with how
 *   the operation is now) or "killed" (with step)
 *
 * Called in the thread that runs the demo.
 */
typedef void (*PlugRbDemoFunc) (JsonObject *event, gpointer user_data);

const char *plug_rb_demo_scenario_get_name (PlugRbDemoScenario scenario);
const char *plug_rb_demo_scenario_get_title (PlugRbDemoScenario scenario);
gboolean plug_rb_demo_scenario_find (const char *name, PlugRbDemoScenario *scenario);
const char *plug_rb_demo_verdict_get_name (PlugRbDemoVerdict verdict);
char *plug_rb_demo_report_dup_result (const PlugRbDemoReport *self);
guint plug_rb_demo_picture_count_files (JsonObject *picture);
void plug_rb_demo_report_free (PlugRbDemoReport *self);
JsonObject *plug_rb_demo_report_to_json (const PlugRbDemoReport *self);

PlugRbDemoReport *plug_rb_demo_run (PlugRbDemoScenario scenario,
                                    const char *policy_folder,
                                    PlugRbDemoFunc func,
                                    gpointer user_data,
                                    GCancellable *cancellable,
                                    GError **error);

gboolean plug_rb_demo_write_policy (const char *folder, gboolean rolls_back, GError **error);

gboolean plug_rb_demo_is_child (int argc, char *argv[]);
int plug_rb_demo_child_main (int argc, char *argv[]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbDemoReport, plug_rb_demo_report_free)

G_END_DECLS
