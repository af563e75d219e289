/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-database.h"

#include <glib/gi18n-lib.h>
#include <sqlite3.h>

#include "plug-rb-error.h"

/* Somebody who holds the lock longer is a host that runs. */
#define ODD_TEXT G_VARIANT_TYPE ("(ay)")
#define BUSY_MS 1000

struct _PlugRbDatabase {
  sqlite3 *handle;
  char *path;
  char *host;
};

typedef sqlite3_stmt Statement;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Statement, sqlite3_finalize)

static gboolean throw (PlugRbDatabase * self, int code, GError **error)
{
  switch (code & 0xff) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
                 _("“%s” is in use. Close %s first"), self->path, self->host);
    break;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("“%s” is damaged: %s"), self->path,
                 sqlite3_errstr (code));
    break;
  case SQLITE_FULL:
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NO_SPACE, _("“%s” cannot be written: %s"),
                 self->path, sqlite3_errstr (code));
    break;
  default:
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS, _("“%s” cannot be used: %s"),
                 self->path, sqlite3_errmsg (self->handle));
    break;
  }

  return FALSE;
}

/**
 * plug_rb_database_open:
 * @path: a database; it is never made
 * @host: whom to close if it is in use
 *
 * Returns: (transfer full): the database, or %NULL with an error that names it
 */
PlugRbDatabase *
plug_rb_database_open (const char *path, const char *host, gboolean for_writing, GError **error)
{
  g_autoptr(PlugRbDatabase) self = g_new0 (PlugRbDatabase, 1);
  int flags = for_writing ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  int code;

  self->path = g_strdup (path);
  self->host = g_strdup (host);
  code = sqlite3_open_v2 (path, &self->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
  if (code != SQLITE_OK) {
    throw (self, code, error);
    return NULL;
  }

  sqlite3_extended_result_codes (self->handle, TRUE);
  sqlite3_busy_timeout (self->handle, BUSY_MS);
  /* A view or trigger in a file must not run what it likes. */
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);

  return g_steal_pointer (&self);
}

/**
 * plug_rb_database_close:
 *
 * Closes; what was not committed is taken back.
 */
void
plug_rb_database_close (PlugRbDatabase *self)
{
  sqlite3_close (self->handle);
  g_free (self->path);
  g_free (self->host);
  g_free (self);
}

static gboolean
run (PlugRbDatabase *self, const char *sql, GError **error)
{
  int code = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);

  return code == SQLITE_OK || throw (self, code, error);
}

gboolean
plug_rb_database_begin (PlugRbDatabase *self, GError **error)
{
  return run (self, "PRAGMA synchronous = EXTRA", error) && run (self, "BEGIN IMMEDIATE", error);
}

/**
 * plug_rb_database_commit:
 *
 * Makes all since plug_rb_database_begin() durable.
 */
gboolean
plug_rb_database_commit (PlugRbDatabase *self, GError **error)
{
  return run (self, "COMMIT", error);
}

/* ---- statements */

static gboolean
prepare (PlugRbDatabase *self, Statement **statement, const char *sql, GError **error)
{
  int code = sqlite3_prepare_v2 (self->handle, sql, -1, statement, NULL);

  return code == SQLITE_OK || throw (self, code, error);
}

/**
 * plug_rb_database_check:
 *
 * Returns: whether the database is sound; otherwise %PLUG_RB_ERROR_CORRUPT
 */
gboolean
plug_rb_database_check (PlugRbDatabase *self, GError **error)
{
  g_autoptr(Statement) statement = NULL;
  const char *said;
  int code;

  if (!prepare (self, &statement, "PRAGMA quick_check (1)", error))
    return FALSE;
  if ((code = sqlite3_step (statement)) != SQLITE_ROW)
    return throw (self, code, error);

  said = (const char *) sqlite3_column_text (statement, 0);
  if (g_strcmp0 (said, "ok") == 0)
    return TRUE;

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("“%s” is damaged: %s"), self->path,
               said ? said : "?");
  return FALSE;
}

static char *
quote (const char *name)
{
  g_auto(GStrv) parts = g_strsplit (name, "\"", -1);
  g_autofree char *inner = g_strjoinv ("\"\"", parts);

  return g_strdup_printf ("\"%s\"", inner);
}

static char *
build_where (const PlugRbRow *row)
{
  g_autofree char *column = quote (row->key_column);

  return g_strdup_printf (" WHERE %s = ?1%s", column, row->fold ? " COLLATE NOCASE" : "");
}

/* "a", "b" or "a" = ?2, "b" = ?3 */
static char *
build_columns (const PlugRbRow *row, const char *after)
{
  g_autoptr(GString) list = g_string_new (NULL);

  for (guint i = 0; row->columns[i] != NULL; i++) {
    g_autofree char *column = quote (row->columns[i]);

    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", column);
    if (after != NULL)
      g_string_append_printf (list, "%s%u", after, i + 2);
  }

  return g_string_free_and_steal (g_steal_pointer (&list));
}

static void
bind_key (Statement *statement, const PlugRbRow *row)
{
  sqlite3_bind_text (statement, 1, row->key, -1, SQLITE_TRANSIENT);
}

/* ---- reading */

static GVariant *
bytes_to_value (const void *data, int size)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, (gsize) size, 1);
}

/* SQLite takes any bytes for text. */
static GVariant *
text_to_value (const char *text, int size)
{
  GVariant *bytes;

  if (g_utf8_validate_len (text, (gsize) size, NULL))
    return g_variant_new_string (text);

  bytes = bytes_to_value (text, size);
  return g_variant_new_tuple (&bytes, 1);
}

static GVariant *
get_column (Statement *statement, int column)
{
  switch (sqlite3_column_type (statement, column)) {
  case SQLITE_INTEGER:
    return g_variant_new_int64 (sqlite3_column_int64 (statement, column));
  case SQLITE_FLOAT:
    return g_variant_new_double (sqlite3_column_double (statement, column));
  case SQLITE_TEXT:
    return text_to_value ((const char *) sqlite3_column_text (statement, column),
                          sqlite3_column_bytes (statement, column));
  case SQLITE_BLOB:
    return bytes_to_value (sqlite3_column_blob (statement, column),
                           sqlite3_column_bytes (statement, column));
  default:
    return g_variant_new_tuple (NULL, 0);
  }
}

static gboolean
has_table (PlugRbDatabase *self, const char *table, gboolean *found, GError **error)
{
  g_autoptr(Statement) statement = NULL;
  int code;

  if (!prepare (self, &statement, "SELECT 1 FROM sqlite_master WHERE name = ?1", error))
    return FALSE;

  sqlite3_bind_text (statement, 1, table, -1, SQLITE_TRANSIENT);
  code = sqlite3_step (statement);
  *found = code == SQLITE_ROW;

  return code == SQLITE_ROW || code == SQLITE_DONE || throw (self, code, error);
}

static GVariant *
take_row (Statement *statement, const PlugRbRow *row)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  for (int i = 0; row->columns[i] != NULL; i++)
    g_variant_dict_insert_value (&dict, row->columns[i], get_column (statement, i));

  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/**
 * plug_rb_database_read_row:
 * @value: (out) (nullable): `a{sv}` of the columns, %NULL if there is no such row
 *
 * Integers are `x`, numbers `d`, text is `s`, or `(ay)` if it is not UTF-8 or has a zero
 * in it, anything else is `ay`, and nothing is `()`.
 *
 * Returns: whether that could be told
 */
gboolean
plug_rb_database_read_row (PlugRbDatabase *self,
                           const PlugRbRow *row,
                           GVariant **value,
                           GError **error)
{
  g_autoptr(Statement) statement = NULL;
  g_autofree char *table = quote (row->table);
  g_autofree char *columns = build_columns (row, NULL);
  g_autofree char *where = build_where (row);
  g_autofree char *sql = g_strconcat ("SELECT ", columns, " FROM ", table, where, NULL);
  gboolean found;
  int code;

  *value = NULL;
  if (!has_table (self, row->table, &found, error))
    return FALSE;
  if (!found)
    return TRUE;
  if (!prepare (self, &statement, sql, error))
    return FALSE;

  bind_key (statement, row);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    *value = take_row (statement, row);

  return code == SQLITE_ROW || code == SQLITE_DONE || throw (self, code, error);
}

/* ---- writing */

static void
bind_column (Statement *statement, int index, GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64)) {
    sqlite3_bind_int64 (statement, index, g_variant_get_int64 (value));
  } else if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE)) {
    sqlite3_bind_double (statement, index, g_variant_get_double (value));
  } else if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING)) {
    sqlite3_bind_text (statement, index, g_variant_get_string (value, NULL), -1, SQLITE_TRANSIENT);
  } else if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING)) {
    gsize size;
    const void *data = g_variant_get_fixed_array (value, &size, 1);

    sqlite3_bind_blob64 (statement, index, data ? data : "", size, SQLITE_TRANSIENT);
  } else if (g_variant_is_of_type (value, ODD_TEXT)) {
    g_autoptr(GVariant) bytes = g_variant_get_child_value (value, 0);
    gsize size;
    const char *text = g_variant_get_fixed_array (bytes, &size, 1);

    sqlite3_bind_text64 (statement, index, text ? text : "", size, SQLITE_TRANSIENT, SQLITE_UTF8);
  } else {
    sqlite3_bind_null (statement, index);
  }
}

static void
bind_columns (Statement *statement, const PlugRbRow *row, GVariant *value)
{
  for (int i = 0; row->columns[i] != NULL; i++) {
    g_autoptr(GVariant) column = g_variant_lookup_value (value, row->columns[i], NULL);

    if (column != NULL)
      bind_column (statement, i + 2, column);
  }
}

static char *
build_insert (const PlugRbRow *row)
{
  g_autofree char *table = quote (row->table);
  g_autofree char *key = quote (row->key_column);
  g_autofree char *columns = build_columns (row, NULL);
  g_autoptr(GString) sql = g_string_new (NULL);

  g_string_printf (sql, "INSERT INTO %s (%s, %s) VALUES (?1", table, key, columns);
  for (guint i = 0; row->columns[i] != NULL; i++)
    g_string_append_printf (sql, ", ?%u", i + 2);
  g_string_append_c (sql, ')');

  return g_string_free_and_steal (g_steal_pointer (&sql));
}

static char *
build_update (const PlugRbRow *row)
{
  g_autofree char *table = quote (row->table);
  g_autofree char *columns = build_columns (row, " = ?");
  g_autofree char *where = build_where (row);

  return g_strconcat ("UPDATE ", table, " SET ", columns, where, NULL);
}

static char *
build_delete (const PlugRbRow *row)
{
  g_autofree char *table = quote (row->table);
  g_autofree char *where = build_where (row);

  return g_strconcat ("DELETE FROM ", table, where, NULL);
}

static gboolean
change (
    PlugRbDatabase *self, const PlugRbRow *row, const char *sql, GVariant *value, GError **error)
{
  g_autoptr(Statement) statement = NULL;
  int code;

  if (!prepare (self, &statement, sql, error))
    return FALSE;

  bind_key (statement, row);
  if (value != NULL)
    bind_columns (statement, row, value);
  code = sqlite3_step (statement);

  return code == SQLITE_DONE || throw (self, code, error);
}

/**
 * plug_rb_database_write_row:
 * @value: (nullable): as plug_rb_database_read_row() gave it, or %NULL to delete the row
 *
 * Changes the row where it is, or makes it: other columns stay, or get what the table has for them.
 */
gboolean
plug_rb_database_write_row (PlugRbDatabase *self,
                            const PlugRbRow *row,
                            GVariant *value,
                            GError **error)
{
  g_autofree char *delete = build_delete (row);
  g_autofree char *update = build_update (row);
  g_autofree char *insert = build_insert (row);

  if (value == NULL)
    return change (self, row, delete, NULL, error);
  if (!change (self, row, update, value, error))
    return FALSE;

  return sqlite3_changes (self->handle) > 0 || change (self, row, insert, value, error);
}
