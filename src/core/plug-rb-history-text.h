/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-operation.h"

G_BEGIN_DECLS

char *plug_rb_history_text_new (GPtrArray *operations);
char *plug_rb_history_text_new_for_one (PlugRbOperation *operation);

G_END_DECLS
