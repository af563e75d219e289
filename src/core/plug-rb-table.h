/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Part name of the rows that stand for settings and lists, one a document. No host part has it. */
#define PLUG_RB_TABLE_SETTINGS "settings"

typedef enum {
  PLUG_RB_ENTRY_FOLDER,
  PLUG_RB_ENTRY_FILE,
  PLUG_RB_ENTRY_LINK,
} PlugRbEntryType;

/**
 * PlugRbEntry:
 * @part: part of the plugin, as in the host's description, or `PLUG_RB_TABLE_SETTINGS`
 * @path: bytes of the path below the part's folder; "" for that folder itself
 * @mode: permission bits, without set-id bits
 * @size: bytes of a file, otherwise 0
 * @mtime: seconds since the epoch
 * @nsec: nanoseconds of @mtime
 * @target: (nullable): where a link points
 * @sha256: (nullable): of a file's content, in hex
 * @hard_link: (nullable): path of the earlier file of the same part that this one is another name
 * of
 * @xattrs: (nullable): extended attributes as plug_rb_xattrs_read() gives them
 *
 * One row of a state table. It says what, never where.
 */
typedef struct {
  const char *part;
  const char *path;
  PlugRbEntryType type;
  guint mode;
  guint64 size;
  gint64 mtime;
  guint nsec;
  const char *target;
  const char *sha256;
  const char *hard_link;
  const char *xattrs;
} PlugRbEntry;

/**
 * PlugRbLook:
 * @foreign: the file belongs to another user
 * @fixed: the file system protects it from changes, as by `chattr +i`
 * @racy: the file was changed so shortly before it was read that a later change may have left the
 *   same times
 *
 * What the file system said of a row's file when it was last read. A file that still looks the same
 * still has the same content.
 */
typedef struct {
  guint64 dev;
  guint64 ino;
  gint64 ctime;
  guint ctime_nsec;
  gboolean foreign;
  gboolean fixed;
  gboolean racy;
} PlugRbLook;

gboolean plug_rb_part_name_is_valid (const char *name);
int plug_rb_entry_compare_place (const PlugRbEntry *a, const PlugRbEntry *b);
gboolean plug_rb_entry_equal (const PlugRbEntry *a, const PlugRbEntry *b);

/**
 * PlugRbTable:
 *
 * All rows of one state of a plugin, ordered by part and path, each folder followed by what lies in
 * it. Equal states have equal tables, byte for byte, so that the SHA-256 of the table names the
 * state. Reference counted; after plug_rb_table_close() immutable and safe for several threads.
 */
typedef struct _PlugRbTable PlugRbTable;

PlugRbTable *plug_rb_table_new (void);
PlugRbTable *plug_rb_table_new_from_bytes (GBytes *json, GError **error);
PlugRbTable *plug_rb_table_new_from_pack (GBytes *pack);
PlugRbTable *plug_rb_table_ref (PlugRbTable *self);
void plug_rb_table_unref (PlugRbTable *self);
void plug_rb_table_add (PlugRbTable *self, const PlugRbEntry *entry);
void plug_rb_table_add_known (PlugRbTable *self,
                              PlugRbTable *lender,
                              const PlugRbEntry *entry,
                              const char *hard_link,
                              const PlugRbLook *look);
void plug_rb_table_add_seen (PlugRbTable *self, const PlugRbEntry *entry, const PlugRbLook *look);
void
plug_rb_table_set_content (PlugRbTable *self, guint index, const char *sha256, const char *xattrs);
void plug_rb_table_truncate (PlugRbTable *self, guint size);
void plug_rb_table_close (PlugRbTable *self);
void plug_rb_table_close_like (PlugRbTable *self, PlugRbTable *likely);

guint plug_rb_table_get_size (PlugRbTable *self);
const PlugRbEntry *plug_rb_table_get (PlugRbTable *self, guint index);
const PlugRbLook *plug_rb_table_get_look (PlugRbTable *self, guint index);
const PlugRbEntry *
plug_rb_table_find_next (PlugRbTable *self, const char *part, const char *path, guint *cursor);
const PlugRbEntry *plug_rb_table_find (PlugRbTable *self, const char *part, const char *path);
gboolean
plug_rb_table_find_index (PlugRbTable *self, const char *part, const char *path, guint *index);
gboolean plug_rb_table_has_part (PlugRbTable *self, const char *part);
const char *plug_rb_table_get_sha256 (PlugRbTable *self);
GBytes *plug_rb_table_get_bytes (PlugRbTable *self);
GBytes *plug_rb_table_pack (PlugRbTable *self);
gboolean plug_rb_table_looks_like (PlugRbTable *self, PlugRbTable *other);
guint plug_rb_table_get_n_racy (PlugRbTable *self);
guint plug_rb_table_count_files (PlugRbTable *self);
guint64 plug_rb_table_sum_sizes (PlugRbTable *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbTable, plug_rb_table_unref)

G_END_DECLS
