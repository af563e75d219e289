/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <glib/gstdio.h>
#include <string.h>

#include "plug-rb-audit-trail.h"
#include "plug-rb-audit.h"
#include "plug-rb-fs.h"

#define LINES 5

typedef struct {
  char *folder;
  char *trail;
  PlugRbStore *store;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("plugrb-audit-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->store = plug_rb_store_open (fixture->folder, &error);
  g_assert_no_error (error);
  fixture->trail = g_build_filename (fixture->folder, PLUG_RB_AUDIT_FILE, NULL);
  for (guint i = 0; i < LINES; i++) {
    g_autofree char *subject = g_strdup_printf ("host/plugin-%u", i);

    g_assert_true (plug_rb_audit_append (fixture->folder, "rollback", subject, NULL, NULL));
  }
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_true (plug_rb_fs_remove_path (fixture->folder, NULL));
  g_clear_object (&fixture->store);
  g_clear_pointer (&fixture->folder, g_free);
  g_clear_pointer (&fixture->trail, g_free);
}

static PlugRbAuditTrail *
read_trail (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  PlugRbAuditTrail *trail = plug_rb_audit_trail_read (fixture->store, &error);

  g_assert_no_error (error);
  return trail;
}

static GString *
load (Fixture *fixture)
{
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (fixture->trail, &text, &length, NULL));
  return g_string_new_len (text, length);
}

static void
save (Fixture *fixture, GString *text)
{
  g_assert_true (g_file_set_contents (fixture->trail, text->str, text->len, NULL));
  g_string_free (text, TRUE);
}

/* Where line @number begins, from 0. */
static gsize
find_line (GString *text, guint number)
{
  const char *at = text->str;

  for (guint i = 0; i < number; i++)
    at = strchr (at, '\n') + 1;

  return at - text->str;
}

static void
test_fits (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbAuditTrail) trail = read_trail (fixture);
  const PlugRbAuditEntry *entry = trail->entries->pdata[LINES - 1];

  g_assert_cmpuint (trail->entries->len, ==, LINES);
  g_assert_cmpuint (trail->first_bad, ==, 0);
  g_assert_cmpuint (trail->torn, ==, 0);
  g_assert_cmpuint (entry->number, ==, LINES);
  g_assert_cmpstr (entry->act, ==, "rollback");
  g_assert_cmpstr (entry->subject, ==, "host/plugin-4");
}

static void
test_changed (Fixture *fixture, gconstpointer data)
{
  GString *text = load (fixture);
  g_autoptr(PlugRbAuditTrail) trail = NULL;

  g_string_replace (text, "plugin-1", "plugin-7", 1);
  save (fixture, text);
  trail = read_trail (fixture);
  g_assert_cmpuint (trail->first_bad, ==, 3);
}

static void
test_removed (Fixture *fixture, gconstpointer data)
{
  guint number = GPOINTER_TO_UINT (data);
  GString *text = load (fixture);
  gsize begin = find_line (text, number - 1);
  g_autoptr(PlugRbAuditTrail) trail = NULL;

  g_string_erase (text, begin, find_line (text, number) - begin);
  save (fixture, text);
  trail = read_trail (fixture);
  g_assert_cmpuint (trail->first_bad, ==, number);
}

/* Every bit of every line but the last, which only the history vouches for. */
static void
test_flipped (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GString) good = load (fixture);
  gsize end = find_line (good, LINES - 1);

  for (gsize i = 0; i < end; i += 7) {
    GString *text = g_string_new_len (good->str, good->len);
    g_autoptr(PlugRbAuditTrail) trail = NULL;

    text->str[i] ^= 1 << (i % 8);
    save (fixture, text);
    trail = read_trail (fixture);
    g_assert_cmpuint (trail->first_bad, >, 0);
  }
}

static void
test_end_cut_off (Fixture *fixture, gconstpointer data)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  GString *text = NULL;
  g_autoptr(PlugRbAuditTrail) trail = NULL;

  plug_rb_operation_finish (operation, PLUG_RB_STATUS_COMPLETED, NULL);
  g_assert_true (plug_rb_store_save_operation (fixture->store, operation, NULL));
  g_assert_true (plug_rb_audit_append (fixture->folder, "snapshot", "later", NULL, NULL));

  /* A line that no operation vouches for. */
  text = load (fixture);
  g_string_truncate (text, find_line (text, LINES));
  save (fixture, text);
  trail = read_trail (fixture);
  g_assert_cmpuint (trail->first_bad, ==, 0);
  g_clear_pointer (&trail, plug_rb_audit_trail_free);

  text = load (fixture);
  g_string_truncate (text, find_line (text, LINES - 1));
  save (fixture, text);
  trail = read_trail (fixture);
  g_assert_cmpuint (trail->first_bad, ==, LINES);
  g_assert_nonnull (strstr (trail->problem, plug_rb_operation_get_id (operation)));
}

static const struct {
  const char *name;
  const char *tail;
  gsize length;
} torn[] = {
  { "piece", "{\"time\":\"2026", 13 },
  { "long", NULL, 20000 },
};

/* What a crash left of a line is set aside, by recovery or by the next line, and is no tampering.
 */
static void
test_torn (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  gboolean by_append = index >= G_N_ELEMENTS (torn);
  Fixture fixture = { 0 };
  g_autofree char *kept = NULL;
  g_autofree char *content = NULL;
  g_autoptr(PlugRbAuditTrail) trail = NULL;
  GString *text;
  gboolean mended = FALSE;
  gsize length;

  index %= G_N_ELEMENTS (torn);
  set_up (&fixture, NULL);
  text = load (&fixture);
  if (torn[index].tail != NULL)
    g_string_append (text, torn[index].tail);
  else
    g_string_set_size (text, text->len + torn[index].length);
  if (torn[index].tail == NULL)
    memset (text->str + text->len - torn[index].length, 0, torn[index].length);
  save (&fixture, text);

  trail = read_trail (&fixture);
  g_assert_cmpuint (trail->torn, ==, torn[index].length);
  g_assert_cmpuint (trail->first_bad, ==, 0);
  g_assert_cmpuint (trail->entries->len, ==, LINES);
  g_clear_pointer (&trail, plug_rb_audit_trail_free);

  if (by_append)
    g_assert_true (plug_rb_audit_append (fixture.folder, "snapshot", "next", NULL, NULL));
  else
    g_assert_true (plug_rb_audit_mend (fixture.folder, &mended, NULL));
  g_assert_cmpint (mended, ==, !by_append);

  trail = read_trail (&fixture);
  g_assert_cmpuint (trail->torn, ==, 0);
  g_assert_cmpuint (trail->first_bad, ==, 0);
  g_assert_cmpuint (trail->entries->len, ==, LINES + by_append);
  kept = g_build_filename (fixture.folder, "quarantine", "torn-audit.jsonl", NULL);
  g_assert_true (g_file_get_contents (kept, &content, &length, NULL));
  g_assert_cmpuint (length, ==, torn[index].length);
  tear_down (&fixture, NULL);
}

/* A line is longer than what is read of the end at first. */
static void
test_long_line (Fixture *fixture, gconstpointer data)
{
  g_autofree char *subject = g_strnfill (9000, 'x');
  g_autoptr(PlugRbAuditTrail) trail = NULL;

  g_assert_true (plug_rb_audit_append (fixture->folder, "snapshot", subject, NULL, NULL));
  g_assert_true (plug_rb_audit_append (fixture->folder, "snapshot", "next", NULL, NULL));
  trail = read_trail (fixture);
  g_assert_cmpuint (trail->first_bad, ==, 0);
  g_assert_cmpuint (trail->entries->len, ==, LINES + 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/audit/fits", Fixture, NULL, set_up, test_fits, tear_down);
  g_test_add ("/audit/changed", Fixture, NULL, set_up, test_changed, tear_down);
  g_test_add ("/audit/flipped", Fixture, NULL, set_up, test_flipped, tear_down);
  g_test_add ("/audit/end-cut-off", Fixture, NULL, set_up, test_end_cut_off, tear_down);
  g_test_add ("/audit/long-line", Fixture, NULL, set_up, test_long_line, tear_down);
  for (guint i = 1; i < LINES; i++) {
    g_autofree char *path = g_strdup_printf ("/audit/removed/%u", i);

    g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_removed, tear_down);
  }
  for (guint i = 0; i < 2 * G_N_ELEMENTS (torn); i++) {
    g_autofree char *path =
        g_strdup_printf ("/audit/torn/%s/%s", torn[i % G_N_ELEMENTS (torn)].name,
                         i < G_N_ELEMENTS (torn) ? "recover" : "append");

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_torn);
  }

  return g_test_run ();
}
