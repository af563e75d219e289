/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "fuzz.h"
#include "plug-rb-json.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-store.h"

/* A snapshot's metadata, as if the seal were right: somebody may have sealed it anew. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr(JsonObject) json = plug_rb_json_parse ((const char *) data, (gssize) size, NULL);
  g_autoptr(PlugRbSnapshot) snapshot = NULL;
  g_autoptr(JsonObject) contract = NULL;

  if (json == NULL)
    return 0;

  plug_rb_json_check_seal (json, NULL);
  plug_rb_json_seal (json);
  g_assert_true (plug_rb_json_check_seal (json, NULL));
  if ((snapshot = plug_rb_snapshot_new_from_json (json, NULL)) != NULL) {
    contract = plug_rb_snapshot_to_contract_json (snapshot);
    g_free (plug_rb_json_to_string (contract));
    g_free (plug_rb_store_escape_key (plug_rb_snapshot_get_plugin (snapshot)));
  }

  return 0;
}
