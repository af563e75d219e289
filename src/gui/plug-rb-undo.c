/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-undo.h"

typedef struct {
  char *operation;
  char **deleted;
} Entry;

struct _PlugRbUndo {
  GPtrArray *entries;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_clear_pointer (&entry->operation, g_free);
  g_clear_pointer (&entry->deleted, g_strfreev);
  g_free (entry);
}

PlugRbUndo *
plug_rb_undo_new (void)
{
  PlugRbUndo *self = g_new0 (PlugRbUndo, 1);

  self->entries = g_ptr_array_new_with_free_func (entry_free);

  return self;
}

void
plug_rb_undo_free (PlugRbUndo *self)
{
  g_ptr_array_unref (self->entries);
  g_free (self);
}

void
plug_rb_undo_push (PlugRbUndo *self, const char *operation, const char *const *deleted)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->operation = g_strdup (operation);
  entry->deleted = g_strdupv ((char **) deleted);
  g_ptr_array_add (self->entries, entry);
}

gboolean
plug_rb_undo_peek (PlugRbUndo *self, char **operation, char ***deleted)
{
  Entry *newest;

  if (self->entries->len == 0)
    return FALSE;

  newest = g_ptr_array_index (self->entries, self->entries->len - 1);
  *operation = g_strdup (newest->operation);
  *deleted = g_strdupv (newest->deleted);

  return TRUE;
}

static gboolean
is_about (Entry *entry, const char *id)
{
  return g_strcmp0 (entry->operation, id) == 0 ||
         (entry->deleted != NULL && g_strv_contains ((const char *const *) entry->deleted, id));
}

/* Taken back by another way: the toast, or the history. */
void
plug_rb_undo_forget (PlugRbUndo *self, const char *id)
{
  for (guint i = self->entries->len; i > 0; i--)
    if (is_about (g_ptr_array_index (self->entries, i - 1), id))
      g_ptr_array_remove_index (self->entries, i - 1);
}
