/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-record.h"

G_BEGIN_DECLS

/**
 * PlugRbMirror:
 *
 * The door between the thread that works on an operation and all who watch it. It holds two
 * records: the live one, which any thread may write, and the shown one, which is brought up to date
 * only in the context that owns the operation, at most ten times a second.
 */
typedef struct _PlugRbMirror PlugRbMirror;

/**
 * PlugRbUrgency:
 * @PLUG_RB_URGENCY_LOW: show it when a tenth of a second has passed since the last time
 * @PLUG_RB_URGENCY_NORMAL: likewise, but at once if the owner itself works
 * @PLUG_RB_URGENCY_HIGH: show it at once
 */
typedef enum {
  PLUG_RB_URGENCY_LOW,
  PLUG_RB_URGENCY_NORMAL,
  PLUG_RB_URGENCY_HIGH,
} PlugRbUrgency;

/**
 * PlugRbMirrorFunc:
 * @owner: what plug_rb_mirror_new() was given
 *
 * Called in the owner's context after the shown record changed from @old to @shown.
 */
typedef void (*PlugRbMirrorFunc) (GObject *owner, PlugRbRecord *old, PlugRbRecord *shown);

PlugRbMirror *plug_rb_mirror_new (PlugRbRecord *record, GObject *owner, PlugRbMirrorFunc func);
void plug_rb_mirror_free (PlugRbMirror *self);

PlugRbRecord *plug_rb_mirror_get_shown (PlugRbMirror *self);
PlugRbRecord *plug_rb_mirror_lock (PlugRbMirror *self);
void plug_rb_mirror_unlock (PlugRbMirror *self);
PlugRbRecord *plug_rb_mirror_lock_live (PlugRbMirror *self);
void plug_rb_mirror_commit (PlugRbMirror *self, PlugRbUrgency urgency);

/* For the file that holds the worker's side of an operation. */
PlugRbMirror *plug_rb_operation_get_mirror (PlugRbOperation *self);

G_END_DECLS
