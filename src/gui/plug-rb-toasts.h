/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PLUG_RB_TYPE_TOASTS (plug_rb_toasts_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbToasts, plug_rb_toasts, PLUG_RB, TOASTS, GObject)

/* The toasts of one window: a newer toast of a kind takes the place of the older one. Titles are
 * never markup; titles and toasts become owned by the callee. */

typedef enum {
  PLUG_RB_TOAST_SNAPSHOT,
  PLUG_RB_TOAST_DELETE,
  PLUG_RB_TOAST_PIN,
  PLUG_RB_TOAST_ROLLBACK,
  PLUG_RB_TOAST_OTHER,
  PLUG_RB_N_TOASTS,
} PlugRbToastKind;

PlugRbToasts *plug_rb_toasts_new (AdwToastOverlay *overlay);
PlugRbToasts *plug_rb_toasts_new_for (GtkWidget *widget);
GtkWidget *plug_rb_toasts_get_widget (PlugRbToasts *self);
AdwToast *plug_rb_toasts_create (char *title);
void plug_rb_toasts_add_button (AdwToast *toast,
                                const char *label,
                                const char *action,
                                GVariant *target);
void plug_rb_toasts_show (PlugRbToasts *self, PlugRbToastKind kind, AdwToast *toast);
void plug_rb_toasts_show_text (PlugRbToasts *self, PlugRbToastKind kind, char *title);
void plug_rb_toasts_show_failure (PlugRbToasts *self,
                                  PlugRbToastKind kind,
                                  char *title,
                                  const GError *error);
void plug_rb_toasts_dismiss (PlugRbToasts *self, PlugRbToastKind kind);

G_END_DECLS
