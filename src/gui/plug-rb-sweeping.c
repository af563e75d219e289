/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-sweeping.h"

#include <glib/gi18n.h>

#include "plug-rb-plugin.h"

/* All that can have a snapshot now; what is being worked on has one already, or soon. */
GPtrArray *
plug_rb_sweeping_list (PlugRbManager *manager)
{
  GListModel *plugins = plug_rb_manager_get_plugins (manager);
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (plugins); i++) {
    g_autoptr(PlugRbPlugin) plugin = g_list_model_get_item (plugins, i);

    if (plug_rb_plugin_get_installed (plugin) && !plug_rb_plugin_get_busy (plugin))
      g_ptr_array_add (list, g_steal_pointer (&plugin));
  }

  return list;
}

static char *
dup_failures (PlugRbSweep *sweep)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < sweep->failures->len; i++) {
    const PlugRbSweepFailure *failure = sweep->failures->pdata[i];

    g_string_append_printf (text, "%s%s: %s", i > 0 ? "\n" : "", failure->name, failure->message);
  }

  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* Stays until it is answered: what has no snapshot cannot be brought back. */
static void
say_failures (PlugRbToasts *toasts, PlugRbSweep *sweep, char *title)
{
  g_autofree char *failures = dup_failures (sweep);
  GVariant *details = g_variant_new ("(ss)", title, failures);
  AdwToast *toast = plug_rb_toasts_create (title);

  plug_rb_toasts_add_button (toast, _("_Show"), "win.show-details", details);
  adw_toast_set_timeout (toast, 0);
  plug_rb_toasts_show (toasts, PLUG_RB_TOAST_SNAPSHOT, toast);
}

/* Nothing is said of what was stopped before it came to anything. */
void
plug_rb_sweeping_say (PlugRbToasts *toasts, PlugRbSweep *sweep)
{
  guint n_taken = sweep->created->len;

  if (sweep->failures->len > 0)
    say_failures (toasts, sweep,
                  /* TRANSLATORS: how many snapshots were taken, and how many could not be taken */
                  g_strdup_printf (_("%u taken, %u failed"), n_taken, sweep->failures->len));
  else if (n_taken > 0)
    plug_rb_toasts_show_text (toasts, PLUG_RB_TOAST_SNAPSHOT,
                              g_strdup_printf (ngettext ("Snapshot of %u plugin taken",
                                                         "Snapshots of %u plugins taken", n_taken),
                                               n_taken));
  else if (sweep->n_unchanged > 0)
    plug_rb_toasts_show_text (toasts, PLUG_RB_TOAST_SNAPSHOT,
                              g_strdup (_("No plugin has changed since its last snapshot")));
}

/* The same, of the first time. */
void
plug_rb_sweeping_say_protected (PlugRbToasts *toasts, PlugRbSweep *sweep)
{
  guint n_failed = sweep->failures->len;
  guint n_protected = sweep->created->len + sweep->n_unchanged;

  if (n_failed > 0)
    say_failures (toasts, sweep,
                  g_strdup_printf (ngettext ("%u plugin could not be protected",
                                             "%u plugins could not be protected", n_failed),
                                   n_failed));
  else if (n_protected > 0)
    plug_rb_toasts_show_text (
        toasts, PLUG_RB_TOAST_SNAPSHOT,
        g_strdup_printf (ngettext ("%u plugin protected", "%u plugins protected", n_protected),
                         n_protected));
}

static void
swept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbToasts) toasts = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbSweep) sweep =
      plug_rb_manager_create_snapshots_finish (PLUG_RB_MANAGER (source), result, &error);

  if (sweep != NULL)
    plug_rb_sweeping_say (toasts, sweep);
  else
    plug_rb_toasts_show_failure (toasts, PLUG_RB_TOAST_SNAPSHOT,
                                 g_strdup (_("Could not take snapshots")), error);
}

/* Of all plugins. The manager must be loaded. */
void
plug_rb_sweeping_start (PlugRbManager *manager, PlugRbToasts *toasts)
{
  g_autoptr(GPtrArray) plugins = plug_rb_sweeping_list (manager);

  if (plugins->len > 0)
    plug_rb_manager_create_snapshots_async (manager, plugins, PLUG_RB_REASON_MANUAL, NULL, swept_cb,
                                            g_object_ref (toasts));
}
