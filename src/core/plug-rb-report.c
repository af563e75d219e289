/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-report.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-compare.h"

static void
add_exception (PlugRbOperationChange *change,
               const char *item,
               const char *outcome,
               const char *reason)
{
  PlugRbException exception = { .item = (char *) item,
                                .outcome = (char *) outcome,
                                .reason = (char *) reason };

  plug_rb_operation_change_add_exception (change, &exception);
}

/* ---- files */

static gboolean
is_item (const PlugRbEntry *entry)
{
  return entry->type != PLUG_RB_ENTRY_FOLDER && !g_str_equal (entry->part, PLUG_RB_TABLE_SETTINGS);
}

static gboolean
rows_equal (const PlugRbEntry *a, const PlugRbEntry *b)
{
  return a == NULL ? b == NULL : b != NULL && plug_rb_entry_equal (a, b);
}

static void
count_file (PlugRbOperationChange *change,
            const PlugRbEntry *before,
            const PlugRbEntry *target,
            const PlugRbEntry *now)
{
  g_autofree char *shown = NULL;

  if (rows_equal (target, now)) {
    if (rows_equal (before, target))
      change->unchanged++;
    else
      change->restored++;
    return;
  }

  shown = g_filename_display_name (target ? target->path : now->path);
  change->failed++;
  add_exception (change, shown, "failed", PLUG_RB_REASON_CHANGED_BY_HOST);
}

/* The rows of one table; each place is counted once, in the first of the tables that has it. */
static void
count_rows (PlugRbOperationChange *change,
            PlugRbTable *rows,
            PlugRbTable *before,
            PlugRbTable *target,
            PlugRbTable *now)
{
  guint i_before = 0, i_target = 0, i_now = 0;

  for (guint i = 0; i < plug_rb_table_get_size (rows); i++) {
    const PlugRbEntry *row = plug_rb_table_get (rows, i);
    const PlugRbEntry *a, *b, *c;

    if (!is_item (row))
      continue;

    b = plug_rb_table_find_next (target, row->part, row->path, &i_target);
    c = plug_rb_table_find_next (now, row->part, row->path, &i_now);
    if ((rows != target && b != NULL && is_item (b)) ||
        (rows == before && c != NULL && is_item (c)))
      continue;

    a = plug_rb_table_find_next (before, row->part, row->path, &i_before);
    count_file (change, a, b, c);
  }
}

/**
 * plug_rb_report_files:
 * @change: gets the counts
 * @before: the plugin's files before
 * @target: as they should be
 * @now: as they were read back
 *
 * Counts what became of the files. Folders are not counted: they come and go with what is in them.
 */
void
plug_rb_report_files (PlugRbOperationChange *change,
                      PlugRbTable *before,
                      PlugRbTable *target,
                      PlugRbTable *now)
{
  change->counted = TRUE;
  count_rows (change, target, before, target, now);
  count_rows (change, now, before, target, now);
  count_rows (change, before, before, target, now);
}

/* ---- settings */

static void
count_edit (PlugRbOperationChange *change,
            const PlugRbSettingsEdit *edit,
            PlugRbState *now,
            GPtrArray *conflicts)
{
  if (plug_rb_values_equal (edit->name, plug_rb_values_get (now->values, edit->name),
                            edit->target)) {
    change->restored++;
  } else if (g_ptr_array_find_with_equal_func (conflicts, edit->name, g_str_equal, NULL)) {
    change->skipped++;
    add_exception (change, edit->name, "skipped", PLUG_RB_REASON_CONFLICT);
  } else {
    change->failed++;
    add_exception (change, edit->name, "failed", PLUG_RB_REASON_CHANGED_BY_HOST);
  }
}

static void
count_list_edit (PlugRbOperationChange *change, const PlugRbListEdit *edit, PlugRbState *now)
{
  const PlugRbMembership *found = plug_rb_state_get_membership (now, edit->target->name);

  if (found != NULL && found->present == edit->target->present) {
    change->restored += edit->before->present != edit->target->present;
    return;
  }

  change->failed++;
  add_exception (change, edit->target->key, "failed", PLUG_RB_REASON_CHANGED_BY_HOST);
}

/* A setting that had the right value already is not in the journal. */
static guint
count_unchanged (const PlugRbJournalItem *item, PlugRbState *target)
{
  g_auto(GStrv) keys = plug_rb_values_dup_keys (target->values);
  guint n = g_strv_length (keys);

  for (guint i = 0; i < item->edits->len; i++)
    n -= ((PlugRbSettingsEdit *) item->edits->pdata[i])->target != NULL;

  return n;
}

/**
 * plug_rb_report_settings:
 * @change: gets the counts
 * @item: what was to be written
 * @target: as they should be
 * @now: as they were read back
 * @conflicts: (element-type utf8): keys that were left alone
 */
void
plug_rb_report_settings (PlugRbOperationChange *change,
                         const PlugRbJournalItem *item,
                         PlugRbState *target,
                         PlugRbState *now,
                         GPtrArray *conflicts)
{
  change->counted = TRUE;
  change->unchanged += count_unchanged (item, target);
  for (guint i = 0; i < item->edits->len; i++)
    count_edit (change, item->edits->pdata[i], now, conflicts);
  for (guint i = 0; i < item->list_edits->len; i++)
    count_list_edit (change, item->list_edits->pdata[i], now);
}

static gboolean
item_has_key (const PlugRbJournalItem *item, const char *key)
{
  for (guint i = 0; i < item->edits->len; i++)
    if (g_str_equal (((PlugRbSettingsEdit *) item->edits->pdata[i])->name, key))
      return TRUE;

  return FALSE;
}

/**
 * plug_rb_report_conflicts:
 * @conflicts: (element-type utf8): keys that were left alone
 *
 * Tells the user which settings another program has changed meanwhile.
 */
void
plug_rb_report_conflicts (PlugRbOperation *operation, PlugRbJournal *journal, GPtrArray *conflicts)
{
  for (guint i = 0; i < conflicts->len; i++) {
    PlugRbException exception = { .item = conflicts->pdata[i],
                                  .outcome = (char *) "skipped",
                                  .reason = (char *) PLUG_RB_REASON_CONFLICT };
    g_autofree char *hint =
        g_strdup_printf (_("The setting %s was changed by another program and was left alone"),
                         (const char *) conflicts->pdata[i]);

    plug_rb_operation_add_hint (operation, hint);
    for (guint j = 0; j < journal->items->len; j++) {
      const PlugRbJournalItem *item = journal->items->pdata[j];

      if (item_has_key (item, conflicts->pdata[i]))
        plug_rb_operation_add_exception (operation, item->plugin, &exception);
    }
  }
}
