/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-package.h"
#include "plug-rb-pack.h"
#include "plug-rb-state.h"

G_BEGIN_DECLS

PlugRbState *plug_rb_package_read_state (PlugRbPackage *package,
                                         PlugRbState *live,
                                         gboolean enable,
                                         PlugRbPack *pack,
                                         GCancellable *cancellable,
                                         GError **error);
PlugRbState *plug_rb_package_make_absence (PlugRbHost *host, PlugRbState *live);

G_END_DECLS
