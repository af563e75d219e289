/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-store.h"

G_BEGIN_DECLS

/* For the files that list snapshots. */

gboolean plug_rb_store_list_folder (
    GPtrArray *snapshots, int host_fd, const char *host, const char *id, GError **error);
int plug_rb_store_compare_age (gconstpointer a, gconstpointer b);

G_END_DECLS
