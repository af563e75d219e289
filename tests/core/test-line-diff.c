/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* Comparing texts line by line: right for whatever there is, shortest for what is usual, soon over
 * for what is hostile. */

#include "plug-rb-line-diff.h"
#include "plug-rb-myers.h"

static PlugRbLineDiff *
diff (const char *from, gsize from_size, const char *to, gsize to_size)
{
  g_autoptr(GBytes) a = g_bytes_new (from, from_size);
  g_autoptr(GBytes) b = g_bytes_new (to, to_size);
  g_autoptr(GError) error = NULL;
  PlugRbLineDiff *result = plug_rb_line_diff_new (a, b, NULL, &error);

  g_assert_no_error (error);
  return result;
}

typedef struct {
  const char *name;
  const char *from;
  const char *to;
  const char *unified;
} Case;

static const Case cases[] = {
  { "same", "a\nb\n", "a\nb\n", "" },
  { "empty", "", "", "" },
  { "added", "", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n" },
  { "removed", "a\nb\n", "", "@@ -1,2 +0,0 @@\n-a\n-b\n" },
  { "changed", "a\nb\nc\n", "a\nX\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+X\n c\n" },
  { "inserted", "a\nc\n", "a\nb\nc\n", "@@ -1,2 +1,3 @@\n a\n+b\n c\n" },
  { "around", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nX\n6\n7\n8\n9\n",
    "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+X\n 6\n 7\n 8\n" },
  { "two-places", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n", "X\n1\n2\n3\n4\n5\n6\n7\n8\nY\n",
    "@@ -1,4 +1,4 @@\n-0\n+X\n 1\n 2\n 3\n@@ -7,4 +7,4 @@\n 6\n 7\n 8\n-9\n+Y\n" },
  { "near", "0\n1\n2\n3\n4\n5\n6\n7\n", "X\n1\n2\n3\n4\n5\n6\nY\n",
    "@@ -1,8 +1,8 @@\n-0\n+X\n 1\n 2\n 3\n 4\n 5\n 6\n-7\n+Y\n" },
  { "end-gone", "a\n", "a", "@@ -1,1 +1,1 @@\n-a\n+a\n\\ No newline at end of file\n" },
  { "no-end", "a\nb", "X\nb", "@@ -1,2 +1,2 @@\n-a\n+X\n b\n\\ No newline at end of file\n" },
  { "carriage-return", "a\r\n", "a\n", "@@ -1,1 +1,1 @@\n-a\u240d\n+a\n" },
  { "hostile-characters", "", "\x1b[2J\x7f\xc2\x9b\u202e\u2066x\n",
    "@@ -0,0 +1,1 @@\n+\u241b[2J\u2421\ufffd\ufffd\ufffdx\n" },
  { "latin-1", "", "na\xefve\n", "@@ -0,0 +1,1 @@\n+na\ufffdve\n" },
  { "tab-and-emoji", "", "\t👩\u200d🔧\n", "@@ -0,0 +1,1 @@\n+\t👩\u200d🔧\n" },
};

static void
test_case (gconstpointer data)
{
  const Case *sample = data;
  g_autoptr(PlugRbLineDiff) result =
      diff (sample->from, strlen (sample->from), sample->to, strlen (sample->to));
  g_autofree char *unified = plug_rb_line_diff_to_unified (result);

  g_assert_true (plug_rb_line_diff_get_is_text (result));
  g_assert_cmpstr (unified, ==, sample->unified);
}

static void
test_lines (void)
{
  const char from[] = "0\n1\n2\n3\n4\n5\nend", to[] = "0\n1\n2\n3\n4\nnew\nend";
  g_autoptr(PlugRbLineDiff) result = diff (from, strlen (from), to, strlen (to));
  const struct {
    PlugRbLineKind kind;
    guint old_number;
    guint new_number;
    const char *text;
  } expected[] = {
    { PLUG_RB_LINE_GAP, 0, 0, NULL },    { PLUG_RB_LINE_SAME, 3, 3, "2" },
    { PLUG_RB_LINE_SAME, 4, 4, "3" },    { PLUG_RB_LINE_SAME, 5, 5, "4" },
    { PLUG_RB_LINE_REMOVED, 6, 0, "5" }, { PLUG_RB_LINE_ADDED, 0, 6, "new" },
    { PLUG_RB_LINE_SAME, 7, 7, "end" },  { PLUG_RB_LINE_UNENDED, 0, 0, NULL },
  };

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (result)), ==, G_N_ELEMENTS (expected));
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (result), G_N_ELEMENTS (expected)));
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (result)) == PLUG_RB_TYPE_DIFF_LINE);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_autoptr(PlugRbDiffLine) line = g_list_model_get_item (G_LIST_MODEL (result), i);

    g_assert_cmpint (plug_rb_diff_line_get_kind (line), ==, expected[i].kind);
    g_assert_cmpuint (plug_rb_diff_line_get_old_number (line), ==, expected[i].old_number);
    g_assert_cmpuint (plug_rb_diff_line_get_new_number (line), ==, expected[i].new_number);
    g_assert_cmpstr (plug_rb_diff_line_get_text (line), ==, expected[i].text);
  }
  g_assert_cmpuint (plug_rb_line_diff_get_n_added (result), ==, 1);
  g_assert_cmpuint (plug_rb_line_diff_get_n_removed (result), ==, 1);
  g_assert_cmpuint (plug_rb_line_diff_get_last_number (result), ==, 7);
}

static void
assert_no_text (const char *from, gsize from_size, const char *to, gsize to_size)
{
  g_autoptr(PlugRbLineDiff) result = diff (from, from_size, to, to_size);

  g_assert_false (plug_rb_line_diff_get_is_text (result));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (result)), ==, 0);
  g_assert_cmpuint (plug_rb_line_diff_get_from_size (result), ==, from_size);
  g_assert_cmpuint (plug_rb_line_diff_get_to_size (result), ==, to_size);
}

static void
test_no_text (void)
{
  gsize size = PLUG_RB_LINE_DIFF_MOST_BYTES + 1;
  g_autofree char *large = g_malloc (size);
  g_autofree char *lines = g_malloc (PLUG_RB_LINE_DIFF_MOST_LINES + 1);

  memset (large, 'x', size);
  memset (lines, '\n', PLUG_RB_LINE_DIFF_MOST_LINES + 1);
  assert_no_text ("a\0b", 3, "a", 1);
  assert_no_text ("", 0, "\0", 1);
  assert_no_text (large, size, "a", 1);
  assert_no_text ("", 0, lines, PLUG_RB_LINE_DIFF_MOST_LINES + 1);
}

static void
test_long_line (void)
{
  g_autofree char *line = g_strnfill (PLUG_RB_LINE_DIFF_MOST_BYTES, 'x');
  g_autoptr(PlugRbLineDiff) result = diff ("", 0, line, strlen (line));
  g_autoptr(PlugRbDiffLine) first = g_list_model_get_item (G_LIST_MODEL (result), 0);

  g_assert_cmpuint (strlen (plug_rb_diff_line_get_text (first)), <, 2100);
  g_assert_true (g_str_has_suffix (plug_rb_diff_line_get_text (first), "…"));
}

/* ---- the search itself */

static guint
count (const guint8 *changed, guint n)
{
  guint sum = 0;

  for (guint i = 0; i < n; i++)
    sum += changed[i];

  return sum;
}

/* What is left of both sides must be the same. Returns the number of edits. */
static guint
compare (const guint *a, guint n_a, const guint *b, guint n_b)
{
  g_autofree guint8 *gone = g_new0 (guint8, n_a + 1);
  g_autofree guint8 *come = g_new0 (guint8, n_b + 1);
  const PlugRbSequence from = { a, n_a, gone }, to = { b, n_b, come };
  guint j = 0;

  g_assert_true (plug_rb_myers_compare (&from, &to, NULL, NULL));
  for (guint i = 0; i < n_a; i++) {
    if (gone[i])
      continue;
    while (j < n_b && come[j])
      j++;
    g_assert_cmpuint (j, <, n_b);
    g_assert_cmpuint (a[i], ==, b[j]);
    j++;
  }
  g_assert_cmpuint (n_a - count (gone, n_a), ==, n_b - count (come, n_b));

  return count (gone, n_a) + count (come, n_b);
}

/* The plain way, in quadratic time. */
static guint
count_edits (const guint *a, guint n_a, const guint *b, guint n_b)
{
  g_autofree guint *row = g_new0 (guint, n_b + 1);

  for (guint i = 0; i < n_a; i++) {
    guint corner = 0;

    for (guint j = 0; j < n_b; j++) {
      guint above = row[j + 1];

      row[j + 1] = a[i] == b[j] ? corner + 1 : MAX (above, row[j]);
      corner = above;
    }
  }

  return n_a + n_b - 2 * row[n_b];
}

static void
test_shortest (void)
{
  guint a[40], b[40];

  for (guint round = 0; round < 20000; round++) {
    guint n_a = g_test_rand_int_range (0, 40), n_b = g_test_rand_int_range (0, 40);
    guint letters = g_test_rand_int_range (1, 12);

    for (guint i = 0; i < 40; i++) {
      a[i] = g_test_rand_int_range (0, letters);
      b[i] = g_test_rand_int_range (0, letters);
    }
    g_assert_cmpuint (compare (a, n_a, b, n_b), ==, count_edits (a, n_a, b, n_b));
  }
}

typedef guint (*Make) (guint side, guint i);

static guint
make_noise (guint side, guint i)
{
  return g_test_rand_int_range (0, 1000);
}

static guint
make_two_letters (guint side, guint i)
{
  return g_test_rand_int_range (0, 2);
}

static guint
make_turned (guint side, guint i)
{
  return side ? PLUG_RB_LINE_DIFF_MOST_LINES - 1 - i : i;
}

static guint
make_waves (guint side, guint i)
{
  return side ? i % 7 != 0 : i % 5 != 0;
}

static guint
make_halves (guint side, guint i)
{
  return (i < PLUG_RB_LINE_DIFF_MOST_LINES / 2) == (side == 0);
}

/* As long as what is compared may be; without a bound each takes minutes or hours. */
static void
test_hostile (gconstpointer data)
{
  const guint n = PLUG_RB_LINE_DIFF_MOST_LINES;
  g_autofree guint *a = g_new (guint, n), *b = g_new (guint, n);
  gint64 start;

  for (guint i = 0; i < n; i++) {
    a[i] = ((Make) data) (0, i);
    b[i] = ((Make) data) (1, i);
  }

  start = g_get_monotonic_time ();
  compare (a, n, b, n);
  g_test_message ("%.2f s", (g_get_monotonic_time () - start) / 1e6);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 30 * G_USEC_PER_SEC);
}

static void
test_cancel (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GBytes) a = g_bytes_new_static ("a\nb\n", 4);
  g_autoptr(GBytes) b = g_bytes_new_static ("b\na\n", 4);
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (plug_rb_line_diff_new (a, b, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/line-diff/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/line-diff/lines", test_lines);
  g_test_add_func ("/line-diff/no-text", test_no_text);
  g_test_add_func ("/line-diff/long-line", test_long_line);
  g_test_add_func ("/line-diff/shortest", test_shortest);
  g_test_add_data_func ("/line-diff/hostile/noise", make_noise, test_hostile);
  g_test_add_data_func ("/line-diff/hostile/two-letters", make_two_letters, test_hostile);
  g_test_add_data_func ("/line-diff/hostile/turned", make_turned, test_hostile);
  g_test_add_data_func ("/line-diff/hostile/waves", make_waves, test_hostile);
  g_test_add_data_func ("/line-diff/hostile/halves", make_halves, test_hostile);
  g_test_add_func ("/line-diff/cancel", test_cancel);

  return g_test_run ();
}
