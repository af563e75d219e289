/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-window.h"

/* What the tests of the window need: a user with a sample plugin, time passing, looking for
 * widgets. They run in tests/tools/gui-session.sh. */

#define SAMPLE_KEY "gnome-shell/sample@example.org"

typedef gboolean (*GuiCheck) (gpointer data);

typedef struct {
  PlugRbManager *manager;
  PlugRbWindow *window;
} GuiFixture;

void gui_set_up (GuiFixture *fixture, gconstpointer data);
void gui_tear_down (GuiFixture *fixture, gconstpointer data);
void gui_open (GuiFixture *fixture);
void gui_answer_welcome (void);
void gui_open_as_is (GuiFixture *fixture);
void gui_reset_user (void);
void gui_refresh (GuiFixture *fixture);
PlugRbPlugin *gui_get_sample (GuiFixture *fixture);

void gui_settle (void);
#define gui_wait(check, data) gui_wait_until (G_STRFUNC, (GuiCheck) (check), (data))
void gui_wait_until (const char *where, GuiCheck check, gpointer data);
void gui_activate (gpointer widget, const char *action, const char *format, ...);

/* By a property, or a label by what it shows. */
GtkWidget *gui_find (gpointer root, GType type, const char *property, const char *text);
gboolean gui_says (gpointer root, const char *text);
void gui_wait_says (gpointer root, const char *text);
void gui_wait_button (gpointer root, const char *label);
AdwDialog *gui_wait_dialog (GuiFixture *fixture);
void gui_wait_no_dialog (GuiFixture *fixture);
const char *gui_get_page (GuiFixture *fixture);

gboolean gui_has_keyboard (void);
int gui_run (int argc, char *argv[], void (*add_tests) (void));
