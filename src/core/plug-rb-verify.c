/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-verify.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>

#include "plug-rb-audit-trail.h"
#include "plug-rb-audit.h"
#include "plug-rb-damaged-journal.h"
#include "plug-rb-error.h"
#include "plug-rb-examination.h"
#include "plug-rb-verify-repair.h"

#define POLICY_FILE "policy.ini"

typedef struct {
  PlugRbEngine *engine;
  PlugRbStore *store;
  PlugRbVerifyFlags flags;
  PlugRbOperation *operation;
  GCancellable *cancellable;
  PlugRbVerification *result;
} Run;

static void
damage_free (PlugRbDamage *damage)
{
  g_free (damage->snapshot);
  g_free (damage->plugin);
  g_free (damage->what);
  g_free (damage->left);
  g_free (damage);
}

PlugRbVerification *
plug_rb_verification_new (void)
{
  PlugRbVerification *self = g_new0 (PlugRbVerification, 1);

  self->damages = g_ptr_array_new_with_free_func ((GDestroyNotify) damage_free);

  return self;
}

void
plug_rb_verification_free (PlugRbVerification *self)
{
  g_ptr_array_unref (self->damages);
  g_free (self);
}

/**
 * plug_rb_verification_add:
 * @snapshot: (nullable): the snapshot; %NULL for what belongs to the whole store
 * @format: what is wrong, translated
 *
 * Returns: (transfer none): the damage, to be filled up
 */
PlugRbDamage *
plug_rb_verification_add (PlugRbVerification *self,
                          PlugRbSnapshot *snapshot,
                          const char *format,
                          ...)
{
  PlugRbDamage *damage = g_new0 (PlugRbDamage, 1);
  va_list arguments;

  if (snapshot != NULL) {
    damage->snapshot = g_strdup (plug_rb_snapshot_get_id (snapshot));
    damage->plugin = g_strdup (plug_rb_snapshot_get_plugin (snapshot));
  }

  va_start (arguments, format);
  damage->what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_ptr_array_add (self->damages, damage);

  return damage;
}

/* Why something could not be set aside is told beside what is wrong with it. */
static void
note_repair (PlugRbDamage *damage, gboolean done, const GError *error)
{
  g_autofree char *what = NULL;

  damage->repaired = done;
  if (done)
    return;

  what = g_steal_pointer (&damage->what);
  damage->what = g_strdup_printf (_("%s (it stays where it is: %s)"), what, error->message);
}

/* ---- the store itself */

static gboolean
repairs (Run *run)
{
  return (run->flags & PLUG_RB_VERIFY_REPAIR) != 0;
}

/* What an interrupted operation left comes first: it may be what looks like damage. */
static gboolean
recover (Run *run, GError **error)
{
  g_autoptr(GPtrArray) recoveries = plug_rb_engine_recover (run->engine, run->cancellable, error);

  for (guint i = 0; recoveries != NULL && i < recoveries->len; i++) {
    const PlugRbRecovery *recovery = recoveries->pdata[i];

    if (recovery->status == PLUG_RB_STATUS_NEEDS_USER)
      plug_rb_verification_add (run->result, NULL, _("Operation %s: %s"), recovery->operation,
                                recovery->message);
  }

  return recoveries != NULL;
}

static gboolean
check_journals (Run *run, GError **error)
{
  g_autoptr(GPtrArray) journals = plug_rb_store_list_damaged_journals (run->store, error);

  for (guint i = 0; journals != NULL && i < journals->len; i++) {
    const PlugRbDamagedJournal *journal = journals->pdata[i];

    plug_rb_verification_add (
        run->result, NULL,
        _("The record of the interrupted operation %s is damaged. Run “plugrb recover”"),
        journal->id);
  }

  return journals != NULL;
}

static gboolean
check_history (Run *run, GError **error)
{
  g_autoptr(GPtrArray) records = plug_rb_store_list_damaged_operations (run->store, error);

  for (guint i = 0; records != NULL && i < records->len; i++) {
    const PlugRbDamagedJournal *record = records->pdata[i];
    g_autofree char *name = g_strconcat (record->id, ".json", NULL);
    g_autofree char *from = g_build_filename ("operations", name, NULL);
    g_autofree char *to = g_build_filename ("history", name, NULL);
    g_autoptr(GError) cause = NULL;
    PlugRbDamage *damage = plug_rb_verification_add (
        run->result, NULL, _("The record of operation %s is damaged: %s"), record->id,
        record->message);

    if (repairs (run))
      note_repair (damage, plug_rb_repair_file (run->store, from, to, &cause), cause);
  }

  return records != NULL;
}

/* The trail is evidence: nobody mends it. */
static gboolean
check_audit (Run *run, GError **error)
{
  g_autoptr(PlugRbAuditTrail) trail = plug_rb_audit_trail_read (run->store, error);

  if (trail != NULL && trail->first_bad > 0)
    plug_rb_verification_add (run->result, NULL, _("Line %u of the audit trail does not fit: %s"),
                              trail->first_bad, trail->problem);

  return trail != NULL;
}

static void
check_policy (Run *run)
{
  g_autofree char *path = plug_rb_store_build_path (run->store, POLICY_FILE, NULL);
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GError) cause = NULL;
  g_autoptr(GError) repair_error = NULL;
  PlugRbDamage *damage;

  if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &cause) ||
      g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return;

  damage = plug_rb_verification_add (run->result, NULL, _("The policy in “%s” is damaged: %s"),
                                     path, cause->message);
  if (repairs (run))
    note_repair (damage, plug_rb_repair_file (run->store, POLICY_FILE, POLICY_FILE, &repair_error),
                 repair_error);
}

static gboolean
check_store (Run *run, GError **error)
{
  g_autoptr(GError) cause = NULL;

  if (!check_history (run, error))
    return FALSE;

  check_policy (run);
  if (!check_audit (run, &cause))
    plug_rb_verification_add (run->result, NULL, "%s", cause->message);

  return repairs (run) || check_journals (run, error);
}

/* ---- snapshots */

/* Whoever deletes it meanwhile has not damaged it. */
static gboolean
is_still_there (Run *run, PlugRbSnapshot *snapshot)
{
  g_autofree char *below = plug_rb_store_escape_key (plug_rb_snapshot_get_plugin (snapshot));
  g_autofree char *path = plug_rb_store_build_path (run->store, "snapshots", below,
                                                    plug_rb_snapshot_get_id (snapshot), NULL);

  return g_file_test (path, G_FILE_TEST_IS_DIR);
}

/* Before something is set aside it is read whole: only then is it known what is left of it. */
static PlugRbExamination *
examine (Run *run, PlugRbSnapshot *snapshot, GHashTable *cache, GError **error)
{
  gboolean full = (run->flags & PLUG_RB_VERIFY_FULL) != 0;
  g_autoptr(PlugRbExamination) examination =
      plug_rb_examination_new (run->store, snapshot, full, cache, run->cancellable, error);

  if (examination == NULL || examination->damage == NULL || full || !repairs (run))
    return g_steal_pointer (&examination);

  return plug_rb_examination_new (run->store, snapshot, TRUE, cache, run->cancellable, error);
}

static void
report_damage (Run *run, PlugRbSnapshot *snapshot, PlugRbExamination *examination)
{
  PlugRbDamage *damage =
      plug_rb_verification_add (run->result, snapshot, "%s", examination->damage);
  g_autoptr(GError) error = NULL;

  damage->left = plug_rb_examination_describe_left (examination, run->store, snapshot);

  /* As long as all that it needs is there, a snapshot is worth more in its place. */
  if (!repairs (run) ||
      (examination->whole && !examination->table_damaged && !examination->table_missing))
    return;

  note_repair (
      damage,
      plug_rb_repair_snapshot (run->engine, snapshot, examination, run->cancellable, &error),
      error);
}

static gboolean
check_snapshot (Run *run, PlugRbSnapshot *snapshot, GHashTable *cache, GError **error)
{
  g_autoptr(PlugRbExamination) examination = examine (run, snapshot, cache, error);

  if (examination == NULL)
    return FALSE;

  if (examination->damage != NULL && is_still_there (run, snapshot))
    report_damage (run, snapshot, examination);

  run->result->checked++;
  return TRUE;
}

static void
report (Run *run, guint done, guint total)
{
  g_autofree char *text = NULL;

  if (run->operation == NULL)
    return;

  /* TRANSLATORS: snapshots that are checked, of how many */
  text = g_strdup_printf (_("%u of %u"), done, total);
  plug_rb_operation_report (run->operation, (double) done / MAX (total, 1), text);
}

static int
compare_plugins (gconstpointer a, gconstpointer b)
{
  return strcmp (plug_rb_snapshot_get_plugin ((PlugRbSnapshot *) a),
                 plug_rb_snapshot_get_plugin ((PlugRbSnapshot *) b));
}

/* Snapshots of one plugin share archives, those of different ones do not. */
static gboolean
check_snapshots (Run *run, GPtrArray *snapshots, GError **error)
{
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();
  g_autoptr(GHashTable) cache = plug_rb_examination_cache_new ();
  const char *plugin = "";

  g_ptr_array_extend (sorted, snapshots, NULL, NULL);
  g_ptr_array_sort_values (sorted, compare_plugins);

  for (guint i = 0; i < sorted->len; i++) {
    if (!g_str_equal (plug_rb_snapshot_get_plugin (sorted->pdata[i]), plugin))
      g_hash_table_remove_all (cache);
    plugin = plug_rb_snapshot_get_plugin (sorted->pdata[i]);

    report (run, i, sorted->len);
    if (!check_snapshot (run, sorted->pdata[i], cache, error))
      return FALSE;
  }

  return TRUE;
}

static gboolean
verify (Run *run, GPtrArray *snapshots, GError **error)
{
  g_autoptr(GPtrArray) all = NULL;

  if (repairs (run)) {
    plug_rb_repair_modes (run->store);
    if (!recover (run, error))
      return FALSE;
  }

  if (snapshots != NULL)
    return check_snapshots (run, snapshots, error);

  all = plug_rb_store_list_snapshots (run->store, NULL, error);

  return all != NULL && check_snapshots (run, all, error) && check_store (run, error);
}

/**
 * plug_rb_engine_verify:
 * @snapshots: (nullable) (element-type PlugRbSnapshot): what to check; %NULL for all, and the store
 *   itself
 * @operation: (nullable): gets the progress
 *
 * Looks for damage; with %PLUG_RB_VERIFY_REPAIR sets aside what is damaged, never deleting it. To
 * find some is no error.
 *
 * Returns: (transfer full): what was found
 */
PlugRbVerification *
plug_rb_engine_verify (PlugRbEngine *self,
                       GPtrArray *snapshots,
                       PlugRbVerifyFlags flags,
                       PlugRbOperation *operation,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr(PlugRbVerification) result = plug_rb_verification_new ();
  Run run = { self, plug_rb_engine_get_store (self), flags, operation, cancellable, result };

  if (operation != NULL)
    plug_rb_operation_begin_step (operation, "verify");

  return verify (&run, snapshots, error) ? g_steal_pointer (&result) : NULL;
}
