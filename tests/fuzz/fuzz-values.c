/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <string.h>

#include "fuzz.h"
#include "plug-rb-values.h"

/* Saved settings: what is read from them is written the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr(PlugRbValues) values =
      plug_rb_values_from_json ((const char *) data, (gssize) size, NULL);
  g_autofree char *written = values ? plug_rb_values_to_json (values) : NULL;
  g_autoptr(PlugRbValues) again =
      values ? plug_rb_values_from_json (written, (gssize) strlen (written), NULL) : NULL;
  g_autofree char *rewritten = again ? plug_rb_values_to_json (again) : NULL;

  if (values != NULL)
    g_assert_cmpstr (written, ==, rewritten);

  return 0;
}
