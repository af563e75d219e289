/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "fuzz.h"
#include "plug-rb-json.h"
#include "plug-rb-record.h"

/* An operation in the history. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr(JsonObject) json = plug_rb_json_parse ((const char *) data, (gssize) size, NULL);
  g_autoptr(PlugRbRecord) record = json ? plug_rb_record_new_from_json (json, NULL) : NULL;
  g_autoptr(PlugRbRecord) again = NULL;
  g_autoptr(JsonObject) written = NULL;

  if (record == NULL)
    return 0;

  g_free (plug_rb_record_dup_title (record));
  g_strfreev (plug_rb_record_dup_plugins (record));
  written = plug_rb_record_to_json (record);
  again = plug_rb_record_new_from_json (written, NULL);
  g_assert_nonnull (again);
  g_assert_cmpstr (again->id, ==, record->id);

  return 0;
}
