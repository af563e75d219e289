/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* JSON with comments, trailing commas and a byte order mark, as editors let people write it, that
 * keeps every byte that is not changed. */

typedef enum {
  PLUG_RB_JSONC_OBJECT,
  PLUG_RB_JSONC_ARRAY,
  PLUG_RB_JSONC_STRING,
  PLUG_RB_JSONC_NUMBER,
  PLUG_RB_JSONC_WORD,
} PlugRbJsoncKind;

/**
 * PlugRbJsoncNode:
 * @items: (nullable) (element-type PlugRbJsoncItem): members or elements
 * @start: where the value begins in the text
 * @end: behind its last character
 * @tail: in an object or array, behind the last comma, value or comment before the bracket
 *
 * A value. Valid until the document is edited or freed.
 */
typedef struct {
  PlugRbJsoncKind kind;
  guint32 start;
  guint32 end;
  guint32 tail;
  GArray *items;
} PlugRbJsoncNode;

/**
 * PlugRbJsoncItem:
 * @name: (nullable): name of a member; bytes that are not UTF-8 stand for what no text can hold
 * @gap: behind the last bracket, comma or comment before it
 * @after_line_comment: whether that is a comment that a line break must end
 * @start: where its name or value begins
 * @name_end: behind its name
 * @comma: where the comma after it stands, or 0
 *
 * A member of an object or an element of an array.
 */
typedef struct {
  char *name;
  guint32 gap;
  guint32 start;
  guint32 name_end;
  guint32 comma;
  gboolean after_line_comment;
  PlugRbJsoncNode value;
} PlugRbJsoncItem;

typedef struct _PlugRbJsonc PlugRbJsonc;

PlugRbJsonc *plug_rb_jsonc_new (const char *text, gsize length, GError **error);
void plug_rb_jsonc_free (PlugRbJsonc *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbJsonc, plug_rb_jsonc_free)

const char *plug_rb_jsonc_get_text (PlugRbJsonc *self, gsize *length);
const PlugRbJsoncNode *plug_rb_jsonc_get_root (PlugRbJsonc *self);
const PlugRbJsoncNode *plug_rb_jsonc_find (const PlugRbJsoncNode *node, const char *pointer);
const PlugRbJsoncItem *plug_rb_jsonc_get_item (const PlugRbJsoncNode *node, guint index);
int plug_rb_jsonc_find_member (const PlugRbJsoncNode *object, const char *name);
char *plug_rb_jsonc_dup_raw (PlugRbJsonc *self, const PlugRbJsoncNode *node);
char *plug_rb_jsonc_dup_string (PlugRbJsonc *self, const PlugRbJsoncNode *node);

gboolean plug_rb_jsonc_set_root (PlugRbJsonc *self, const char *raw, GError **error);
gboolean plug_rb_jsonc_replace (PlugRbJsonc *self,
                                const PlugRbJsoncNode *node,
                                const char *raw,
                                GError **error);
gboolean plug_rb_jsonc_insert (PlugRbJsonc *self,
                               const PlugRbJsoncNode *container,
                               guint index,
                               const char *name,
                               const char *raw,
                               GError **error);
gboolean plug_rb_jsonc_remove (PlugRbJsonc *self,
                               const PlugRbJsoncNode *container,
                               guint index,
                               GError **error);

gboolean plug_rb_jsonc_is_value (const char *raw);
gboolean plug_rb_jsonc_same_value (const char *a, const char *b);

G_END_DECLS
