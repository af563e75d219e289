/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-error.h"

#include <errno.h>
#include <gio/gio.h>

#define BUS_PREFIX "io.github.plugrb.PluginRollback.Error."

static const GDBusErrorEntry entries[] = {
  { PLUG_RB_ERROR_FAILED, BUS_PREFIX "Failed" },
  { PLUG_RB_ERROR_NOT_FOUND, BUS_PREFIX "NotFound" },
  { PLUG_RB_ERROR_AMBIGUOUS, BUS_PREFIX "Ambiguous" },
  { PLUG_RB_ERROR_INVALID, BUS_PREFIX "Invalid" },
  { PLUG_RB_ERROR_CORRUPT, BUS_PREFIX "Corrupt" },
  { PLUG_RB_ERROR_TOO_NEW, BUS_PREFIX "TooNew" },
  { PLUG_RB_ERROR_BUSY, BUS_PREFIX "Busy" },
  { PLUG_RB_ERROR_NO_SPACE, BUS_PREFIX "NoSpace" },
  { PLUG_RB_ERROR_NOT_WRITABLE, BUS_PREFIX "NotWritable" },
  { PLUG_RB_ERROR_CHANGING, BUS_PREFIX "Changing" },
  { PLUG_RB_ERROR_UNSUPPORTED, BUS_PREFIX "Unsupported" },
  { PLUG_RB_ERROR_TOO_LARGE, BUS_PREFIX "TooLarge" },
  { PLUG_RB_ERROR_NEEDS_USER, BUS_PREFIX "NeedsUser" },
  { PLUG_RB_ERROR_INTERRUPTED, BUS_PREFIX "Interrupted" },
  { PLUG_RB_ERROR_SETTINGS, BUS_PREFIX "Settings" },
  { PLUG_RB_ERROR_UNHEALTHY, BUS_PREFIX "Unhealthy" },
  { PLUG_RB_ERROR_EXHAUSTED, BUS_PREFIX "Exhausted" },
  { PLUG_RB_ERROR_UNMET, BUS_PREFIX "Unmet" },
};

static const char *const names[] = {
  [PLUG_RB_ERROR_FAILED] = "failed",
  [PLUG_RB_ERROR_NOT_FOUND] = "not-found",
  [PLUG_RB_ERROR_AMBIGUOUS] = "ambiguous",
  [PLUG_RB_ERROR_INVALID] = "invalid",
  [PLUG_RB_ERROR_CORRUPT] = "corrupt",
  [PLUG_RB_ERROR_TOO_NEW] = "too-new",
  [PLUG_RB_ERROR_BUSY] = "busy",
  [PLUG_RB_ERROR_NO_SPACE] = "no-space",
  [PLUG_RB_ERROR_NOT_WRITABLE] = "not-writable",
  [PLUG_RB_ERROR_CHANGING] = "changing",
  [PLUG_RB_ERROR_UNSUPPORTED] = "unsupported",
  [PLUG_RB_ERROR_TOO_LARGE] = "too-large",
  [PLUG_RB_ERROR_NEEDS_USER] = "needs-user",
  [PLUG_RB_ERROR_INTERRUPTED] = "interrupted",
  [PLUG_RB_ERROR_SETTINGS] = "settings",
  [PLUG_RB_ERROR_UNHEALTHY] = "unhealthy",
  [PLUG_RB_ERROR_EXHAUSTED] = "exhausted",
  [PLUG_RB_ERROR_UNMET] = "unmet",
};

G_STATIC_ASSERT (G_N_ELEMENTS (names) == G_N_ELEMENTS (entries));

/**
 * plug_rb_error_quark:
 *
 * The domain of all errors of the core. It is registered with D-Bus, so that an error keeps its
 * code on its way through the bus.
 */
GQuark
plug_rb_error_quark (void)
{
  static gsize quark;

  g_dbus_error_register_error_domain ("plug-rb-error-quark", &quark, entries,
                                      G_N_ELEMENTS (entries));
  return (GQuark) quark;
}

/**
 * plug_rb_error_get_name:
 * @error: any error
 *
 * Gives the word that stands for an error's code in the JSON formats. It never changes, unlike the
 * message.
 *
 * Returns: "not-found", "no-space" ...; "canceled" if the user stopped it; "failed" for what has no
 *   word of its own
 */
const char *
plug_rb_error_get_name (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return "canceled";

  if (error->domain != PLUG_RB_ERROR || error->code < 0 ||
      error->code >= (int) G_N_ELEMENTS (names))
    return names[PLUG_RB_ERROR_FAILED];

  return names[error->code];
}

/**
 * plug_rb_error_is_exhausted:
 * @error: (nullable): any error
 *
 * Returns: whether this process had no memory or could open no more files. That says nothing of
 * what it wanted to read: nobody may conclude that it is damaged, changed or missing.
 */
gboolean
plug_rb_error_is_exhausted (const GError *error)
{
  return g_error_matches (error, PLUG_RB_ERROR, PLUG_RB_ERROR_EXHAUSTED);
}

static PlugRbError
code_from_errno (int errsv)
{
  switch (errsv) {
  case ENOSPC:
  case EDQUOT:
    return PLUG_RB_ERROR_NO_SPACE;
  case EACCES:
  case EPERM:
  case EROFS:
    return PLUG_RB_ERROR_NOT_WRITABLE;
  case ENOENT:
    return PLUG_RB_ERROR_NOT_FOUND;
  case ELOOP:
    return PLUG_RB_ERROR_UNSUPPORTED;
  case EMFILE:
  case ENFILE:
  case ENOMEM:
    return PLUG_RB_ERROR_EXHAUSTED;
  default:
    return PLUG_RB_ERROR_FAILED;
  }
}

/**
 * plug_rb_error_set_errno:
 * @error: (out) (optional): a place for the error
 * @errsv: a saved `errno`
 * @format: what failed, translated, without a full stop
 * @...: arguments of @format
 *
 * Makes an error of a failed system call: its code follows from @errsv, its message is what failed
 * and the system's words for why.
 */
void
plug_rb_error_set_errno (GError **error, int errsv, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  g_set_error (error, PLUG_RB_ERROR, code_from_errno (errsv), "%s: %s", what, g_strerror (errsv));
}
