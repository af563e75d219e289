/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <string.h>

#include "fuzz.h"
#include "plug-rb-jsonc.h"

/* JSON with comments, as people write it: what is put in and taken out again leaves the very same
 * text, and nobody else's values ever change. */

static char *
dup_text (PlugRbJsonc *document)
{
  return g_strdup (plug_rb_jsonc_get_text (document, NULL));
}

/* The values of all items but one, in their order. */
static char *
dup_others (PlugRbJsonc *document, guint without)
{
  const PlugRbJsoncNode *root = plug_rb_jsonc_get_root (document);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < root->items->len; i++) {
    const PlugRbJsoncItem *item = plug_rb_jsonc_get_item (root, i);
    g_autofree char *raw = plug_rb_jsonc_dup_raw (document, &item->value);

    if (i != without)
      g_string_append_printf (text, "%s=%s\n", item->name ? item->name : "", raw);
  }

  return g_string_free_and_steal (text);
}

static void
insert_and_remove (PlugRbJsonc *document, guint index)
{
  const PlugRbJsoncNode *root = plug_rb_jsonc_get_root (document);
  const char *name = root->kind == PLUG_RB_JSONC_OBJECT ? "new \"one\"" : NULL;
  g_autofree char *before = dup_text (document);
  g_autofree char *others = dup_others (document, G_MAXUINT);
  g_autofree char *others_with = NULL;
  g_autofree char *after = NULL;

  g_assert_true (plug_rb_jsonc_insert (document, root, index, name, "[1, /* x */ {}]", NULL));
  others_with = dup_others (document, index);
  g_assert_cmpstr (others, ==, others_with);

  g_assert_true (plug_rb_jsonc_remove (document, plug_rb_jsonc_get_root (document), index, NULL));
  after = dup_text (document);
  g_assert_cmpstr (before, ==, after);
}

static void
replace_and_restore (PlugRbJsonc *document, guint index)
{
  const PlugRbJsoncNode *root = plug_rb_jsonc_get_root (document);
  const PlugRbJsoncNode *value = &plug_rb_jsonc_get_item (root, index)->value;
  g_autofree char *raw = plug_rb_jsonc_dup_raw (document, value);
  g_autofree char *before = dup_text (document);
  g_autofree char *after = NULL;

  g_assert_true (plug_rb_jsonc_replace (document, value, "\"y\"", NULL));
  value = &plug_rb_jsonc_get_item (plug_rb_jsonc_get_root (document), index)->value;
  g_assert_true (plug_rb_jsonc_replace (document, value, raw, NULL));
  after = dup_text (document);
  g_assert_cmpstr (before, ==, after);
}

static void
remove_one (const char *text, gsize length, guint index)
{
  g_autoptr(PlugRbJsonc) document = plug_rb_jsonc_new (text, length, NULL);
  g_autofree char *others = dup_others (document, index);
  g_autofree char *left = NULL;

  g_assert_true (plug_rb_jsonc_remove (document, plug_rb_jsonc_get_root (document), index, NULL));
  left = dup_others (document, G_MAXUINT);
  g_assert_cmpstr (others, ==, left);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr(PlugRbJsonc) document = plug_rb_jsonc_new ((const char *) data, size, NULL);
  const PlugRbJsoncNode *root = document ? plug_rb_jsonc_get_root (document) : NULL;
  guint length = root != NULL && root->items != NULL ? MIN (root->items->len, 8) : 0;

  if (root == NULL || root->items == NULL)
    return 0;

  for (guint i = 0; i < length; i++) {
    replace_and_restore (document, i);
    remove_one ((const char *) data, size, i);
  }
  for (guint i = 0; i <= length; i++)
    insert_and_remove (document, i);

  return 0;
}
