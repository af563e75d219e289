/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PLUG_RB_ERROR (plug_rb_error_quark ())

/**
 * PlugRbError:
 * @PLUG_RB_ERROR_NOT_FOUND: no plugin, snapshot or operation of that name
 * @PLUG_RB_ERROR_AMBIGUOUS: the name or prefix fits several
 * @PLUG_RB_ERROR_INVALID: the request itself is wrong (a bad plugin id, say)
 * @PLUG_RB_ERROR_CORRUPT: stored data or a manifest is damaged
 * @PLUG_RB_ERROR_TOO_NEW: the store was written by a newer version
 * @PLUG_RB_ERROR_BUSY: another process holds the lock
 * @PLUG_RB_ERROR_NO_SPACE: the disk is full or would be
 * @PLUG_RB_ERROR_NOT_WRITABLE: a folder or file that must be written cannot be
 * @PLUG_RB_ERROR_CHANGING: files change while they are read
 * @PLUG_RB_ERROR_UNSUPPORTED: a device, socket or set-id file, or a folder that is a symbolic link
 * @PLUG_RB_ERROR_TOO_LARGE: over the size limit
 * @PLUG_RB_ERROR_NEEDS_USER: only the user can decide
 * @PLUG_RB_ERROR_INTERRUPTED: something is half done; `plugrb recover` finishes it
 * @PLUG_RB_ERROR_SETTINGS: settings could not be read or written
 * @PLUG_RB_ERROR_UNHEALTHY: a plugin that was installed does not work
 * @PLUG_RB_ERROR_EXHAUSTED: no memory or no more open files: nothing is known of what was asked for
 * @PLUG_RB_ERROR_UNMET: another plugin is needed that cannot be had; the user may go on without it
 * @PLUG_RB_ERROR_FAILED: anything else
 *
 * One code per thing that a caller does differently. Errors of `G_IO_ERROR` and `G_FILE_ERROR` pass
 * through.
 */
typedef enum {
  PLUG_RB_ERROR_FAILED,
  PLUG_RB_ERROR_NOT_FOUND,
  PLUG_RB_ERROR_AMBIGUOUS,
  PLUG_RB_ERROR_INVALID,
  PLUG_RB_ERROR_CORRUPT,
  PLUG_RB_ERROR_TOO_NEW,
  PLUG_RB_ERROR_BUSY,
  PLUG_RB_ERROR_NO_SPACE,
  PLUG_RB_ERROR_NOT_WRITABLE,
  PLUG_RB_ERROR_CHANGING,
  PLUG_RB_ERROR_UNSUPPORTED,
  PLUG_RB_ERROR_TOO_LARGE,
  PLUG_RB_ERROR_NEEDS_USER,
  PLUG_RB_ERROR_INTERRUPTED,
  PLUG_RB_ERROR_SETTINGS,
  PLUG_RB_ERROR_UNHEALTHY,
  PLUG_RB_ERROR_EXHAUSTED,
  PLUG_RB_ERROR_UNMET,
} PlugRbError;

GQuark plug_rb_error_quark (void);
const char *plug_rb_error_get_name (const GError *error);
gboolean plug_rb_error_is_exhausted (const GError *error);
void plug_rb_error_set_errno (GError **error, int errsv, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

G_END_DECLS
