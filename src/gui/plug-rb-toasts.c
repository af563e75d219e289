/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-toasts.h"

#include <glib/gi18n.h>

#define TIMEOUT 5
#define TIMEOUT_WITH_UNDO 10

struct _PlugRbToasts {
  GObject parent_instance;

  AdwToastOverlay *overlay;
  AdwToast *shown[PLUG_RB_N_TOASTS];
};

G_DEFINE_FINAL_TYPE (PlugRbToasts, plug_rb_toasts, G_TYPE_OBJECT)

static void
plug_rb_toasts_dispose (GObject *object)
{
  PlugRbToasts *self = PLUG_RB_TOASTS (object);

  g_clear_weak_pointer (&self->overlay);
  for (guint i = 0; i < PLUG_RB_N_TOASTS; i++)
    g_clear_weak_pointer (&self->shown[i]);

  G_OBJECT_CLASS (plug_rb_toasts_parent_class)->dispose (object);
}

static void
plug_rb_toasts_class_init (PlugRbToastsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = plug_rb_toasts_dispose;
}

static void
plug_rb_toasts_init (PlugRbToasts *self)
{
}

PlugRbToasts *
plug_rb_toasts_new (AdwToastOverlay *overlay)
{
  PlugRbToasts *self = g_object_new (PLUG_RB_TYPE_TOASTS, NULL);

  g_set_weak_pointer (&self->overlay, overlay);

  return self;
}

/* For a page that has something to say by itself. */
PlugRbToasts *
plug_rb_toasts_new_for (GtkWidget *widget)
{
  GtkWidget *overlay;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);

  overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);
  return plug_rb_toasts_new (overlay != NULL ? ADW_TOAST_OVERLAY (overlay) : NULL);
}

/* What dialogs are presented on; NULL once the window has gone. */
GtkWidget *
plug_rb_toasts_get_widget (PlugRbToasts *self)
{
  g_return_val_if_fail (PLUG_RB_IS_TOASTS (self), NULL);

  return self->overlay != NULL ? GTK_WIDGET (self->overlay) : NULL;
}

/* Whoever has just done something is answered at once, not when the toast before has gone. */
AdwToast *
plug_rb_toasts_create (char *title)
{
  AdwToast *toast = adw_toast_new ("");

  adw_toast_set_use_markup (toast, FALSE);
  adw_toast_set_title (toast, title);
  adw_toast_set_timeout (toast, TIMEOUT);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  g_free (title);

  return toast;
}

/* A toast that offers something stays longer. */
void
plug_rb_toasts_add_button (AdwToast *toast, const char *label, const char *action, GVariant *target)
{
  g_return_if_fail (ADW_IS_TOAST (toast));

  adw_toast_set_button_label (toast, label);
  adw_toast_set_action_name (toast, action);
  adw_toast_set_action_target_value (toast, target);
  adw_toast_set_timeout (toast, TIMEOUT_WITH_UNDO);
}

void
plug_rb_toasts_show (PlugRbToasts *self, PlugRbToastKind kind, AdwToast *toast)
{
  g_autoptr(AdwToast) owned = toast;

  g_return_if_fail (PLUG_RB_IS_TOASTS (self));

  if (self->overlay == NULL)
    return;

  plug_rb_toasts_dismiss (self, kind);
  g_set_weak_pointer (&self->shown[kind], toast);
  adw_toast_overlay_add_toast (self->overlay, g_steal_pointer (&owned));
}

void
plug_rb_toasts_show_text (PlugRbToasts *self, PlugRbToastKind kind, char *title)
{
  g_return_if_fail (PLUG_RB_IS_TOASTS (self));

  plug_rb_toasts_show (self, kind, plug_rb_toasts_create (title));
}

void
plug_rb_toasts_show_failure (PlugRbToasts *self,
                             PlugRbToastKind kind,
                             char *title,
                             const GError *error)
{
  GVariant *details = g_variant_new ("(ss)", title, error->message);
  AdwToast *toast = plug_rb_toasts_create (title);

  g_return_if_fail (PLUG_RB_IS_TOASTS (self));

  plug_rb_toasts_add_button (toast, _("_Details"), "win.show-details", details);
  plug_rb_toasts_show (self, kind, toast);
}

void
plug_rb_toasts_dismiss (PlugRbToasts *self, PlugRbToastKind kind)
{
  g_return_if_fail (PLUG_RB_IS_TOASTS (self));

  if (self->shown[kind] != NULL)
    adw_toast_dismiss (self->shown[kind]);
}
