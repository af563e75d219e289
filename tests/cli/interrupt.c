/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* interrupt CHECKPOINT SNAPSHOT - rolls back, and is killed at that point. */

#include <signal.h>

#include "plug-rb-engine.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-transaction.h"

static const char *wanted;

static void
die_there (const char *name)
{
  if (g_str_equal (name, wanted))
    raise (SIGKILL);
}

int
main (int argc, char *argv[])
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbEngine) engine = plug_rb_engine_open (NULL, &error);
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  g_autoptr(GPtrArray) targets = g_ptr_array_new_with_free_func (g_object_unref);
  PlugRbSnapshot *target;

  if (argc != 3 || engine == NULL ||
      !(target = plug_rb_engine_find_snapshot (engine, argv[2], &error)))
    return 2;

  g_ptr_array_add (targets, target);
  wanted = argv[1];
  plug_rb_transaction_set_checkpoint (die_there);
  plug_rb_engine_rollback (engine, targets, PLUG_RB_SCOPE_ALL, operation, NULL, &error);

  return 1;
}
