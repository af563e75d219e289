/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-dependency.h"

#include <string.h>

#include "plug-rb-version.h"

/**
 * plug_rb_dependency_new:
 *
 * Returns: (transfer full): a dependency
 */
PlugRbDependency *
plug_rb_dependency_new (const char *id, const char *range, gboolean optional)
{
  PlugRbDependency *dependency = g_new0 (PlugRbDependency, 1);

  dependency->id = g_strdup (id);
  dependency->range = range != NULL && *range != '\0' ? g_strdup (range) : NULL;
  dependency->optional = optional;

  return dependency;
}

/**
 * plug_rb_dependency_new_from_text:
 * @text: "name", "name(>=1.2)" or "name >= 1.2"
 *
 * Returns: (transfer full) (nullable): the dependency, %NULL if there is no name
 */
PlugRbDependency *
plug_rb_dependency_new_from_text (const char *text)
{
  gsize length = strcspn (text, "(<>=! ");
  g_autofree char *name = g_strndup (text, length);
  g_autofree char *range = g_strdup (text + length);

  g_strdelimit (range, "()", ' ');
  g_strstrip (range);

  return *name ? plug_rb_dependency_new (name, range, FALSE) : NULL;
}

void
plug_rb_dependency_free (PlugRbDependency *dependency)
{
  g_free (dependency->id);
  g_free (dependency->range);
  g_free (dependency->version);
  g_free (dependency);
}

/**
 * plug_rb_dependency_accepts:
 * @version: (nullable): the version that there is, if it says
 *
 * Returns: whether that version is fit; one that is not known is
 */
gboolean
plug_rb_dependency_accepts (const PlugRbDependency *dependency, const char *version)
{
  return dependency->range == NULL || version == NULL ||
         plug_rb_version_is_in (version, dependency->range);
}
