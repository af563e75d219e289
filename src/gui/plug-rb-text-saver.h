/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PlugRbSaverWords:
 * @title: of the dialog that asks for the file
 * @name: of the file, to begin with
 * @done: toast when it was saved
 * @failed: toast when it could not be saved
 */
typedef struct {
  const char *title;
  const char *name;
  const char *done;
  const char *failed;
} PlugRbSaverWords;

void plug_rb_text_saver_ask (GtkWidget *widget, const char *text, const PlugRbSaverWords *words);
void plug_rb_text_saver_save (GtkWidget *widget,
                              GFile *file,
                              const char *text,
                              const PlugRbSaverWords *words);

G_END_DECLS
