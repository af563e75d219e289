/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine.h"

G_BEGIN_DECLS

JsonObject *
plug_rb_demo_install (PlugRbEngine *engine, const char *path, PlugRbOperation *operation);

G_END_DECLS
