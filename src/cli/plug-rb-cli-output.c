/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define REPLACEMENT 0xfffd

static int output_errno;

/* A program that was started without standard streams must not open the store's files in their
 * place. */
static void
open_standard_streams (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) < 0 && errno == EBADF && open ("/dev/null", O_RDWR) < 0)
      _exit (1);
}

/* Most texts are. */
static gboolean
is_harmless (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (*at != '\n' &&
        ((guchar) *at < 0x80 ? g_ascii_iscntrl (*at) : g_unichar_iscntrl (g_utf8_get_char (at))))
      return FALSE;

  return TRUE;
}

static char *
replace_controls (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *safe;

  if (is_harmless (valid))
    return g_steal_pointer (&valid);

  safe = g_string_sized_new (strlen (valid));

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar character = g_utf8_get_char (at);

    if (character != '\n' && g_unichar_iscntrl (character))
      character = REPLACEMENT;
    g_string_append_unichar (safe, character);
  }

  return g_string_free_and_steal (safe);
}

/* iconv's own transliteration is of no use: GLib takes it for a failure. */
static char *
transliterate (const char *text)
{
  static const char *const pairs[][2] = {
    { "“", "\"" },  { "”", "\"" }, { "‘", "'" },  { "’", "'" },
    { "…", "..." }, { "–", "-" },  { "→", "->" }, { "×", "x" },
  };
  GString *plain = g_string_new (text);

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_string_replace (plain, pairs[i][0], pairs[i][1], 0);

  return g_string_free_and_steal (plain);
}

static char *
convert (const char *text)
{
  const char *charset;
  g_autofree char *plain = NULL;

  if (g_get_charset (&charset))
    return g_strdup (text);

  plain = transliterate (text);
  return g_convert_with_fallback (plain, -1, charset, "UTF-8", "?", NULL, NULL, NULL);
}

static void
write_to (FILE *stream, const char *text)
{
  if (fputs (text, stream) == EOF && stream == stdout && output_errno == 0)
    output_errno = errno;
}

static void
print (FILE *stream, const char *text)
{
  g_autofree char *safe = replace_controls (text);
  g_autofree char *converted = convert (safe);

  if (converted != NULL)
    write_to (stream, converted);
}

static void
print_output (const char *text)
{
  print (stdout, text);
}

static void
print_error (const char *text)
{
  fflush (stdout);
  print (stderr, text);
  fflush (stderr);
}

void
plug_rb_cli_output_init (void)
{
  open_standard_streams ();
  signal (SIGPIPE, SIG_IGN);
  g_set_print_handler (print_output);
  g_set_printerr_handler (print_error);
}

void
plug_rb_cli_output_write (const char *text)
{
  write_to (stdout, text);
}

/**
 * plug_rb_cli_output_close:
 *
 * Writes what is still buffered. A reader that has gone away is no error.
 *
 * Returns: %FALSE if standard output did not take everything
 */
gboolean
plug_rb_cli_output_close (GError **error)
{
  if (fflush (stdout) == EOF && output_errno == 0)
    output_errno = errno;

  if (output_errno == 0 || output_errno == EPIPE)
    return TRUE;

  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (output_errno),
               _("Standard output cannot be written: %s"), g_strerror (output_errno));
  return FALSE;
}

gboolean
plug_rb_cli_output_is_terminal (int fd)
{
  return isatty (fd) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

/**
 * plug_rb_cli_output_get_width:
 *
 * Returns: columns of the terminal, or 0 if it is none: nothing is shortened then
 */
guint
plug_rb_cli_output_get_width (int fd)
{
  struct winsize size;

  if (!isatty (fd) || ioctl (fd, TIOCGWINSZ, &size) < 0)
    return 0;

  return size.ws_col;
}
