/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "fuzz.h"
#include "plug-rb-archive.h"

#define LIMIT 100000

/* A compressed file of the store: never more than was asked for. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GBytes) content = plug_rb_archive_decompress (bytes, LIMIT, NULL);

  if (content != NULL)
    g_assert_cmpuint (g_bytes_get_size (content), <=, LIMIT);

  return 0;
}
