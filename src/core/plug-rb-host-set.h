/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-host.h"

G_BEGIN_DECLS

/**
 * PlugRbHostSet:
 *
 * The hosts that there are descriptions of. Who asks for one of them does not wait for the others
 * to be read. For any thread.
 */
typedef struct _PlugRbHostSet PlugRbHostSet;

PlugRbHostSet *plug_rb_host_set_new (void);
void plug_rb_host_set_free (PlugRbHostSet *self);

GPtrArray *plug_rb_host_set_list (PlugRbHostSet *self);
PlugRbHost *plug_rb_host_set_find (PlugRbHostSet *self, const char *id, GError **error);

G_END_DECLS
