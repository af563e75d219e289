/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>
#include <sys/stat.h>

G_BEGIN_DECLS

typedef enum {
  PLUG_RB_LISTING_ID,
  PLUG_RB_LISTING_PLUGIN,
  PLUG_RB_LISTING_HOST,
  PLUG_RB_LISTING_PLUGIN_ID,
  PLUG_RB_LISTING_NAME,
  PLUG_RB_LISTING_VERSION,
  PLUG_RB_LISTING_HOST_VERSION,
  PLUG_RB_LISTING_LABEL,
  PLUG_RB_LISTING_NOTE,
  PLUG_RB_LISTING_TIMESTAMP,
  PLUG_RB_LISTING_TABLE,
  PLUG_RB_LISTING_DEPENDENCIES,
  PLUG_RB_LISTING_N_TEXTS,
} PlugRbListingText;

/**
 * PlugRbListingFolder:
 *
 * A plugin's folder below `snapshots`, as it was when its snapshots were read.
 */
typedef struct {
  guint64 dev;
  guint64 ino;
  gint64 mtime;
  gint64 ctime;
  guint32 mtime_nsec;
  guint32 ctime_nsec;
  guint32 name;
  guint32 reserved;
} PlugRbListingFolder;

/**
 * PlugRbListingRow:
 *
 * What lists show of one snapshot. Texts are offsets; 0 stands for none.
 */
typedef struct {
  gint64 sequence;
  gint64 seconds;
  guint64 size;
  guint64 stored_size;
  guint32 texts[PLUG_RB_LISTING_N_TEXTS];
  guint32 folder;
  guint32 n_files;
  guint32 reason;
  guint32 health;
  gboolean pinned;
  gboolean absent;
} PlugRbListingRow;

/**
 * PlugRbListing:
 *
 * What lists show of all snapshots of a store, kept below the user's cache folder so that not
 * thousands of files have to be read each time. Only for showing: whatever decides, deletes or
 * restores reads the metadata. Reference counted, immutable, safe for several threads.
 */
typedef struct _PlugRbListing PlugRbListing;

PlugRbListing *plug_rb_listing_load (const char *store);
PlugRbListing *plug_rb_listing_ref (PlugRbListing *self);
void plug_rb_listing_unref (PlugRbListing *self);
guint plug_rb_listing_count_folders (PlugRbListing *self);
guint plug_rb_listing_count_rows (PlugRbListing *self);
const PlugRbListingRow *plug_rb_listing_get_row (PlugRbListing *self, guint index);
const char *
plug_rb_listing_get_text (PlugRbListing *self, const PlugRbListingRow *row, PlugRbListingText text);
char *plug_rb_listing_build_path (PlugRbListing *self, const PlugRbListingRow *row);
gboolean plug_rb_listing_find_folder (PlugRbListing *self, const char *name, guint *index);
gboolean plug_rb_listing_knows (PlugRbListing *self, guint folder, const struct stat *st);

/**
 * PlugRbListingWriter:
 *
 * A listing that is made.
 */
typedef struct _PlugRbListingWriter PlugRbListingWriter;

PlugRbListingWriter *plug_rb_listing_writer_new (const char *store);
void plug_rb_listing_writer_free (PlugRbListingWriter *self);
guint32 plug_rb_listing_writer_put (PlugRbListingWriter *self, const char *text);
void plug_rb_listing_writer_add_folder (PlugRbListingWriter *self,
                                        const char *name,
                                        const struct stat *st);
void plug_rb_listing_writer_add_row (PlugRbListingWriter *self,
                                     const char *folder,
                                     const PlugRbListingRow *row);
void plug_rb_listing_writer_save (PlugRbListingWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbListing, plug_rb_listing_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbListingWriter, plug_rb_listing_writer_free)

G_END_DECLS
