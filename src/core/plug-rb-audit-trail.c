/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-audit-trail.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>

#include "plug-rb-audit.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-hash.h"
#include "plug-rb-json.h"

#define TRAIL_LIMIT (256 * 1024 * 1024)

static void
entry_free (PlugRbAuditEntry *entry)
{
  g_clear_pointer (&entry->time, g_date_time_unref);
  g_free (entry->act);
  g_free (entry->subject);
  g_free (entry->operation);
  g_free (entry);
}

void
plug_rb_audit_trail_free (PlugRbAuditTrail *self)
{
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->hashes, g_hash_table_unref);
  g_free (self->problem);
  g_free (self);
}

static PlugRbAuditTrail *
trail_new (void)
{
  PlugRbAuditTrail *self = g_new0 (PlugRbAuditTrail, 1);

  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  self->hashes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

/* Only the first counts: what comes after it hangs in the air anyway. */
static void
blame (PlugRbAuditTrail *self, guint number, const char *problem)
{
  if (self->first_bad != 0)
    return;

  self->first_bad = number;
  self->problem = g_strdup (problem);
}

static gboolean
fill_entry (PlugRbAuditEntry *entry, JsonObject *json)
{
  entry->time = plug_rb_time_from_string (plug_rb_json_get_string (json, "time"));
  entry->act = g_strdup (plug_rb_json_get_string (json, "act"));
  entry->subject = g_strdup (plug_rb_json_get_string (json, "subject"));
  entry->operation = g_strdup (plug_rb_json_get_string (json, "operation"));

  return entry->time != NULL && entry->act != NULL;
}

/* Returns the hash of the line, on which the next one builds. */
static char *
add_line (PlugRbAuditTrail *self, const char *line, gsize length, const char *previous)
{
  PlugRbAuditEntry *entry = g_new0 (PlugRbAuditEntry, 1);
  g_autoptr(JsonObject) json = plug_rb_json_parse (line, length, NULL);
  char *hash = plug_rb_hash_bytes (line, length);

  entry->number = self->entries->len + 1;
  g_ptr_array_add (self->entries, entry);
  g_hash_table_add (self->hashes, g_strdup (hash));

  if (json == NULL || !fill_entry (entry, json))
    blame (self, entry->number, _("it cannot be read"));
  else if (g_strcmp0 (plug_rb_json_get_string (json, "previous"), previous) != 0)
    blame (self, entry->number,
           previous ? _("the line before it was changed, or lines between them are missing")
                    : _("the lines before it are missing"));

  return hash;
}

static void
read_lines (PlugRbAuditTrail *self, const char *text, gsize length)
{
  g_autofree char *previous = NULL;
  gsize start = 0;

  for (;;) {
    const char *end = memchr (text + start, '\n', length - start);
    char *hash;

    if (end == NULL)
      break;

    hash = add_line (self, text + start, end - text - start, previous);
    g_free (previous);
    previous = hash;
    start = end - text + 1;
  }

  self->torn = length - start;
}

/* Nothing in a chain shows that its end is gone. But the history remembers how far it went. */
static void
check_end (PlugRbAuditTrail *self, PlugRbStore *store)
{
  g_autoptr(GHashTable) heads = plug_rb_store_list_audit_heads (store);
  GHashTableIter iter;
  gpointer id, head;

  g_hash_table_iter_init (&iter, heads);
  while (g_hash_table_iter_next (&iter, &id, &head))
    if (!g_hash_table_contains (self->hashes, head)) {
      g_autofree char *problem = g_strdup_printf (
          _("lines are missing that the history of operation %s refers to"), (const char *) id);

      blame (self, self->entries->len + 1, problem);
      return;
    }
}

/**
 * plug_rb_audit_trail_read:
 *
 * Reads the audit trail and checks that each line fits the one before it, and that it goes as far
 * as the history says.
 *
 * Returns: (transfer full): the trail, which is empty if there is none yet
 */
PlugRbAuditTrail *
plug_rb_audit_trail_read (PlugRbStore *store, GError **error)
{
  g_autofree char *path = plug_rb_store_build_path (store, PLUG_RB_AUDIT_FILE, NULL);
  g_autoptr(GError) cause = NULL;
  g_autoptr(GBytes) bytes = plug_rb_fs_read (AT_FDCWD, path, TRAIL_LIMIT, &cause);
  PlugRbAuditTrail *self;

  if (bytes == NULL && !g_error_matches (cause, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }

  self = trail_new ();
  if (bytes != NULL && g_bytes_get_size (bytes) > 0)
    read_lines (self, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  check_end (self, store);

  return self;
}
