/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "fuzz.h"
#include "plug-rb-host-file.h"
#include "plug-rb-host.h"

/* A host's description, and what is done with one that is valid. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *path = fuzz_put ("fuzz.host", data, size);
  g_autoptr(PlugRbHost) host = plug_rb_host_load (path, NULL);
  g_autoptr(GPtrArray) parts = host ? plug_rb_host_list_parts (host, "a@b") : NULL;

  for (guint i = 0; parts != NULL && i < parts->len; i++)
    g_assert_true (g_path_is_absolute (((PlugRbPart *) parts->pdata[i])->path));

  return 0;
}
