/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-operation.h"

G_BEGIN_DECLS

/**
 * PlugRbCliProgress:
 *
 * A progress bar on the terminal at standard error, drawn while the operation runs in this thread.
 * Where there is no terminal it draws nothing.
 */
typedef struct _PlugRbCliProgress PlugRbCliProgress;

PlugRbCliProgress *plug_rb_cli_progress_new (PlugRbOperation *operation);
void plug_rb_cli_progress_free (PlugRbCliProgress *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbCliProgress, plug_rb_cli_progress_free)

G_END_DECLS
