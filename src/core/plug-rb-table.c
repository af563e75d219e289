/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-table.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "plug-rb-error.h"
#include "plug-rb-hash.h"
#include "plug-rb-json.h"

struct _PlugRbTable {
  gatomicrefcount ref_count;
  GPtrArray *entries;
  GBytes *bytes;
  char *sha256;
};

static const char *const type_names[] = { "folder", "file", "link" };

PlugRbEntry *
plug_rb_entry_new (const char *part, const char *path, PlugRbEntryType type)
{
  PlugRbEntry *entry = g_new0 (PlugRbEntry, 1);

  entry->part = g_strdup (part);
  entry->path = g_strdup (path);
  entry->type = type;

  return entry;
}

void
plug_rb_entry_free (PlugRbEntry *entry)
{
  g_free (entry->part);
  g_free (entry->path);
  g_free (entry->target);
  g_free (entry->sha256);
  g_free (entry);
}

/**
 * plug_rb_entry_compare_place:
 *
 * The order of rows: by part, then by path, both as bytes.
 */
int
plug_rb_entry_compare_place (const PlugRbEntry *a, const PlugRbEntry *b)
{
  int order = strcmp (a->part, b->part);

  return order != 0 ? order : strcmp (a->path, b->path);
}

/**
 * plug_rb_entry_equal:
 *
 * Whether two rows describe the same file in every respect.
 */
gboolean
plug_rb_entry_equal (const PlugRbEntry *a, const PlugRbEntry *b)
{
  return a->type == b->type && a->mode == b->mode && a->size == b->size && a->mtime == b->mtime &&
         a->nsec == b->nsec && g_strcmp0 (a->target, b->target) == 0 &&
         g_strcmp0 (a->sha256, b->sha256) == 0;
}

PlugRbTable *
plug_rb_table_new (void)
{
  PlugRbTable *self = g_new0 (PlugRbTable, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_entry_free);

  return self;
}

PlugRbTable *
plug_rb_table_ref (PlugRbTable *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
plug_rb_table_unref (PlugRbTable *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_ptr_array_unref (self->entries);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->sha256);
  g_free (self);
}

/**
 * plug_rb_table_add:
 * @entry: (transfer full): a row
 */
void
plug_rb_table_add (PlugRbTable *self, PlugRbEntry *entry)
{
  g_assert (self->bytes == NULL);
  g_ptr_array_add (self->entries, entry);
}

static void
set_path (JsonObject *row, const char *member, const char *path)
{
  g_autofree char *shown = g_utf8_make_valid (path, -1);
  g_autofree char *member64 = NULL;
  g_autofree char *exact = NULL;

  json_object_set_string_member (row, member, shown);
  if (g_str_equal (shown, path))
    return;

  /* A name that is not UTF-8 cannot stand in JSON: the plain member is for the eye, this one is
   * true. */
  member64 = g_strconcat (member, "-b64", NULL);
  exact = g_base64_encode ((const guchar *) path, strlen (path));
  json_object_set_string_member (row, member64, exact);
}

static JsonObject *
entry_to_json (const PlugRbEntry *entry)
{
  JsonObject *row = json_object_new ();

  json_object_set_string_member (row, "part", entry->part);
  set_path (row, "path", entry->path);
  json_object_set_string_member (row, "type", type_names[entry->type]);
  json_object_set_int_member (row, "mode", entry->mode);
  json_object_set_int_member (row, "mtime", entry->mtime);
  json_object_set_int_member (row, "nsec", entry->nsec);

  if (entry->type == PLUG_RB_ENTRY_FILE) {
    json_object_set_int_member (row, "size", entry->size);
    json_object_set_string_member (row, "sha256", entry->sha256);
  }
  if (entry->type == PLUG_RB_ENTRY_LINK)
    set_path (row, "target", entry->target);

  return row;
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  return plug_rb_entry_compare_place (a, b);
}

/**
 * plug_rb_table_close:
 *
 * Puts the rows in order and works out the table's bytes and name. Nothing can be added afterwards.
 */
void
plug_rb_table_close (PlugRbTable *self)
{
  g_autoptr(JsonObject) root = json_object_new ();
  JsonArray *rows = json_array_new ();
  char *text;

  g_ptr_array_sort_values (self->entries, compare_entries);
  for (guint i = 0; i < self->entries->len; i++)
    json_array_add_object_element (rows, entry_to_json (self->entries->pdata[i]));

  json_object_set_int_member (root, "format", 1);
  json_object_set_array_member (root, "rows", rows);

  text = plug_rb_json_to_string (root);
  self->bytes = g_bytes_new_take (text, strlen (text));
  self->sha256 = plug_rb_hash_bytes (text, strlen (text));
}

static gboolean
is_safe_path (const char *path)
{
  g_auto(GStrv) names = g_strsplit (path, "/", -1);

  if (*path == '\0')
    return TRUE;

  for (guint i = 0; names[i] != NULL; i++)
    if (*names[i] == '\0' || g_str_equal (names[i], ".") || g_str_equal (names[i], ".."))
      return FALSE;

  return TRUE;
}

static char *
dup_path (JsonObject *row, const char *member)
{
  g_autofree char *member64 = g_strconcat (member, "-b64", NULL);
  const char *exact = plug_rb_json_get_string (row, member64);
  g_autofree guchar *bytes = NULL;
  gsize length;

  if (exact == NULL)
    return g_strdup (plug_rb_json_get_string (row, member));

  bytes = g_base64_decode (exact, &length);
  if (memchr (bytes, '\0', length) != NULL)
    return NULL;

  return g_strndup ((const char *) bytes, length);
}

static int
parse_type (const char *name)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (type_names); i++)
    if (g_str_equal (name, type_names[i]))
      return i;

  return -1;
}

static gboolean
is_complete (const PlugRbEntry *entry)
{
  if (entry->part == NULL || strchr (entry->part, '/') != NULL || entry->path == NULL ||
      !is_safe_path (entry->path) || entry->mode > 01777 || entry->nsec > 999999999)
    return FALSE;

  switch (entry->type) {
  case PLUG_RB_ENTRY_FILE:
    return entry->sha256 != NULL && plug_rb_hash_is_valid (entry->sha256);
  case PLUG_RB_ENTRY_LINK:
    return entry->target != NULL && *entry->target != '\0';
  case PLUG_RB_ENTRY_FOLDER:
  default:
    return TRUE;
  }
}

static PlugRbEntry *
entry_from_json (JsonObject *row)
{
  g_autoptr(PlugRbEntry) entry = g_new0 (PlugRbEntry, 1);
  int type = row == NULL ? -1 : parse_type (plug_rb_json_get_string (row, "type"));

  if (type < 0)
    return NULL;

  entry->type = type;
  entry->part = g_strdup (plug_rb_json_get_string (row, "part"));
  entry->path = dup_path (row, "path");
  entry->mode = plug_rb_json_get_int (row, "mode", 0);
  entry->mtime = plug_rb_json_get_int (row, "mtime", 0);
  entry->nsec = plug_rb_json_get_int (row, "nsec", 0);
  entry->size = plug_rb_json_get_int (row, "size", 0);
  entry->sha256 = g_strdup (plug_rb_json_get_string (row, "sha256"));
  entry->target = dup_path (row, "target");

  return is_complete (entry) ? g_steal_pointer (&entry) : NULL;
}

/* Every path lies in a folder of the same table, or in a part that is itself a link to a folder: so
 * no row can lead through a link, and none stands twice. */
static gboolean
has_place (PlugRbTable *self, const PlugRbEntry *entry, const PlugRbEntry *previous)
{
  g_autofree char *parent = NULL;
  const PlugRbEntry *folder;

  if (previous != NULL && plug_rb_entry_compare_place (previous, entry) >= 0)
    return FALSE;
  if (*entry->path == '\0' || g_str_equal (entry->part, PLUG_RB_TABLE_SETTINGS))
    return TRUE;

  parent = strchr (entry->path, '/') ? g_path_get_dirname (entry->path) : g_strdup ("");
  folder = plug_rb_table_find (self, entry->part, parent);

  return folder != NULL && (folder->type == PLUG_RB_ENTRY_FOLDER ||
                            (folder->type == PLUG_RB_ENTRY_LINK && *parent == '\0'));
}

static gboolean
add_rows (PlugRbTable *self, JsonArray *rows)
{
  const PlugRbEntry *previous = NULL;

  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++) {
    PlugRbEntry *entry = entry_from_json (plug_rb_json_get_element (rows, i));

    if (entry == NULL)
      return FALSE;

    g_ptr_array_add (self->entries, entry);
    if (!has_place (self, entry, previous))
      return FALSE;
    previous = entry;
  }

  return rows != NULL;
}

/**
 * plug_rb_table_new_from_bytes:
 * @json: what plug_rb_table_get_bytes() gave
 *
 * Reads a table that may be damaged or hostile.
 *
 * Returns: (transfer full): the closed table
 */
PlugRbTable *
plug_rb_table_new_from_bytes (GBytes *json, GError **error)
{
  g_autoptr(PlugRbTable) self = plug_rb_table_new ();
  g_autoptr(JsonObject) root = NULL;
  gsize length;
  const char *text = g_bytes_get_data (json, &length);

  if (!(root = plug_rb_json_parse (text, length, error)))
    return NULL;

  if (plug_rb_json_get_int (root, "format", 0) != 1 ||
      !add_rows (self, plug_rb_json_get_array (root, "rows"))) {
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                         _("The list of files is damaged"));
    return NULL;
  }

  self->bytes = g_bytes_ref (json);
  self->sha256 = plug_rb_hash_bytes (text, length);

  return g_steal_pointer (&self);
}

guint
plug_rb_table_get_size (PlugRbTable *self)
{
  return self->entries->len;
}

const PlugRbEntry *
plug_rb_table_get (PlugRbTable *self, guint index)
{
  return self->entries->pdata[index];
}

/**
 * plug_rb_table_find:
 *
 * Looks a row up, in a table whose rows are in order.
 *
 * Returns: (nullable): the row of that place
 */
const PlugRbEntry *
plug_rb_table_find (PlugRbTable *self, const char *part, const char *path)
{
  PlugRbEntry wanted = { .part = (char *) part, .path = (char *) path };
  guint low = 0, high = self->entries->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    const PlugRbEntry *entry = self->entries->pdata[middle];
    int order = plug_rb_entry_compare_place (&wanted, entry);

    if (order == 0)
      return entry;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }

  return NULL;
}

/**
 * plug_rb_table_has_part:
 *
 * Whether anything of the part existed.
 */
gboolean
plug_rb_table_has_part (PlugRbTable *self, const char *part)
{
  return plug_rb_table_find (self, part, "") != NULL;
}

/**
 * plug_rb_table_get_sha256:
 *
 * Returns: the name of the state: SHA-256 of the table's bytes, in hex
 */
const char *
plug_rb_table_get_sha256 (PlugRbTable *self)
{
  g_assert (self->sha256 != NULL);
  return self->sha256;
}

/**
 * plug_rb_table_get_bytes:
 *
 * Returns: (transfer none): the table as JSON
 */
GBytes *
plug_rb_table_get_bytes (PlugRbTable *self)
{
  g_assert (self->bytes != NULL);
  return self->bytes;
}

static gboolean
is_plugin_file (const PlugRbEntry *entry)
{
  return entry->type == PLUG_RB_ENTRY_FILE && !g_str_equal (entry->part, PLUG_RB_TABLE_SETTINGS);
}

guint
plug_rb_table_count_files (PlugRbTable *self)
{
  guint n = 0;

  for (guint i = 0; i < self->entries->len; i++)
    n += is_plugin_file (self->entries->pdata[i]);

  return n;
}

guint64
plug_rb_table_sum_sizes (PlugRbTable *self)
{
  guint64 sum = 0;

  for (guint i = 0; i < self->entries->len; i++)
    if (is_plugin_file (self->entries->pdata[i]))
      sum += ((PlugRbEntry *) self->entries->pdata[i])->size;

  return sum;
}
