/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-store.h"

G_BEGIN_DECLS

JsonObject *plug_rb_store_metadata_new (PlugRbState *state,
                                        const PlugRbSnapshotRequest *request,
                                        const char *id,
                                        gint64 sequence,
                                        JsonArray *archives,
                                        guint64 stored);
void plug_rb_store_metadata_describe_extraction (JsonObject *json);

G_END_DECLS
