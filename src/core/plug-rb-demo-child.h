/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-demo.h"

G_BEGIN_DECLS

/* OPTION ACTION SCENARIO START: ACTION is "install" or "recover". */
#define PLUG_RB_DEMO_CHILD_OPTION "--demo-child"
#define PLUG_RB_DEMO_PACKAGE_FILE "fireworks-2.0.zip"

G_END_DECLS
