/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The program whose plugin it is. It runs, loads plugins, and answers on a bus of its own. */

#define PLUG_RB_DEMO_HOST "demo"

gboolean plug_rb_demo_host_write_description (const char *folder, GError **error);
gboolean plug_rb_demo_host_start (const char *plugins, const char *settings, GError **error);

G_END_DECLS
