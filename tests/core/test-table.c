/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "plug-rb-error.h"
#include "plug-rb-table-filter.h"
#include "plug-rb-table.h"

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

#define FILE_ROW(name)                                                                             \
  { .part = "user",                                                                                \
    .path = name,                                                                                  \
    .type = PLUG_RB_ENTRY_FILE,                                                                    \
    .mode = 0644,                                                                                  \
    .size = 5,                                                                                     \
    .mtime = -1,                                                                                   \
    .nsec = 999999999,                                                                             \
    .sha256 = SHA }

/* In the order of a table: what lies in a folder follows it, though "." sorts before "/". */
static const PlugRbEntry rows[] = {
  { .part = "user", .path = "", .type = PLUG_RB_ENTRY_FOLDER },
  { .part = "user",
    .path = "a",
    .type = PLUG_RB_ENTRY_FOLDER,
    .xattrs = "YQ== user.a\nYg== user.b\n" },
  { .part = "user", .path = "a/l", .type = PLUG_RB_ENTRY_LINK, .target = "../b" },
  FILE_ROW ("a/x\xff"),
  { .part = "user",
    .path = "a/y",
    .type = PLUG_RB_ENTRY_FILE,
    .mode = 0644,
    .size = 5,
    .sha256 = SHA,
    .hard_link = "a/x\xff" },
  FILE_ROW ("a-b"),
  FILE_ROW ("a.b"),
  FILE_ROW ("\x01\"\\"),
};

static PlugRbTable *
make_table (gboolean reversed)
{
  PlugRbTable *table = plug_rb_table_new ();
  guint n = G_N_ELEMENTS (rows);

  for (guint i = 0; i < n; i++)
    plug_rb_table_add (table, &rows[reversed ? n - 1 - i : i]);
  plug_rb_table_close (table);

  return table;
}

static void
test_equal_states (void)
{
  g_autoptr(PlugRbTable) a = make_table (FALSE);
  g_autoptr(PlugRbTable) b = make_table (TRUE);

  g_autoptr(GBytes) x = plug_rb_table_get_bytes (a);
  g_autoptr(GBytes) y = plug_rb_table_get_bytes (b);

  g_assert_true (g_bytes_equal (x, y));
  g_assert_cmpstr (plug_rb_table_get_sha256 (a), ==, plug_rb_table_get_sha256 (b));
}

static void
assert_same (PlugRbTable *a, PlugRbTable *b)
{
  g_assert_cmpstr (plug_rb_table_get_sha256 (a), ==, plug_rb_table_get_sha256 (b));
  g_assert_cmpuint (plug_rb_table_get_size (a), ==, plug_rb_table_get_size (b));
  for (guint i = 0; i < plug_rb_table_get_size (a); i++) {
    const PlugRbEntry *x = plug_rb_table_get (a, i), *y = plug_rb_table_get (b, i);

    g_assert_cmpint (plug_rb_entry_compare_place (x, y), ==, 0);
    g_assert_true (plug_rb_entry_equal (x, y));
  }
}

static void
test_round_trip (void)
{
  g_autoptr(PlugRbTable) a = make_table (TRUE);
  g_autoptr(GBytes) bytes = plug_rb_table_get_bytes (a);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbTable) b = plug_rb_table_new_from_bytes (bytes, &error);

  g_assert_no_error (error);
  assert_same (a, b);
  g_assert_nonnull (plug_rb_table_find (b, "user", "a/x\xff"));
  g_assert_null (plug_rb_table_find (b, "user", "a/none"));
}

static void
test_pack (void)
{
  const PlugRbLook look = { 1, 2, 3, 4, TRUE, FALSE, FALSE };
  g_autoptr(PlugRbTable) a = plug_rb_table_new ();
  g_autoptr(GBytes) pack = NULL;
  g_autoptr(PlugRbTable) b = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    plug_rb_table_add_seen (a, &rows[i], i == 3 ? &look : NULL);
  plug_rb_table_close (a);
  pack = plug_rb_table_pack (a);
  b = plug_rb_table_new_from_pack (pack);
  g_assert_nonnull (b);
  assert_same (a, b);
  g_assert_true (plug_rb_table_looks_like (a, b));

  for (gsize length = 0; length < g_bytes_get_size (pack); length += 7) {
    g_autoptr(GBytes) part = g_bytes_new_from_bytes (pack, 0, length);

    g_assert_null (plug_rb_table_new_from_pack (part));
  }
}

/* A table that is like another takes its name over, and one that differs by a nanosecond does not.
 */
static void
test_like (void)
{
  g_autoptr(PlugRbTable) a = make_table (FALSE);
  g_autoptr(PlugRbTable) same = plug_rb_table_new ();
  g_autoptr(PlugRbTable) other = plug_rb_table_new ();
  g_autoptr(PlugRbTable) anew = plug_rb_table_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    PlugRbEntry row = rows[i];

    plug_rb_table_add (same, &row);
    row.nsec += i == 0;
    plug_rb_table_add (other, &row);
    plug_rb_table_add (anew, &row);
  }
  plug_rb_table_close_like (same, a);
  plug_rb_table_close_like (other, a);
  plug_rb_table_close (anew);

  assert_same (same, a);
  assert_same (other, anew);
  g_assert_cmpstr (plug_rb_table_get_sha256 (other), !=, plug_rb_table_get_sha256 (a));
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

#define HARD_LINK(path, first)                                                                     \
  "{\"part\":\"user\",\"path\":\"" path                                                            \
  "\",\"type\":\"file\",\"mode\":420,\"mtime\":1,\"nsec\":0,\"size\":1,\"sha256\":\"" SHA          \
  "\",\"hard-link\":\"" first "\"}"
#define XATTR(name)                                                                                \
  "{\"part\":\"user\",\"path\":\"\",\"type\":\"folder\",\"mode\":493,\"xattrs\":{\"" name          \
  "\":\"YQ==\"}}"

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
  { "part-leading-out", "{\"part\":\"a/..\",\"path\":\"\",\"type\":\"folder\",\"mode\":493}" },
  { "part-hidden", "{\"part\":\"a/.b\",\"path\":\"\",\"type\":\"folder\",\"mode\":493}" },
  { "part-without-name", "{\"part\":\"a/\",\"path\":\"\",\"type\":\"folder\",\"mode\":493}" },
  { "part-of-part", "{\"part\":\"a/b/c\",\"path\":\"\",\"type\":\"folder\",\"mode\":493}" },
  { "not-an-object", "1" },
  { "linked-to-nothing", FOLDER ("") "," PLAIN ("a") "," HARD_LINK ("b", "c") },
  { "linked-to-a-later", FOLDER ("") "," HARD_LINK ("a", "b") "," PLAIN ("b") },
  { "linked-out", FOLDER ("") "," PLAIN ("a") "," HARD_LINK ("b", "../a") },
  { "linked-to-a-link", FOLDER ("") "," LINK ("a") "," HARD_LINK ("b", "a") },
  { "trusted-attribute", XATTR ("trusted.a") },
  { "security-attribute", XATTR ("security.capability") },
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

/* ---- choosing some of it */

static char *
list_paths (PlugRbTable *table)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < plug_rb_table_get_size (table); i++)
    g_string_append_printf (list, "%s|", plug_rb_table_get (table, i)->path);

  return g_string_free_and_steal (list);
}

static void
test_filter (void)
{
  static const struct {
    const char *path;
    const char *chosen;
  } cases[] = {
    { "a-b", "|a-b|" },
    { "a", "|a|a/l|a/x\xff|a/y|" },
    { "a/", "|a|a/l|a/x\xff|a/y|" },
    { "./a//l", "|a|a/l|" },
    { ".", "|\x01\"\\|a|a/l|a/x\xff|a/y|a-b|a.b|" },
    { "", "|\x01\"\\|a|a/l|a/x\xff|a/y|a-b|a.b|" },
  };
  g_autoptr(PlugRbTable) table = make_table (FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *const paths[] = { cases[i].path, NULL };
    g_autoptr(GError) error = NULL;
    g_autoptr(PlugRbTable) some = plug_rb_table_filter (table, "user", paths, &error);
    g_autofree char *paths_in_it = NULL;

    g_assert_no_error (error);
    paths_in_it = list_paths (some);
    g_assert_cmpstr (paths_in_it, ==, cases[i].chosen);
    for (guint j = 0; j < plug_rb_table_get_size (some); j++) {
      const PlugRbEntry *entry = plug_rb_table_get (some, j);

      g_assert_true (plug_rb_entry_equal (entry, plug_rb_table_find (table, "user", entry->path)));
    }
  }
}

/* What a file was another name of need not be chosen. */
static void
test_filter_hard_link (void)
{
  const char *const paths[] = { "a/y", NULL };
  g_autoptr(PlugRbTable) table = make_table (FALSE);
  g_autoptr(PlugRbTable) some = plug_rb_table_filter (table, "user", paths, NULL);
  g_autoptr(GBytes) bytes = plug_rb_table_get_bytes (some);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbTable) valid = plug_rb_table_new_from_bytes (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (plug_rb_table_get_size (some), ==, 3);
  g_assert_null (plug_rb_table_find (some, "user", "a/y")->hard_link);
  g_assert_cmpstr (plug_rb_table_find (some, "user", "a/y")->sha256, ==, SHA);
}

static void
test_filter_refuses (void)
{
  static const char *const bad[] = { "c", "b", "a/none", "a/l/x", "../a", "a/../b", "/a" };
  g_autoptr(PlugRbTable) table = make_table (FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    const char *const paths[] = { "a", bad[i], NULL };
    g_autoptr(GError) error = NULL;

    g_assert_null (plug_rb_table_filter (table, "user", paths, &error));
    g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
    g_assert_nonnull (strstr (error->message, bad[i]));
  }
}

static void
test_filter_part (void)
{
  const char *const paths[] = { "a", NULL };
  g_autoptr(PlugRbTable) table = make_table (FALSE);
  g_autoptr(GError) error = NULL;

  g_assert_null (plug_rb_table_filter (table, "system", paths, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/table/equal-states", test_equal_states);
  g_test_add_func ("/table/round-trip", test_round_trip);
  g_test_add_func ("/table/pack", test_pack);
  g_test_add_func ("/table/like", test_like);
  g_test_add_func ("/table/filter", test_filter);
  g_test_add_func ("/table/filter/hard-link", test_filter_hard_link);
  g_test_add_func ("/table/filter/refuses", test_filter_refuses);
  g_test_add_func ("/table/filter/part", test_filter_part);
  for (guint i = 0; i < G_N_ELEMENTS (attacks); i++) {
    g_autofree char *path = g_strconcat ("/table/refuses/", attacks[i].name, NULL);

    g_test_add_data_func (path, &attacks[i], test_refuses);
  }

  return g_test_run ();
}
