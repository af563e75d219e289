/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * PlugRbDependency:
 * @id: id of the other plugin, of the same host
 * @range: (nullable): versions of it that fit, as plug_rb_version_is_in() takes them; %NULL for any
 * @version: (nullable): the version of it that was there, if any
 * @optional: whether the plugin works without it
 *
 * Another plugin that a plugin needs.
 */
typedef struct {
  char *id;
  char *range;
  char *version;
  gboolean optional;
} PlugRbDependency;

PlugRbDependency *plug_rb_dependency_new (const char *id, const char *range, gboolean optional);
PlugRbDependency *plug_rb_dependency_new_from_text (const char *text);
void plug_rb_dependency_free (PlugRbDependency *dependency);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbDependency, plug_rb_dependency_free)

gboolean plug_rb_dependency_accepts (const PlugRbDependency *dependency, const char *version);

G_END_DECLS
