/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PlugRbBusCall:
 * @name: well-known name of a program on the session bus
 * @path: object path
 * @interface: interface
 * @method: its method
 * @arguments: (array zero-terminated=1): “TYPE:TEXT” each, TYPE being one of s, b, i, u and d; the
 *   text may have `{id}` in it
 * @starts: whether the bus may start the program for it
 *
 * A call that a description has made.
 */
typedef struct {
  char *name;
  char *path;
  char *interface;
  char *method;
  char **arguments;
  gboolean starts;
} PlugRbBusCall;

PlugRbBusCall *plug_rb_bus_call_parse (const char *text, const char **wrong);
void plug_rb_bus_call_free (PlugRbBusCall *self);
void plug_rb_bus_call_redirect (PlugRbBusCall *self, const char *name, const char *path);
gboolean plug_rb_bus_call_is_of_plugin (const PlugRbBusCall *self);
GVariant *
plug_rb_bus_call_run (const PlugRbBusCall *self, const char *id, int timeout, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbBusCall, plug_rb_bus_call_free)

G_END_DECLS
