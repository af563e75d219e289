/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <json-glib/json-glib.h>

#include "plug-rb-types.h"

G_BEGIN_DECLS

/* What is printed is consumed. */
void plug_rb_cli_json_print_object (JsonObject *object);
void plug_rb_cli_json_print_array (JsonArray *array);
void plug_rb_cli_json_print_error (const GError *error);

JsonObject *plug_rb_cli_json_from_error (const GError *error);
void plug_rb_cli_json_print_snapshots (GPtrArray *snapshots);
JsonArray *plug_rb_cli_json_from_snapshots (GPtrArray *snapshots);
JsonObject *plug_rb_cli_json_from_plans (GPtrArray *plans);

G_END_DECLS
