/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-edit.h"
#include "plug-rb-cli.h"

static gboolean
run (PlugRbCli *cli, GError **error)
{
  return plug_rb_cli_edit_pin (cli, FALSE, error);
}

const PlugRbCliCommand plug_rb_cli_command_unpin = {
  .name = "unpin",
  .parameters = N_("SNAPSHOT…"),
  .summary = N_("No longer keep snapshots whatever happens"),
  .description = N_("Example:\n  plugrb unpin 019b1c2d-3e4f"),
  .min = 1,
  .max = -1,
  .writes = TRUE,
  .run = run,
};
