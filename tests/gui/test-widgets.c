/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* Small parts that need no user: rows of changes, wording, the memory of what can be undone. */

#include "gui.h"

#include "plug-rb-change-row.h"
#include "plug-rb-undo.h"
#include "plug-rb-wording.h"

typedef struct {
  const char *name;
  const char *from;
  const char *to;
  const char *label;
} Value;

static const Value values[] = {
  { "switch", "true", "false", "switch, On → Off" },
  { "text", "'left'", "'right'", "text, left → right" },
  { "unset", NULL, "uint32 5", "unset, Default → 5" },
  { "gone", "['a']", NULL, "gone, ['a'] → Default" },
  { "empty", "''", "'x'", "empty, '' → x" },
  { "no-variant", "a b", "c", "no-variant, a b → c" },
  { "/org/gnome/shell/extensions/sample/speed", "1", "2", "speed, 1 → 2" },
  { "api-token", "'abc'", "'def'", "api-token, ••••" },
};

static void
assert_label (PlugRbChange *change, const char *expected)
{
  g_autoptr(GtkWidget) row = g_object_ref_sink (plug_rb_change_row_new ());
  g_autofree char *label = NULL;

  plug_rb_change_row_set_change (PLUG_RB_CHANGE_ROW (row), change);
  label = plug_rb_change_row_dup_label (PLUG_RB_CHANGE_ROW (row));
  g_assert_cmpstr (label, ==, expected);
}

static void
test_values (gconstpointer data)
{
  const Value *value = data;
  g_autoptr(PlugRbChange) change = plug_rb_change_new_value (value->name, value->from, value->to);

  assert_label (change, value->label);
}

static void
test_files (void)
{
  g_autoptr(PlugRbChange) added = plug_rb_change_new_file (PLUG_RB_CHANGE_ADDED, "a", 0, 2000);
  g_autoptr(PlugRbChange) folder = plug_rb_change_new_file (PLUG_RB_CHANGE_REMOVED, "b", 0, 0);
  g_autoptr(PlugRbChange) grown =
      plug_rb_change_new_file (PLUG_RB_CHANGE_CHANGED, "c", 1000, 2000);
  g_autoptr(PlugRbChange) same = plug_rb_change_new_file (PLUG_RB_CHANGE_CHANGED, "d", 1000, 1000);

  assert_label (added, "a, Added · 2.0\u00a0kB");
  assert_label (folder, "b, Removed");
  assert_label (grown, "c, Changed · 1.0\u00a0kB → 2.0\u00a0kB");
  assert_label (same, "d, Changed · 1.0\u00a0kB");
}

static void
test_secret (void)
{
  g_autoptr(GtkWidget) row = g_object_ref_sink (plug_rb_change_row_new ());
  g_autoptr(PlugRbChange) change = plug_rb_change_new_value ("api-token", "'abc'", "'def'");
  g_autofree char *label = NULL;

  plug_rb_change_row_set_change (PLUG_RB_CHANGE_ROW (row), change);
  gui_activate (row, "change.reveal", NULL);
  label = plug_rb_change_row_dup_label (PLUG_RB_CHANGE_ROW (row));
  g_assert_cmpstr (label, ==, "api-token, abc → def");
}

static void
assert_isolated (const char *text, const char *expected)
{
  g_autofree char *isolated = plug_rb_wording_isolate (text);

  g_assert_cmpstr (isolated, ==, expected);
}

static void
test_isolate (void)
{
  assert_isolated ("Caffeine", "Caffeine");
  assert_isolated ("44", "44");
  assert_isolated ("קפאין", "\u2068קפאין\u2069");

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  assert_isolated ("Caffeine", "\u2068"
                               "Caffeine"
                               "\u2069");
  assert_isolated ("44", "\u2068"
                         "44"
                         "\u2069");
  assert_isolated ("קפאין", "קפאין");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static void
test_seconds (void)
{
  g_autofree char *nothing = plug_rb_wording_seconds (0.01);
  g_autofree char *tenths = plug_rb_wording_seconds (0.24);
  g_autofree char *minutes = plug_rb_wording_seconds (125);

  g_assert_cmpstr (nothing, ==, "");
  g_assert_cmpstr (tenths, ==, "0.2 s");
  g_assert_cmpstr (minutes, ==, "2 minutes");
}

static void
test_undo (void)
{
  static const char *const deleted[] = { "one", "two", NULL };
  PlugRbUndo *undo = plug_rb_undo_new ();
  g_autofree char *operation = NULL;
  g_auto(GStrv) ids = NULL;

  g_assert_false (plug_rb_undo_peek (undo, &operation, &ids));
  plug_rb_undo_push (undo, "first", NULL);
  plug_rb_undo_push (undo, NULL, deleted);
  g_assert_true (plug_rb_undo_peek (undo, &operation, &ids));
  g_assert_null (operation);
  g_assert_cmpstrv (ids, deleted);

  g_clear_pointer (&ids, g_strfreev);
  plug_rb_undo_forget (undo, "two");
  g_assert_true (plug_rb_undo_peek (undo, &operation, &ids));
  g_assert_cmpstr (operation, ==, "first");
  plug_rb_undo_forget (undo, "first");
  g_assert_false (plug_rb_undo_peek (undo, &operation, &ids));
  plug_rb_undo_free (undo);
}

static void
add_tests (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autofree char *path = g_strdup_printf ("/change-row/value/%" G_GSIZE_FORMAT, i);

    g_test_add_data_func (path, &values[i], test_values);
  }
  g_test_add_func ("/change-row/files", test_files);
  g_test_add_func ("/change-row/secret", test_secret);
  g_test_add_func ("/wording/isolate", test_isolate);
  g_test_add_func ("/wording/seconds", test_seconds);
  g_test_add_func ("/undo", test_undo);
}

int
main (int argc, char *argv[])
{
  return gui_run (argc, argv, add_tests);
}
