/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "plug-rb-error.h"
#include "plug-rb-table.h"

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static PlugRbEntry *
file (const char *path)
{
  PlugRbEntry *entry = plug_rb_entry_new ("user", path, PLUG_RB_ENTRY_FILE);

  entry->mode = 0644;
  entry->size = 5;
  entry->mtime = -1;
  entry->nsec = 999999999;
  entry->sha256 = g_strdup (SHA);

  return entry;
}

static PlugRbTable *
make_table (gboolean reversed)
{
  PlugRbTable *table = plug_rb_table_new ();
  PlugRbEntry *link = plug_rb_entry_new ("user", "a/l", PLUG_RB_ENTRY_LINK);
  PlugRbEntry *entries[] = { plug_rb_entry_new ("user", "", PLUG_RB_ENTRY_FOLDER),
                             plug_rb_entry_new ("user", "a", PLUG_RB_ENTRY_FOLDER), link,
                             file ("a/x\xff"), file ("b") };

  link->target = g_strdup ("../b");
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    plug_rb_table_add (table, entries[reversed ? G_N_ELEMENTS (entries) - 1 - i : i]);
  plug_rb_table_close (table);

  return table;
}

static void
test_equal_states (void)
{
  g_autoptr(PlugRbTable) a = make_table (FALSE);
  g_autoptr(PlugRbTable) b = make_table (TRUE);

  g_assert_true (g_bytes_equal (plug_rb_table_get_bytes (a), plug_rb_table_get_bytes (b)));
  g_assert_cmpstr (plug_rb_table_get_sha256 (a), ==, plug_rb_table_get_sha256 (b));
}

static void
test_round_trip (void)
{
  g_autoptr(PlugRbTable) a = make_table (FALSE);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbTable) b = plug_rb_table_new_from_bytes (plug_rb_table_get_bytes (a), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (plug_rb_table_get_size (a), ==, plug_rb_table_get_size (b));
  for (guint i = 0; i < plug_rb_table_get_size (a); i++) {
    const PlugRbEntry *x = plug_rb_table_get (a, i), *y = plug_rb_table_get (b, i);

    g_assert_cmpint (plug_rb_entry_compare_place (x, y), ==, 0);
    g_assert_true (plug_rb_entry_equal (x, y));
  }
  g_assert_nonnull (plug_rb_table_find (b, "user", "a/x\xff"));
  g_assert_null (plug_rb_table_find (b, "user", "a/none"));
}

typedef struct {
  const char *name;
  const char *rows;
} Attack;

#define FOLDER(path)                                                                               \
  "{\"part\":\"user\",\"path\":\"" path                                                            \
  "\",\"type\":\"folder\",\"mode\":493,\"mtime\":1,\"nsec\":0}"
#define PLAIN(path)                                                                                \
  "{\"part\":\"user\",\"path\":\"" path                                                            \
  "\",\"type\":\"file\",\"mode\":420,\"mtime\":1,\"nsec\":0,\"size\":1,\"sha256\":\"" SHA "\"}"
#define LINK(path)                                                                                 \
  "{\"part\":\"user\",\"path\":\"" path                                                            \
  "\",\"type\":\"link\",\"mode\":511,\"mtime\":1,\"nsec\":0,\"target\":\"/etc\"}"

static const Attack attacks[] = {
  { "dot-dot", FOLDER ("") "," PLAIN ("../owned") },
  { "absolute", FOLDER ("") "," PLAIN ("/etc/owned") },
  { "inner-dot-dot", FOLDER ("") "," FOLDER ("a") "," PLAIN ("a/../../owned") },
  { "through-link", FOLDER ("") "," LINK ("a") "," PLAIN ("a/owned") },
  { "through-file", FOLDER ("") "," PLAIN ("a") "," PLAIN ("a/owned") },
  { "no-folder", FOLDER ("") "," PLAIN ("a/owned") },
  { "twice", FOLDER ("") "," PLAIN ("a") "," PLAIN ("a") },
  { "out-of-order", FOLDER ("") "," PLAIN ("b") "," PLAIN ("a") },
  { "set-id", "{\"part\":\"user\",\"path\":\"\",\"type\":\"folder\",\"mode\":2541}" },
  { "no-hash", FOLDER ("") ",{\"part\":\"user\",\"path\":\"a\",\"type\":\"file\",\"mode\":420}" },
  { "device", "{\"part\":\"user\",\"path\":\"\",\"type\":\"device\",\"mode\":420}" },
  { "part-with-slash", "{\"part\":\"a/b\",\"path\":\"\",\"type\":\"folder\",\"mode\":493}" },
  { "not-an-object", "1" },
};

static void
test_refuses (gconstpointer data)
{
  const Attack *attack = data;
  g_autofree char *text = g_strdup_printf ("{\"format\":1,\"rows\":[%s]}", attack->rows);
  g_autoptr(GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr(GError) error = NULL;

  g_assert_null (plug_rb_table_new_from_bytes (bytes, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/table/equal-states", test_equal_states);
  g_test_add_func ("/table/round-trip", test_round_trip);
  for (guint i = 0; i < G_N_ELEMENTS (attacks); i++) {
    g_autofree char *path = g_strconcat ("/table/refuses/", attacks[i].name, NULL);

    g_test_add_data_func (path, &attacks[i], test_refuses);
  }

  return g_test_run ();
}
