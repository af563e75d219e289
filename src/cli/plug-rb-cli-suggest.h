/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *plug_rb_cli_suggest (const char *word, const char *const *words);

G_END_DECLS
