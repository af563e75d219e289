/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-wording.h"

#include <glib/gi18n.h>

#include "plug-rb-format.h"

const char *
plug_rb_cli_wording_host_state (PlugRbHostState state)
{
  switch (state) {
  case PLUG_RB_HOST_STATE_PRESENT:
    return _("present");
  case PLUG_RB_HOST_STATE_UNREADABLE:
    return _("unreadable");
  case PLUG_RB_HOST_STATE_DESCRIPTION_INVALID:
    return _("invalid description");
  case PLUG_RB_HOST_STATE_MISSING:
  default:
    return _("not found");
  }
}

char *
plug_rb_cli_wording_time (GDateTime *time)
{
  static GDateTime *now;

  /* All of one list is told from one moment. */
  if (now == NULL)
    now = g_date_time_new_now_local ();

  return time ? plug_rb_format_time (time, now) : g_strdup ("");
}

char *
plug_rb_cli_wording_versions (const char *from, const char *to)
{
  if (from == NULL && to == NULL)
    return g_strdup ("");

  /* TRANSLATORS: the version before and the version after */
  return g_strdup_printf (_("%s → %s"), from ? from : "–", to ? to : "–");
}
