/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-text-diff.h"

#include <glib/gi18n.h>

#include "plug-rb-manager-compare.h"
#include "plug-rb-wording.h"

struct _PlugRbTextDiff {
  AdwNavigationPage parent_instance;

  GCancellable *cancellable;
  guint n_digits;

  AdwStatusPage *failure;
  AdwWindowTitle *heading;
  GtkListView *lines;
  AdwStatusPage *no_text;
  GtkStack *stack;
};

G_DEFINE_FINAL_TYPE (PlugRbTextDiff, plug_rb_text_diff, ADW_TYPE_NAVIGATION_PAGE)

/* ---- a line: its two numbers, its sign, its text */

typedef struct {
  GtkLabel *old;
  GtkLabel *new;
  GtkLabel *sign;
  GtkLabel *text;
} Row;

static GtkLabel *
add_label (GtkWidget *box, int width, float xalign)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_width_chars (GTK_LABEL (label), width);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), label);

  return GTK_LABEL (label);
}

/* Programs are written from left to right in all languages. */
static void
setup_cb (PlugRbTextDiff *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  Row *row = g_new (Row, 1);

  gtk_widget_set_direction (box, GTK_TEXT_DIR_LTR);
  row->old = add_label (box, self->n_digits, 1);
  row->new = add_label (box, self->n_digits, 1);
  row->sign = add_label (box, 1, 0.5);
  row->text = add_label (box, -1, 0);
  gtk_widget_add_css_class (GTK_WIDGET (row->old), "dimmed");
  gtk_widget_add_css_class (GTK_WIDGET (row->new), "dimmed");
  gtk_widget_set_hexpand (GTK_WIDGET (row->text), TRUE);
  gtk_widget_set_direction (GTK_WIDGET (row->text), GTK_TEXT_DIR_LTR);
  gtk_label_set_wrap (row->text, TRUE);
  gtk_label_set_wrap_mode (row->text, PANGO_WRAP_WORD_CHAR);

  g_object_set_data_full (G_OBJECT (box), "row", row, g_free);
  gtk_list_item_set_child (item, box);
  gtk_list_item_set_activatable (item, FALSE);
}

static void
show_number (GtkLabel *label, guint number)
{
  g_autofree char *text = number > 0 ? g_strdup_printf ("%u", number) : NULL;

  gtk_label_set_label (label, text ? text : "");
}

/* Never by color alone. */
static const char *
get_sign (PlugRbLineKind kind)
{
  return kind == PLUG_RB_LINE_ADDED ? "+" : kind == PLUG_RB_LINE_REMOVED ? "−" : "";
}

static const char *
get_class (PlugRbLineKind kind)
{
  switch (kind) {
  case PLUG_RB_LINE_ADDED:
    return "diff-added";
  case PLUG_RB_LINE_REMOVED:
    return "diff-removed";
  case PLUG_RB_LINE_GAP:
  case PLUG_RB_LINE_UNENDED:
    return "dimmed";
  case PLUG_RB_LINE_SAME:
  default:
    return "diff-same";
  }
}

static const char *
get_text (PlugRbDiffLine *line)
{
  switch (plug_rb_diff_line_get_kind (line)) {
  case PLUG_RB_LINE_GAP:
    return "⋯";
  case PLUG_RB_LINE_UNENDED:
    return _("The last line has no end");
  case PLUG_RB_LINE_ADDED:
  case PLUG_RB_LINE_REMOVED:
  case PLUG_RB_LINE_SAME:
  default:
    return plug_rb_diff_line_get_text (line);
  }
}

static char *
dup_label (PlugRbDiffLine *line)
{
  switch (plug_rb_diff_line_get_kind (line)) {
  case PLUG_RB_LINE_ADDED:
    /* TRANSLATORS: %u is the number of a line, %s its text */
    return g_strdup_printf (_("Added, line %u: %s"), plug_rb_diff_line_get_new_number (line),
                            get_text (line));
  case PLUG_RB_LINE_REMOVED:
    /* TRANSLATORS: %u is the number of a line, %s its text */
    return g_strdup_printf (_("Removed, line %u: %s"), plug_rb_diff_line_get_old_number (line),
                            get_text (line));
  case PLUG_RB_LINE_GAP:
    return g_strdup (_("Lines that are the same"));
  case PLUG_RB_LINE_SAME:
  case PLUG_RB_LINE_UNENDED:
  default:
    return g_strdup (get_text (line));
  }
}

static void
bind_cb (PlugRbTextDiff *self, GtkListItem *item, GtkSignalListItemFactory *factory)
{
  PlugRbDiffLine *line = gtk_list_item_get_item (item);
  PlugRbLineKind kind = plug_rb_diff_line_get_kind (line);
  GtkWidget *box = gtk_list_item_get_child (item);
  const Row *row = g_object_get_data (G_OBJECT (box), "row");
  const char *classes[] = { get_class (kind), NULL };
  g_autofree char *label = dup_label (line);

  show_number (row->old, plug_rb_diff_line_get_old_number (line));
  show_number (row->new, plug_rb_diff_line_get_new_number (line));
  gtk_label_set_label (row->sign, get_sign (kind));
  gtk_label_set_label (row->text, get_text (line));
  gtk_widget_set_css_classes (box, classes);
  gtk_list_item_set_accessible_label (item, label);
}

/* ---- the file */

static void
show_lines (PlugRbTextDiff *self, PlugRbLineDiff *diff)
{
  g_autoptr(GtkNoSelection) model = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (diff)));
  guint n_added = plug_rb_line_diff_get_n_added (diff);
  guint n_removed = plug_rb_line_diff_get_n_removed (diff);
  g_autofree char *added = NULL;
  g_autofree char *removed = NULL;
  g_autofree char *counts = NULL;

  for (guint last = plug_rb_line_diff_get_last_number (diff); last > 0; last /= 10)
    self->n_digits++;

  added = g_strdup_printf (ngettext ("%u line added", "%u lines added", n_added), n_added);
  removed =
      g_strdup_printf (ngettext ("%u line removed", "%u lines removed", n_removed), n_removed);
  /* TRANSLATORS: “2 lines added · 1 line removed” */
  counts = g_strdup_printf (_("%s · %s"), added, removed);
  adw_window_title_set_subtitle (self->heading, counts);
  gtk_list_view_set_model (self->lines, GTK_SELECTION_MODEL (model));
}

static void
show_sizes (PlugRbTextDiff *self, PlugRbLineDiff *diff)
{
  guint64 before = plug_rb_line_diff_get_from_size (diff);
  guint64 after = plug_rb_line_diff_get_to_size (diff);
  gboolean is_large = MAX (before, after) > PLUG_RB_LINE_DIFF_MOST_BYTES;
  g_autofree char *from = g_format_size (before);
  g_autofree char *to = g_format_size (after);
  /* TRANSLATORS: the size of a file before and after. In right-to-left languages turn the arrow. */
  g_autofree char *sizes = g_strdup_printf (_("%s → %s"), from, to);

  adw_status_page_set_title (self->no_text, is_large ? _("Large File") : _("Binary File"));
  adw_status_page_set_description (self->no_text, sizes);
}

static void
show_failure (PlugRbTextDiff *self, const GError *error)
{
  g_autofree char *escaped = g_markup_escape_text (error->message, -1);

  adw_status_page_set_description (self->failure, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
compared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbTextDiff) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbLineDiff) diff =
      plug_rb_manager_diff_file_finish (PLUG_RB_MANAGER (source), result, &error);

  if (self->stack == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (diff == NULL) {
    show_failure (self, error);
  } else if (plug_rb_line_diff_get_is_text (diff)) {
    show_lines (self, diff);
    gtk_stack_set_visible_child_name (self->stack, "lines");
  } else {
    show_sizes (self, diff);
    gtk_stack_set_visible_child_name (self->stack, "no-text");
  }
}

/* Whoever leaves does not wait for it any longer. */
static void
plug_rb_text_diff_hidden (AdwNavigationPage *page)
{
  g_cancellable_cancel (PLUG_RB_TEXT_DIFF (page)->cancellable);
}

static void
plug_rb_text_diff_dispose (GObject *object)
{
  PlugRbTextDiff *self = PLUG_RB_TEXT_DIFF (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_TEXT_DIFF);

  G_OBJECT_CLASS (plug_rb_text_diff_parent_class)->dispose (object);
}

static void
plug_rb_text_diff_class_init (PlugRbTextDiffClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = plug_rb_text_diff_dispose;
  ADW_NAVIGATION_PAGE_CLASS (klass)->hidden = plug_rb_text_diff_hidden;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-text-diff.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbTextDiff, failure);
  gtk_widget_class_bind_template_child (widget_class, PlugRbTextDiff, heading);
  gtk_widget_class_bind_template_child (widget_class, PlugRbTextDiff, lines);
  gtk_widget_class_bind_template_child (widget_class, PlugRbTextDiff, no_text);
  gtk_widget_class_bind_template_child (widget_class, PlugRbTextDiff, stack);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
}

static void
plug_rb_text_diff_init (PlugRbTextDiff *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Without a snapshot a side is the plugin as it is installed. */
AdwNavigationPage *
plug_rb_text_diff_new (PlugRbManager *manager,
                       PlugRbPlugin *plugin,
                       PlugRbSnapshot *from,
                       PlugRbSnapshot *to,
                       PlugRbChange *change)
{
  PlugRbTextDiff *self = g_object_new (PLUG_RB_TYPE_TEXT_DIFF, NULL);
  g_autofree char *name = plug_rb_wording_isolate (plug_rb_change_get_name (change));

  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), name);
  adw_window_title_set_title (self->heading, name);
  plug_rb_manager_diff_file_async (manager, plugin, from, to, change, self->cancellable,
                                   compared_cb, g_object_ref (self));

  return ADW_NAVIGATION_PAGE (self);
}
