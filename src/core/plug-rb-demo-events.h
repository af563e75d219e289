/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-operation.h"

G_BEGIN_DECLS

/* What a demo's child process tells the one that shows it: a JSON object a line on its standard
 * output. Any thread. */

void plug_rb_demo_events_begin (gint64 start);
void plug_rb_demo_events_log (const char *format, ...) G_GNUC_PRINTF (1, 2);
void plug_rb_demo_events_send (const char *event, const char *member, JsonObject *object);
void plug_rb_demo_events_killed (const char *step);
void plug_rb_demo_events_follow (PlugRbOperation *operation);
void plug_rb_demo_events_look (void);
void plug_rb_demo_events_leave (void);

G_END_DECLS
