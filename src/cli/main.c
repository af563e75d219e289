/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "plug-rb-cli-output.h"
#include "plug-rb-cli.h"
#include "plug-rb-demo.h"

/* The version is the same in all languages, and loading one takes a tenth of the time to say it. */
static gboolean
needs_language (int argc, char *argv[])
{
  return argc != 2 || !g_str_equal (argv[1], "--version");
}

int
main (int argc, char *argv[])
{
  g_auto(GStrv) arguments = NULL;

  if (needs_language (argc, argv))
    setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (plug_rb_demo_is_child (argc, argv))
    return plug_rb_demo_child_main (argc, argv);

  plug_rb_cli_output_init ();

  arguments = g_strdupv (argv);
  return plug_rb_cli_main (&arguments);
}
