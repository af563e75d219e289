/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>

#include "plug-rb-cli-json.h"
#include "plug-rb-cli-progress.h"
#include "plug-rb-cli-signals.h"
#include "plug-rb-cli.h"
#include "plug-rb-extract.h"
#include "plug-rb-json.h"
#include "plug-rb-snapshot.h"

static char *folder;
static gboolean settings;
static gboolean force;

static const GOptionEntry options[] = {
  { "to", 0, 0, G_OPTION_ARG_FILENAME, &folder, N_("A new or an empty folder for the files"),
    N_("DIR") },
  { "settings", 0, 0, G_OPTION_ARG_NONE, &settings, N_("Take out the settings too, as JSON"),
    NULL },
  { "force", 0, 0, G_OPTION_ARG_NONE, &force,
    N_("Replace a folder that is not empty; it is kept as DIR~"), NULL },
  { NULL },
};

static void
print_json (PlugRbSnapshot *snapshot, const PlugRbExtraction *extraction)
{
  JsonObject *json = json_object_new ();
  g_autofree char *path = g_canonicalize_filename (extraction->folder, NULL);

  plug_rb_json_set_string (json, "snapshot", plug_rb_snapshot_get_id (snapshot));
  plug_rb_json_set_string (json, "path", path);
  json_object_set_int_member (json, "files", extraction->n_files);
  plug_rb_json_set_string (json, "backup", extraction->backup);
  plug_rb_cli_json_print_object (json);
}

static void
print_text (const PlugRbExtraction *extraction)
{
  guint n = extraction->n_files;

  g_print (ngettext ("%u file taken out to “%s”\n", "%u files taken out to “%s”\n", n), n,
           extraction->folder);
  if (extraction->backup != NULL)
    g_print (_("The folder that was there is now “%s”\n"), extraction->backup);
}

static gboolean
extract (PlugRbCli *cli, PlugRbSnapshot *snapshot, PlugRbExtraction *extraction, GError **error)
{
  /* It is only there to show the progress. */
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  g_autoptr(PlugRbCliProgress) progress = plug_rb_cli_progress_new (operation);

  plug_rb_cli_signals_cancel (cli->cancellable);

  return plug_rb_engine_extract (cli->engine, snapshot, extraction, operation, cli->cancellable,
                                 error);
}

static gboolean
run (PlugRbCli *cli, GError **error)
{
  g_autoptr(PlugRbSnapshot) snapshot = NULL;
  PlugRbExtraction extraction = { .folder = folder, .settings = settings, .force = force };

  if (folder == NULL || *folder == '\0') {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                         _("“extract” needs --to DIR"));
    return FALSE;
  }

  if (!(snapshot = plug_rb_engine_find_snapshot (cli->engine, cli->arguments[0], error)))
    return FALSE;

  if (cli->arguments[1] != NULL)
    extraction.paths = (const char *const *) cli->arguments + 1;
  if (!extract (cli, snapshot, &extraction, error))
    return FALSE;

  if (cli->json)
    print_json (snapshot, &extraction);
  else
    print_text (&extraction);
  g_free (extraction.backup);

  return TRUE;
}

const PlugRbCliCommand plug_rb_cli_command_extract = {
  .name = "extract",
  .parameters = N_("SNAPSHOT [PATH…]"),
  .summary = N_("Take files out of a snapshot into a folder"),
  .description = N_("The plugin itself is not touched. With --settings, or where a plugin has "
                    "several folders, DIR\n"
                    "gets the layout of the archive: files/PART/… and settings/….\n\n"
                    "Example:\n  plugrb extract 019a8f3c extension.js --to /tmp/old"),
  .options = options,
  .min = 1,
  .max = -1,
  .run = run,
};
