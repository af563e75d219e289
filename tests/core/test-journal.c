/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <string.h>

#include "plug-rb-error.h"
#include "plug-rb-journal.h"
#include "plug-rb-json.h"
#include "plug-rb-operation.h"

#define ID "0190f3a2-7b1c-7abc-8def-0123456789ab"
#define STAGE "/home/u/.plugrb-" ID "/"

static void
add_swaps (PlugRbJournalItem *item)
{
  static const char *const stages[] = { STAGE "0", STAGE "1", STAGE "12" };

  for (guint i = 0; i < G_N_ELEMENTS (stages); i++) {
    PlugRbSwap *swap =
        plug_rb_journal_item_add_swap (item, (PlugRbSwapKind) i, "user", "/home/u/live", stages[i]);

    swap->old_id = (PlugRbFileId) { G_MAXINT64, -1, 999999999 };
    swap->new_id = (PlugRbFileId) { 7 + i, 1700000000, 0 };
  }
}

static void
add_edit (PlugRbJournalItem *item, const char *key, const char *before, const char *target)
{
  g_autoptr(GVariant) a = before ? g_variant_parse (NULL, before, NULL, NULL, NULL) : NULL;
  g_autoptr(GVariant) b = target ? g_variant_parse (NULL, target, NULL, NULL, NULL) : NULL;

  g_ptr_array_add (item->edits, plug_rb_settings_edit_new (key, a, b));
}

static void
add_list_edit (PlugRbJournalItem *item)
{
  g_autoptr(PlugRbMembership) before =
      plug_rb_membership_new ("enabled", "/org/list", "a@b", TRUE, 3);
  g_autoptr(PlugRbMembership) target =
      plug_rb_membership_new ("enabled", "/org/list", "a@b", FALSE, -1);

  target->unset = TRUE;
  plug_rb_journal_item_add_list_edit (item, before, target);
}

static PlugRbJournal *
make_journal (void)
{
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  PlugRbJournal *journal = plug_rb_journal_new (ID, "another");
  PlugRbJournalItem *item = plug_rb_journal_add_item (journal, "host/a@b", "target", "safety");

  journal->phase = PLUG_RB_PHASE_SWAPPING;
  journal->operation = plug_rb_operation_to_json (operation);
  add_swaps (item);
  add_edit (item, "/org/first", "uint32 5", NULL);
  add_edit (item, "/org/second", NULL, "@as []");
  add_edit (item, "/org/third", "<(1, 'two')>", "'\"quoted\" \\u2019 text'");
  add_list_edit (item);
  plug_rb_journal_add_item (journal, "host/empty", "t", "s");

  return journal;
}

static char *
to_text (PlugRbJournal *journal)
{
  g_autoptr(JsonObject) json = plug_rb_journal_to_json (journal);

  return plug_rb_json_to_string (json);
}

static PlugRbJournal *
from_text (const char *text, GError **error)
{
  g_autoptr(GError) local = NULL;
  g_autoptr(JsonObject) json = plug_rb_json_parse (text, -1, &local);

  g_assert_no_error (local);
  return plug_rb_journal_new_from_json (json, error);
}

/* ---- what is written is read */

static void
test_round_trip (void)
{
  for (guint phase = PLUG_RB_PHASE_PLANNED; phase <= PLUG_RB_PHASE_DONE; phase++) {
    g_autoptr(PlugRbJournal) journal = make_journal ();
    g_autoptr(PlugRbJournal) again = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    g_autofree char *text_again = NULL;

    journal->phase = phase;
    text = to_text (journal);
    again = from_text (text, &error);
    g_assert_no_error (error);
    text_again = to_text (again);
    g_assert_cmpstr (text, ==, text_again);
    g_assert_cmpuint (again->phase, ==, phase);
    g_assert_cmpstr (again->undoes, ==, "another");
  }
}

static void
test_swaps (void)
{
  g_autoptr(PlugRbJournal) journal = make_journal ();
  g_autofree char *text = to_text (journal);
  g_autoptr(PlugRbJournal) again = from_text (text, NULL);
  const PlugRbJournalItem *item = again->items->pdata[0];

  g_assert_cmpuint (item->swaps->len, ==, 3);
  for (guint i = 0; i < item->swaps->len; i++) {
    const PlugRbSwap *swap = item->swaps->pdata[i];
    const PlugRbSwap *wanted = ((PlugRbJournalItem *) journal->items->pdata[0])->swaps->pdata[i];

    g_assert_cmpint (swap->kind, ==, wanted->kind);
    g_assert_cmpstr (swap->part, ==, wanted->part);
    g_assert_cmpstr (swap->live, ==, wanted->live);
    g_assert_cmpstr (swap->stage, ==, wanted->stage);
    g_assert_true (plug_rb_file_id_equal (&swap->old_id, &wanted->old_id));
    g_assert_true (plug_rb_file_id_equal (&swap->new_id, &wanted->new_id));
  }
}

static void
assert_value (GVariant *value, const char *type, const char *expected)
{
  g_autofree char *text = value ? g_variant_print (value, FALSE) : NULL;

  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpstr (value ? g_variant_get_type_string (value) : NULL, ==, type);
}

static void
test_edits (void)
{
  g_autoptr(PlugRbJournal) journal = make_journal ();
  g_autofree char *text = to_text (journal);
  g_autoptr(PlugRbJournal) again = from_text (text, NULL);
  const PlugRbJournalItem *item = again->items->pdata[0];
  PlugRbSettingsEdit *const *edits = (PlugRbSettingsEdit **) item->edits->pdata;
  const PlugRbListEdit *list = item->list_edits->pdata[0];

  g_assert_cmpuint (item->edits->len, ==, 3);
  assert_value (edits[0]->before, "u", "5");
  assert_value (edits[0]->target, NULL, NULL);
  assert_value (edits[1]->before, NULL, NULL);
  assert_value (edits[1]->target, "as", "[]");
  assert_value (edits[2]->before, "v", "<(1, 'two')>");
  assert_value (edits[2]->target, "s", "'\"quoted\" \xe2\x80\x99 text'");

  g_assert_true (list->before->present && !list->target->present);
  g_assert_true (!list->before->unset && list->target->unset);
  g_assert_cmpint (list->before->position, ==, 3);
  g_assert_cmpstr (list->target->entry, ==, "a@b");
}

static void
test_names (void)
{
  g_autoptr(PlugRbJournal) journal = make_journal ();

  g_assert_true (plug_rb_journal_names (journal, "host/a@b"));
  g_assert_true (plug_rb_journal_names (journal, "host/empty"));
  g_assert_false (plug_rb_journal_names (journal, "host/a"));
  g_assert_true (plug_rb_journal_needs_snapshot (journal, "target"));
  g_assert_true (plug_rb_journal_needs_snapshot (journal, "s"));
  g_assert_false (plug_rb_journal_needs_snapshot (journal, "saf"));
}

/* ---- hostile records: the first @find of a good one is replaced */

typedef struct {
  const char *name;
  const char *find;
  const char *replace;
} Attack;

static const Attack attacks[] = {
  { "id", "\"" ID "\"", "\"../../x\"" },
  { "id-missing", "\"id\"", "\"no-id\"" },
  { "id-type", "\"" ID "\"", "5" },
  { "phase-unknown", "\"swapping\"", "\"swapped\"" },
  { "phase-type", "\"swapping\"", "2" },
  { "no-plugins", "\"plugins\"", "\"others\"" },
  { "no-operation", "\"operation\"", "\"work\"" },
  { "plugin-type", "\"host/a@b\"", "[]" },
  { "no-target", "\"target\" : \"target\"", "\"target\" : null" },
  { "no-safety", "\"safety\" : \"safety\"", "\"safety\" : 1" },
  { "swaps-type", "\"swaps\" : []", "\"swaps\" : {}" },
  { "swap-type", "\"swaps\" : []", "\"swaps\" : [ 1 ]" },
  { "swap-empty", "\"swaps\" : []", "\"swaps\" : [ {} ]" },
  { "swap-kind", "\"exchange\"", "\"delete\"" },
  { "live-relative", "\"/home/u/live\"", "\"home/u/live\"" },
  { "live-type", "\"/home/u/live\"", "{}" },
  { "stage-relative", "\"" STAGE "0\"", "\".plugrb-" ID "/0\"" },
  { "stage-foreign", "\"" STAGE "0\"", "\"/home/u/Documents/0\"" },
  { "stage-itself", "\"" STAGE "0\"", "\"/home/u/.plugrb-" ID "\"" },
  { "stage-above", "\"" STAGE "0\"", "\"" STAGE "..\"" },
  { "stage-dot", "\"" STAGE "0\"", "\"" STAGE ".\"" },
  { "stage-slash", "\"" STAGE "0\"", "\"" STAGE "\"" },
  { "stage-deeper", "\"" STAGE "0\"", "\"" STAGE "0/../../Documents\"" },
  { "edits-type", "\"edits\" : []", "\"edits\" : 1" },
  { "edit-no-key", "\"/org/first\"", "null" },
  { "edit-value", "\"uint32 5\"", "\"uint32 five\"" },
  { "edit-value-open", "\"uint32 5\"", "\"[[[[[[[[\"" },
  { "list-edits-missing", "\"list-edits\"", "\"list\"" },
  { "list-edit-name", "\"enabled\"", "0" },
  { "list-edit-entry", "\"entry\"", "\"thing\"" },
};

static void
test_refuses (gconstpointer data)
{
  const Attack *attack = data;
  g_autoptr(PlugRbJournal) journal = make_journal ();
  g_autofree char *text = to_text (journal);
  g_autoptr(GString) bad = g_string_new (text);
  g_autoptr(PlugRbJournal) read = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (g_string_replace (bad, attack->find, attack->replace, 1), ==, 1);
  read = from_text (bad->str, &error);
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  g_assert_null (read);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/journal/round-trip", test_round_trip);
  g_test_add_func ("/journal/swaps", test_swaps);
  g_test_add_func ("/journal/edits", test_edits);
  g_test_add_func ("/journal/names", test_names);
  for (guint i = 0; i < G_N_ELEMENTS (attacks); i++) {
    g_autofree char *path = g_strconcat ("/journal/refuses/", attacks[i].name, NULL);

    g_test_add_data_func (path, &attacks[i], test_refuses);
  }

  return g_test_run ();
}
