/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "fuzz.h"
#include "plug-rb-journal.h"
#include "plug-rb-json.h"

/* A journal: what is read from it is written the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr(JsonObject) json = plug_rb_json_parse ((const char *) data, (gssize) size, NULL);
  g_autoptr(PlugRbJournal) journal = json ? plug_rb_journal_new_from_json (json, NULL) : NULL;
  g_autoptr(PlugRbJournal) again = NULL;
  g_autoptr(JsonObject) written = NULL;

  if (journal == NULL)
    return 0;

  written = plug_rb_journal_to_json (journal);
  again = plug_rb_journal_new_from_json (written, NULL);
  g_assert_nonnull (again);
  g_assert_cmpstr (again->id, ==, journal->id);
  g_assert_cmpuint (again->items->len, ==, journal->items->len);

  return 0;
}
