/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-settings-backend.h"
#include "plug-rb-shared-file.h"

/* Stores whose files are read as a whole, edited in memory and replaced. */

#define MAX_ATTEMPTS 10

/* A document with what frees it. */
typedef struct {
  PlugRbSettingsStore *store;
  const PlugRbSettingsFormat *format;
  gpointer data;
} Document;

static void
document_clear (Document *self)
{
  if (self->data != NULL)
    self->format->free (self->data);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Document, document_clear)

static const char *
get_path (PlugRbSettingsStore *store)
{
  return plug_rb_settings_store_get (store, "File");
}

static gboolean
parse (Document *self, GBytes *bytes, GError **error)
{
  g_autoptr(GError) local_error = NULL;

  self->data = self->format->parse (self->store, bytes, &local_error);
  if (self->data != NULL)
    return TRUE;

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("“%s” is damaged: %s"),
               get_path (self->store), local_error->message);
  return FALSE;
}

/**
 * plug_rb_settings_document_read:
 *
 * As plug_rb_settings_store_read().
 */
gboolean
plug_rb_settings_document_read (PlugRbSettingsStore *store,
                                const PlugRbSettingsFormat *format,
                                PlugRbValues *values,
                                GError **error)
{
  g_autoptr(PlugRbSharedFile) file = plug_rb_shared_file_open (get_path (store), error);
  g_auto(Document) document = { store, format, NULL };

  return file != NULL && parse (&document, plug_rb_shared_file_get_bytes (file), error) &&
         format->list (store, document.data, values, error);
}

/**
 * plug_rb_settings_document_can_write:
 *
 * As plug_rb_settings_store_can_write().
 */
gboolean
plug_rb_settings_document_can_write (PlugRbSettingsStore *store,
                                     const PlugRbSettingsFormat *format,
                                     GError **error)
{
  g_autoptr(PlugRbSharedFile) file = plug_rb_shared_file_open (get_path (store), error);
  g_auto(Document) document = { store, format, NULL };
  g_autoptr(PlugRbValues) values = plug_rb_values_new ();

  return file != NULL && parse (&document, plug_rb_shared_file_get_bytes (file), error) &&
         format->list (store, document.data, values, error) &&
         plug_rb_shared_file_can_replace (file, error);
}

/* ---- comparing */

static gboolean
same (const PlugRbSettingsFormat *format, GVariant *a, GVariant *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  if (g_variant_equal (a, b))
    return TRUE;

  return format->equal != NULL &&
         g_variant_type_equal (g_variant_get_type (a), g_variant_get_type (b)) &&
         format->equal (a, b);
}

static GVariant *
get (const Document *self, const char *name)
{
  GVariant *value = self->format->get (self->store, self->data, name);

  return value ? g_variant_ref_sink (value) : NULL;
}

static gboolean
is_taken (const Document *self, const char *name)
{
  return self->format->is_taken != NULL && self->format->is_taken (self->store, self->data, name);
}

static void
choose_one (const Document *self, PlugRbSettingsEdit *edit, GPtrArray *writes, GPtrArray *conflicts)
{
  g_autoptr(GVariant) live = NULL;

  /* What stands in the place of an entry that is to go means that it has gone. */
  if (is_taken (self, edit->name)) {
    if (edit->target != NULL)
      g_ptr_array_add (conflicts, g_strdup (edit->name));
    return;
  }

  live = get (self, edit->name);
  if (same (self->format, live, edit->target))
    return;

  if (same (self->format, live, edit->before))
    g_ptr_array_add (writes, edit);
  else
    g_ptr_array_add (conflicts, g_strdup (edit->name));
}

static gboolean
check_names (PlugRbSettingsStore *store,
             const PlugRbSettingsFormat *format,
             GPtrArray *edits,
             GError **error)
{
  for (guint i = 0; i < edits->len; i++) {
    const PlugRbSettingsEdit *edit = edits->pdata[i];

    if (!format->owns (store, edit->name))
      return plug_rb_settings_throw_foreign (store, edit->name, error);
  }

  return TRUE;
}

/* ---- editing */

static gboolean
throw_different (PlugRbSettingsStore *store, const char *name, GError **error)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS,
               _("“%s” was left as it is: it has no place for “%s”"), get_path (store), name);
  return FALSE;
}

static const PlugRbSettingsEdit *
find_edit (GPtrArray *edits, const char *name)
{
  for (guint i = 0; i < edits->len; i++) {
    const PlugRbSettingsEdit *edit = edits->pdata[i];

    if (g_str_equal (edit->name, name))
      return edit;
  }

  return NULL;
}

/* A bug here would lose settings of somebody else for good: so what is about to be written is read
 * first, as the host would read it. */
static gboolean
check_writes (const Document *after, GPtrArray *writes, GError **error)
{
  for (guint i = 0; i < writes->len; i++) {
    const PlugRbSettingsEdit *edit = writes->pdata[i];
    g_autoptr(GVariant) value = get (after, edit->name);

    if (!same (after->format, value, edit->target))
      return throw_different (after->store, edit->name, error);
  }

  return TRUE;
}

static gboolean
check_others (const Document *after, PlugRbValues *values, GPtrArray *writes, GError **error)
{
  g_auto(GStrv) names = plug_rb_values_dup_keys (values);

  for (guint i = 0; names[i] != NULL; i++) {
    g_autoptr(GVariant) value = NULL;

    if (find_edit (writes, names[i]) != NULL)
      continue;

    value = get (after, names[i]);
    if (!same (after->format, value, plug_rb_values_get (values, names[i])))
      return throw_different (after->store, names[i], error);
  }

  return TRUE;
}

static GBytes *
edit_document (Document *document, GPtrArray *writes, GError **error)
{
  g_autoptr(PlugRbValues) values = plug_rb_values_new ();
  g_auto(Document) after = { document->store, document->format, NULL };
  g_autoptr(GBytes) bytes = NULL;

  if (!document->format->list (document->store, document->data, values, error))
    return NULL;

  for (guint i = 0; i < writes->len; i++) {
    const PlugRbSettingsEdit *edit = writes->pdata[i];

    if (!document->format->set (document->store, document->data, edit->name, edit->target, error))
      return NULL;
  }

  bytes = document->format->print (document->data);
  if (!parse (&after, bytes, error) || !check_writes (&after, writes, error) ||
      !check_others (&after, values, writes, error))
    return NULL;

  return g_steal_pointer (&bytes);
}

/* ---- applying */

static gboolean
try_apply (
    Document *document, GPtrArray *edits, GPtrArray *conflicts, gboolean *outdated, GError **error)
{
  g_autoptr(PlugRbSharedFile) file = plug_rb_shared_file_open (get_path (document->store), error);
  g_autoptr(GPtrArray) writes = g_ptr_array_new ();
  g_autoptr(GBytes) bytes = NULL;

  if (file == NULL || !parse (document, plug_rb_shared_file_get_bytes (file), error))
    return FALSE;

  g_ptr_array_set_size (conflicts, 0);
  for (guint i = 0; i < edits->len; i++)
    choose_one (document, edits->pdata[i], writes, conflicts);

  *outdated = FALSE;
  if (writes->len == 0)
    return plug_rb_shared_file_settle (file, error);

  bytes = edit_document (document, writes, error);

  return bytes != NULL && plug_rb_shared_file_replace (file, bytes, outdated, error);
}

static gboolean
apply_once (PlugRbSettingsStore *store,
            const PlugRbSettingsFormat *format,
            GPtrArray *edits,
            GPtrArray *conflicts,
            gboolean *outdated,
            GError **error)
{
  g_auto(Document) document = { store, format, NULL };

  return try_apply (&document, edits, conflicts, outdated, error);
}

/**
 * plug_rb_settings_document_apply:
 *
 * As plug_rb_settings_store_apply(). If the host writes the file meanwhile, its new content is read
 * and compared anew.
 */
gboolean
plug_rb_settings_document_apply (PlugRbSettingsStore *store,
                                 const PlugRbSettingsFormat *format,
                                 GPtrArray *edits,
                                 GPtrArray *conflicts,
                                 GError **error)
{
  g_autoptr(GPtrArray) left_alone = g_ptr_array_new_with_free_func (g_free);

  if (!check_names (store, format, edits, error))
    return FALSE;

  for (guint i = 0; i < MAX_ATTEMPTS; i++) {
    gboolean outdated = FALSE;

    if (!apply_once (store, format, edits, left_alone, &outdated, error))
      return FALSE;
    if (outdated)
      continue;

    g_ptr_array_extend_and_steal (conflicts, g_steal_pointer (&left_alone));
    return TRUE;
  }

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CHANGING,
               _("“%s” is being changed all the time"), get_path (store));
  return FALSE;
}
