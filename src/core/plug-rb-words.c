/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-words.h"

#include <glib/gi18n-lib.h>

/**
 * plug_rb_words_reason:
 *
 * Returns: why a snapshot was taken: “Before update”
 */
const char *
plug_rb_words_reason (PlugRbReason reason)
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

/**
 * plug_rb_words_kind:
 *
 * Returns: what an operation does: “Roll back”
 */
const char *
plug_rb_words_kind (PlugRbKind kind)
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

/**
 * plug_rb_words_status:
 *
 * Returns: how far an operation is, or how it ended, inside a sentence
 */
const char *
plug_rb_words_status (PlugRbStatus status)
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

/**
 * plug_rb_words_step_status:
 *
 * Returns: how far a step is, or how it ended, inside a sentence
 */
const char *
plug_rb_words_step_status (PlugRbStepStatus status)
{
  switch (status) {
  case PLUG_RB_STEP_STATUS_RUNNING:
    return _("in progress");
  case PLUG_RB_STEP_STATUS_DONE:
    return _("completed");
  case PLUG_RB_STEP_STATUS_SKIPPED:
    return _("skipped");
  case PLUG_RB_STEP_STATUS_FAILED:
    return _("failed");
  case PLUG_RB_STEP_STATUS_UNDONE:
    return _("undone");
  case PLUG_RB_STEP_STATUS_PENDING:
  default:
    return _("pending");
  }
}

/**
 * plug_rb_words_health:
 * @message: (nullable): what the program says about a plugin that fails
 *
 * Returns: (transfer full): whether the plugin works
 */
char *
plug_rb_words_health (PlugRbHealth health, const char *message)
{
  switch (health) {
  case PLUG_RB_HEALTH_GOOD:
    return g_strdup (_("Works"));
  case PLUG_RB_HEALTH_BAD:
    /* TRANSLATORS: %s is what the program says about the plugin that fails */
    return message != NULL ? g_strdup_printf (_("Fails: %s"), message) : g_strdup (_("Fails"));
  case PLUG_RB_HEALTH_UNKNOWN:
  default:
    return g_strdup (_("Health unknown"));
  }
}
