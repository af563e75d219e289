/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Ids of snapshots and operations: UUIDs of version 7, which sort by the time they were made. */

char *plug_rb_id_new (void);
gboolean plug_rb_id_is_valid (const char *id);
GDateTime *plug_rb_id_get_time (const char *id);

G_END_DECLS
