/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "plug-rb-change.h"
#include "plug-rb-compare.h"
#include "plug-rb-settings-store.h"
#include "plug-rb-state-derive.h"
#include "plug-rb-hash.h"
#include "plug-rb-plan.h"

/* ---- tools */

static PlugRbState *
state_new (const char *version)
{
  PlugRbState *state = g_new0 (PlugRbState, 1);

  g_atomic_ref_count_init (&state->ref_count);
  state->plugin = g_strdup ("host/a@b");
  state->id = g_strdup ("a@b");
  state->version = g_strdup (version);
  state->table = plug_rb_table_new ();
  state->values = plug_rb_values_new ();
  state->documents = g_hash_table_new (g_str_hash, g_str_equal);
  state->memberships = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_membership_free);

  return state;
}

static void
add (PlugRbState *state, const char *part, PlugRbEntry entry)
{
  entry.part = part;
  entry.mode = entry.mode ? entry.mode : 0644;
  plug_rb_table_add (state->table, &entry);
}

static PlugRbEntry
file (const char *path, const char *content)
{
  g_autofree char *sha256 = plug_rb_hash_bytes (content, strlen (content));

  return (PlugRbEntry) { .path = path,
                         .type = PLUG_RB_ENTRY_FILE,
                         .size = strlen (content),
                         .sha256 = g_intern_string (sha256) };
}

static PlugRbEntry
link_to (const char *path, const char *target)
{
  return (PlugRbEntry) { .path = path, .type = PLUG_RB_ENTRY_LINK, .target = target };
}

static PlugRbEntry
folder (const char *path)
{
  return (PlugRbEntry) { .path = path, .type = PLUG_RB_ENTRY_FOLDER };
}

static PlugRbEntry
with_mode (PlugRbEntry entry, guint mode)
{
  entry.mode = mode;
  return entry;
}

static PlugRbEntry
at (PlugRbEntry entry, gint64 mtime, guint nsec)
{
  entry.mtime = mtime;
  entry.nsec = nsec;
  return entry;
}

static void
set (PlugRbState *state, const char *key, const char *text)
{
  g_autoptr(GVariant) value = g_variant_parse (NULL, text, NULL, NULL, NULL);

  plug_rb_values_set (state->values, key, value);
}

static void
join (PlugRbState *state, const char *name, gboolean present, int position)
{
  g_ptr_array_add (state->memberships,
                   plug_rb_membership_new (name, "/org/list", "a@b", present, position));
}

static PlugRbPlan *
compare (PlugRbState *from, PlugRbState *to)
{
  plug_rb_table_close (from->table);
  plug_rb_table_close (to->table);

  return plug_rb_compare_states (from, NULL, to, NULL);
}

/* Each change as "kind name from-to", in a line. */
static void
assert_changes (GListModel *changes, const char *expected)
{
  static const char *const kinds[] = { "added", "removed", "changed", "mode", "type", "time" };
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (changes); i++) {
    g_autoptr(PlugRbChange) change = g_list_model_get_item (changes, i);
    const char *from = plug_rb_change_get_from (change), *to = plug_rb_change_get_to (change);

    g_string_append_printf (text, "%s %s ", kinds[plug_rb_change_get_kind (change)],
                            plug_rb_change_get_name (change));
    if (from != NULL || to != NULL)
      g_string_append_printf (text, "%s-%s\n", from ? from : "", to ? to : "");
    else
      g_string_append_printf (text, "%u-%u\n", (guint) plug_rb_change_get_from_size (change),
                              (guint) plug_rb_change_get_size (change));
  }

  g_assert_cmpstr (text->str, ==, expected);
}

/* ---- files */

static void
fill_files (PlugRbState *from, PlugRbState *to)
{
  add (from, "user", folder (""));
  add (to, "user", folder (""));
  add (to, "user", file ("a-new", "12345"));
  add (from, "user", file ("b-gone", "123"));
  add (from, "user", file ("c-other", "1"));
  add (to, "user", file ("c-other", "22"));
  add (from, "user", with_mode (file ("d-mode", "1"), 0600));
  add (to, "user", with_mode (file ("d-mode", "1"), 0700));
  add (from, "user", file ("e-type", "1"));
  add (to, "user", link_to ("e-type", "x"));
  add (from, "user", at (file ("f-time", "1"), 1, 0));
  add (to, "user", at (file ("f-time", "1"), 1, 1));
  add (from, "user", link_to ("g-link", "x"));
  add (to, "user", link_to ("g-link", "y"));
  add (from, "user", file ("h-same", "1"));
  add (to, "user", file ("h-same", "1"));
}

static void
test_kinds (void)
{
  g_autoptr(PlugRbState) from = state_new ("1");
  g_autoptr(PlugRbState) to = state_new ("2");
  g_autoptr(PlugRbPlan) plan = NULL;

  fill_files (from, to);
  plan = compare (from, to);
  assert_changes (plug_rb_plan_get_files (plan),
                  "added a-new 0-5\nremoved b-gone 3-0\nchanged c-other 1-2\nmode d-mode 1-1\n"
                  "type e-type 1-0\ntime f-time 1-1\nchanged g-link 0-0\n");
  g_assert_cmpuint (plug_rb_plan_get_write_bytes (plan), ==, 5 + 2 + 1 + 1);
  g_assert_cmpstr (plug_rb_plan_get_from_version (plan), ==, "1");
  g_assert_cmpstr (plug_rb_plan_get_to_version (plan), ==, "2");
}

/* Content outweighs what else differs: one row is one change. */
static void
test_one_row (void)
{
  g_autoptr(PlugRbState) from = state_new (NULL);
  g_autoptr(PlugRbState) to = state_new (NULL);
  g_autoptr(PlugRbPlan) plan = NULL;

  add (from, "user", at (with_mode (file ("a", "1"), 0600), 1, 1));
  add (to, "user", at (with_mode (file ("a", "2"), 0644), 2, 2));
  add (from, "user", at (with_mode (file ("b", "1"), 0600), 1, 1));
  add (to, "user", at (with_mode (file ("b", "1"), 0644), 2, 2));

  plan = compare (from, to);
  assert_changes (plug_rb_plan_get_files (plan), "changed a 1-1\nmode b 1-1\n");
}

static void
test_folders (void)
{
  g_autoptr(PlugRbState) from = state_new (NULL);
  g_autoptr(PlugRbState) to = state_new (NULL);
  g_autoptr(PlugRbPlan) plan = NULL;

  add (from, "user", at (folder (""), 1, 1));
  add (to, "user", at (folder (""), 2, 2));
  add (from, "user", with_mode (folder ("deep"), 0700));
  add (to, "user", with_mode (folder ("deep"), 0755));
  add (to, "user", folder ("new"));

  plan = compare (from, to);
  assert_changes (plug_rb_plan_get_files (plan), "mode deep 0-0\nadded new 0-0\n");
}

/* No news, but a rollback restores it all the same. */
static void
test_folder_time (void)
{
  g_autoptr(PlugRbState) from = state_new (NULL);
  g_autoptr(PlugRbState) to = state_new (NULL);
  g_autoptr(PlugRbPlan) plan = NULL;

  add (from, "user", at (folder (""), 1, 1));
  add (to, "user", at (folder (""), 2, 2));
  plan = compare (from, to);
  g_assert_true (plug_rb_plan_get_is_empty (plan));
  g_assert_true (plug_rb_compare_part_differs (from, to, "user"));
}

static void
test_parts (void)
{
  g_autoptr(PlugRbState) from = state_new (NULL);
  g_autoptr(PlugRbState) to = state_new (NULL);
  g_autoptr(PlugRbPlan) plan = NULL;

  add (from, "staged", folder (""));
  add (from, "staged", file ("caf\xe9", "1"));
  add (from, "user", folder (""));
  add (to, "user", folder (""));
  add (from, PLUG_RB_TABLE_SETTINGS, file ("settings.json", "{}"));
  add (to, PLUG_RB_TABLE_SETTINGS, file ("settings.json", "{ }"));

  plan = compare (from, to);
  assert_changes (plug_rb_plan_get_files (plan),
                  "removed staged: . 0-0\nremoved staged: caf\xef\xbf\xbd 1-0\n");
  g_assert_true (plug_rb_compare_part_differs (from, to, "staged"));
  g_assert_false (plug_rb_compare_part_differs (from, to, "user"));
  g_assert_true (plug_rb_compare_part_differs (from, to, PLUG_RB_TABLE_SETTINGS));
  g_assert_false (plug_rb_compare_part_differs (from, to, "none"));
}

static void
test_removes (void)
{
  g_autoptr(PlugRbState) from = state_new (NULL);
  g_autoptr(PlugRbState) to = state_new (NULL);
  g_autoptr(PlugRbPlan) there = NULL;
  g_autoptr(PlugRbPlan) back = NULL;

  add (from, "user", folder (""));
  to->absent = TRUE;
  there = compare (from, to);
  g_assert_true (plug_rb_plan_get_removes (there));
  assert_changes (plug_rb_plan_get_files (there), "removed . 0-0\n");

  back = plug_rb_compare_states (to, NULL, from, NULL);
  g_assert_false (plug_rb_plan_get_removes (back));
  assert_changes (plug_rb_plan_get_files (back), "added . 0-0\n");
}

/* ---- settings */

static void
fill_settings (PlugRbState *from, PlugRbState *to)
{
  set (from, "/org/a/both", "1");
  set (to, "/org/a/both", "1");
  set (from, "/org/a/gone", "'x'");
  set (to, "/org/a/new", "true");
  set (from, "/org/a/type", "1");
  set (to, "/org/a/type", "uint32 1");
  set (from, "/org/a/value", "@as []");
  set (to, "/org/a/value", "['y']");
}

static void
test_values (void)
{
  g_autoptr(PlugRbState) from = state_new (NULL);
  g_autoptr(PlugRbState) to = state_new (NULL);
  g_autoptr(PlugRbPlan) plan = NULL;
  g_auto(GStrv) keys = NULL;
  g_autofree char *joined = NULL;

  fill_settings (from, to);
  plan = compare (from, to);
  assert_changes (
      plug_rb_plan_get_settings (plan),
      "removed /org/a/gone 'x'-\nadded /org/a/new -true\nchanged /org/a/type 1-uint32 1\n"
      "changed /org/a/value []-['y']\n");
  g_assert_cmpuint (g_list_model_get_n_items (plug_rb_plan_get_files (plan)), ==, 0);

  keys = plug_rb_compare_list_keys (from, to);
  joined = g_strjoinv (" ", keys);
  g_assert_cmpstr (joined, ==, "/org/a/both /org/a/gone /org/a/new /org/a/type /org/a/value");
}

static void
test_memberships (void)
{
  g_autoptr(PlugRbState) from = state_new (NULL);
  g_autoptr(PlugRbState) to = state_new (NULL);
  g_autoptr(PlugRbPlan) plan = NULL;

  join (from, "enabled", TRUE, 1);
  join (to, "enabled", FALSE, -1);
  join (from, "moved", TRUE, 1);
  join (to, "moved", TRUE, 5);
  join (from, "unknown-then", TRUE, 1);
  plan = compare (from, to);
  assert_changes (plug_rb_plan_get_settings (plan), "changed /org/list true-false\n");
}

static PlugRbPlan *
compare_scoped (PlugRbState *from, PlugRbState *to, PlugRbScope scope)
{
  g_autoptr(PlugRbState) derived = plug_rb_state_derive_scoped (from, to, scope);

  return plug_rb_compare_states (from, NULL, derived, NULL);
}

static void
test_scope (void)
{
  g_autoptr(PlugRbState) from = state_new (NULL);
  g_autoptr(PlugRbState) to = state_new (NULL);
  g_autoptr(PlugRbPlan) files = NULL;
  g_autoptr(PlugRbPlan) settings = NULL;

  add (to, "user", folder (""));
  fill_settings (from, to);
  join (from, "enabled", TRUE, 1);
  join (to, "enabled", FALSE, -1);
  from->parts = g_ptr_array_new ();
  plug_rb_table_close (from->table);
  plug_rb_table_close (to->table);

  files = compare_scoped (from, to, PLUG_RB_SCOPE_FILES);
  g_assert_cmpuint (g_list_model_get_n_items (plug_rb_plan_get_files (files)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (plug_rb_plan_get_settings (files)), ==, 0);
  settings = compare_scoped (from, to, PLUG_RB_SCOPE_SETTINGS);
  g_assert_cmpuint (g_list_model_get_n_items (plug_rb_plan_get_files (settings)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (plug_rb_plan_get_settings (settings)), ==, 5);
}

static PlugRbSettingsStore *
store_new (const char *name, const char *role)
{
  const char *const parameters[] = { "File", "/f", "Entry", "a", "Role", role, NULL };
  g_autoptr(GError) error = NULL;
  PlugRbSettingsStore *store = plug_rb_settings_store_new (name, "json-list", parameters, &error);

  g_assert_no_error (error);
  return store;
}

/* The index in a list is not the plugin's; what a snapshot did not look at stays; and what tells
 * which files there are goes with the files. */
static void
test_stores (void)
{
  g_autoptr(PlugRbState) from = state_new (NULL);
  g_autoptr(PlugRbState) to = state_new (NULL);
  g_autoptr(PlugRbPlan) all = NULL;
  g_autoptr(PlugRbPlan) files = NULL;

  from->parts = g_ptr_array_new ();
  from->stores = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_settings_store_unref);
  g_ptr_array_add (from->stores, store_new ("enabled", "enabled"));
  g_ptr_array_add (from->stores, store_new ("known", "installed"));
  plug_rb_values_add_folder (from->values, "enabled:");
  plug_rb_values_add_folder (from->values, "known:");
  plug_rb_values_add_folder (from->values, "later:");
  plug_rb_values_add_folder (to->values, "enabled:");
  plug_rb_values_add_folder (to->values, "known:");
  set (from, "enabled:/moved", "(uint32 1, 'a')");
  set (to, "enabled:/moved", "(uint32 7, 'a')");
  set (from, "enabled:/b", "'x'");
  set (from, "known:/c", "'{}'");
  set (from, "later:/d", "'y'");

  all = compare (from, to);
  assert_changes (plug_rb_plan_get_settings (all), "removed enabled:/b x-\nremoved known:/c {}-\n");
  files = compare_scoped (from, to, PLUG_RB_SCOPE_FILES);
  assert_changes (plug_rb_plan_get_settings (files), "removed known:/c {}-\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/compare/kinds", test_kinds);
  g_test_add_func ("/compare/one-row", test_one_row);
  g_test_add_func ("/compare/folders", test_folders);
  g_test_add_func ("/compare/folder-time", test_folder_time);
  g_test_add_func ("/compare/parts", test_parts);
  g_test_add_func ("/compare/removes", test_removes);
  g_test_add_func ("/compare/values", test_values);
  g_test_add_func ("/compare/memberships", test_memberships);
  g_test_add_func ("/compare/scope", test_scope);
  g_test_add_func ("/compare/stores", test_stores);

  return g_test_run ();
}
