/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-host-file.h"

G_BEGIN_DECLS

GPtrArray *plug_rb_host_listed_ids (const PlugRbPlace *place);
char **plug_rb_host_listed_names (const PlugRbPlace *place, const char *id);
GHashTable *plug_rb_host_listed_owners (const PlugRbHostFile *file, const char *root);

G_END_DECLS
