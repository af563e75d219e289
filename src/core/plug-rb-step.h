/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-enums.h"
#include "plug-rb-types.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_STEP (plug_rb_step_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbStep, plug_rb_step, PLUG_RB, STEP, GObject)

/* Properties: name (stable, untranslated) title (translated) status seconds message. */

PlugRbStep *plug_rb_step_new (const char *name);
const char *plug_rb_step_get_name (PlugRbStep *self);
const char *plug_rb_step_get_title (PlugRbStep *self);
PlugRbStepStatus plug_rb_step_get_status (PlugRbStep *self);
double plug_rb_step_get_seconds (PlugRbStep *self);
const char *plug_rb_step_get_message (PlugRbStep *self);
void
plug_rb_step_set (PlugRbStep *self, PlugRbStepStatus status, double seconds, const char *message);

G_END_DECLS
