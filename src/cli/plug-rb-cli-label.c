/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-edit.h"
#include "plug-rb-cli.h"

static gboolean
run (PlugRbCli *cli, GError **error)
{
  return plug_rb_cli_edit_text (cli, plug_rb_engine_set_label, _("label set"), _("label removed"),
                                error);
}

const PlugRbCliCommand plug_rb_cli_command_label = {
  .name = "label",
  .parameters = N_("SNAPSHOT TEXT"),
  .summary = N_("Give a snapshot a name"),
  .description =
      N_("An empty text takes the label away. No clean-up deletes a snapshot that has one.\n\n"
         "Example:\n  plugrb label 019b1c2d-3e4f \"Before the talk\""),
  .min = 2,
  .max = 2,
  .writes = TRUE,
  .run = run,
};
