/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define PLUG_RB_TYPE_CLOCK (plug_rb_clock_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbClock, plug_rb_clock, PLUG_RB, CLOCK, GObject)

/* Property: now. It moves each half minute, so that “5 minutes ago” stays true. */
PlugRbClock *plug_rb_clock_ref_default (void);
GDateTime *plug_rb_clock_get_now (PlugRbClock *self);

G_END_DECLS
