/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-policy-file.h"

/**
 * plug_rb_policy_init:
 *
 * Sets all settings to their defaults.
 */
void
plug_rb_policy_init (PlugRbPolicy *self)
{
  *self = (PlugRbPolicy) {
    .auto_snapshot_on_install = TRUE,
    .auto_snapshot_on_update = TRUE,
    .auto_snapshot_on_uninstall = TRUE,
    .auto_rollback_on_failure = TRUE,
    .require_confirmation = TRUE,
    .max_snapshots = 10,
    .retention_days = 30,
    .max_snapshot_size = G_GUINT64_CONSTANT (2) << 30,
    .exclude = g_new0 (char *, 1),
  };
}

void
plug_rb_policy_clear (PlugRbPolicy *self)
{
  g_clear_pointer (&self->exclude, g_strfreev);
}

/* ---- reading */

/* The policy is read many times in a run, for each plugin and act; what is wrong with it is said
 * once. */
static void
complain (const char *group, const char *key, const char *text, const char *why)
{
  static GMutex mutex;
  static GHashTable *said;
  char *complaint = g_strdup_printf ("[%s] %s=%s is passed over: %s", group, key, text, why);
  gboolean is_new;

  g_mutex_lock (&mutex);
  if (said == NULL)
    said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  is_new = !g_hash_table_contains (said, complaint);
  if (is_new)
    g_hash_table_add (said, g_strdup (complaint));
  g_mutex_unlock (&mutex);

  if (is_new)
    g_warning ("%s: %s", PLUG_RB_POLICY_FILE, complaint);
  g_free (complaint);
}

/**
 * plug_rb_policy_read_value:
 * @group: of the file
 *
 * Returns: (transfer full) (nullable): what the file says of the setting; %NULL if it says nothing,
 *   or nothing that makes sense
 */
GVariant *
plug_rb_policy_read_value (GKeyFile *file, const char *group, const PlugRbPolicyKey *key)
{
  g_autofree char *text = g_key_file_get_value (file, group, key->name, NULL);
  g_autoptr(GVariant) value = NULL;
  g_autoptr(GError) error = NULL;

  if (text == NULL)
    return NULL;

  value = g_variant_parse (G_VARIANT_TYPE (key->type), text, NULL, NULL, &error);
  if (value != NULL && plug_rb_policy_key_check (key, value, &error))
    return g_steal_pointer (&value);

  complain (group, key->name, text, error->message);
  return NULL;
}

static void
read_group (PlugRbPolicy *self, GKeyFile *file, const char *scope)
{
  g_autofree char *group = plug_rb_policy_dup_group (scope);
  gsize n_keys;
  const PlugRbPolicyKey *keys = plug_rb_policy_key_list (&n_keys);

  for (gsize i = 0; i < n_keys; i++) {
    g_autoptr(GVariant) value = plug_rb_policy_read_value (file, group, &keys[i]);

    if (value != NULL)
      plug_rb_policy_key_set (&keys[i], self, value);
  }
}

/**
 * plug_rb_policy_read:
 * @self: (out caller-allocates): to be cleared with plug_rb_policy_clear()
 * @scope: (nullable): "HOST", "HOST/ID", or %NULL for what holds where nothing else is said
 *
 * Reads what @file says. A value that makes no sense is passed over with a warning.
 */
void
plug_rb_policy_read (PlugRbPolicy *self, GKeyFile *file, const char *scope)
{
  g_autofree char *host = scope ? g_strndup (scope, strcspn (scope, "/")) : NULL;

  plug_rb_policy_init (self);
  read_group (self, file, NULL);
  if (host != NULL)
    read_group (self, file, host);
  if (host != NULL && !g_str_equal (host, scope))
    read_group (self, file, scope);
}

/**
 * plug_rb_policy_load:
 * @self: (out caller-allocates): to be cleared with plug_rb_policy_clear()
 * @store_path: folder of the store, which holds the policy
 * @scope: (nullable): key of a plugin, id of a host; %NULL for what holds where nothing else is
 *   said
 *
 * Reads what the user wants for a plugin: what is set for it, else for its host, else for all, else
 * the default. A value that makes no sense is passed over with a warning.
 *
 * Returns: %FALSE if there is a file that cannot be read. @self has the defaults then, which will
 * do for everything but deleting: the user may have wanted to keep more
 */
gboolean
plug_rb_policy_load (PlugRbPolicy *self, const char *store_path, const char *scope, GError **error)
{
  g_autoptr(GKeyFile) file = plug_rb_policy_file_load (store_path, error);

  if (file == NULL) {
    plug_rb_policy_init (self);
    return FALSE;
  }

  plug_rb_policy_read (self, file, scope);
  return TRUE;
}

/**
 * plug_rb_policy_takes_snapshot:
 * @reason: why a snapshot would be taken
 *
 * Whether the user wants a snapshot to be taken for that reason. One that he asks for himself, and
 * the safety copy of a rollback, are always taken.
 */
gboolean
plug_rb_policy_takes_snapshot (const PlugRbPolicy *self, PlugRbReason reason)
{
  switch (reason) {
  case PLUG_RB_REASON_PRE_INSTALL:
    return self->auto_snapshot_on_install;
  case PLUG_RB_REASON_PRE_UPDATE:
    return self->auto_snapshot_on_update;
  case PLUG_RB_REASON_PRE_UNINSTALL:
    return self->auto_snapshot_on_uninstall;
  case PLUG_RB_REASON_BASELINE:
  case PLUG_RB_REASON_MANUAL:
  case PLUG_RB_REASON_PACKAGE:
  case PLUG_RB_REASON_PRE_ROLLBACK:
  default:
    return TRUE;
  }
}

/**
 * plug_rb_policy_answer_failure:
 *
 * Returns: what to do when a plugin has failed for certain after a change
 */
PlugRbPolicyAnswer
plug_rb_policy_answer_failure (const PlugRbPolicy *self)
{
  if (!self->auto_rollback_on_failure)
    return PLUG_RB_POLICY_OFFER;

  return self->require_confirmation ? PLUG_RB_POLICY_ASK : PLUG_RB_POLICY_ROLL_BACK;
}
