/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-moment.h"

#include <glib/gi18n.h>

#include "plug-rb-host.h"
#include "plug-rb-plugin.h"
#include "plug-rb-wording.h"

/* Snapshots of several plugins that were taken one after the other belong together. */
#define TOGETHER (G_TIME_SPAN_MINUTE)
/* Nobody goes further back by looking through a list. */
#define MAX_MOMENTS 200

struct _PlugRbMoment {
  GObject parent_instance;

  PlugRbHost *host;
  GPtrArray *snapshots; /* newest first */
  gboolean is_last_update;
};

G_DEFINE_FINAL_TYPE (PlugRbMoment, plug_rb_moment, G_TYPE_OBJECT)

static void
plug_rb_moment_finalize (GObject *object)
{
  PlugRbMoment *self = PLUG_RB_MOMENT (object);

  g_clear_object (&self->host);
  g_clear_pointer (&self->snapshots, g_ptr_array_unref);

  G_OBJECT_CLASS (plug_rb_moment_parent_class)->finalize (object);
}

static void
plug_rb_moment_class_init (PlugRbMomentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = plug_rb_moment_finalize;
}

static void
plug_rb_moment_init (PlugRbMoment *self)
{
  self->snapshots = g_ptr_array_new_with_free_func (g_object_unref);
}

/* ---- finding them */

static PlugRbSnapshot *
get_newest (PlugRbMoment *self)
{
  return self->snapshots->pdata[0];
}

/* What was to be installed may never have been there. */
static gboolean
was_there (PlugRbSnapshot *snapshot)
{
  return plug_rb_snapshot_get_damaged (snapshot) == NULL &&
         plug_rb_snapshot_get_reason (snapshot) != PLUG_RB_REASON_PACKAGE;
}

/* What a rollback kept of the state before it is a way back, but no point in time of its own. */
static gboolean
is_wanted (PlugRbSnapshot *snapshot, PlugRbHost *host)
{
  return g_strcmp0 (plug_rb_snapshot_get_host (snapshot), plug_rb_host_get_id (host)) == 0 &&
         was_there (snapshot) &&
         plug_rb_snapshot_get_reason (snapshot) != PLUG_RB_REASON_PRE_ROLLBACK;
}

/* The same plugin twice is two moments, however close they are. */
static gboolean
belongs_to (PlugRbMoment *moment, PlugRbSnapshot *snapshot)
{
  PlugRbSnapshot *last = moment->snapshots->pdata[moment->snapshots->len - 1];

  if (plug_rb_snapshot_get_reason (last) != plug_rb_snapshot_get_reason (snapshot) ||
      g_date_time_difference (plug_rb_snapshot_get_timestamp (last),
                              plug_rb_snapshot_get_timestamp (snapshot)) > TOGETHER)
    return FALSE;

  for (guint i = 0; i < moment->snapshots->len; i++)
    if (g_str_equal (plug_rb_snapshot_get_plugin (moment->snapshots->pdata[i]),
                     plug_rb_snapshot_get_plugin (snapshot)))
      return FALSE;

  return TRUE;
}

static PlugRbMoment *
moment_new (PlugRbHost *host)
{
  PlugRbMoment *moment = g_object_new (PLUG_RB_TYPE_MOMENT, NULL);

  moment->host = g_object_ref (host);

  return moment;
}

static GListStore *
collect (PlugRbManager *manager, PlugRbHost *host)
{
  GListModel *snapshots = plug_rb_manager_get_snapshots (manager);
  GListStore *moments = g_list_store_new (PLUG_RB_TYPE_MOMENT);
  g_autoptr(PlugRbMoment) current = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (snapshots); i++) {
    g_autoptr(PlugRbSnapshot) snapshot = g_list_model_get_item (snapshots, i);

    if (!is_wanted (snapshot, host))
      continue;
    if (current == NULL || !belongs_to (current, snapshot)) {
      if (g_list_model_get_n_items (G_LIST_MODEL (moments)) == MAX_MOMENTS)
        break;
      g_clear_object (&current);
      current = moment_new (host);
      g_list_store_append (moments, current);
    }
    g_ptr_array_add (current->snapshots, g_steal_pointer (&snapshot));
  }

  return moments;
}

/* What most come for stands at the top, once more. */
static void
put_last_update_first (GListStore *moments)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (moments)); i++) {
    g_autoptr(PlugRbMoment) moment = g_list_model_get_item (G_LIST_MODEL (moments), i);
    g_autoptr(PlugRbMoment) first = NULL;

    if (plug_rb_moment_get_reason (moment) != PLUG_RB_REASON_PRE_UPDATE)
      continue;

    first = moment_new (moment->host);
    g_clear_pointer (&first->snapshots, g_ptr_array_unref);
    first->snapshots = g_ptr_array_ref (moment->snapshots);
    first->is_last_update = TRUE;
    g_list_store_insert (moments, 0, first);
    return;
  }
}

/* Newest first; owned by the caller. */
GListModel *
plug_rb_moment_list (PlugRbManager *manager, PlugRbHost *host)
{
  GListStore *moments = collect (manager, host);

  put_last_update_first (moments);

  return G_LIST_MODEL (moments);
}

/* ---- what they are */

GDateTime *
plug_rb_moment_get_time (PlugRbMoment *self)
{
  g_return_val_if_fail (PLUG_RB_IS_MOMENT (self), NULL);

  return plug_rb_snapshot_get_timestamp (get_newest (self));
}

PlugRbReason
plug_rb_moment_get_reason (PlugRbMoment *self)
{
  g_return_val_if_fail (PLUG_RB_IS_MOMENT (self), PLUG_RB_REASON_MANUAL);

  return plug_rb_snapshot_get_reason (get_newest (self));
}

gboolean
plug_rb_moment_is_last_update (PlugRbMoment *self)
{
  g_return_val_if_fail (PLUG_RB_IS_MOMENT (self), FALSE);

  return self->is_last_update;
}

static char *
dup_of_one (PlugRbReason reason, const char *name)
{
  switch (reason) {
  case PLUG_RB_REASON_PRE_INSTALL:
    return g_strdup_printf (_("Before install of %s"), name);
  case PLUG_RB_REASON_PRE_UPDATE:
    return g_strdup_printf (_("Before update of %s"), name);
  case PLUG_RB_REASON_PRE_UNINSTALL:
    return g_strdup_printf (_("Before uninstall of %s"), name);
  case PLUG_RB_REASON_BASELINE:
    return g_strdup_printf (_("Automatic copy of %s"), name);
  case PLUG_RB_REASON_MANUAL:
  case PLUG_RB_REASON_PRE_ROLLBACK:
  case PLUG_RB_REASON_PACKAGE:
  default:
    return g_strdup_printf (_("Snapshot of %s"), name);
  }
}

/* “Before update of Caffeine and 2 more” */
char *
plug_rb_moment_dup_title (PlugRbMoment *self)
{
  g_autofree char *name = NULL;
  g_autofree char *title = NULL;
  guint n_more;

  g_return_val_if_fail (PLUG_RB_IS_MOMENT (self), NULL);

  if (self->is_last_update)
    return g_strdup (_("Before the Last Update"));

  name = plug_rb_wording_name (get_newest (self));
  title = dup_of_one (plug_rb_moment_get_reason (self), name);
  n_more = self->snapshots->len - 1;
  if (n_more == 0)
    return g_steal_pointer (&title);

  /* TRANSLATORS: “Before update of Caffeine and 2 more” */
  return g_strdup_printf (ngettext ("%s and %u more", "%s and %u more", n_more), title, n_more);
}

/* ---- where to go from there */

/* Ids sort by time, and finer than what is shown of it. */
static PlugRbSnapshot *
find_until (PlugRbPlugin *plugin, PlugRbSnapshot *last)
{
  GListModel *snapshots = plug_rb_plugin_get_snapshots (plugin);

  for (guint i = 0; i < g_list_model_get_n_items (snapshots); i++) {
    g_autoptr(PlugRbSnapshot) snapshot = g_list_model_get_item (snapshots, i);

    if (was_there (snapshot) &&
        strcmp (plug_rb_snapshot_get_id (snapshot), plug_rb_snapshot_get_id (last)) <= 0)
      return snapshot;
  }

  return NULL;
}

/* Equal states have equal tables. */
static gboolean
differs_from_now (PlugRbPlugin *plugin, PlugRbSnapshot *target)
{
  PlugRbSnapshot *current = plug_rb_plugin_get_current (plugin);

  return current == NULL ||
         g_strcmp0 (plug_rb_snapshot_get_table (current), plug_rb_snapshot_get_table (target)) != 0;
}

/* One snapshot for each plugin that is not now as it was then; a plugin of which there is none that
 * old is left as it is. Owned by the caller. */
GPtrArray *
plug_rb_moment_list_targets (PlugRbMoment *self)
{
  GPtrArray *targets = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *plugins;

  g_return_val_if_fail (PLUG_RB_IS_MOMENT (self), targets);

  plugins = plug_rb_host_get_plugins (self->host);
  for (guint i = 0; i < g_list_model_get_n_items (plugins); i++) {
    g_autoptr(PlugRbPlugin) plugin = g_list_model_get_item (plugins, i);
    PlugRbSnapshot *target = find_until (plugin, get_newest (self));

    if (target != NULL && differs_from_now (plugin, target))
      g_ptr_array_add (targets, g_object_ref (target));
  }

  return targets;
}
