/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-retention.h"

static const char *const names[] = {
  [PLUG_RB_RETENTION_NONE] = "none",
  [PLUG_RB_RETENTION_PINNED] = "pinned",
  [PLUG_RB_RETENTION_LABELED] = "labeled",
  [PLUG_RB_RETENTION_NOTED] = "noted",
  [PLUG_RB_RETENTION_DAMAGED] = "damaged",
  [PLUG_RB_RETENTION_OPEN] = "open-operation",
  [PLUG_RB_RETENTION_ROLLBACK] = "recent-rollback",
  [PLUG_RB_RETENTION_INSTALLED_VERSION] = "installed-version",
  [PLUG_RB_RETENTION_GOOD] = "known-good",
  [PLUG_RB_RETENTION_PREVIOUS_VERSION] = "previous-version",
  [PLUG_RB_RETENTION_FUTURE] = "future",
  [PLUG_RB_RETENTION_LAST_COPY] = "last-copy",
  [PLUG_RB_RETENTION_CHANGE] = "half-of-a-change",
  [PLUG_RB_RETENTION_RECENT] = "within-limits",
  [PLUG_RB_RETENTION_OVER_COUNT] = "over-count",
  [PLUG_RB_RETENTION_TOO_OLD] = "too-old",
};

static const char *const sentences[] = {
  [PLUG_RB_RETENTION_PINNED] = N_("Pinned"),
  [PLUG_RB_RETENTION_LABELED] = N_("Labeled"),
  [PLUG_RB_RETENTION_NOTED] = N_("Has a note"),
  [PLUG_RB_RETENTION_DAMAGED] = N_("Damaged: it is not known whether it may go"),
  [PLUG_RB_RETENTION_OPEN] = N_("Needed by an unfinished rollback"),
  [PLUG_RB_RETENTION_ROLLBACK] = N_("Needed to undo or repeat a recent rollback"),
  [PLUG_RB_RETENTION_INSTALLED_VERSION] = N_("Latest copy of the installed version"),
  [PLUG_RB_RETENTION_GOOD] = N_("Latest copy that is known to work"),
  [PLUG_RB_RETENTION_PREVIOUS_VERSION] = N_("Latest copy of the previous version"),
  [PLUG_RB_RETENTION_FUTURE] = N_("Dated in the future"),
  [PLUG_RB_RETENTION_LAST_COPY] = N_("Last good copy"),
  [PLUG_RB_RETENTION_CHANGE] = N_("The other copy around the same change stays"),
};

/**
 * plug_rb_retention_get_name:
 *
 * Returns: a stable word, for programs
 */
const char *
plug_rb_retention_get_name (PlugRbRetentionReason reason)
{
  g_return_val_if_fail ((gsize) reason < G_N_ELEMENTS (names), NULL);

  return names[reason];
}

/**
 * plug_rb_retention_dup_sentence:
 * @policy: what was decided by
 *
 * Returns: (transfer full): the reason in the user's language
 */
char *
plug_rb_retention_dup_sentence (PlugRbRetentionReason reason, const PlugRbPolicy *policy)
{
  guint n = policy->max_snapshots, days = policy->retention_days;

  if (reason == PLUG_RB_RETENTION_OVER_COUNT)
    return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "%u newer one is kept", "%u newer ones are kept", n), n);
  if (reason == PLUG_RB_RETENTION_TOO_OLD)
    return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "Older than %u day", "Older than %u days", days), days);
  if (reason == PLUG_RB_RETENTION_RECENT)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "The newest", "Among the newest %u", n),
                            n);

  g_return_val_if_fail ((gsize) reason < G_N_ELEMENTS (sentences) && sentences[reason], NULL);

  return g_strdup (_(sentences[reason]));
}
