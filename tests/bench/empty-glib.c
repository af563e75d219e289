/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* What starting any program costs that uses GLib and GIO: the measure for `plugrb --version`. */

#include <gio/gio.h>

int
main (void)
{
  g_type_ensure (G_TYPE_CANCELLABLE);
  g_print ("%s\n", g_get_user_data_dir ());

  return 0;
}
