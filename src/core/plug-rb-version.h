/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Versions as plugins have them: numbers parted by dots, and what comes before a release behind
 * “-”, as in Semantic Versioning; anything else is compared as well as it goes. */

int plug_rb_version_compare (const char *a, const char *b);
gboolean plug_rb_version_is_in (const char *version, const char *range);

G_END_DECLS
