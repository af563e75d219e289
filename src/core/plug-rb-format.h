/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Times as people read them, in the local time zone. */

char *plug_rb_format_time (GDateTime *then, GDateTime *now);
char *plug_rb_format_time_full (GDateTime *then);
char *plug_rb_format_day (GDateTime *then, GDateTime *now);
char *plug_rb_format_clock (GDateTime *then, GDateTime *now);
void plug_rb_format_set_twelve_hours (gboolean twelve_hours);

G_END_DECLS
