/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "plug-rb-hash.h"
#include "plug-rb-id.h"

#define N_IDS 100000
#define N_THREADS 4

/* The examples of FIPS 180. */
static const struct {
  const char *name;
  const char *text;
  const char *hash;
} known[] = {
  { "empty", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
  { "abc", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
  { "two-blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
};

static void
test_known (gconstpointer data)
{
  const char *text = known[GPOINTER_TO_SIZE (data)].text;
  g_autofree char *whole = plug_rb_hash_bytes (text, strlen (text));
  g_autoptr(PlugRbHash) hash = plug_rb_hash_new ();
  g_autofree char *pieces = NULL;

  for (const char *p = text; *p != '\0'; p++)
    plug_rb_hash_update (hash, p, 1);
  pieces = plug_rb_hash_finish (hash);

  g_assert_cmpstr (whole, ==, known[GPOINTER_TO_SIZE (data)].hash);
  g_assert_cmpstr (pieces, ==, whole);
}

static void
test_reuse (void)
{
  g_autoptr(PlugRbHash) hash = plug_rb_hash_new ();
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  plug_rb_hash_update (hash, "x", 1);
  first = plug_rb_hash_finish (hash);
  plug_rb_hash_update (hash, NULL, 0);
  plug_rb_hash_update (hash, "x", 1);
  second = plug_rb_hash_finish (hash);

  g_assert_cmpstr (first, ==, second);
}

static void
test_hash_valid (void)
{
  g_autofree char *upper = g_ascii_strup (known[0].hash, -1);
  g_autofree char *longer = g_strconcat (known[0].hash, "0", NULL);

  g_assert_true (plug_rb_hash_is_valid (known[0].hash));
  g_assert_false (plug_rb_hash_is_valid (NULL));
  g_assert_false (plug_rb_hash_is_valid (""));
  g_assert_false (plug_rb_hash_is_valid (known[0].hash + 1));
  g_assert_false (plug_rb_hash_is_valid (upper));
  g_assert_false (plug_rb_hash_is_valid (longer));
  g_assert_false (
      plug_rb_hash_is_valid ("../../../../../../../../../../../../../../../../etc/passwd"));
}

static void
test_ids_ascend (void)
{
  g_autofree char *last = plug_rb_id_new ();

  for (guint i = 0; i < N_IDS; i++) {
    char *next = plug_rb_id_new ();

    g_assert_true (plug_rb_id_is_valid (next));
    g_assert_cmpstr (last, <, next);
    g_free (last);
    last = next;
  }
}

static gpointer
make_ids (gpointer data)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < N_IDS / N_THREADS; i++)
    g_ptr_array_add (ids, plug_rb_id_new ());

  return ids;
}

static void
test_ids_differ (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("ids", make_ids, NULL);

  for (guint i = 0; i < N_THREADS; i++) {
    g_autoptr(GPtrArray) ids = g_thread_join (threads[i]);

    for (guint j = 0; j < ids->len; j++)
      g_assert_true (g_hash_table_add (seen, g_strdup (ids->pdata[j])));
  }
}

static void
test_id_time (void)
{
  g_autoptr(GDateTime) before = g_date_time_new_now_utc ();
  g_autofree char *id = plug_rb_id_new ();
  g_autoptr(GDateTime) time = plug_rb_id_get_time (id);
  g_autoptr(GDateTime) known_time = plug_rb_id_get_time ("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
  g_autofree char *text = g_date_time_format_iso8601 (known_time);

  g_assert_cmpint (ABS (g_date_time_difference (time, before)), <, 60 * G_TIME_SPAN_SECOND);
  /* The example of RFC 9562. */
  g_assert_cmpstr (text, ==, "2022-02-22T19:22:22Z");
}

static void
test_id_valid (void)
{
  g_assert_true (plug_rb_id_is_valid ("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
  g_assert_false (plug_rb_id_is_valid (NULL));
  g_assert_false (plug_rb_id_is_valid (""));
  g_assert_false (plug_rb_id_is_valid ("017f22e2-79b0-4cc3-98c4-dc0c0c07398f"));
  g_assert_false (plug_rb_id_is_valid ("017f22e2-79b0-7cc3-18c4-dc0c0c07398f"));
  g_assert_false (plug_rb_id_is_valid ("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"));
  g_assert_false (plug_rb_id_is_valid ("017f22e2-79b0-7cc3-98c4-dc0c0c07398f0"));
  g_assert_false (plug_rb_id_is_valid ("017f22e2-79b0-7cc3-98c4-dc0c0c0739/."));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++) {
    g_autofree char *path = g_strconcat ("/hash/known/", known[i].name, NULL);

    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_known);
  }
  g_test_add_func ("/hash/reuse", test_reuse);
  g_test_add_func ("/hash/valid", test_hash_valid);
  g_test_add_func ("/id/ascend", test_ids_ascend);
  g_test_add_func ("/id/differ-in-threads", test_ids_differ);
  g_test_add_func ("/id/time", test_id_time);
  g_test_add_func ("/id/valid", test_id_valid);

  return g_test_run ();
}
