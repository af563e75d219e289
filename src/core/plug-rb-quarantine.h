/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is damaged is never deleted but goes to this folder of the store. It is laid out as a store
 * itself, so that what is still good in a damaged snapshot can be taken out of it. */
#define PLUG_RB_QUARANTINE "quarantine"

char *
plug_rb_quarantine_move (const char *store_path, const char *from, const char *to, GError **error);
gboolean plug_rb_quarantine_link (const char *store_path, const char *below, GError **error);
gboolean plug_rb_quarantine_keep (
    const char *store_path, const char *to, const void *data, gsize length, GError **error);

G_END_DECLS
