/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-rollback-preview.h"

#include <glib/gi18n.h>

#include "plug-rb-batch-list.h"
#include "plug-rb-compare-view.h"
#include "plug-rb-focus.h"
#include "plug-rb-format.h"
#include "plug-rb-notice-list.h"
#include "plug-rb-plan.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-wording.h"

struct _PlugRbRollbackPreview {
  AdwNavigationPage parent_instance;

  PlugRbManager *manager;
  PlugRbPlugin *plugin;
  PlugRbSnapshot *target;
  PlugRbPlan *plan;
  char *scope;
  char *failure;
  gboolean busy;
  gboolean narrow;
  GCancellable *planning;
  GPtrArray *batch; /* several targets, of which @target is the first */
  guint n_ticked;

  GtkWidget *batch_box;
  PlugRbBatchList *batch_list;
  PlugRbCompareView *compare_view;
  GtkWidget *start_button;
};

G_DEFINE_FINAL_TYPE (PlugRbRollbackPreview, plug_rb_rollback_preview, ADW_TYPE_NAVIGATION_PAGE)

typedef enum {
  PROP_BUSY = 1,
  PROP_FAILURE,
  PROP_IDLE,
  PROP_MANAGER,
  PROP_NARROW,
  PROP_PLAN,
  PROP_PLUGIN,
  PROP_READY,
  PROP_SCOPE,
  PROP_TARGET,
} PlugRbRollbackPreviewProperty;

static GParamSpec *properties[PROP_TARGET + 1];

static char *
dup_title (PlugRbRollbackPreview *self, const char *name, gboolean absent)
{
  g_autofree char *isolated = plug_rb_wording_isolate (name);
  guint n = self->batch != NULL ? self->batch->len : 0;

  if (self->batch != NULL)
    return g_strdup_printf (ngettext ("Roll Back %u Plugin", "Roll Back %u Plugins", n), n);

  /* TRANSLATORS: %s is the name of a plugin */
  return g_strdup_printf (absent ? _("Remove %s") : _("Roll Back %s"), isolated);
}

static gboolean
is_removal (PlugRbRollbackPreview *self, gboolean absent)
{
  return absent && self->batch == NULL;
}

static char *
dup_start_label (PlugRbRollbackPreview *self, gboolean absent)
{
  return g_strdup (is_removal (self, absent) ? _("_Remove") : _("_Roll Back"));
}

static char **
dup_start_classes (PlugRbRollbackPreview *self, gboolean absent)
{
  const char *const classes[] = { is_removal (self, absent) ? "destructive-action"
                                                            : "suggested-action",
                                  "text-button", NULL };

  return g_strdupv ((char **) classes);
}

static char *
dup_page (PlugRbRollbackPreview *self, PlugRbPlan *plan, const char *failure)
{
  if (failure != NULL)
    return g_strdup ("failed");
  if (plan == NULL)
    return g_strdup ("planning");

  if (self->batch != NULL)
    return g_strdup ("plan");

  return g_strdup (plug_rb_plan_get_is_empty (plan) && g_str_equal (self->scope, "all") ? "empty"
                                                                                        : "plan");
}

static char *
dup_escaped (PlugRbRollbackPreview *self, const char *text)
{
  return text != NULL ? g_markup_escape_text (text, -1) : NULL;
}

static char *
dup_empty_text (PlugRbRollbackPreview *self, const char *name)
{
  g_autofree char *isolated = plug_rb_wording_isolate (name);
  /* TRANSLATORS: %s is the name of a plugin */
  g_autofree char *text = g_strdup_printf (_("%s is exactly as in this snapshot."), isolated);

  return g_markup_escape_text (text, -1);
}

/* “Version 55 → 44” */
static char *
dup_versions (PlugRbRollbackPreview *self, PlugRbPlan *plan)
{
  const char *from = plan != NULL ? plug_rb_plan_get_from_version (plan) : NULL;
  const char *to = plan != NULL ? plug_rb_plan_get_to_version (plan) : NULL;
  g_autofree char *from_isolated = NULL;
  g_autofree char *to_isolated = NULL;

  if (from == NULL || to == NULL || g_str_equal (from, to))
    return plug_rb_wording_version (to != NULL ? to : from);

  from_isolated = plug_rb_wording_isolate (from);
  to_isolated = plug_rb_wording_isolate (to);
  /* TRANSLATORS: from one version to another. In right-to-left languages turn the arrow. */
  return g_strdup_printf (_("Version %s → %s"), from_isolated, to_isolated);
}

static char *
dup_time (PlugRbRollbackPreview *self, PlugRbSnapshot *target)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();

  return target != NULL ? plug_rb_format_time (plug_rb_snapshot_get_timestamp (target), now) : NULL;
}

static char *
dup_full_time (PlugRbRollbackPreview *self, PlugRbSnapshot *target)
{
  return target != NULL ? plug_rb_format_time_full (plug_rb_snapshot_get_timestamp (target)) : NULL;
}

static char *
dup_bytes (PlugRbRollbackPreview *self, PlugRbPlan *plan)
{
  g_autofree char *write = NULL;
  g_autofree char *available = NULL;

  /* Where nothing is written nobody looked how much space there is. */
  if (plan == NULL || plug_rb_plan_get_free_bytes (plan) == 0)
    return NULL;

  write = g_format_size (plug_rb_plan_get_write_bytes (plan));
  available = g_format_size (plug_rb_plan_get_free_bytes (plan));
  /* TRANSLATORS: sizes: what will be written, and the free space of the disk */
  return g_strdup_printf (_("%s to write, %s free"), write, available);
}

gboolean
plug_rb_rollback_preview_get_ready (PlugRbRollbackPreview *self)
{
  const char *const *blockers;

  g_return_val_if_fail (PLUG_RB_IS_ROLLBACK_PREVIEW (self), FALSE);

  if (self->busy || self->planning != NULL || self->plan == NULL ||
      (self->batch != NULL && self->n_ticked == 0))
    return FALSE;

  blockers = plug_rb_plan_get_blockers (self->plan);
  return !plug_rb_plan_get_is_empty (self->plan) && (blockers == NULL || *blockers == NULL);
}

GtkWidget *
plug_rb_rollback_preview_get_start_button (PlugRbRollbackPreview *self)
{
  g_return_val_if_fail (PLUG_RB_IS_ROLLBACK_PREVIEW (self), NULL);

  return self->start_button;
}

PlugRbScope
plug_rb_rollback_preview_get_scope (PlugRbRollbackPreview *self)
{
  g_return_val_if_fail (PLUG_RB_IS_ROLLBACK_PREVIEW (self), PLUG_RB_SCOPE_ALL);

  if (g_str_equal (self->scope, "files"))
    return PLUG_RB_SCOPE_FILES;
  if (g_str_equal (self->scope, "settings"))
    return PLUG_RB_SCOPE_SETTINGS;

  return PLUG_RB_SCOPE_ALL;
}

static void
notify_state (PlugRbRollbackPreview *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IDLE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
}

static void
set_result (PlugRbRollbackPreview *self, PlugRbPlan *plan, const char *failure)
{
  g_clear_object (&self->planning);
  if (plan != NULL && g_set_object (&self->plan, plan))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLAN]);
  g_set_str (&self->failure, failure);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FAILURE]);
  notify_state (self);
}

static void
plan_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(PlugRbRollbackPreview) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPlan) plan =
      self->batch != NULL
          ? plug_rb_manager_plan_many_finish (PLUG_RB_MANAGER (source), result, &error)
          : plug_rb_manager_plan_finish (PLUG_RB_MANAGER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  set_result (self, plan, error != NULL ? error->message : NULL);
}

static void
plan_batch (PlugRbRollbackPreview *self)
{
  g_autoptr(GPtrArray) ticked = plug_rb_batch_list_dup_ticked (self->batch_list);

  self->n_ticked = ticked->len;
  g_cancellable_cancel (self->planning);
  g_clear_object (&self->planning);
  if (ticked->len > 0) {
    self->planning = g_cancellable_new ();
    plug_rb_manager_plan_many_async (self->manager, ticked,
                                     plug_rb_rollback_preview_get_scope (self), self->planning,
                                     plan_cb, g_object_ref (self));
  }
  notify_state (self);
}

static void
batch_changed_cb (PlugRbRollbackPreview *self)
{
  plan_batch (self);
}

/* The old plan stays, dimmed, until the new one is there. */
static void
plan (PlugRbRollbackPreview *self)
{
  if (self->batch != NULL) {
    plan_batch (self);
    return;
  }

  g_cancellable_cancel (self->planning);
  g_clear_object (&self->planning);
  self->planning = g_cancellable_new ();
  plug_rb_compare_view_set_sides (self->compare_view, self->manager, self->plugin, NULL,
                                  self->target);
  plug_rb_manager_plan_async (self->manager, self->target,
                              plug_rb_rollback_preview_get_scope (self), self->planning, plan_cb,
                              g_object_ref (self));
  notify_state (self);
}

static void
check_again_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  plan (PLUG_RB_ROLLBACK_PREVIEW (widget));
}

static void
set_scope (PlugRbRollbackPreview *self, const char *scope)
{
  if (scope != NULL && g_set_str (&self->scope, scope)) {
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SCOPE]);
    if (self->manager != NULL && self->target != NULL)
      plan (self);
  }
}

static void
plug_rb_rollback_preview_unmap (GtkWidget *widget)
{
  plug_rb_focus_leave (widget);

  GTK_WIDGET_CLASS (plug_rb_rollback_preview_parent_class)->unmap (widget);
}

static void
plug_rb_rollback_preview_dispose (GObject *object)
{
  PlugRbRollbackPreview *self = PLUG_RB_ROLLBACK_PREVIEW (object);

  g_cancellable_cancel (self->planning);
  g_clear_object (&self->planning);
  gtk_widget_dispose_template (GTK_WIDGET (self), PLUG_RB_TYPE_ROLLBACK_PREVIEW);
  g_clear_object (&self->manager);
  g_clear_object (&self->plugin);
  g_clear_object (&self->target);
  g_clear_object (&self->plan);

  G_OBJECT_CLASS (plug_rb_rollback_preview_parent_class)->dispose (object);
}

static void
plug_rb_rollback_preview_finalize (GObject *object)
{
  PlugRbRollbackPreview *self = PLUG_RB_ROLLBACK_PREVIEW (object);

  g_clear_pointer (&self->batch, g_ptr_array_unref);
  g_clear_pointer (&self->scope, g_free);
  g_clear_pointer (&self->failure, g_free);

  G_OBJECT_CLASS (plug_rb_rollback_preview_parent_class)->finalize (object);
}

static void
plug_rb_rollback_preview_get_property (GObject *object,
                                       guint prop_id,
                                       GValue *value,
                                       GParamSpec *pspec)
{
  PlugRbRollbackPreview *self = PLUG_RB_ROLLBACK_PREVIEW (object);

  switch ((PlugRbRollbackPreviewProperty) prop_id) {
  case PROP_BUSY:
    g_value_set_boolean (value, self->busy);
    break;

  case PROP_FAILURE:
    g_value_set_string (value, self->failure);
    break;

  case PROP_IDLE:
    g_value_set_boolean (value, !self->busy && self->planning == NULL);
    break;

  case PROP_MANAGER:
    g_value_set_object (value, self->manager);
    break;

  case PROP_NARROW:
    g_value_set_boolean (value, self->narrow);
    break;

  case PROP_PLAN:
    g_value_set_object (value, self->plan);
    break;

  case PROP_PLUGIN:
    g_value_set_object (value, self->plugin);
    break;

  case PROP_READY:
    g_value_set_boolean (value, plug_rb_rollback_preview_get_ready (self));
    break;

  case PROP_SCOPE:
    g_value_set_string (value, self->scope);
    break;

  case PROP_TARGET:
    g_value_set_object (value, self->target);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_rollback_preview_set_property (GObject *object,
                                       guint prop_id,
                                       const GValue *value,
                                       GParamSpec *pspec)
{
  PlugRbRollbackPreview *self = PLUG_RB_ROLLBACK_PREVIEW (object);

  switch ((PlugRbRollbackPreviewProperty) prop_id) {
  case PROP_BUSY:
    self->busy = g_value_get_boolean (value);
    notify_state (self);
    break;

  case PROP_MANAGER:
    g_set_object (&self->manager, g_value_get_object (value));
    break;

  case PROP_NARROW:
    self->narrow = g_value_get_boolean (value);
    break;

  case PROP_PLUGIN:
    g_set_object (&self->plugin, g_value_get_object (value));
    break;

  case PROP_SCOPE:
    set_scope (self, g_value_get_string (value));
    break;

  case PROP_TARGET:
    if (g_set_object (&self->target, g_value_get_object (value)) && self->manager != NULL)
      plan (self);
    break;

  case PROP_FAILURE:
  case PROP_IDLE:
  case PROP_PLAN:
  case PROP_READY:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
install_properties (GObjectClass *object_class)
{
  GParamFlags live = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;
  GParamFlags seen = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, live);
  properties[PROP_FAILURE] = g_param_spec_string ("failure", NULL, NULL, NULL, seen);
  properties[PROP_IDLE] = g_param_spec_boolean ("idle", NULL, NULL, TRUE, seen);
  properties[PROP_MANAGER] =
      g_param_spec_object ("manager", NULL, NULL, PLUG_RB_TYPE_MANAGER, live);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, live);
  properties[PROP_PLAN] = g_param_spec_object ("plan", NULL, NULL, PLUG_RB_TYPE_PLAN, seen);
  properties[PROP_PLUGIN] = g_param_spec_object ("plugin", NULL, NULL, PLUG_RB_TYPE_PLUGIN, live);
  properties[PROP_READY] = g_param_spec_boolean ("ready", NULL, NULL, FALSE, seen);
  properties[PROP_SCOPE] =
      g_param_spec_string ("scope", NULL, NULL, "all", live | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_TARGET] = g_param_spec_object ("target", NULL, NULL, PLUG_RB_TYPE_SNAPSHOT, live);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
bind_callbacks (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, batch_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, is_removal);
  gtk_widget_class_bind_template_callback (widget_class, dup_bytes);
  gtk_widget_class_bind_template_callback (widget_class, dup_empty_text);
  gtk_widget_class_bind_template_callback (widget_class, dup_escaped);
  gtk_widget_class_bind_template_callback (widget_class, dup_full_time);
  gtk_widget_class_bind_template_callback (widget_class, dup_page);
  gtk_widget_class_bind_template_callback (widget_class, dup_start_classes);
  gtk_widget_class_bind_template_callback (widget_class, dup_start_label);
  gtk_widget_class_bind_template_callback (widget_class, dup_time);
  gtk_widget_class_bind_template_callback (widget_class, dup_title);
  gtk_widget_class_bind_template_callback (widget_class, dup_versions);
}

static void
plug_rb_rollback_preview_class_init (PlugRbRollbackPreviewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = plug_rb_rollback_preview_dispose;
  object_class->finalize = plug_rb_rollback_preview_finalize;
  object_class->get_property = plug_rb_rollback_preview_get_property;
  object_class->set_property = plug_rb_rollback_preview_set_property;
  widget_class->unmap = plug_rb_rollback_preview_unmap;
  install_properties (object_class);

  gtk_widget_class_install_action (widget_class, "preview.check-again", NULL, check_again_action);

  g_type_ensure (PLUG_RB_TYPE_BATCH_LIST);
  g_type_ensure (PLUG_RB_TYPE_COMPARE_VIEW);
  g_type_ensure (PLUG_RB_TYPE_NOTICE_LIST);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/plugrb/PluginRollback/plug-rb-rollback-preview.ui");
  gtk_widget_class_bind_template_child (widget_class, PlugRbRollbackPreview, batch_box);
  gtk_widget_class_bind_template_child (widget_class, PlugRbRollbackPreview, batch_list);
  gtk_widget_class_bind_template_child (widget_class, PlugRbRollbackPreview, compare_view);
  gtk_widget_class_bind_template_child (widget_class, PlugRbRollbackPreview, start_button);
  bind_callbacks (widget_class);
}

static void
plug_rb_rollback_preview_init (PlugRbRollbackPreview *self)
{
  self->scope = g_strdup ("all");
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Before the target, which is one of them, and by which the page is planned. */
void
plug_rb_rollback_preview_set_batch (PlugRbRollbackPreview *self, GPtrArray *targets)
{
  g_return_if_fail (PLUG_RB_IS_ROLLBACK_PREVIEW (self));

  g_clear_pointer (&self->batch, g_ptr_array_unref);
  self->batch = g_ptr_array_ref (targets);
  plug_rb_batch_list_fill (self->batch_list, self->manager, targets);
  gtk_widget_set_visible (self->batch_box, TRUE);
}

/* What is ticked; NULL if there is only one target. */
GPtrArray *
plug_rb_rollback_preview_dup_batch (PlugRbRollbackPreview *self)
{
  g_return_val_if_fail (PLUG_RB_IS_ROLLBACK_PREVIEW (self), NULL);

  return self->batch != NULL ? plug_rb_batch_list_dup_ticked (self->batch_list) : NULL;
}
