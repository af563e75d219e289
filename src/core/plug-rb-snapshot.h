/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <json-glib/json-glib.h>

#include "plug-rb-enums.h"
#include "plug-rb-listing.h"
#include "plug-rb-types.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_SNAPSHOT (plug_rb_snapshot_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbSnapshot, plug_rb_snapshot, PLUG_RB, SNAPSHOT, GObject)

/* Properties: id sequence plugin (the key) host name version host-version reason timestamp label
 * note pinned absent n-files size stored-size health damaged (message or NULL) */

const char *plug_rb_snapshot_get_id (PlugRbSnapshot *self);
gint64 plug_rb_snapshot_get_sequence (PlugRbSnapshot *self);
const char *plug_rb_snapshot_get_plugin (PlugRbSnapshot *self);
const char *plug_rb_snapshot_get_host (PlugRbSnapshot *self);
const char *plug_rb_snapshot_get_plugin_id (PlugRbSnapshot *self);
const char *plug_rb_snapshot_get_name (PlugRbSnapshot *self);
const char *plug_rb_snapshot_get_version (PlugRbSnapshot *self);
const char *plug_rb_snapshot_get_host_version (PlugRbSnapshot *self);
PlugRbReason plug_rb_snapshot_get_reason (PlugRbSnapshot *self);
GDateTime *plug_rb_snapshot_get_timestamp (PlugRbSnapshot *self);
const char *plug_rb_snapshot_get_timestamp_text (PlugRbSnapshot *self);
const char *plug_rb_snapshot_get_label (PlugRbSnapshot *self);
const char *plug_rb_snapshot_get_note (PlugRbSnapshot *self);
gboolean plug_rb_snapshot_get_pinned (PlugRbSnapshot *self);
gboolean plug_rb_snapshot_get_absent (PlugRbSnapshot *self);
guint plug_rb_snapshot_get_n_files (PlugRbSnapshot *self);
guint64 plug_rb_snapshot_get_size (PlugRbSnapshot *self);
guint64 plug_rb_snapshot_get_stored_size (PlugRbSnapshot *self);
void plug_rb_snapshot_set_health (PlugRbSnapshot *self, PlugRbHealth health, const char *message);
const char *plug_rb_snapshot_get_health_message (PlugRbSnapshot *self);
PlugRbHealth plug_rb_snapshot_get_health (PlugRbSnapshot *self);
const char *plug_rb_snapshot_get_damaged (PlugRbSnapshot *self);
const char *plug_rb_snapshot_get_table (PlugRbSnapshot *self);
const char *plug_rb_snapshot_get_manifest (PlugRbSnapshot *self);

void plug_rb_snapshot_set_label (PlugRbSnapshot *self, const char *label);
void plug_rb_snapshot_set_note (PlugRbSnapshot *self, const char *note);
void plug_rb_snapshot_set_pinned (PlugRbSnapshot *self, gboolean pinned);

/* Metadata as it lies in snapshot.json. The node is owned by the snapshot. */
JsonObject *plug_rb_snapshot_get_json (PlugRbSnapshot *self);
JsonObject *plug_rb_snapshot_load_json (PlugRbSnapshot *self, GError **error);
JsonArray *plug_rb_snapshot_get_dependencies (PlugRbSnapshot *self);
PlugRbSnapshot *plug_rb_snapshot_new_from_json (JsonObject *json, GError **error);
PlugRbSnapshot *plug_rb_snapshot_new_damaged (const char *host,
                                              const char *plugin_id,
                                              const char *id,
                                              const char *message);
PlugRbSnapshot *plug_rb_snapshot_new_from_listing (PlugRbListing *listing, guint index);
void plug_rb_snapshot_add_to_listing (PlugRbSnapshot *self,
                                      PlugRbListingWriter *writer,
                                      const char *folder);
JsonObject *plug_rb_snapshot_to_contract_json (PlugRbSnapshot *self);

G_END_DECLS
