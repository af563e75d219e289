/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes g_print() and g_printerr() safe for what a hostile plugin calls itself, for locales without
 * the typographic characters of our texts, and for readers that leave early. */
void plug_rb_cli_output_init (void);

/* Bytes for programs: as they are. */
void plug_rb_cli_output_write (const char *text);

gboolean plug_rb_cli_output_close (GError **error);

gboolean plug_rb_cli_output_is_terminal (int fd);
guint plug_rb_cli_output_get_width (int fd);

G_END_DECLS
