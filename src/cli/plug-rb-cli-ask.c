/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-ask.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

gboolean
plug_rb_cli_ask_is_possible (void)
{
  return isatty (STDIN_FILENO) && isatty (STDERR_FILENO);
}

/**
 * plug_rb_cli_ask:
 *
 * Asks a question at the terminal; standard output stays free for the result.
 *
 * Returns: %TRUE for a clear yes in the user's language or in English
 */
gboolean
plug_rb_cli_ask (const char *question)
{
  char answer[64];

  /* TRANSLATORS: a question, then the letters for yes and no, as your locale's yesexpr has them */
  g_printerr (_("%s [y/N] "), question);
  if (fgets (answer, sizeof answer, stdin) == NULL) {
    g_printerr ("\n");
    return FALSE;
  }

  return rpmatch (answer) == 1 || g_ascii_tolower (answer[0]) == 'y';
}
