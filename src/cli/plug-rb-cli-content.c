/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-content.h"

#include <glib/gi18n.h>

#include "plug-rb-differ.h"
#include "plug-rb-json.h"

/* Only the text is kept: what both sides hold would add up. */
typedef struct {
  PlugRbChange *change;
  char *unified; /* NULL for what is no text */
} Content;

static void
content_free (Content *content)
{
  g_object_unref (content->change);
  g_free (content->unified);
  g_free (content);
}

static gboolean
read_one (
    PlugRbCli *cli, PlugRbDiffer *differ, PlugRbChange *change, GPtrArray *contents, GError **error)
{
  g_autoptr(PlugRbLineDiff) diff =
      plug_rb_differ_compare (differ, change, cli->cancellable, error);
  Content *content;

  if (diff == NULL)
    return FALSE;

  content = g_new0 (Content, 1);
  content->change = g_object_ref (change);
  if (plug_rb_line_diff_get_is_text (diff))
    content->unified = plug_rb_line_diff_to_unified (diff);
  g_ptr_array_add (contents, content);

  return TRUE;
}

/* All is read before anything is printed: an error comes alone. */
GPtrArray *
plug_rb_cli_content_read (PlugRbCli *cli, PlugRbPlugin *plugin, PlugRbPlan *plan, GError **error)
{
  g_autoptr(GPtrArray) contents = g_ptr_array_new_with_free_func ((GDestroyNotify) content_free);
  GListModel *files = plug_rb_plan_get_files (plan);
  g_autoptr(PlugRbDiffer) differ =
      plug_rb_differ_new (cli->engine, plugin, plug_rb_plan_get_from (plan),
                          plug_rb_plan_get_to (plan), cli->cancellable, error);

  if (differ == NULL)
    return NULL;

  for (guint i = 0; i < g_list_model_get_n_items (files); i++) {
    g_autoptr(PlugRbChange) change = g_list_model_get_item (files, i);

    if (plug_rb_change_has_content (change) && !read_one (cli, differ, change, contents, error))
      return NULL;
  }

  return g_steal_pointer (&contents);
}

static const char *
get_side (const Content *content, PlugRbChangeKind missing)
{
  return plug_rb_change_get_kind (content->change) == missing
             ? "/dev/null"
             : plug_rb_change_get_name (content->change);
}

void
plug_rb_cli_content_print (GPtrArray *contents)
{
  for (guint i = 0; i < contents->len; i++) {
    const Content *content = contents->pdata[i];

    if (content->unified != NULL)
      g_print ("\n--- %s\n+++ %s\n%s", get_side (content, PLUG_RB_CHANGE_ADDED),
               get_side (content, PLUG_RB_CHANGE_REMOVED), content->unified);
    else
      /* TRANSLATORS: %s is the path of a file */
      g_print (_("\n%s: not compared, because it is no text or too large\n"),
               plug_rb_change_get_name (content->change));
  }
}

void
plug_rb_cli_content_add_json (JsonObject *plans, GPtrArray *contents)
{
  JsonObject *plan =
      json_array_get_object_element (json_object_get_array_member (plans, "plans"), 0);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < contents->len; i++) {
    const Content *content = contents->pdata[i];
    JsonObject *object = json_object_new ();

    plug_rb_json_set_string (object, "path", plug_rb_change_get_name (content->change));
    plug_rb_json_set_string (object, "diff", content->unified);
    json_array_add_object_element (array, object);
  }
  json_object_set_array_member (plan, "contents", array);
}
