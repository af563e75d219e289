/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-policy.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-store.h"

/* The file is the one that GSettings writes over a keyfile backend whose root path is "/": a group
 * for each path, values as GVariant text. */
#define FILE_NAME "policy.ini"
#define GROUP "io/github/plugrb/PluginRollback/policy"

#define MEGABYTE G_GUINT64_CONSTANT (1000000)

typedef struct {
  const char *key;
  gsize offset;
} Switch;

static const Switch switches[] = {
  { "auto-snapshot-on-install", G_STRUCT_OFFSET (PlugRbPolicy, auto_snapshot_on_install) },
  { "auto-snapshot-on-update", G_STRUCT_OFFSET (PlugRbPolicy, auto_snapshot_on_update) },
  { "auto-snapshot-on-uninstall", G_STRUCT_OFFSET (PlugRbPolicy, auto_snapshot_on_uninstall) },
  { "auto-rollback-on-failure", G_STRUCT_OFFSET (PlugRbPolicy, auto_rollback_on_failure) },
  { "require-confirmation", G_STRUCT_OFFSET (PlugRbPolicy, require_confirmation) },
};

/**
 * plug_rb_policy_init:
 *
 * Sets all settings to their defaults.
 */
void
plug_rb_policy_init (PlugRbPolicy *self)
{
  *self = (PlugRbPolicy) {
    .max_snapshots = 10,
    .retention_days = 30,
    .max_snapshot_size = G_GUINT64_CONSTANT (2) << 30,
    .exclude = g_new0 (char *, 1),
  };

  for (guint i = 0; i < G_N_ELEMENTS (switches); i++)
    G_STRUCT_MEMBER (gboolean, self, switches[i].offset) = TRUE;
}

void
plug_rb_policy_clear (PlugRbPolicy *self)
{
  g_clear_pointer (&self->exclude, g_strfreev);
}

/* ---- reading */

/* NULL if it is not set here, or not to anything that makes sense. */
static GVariant *
read_value (GKeyFile *file, const char *group, const char *key, const char *type)
{
  g_autofree char *text = g_key_file_get_value (file, group, key, NULL);
  g_autoptr(GError) error = NULL;
  GVariant *value;

  if (text == NULL)
    return NULL;

  value = g_variant_parse (G_VARIANT_TYPE (type), text, NULL, NULL, &error);
  if (value == NULL)
    g_warning ("%s: [%s] %s=%s is passed over: %s", FILE_NAME, group, key, text, error->message);

  return value ? g_variant_take_ref (value) : NULL;
}

static void
read_switch (GKeyFile *file, const char *group, const char *key, gboolean *target)
{
  g_autoptr(GVariant) value = read_value (file, group, key, "b");

  if (value != NULL)
    *target = g_variant_get_boolean (value);
}

static gboolean
read_number (
    GKeyFile *file, const char *group, const char *key, gint64 min, gint64 max, gint64 *target)
{
  g_autoptr(GVariant) value = read_value (file, group, key, "x");
  gint64 number;

  if (value == NULL)
    return FALSE;

  number = g_variant_get_int64 (value);
  if (number < min || number > max) {
    g_warning ("%s: [%s] %s=%" G_GINT64_FORMAT
               " is passed over: it is not between %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT,
               FILE_NAME, group, key, number, min, max);
    return FALSE;
  }

  *target = number;
  return TRUE;
}

static void
read_exclude (PlugRbPolicy *self, GKeyFile *file, const char *group)
{
  g_autoptr(GVariant) value = read_value (file, group, "exclude", "as");

  if (value == NULL)
    return;

  g_strfreev (self->exclude);
  self->exclude = g_variant_dup_strv (value, NULL);
}

static void
read_group (PlugRbPolicy *self, GKeyFile *file, const char *group)
{
  gint64 number;

  for (guint i = 0; i < G_N_ELEMENTS (switches); i++)
    read_switch (file, group, switches[i].key,
                 &G_STRUCT_MEMBER (gboolean, self, switches[i].offset));

  if (read_number (file, group, "max-snapshots", 1, 1000, &number))
    self->max_snapshots = (guint) number;
  if (read_number (file, group, "retention-days", 1, 3650, &number))
    self->retention_days = (guint) number;
  if (read_number (file, group, "max-snapshot-size", 0, 100000 * MEGABYTE, &number))
    self->max_snapshot_size = (guint64) number;

  read_exclude (self, file, group);
}

static void
read_overrides (PlugRbPolicy *self, GKeyFile *file, const char *plugin)
{
  g_auto(GStrv) halves = g_strsplit (plugin, "/", 2);
  g_autofree char *host = plug_rb_store_escape (halves[0] ? halves[0] : "");
  g_autofree char *escaped = plug_rb_store_escape_key (plugin);
  g_autofree char *host_group = g_strconcat (GROUP "/hosts/", host, NULL);
  g_autofree char *plugin_group = g_strconcat (GROUP "/plugins/", escaped, NULL);

  read_group (self, file, host_group);
  read_group (self, file, plugin_group);
}

/* A crash may leave a file of zeros, which GKeyFile takes for an empty one. */
static gboolean
load_file (GKeyFile *file, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return FALSE;

  if (memchr (text, '\0', length) != NULL) {
    g_set_error_literal (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_PARSE,
                         _("There are zeros in it"));
    return FALSE;
  }

  return g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, error);
}

/**
 * plug_rb_policy_load:
 * @self: (out caller-allocates): to be cleared with plug_rb_policy_clear()
 * @store_path: folder of the store, which holds the policy
 * @plugin: (nullable): key of a plugin; %NULL for what holds where nothing else is said
 *
 * Reads what the user wants for a plugin: what is set for it, else for its host, else for all, else
 * the default. A value that makes no sense is passed over with a warning.
 *
 * Returns: %FALSE if there is a file that cannot be read. @self has the defaults then, which will
 * do for everything but deleting: the user may have wanted to keep more
 */
gboolean
plug_rb_policy_load (PlugRbPolicy *self, const char *store_path, const char *plugin, GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *path = g_build_filename (store_path, FILE_NAME, NULL);
  g_autoptr(GError) cause = NULL;

  plug_rb_policy_init (self);
  if (!load_file (file, path, &cause)) {
    if (g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
      return TRUE;
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                 _("The preferences in “%s” cannot be read: %s"), path, cause->message);
    return FALSE;
  }

  read_group (self, file, GROUP);
  if (plugin != NULL)
    read_overrides (self, file, plugin);

  return TRUE;
}
