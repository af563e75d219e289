/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

/* Packages as no sane program writes them, byte by byte. */

/**
 * HostileItem:
 * @type: as in a tar header: '0' file, '1' hard link, '2' symbolic link, '3' '4' devices, '5'
 *   folder, '6' pipe; 'x' a pax header for the next, 'L' a long name for the next
 * @link: (nullable): where a link points
 * @mode: permissions; 0 for the usual
 * @content: (nullable): of a file
 * @said: size that the entry says of itself, if not 0
 * @flags: of a zip entry: 1 encrypted
 */
typedef struct {
  char type;
  const char *name;
  const char *link;
  guint mode;
  const char *content;
  guint64 said;
  guint flags;
} HostileItem;

void hostile_tar_add (GByteArray *out, const HostileItem *item);
void hostile_tar_close (GByteArray *out);
char *hostile_pax_line (const char *key, const char *value);
GBytes *hostile_tar (const HostileItem *items, guint n_items);
GBytes *hostile_zip (const HostileItem *items, guint n_items);
GBytes *hostile_compress (GBytes *bytes, const char *filter);
GBytes *hostile_frames (GBytes *bytes);
