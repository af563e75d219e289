/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-plan.h"

#include <glib/gi18n.h>

#include "plug-rb-change.h"
#include "plug-rb-cli-table.h"
#include "plug-rb-cli-wording.h"

#define MOST_SETTINGS 12
#define VALUE_WIDTH 40

static void
append_title (GString *text, PlugRbPlan *plan)
{
  const char *from = plug_rb_plan_get_from_version (plan);
  const char *to = plug_rb_plan_get_to_version (plan);
  g_autofree char *versions = plug_rb_cli_wording_versions (from, to);

  g_string_append (text, plug_rb_plan_get_plugin (plan));
  if (g_strcmp0 (from, to) != 0)
    g_string_append_printf (text, "  %s", versions);
  else if (to != NULL)
    g_string_append_printf (text, "  %s", to);
  g_string_append_c (text, '\n');

  if (plug_rb_plan_get_removes (plan))
    g_string_append_printf (text, "  %s\n",
                            _("The plugin was not installed then: it will be removed"));
  if (plug_rb_plan_get_is_empty (plan))
    g_string_append_printf (text, "  %s\n", _("No difference"));
}

/* ---- files */

typedef struct {
  guint added;
  guint removed;
  guint changed;
  guint touched;
} Counts;

static Counts
count_files (GListModel *files)
{
  Counts counts = { 0 };

  for (guint i = 0; i < g_list_model_get_n_items (files); i++) {
    g_autoptr(PlugRbChange) change = g_list_model_get_item (files, i);
    PlugRbChangeKind kind = plug_rb_change_get_kind (change);

    if (kind == PLUG_RB_CHANGE_ADDED)
      counts.added++;
    else if (kind == PLUG_RB_CHANGE_REMOVED)
      counts.removed++;
    else if (kind == PLUG_RB_CHANGE_TIME)
      counts.touched++;
    else
      counts.changed++;
  }

  return counts;
}

static void
append_file_counts (GString *text, PlugRbPlan *plan)
{
  GListModel *files = plug_rb_plan_get_files (plan);
  Counts counts = count_files (files);
  g_autofree char *size = g_format_size (plug_rb_plan_get_write_bytes (plan));

  if (g_list_model_get_n_items (files) == 0)
    return;

  /* TRANSLATORS: three numbers of files, and the size of what is to be written */
  g_string_append_printf (text, _("  Files: %u added, %u removed, %u changed (%s to write)\n"),
                          counts.added, counts.removed, counts.changed, size);
  if (counts.touched > 0)
    g_string_append_printf (text,
                            ngettext ("  %u file has another time but the same content\n",
                                      "  %u files have another time but the same content\n",
                                      counts.touched),
                            counts.touched);
}

static char *
describe_sizes (PlugRbChange *change)
{
  g_autofree char *from = g_format_size (plug_rb_change_get_from_size (change));
  g_autofree char *to = g_format_size (plug_rb_change_get_size (change));

  switch (plug_rb_change_get_kind (change)) {
  case PLUG_RB_CHANGE_ADDED:
    return g_steal_pointer (&to);
  case PLUG_RB_CHANGE_REMOVED:
    return g_steal_pointer (&from);
  case PLUG_RB_CHANGE_PERMISSIONS:
    return g_strdup (_("permissions"));
  case PLUG_RB_CHANGE_TYPE:
    return g_strdup (_("type"));
  case PLUG_RB_CHANGE_TIME:
    return g_strdup (_("time"));
  case PLUG_RB_CHANGE_CHANGED:
  default:
    return g_str_equal (from, to) ? g_steal_pointer (&to)
                                  : g_strdup_printf (_("%s → %s"), from, to);
  }
}

static char
get_sign (PlugRbChange *change)
{
  switch (plug_rb_change_get_kind (change)) {
  case PLUG_RB_CHANGE_ADDED:
    return '+';
  case PLUG_RB_CHANGE_REMOVED:
    return '-';
  case PLUG_RB_CHANGE_CHANGED:
  case PLUG_RB_CHANGE_PERMISSIONS:
  case PLUG_RB_CHANGE_TYPE:
  case PLUG_RB_CHANGE_TIME:
  default:
    return '~';
  }
}

static void
append_files (GString *text, GListModel *files)
{
  for (guint i = 0; i < g_list_model_get_n_items (files); i++) {
    g_autoptr(PlugRbChange) change = g_list_model_get_item (files, i);
    g_autofree char *sizes = describe_sizes (change);

    g_string_append_printf (text, "    %c %s (%s)\n", get_sign (change),
                            plug_rb_change_get_name (change), sizes);
  }
}

/* ---- settings */

static char *
describe_value (const char *value, gboolean shorten)
{
  if (value == NULL)
    return g_strdup (_("(not set)"));

  return shorten ? plug_rb_cli_text_shorten (value, VALUE_WIDTH) : g_strdup (value);
}

static void
append_setting (GString *text, PlugRbChange *change, gboolean shorten)
{
  g_autofree char *from = describe_value (plug_rb_change_get_from (change), shorten);
  g_autofree char *to = describe_value (plug_rb_change_get_to (change), shorten);

  g_string_append_printf (text, "    %c %s: ", get_sign (change), plug_rb_change_get_name (change));
  g_string_append_printf (text, _("%s → %s"), from, to);
  g_string_append_c (text, '\n');
}

static void
append_settings (GString *text, GListModel *settings, guint most)
{
  guint count = g_list_model_get_n_items (settings);
  guint shown = MIN (count, most);

  if (count == 0)
    return;

  g_string_append_printf (text, "  %s\n", _("Settings:"));
  for (guint i = 0; i < shown; i++) {
    g_autoptr(PlugRbChange) change = g_list_model_get_item (settings, i);

    append_setting (text, change, most != G_MAXUINT);
  }

  if (shown == count)
    return;
  g_string_append (text, "    ");
  g_string_append_printf (text, ngettext ("and %u more", "and %u more", count - shown),
                          count - shown);
  g_string_append_c (text, '\n');
}

/* ---- the whole */

static void
append_warnings (GString *text, PlugRbPlan *plan)
{
  const char *const *warnings = plug_rb_plan_get_warnings (plan);
  const char *const *blockers = plug_rb_plan_get_blockers (plan);

  for (gsize i = 0; warnings != NULL && warnings[i] != NULL; i++)
    g_string_append_printf (text, _("  Warning: %s\n"), warnings[i]);
  for (gsize i = 0; blockers != NULL && blockers[i] != NULL; i++)
    g_string_append_printf (text, _("  Not possible: %s\n"), blockers[i]);
}

static char *
to_string (PlugRbPlan *plan, gboolean everything)
{
  GString *text = g_string_new (NULL);

  append_title (text, plan);
  append_file_counts (text, plan);
  if (everything)
    append_files (text, plug_rb_plan_get_files (plan));
  append_settings (text, plug_rb_plan_get_settings (plan), everything ? G_MAXUINT : MOST_SETTINGS);
  append_warnings (text, plan);

  return g_string_free_and_steal (text);
}

void
plug_rb_cli_plan_print (PlugRbPlan *plan)
{
  g_autofree char *text = to_string (plan, TRUE);

  g_print ("%s", text);
}

/* Beside a question, so on standard error. */
void
plug_rb_cli_plan_print_summary (PlugRbPlan *plan)
{
  g_autofree char *text = to_string (plan, FALSE);

  g_printerr ("%s", text);
}
