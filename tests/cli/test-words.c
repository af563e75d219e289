/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* What plugrb understands and how it lays out what it says, piece by piece. */

#include "config.h"

#include <locale.h>

#include "plug-rb-cli-find.h"
#include "plug-rb-cli-short.h"
#include "plug-rb-cli-suggest.h"
#include "plug-rb-cli-table.h"

/* ---- tables */

static PlugRbCliTable *
make_table (void)
{
  PlugRbCliTable *table = plug_rb_cli_table_new ();

  plug_rb_cli_table_add_column (table, "Id", PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_column (table, "Name", PLUG_RB_CLI_COLUMN_FLEXIBLE);
  plug_rb_cli_table_add_column (table, "Size", PLUG_RB_CLI_COLUMN_RIGHT);
  plug_rb_cli_table_add_row (table, "a", "Caffeine and more", "1", NULL);
  plug_rb_cli_table_add_row (table, "long", "二つ", "100000", NULL);

  return table;
}

static void
test_table_aligns (void)
{
  g_autoptr(PlugRbCliTable) table = make_table ();
  g_autofree char *text = plug_rb_cli_table_to_string (table, 0);

  g_assert_cmpstr (text, ==,
                   "Id    Name                 Size\n"
                   "a     Caffeine and more       1\n"
                   "long  二つ               100000\n");
}

static void
test_table_fits (void)
{
  g_autoptr(PlugRbCliTable) table = make_table ();
  g_autofree char *text = plug_rb_cli_table_to_string (table, 24);

  g_assert_cmpstr (text, ==,
                   "Id    Name          Size\n"
                   "a     Caffeine …       1\n"
                   "long  二つ        100000\n");
}

static void
test_table_keeps_a_row_on_its_line (void)
{
  g_autoptr(PlugRbCliTable) table = plug_rb_cli_table_new ();
  g_autofree char *text = NULL;

  plug_rb_cli_table_add_column (table, "", PLUG_RB_CLI_COLUMN_LEFT);
  plug_rb_cli_table_add_row (table, "two\nlines\tand \xff", NULL);
  text = plug_rb_cli_table_to_string (table, 0);

  g_assert_cmpstr (text, ==, "two lines and \xef\xbf\xbd\n");
}

typedef struct {
  const char *text;
  guint width;
  const char *shortened;
} Shortening;

static const Shortening shortenings[] = {
  { "", 1, "" },          { "abc", 3, "abc" },           { "abcd", 3, "ab…" },
  { "abcd", 1, "…" },     { "二つの", 6, "二つの" },     { "二つの", 5, "二つ…" },
  { "二つの", 4, "二…" }, { "e\u0301a", 2, "e\u0301a" },
};

static void
test_shorten (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (shortenings); i++) {
    g_autofree char *text = plug_rb_cli_text_shorten (shortenings[i].text, shortenings[i].width);

    g_assert_cmpstr (text, ==, shortenings[i].shortened);
    g_assert_cmpuint (plug_rb_cli_text_get_width (text), <=, shortenings[i].width);
  }
}

/* ---- ids */

static void
test_short_ids (void)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();

  g_assert_cmpuint (plug_rb_cli_short_count (ids), ==, 13);
  g_ptr_array_add (ids, (char *) "01a20533-9b59-7434-b2ce-26e13338eb11");
  g_ptr_array_add (ids, (char *) "01a20533-9d81-7434-b2ce-26e13338eb11");
  g_assert_cmpuint (plug_rb_cli_short_count (ids), ==, 13);
  g_ptr_array_add (ids, (char *) "01a20533-9b59-7430-b2ce-26e13338eb11");
  g_assert_cmpuint (plug_rb_cli_short_count (ids), ==, 18);
}

/* ---- times */

typedef struct {
  const char *text;
  const char *time;
} Moment;

#define NOW "2026-11-22T14:05:30+01:00"

static const Moment moments[] = {
  { "2026-11-20", "2026-11-20T23:59:59+01:00" },
  { "2026-11-20 14:05", "2026-11-20T14:05:59+01:00" },
  { "2026-11-20T14:05", "2026-11-20T14:05:59+01:00" },
  { "2026-11-20 14:05:07", "2026-11-20T14:05:07+01:00" },
  { "2026-11-20T14:05:07Z", "2026-11-20T14:05:07Z" },
  { "2026-11-20T14:05:07.25Z", "2026-11-20T14:05:07Z" },
  { "2026-11-20T14:05-05:00", "2026-11-20T14:05:59-05:00" },
  { "09:30", "2026-11-22T09:30:59+01:00" },
  { "09:30:15", "2026-11-22T09:30:15+01:00" },
  { "", NULL },
  { "37", NULL },
  { "1.2.3", NULL },
  { "2026-13-45", NULL },
  { "2026-11-20 25:00", NULL },
  { "2026-11-20 ", NULL },
  { "20261120", NULL },
  { "yesterday", NULL },
};

static void
test_times (void)
{
  g_autoptr(GDateTime) now = g_date_time_new_from_iso8601 (NOW, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (moments); i++) {
    g_autoptr(GDateTime) time = plug_rb_cli_find_time (moments[i].text, now);
    g_autoptr(GDateTime) wanted =
        moments[i].time ? g_date_time_new_from_iso8601 (moments[i].time, NULL) : NULL;

    g_test_message ("%s", moments[i].text);
    g_assert_true ((time == NULL) == (wanted == NULL));
    if (wanted != NULL)
      g_assert_cmpint (g_date_time_compare (time, wanted), ==, 0);
  }
}

/* ---- commands */

static void
test_suggestions (void)
{
  static const char *const words[] = { "list", "snapshot", "snapshots", "rollback", "undo", NULL };

  g_assert_cmpstr (plug_rb_cli_suggest ("lsit", words), ==, "list");
  g_assert_cmpstr (plug_rb_cli_suggest ("rolback", words), ==, "rollback");
  g_assert_cmpstr (plug_rb_cli_suggest ("snap", words), ==, "snapshot");
  g_assert_cmpstr (plug_rb_cli_suggest ("snapshot", words), ==, "snapshot");
  g_assert_null (plug_rb_cli_suggest ("frobnicate", words));
  g_assert_null (plug_rb_cli_suggest ("x", words));
  g_assert_null (plug_rb_cli_suggest ("", words));
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/table/aligns", test_table_aligns);
  g_test_add_func ("/table/fits", test_table_fits);
  g_test_add_func ("/table/keeps-a-row-on-its-line", test_table_keeps_a_row_on_its_line);
  g_test_add_func ("/text/shorten", test_shorten);
  g_test_add_func ("/ids/short", test_short_ids);
  g_test_add_func ("/times/read", test_times);
  g_test_add_func ("/commands/suggest", test_suggestions);

  return g_test_run ();
}
