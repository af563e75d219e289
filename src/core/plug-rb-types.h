/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PlugRbChange PlugRbChange;
typedef struct _PlugRbEngine PlugRbEngine;
typedef struct _PlugRbHost PlugRbHost;
typedef struct _PlugRbManager PlugRbManager;
typedef struct _PlugRbOperation PlugRbOperation;
typedef struct _PlugRbPlan PlugRbPlan;
typedef struct _PlugRbPlugin PlugRbPlugin;
typedef struct _PlugRbSnapshot PlugRbSnapshot;
typedef struct _PlugRbSnapshotRequest PlugRbSnapshotRequest;
typedef struct _PlugRbStep PlugRbStep;
typedef struct _PlugRbStore PlugRbStore;

typedef struct _PlugRbContents PlugRbContents;

G_END_DECLS
