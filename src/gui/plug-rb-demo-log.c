/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-demo-log.h"

#include <glib/gi18n.h>

#include "plug-rb-json.h"

/* ---- the list */

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "monospace");
  gtk_widget_add_css_class (label, "caption");
  gtk_list_item_set_child (item, label);
  gtk_list_item_set_activatable (item, FALSE);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

/* While the end is in sight, it stays there. */
static void
follow_cb (GtkAdjustment *adjustment, GtkListView *view)
{
  gboolean *at_end = g_object_get_data (G_OBJECT (adjustment), "at-end");

  if (*at_end)
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
}

static void
scrolled_cb (GtkAdjustment *adjustment)
{
  gboolean *at_end = g_object_get_data (G_OBJECT (adjustment), "at-end");

  *at_end = gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment) >=
            gtk_adjustment_get_upper (adjustment) - 1;
}

static void
follow_end (GtkListView *view)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
  gboolean *at_end = g_new (gboolean, 1);

  *at_end = TRUE;
  g_object_set_data_full (G_OBJECT (adjustment), "at-end", at_end, g_free);
  g_signal_connect (adjustment, "changed", G_CALLBACK (follow_cb), view);
  g_signal_connect (adjustment, "value-changed", G_CALLBACK (scrolled_cb), NULL);
}

/* The view gets all it needs; the lines stay the caller's. */
void
plug_rb_demo_log_set_up (GtkListView *view, GtkStringList *lines)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkNoSelection) selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (lines)));

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_list_view_set_factory (view, factory);
  gtk_list_view_set_model (view, GTK_SELECTION_MODEL (selection));
  g_object_unref (factory);
  follow_end (view);
}

/* ---- its lines */

void
plug_rb_demo_log_add (GtkStringList *lines, JsonObject *event)
{
  double time = plug_rb_json_get_double (event, "time", 0);
  const char *text = plug_rb_json_get_string (event, "text");
  g_autofree char *line = g_strdup_printf ("%06.3f %s", time, text ? text : "");

  gtk_string_list_append (lines, line);
}

char *
plug_rb_demo_log_dup_text (GtkStringList *lines)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (lines)); i++)
    g_string_append_printf (text, "%s\n", gtk_string_list_get_string (lines, i));

  return g_string_free_and_steal (text);
}

/* ---- before and after */

static void
add_difference (GString *text, const char *name, const char *before, const char *after)
{
  if (g_strcmp0 (before, after) == 0)
    return;

  /* TRANSLATORS: a file or setting, then what it was and what it is */
  g_string_append_printf (text, _("%s: %s → %s\n"), name, before ? before : "–",
                          after ? after : "–");
}

static GHashTable *
map_files (JsonObject *picture)
{
  JsonArray *files = plug_rb_json_get_array (picture, "files");
  GHashTable *map = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < json_array_get_length (files); i++) {
    JsonObject *file = json_array_get_object_element (files, i);

    g_hash_table_insert (map, (char *) plug_rb_json_get_string (file, "path"), file);
  }

  return map;
}

static gboolean
is_folder (JsonObject *file)
{
  return plug_rb_json_get_string (file, "sha256") == NULL;
}

static void
add_file (GString *text, const char *name, JsonObject *before, JsonObject *after)
{
  if (before == NULL)
    /* TRANSLATORS: a file that was added, removed or changed */
    g_string_append_printf (text, _("%s: new\n"), name);
  else if (after == NULL)
    g_string_append_printf (text, _("%s: gone\n"), name);
  else if (g_strcmp0 (plug_rb_json_get_string (before, "sha256"),
                      plug_rb_json_get_string (after, "sha256")) != 0)
    g_string_append_printf (text, _("%s: changed\n"), name);
}

static void
add_files (GString *text, GHashTable *before, GHashTable *after, gboolean only_new)
{
  g_autoptr(GList) names = g_hash_table_get_keys (only_new ? after : before);

  names = g_list_sort (names, (GCompareFunc) g_strcmp0);
  for (GList *name = names; name != NULL; name = name->next) {
    JsonObject *one = g_hash_table_lookup (before, name->data);
    JsonObject *other = g_hash_table_lookup (after, name->data);

    if (!is_folder (one ? one : other) && (!only_new || one == NULL))
      add_file (text, name->data, one, other);
  }
}

static void
add_settings (GString *text, JsonObject *before, JsonObject *after)
{
  g_autoptr(GList) old = json_object_get_members (before);
  g_autoptr(GList) new = json_object_get_members (after);

  for (GList *name = old; name != NULL; name = name->next)
    add_difference (text, name->data, plug_rb_json_get_string (before, name->data),
                    plug_rb_json_get_string (after, name->data));
  for (GList *name = new; name != NULL; name = name->next)
    if (!json_object_has_member (before, name->data))
      add_difference (text, name->data, NULL, plug_rb_json_get_string (after, name->data));
}

/* What differs, a line each; that nothing does, if nothing does. */
char *
plug_rb_demo_log_dup_differences (const PlugRbDemoReport *report)
{
  GString *text = g_string_new (NULL);
  g_autoptr(GHashTable) before = map_files (report->before);
  g_autoptr(GHashTable) after = map_files (report->after);
  guint n_files = plug_rb_demo_picture_count_files (report->before);
  guint n_settings = json_object_get_size (plug_rb_json_get_object (report->before, "settings"));

  if (report->verdict == PLUG_RB_DEMO_AS_BEFORE) {
    g_string_append_printf (text, _("Version %s before and after"),
                            plug_rb_json_get_string (report->after, "version"));
    g_string_append_c (text, '\n');
    g_string_append_printf (
        text, ngettext ("%u file is the same", "%u files are the same", n_files), n_files);
    g_string_append_c (text, '\n');
    g_string_append_printf (
        text, ngettext ("%u setting is the same", "%u settings are the same", n_settings),
        n_settings);
    return g_string_free_and_steal (text);
  }

  add_difference (text, _("Version"), plug_rb_json_get_string (report->before, "version"),
                  plug_rb_json_get_string (report->after, "version"));
  add_files (text, before, after, FALSE);
  add_files (text, before, after, TRUE);
  add_settings (text, plug_rb_json_get_object (report->before, "settings"),
                plug_rb_json_get_object (report->after, "settings"));

  return g_string_free_and_steal (text);
}
