/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Keeping list models up to date without making those who show them start anew. */

void plug_rb_list_sync (GListStore *list, GPtrArray *items);

G_END_DECLS
