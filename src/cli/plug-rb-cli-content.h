/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <json-glib/json-glib.h>

#include "plug-rb-cli.h"
#include "plug-rb-plan.h"

G_BEGIN_DECLS

/* What differs in the files themselves. */

GPtrArray *
plug_rb_cli_content_read (PlugRbCli *cli, PlugRbPlugin *plugin, PlugRbPlan *plan, GError **error);
void plug_rb_cli_content_print (GPtrArray *contents);
void plug_rb_cli_content_add_json (JsonObject *plans, GPtrArray *contents);

G_END_DECLS
