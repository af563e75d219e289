/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which groups and keys a host description may and must have, and what their values may be. */

void plug_rb_host_vocabulary_check (GKeyFile *file,
                                    const char *path,
                                    const char *text,
                                    GPtrArray *faults);
GKeyFile *plug_rb_host_vocabulary_parse (const char *path, const char *text, GError **error);

G_END_DECLS
