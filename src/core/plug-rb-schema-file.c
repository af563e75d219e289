/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-schema-file.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-small-file.h"

/* A reader of compiled schemas that may be damaged or hostile. GSettingsSchemaSource is not: it
 * ends the process by an assertion if a table is not where the file says (GLib 2.84), follows a
 * schema that extends itself until the stack is full, and maps the file, so that a plugin that is
 * updated meanwhile ends the process by a signal.
 *
 * The format is GVDB: a header, then hash tables and values that are found by offsets. A hash table
 * is a bloom filter, buckets and items; here the items are simply walked. All numbers are little
 * endian. */

#define NAME "gschemas.compiled"
#define SIZE_LIMIT (4 * 1024 * 1024)
#define MAX_ITEMS 20000
#define MAX_STRING 1024

#define SIGNATURE "GVariant"
#define SIGNATURE_SWAPPED "raVGtnai"
#define SIGNATURE_SIZE 8
#define HEADER_SIZE 24
#define ROOT_OFFSET 16
#define TABLE_HEADER_SIZE 8
#define ITEM_SIZE 24
#define NO_PARENT G_MAXUINT32
#define MAX_ANCESTORS 8
#define TYPE_LIST 'L'
#define TYPE_TABLE 'H'
#define TYPE_VALUE 'v'
#define BLOOM_MASK ((1u << 27) - 1)

typedef struct {
  const guint8 *data;
  gsize size;
  guint budget; /* of items: tables may overlap, so that a small file could hold any number */
} File;

/* Bytes from @start to before @end. */
typedef struct {
  guint32 start;
  guint32 end;
} Range;

/* The name of an item is that of its parent and its own, one after the other. */
typedef struct {
  char *name;
  guint32 parent;
  char type;
  Range value;
} Item;

static void
item_free (Item *item)
{
  g_free (item->name);
  g_free (item);
}

/**
 * plug_rb_schema_free:
 *
 * Frees a schema.
 */
void
plug_rb_schema_free (PlugRbSchema *schema)
{
  g_free (schema->id);
  g_free (schema->path);
  g_free (schema->extends);
  g_strfreev (schema->keys);
  g_strfreev (schema->children);
  g_free (schema);
}

static guint32
get_number (const File *file, gsize offset)
{
  guint32 number;

  memcpy (&number, file->data + offset, sizeof number);
  return GUINT32_FROM_LE (number);
}

/* FALSE if the range is not in the file. */
static gboolean
get_range (const File *file, gsize offset, Range *range)
{
  range->start = get_number (file, offset);
  range->end = get_number (file, offset + 4);

  return range->start <= range->end && range->end <= file->size;
}

/* NULL if the item is damaged. */
static Item *
read_item (const File *file, gsize offset)
{
  guint32 name_start = get_number (file, offset + 8);
  gsize name_length = file->data[offset + 12] | file->data[offset + 13] << 8;
  const char *name = (const char *) file->data + name_start;
  Range value;
  Item *item;

  if (name_start > file->size || name_length > file->size - name_start ||
      name_length > MAX_STRING || !g_utf8_validate_len (name, name_length, NULL) ||
      !get_range (file, offset + 16, &value))
    return NULL;

  item = g_new0 (Item, 1);
  item->name = g_strndup (name, name_length);
  item->parent = get_number (file, offset + 4);
  item->type = file->data[offset + 14];
  item->value = value;

  return item;
}

/* NULL if the table is damaged. */
static GPtrArray *
read_table (File *file, Range range)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) item_free);
  guint64 offset = (guint64) range.start + TABLE_HEADER_SIZE;

  if (offset > range.end)
    return NULL;

  offset += 4 * (guint64) (get_number (file, range.start) & BLOOM_MASK);
  offset += 4 * (guint64) get_number (file, range.start + 4);
  for (; offset + ITEM_SIZE <= range.end; offset += ITEM_SIZE) {
    Item *item = file->budget > 0 ? read_item (file, offset) : NULL;

    if (item == NULL)
      return NULL;

    file->budget--;
    g_ptr_array_add (items, item);
  }

  return g_steal_pointer (&items);
}

/* NULL if its ancestors are damaged. */
static char *
dup_full_name (GPtrArray *items, const Item *item)
{
  g_autofree char *name = g_strdup (item->name);
  guint n = 0;

  while (item->parent != NO_PARENT) {
    g_autofree char *rest = g_steal_pointer (&name);

    if (item->parent >= items->len || n++ == MAX_ANCESTORS)
      return NULL;

    item = items->pdata[item->parent];
    name = g_strconcat (item->name, rest, NULL);
  }

  return g_steal_pointer (&name);
}

/* A value is a serialised variant: the string, its zero, one more zero, its type. */
static char *
dup_string (const File *file, const Item *item)
{
  gsize length = item->value.end - item->value.start;
  const char *data = (const char *) file->data + item->value.start;

  if (item->type != TYPE_VALUE || length < 3 || length > MAX_STRING ||
      memcmp (data + length - 3, "\0\0s", 3) != 0 || !g_utf8_validate_len (data, length - 3, NULL))
    return NULL;

  return g_strndup (data, length - 3);
}

static void
replace_string (char **string, const File *file, const Item *item)
{
  g_free (*string);
  *string = dup_string (file, item);
}

static void
take_item (PlugRbSchema *schema,
           const File *file,
           const Item *item,
           const char *name,
           GStrvBuilder *keys,
           GStrvBuilder *children)
{
  if (g_str_equal (name, ".path"))
    replace_string (&schema->path, file, item);
  else if (g_str_equal (name, ".extends"))
    replace_string (&schema->extends, file, item);
  else if (g_str_has_suffix (name, "/"))
    g_strv_builder_take (children, g_strndup (name, strlen (name) - 1));
  else if (*name != '.' && item->type == TYPE_VALUE)
    g_strv_builder_add (keys, name);
}

static PlugRbSchema *
schema_new (const File *file, const char *id, GPtrArray *items)
{
  g_autoptr(PlugRbSchema) schema = g_new0 (PlugRbSchema, 1);
  g_autoptr(GStrvBuilder) keys = g_strv_builder_new ();
  g_autoptr(GStrvBuilder) children = g_strv_builder_new ();

  schema->id = g_strdup (id);
  for (guint i = 0; i < items->len; i++) {
    g_autofree char *name = dup_full_name (items, items->pdata[i]);

    if (name == NULL)
      return NULL;

    take_item (schema, file, items->pdata[i], name, keys, children);
  }
  schema->keys = g_strv_builder_end (keys);
  schema->children = g_strv_builder_end (children);

  return g_steal_pointer (&schema);
}

static PlugRbSchema *
read_schema (File *file, GPtrArray *items, const Item *item)
{
  g_autofree char *id = dup_full_name (items, item);
  g_autoptr(GPtrArray) content = item->type == TYPE_TABLE ? read_table (file, item->value) : NULL;

  return id && content ? schema_new (file, id, content) : NULL;
}

static GPtrArray *
read_root (File *file)
{
  Range range;

  if (file->size < HEADER_SIZE || (memcmp (file->data, SIGNATURE, SIGNATURE_SIZE) != 0 &&
                                   memcmp (file->data, SIGNATURE_SWAPPED, SIGNATURE_SIZE) != 0))
    return NULL;

  return get_range (file, ROOT_OFFSET, &range) ? read_table (file, range) : NULL;
}

static GPtrArray *
read_schemas (File *file)
{
  g_autoptr(GPtrArray) items = read_root (file);
  g_autoptr(GPtrArray) schemas = NULL;

  if (items == NULL)
    return NULL;

  schemas = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_schema_free);
  for (guint i = 0; i < items->len; i++) {
    const Item *item = items->pdata[i];
    PlugRbSchema *schema;

    if (item->type == TYPE_LIST)
      continue;
    if (!(schema = read_schema (file, items, item)))
      return NULL;

    g_ptr_array_add (schemas, schema);
  }

  return g_steal_pointer (&schemas);
}

/**
 * plug_rb_schema_file_read:
 * @folder_fd: a folder that may hold `gschemas.compiled`
 *
 * Reads compiled schemas, which may be damaged or hostile.
 *
 * Returns: (transfer full) (element-type PlugRbSchema): the schemas, or %NULL with
 *   %PLUG_RB_ERROR_NOT_FOUND if there are none, %PLUG_RB_ERROR_CORRUPT if they are damaged
 */
GPtrArray *
plug_rb_schema_file_read (int folder_fd, GError **error)
{
  g_autoptr(GBytes) bytes = plug_rb_small_file_read (folder_fd, NAME, SIZE_LIMIT, error);
  File file = { .budget = MAX_ITEMS };
  GPtrArray *schemas;

  if (bytes == NULL)
    return NULL;

  file.data = g_bytes_get_data (bytes, &file.size);
  schemas = read_schemas (&file);
  if (schemas == NULL)
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("“%s” is damaged"), NAME);

  return schemas;
}
