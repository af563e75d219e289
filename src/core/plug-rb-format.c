/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-format.h"

#include <glib/gi18n-lib.h>

/* Set once by a program with a desktop around it, before it formats anything. */
static gboolean twelve_hours_wanted;

static guint
count_days (GDateTime *time)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, g_date_time_get_day_of_month (time), g_date_time_get_month (time),
                  g_date_time_get_year (time));

  return g_date_get_julian (&date);
}

static char *
format_clock (GDateTime *local)
{
  if (twelve_hours_wanted)
    /* TRANSLATORS: the time of day on a twelve-hour clock, see g_date_time_format() */
    return g_date_time_format (local, _("%-I:%M %p"));

  /* TRANSLATORS: the time of day on a 24-hour clock, see g_date_time_format() */
  return g_date_time_format (local, _("%H:%M"));
}

static char *
format_day (GDateTime *local, int days_ago)
{
  if (days_ago == 0)
    return g_strdup (_("Today"));
  if (days_ago == 1)
    return g_strdup (_("Yesterday"));
  if (days_ago > 1 && days_ago < 7)
    return g_date_time_format (local, "%A");

  /* TRANSLATORS: day, month and year in your order, see g_date_time_format() */
  return g_date_time_format (local, _("%-d %b %Y"));
}

static char *
format_recent (GTimeSpan age)
{
  int minutes = (int) (age / G_TIME_SPAN_MINUTE);

  if (minutes == 0)
    return g_strdup (_("Just now"));

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d minute ago", "%d minutes ago", minutes),
                          minutes);
}

/**
 * plug_rb_format_time:
 * @then: the time to format
 * @now: the present, in the zone whose times are shown
 *
 * Formats a time the way a person would say it: relative for a week, absolute after that and for
 * what a wrong clock has put into the future.
 *
 * Returns: (transfer full): a translated text
 */
char *
plug_rb_format_time (GDateTime *then, GDateTime *now)
{
  GTimeSpan age;
  g_autoptr(GDateTime) local = NULL;
  g_autofree char *day = NULL;
  g_autofree char *clock = NULL;

  g_return_val_if_fail (then != NULL, NULL);
  g_return_val_if_fail (now != NULL, NULL);

  age = g_date_time_difference (now, then);
  if (age >= 0 && age < G_TIME_SPAN_HOUR)
    return format_recent (age);

  /* Not the local zone, which GLib would look up on the disk each time. */
  local = g_date_time_to_timezone (then, g_date_time_get_timezone (now));
  day = format_day (local, (int) count_days (now) - (int) count_days (local));
  clock = format_clock (local);

  /* TRANSLATORS: a day and a time of that day: “Yesterday, 14:05” */
  return g_strdup_printf (_("%s, %s"), day, clock);
}

/**
 * plug_rb_format_time_full:
 * @then: the time to format
 *
 * Formats a time in full, as a tooltip shows it: weekday, date, time and zone.
 *
 * Returns: (transfer full): a translated text
 */
char *
plug_rb_format_time_full (GDateTime *then)
{
  g_autoptr(GDateTime) local = NULL;

  g_return_val_if_fail (then != NULL, NULL);

  local = g_date_time_to_local (then);
  if (twelve_hours_wanted)
    /* TRANSLATORS: the full date and time on a twelve-hour clock, see g_date_time_format() */
    return g_date_time_format (local, _("%A, %-d %B %Y, %-I:%M:%S %p %Z"));

  /* TRANSLATORS: the full date and time on a 24-hour clock, see g_date_time_format() */
  return g_date_time_format (local, _("%A, %-d %B %Y, %H:%M:%S %Z"));
}

/**
 * plug_rb_format_day:
 * @then: the time to format
 * @now: the present, in the zone whose days are shown
 *
 * Formats the day of a time alone, as the heading of all that happened on it: “Today”, a weekday
 * for a week, a date after that.
 *
 * Returns: (transfer full): a translated text
 */
char *
plug_rb_format_day (GDateTime *then, GDateTime *now)
{
  g_autoptr(GDateTime) local = NULL;

  g_return_val_if_fail (then != NULL, NULL);
  g_return_val_if_fail (now != NULL, NULL);

  local = g_date_time_to_timezone (then, g_date_time_get_timezone (now));
  return format_day (local, (int) count_days (now) - (int) count_days (local));
}

/**
 * plug_rb_format_clock:
 * @then: the time to format
 * @now: the present, in the zone whose times are shown
 *
 * Formats the time of day alone, as it stands below the heading of a day.
 *
 * Returns: (transfer full): a translated text
 */
char *
plug_rb_format_clock (GDateTime *then, GDateTime *now)
{
  g_autoptr(GDateTime) local = NULL;

  g_return_val_if_fail (then != NULL, NULL);
  g_return_val_if_fail (now != NULL, NULL);

  local = g_date_time_to_timezone (then, g_date_time_get_timezone (now));
  return format_clock (local);
}

/**
 * plug_rb_format_set_twelve_hours:
 * @twelve_hours: whether times of day are shown on a twelve-hour clock
 *
 * Follows the desktop's clock format. The core knows no desktop, so the program has to say it;
 * without a call it is a 24-hour clock.
 */
void
plug_rb_format_set_twelve_hours (gboolean twelve_hours)
{
  twelve_hours_wanted = twelve_hours;
}
