/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-demo.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-json.h"
#include "plug-rb-step.h"

static const struct {
  const char *name;
  const char *title;
} scenarios[] = {
  [PLUG_RB_DEMO_SUCCESS] = { "success", N_("Success") },
  [PLUG_RB_DEMO_PACKAGE] = { "package", N_("Corrupt package") },
  [PLUG_RB_DEMO_HOST_VERSION] = { "host-version", N_("Wrong program version") },
  [PLUG_RB_DEMO_DEPENDENCY] = { "dependency", N_("Missing dependency") },
  [PLUG_RB_DEMO_HEALTH] = { "health", N_("Health check fails") },
  [PLUG_RB_DEMO_DISK_FULL] = { "disk-full", N_("Disk full") },
  [PLUG_RB_DEMO_KILL] = { "kill", N_("Killed in the middle") },
};

static const char *const verdicts[] = {
  [PLUG_RB_DEMO_AS_BEFORE] = "as-before",
  [PLUG_RB_DEMO_INSTALLED] = "installed",
  [PLUG_RB_DEMO_BROKEN] = "broken",
  [PLUG_RB_DEMO_OTHER] = "other",
};

/**
 * plug_rb_demo_scenario_get_name:
 *
 * Returns: its name on the command line, never translated
 */
const char *
plug_rb_demo_scenario_get_name (PlugRbDemoScenario scenario)
{
  return scenarios[scenario].name;
}

/**
 * plug_rb_demo_scenario_get_title:
 *
 * Returns: its name for people
 */
const char *
plug_rb_demo_scenario_get_title (PlugRbDemoScenario scenario)
{
  return _(scenarios[scenario].title);
}

/**
 * plug_rb_demo_scenario_find:
 * @name: as on the command line
 * @scenario: (out): the scenario
 *
 * Returns: whether there is one of that name
 */
gboolean
plug_rb_demo_scenario_find (const char *name, PlugRbDemoScenario *scenario)
{
  for (guint i = 0; i < PLUG_RB_DEMO_N_SCENARIOS; i++)
    if (g_str_equal (scenarios[i].name, name)) {
      *scenario = (PlugRbDemoScenario) i;
      return TRUE;
    }

  return FALSE;
}

/**
 * plug_rb_demo_verdict_get_name:
 *
 * Returns: the word for it in JSON
 */
const char *
plug_rb_demo_verdict_get_name (PlugRbDemoVerdict verdict)
{
  return verdicts[verdict];
}

static const char *
get_result (const PlugRbDemoReport *self)
{
  switch (self->verdict) {
  case PLUG_RB_DEMO_AS_BEFORE:
    return self->killed_at ? _("Recovered: exactly as before") : _("Exactly as before");
  case PLUG_RB_DEMO_INSTALLED:
    return self->killed_at ? _("Recovered: version %s installed") : _("Version %s installed");
  case PLUG_RB_DEMO_BROKEN:
    return _("Version %s stays, broken");
  case PLUG_RB_DEMO_OTHER:
  default:
    return _("Neither as before nor version %s: this is a bug");
  }
}

/**
 * plug_rb_demo_report_dup_result:
 *
 * Returns: (transfer full): what became of the plugin, for people
 */
char *
plug_rb_demo_report_dup_result (const PlugRbDemoReport *self)
{
  g_auto(GStrv) halves = g_strsplit (get_result (self), "%s", 2);

  return halves[1] ? g_strconcat (halves[0], "2.0", halves[1], NULL) : g_strdup (halves[0]);
}

/**
 * plug_rb_demo_picture_count_files:
 *
 * Returns: how many files it has, without folders
 */
guint
plug_rb_demo_picture_count_files (JsonObject *picture)
{
  JsonArray *files = plug_rb_json_get_array (picture, "files");
  guint n = 0;

  for (guint i = 0; files != NULL && i < json_array_get_length (files); i++)
    if (plug_rb_json_get_string (json_array_get_object_element (files, i), "sha256") != NULL)
      n++;

  return n;
}

/**
 * plug_rb_demo_report_free:
 */
void
plug_rb_demo_report_free (PlugRbDemoReport *self)
{
  g_clear_pointer (&self->operation, json_object_unref);
  g_clear_pointer (&self->before, json_object_unref);
  g_clear_pointer (&self->after, json_object_unref);
  g_clear_pointer (&self->log, json_array_unref);
  g_free (self->killed_at);
  g_free (self);
}

static void
set_object (JsonObject *json, const char *member, JsonObject *object)
{
  if (object != NULL)
    json_object_set_object_member (json, member, json_object_ref (object));
  else
    json_object_set_null_member (json, member);
}

/**
 * plug_rb_demo_report_to_json:
 *
 * Returns: (transfer full): the operation, with what the demo has found out beside it
 */
JsonObject *
plug_rb_demo_report_to_json (const PlugRbDemoReport *self)
{
  JsonObject *json = self->operation ? json_object_ref (self->operation) : json_object_new ();

  json_object_set_string_member (json, "scenario", plug_rb_demo_scenario_get_name (self->scenario));
  json_object_set_string_member (json, "verdict", plug_rb_demo_verdict_get_name (self->verdict));
  plug_rb_json_set_string (json, "killed-at", self->killed_at);
  set_object (json, "before", self->before);
  set_object (json, "after", self->after);
  json_object_set_array_member (json, "log", json_array_ref (self->log));

  return json;
}
