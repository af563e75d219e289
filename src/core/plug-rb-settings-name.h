/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Names of entries in a settings store: "/PART/PART". In a part stand "~0" for "~", "~1" for "/",
 * "~" alone for nothing, and "~xHH" for a control character or a byte that is not UTF-8. So any
 * bytes make a name that is text, and different ones make different names. */

char *plug_rb_settings_name_build (const char *const *parts);
char *plug_rb_settings_name_build_one (const char *part);
char **plug_rb_settings_name_split (const char *name);

G_END_DECLS
