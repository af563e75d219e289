/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "plug-rb-application.h"
#include "plug-rb-demo.h"

int
main (int argc, char *argv[])
{
  g_autoptr(PlugRbApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (plug_rb_demo_is_child (argc, argv))
    return plug_rb_demo_child_main (argc, argv);

  g_set_application_name (_("Plugin Rollback"));
  gtk_window_set_default_icon_name (APP_ID);

  application = plug_rb_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
