/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-values.h"

G_BEGIN_DECLS

/* GSettings schemas of plugins say where in dconf their settings lie, and nothing more is asked of
 * them: the values are read by path. */

gboolean plug_rb_schemas_read (PlugRbValues *values,
                               const char *folder,
                               const char *id,
                               const char *const *parents,
                               GError **error);

G_END_DECLS
