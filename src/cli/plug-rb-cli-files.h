/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <json-glib/json-glib.h>

#include "plug-rb-table.h"
#include "plug-rb-types.h"

G_BEGIN_DECLS

PlugRbTable *
plug_rb_cli_files_read (PlugRbPlugin *plugin, GCancellable *cancellable, GError **error);
JsonArray *plug_rb_cli_files_to_json (PlugRbTable *table);
void plug_rb_cli_files_print (PlugRbTable *table);

G_END_DECLS
