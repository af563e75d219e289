/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-cli-wording.h"

#include <glib/gi18n.h>

#include "plug-rb-format.h"

const char *
plug_rb_cli_wording_reason (PlugRbReason reason)
{
  switch (reason) {
  case PLUG_RB_REASON_PRE_INSTALL:
    return _("Before install");
  case PLUG_RB_REASON_PRE_UPDATE:
    return _("Before update");
  case PLUG_RB_REASON_PRE_UNINSTALL:
    return _("Before uninstall");
  case PLUG_RB_REASON_PRE_ROLLBACK:
    return _("Before rollback");
  case PLUG_RB_REASON_BASELINE:
    return _("Automatic copy");
  case PLUG_RB_REASON_PACKAGE:
    return _("Package");
  case PLUG_RB_REASON_MANUAL:
  default:
    return _("Manual");
  }
}

const char *
plug_rb_cli_wording_kind (PlugRbKind kind)
{
  switch (kind) {
  case PLUG_RB_KIND_SNAPSHOT:
    return _("Snapshot");
  case PLUG_RB_KIND_UNDO:
    return _("Undo");
  case PLUG_RB_KIND_INSTALL:
    return _("Install");
  case PLUG_RB_KIND_UNINSTALL:
    return _("Uninstall");
  case PLUG_RB_KIND_ROLLBACK:
  default:
    return _("Roll back");
  }
}

const char *
plug_rb_cli_wording_status (PlugRbStatus status)
{
  switch (status) {
  case PLUG_RB_STATUS_IN_PROGRESS:
    return _("in progress");
  case PLUG_RB_STATUS_COMPLETED:
    return _("completed");
  case PLUG_RB_STATUS_FAILED:
    return _("failed");
  case PLUG_RB_STATUS_CANCELED:
    return _("canceled");
  case PLUG_RB_STATUS_UNDONE:
    return _("undone");
  case PLUG_RB_STATUS_NEEDS_USER:
    return _("needs you");
  case PLUG_RB_STATUS_PENDING:
  default:
    return _("pending");
  }
}

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
