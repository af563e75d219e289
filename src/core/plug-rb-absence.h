/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-state.h"

G_BEGIN_DECLS

/**
 * PlugRbAbsence:
 *
 * What a host kept of plugins that were not there: settings that an earlier installation left, and
 * entries in its lists. Whoever finds a new plugin later can so tell what there was before it.
 */
typedef struct _PlugRbAbsence PlugRbAbsence;

PlugRbAbsence *plug_rb_absence_new (PlugRbHost *host);
void plug_rb_absence_free (PlugRbAbsence *self);
PlugRbHost *plug_rb_absence_get_host (PlugRbAbsence *self);
PlugRbState *plug_rb_absence_dup_state (PlugRbAbsence *self, const char *id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbAbsence, plug_rb_absence_free)

G_END_DECLS
