/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-wording.h"

#include <glib/gi18n.h>

#include "plug-rb-enum-types.h"
#include "plug-rb-format.h"
#include "plug-rb-host.h"
#include "plug-rb-manager.h"
#include "plug-rb-operation.h"
#include "plug-rb-plugin.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-step.h"
#include "plug-rb-words.h"

/* The direction of the first letter that has one. */
static PangoDirection
find_direction (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    GUnicodeScript script = g_unichar_get_script (g_utf8_get_char (p));

    if (script == G_UNICODE_SCRIPT_ARABIC || script == G_UNICODE_SCRIPT_HEBREW ||
        script == G_UNICODE_SCRIPT_SYRIAC || script == G_UNICODE_SCRIPT_THAANA)
      return PANGO_DIRECTION_RTL;
    if (g_unichar_isalpha (g_utf8_get_char (p)))
      return PANGO_DIRECTION_LTR;
  }

  return PANGO_DIRECTION_NEUTRAL;
}

/* Names and versions keep their own direction inside a sentence of the other one. Where the
 * directions agree nothing is added, so that the text stays what it looks like. */
char *
plug_rb_wording_isolate (const char *text)
{
  gboolean rtl = gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL;
  PangoDirection own = find_direction (text);

  if (rtl ? own == PANGO_DIRECTION_RTL : own != PANGO_DIRECTION_RTL)
    return g_strdup (text);

  return g_strconcat ("\u2068", text, "\u2069", NULL);
}

/* For what aligns a line by its first letter, as inscriptions do: all lines begin at the same side,
 * whatever the direction of a name. */
char *
plug_rb_wording_line (const char *text)
{
  if (gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL)
    return g_strconcat ("\u200f", text, NULL);

  return find_direction (text) == PANGO_DIRECTION_RTL ? g_strconcat ("\u200e", text, NULL)
                                                      : g_strdup (text);
}

/* The clock of the rows moves in steps, so what has just happened may be ahead of it. */
char *
plug_rb_wording_time (GDateTime *time, GDateTime *now)
{
  return plug_rb_format_time (time, g_date_time_compare (time, now) > 0 ? time : now);
}

char *
plug_rb_wording_version (const char *version)
{
  g_autofree char *isolated = NULL;

  if (version == NULL || *version == '\0')
    return g_strdup (_("Version unknown"));

  isolated = plug_rb_wording_isolate (version);
  /* TRANSLATORS: %s is the version of a plugin */
  return g_strdup_printf (_("Version %s"), isolated);
}

const char *
plug_rb_wording_reason_icon (PlugRbReason reason)
{
  switch (reason) {
  case PLUG_RB_REASON_PRE_INSTALL:
    return "list-add-symbolic";
  case PLUG_RB_REASON_PRE_UPDATE:
    return "software-update-available-symbolic";
  case PLUG_RB_REASON_PRE_UNINSTALL:
    return "list-remove-symbolic";
  case PLUG_RB_REASON_PRE_ROLLBACK:
    return "edit-undo-symbolic";
  case PLUG_RB_REASON_BASELINE:
    return "security-high-symbolic";
  case PLUG_RB_REASON_PACKAGE:
    return "package-x-generic-symbolic";
  case PLUG_RB_REASON_MANUAL:
  default:
    return "camera-photo-symbolic";
  }
}

/* Nothing for what took no time that anybody would notice. */
char *
plug_rb_wording_seconds (double seconds)
{
  int minutes = (int) (seconds / 60.0);

  if (seconds < 0.05)
    return g_strdup ("");

  if (minutes > 0)
    return g_strdup_printf (ngettext ("%d minute", "%d minutes", (gulong) minutes), minutes);

  /* TRANSLATORS: how long something took, in seconds */
  return g_strdup_printf (_("%.1f s"), seconds);
}

/* Text of a status page, so markup. */
char *
plug_rb_wording_known_hosts (PlugRbManager *manager)
{
  GListModel *hosts = plug_rb_manager_get_hosts (manager);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;
  g_autofree char *list = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++) {
    g_autoptr(PlugRbHost) host = g_list_model_get_item (hosts, i);

    /* Where else a program may be installed is no other program. */
    if (strpbrk (plug_rb_host_get_id (host), "@+") == NULL)
      g_strv_builder_add (builder, plug_rb_host_get_name (host));
  }
  names = g_strv_builder_end (builder);
  list = g_strjoinv (", ", names);

  /* TRANSLATORS: %s is a list of programs */
  return g_markup_printf_escaped (_("Plugins of %s appear here."), list);
}

/* The name of a program, as long as it is known; what identifies it otherwise. */
const char *
plug_rb_wording_host_name (PlugRbManager *manager, const char *id)
{
  GListModel *hosts = plug_rb_manager_get_hosts (manager);

  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++) {
    g_autoptr(PlugRbHost) host = g_list_model_get_item (hosts, i);
    const char *name = plug_rb_host_get_name (host);

    /* The list of the manager keeps the host, and so its name. */
    if (g_str_equal (plug_rb_host_get_id (host), id))
      return name != NULL ? name : id;
  }

  return id;
}

const char *
plug_rb_wording_plugin_name (PlugRbManager *manager, const char *key)
{
  PlugRbPlugin *plugin = plug_rb_manager_find_plugin (manager, key);

  return plugin != NULL && plug_rb_plugin_get_name (plugin) ? plug_rb_plugin_get_name (plugin)
                                                            : key;
}

static guint
count_hosts (GListModel *plugins)
{
  g_autoptr(GHashTable) hosts = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (plugins); i++) {
    g_autoptr(PlugRbPlugin) plugin = g_list_model_get_item (plugins, i);

    g_hash_table_add (hosts, plug_rb_plugin_get_host (plugin));
  }

  return g_hash_table_size (hosts);
}

/* “12 plugins in 2 programs” */
char *
plug_rb_wording_counts (PlugRbManager *manager)
{
  GListModel *list = plug_rb_manager_get_plugins (manager);
  guint n_plugins = g_list_model_get_n_items (list);
  guint n_hosts = count_hosts (list);
  g_autofree char *plugins = NULL;
  g_autofree char *programs = NULL;

  plugins = g_strdup_printf (ngettext ("%u plugin", "%u plugins", n_plugins), n_plugins);
  programs = g_strdup_printf (ngettext ("%u program", "%u programs", n_hosts), n_hosts);

  /* TRANSLATORS: “12 plugins in 2 programs” */
  return g_strdup_printf (_("%s in %s"), plugins, programs);
}

/* What the plugin of a snapshot called itself; not all do. */
char *
plug_rb_wording_name (PlugRbSnapshot *snapshot)
{
  const char *name = plug_rb_snapshot_get_name (snapshot);

  return plug_rb_wording_isolate (name != NULL ? name : plug_rb_snapshot_get_plugin_id (snapshot));
}

char *
plug_rb_wording_snapshot (PlugRbSnapshot *snapshot)
{
  const char *label = plug_rb_snapshot_get_label (snapshot);

  if (label != NULL && *label != '\0')
    /* TRANSLATORS: the label that the user gave to a snapshot, in quotation marks */
    return g_strdup_printf (_("“%s”"), label);

  if (plug_rb_snapshot_get_absent (snapshot))
    return g_strdup (_("Not Installed"));

  return plug_rb_wording_version (plug_rb_snapshot_get_version (snapshot));
}

/* “Caffeine 44 · “Before the talk””: which snapshot it is among those of all plugins. */
char *
plug_rb_wording_titled (PlugRbSnapshot *snapshot)
{
  const char *label = plug_rb_snapshot_get_label (snapshot);
  const char *version = plug_rb_snapshot_get_version (snapshot);
  g_autofree char *own = plug_rb_wording_name (snapshot);
  GString *title = g_string_new (own);

  if (plug_rb_snapshot_get_absent (snapshot)) {
    g_string_append_printf (title, " · %s", _("Not Installed"));
  } else if (version != NULL && *version != '\0') {
    g_autofree char *isolated = plug_rb_wording_isolate (version);

    g_string_append_printf (title, " %s", isolated);
  }
  if (label != NULL && *label != '\0') {
    g_string_append (title, " · ");
    /* TRANSLATORS: the label that the user gave to a snapshot, in quotation marks */
    g_string_append_printf (title, _("“%s”"), label);
  }

  return g_string_free_and_steal (title);
}

char *
plug_rb_wording_snapshot_details (PlugRbSnapshot *snapshot, GDateTime *now)
{
  g_autofree char *time = plug_rb_wording_time (plug_rb_snapshot_get_timestamp (snapshot), now);
  g_autofree char *size = g_format_size (plug_rb_snapshot_get_size (snapshot));
  const char *note = plug_rb_snapshot_get_note (snapshot);
  GString *text = g_string_new (NULL);

  /* TRANSLATORS: reason, time and size of a snapshot: “Before update · Yesterday, 14:05 · 1.2 MB”
   */
  g_string_printf (text, _("%s · %s · %s"),
                   plug_rb_words_reason (plug_rb_snapshot_get_reason (snapshot)), time, size);
  if (note != NULL && *note != '\0') {
    g_string_append (text, " · ");
    g_string_append_len (text, note, (gssize) strcspn (note, "\n"));
  }

  return g_string_free_and_steal (text);
}

char *
plug_rb_wording_doing (PlugRbKind kind, const char *name)
{
  g_autofree char *isolated = plug_rb_wording_isolate (name);

  switch (kind) {
  case PLUG_RB_KIND_SNAPSHOT:
    return g_strdup_printf (_("Taking Snapshot of %s"), isolated);
  case PLUG_RB_KIND_UNDO:
    return g_strdup_printf (_("Undoing Change of %s"), isolated);
  case PLUG_RB_KIND_INSTALL:
    return g_strdup_printf (_("Installing %s"), isolated);
  case PLUG_RB_KIND_UNINSTALL:
    return g_strdup_printf (_("Uninstalling %s"), isolated);
  case PLUG_RB_KIND_ROLLBACK:
  default:
    return g_strdup_printf (_("Rolling Back %s"), isolated);
  }
}

char *
plug_rb_wording_failed (PlugRbKind kind, const char *name)
{
  g_autofree char *isolated = plug_rb_wording_isolate (name);

  switch (kind) {
  case PLUG_RB_KIND_SNAPSHOT:
    return g_strdup_printf (_("Could not take a snapshot of %s"), isolated);
  case PLUG_RB_KIND_UNDO:
    return g_strdup_printf (_("Could not undo a change of %s"), isolated);
  case PLUG_RB_KIND_INSTALL:
    return g_strdup_printf (_("Could not install %s"), isolated);
  case PLUG_RB_KIND_UNINSTALL:
    return g_strdup_printf (_("Could not uninstall %s"), isolated);
  case PLUG_RB_KIND_ROLLBACK:
  default:
    return g_strdup_printf (_("Could not roll back %s"), isolated);
  }
}

static char *
canceled (PlugRbKind kind, const char *name)
{
  switch (kind) {
  case PLUG_RB_KIND_SNAPSHOT:
    return g_strdup_printf (_("Canceled: take a snapshot of %s"), name);
  case PLUG_RB_KIND_UNDO:
    return g_strdup_printf (_("Canceled: undo a change of %s"), name);
  case PLUG_RB_KIND_INSTALL:
    return g_strdup_printf (_("Canceled: install %s"), name);
  case PLUG_RB_KIND_UNINSTALL:
    return g_strdup_printf (_("Canceled: uninstall %s"), name);
  case PLUG_RB_KIND_ROLLBACK:
  default:
    return g_strdup_printf (_("Canceled: roll back %s"), name);
  }
}

static char *
installed (const PlugRbOperationChange *change, const char *name)
{
  g_autofree char *version = NULL;

  if (change == NULL || change->to_version == NULL)
    return g_strdup_printf (_("Installed %s"), name);

  version = plug_rb_wording_isolate (change->to_version);
  /* TRANSLATORS: the name of a plugin, then its version */
  return g_strdup_printf (change->from_version != NULL ? _("Updated %s to version %s")
                                                       : _("Installed %s, version %s"),
                          name, version);
}

static char *
completed (PlugRbOperation *operation, const char *name)
{
  GPtrArray *changes = plug_rb_operation_get_changes (operation);
  PlugRbOperationChange *change = changes->len > 0 ? g_ptr_array_index (changes, 0) : NULL;
  PlugRbKind kind = plug_rb_operation_get_kind (operation);
  g_autofree char *version = NULL;

  if (kind == PLUG_RB_KIND_SNAPSHOT)
    return g_strdup_printf (_("Took a snapshot of %s"), name);
  if (kind == PLUG_RB_KIND_UNDO)
    return g_strdup_printf (_("Undid a change of %s"), name);
  if (kind == PLUG_RB_KIND_UNINSTALL)
    return g_strdup_printf (_("Uninstalled %s"), name);
  if (kind == PLUG_RB_KIND_INSTALL)
    return installed (change, name);
  if (change == NULL || change->to_version == NULL)
    return g_strdup_printf (_("Rolled back %s"), name);

  version = plug_rb_wording_isolate (change->to_version);
  /* TRANSLATORS: the name of a plugin, then its version */
  return g_strdup_printf (_("Rolled back %s to version %s"), name, version);
}

char *
plug_rb_wording_done (PlugRbOperation *operation, const char *name)
{
  PlugRbKind kind = plug_rb_operation_get_kind (operation);
  g_autofree char *isolated = plug_rb_wording_isolate (name);

  switch (plug_rb_operation_get_status (operation)) {
  case PLUG_RB_STATUS_PENDING:
  case PLUG_RB_STATUS_IN_PROGRESS:
    return plug_rb_wording_doing (kind, name);
  case PLUG_RB_STATUS_FAILED:
  case PLUG_RB_STATUS_NEEDS_USER:
    return plug_rb_wording_failed (kind, name);
  case PLUG_RB_STATUS_CANCELED:
    return canceled (kind, isolated);
  case PLUG_RB_STATUS_COMPLETED:
  case PLUG_RB_STATUS_UNDONE:
  default:
    return completed (operation, isolated);
  }
}

static char *
details_of_end (PlugRbOperation *operation)
{
  GDateTime *started = plug_rb_operation_get_started (operation);
  GDateTime *finished = plug_rb_operation_get_finished (operation);
  const char *error = plug_rb_operation_get_error (operation);

  if (plug_rb_operation_get_status (operation) == PLUG_RB_STATUS_UNDONE)
    return g_strdup (_("Undone"));
  if (error != NULL && plug_rb_operation_get_status (operation) != PLUG_RB_STATUS_CANCELED)
    return g_strdup (error);
  if (started == NULL || finished == NULL)
    return NULL;

  return plug_rb_wording_seconds ((double) g_date_time_difference (finished, started) /
                                  G_TIME_SPAN_SECOND);
}

/* When it was, and how long it took. */
char *
plug_rb_wording_operation_when (PlugRbOperation *operation, GDateTime *now)
{
  GDateTime *started = plug_rb_operation_get_started (operation);
  GDateTime *finished = plug_rb_operation_get_finished (operation);
  g_autofree char *time = plug_rb_wording_time (started, now);
  g_autofree char *seconds = NULL;

  if (finished == NULL)
    return g_steal_pointer (&time);

  seconds = plug_rb_wording_seconds ((double) g_date_time_difference (finished, started) /
                                     G_TIME_SPAN_SECOND);
  return *seconds != '\0' ? g_strdup_printf (_("%s · %s"), time, seconds)
                          : g_steal_pointer (&time);
}

const char *
plug_rb_wording_operation_style (PlugRbOperation *operation)
{
  switch (plug_rb_operation_get_status (operation)) {
  case PLUG_RB_STATUS_COMPLETED:
    return "success";
  case PLUG_RB_STATUS_FAILED:
  case PLUG_RB_STATUS_NEEDS_USER:
    return "error";
  case PLUG_RB_STATUS_CANCELED:
  case PLUG_RB_STATUS_UNDONE:
  case PLUG_RB_STATUS_PENDING:
  case PLUG_RB_STATUS_IN_PROGRESS:
  default:
    return "dimmed";
  }
}

char *
plug_rb_wording_operation_details (PlugRbOperation *operation, GDateTime *now)
{
  GDateTime *started = plug_rb_operation_get_started (operation);
  g_autofree char *time = started != NULL ? plug_rb_wording_time (started, now) : g_strdup ("");
  g_autofree char *end = details_of_end (operation);

  if (end == NULL || *end == '\0')
    return g_steal_pointer (&time);

  /* TRANSLATORS: when something happened, and how long it took or what went wrong */
  return g_strdup_printf (_("%s · %s"), time, end);
}

const char *
plug_rb_wording_operation_icon (PlugRbOperation *operation)
{
  switch (plug_rb_operation_get_status (operation)) {
  case PLUG_RB_STATUS_COMPLETED:
    return "object-select-symbolic";
  case PLUG_RB_STATUS_FAILED:
  case PLUG_RB_STATUS_NEEDS_USER:
    return "dialog-error-symbolic";
  case PLUG_RB_STATUS_CANCELED:
    return "process-stop-symbolic";
  case PLUG_RB_STATUS_UNDONE:
    return "edit-undo-symbolic";
  case PLUG_RB_STATUS_PENDING:
  case PLUG_RB_STATUS_IN_PROGRESS:
  default:
    return "content-loading-symbolic";
  }
}

static void
log_step (GString *log, PlugRbStep *step)
{
  const char *message = plug_rb_step_get_message (step);

  g_string_append_printf (
      log, "%s: %s, %.3f s\n", plug_rb_step_get_name (step),
      plug_rb_enum_to_nick (PLUG_RB_TYPE_STEP_STATUS, plug_rb_step_get_status (step)),
      plug_rb_step_get_seconds (step));
  if (message != NULL && *message != '\0')
    g_string_append_printf (log, "  %s\n", message);
}

/* For a report of a bug, so untranslated but for the messages. */
char *
plug_rb_wording_operation_log (PlugRbOperation *operation)
{
  GListModel *steps = plug_rb_operation_get_steps (operation);
  const char *error = plug_rb_operation_get_error (operation);
  GString *log = g_string_new (NULL);

  g_string_append_printf (log, "operation %s\n", plug_rb_operation_get_id (operation));
  for (guint i = 0; i < g_list_model_get_n_items (steps); i++) {
    g_autoptr(PlugRbStep) step = g_list_model_get_item (steps, i);

    log_step (log, step);
  }
  if (error != NULL)
    g_string_append_printf (log, "%s: %s", plug_rb_operation_get_error_code (operation), error);

  return g_string_free_and_steal (log);
}

/* What a folder with the files of a snapshot is called. */
char *
plug_rb_wording_folder (PlugRbSnapshot *snapshot)
{
  const char *name = plug_rb_snapshot_get_name (snapshot);
  const char *version = plug_rb_snapshot_get_version (snapshot);
  char *folder =
      g_strjoin (" ", name ? name : plug_rb_snapshot_get_plugin_id (snapshot), version, NULL);

  return g_strdelimit (folder, "/", '-');
}
