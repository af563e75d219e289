/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-policy-show.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-json.h"
#include "plug-rb-cli-table.h"
#include "plug-rb-json.h"

typedef enum {
  SOURCE_PLUGIN,
  SOURCE_HOST,
  SOURCE_ALL,
  SOURCE_DEFAULT,
} Source;

static const char *const source_names[] = { "plugin", "host", "all", "default" };

/* ---- what is in force, and why */

static gboolean
is_set_for (const PlugRbPolicyView *view, const char *scope, const PlugRbPolicyKey *key)
{
  g_autofree char *group = plug_rb_policy_dup_group (scope);
  g_autoptr(GVariant) value = plug_rb_policy_read_value (view->file, group, key);

  return value != NULL;
}

static Source
get_source (const PlugRbPolicyView *view, const PlugRbPolicyKey *key)
{
  g_autofree char *host = view->scope ? g_strndup (view->scope, strcspn (view->scope, "/")) : NULL;

  if (host != NULL && !g_str_equal (host, view->scope) && is_set_for (view, view->scope, key))
    return SOURCE_PLUGIN;
  if (host != NULL && is_set_for (view, host, key))
    return SOURCE_HOST;

  return is_set_for (view, NULL, key) ? SOURCE_ALL : SOURCE_DEFAULT;
}

static const char *
get_source_words (Source source)
{
  switch (source) {
  case SOURCE_PLUGIN:
    /* TRANSLATORS: a column of a table, “Set for” */
    return _("this plugin");
  case SOURCE_HOST:
    return _("this program");
  case SOURCE_ALL:
    return _("all plugins");
  case SOURCE_DEFAULT:
  default:
    return "";
  }
}

static GVariant *
dup_value (const PlugRbPolicyView *view, const PlugRbPolicyKey *key)
{
  g_auto(PlugRbPolicy) policy = { 0 };

  plug_rb_policy_read (&policy, view->file, view->scope);
  return plug_rb_policy_key_get (key, &policy);
}

static gboolean
is_shown (const PlugRbPolicyView *view, const PlugRbPolicyKey *key)
{
  for (guint i = 0; i < view->edits->len; i++)
    if (g_str_equal (((PlugRbPolicyEdit *) view->edits->pdata[i])->key, key->name))
      return TRUE;

  return view->only != NULL ? view->only == key : view->edits->len == 0;
}

/* ---- JSON */

static JsonNode *
value_to_json (const PlugRbPolicyKey *key, GVariant *value)
{
  g_autofree const char **patterns = NULL;
  JsonNode *node;
  JsonArray *array;

  if (key->kind == PLUG_RB_POLICY_SWITCH)
    return json_node_init_boolean (json_node_alloc (), g_variant_get_boolean (value));
  if (key->kind == PLUG_RB_POLICY_NUMBER)
    return json_node_init_int (json_node_alloc (), g_variant_get_int32 (value));
  if (key->kind == PLUG_RB_POLICY_SIZE)
    return json_node_init_int (json_node_alloc (), g_variant_get_int64 (value));

  array = json_array_new ();
  patterns = g_variant_get_strv (value, NULL);
  for (gsize i = 0; patterns[i] != NULL; i++)
    json_array_add_string_element (array, patterns[i]);
  node = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (node, array);

  return node;
}

static void
set_bound (JsonObject *json, const char *name, const PlugRbPolicyKey *key, gint64 bound)
{
  if (key->kind == PLUG_RB_POLICY_NUMBER || key->kind == PLUG_RB_POLICY_SIZE)
    json_object_set_int_member (json, name, bound);
  else
    json_object_set_null_member (json, name);
}

static JsonObject *
describe (const PlugRbPolicyView *view, const PlugRbPolicyKey *key)
{
  g_autoptr(GVariant) value = dup_value (view, key);
  g_auto(PlugRbPolicy) defaults = { 0 };
  g_autoptr(GVariant) fallback = NULL;
  JsonObject *json = json_object_new ();

  plug_rb_policy_init (&defaults);
  fallback = plug_rb_policy_key_get (key, &defaults);
  plug_rb_json_set_string (json, "name", key->name);
  json_object_set_member (json, "value", value_to_json (key, value));
  plug_rb_json_set_string (json, "source", source_names[get_source (view, key)]);
  json_object_set_member (json, "default", value_to_json (key, fallback));
  set_bound (json, "min", key, key->min);
  set_bound (json, "max", key, key->max);

  return json;
}

static JsonArray *
describe_overrides (const PlugRbPolicyView *view)
{
  g_autoptr(GPtrArray) scopes = plug_rb_policy_list_scopes (view->file);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < scopes->len; i++)
    json_array_add_string_element (array, scopes->pdata[i]);

  return array;
}

static void
print_json (const PlugRbPolicyView *view)
{
  JsonObject *json = json_object_new ();
  JsonArray *settings = json_array_new ();
  gsize n_keys;
  const PlugRbPolicyKey *keys = plug_rb_policy_key_list (&n_keys);

  for (gsize i = 0; i < n_keys; i++)
    if (is_shown (view, &keys[i]))
      json_array_add_object_element (settings, describe (view, &keys[i]));

  plug_rb_json_set_string (json, "scope", view->scope);
  json_object_set_array_member (json, "settings", settings);
  json_object_set_array_member (json, "overrides", describe_overrides (view));
  json_object_set_int_member (json, "snapshots-to-go", view->foresight.n_snapshots);
  json_object_set_int_member (json, "bytes-to-go", (gint64) view->foresight.size);
  plug_rb_cli_json_print_object (json);
}

/* ---- text */

static void
add_row (PlugRbCliTable *table, const PlugRbPolicyView *view, const PlugRbPolicyKey *key)
{
  g_autoptr(GVariant) value = dup_value (view, key);
  g_autofree char *text = plug_rb_policy_key_format (key, value);

  plug_rb_cli_table_add_row (table, key->name, text, get_source_words (get_source (view, key)),
                             _(key->summary), NULL);
}

static void
print_overrides (const PlugRbPolicyView *view)
{
  g_autoptr(GPtrArray) scopes = plug_rb_policy_list_scopes (view->file);

  if (view->scope != NULL || scopes->len == 0)
    return;

  g_print ("\n%s\n", _("Set apart for:"));
  for (guint i = 0; i < scopes->len; i++)
    g_print ("  %s\n", (const char *) scopes->pdata[i]);
}

/**
 * plug_rb_cli_policy_show_all:
 *
 * Shows all settings.
 */
void
plug_rb_cli_policy_show_all (const PlugRbPolicyView *view, gboolean as_json)
{
  g_autoptr(PlugRbCliTable) table = plug_rb_cli_table_new ();
  gsize n_keys;
  const PlugRbPolicyKey *keys = plug_rb_policy_key_list (&n_keys);

  if (as_json) {
    print_json (view);
    return;
  }

  plug_rb_cli_table_add_column (table, _("Setting"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, _("Value"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, _("Set for"), PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, "", PLUG_RB_CLI_COLUMN_FLEXIBLE);
  for (gsize i = 0; i < n_keys; i++)
    add_row (table, view, &keys[i]);
  plug_rb_cli_table_print (table);
  print_overrides (view);
}

/* Exact, and as “policy set” takes it. */
static char *
dup_plain (const PlugRbPolicyView *view, const PlugRbPolicyKey *key)
{
  g_autoptr(GVariant) value = dup_value (view, key);

  return key->kind == PLUG_RB_POLICY_PATTERNS ? plug_rb_policy_key_format (key, value)
                                              : g_variant_print (value, FALSE);
}

/**
 * plug_rb_cli_policy_show_one:
 *
 * Shows the value of one setting, for scripts.
 */
void
plug_rb_cli_policy_show_one (const PlugRbPolicyView *view, gboolean as_json)
{
  g_autofree char *text = dup_plain (view, view->only);

  if (as_json)
    print_json (view);
  else
    g_print ("%s\n", text);
}

static void
print_foresight (const PlugRbForesight *foresight, gboolean dry_run)
{
  guint n = foresight->n_snapshots;

  if (n == 0 && dry_run)
    g_print ("%s\n", _("No snapshot would go."));
  if (n > 0 && dry_run)
    g_print (ngettext ("%u snapshot would go to the trash.\n",
                       "%u snapshots would go to the trash.\n", n),
             n);
  else if (n > 0)
    g_print (
        ngettext ("%u snapshot goes to the trash with the next clean-up: see “plugrb prune”.\n",
                  "%u snapshots go to the trash with the next clean-up: see “plugrb prune”.\n", n),
        n);
}

/**
 * plug_rb_cli_policy_show_change:
 * @dry_run: whether nothing was changed
 *
 * Shows what the edits made of the settings that they are about.
 */
void
plug_rb_cli_policy_show_change (const PlugRbPolicyView *view, gboolean as_json, gboolean dry_run)
{
  gsize n_keys;
  const PlugRbPolicyKey *keys = plug_rb_policy_key_list (&n_keys);

  if (as_json) {
    print_json (view);
    return;
  }

  for (gsize i = 0; i < n_keys && !dry_run; i++) {
    g_autofree char *text = dup_plain (view, &keys[i]);

    if (is_shown (view, &keys[i]))
      g_print ("%s=%s\n", keys[i].name, text);
  }
  print_foresight (&view->foresight, dry_run);
}
