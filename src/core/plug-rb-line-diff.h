/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is larger, or has more lines, is not compared line by line. */
#define PLUG_RB_LINE_DIFF_MOST_BYTES (2 * 1000 * 1000)
#define PLUG_RB_LINE_DIFF_MOST_LINES 200000

/**
 * PlugRbLineKind:
 * @PLUG_RB_LINE_SAME: on both sides
 * @PLUG_RB_LINE_ADDED: only on the second side
 * @PLUG_RB_LINE_REMOVED: only on the first side
 * @PLUG_RB_LINE_GAP: lines that are the same were left out before what follows
 * @PLUG_RB_LINE_UNENDED: the line before has no end, as the last line of a file may
 */
typedef enum {
  PLUG_RB_LINE_SAME,
  PLUG_RB_LINE_ADDED,
  PLUG_RB_LINE_REMOVED,
  PLUG_RB_LINE_GAP,
  PLUG_RB_LINE_UNENDED,
} PlugRbLineKind;

#define PLUG_RB_TYPE_DIFF_LINE (plug_rb_diff_line_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbDiffLine, plug_rb_diff_line, PLUG_RB, DIFF_LINE, GObject)

PlugRbLineKind plug_rb_diff_line_get_kind (PlugRbDiffLine *self);
guint plug_rb_diff_line_get_old_number (PlugRbDiffLine *self);
guint plug_rb_diff_line_get_new_number (PlugRbDiffLine *self);
const char *plug_rb_diff_line_get_text (PlugRbDiffLine *self);

/**
 * PlugRbLineDiff:
 *
 * The differences between two texts, line by line with some lines around them: a list model of
 * `PlugRbDiffLine`, made as they are asked for.
 */
#define PLUG_RB_TYPE_LINE_DIFF (plug_rb_line_diff_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbLineDiff, plug_rb_line_diff, PLUG_RB, LINE_DIFF, GObject)

PlugRbLineDiff *
plug_rb_line_diff_new (GBytes *from, GBytes *to, GCancellable *cancellable, GError **error);
PlugRbLineDiff *plug_rb_line_diff_new_unread (guint64 from_size, guint64 to_size);

gboolean plug_rb_line_diff_get_is_text (PlugRbLineDiff *self);
guint64 plug_rb_line_diff_get_from_size (PlugRbLineDiff *self);
guint64 plug_rb_line_diff_get_to_size (PlugRbLineDiff *self);
guint plug_rb_line_diff_get_n_added (PlugRbLineDiff *self);
guint plug_rb_line_diff_get_n_removed (PlugRbLineDiff *self);
guint plug_rb_line_diff_get_last_number (PlugRbLineDiff *self);

char *plug_rb_line_diff_to_unified (PlugRbLineDiff *self);

G_END_DECLS
