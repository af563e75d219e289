/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-manager.h"
#include "plug-rb-snapshot.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_MOMENT (plug_rb_moment_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbMoment, plug_rb_moment, PLUG_RB, MOMENT, GObject)

/* A point in time to which the plugins of a program can go back: that of some snapshots that were
 * taken together. */

GListModel *plug_rb_moment_list (PlugRbManager *manager, PlugRbHost *host);
GDateTime *plug_rb_moment_get_time (PlugRbMoment *self);
PlugRbReason plug_rb_moment_get_reason (PlugRbMoment *self);
gboolean plug_rb_moment_is_last_update (PlugRbMoment *self);
char *plug_rb_moment_dup_title (PlugRbMoment *self);
GPtrArray *plug_rb_moment_list_targets (PlugRbMoment *self);

G_END_DECLS
