/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine.h"
#include "plug-rb-package.h"

G_BEGIN_DECLS

PlugRbSnapshot *plug_rb_engine_save_package (PlugRbEngine *self,
                                             PlugRbPackage *package,
                                             GCancellable *cancellable,
                                             GError **error);

G_END_DECLS
