/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "fuzz.h"
#include "plug-rb-audit.h"

/* The audit log, whatever a crash or anybody left in it. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *path = fuzz_put ("audit.jsonl", data, size);
  g_autofree char *folder = g_path_get_dirname (path);

  plug_rb_audit_append (folder, "snapshot", "host/plugin", NULL, NULL);

  return 0;
}
