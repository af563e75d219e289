/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-dependency.h"
#include "plug-rb-engine.h"
#include "plug-rb-error.h"
#include "plug-rb-json.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"

/* What else has to go back so that the plugins work with one another. */
typedef struct {
  PlugRbEngine *engine;
  GPtrArray *targets;
  GPtrArray *notes;
} Search;

/* ---- what a version needs */

static GPtrArray *
read_needs (PlugRbSnapshot *snapshot, GError **error)
{
  GPtrArray *needs = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_dependency_free);
  JsonObject *json = plug_rb_snapshot_load_json (snapshot, error);
  JsonArray *array = json ? plug_rb_json_get_array (json, "dependencies") : NULL;

  if (json == NULL) {
    g_ptr_array_unref (needs);
    return NULL;
  }

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonObject *object = plug_rb_json_get_element (array, i);
    const char *id = object ? plug_rb_json_get_string (object, "id") : NULL;

    if (id != NULL && !plug_rb_json_get_boolean (object, "optional"))
      g_ptr_array_add (
          needs, plug_rb_dependency_new (id, plug_rb_json_get_string (object, "range"), FALSE));
  }

  return needs;
}

static PlugRbManifest *
read_installed (PlugRbHost *host, const char *id)
{
  PlugRbManifest *manifest = NULL;

  return plug_rb_host_find_manifest (host, id, &manifest, NULL) ? manifest : NULL;
}

static gboolean
is_same (gconstpointer a, gconstpointer b)
{
  const PlugRbDependency *one = a, *other = b;

  return g_str_equal (one->id, other->id) && g_strcmp0 (one->range, other->range) == 0;
}

/* What the installed version needs in just the same way is there, wherever it comes from. */
static gboolean
is_needed_now (PlugRbHost *host, const char *id, const PlugRbDependency *need)
{
  g_autoptr(PlugRbManifest) manifest = read_installed (host, id);

  return manifest != NULL &&
         g_ptr_array_find_with_equal_func (manifest->dependencies, need, is_same, NULL);
}

/* ---- what is there */

static PlugRbSnapshot *
find_target (Search *self, const char *key)
{
  for (guint i = 0; i < self->targets->len; i++)
    if (g_str_equal (plug_rb_snapshot_get_plugin (self->targets->pdata[i]), key))
      return self->targets->pdata[i];

  return NULL;
}

static gboolean
is_installed (PlugRbHost *host, const PlugRbDependency *need)
{
  g_autoptr(PlugRbPlugin) plugin = plug_rb_host_dup_plugin (host, need->id, NULL);

  return plugin != NULL && plug_rb_plugin_get_installed (plugin) &&
         plug_rb_dependency_accepts (need, plug_rb_plugin_get_version (plugin));
}

static gboolean
is_fit (PlugRbSnapshot *snapshot, const PlugRbDependency *need)
{
  return plug_rb_snapshot_get_damaged (snapshot) == NULL &&
         plug_rb_snapshot_get_health (snapshot) != PLUG_RB_HEALTH_BAD &&
         !plug_rb_snapshot_get_absent (snapshot) &&
         plug_rb_dependency_accepts (need, plug_rb_snapshot_get_version (snapshot));
}

static PlugRbSnapshot *
find_snapshot (Search *self, const char *key, const PlugRbDependency *need)
{
  g_autoptr(GPtrArray) snapshots = plug_rb_engine_list_snapshots (self->engine, key, NULL);

  for (guint i = 0; snapshots != NULL && i < snapshots->len; i++)
    if (is_fit (snapshots->pdata[i], need))
      return plug_rb_engine_find_snapshot (self->engine,
                                           plug_rb_snapshot_get_id (snapshots->pdata[i]), NULL);

  return NULL;
}

/* ---- completing */

static gboolean
throw_unmet (PlugRbSnapshot *target, const PlugRbDependency *need, GError **error)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_UNMET,
               /* Translators: a plugin, its version, another plugin, versions such as “>=1.2”. */
               _("%s %s needs %s %s, which is neither installed nor in a snapshot"),
               plug_rb_snapshot_get_plugin (target),
               plug_rb_snapshot_get_version (target) ? plug_rb_snapshot_get_version (target) : "",
               need->id, need->range ? need->range : "");
  return FALSE;
}

static gboolean complete (Search *self, PlugRbSnapshot *target, GError **error);

static gboolean
add_needed (Search *self, PlugRbSnapshot *target, PlugRbSnapshot *needed, GError **error)
{
  const char *version = plug_rb_snapshot_get_version (needed);

  g_ptr_array_add (self->notes,
                   g_strdup_printf (_("%s goes back to %s as well: %s needs it"),
                                    plug_rb_snapshot_get_plugin (needed), version ? version : "",
                                    plug_rb_snapshot_get_plugin (target)));
  /* What is needed comes first. */
  g_ptr_array_insert (self->targets, 0, needed);

  return complete (self, needed, error);
}

static gboolean
meet (Search *self,
      PlugRbSnapshot *target,
      PlugRbHost *host,
      const PlugRbDependency *need,
      GError **error)
{
  g_autofree char *key = g_strconcat (plug_rb_host_get_id (host), "/", need->id, NULL);
  PlugRbSnapshot *other = find_target (self, key);

  if (other != NULL)
    return is_fit (other, need) || throw_unmet (target, need, error);
  if (plug_rb_host_provides (host, need->id) || is_installed (host, need))
    return TRUE;
  if ((other = find_snapshot (self, key, need)) != NULL)
    return add_needed (self, target, other, error);

  return is_needed_now (host, plug_rb_snapshot_get_plugin_id (target), need) ||
         throw_unmet (target, need, error);
}

static gboolean
complete (Search *self, PlugRbSnapshot *target, GError **error)
{
  PlugRbHost *host =
      plug_rb_engine_get_host (self->engine, plug_rb_snapshot_get_host (target), error);
  g_autoptr(GPtrArray) needs = host ? read_needs (target, error) : NULL;

  if (needs == NULL)
    return FALSE;
  if (plug_rb_snapshot_get_absent (target))
    return TRUE;

  for (guint i = 0; i < needs->len; i++)
    if (!meet (self, target, host, needs->pdata[i], error))
      return FALSE;

  return TRUE;
}

/* ---- who needs what goes back */

static const PlugRbDependency *
find_need (const PlugRbManifest *manifest, const char *id)
{
  for (guint i = 0; i < manifest->dependencies->len; i++) {
    const PlugRbDependency *need = manifest->dependencies->pdata[i];

    if (g_str_equal (need->id, id) && !need->optional)
      return need;
  }

  return NULL;
}

static void
warn_of_one (Search *self, PlugRbHost *host, const char *id, PlugRbSnapshot *target)
{
  g_autofree char *key = g_strconcat (plug_rb_host_get_id (host), "/", id, NULL);
  g_autoptr(PlugRbManifest) manifest = find_target (self, key) ? NULL : read_installed (host, id);
  const PlugRbDependency *need =
      manifest ? find_need (manifest, plug_rb_snapshot_get_plugin_id (target)) : NULL;

  if (need != NULL && !is_fit (target, need))
    g_ptr_array_add (self->notes, g_strdup_printf (_("%s needs %s %s and may not work any more"),
                                                   key, need->id, need->range ? need->range : ""));
}

static void
warn_of_dependants (Search *self, PlugRbSnapshot *target)
{
  PlugRbHost *host =
      plug_rb_engine_get_host (self->engine, plug_rb_snapshot_get_host (target), NULL);
  g_autoptr(GPtrArray) ids = NULL;

  if (host == NULL || !plug_rb_host_has_dependencies (host))
    return;

  ids = plug_rb_host_list_ids (host, NULL);
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    warn_of_one (self, host, ids->pdata[i], target);
}

/**
 * plug_rb_engine_add_dependencies:
 * @targets: (element-type PlugRbSnapshot): the snapshots to go to, which gets those of what they
 *   need and what is not there, before them
 * @notes: (element-type utf8): gets what the user should know of it
 *
 * Completes a rollback, so that each plugin finds the versions of others that it says it needs.
 * Plugins that need each other are no difficulty: all go together.
 *
 * Returns: whether all that is needed is there or can come back; otherwise
 *   %PLUG_RB_ERROR_UNMET that names what is missing
 */
gboolean
plug_rb_engine_add_dependencies (PlugRbEngine *self,
                                 GPtrArray *targets,
                                 GPtrArray *notes,
                                 GError **error)
{
  Search search = { self, targets, notes };
  g_autoptr(GPtrArray) asked = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < targets->len; i++)
    g_ptr_array_add (asked, g_object_ref (targets->pdata[i]));
  for (guint i = 0; i < asked->len; i++)
    if (!complete (&search, asked->pdata[i], error))
      return FALSE;

  for (guint i = 0; i < targets->len; i++)
    warn_of_dependants (&search, targets->pdata[i]);

  return TRUE;
}
