/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <locale.h>

#include "plug-rb-format.h"

typedef struct {
  const char *name;
  const char *then;
  const char *text;
} Case;

/* 22 November 2026 is a Sunday. */
#define NOW "2026-11-22T14:05:30Z"

static const Case cases[] = {
  { "now", "2026-11-22T14:05:30Z", "Just now" },
  { "seconds", "2026-11-22T14:04:31Z", "Just now" },
  { "minute", "2026-11-22T14:04:30Z", "1 minute ago" },
  { "minutes", "2026-11-22T13:05:31Z", "59 minutes ago" },
  { "hour", "2026-11-22T13:05:30Z", "Today, 13:05" },
  { "midnight", "2026-11-22T00:00:00Z", "Today, 00:00" },
  { "yesterday", "2026-11-21T23:59:59Z", "Yesterday, 23:59" },
  { "weekday", "2026-11-20T09:30:00Z", "Friday, 09:30" },
  { "six-days", "2026-11-16T00:00:00Z", "Monday, 00:00" },
  { "seven-days", "2026-11-15T23:59:59Z", "15 Nov 2026, 23:59" },
  { "year", "2026-03-12T14:05:00Z", "12 Mar 2026, 14:05" },
  { "other-zone", "2026-11-21T23:30:00-05:00", "Today, 04:30" },
  { "future-minute", "2026-11-22T14:06:30Z", "Today, 14:06" },
  { "future-day", "2026-11-23T10:00:00Z", "23 Nov 2026, 10:00" },
};

static void
test_time (gconstpointer data)
{
  const Case *item = data;
  g_autoptr(GDateTime) now = g_date_time_new_from_iso8601 (NOW, NULL);
  g_autoptr(GDateTime) then = g_date_time_new_from_iso8601 (item->then, NULL);
  g_autofree char *text = plug_rb_format_time (then, now);

  g_assert_cmpstr (text, ==, item->text);
}

static void
test_across_midnight (void)
{
  g_autoptr(GDateTime) now = g_date_time_new_from_iso8601 ("2026-11-22T00:10:00Z", NULL);
  g_autoptr(GDateTime) near = g_date_time_new_from_iso8601 ("2026-11-21T23:50:00Z", NULL);
  g_autoptr(GDateTime) far = g_date_time_new_from_iso8601 ("2026-11-21T22:50:00Z", NULL);
  g_autofree char *near_text = plug_rb_format_time (near, now);
  g_autofree char *far_text = plug_rb_format_time (far, now);

  g_assert_cmpstr (near_text, ==, "20 minutes ago");
  g_assert_cmpstr (far_text, ==, "Yesterday, 22:50");
}

static void
test_full (void)
{
  g_autoptr(GDateTime) then = g_date_time_new_from_iso8601 ("2026-03-12T14:05:09+01:00", NULL);
  g_autofree char *text = plug_rb_format_time_full (then);

  g_assert_cmpstr (text, ==, "Thursday, 12 March 2026, 13:05:09 UTC");
}

static void
test_twelve_hours (void)
{
  g_autoptr(GDateTime) now = g_date_time_new_from_iso8601 (NOW, NULL);
  g_autoptr(GDateTime) then = g_date_time_new_from_iso8601 ("2026-11-21T15:07:00Z", NULL);
  g_autofree char *text = NULL;
  g_autofree char *full = NULL;

  plug_rb_format_set_twelve_hours (TRUE);
  text = plug_rb_format_time (then, now);
  full = plug_rb_format_time_full (then);
  plug_rb_format_set_twelve_hours (FALSE);

  g_assert_cmpstr (text, ==, "Yesterday, 3:07 PM");
  g_assert_cmpstr (full, ==, "Saturday, 21 November 2026, 3:07:00 PM UTC");
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/format/time/%s", cases[i].name);

    g_test_add_data_func (path, &cases[i], test_time);
  }
  g_test_add_func ("/format/time/across-midnight", test_across_midnight);
  g_test_add_func ("/format/full", test_full);
  g_test_add_func ("/format/twelve-hours", test_twelve_hours);

  return g_test_run ();
}
