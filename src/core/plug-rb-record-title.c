/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-record.h"

#define MOST_NAMES 3

typedef struct {
  const char *running;
  const char *completed;
  const char *failed;
  const char *canceled;
} Titles;

/* TRANSLATORS: %s is the name of a plugin, or several names */
static const Titles snapshot_titles = {
  N_("Taking Snapshot of %s"),
  N_("Took a snapshot of %s"),
  N_("Could not take a snapshot of %s"),
  N_("Canceled: take a snapshot of %s"),
};

/* TRANSLATORS: %s is the name of a plugin, or several names */
static const Titles rollback_titles = {
  N_("Rolling Back %s"),
  N_("Rolled back %s"),
  N_("Could not roll back %s"),
  N_("Canceled: roll back %s"),
};

/* TRANSLATORS: %s is the name of a plugin, or several names */
static const Titles undo_titles = {
  N_("Undoing Change of %s"),
  N_("Undid a change of %s"),
  N_("Could not undo a change of %s"),
  N_("Canceled: undo a change of %s"),
};

/* TRANSLATORS: %s is the name of a plugin, or several names */
static const Titles install_titles = {
  N_("Installing %s"),
  N_("Installed %s"),
  N_("Could not install %s"),
  N_("Canceled: install %s"),
};

/* TRANSLATORS: %s is the name of a plugin, or several names */
static const Titles uninstall_titles = {
  N_("Uninstalling %s"),
  N_("Uninstalled %s"),
  N_("Could not uninstall %s"),
  N_("Canceled: uninstall %s"),
};

/* Of a plugin whose name is unknown, what tells it from others of its host. */
static const char *
get_name (const PlugRbOperationChange *entry)
{
  const char *slash = strchr (entry->plugin, '/');

  if (entry->name != NULL)
    return entry->name;

  return slash ? slash + 1 : entry->plugin;
}

static char *
join_names (GPtrArray *entries)
{
  GString *joined = g_string_new (NULL);
  guint n = entries->len > MOST_NAMES ? MOST_NAMES - 1 : entries->len;
  guint more = entries->len - n;
  g_autofree char *shown = NULL;

  for (guint i = 0; i < n; i++) {
    if (i > 0)
      /* TRANSLATORS: stands between the names of plugins */
      g_string_append (joined, C_("between names", ", "));
    g_string_append (joined, get_name (entries->pdata[i]));
  }

  shown = g_string_free_and_steal (joined);
  if (more == 0)
    return g_steal_pointer (&shown);

  /* TRANSLATORS: some names of plugins, then how many more there are */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s and %u more", "%s and %u more", more),
                          shown, more);
}

static const Titles *
get_titles (PlugRbKind kind)
{
  switch (kind) {
  case PLUG_RB_KIND_SNAPSHOT:
    return &snapshot_titles;
  case PLUG_RB_KIND_UNDO:
    return &undo_titles;
  case PLUG_RB_KIND_INSTALL:
    return &install_titles;
  case PLUG_RB_KIND_UNINSTALL:
    return &uninstall_titles;
  case PLUG_RB_KIND_ROLLBACK:
  default:
    return &rollback_titles;
  }
}

static const char *
get_title (const Titles *titles, PlugRbStatus status)
{
  switch (status) {
  case PLUG_RB_STATUS_FAILED:
  case PLUG_RB_STATUS_NEEDS_USER:
    return titles->failed;
  case PLUG_RB_STATUS_CANCELED:
    return titles->canceled;
  case PLUG_RB_STATUS_COMPLETED:
  case PLUG_RB_STATUS_UNDONE:
    return titles->completed;
  case PLUG_RB_STATUS_PENDING:
  case PLUG_RB_STATUS_IN_PROGRESS:
  default:
    return titles->running;
  }
}

static const char *
get_only_version (PlugRbRecord *self)
{
  gboolean reached =
      (self->kind == PLUG_RB_KIND_ROLLBACK || self->kind == PLUG_RB_KIND_INSTALL) &&
      (self->status == PLUG_RB_STATUS_COMPLETED || self->status == PLUG_RB_STATUS_UNDONE);

  return reached && self->changes->len == 1
             ? ((PlugRbOperationChange *) self->changes->pdata[0])->to_version
             : NULL;
}

static char *
dup_installed_title (PlugRbRecord *self, const char *names, const char *version)
{
  const PlugRbOperationChange *change = self->changes->pdata[0];

  /* TRANSLATORS: the name of a plugin, then its version */
  return g_strdup_printf (change->from_version != NULL ? _("Updated %s to version %s")
                                                       : _("Installed %s, version %s"),
                          names, version);
}

/**
 * plug_rb_record_dup_title:
 *
 * Returns: (transfer full): what it does, has done, or could not do, for the user
 */
char *
plug_rb_record_dup_title (PlugRbRecord *self)
{
  GPtrArray *entries = self->changes->len > 0 ? self->changes : self->plugins;
  g_autofree char *names = join_names (entries);
  const char *version = get_only_version (self);
  const char *format = _(get_title (get_titles (self->kind), self->status));
  g_auto(GStrv) halves = NULL;

  if (version != NULL && self->kind == PLUG_RB_KIND_INSTALL)
    return dup_installed_title (self, names, version);
  if (version != NULL)
    /* TRANSLATORS: the name of a plugin, then its version */
    return g_strdup_printf (_("Rolled back %s to version %s"), names, version);

  /* Not a printf: the format comes out of a table, where no compiler checks it. */
  halves = g_strsplit (format, "%s", 2);

  return g_strconcat (halves[0], names, halves[1], NULL);
}
