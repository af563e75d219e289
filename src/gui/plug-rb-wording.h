/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gtk/gtk.h>

#include "plug-rb-enums.h"
#include "plug-rb-types.h"

G_BEGIN_DECLS

/* The words and icons that more than one widget shows. Results of the char * functions are owned by
 * the caller. In a name passed to these nothing is markup. */

char *plug_rb_wording_isolate (const char *text);
char *plug_rb_wording_line (const char *text);
char *plug_rb_wording_time (GDateTime *time, GDateTime *now);
char *plug_rb_wording_version (const char *version);
const char *plug_rb_wording_reason_icon (PlugRbReason reason);
char *plug_rb_wording_seconds (double seconds);
char *plug_rb_wording_known_hosts (PlugRbManager *manager);
const char *plug_rb_wording_host_name (PlugRbManager *manager, const char *id);
const char *plug_rb_wording_plugin_name (PlugRbManager *manager, const char *key);
char *plug_rb_wording_counts (PlugRbManager *manager);
char *plug_rb_wording_name (PlugRbSnapshot *snapshot);
char *plug_rb_wording_snapshot (PlugRbSnapshot *snapshot);
char *plug_rb_wording_titled (PlugRbSnapshot *snapshot);
char *plug_rb_wording_snapshot_details (PlugRbSnapshot *snapshot, GDateTime *now);

/* What an operation on the plugin of this name is doing, has done or could not do. */
char *plug_rb_wording_doing (PlugRbKind kind, const char *name);
char *plug_rb_wording_done (PlugRbOperation *operation, const char *name);
char *plug_rb_wording_failed (PlugRbKind kind, const char *name);
char *plug_rb_wording_operation_details (PlugRbOperation *operation, GDateTime *now);
char *plug_rb_wording_operation_when (PlugRbOperation *operation, GDateTime *now);
const char *plug_rb_wording_operation_style (PlugRbOperation *operation);
const char *plug_rb_wording_operation_icon (PlugRbOperation *operation);
char *plug_rb_wording_operation_log (PlugRbOperation *operation);

char *plug_rb_wording_folder (PlugRbSnapshot *snapshot);

G_END_DECLS
