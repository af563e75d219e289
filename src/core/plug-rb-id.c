/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-id.h"

#include <sys/random.h>

#define COUNTER_MAX 0xfff

static void
fill_random (guint8 *bytes, gsize length)
{
  if (getrandom (bytes, length, 0) == (gssize) length)
    return;

  /* Ids need only differ, so an old kernel's lack of getrandom() is no reason to fail. */
  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) g_random_int ();
}

/* The clock may stand still or be set back: a counter of 12 bits orders what is made in the same
 * millisecond, and when it is used up, the next millisecond is taken early. */
static void
take_moment (gint64 *milliseconds, guint *counter)
{
  static GMutex mutex;
  static gint64 last;
  static guint count;
  gint64 now = g_get_real_time () / 1000;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&mutex);

  if (now > last) {
    last = now;
    /* The lower half only, so that there is room to count. */
    count = g_random_int_range (0, COUNTER_MAX / 2);
  } else if (++count > COUNTER_MAX) {
    last++;
    count = 0;
  }

  *milliseconds = last;
  *counter = count;
}

/**
 * plug_rb_id_new:
 *
 * Makes an id. Those that one process makes sort in the order of their making, whatever the clock
 * does.
 *
 * Returns: (transfer full): 36 characters in lower case
 */
char *
plug_rb_id_new (void)
{
  guint8 tail[8];
  gint64 milliseconds;
  guint counter;

  take_moment (&milliseconds, &counter);
  fill_random (tail, sizeof tail);

  return g_strdup_printf ("%08x-%04x-7%03x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                          (guint) (milliseconds >> 16) & 0xffffffffu,
                          (guint) milliseconds & 0xffffu, counter, (tail[0] & 0x3fu) | 0x80u,
                          tail[1], tail[2], tail[3], tail[4], tail[5], tail[6], tail[7]);
}

/**
 * plug_rb_id_is_valid:
 * @id: (nullable): text from outside
 *
 * Returns: whether @id is an id as plug_rb_id_new() makes them, and so also a safe file name
 */
gboolean
plug_rb_id_is_valid (const char *id)
{
  static const char pattern[] = "xxxxxxxx-xxxx-7xxx-yxxx-xxxxxxxxxxxx";

  if (id == NULL || strlen (id) != strlen (pattern))
    return FALSE;

  for (gsize i = 0; pattern[i] != '\0'; i++) {
    const char *fit = pattern[i] == 'x' ? "0123456789abcdef" : "89ab";

    if (pattern[i] == 'x' || pattern[i] == 'y' ? strchr (fit, id[i]) == NULL : id[i] != pattern[i])
      return FALSE;
  }

  return TRUE;
}

/**
 * plug_rb_id_get_time:
 * @id: a valid id
 *
 * Returns: (transfer full): when it was made, to the second
 */
GDateTime *
plug_rb_id_get_time (const char *id)
{
  gint64 milliseconds;

  g_return_val_if_fail (plug_rb_id_is_valid (id), NULL);

  milliseconds = (g_ascii_strtoll (id, NULL, 16) << 16) + g_ascii_strtoll (id + 9, NULL, 16);

  return g_date_time_new_from_unix_utc (milliseconds / 1000);
}
