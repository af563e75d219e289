/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-policy-page.h"

#include <glib/gi18n.h>
#include <math.h>

#include "plug-rb-wording.h"

#define MEGABYTE 1e6
#define N_ROWS 9

struct _PlugRbPolicyPage {
  AdwPreferencesPage parent_instance;

  PlugRbManager *manager;
  PlugRbLivePolicy *policy;
  char *name_here;
  char *name_above;

  GPtrArray *pending; /* edits that wait for the user, or for what they would lead to */
  GCancellable *foreseeing;
  gboolean is_showing; /* the rows follow the policy now, and not the other way round */
  GtkWidget *reset_buttons[N_ROWS];

  AdwEntryRow *exclude_row;
  AdwPreferencesGroup *reset_group;
  AdwSpinRow *count_row;
  AdwSpinRow *days_row;
  AdwSpinRow *size_row;
  AdwSwitchRow *confirm_row;
  AdwSwitchRow *install_row;
  AdwSwitchRow *limit_row;
  AdwSwitchRow *rollback_row;
  AdwSwitchRow *uninstall_row;
  AdwSwitchRow *update_row;
  GtkLabel *pending_label;
  GtkWidget *pending_row;
};

G_DEFINE_FINAL_TYPE (PlugRbPolicyPage, plug_rb_policy_page, ADW_TYPE_PREFERENCES_PAGE)

static const struct {
  const char *key;
  gsize offset;
} rows[N_ROWS] = {
  { "auto-snapshot-on-install", G_STRUCT_OFFSET (PlugRbPolicyPage, install_row) },
  { "auto-snapshot-on-update", G_STRUCT_OFFSET (PlugRbPolicyPage, update_row) },
  { "auto-snapshot-on-uninstall", G_STRUCT_OFFSET (PlugRbPolicyPage, uninstall_row) },
  { "auto-rollback-on-failure", G_STRUCT_OFFSET (PlugRbPolicyPage, rollback_row) },
  { "require-confirmation", G_STRUCT_OFFSET (PlugRbPolicyPage, confirm_row) },
  { "max-snapshots", G_STRUCT_OFFSET (PlugRbPolicyPage, count_row) },
  { "retention-days", G_STRUCT_OFFSET (PlugRbPolicyPage, days_row) },
  { "max-snapshot-size", G_STRUCT_OFFSET (PlugRbPolicyPage, limit_row) },
  { "exclude", G_STRUCT_OFFSET (PlugRbPolicyPage, exclude_row) },
};

static GtkWidget *
get_row (PlugRbPolicyPage *self, gsize index)
{
  return G_STRUCT_MEMBER (GtkWidget *, self, rows[index].offset);
}

/* ---- following the policy */

static char *
dup_subtitle (PlugRbPolicyPage *self, gboolean is_set)
{
  g_autofree char *name = NULL;

  if (!is_set && self->name_above == NULL)
    return g_strdup (_("Same as all programs"));

  name = plug_rb_wording_isolate (is_set ? self->name_here : self->name_above);
  /* TRANSLATORS: %s is the name of a program or a plugin. Under the name of a setting */
  return g_strdup_printf (is_set ? _("Set for %s") : _("Same as %s"), name);
}

/* An entry row has no subtitle. */
static void
show_where_set (PlugRbPolicyPage *self, gsize index)
{
  gboolean is_set = plug_rb_live_policy_is_set (self->policy, rows[index].key);
  g_autofree char *subtitle = dup_subtitle (self, is_set);

  gtk_widget_set_visible (self->reset_buttons[index], is_set);
  if (ADW_IS_ACTION_ROW (get_row (self, index)))
    adw_action_row_set_subtitle (ADW_ACTION_ROW (get_row (self, index)), subtitle);
}

static void
show_size (PlugRbPolicyPage *self, guint64 size)
{
  adw_switch_row_set_active (self->limit_row, size > 0);
  if (size > 0)
    adw_spin_row_set_value (self->size_row, round ((double) size / MEGABYTE));
}

static void
show_patterns (PlugRbPolicyPage *self, const PlugRbPolicy *policy)
{
  g_autofree char *text = g_strjoinv (", ", policy->exclude);

  if (!g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self->exclude_row)), text))
    gtk_editable_set_text (GTK_EDITABLE (self->exclude_row), text);
}

static void
show_policy (PlugRbPolicyPage *self)
{
  const PlugRbPolicy *policy = plug_rb_live_policy_get (self->policy);

  self->is_showing = TRUE;
  if (self->pending == NULL) {
    adw_spin_row_set_value (self->count_row, policy->max_snapshots);
    adw_spin_row_set_value (self->days_row, policy->retention_days);
  }
  show_size (self, policy->max_snapshot_size);
  show_patterns (self, policy);
  for (gsize i = 0; self->name_here != NULL && i < N_ROWS; i++)
    show_where_set (self, i);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "policy.reset-all",
                                 plug_rb_live_policy_is_any_set (self->policy));
  self->is_showing = FALSE;
}

static void
say_failed (PlugRbPolicyPage *self, const char *message)
{
  GtkWidget *dialog = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_PREFERENCES_DIALOG);
  AdwToast *toast;

  if (dialog == NULL)
    return;

  toast = adw_toast_new (message);
  adw_toast_set_use_markup (toast, FALSE);
  adw_preferences_dialog_add_toast (ADW_PREFERENCES_DIALOG (dialog), toast);
}

/* A binding does not bring back what it could not write. */
static void
failed_cb (PlugRbPolicyPage *self, const char *message)
{
  for (gsize i = 0; i < N_ROWS; i++) {
    gboolean active;

    if (plug_rb_policy_key_find (rows[i].key)->kind != PLUG_RB_POLICY_SWITCH)
      continue;
    g_object_get (self->policy, rows[i].key, &active, NULL);
    adw_switch_row_set_active (ADW_SWITCH_ROW (get_row (self, i)), active);
  }

  say_failed (self, message);
}

/* ---- changes that may make snapshots go */

static void
drop_pending (PlugRbPolicyPage *self)
{
  g_cancellable_cancel (self->foreseeing);
  g_clear_object (&self->foreseeing);
  g_clear_pointer (&self->pending, g_ptr_array_unref);
  gtk_widget_set_visible (self->pending_row, FALSE);
}

static void
write_pending (PlugRbPolicyPage *self)
{
  g_autoptr(GPtrArray) edits = g_steal_pointer (&self->pending);
  g_autoptr(GError) error = NULL;

  drop_pending (self);
  if (!plug_rb_live_policy_write (self->policy, edits, &error))
    say_failed (self, error->message);
  show_policy (self);
}

static void
show_pending (PlugRbPolicyPage *self, const PlugRbForesight *foresight)
{
  guint n = foresight->n_snapshots;
  g_autofree char *size = g_format_size (foresight->size);
  g_autofree char *text = g_strdup_printf (
      ngettext ("%u snapshot (%s) will be cleaned up", "%u snapshots (%s) will be cleaned up", n),
      n, size);

  gtk_label_set_label (self->pending_label, text);
  gtk_widget_set_visible (self->pending_row, TRUE);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

/* A newer change has cancelled this one. If nothing goes, it is written even if the dialog has been
 * closed meanwhile. */
static void
foreseen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbPolicyPage) self = user_data;
  g_autoptr(GError) error = NULL;
  PlugRbForesight foresight = { 0 };
  gboolean foreseen =
      plug_rb_manager_foresee_policy_finish (PLUG_RB_MANAGER (source), result, &foresight, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->pending == NULL)
    return;

  if (!foreseen) {
    drop_pending (self);
    say_failed (self, error->message);
    show_policy (self);
  } else if (foresight.n_snapshots == 0) {
    write_pending (self);
  } else {
    show_pending (self, &foresight);
  }
}

static void
propose (PlugRbPolicyPage *self, GPtrArray *edits)
{
  drop_pending (self);
  if (edits->len == 0) {
    g_ptr_array_unref (edits);
    show_policy (self);
    return;
  }

  self->pending = edits;
  self->foreseeing = g_cancellable_new ();
  plug_rb_manager_foresee_policy_async (self->manager, edits, self->foreseeing, foreseen_cb,
                                        g_object_ref (self));
}

static void
propose_number (
    PlugRbPolicyPage *self, GPtrArray *edits, const char *key, AdwSpinRow *row, guint present)
{
  int value = (int) adw_spin_row_get_value (row);
  g_autoptr(GVariant) variant = g_variant_ref_sink (g_variant_new_int32 (value));

  if (value != (int) present)
    g_ptr_array_add (edits, plug_rb_live_policy_make_edit (self->policy, key, variant));
}

static void
keep_changed_cb (PlugRbPolicyPage *self)
{
  const PlugRbPolicy *policy;
  GPtrArray *edits;

  if (self->is_showing)
    return;

  policy = plug_rb_live_policy_get (self->policy);
  edits = plug_rb_policy_edits_new ();
  propose_number (self, edits, "max-snapshots", self->count_row, policy->max_snapshots);
  propose_number (self, edits, "retention-days", self->days_row, policy->retention_days);
  propose (self, edits);
}

static void
apply_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbPolicyPage *self = PLUG_RB_POLICY_PAGE (widget);

  if (self->pending == NULL)
    return;

  write_pending (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->count_row));
}

static void
revert_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  PlugRbPolicyPage *self = PLUG_RB_POLICY_PAGE (widget);

  drop_pending (self);
  show_policy (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->count_row));
}

static void
propose_reset (PlugRbPolicyPage *self, const char *key)
{
  GPtrArray *edits = plug_rb_policy_edits_new ();

  g_ptr_array_add (edits, plug_rb_live_policy_make_edit (self->policy, key, NULL));
  propose (self, edits);
}

static void
reset_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  propose_reset (PLUG_RB_POLICY_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static void
reset_all_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  propose_reset (PLUG_RB_POLICY_PAGE (widget), NULL);
}

/* ---- changes that lead to nothing but themselves */

static void
set_value (PlugRbPolicyPage *self, const char *key, GVariant *value)
{
  g_autoptr(GVariant) owned = g_variant_ref_sink (value);
  g_autoptr(GError) error = NULL;

  if (!plug_rb_live_policy_set (self->policy, key, owned, &error)) {
    say_failed (self, error->message);
    show_policy (self);
  }
}

static void
size_changed_cb (PlugRbPolicyPage *self)
{
  gint64 size = 0;

  if (self->is_showing)
    return;

  if (adw_switch_row_get_active (self->limit_row))
    size = (gint64) (adw_spin_row_get_value (self->size_row) * MEGABYTE);
  set_value (self, "max-snapshot-size", g_variant_new_int64 (size));
}

static void
exclude_applied_cb (PlugRbPolicyPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->exclude_row));
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) value =
      plug_rb_policy_key_parse (plug_rb_policy_key_find ("exclude"), text, &error);

  if (value != NULL)
    set_value (self, "exclude", value);
  else
    say_failed (self, error->message);
}

/* ---- object */

static GtkWidget *
create_reset_button (const char *key)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-clear-symbolic");

  gtk_widget_set_tooltip_text (button, _("Use Common Setting"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Use Common Setting"), -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "policy.reset");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", key);

  return button;
}

static void
add_reset_button (PlugRbPolicyPage *self, gsize index)
{
  GtkWidget *row = get_row (self, index);

  /* A name is no markup. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  self->reset_buttons[index] = create_reset_button (rows[index].key);
  if (ADW_IS_ENTRY_ROW (row))
    adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), self->reset_buttons[index]);
  else
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), self->reset_buttons[index]);
}

static void
follow (PlugRbPolicyPage *self)
{
  for (gsize i = 0; i < N_ROWS; i++) {
    GtkWidget *row = get_row (self, i);

    if (plug_rb_policy_key_find (rows[i].key)->kind == PLUG_RB_POLICY_SWITCH)
      g_object_bind_property (self->policy, rows[i].key, row, "active",
                              G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
    if (self->name_here != NULL)
      add_reset_button (self, i);
  }

  gtk_widget_set_visible (GTK_WIDGET (self->reset_group), self->name_here != NULL);
  g_signal_connect_object (self->policy, "changed", G_CALLBACK (show_policy), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->policy, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  show_policy (self);
}

static void
plug_rb_policy_page_dispose (GObject *object)
{
  PlugRbPolicyPage *self = PLUG_RB_POLICY_PAGE (object);

  g_cancellable_cancel (self->foreseeing);
  g_clear_object (&self->foreseeing);
  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_POLICY_PAGE);
  g_clear_object (&self->policy);
  g_clear_object (&self->manager);

  G_OBJECT_CLASS (plug_rb_policy_page_parent_class)->dispose (object);
}

static void
plug_rb_policy_page_finalize (GObject *object)
{
  PlugRbPolicyPage *self = PLUG_RB_POLICY_PAGE (object);

  g_clear_pointer (&self->pending, g_ptr_array_unref);
  g_free (self->name_here);
  g_free (self->name_above);

  G_OBJECT_CLASS (plug_rb_policy_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-policy-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbPolicyPage, confirm_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPolicyPage, count_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPolicyPage, days_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPolicyPage, exclude_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPolicyPage, install_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPolicyPage, limit_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPolicyPage, pending_label);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPolicyPage, pending_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPolicyPage, reset_group);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPolicyPage, rollback_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPolicyPage, size_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPolicyPage, uninstall_row);
  gtk_widget_class_bind_template_child (widget_class, PlugRbPolicyPage, update_row);
}

static void
plug_rb_policy_page_class_init (PlugRbPolicyPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = plug_rb_policy_page_dispose;
  object_class->finalize = plug_rb_policy_page_finalize;

  gtk_widget_class_install_action (widget_class, "policy.apply", NULL, apply_action);
  gtk_widget_class_install_action (widget_class, "policy.reset", "s", reset_action);
  gtk_widget_class_install_action (widget_class, "policy.reset-all", NULL, reset_all_action);
  gtk_widget_class_install_action (widget_class, "policy.revert", NULL, revert_action);
  bind_template (widget_class);
}

static void
plug_rb_policy_page_init (PlugRbPolicyPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_swapped (self->count_row, "notify::value", G_CALLBACK (keep_changed_cb), self);
  g_signal_connect_swapped (self->days_row, "notify::value", G_CALLBACK (keep_changed_cb), self);
  g_signal_connect_swapped (self->size_row, "notify::value", G_CALLBACK (size_changed_cb), self);
  g_signal_connect_swapped (self->limit_row, "notify::active", G_CALLBACK (size_changed_cb), self);
  g_signal_connect_swapped (self->exclude_row, "apply", G_CALLBACK (exclude_applied_cb), self);
}

PlugRbPolicyPage *
plug_rb_policy_page_new (PlugRbManager *manager,
                         PlugRbLivePolicy *policy,
                         const char *name_here,
                         const char *name_above)
{
  PlugRbPolicyPage *self = g_object_new (PLUG_RB_TYPE_POLICY_PAGE, NULL);

  self->manager = g_object_ref (manager);
  self->policy = g_object_ref (policy);
  self->name_here = g_strdup (name_here);
  self->name_above = g_strdup (name_above);
  follow (self);

  return self;
}
