/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The session bus, as a program needs it that must also work where there is none. Nothing here ever
 * starts a bus by D-Bus' own autolaunch, and only plug_rb_bus_ensure() starts one at all. */

gboolean plug_rb_bus_is_there (void);
gboolean plug_rb_bus_has_owner (const char *name);
GVariant *plug_rb_bus_call (const char *name,
                            const char *path,
                            const char *interface,
                            const char *method,
                            GVariant *arguments,
                            int timeout,
                            GError **error);

gboolean plug_rb_bus_ensure (GError **error);
gboolean plug_rb_bus_start_service (const char *name, GError **error);

G_END_DECLS
