/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <glib/gstdio.h>

#include "fuzz.h"
#include "plug-rb-schema-file.h"

/* Compiled schemas, which lie in a plugin's folder. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *path = fuzz_put ("gschemas.compiled", data, size);
  g_autofd int fd = fuzz_open_folder ();
  g_autoptr(GPtrArray) schemas = plug_rb_schema_file_read (fd, NULL);

  return 0;
}
