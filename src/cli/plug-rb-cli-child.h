/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean plug_rb_cli_child_run (char **argv,
                                gboolean keep_output_free,
                                GCancellable *cancellable,
                                int *wait_status,
                                GError **error);

G_END_DECLS
