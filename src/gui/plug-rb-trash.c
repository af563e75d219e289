/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-trash.h"

#include <glib/gi18n.h>

#include "plug-rb-snapshot.h"

struct _PlugRbTrash {
  GObject parent_instance;

  PlugRbManager *manager;
  PlugRbToasts *toasts;
};

G_DEFINE_FINAL_TYPE (PlugRbTrash, plug_rb_trash, G_TYPE_OBJECT)

enum {
  SIGNAL_DELETED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Several snapshots are deleted, or brought back, one after the other. */
typedef struct {
  PlugRbTrash *trash;
  char **ids;
  guint next;
  GStrvBuilder *done;
} Batch;

static void
batch_free (Batch *batch)
{
  g_clear_object (&batch->trash);
  g_clear_pointer (&batch->ids, g_strfreev);
  g_clear_pointer (&batch->done, g_strv_builder_unref);
  g_free (batch);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Batch, batch_free)

static Batch *
batch_new (PlugRbTrash *self, const char *const *ids)
{
  Batch *batch = g_new0 (Batch, 1);

  batch->trash = g_object_ref (self);
  batch->ids = g_strdupv ((char **) ids);
  batch->done = g_strv_builder_new ();

  return batch;
}

static void
report_deleted (Batch *batch)
{
  g_auto(GStrv) done = g_strv_builder_end (batch->done);
  guint n_done = g_strv_length (done);
  AdwToast *toast;

  if (n_done == 0)
    return;

  if (n_done == 1)
    toast = plug_rb_toasts_create (g_strdup (_("Snapshot deleted")));
  else
    toast = plug_rb_toasts_create (
        g_strdup_printf (ngettext ("%u snapshot deleted", "%u snapshots deleted", n_done), n_done));
  plug_rb_toasts_add_button (toast, _("_Undo"), "win.undo-delete",
                             g_variant_new_strv ((const char *const *) done, -1));
  plug_rb_toasts_show (batch->trash->toasts, PLUG_RB_TOAST_DELETE, toast);
  g_signal_emit (batch->trash, signals[SIGNAL_DELETED], 0, done);
}

static void delete_next (Batch *batch);

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Batch *batch = user_data;
  g_autoptr(GError) error = NULL;

  if (plug_rb_manager_delete_snapshot_finish (PLUG_RB_MANAGER (source), result, &error))
    g_strv_builder_add (batch->done, batch->ids[batch->next]);
  else
    plug_rb_toasts_show_failure (batch->trash->toasts, PLUG_RB_TOAST_OTHER,
                                 g_strdup (_("Could not delete snapshot")), error);

  batch->next++;
  delete_next (batch);
}

static void
delete_next (Batch *batch)
{
  PlugRbManager *manager = batch->trash->manager;
  PlugRbSnapshot *snapshot = NULL;

  while (batch->ids[batch->next] != NULL &&
         (snapshot = plug_rb_manager_find_snapshot (manager, batch->ids[batch->next])) == NULL)
    batch->next++;

  if (snapshot != NULL) {
    plug_rb_manager_delete_snapshot_async (manager, snapshot, NULL, deleted_cb, batch);
    return;
  }

  report_deleted (batch);
  batch_free (batch);
}

static void restore_next (Batch *batch);

static void
restored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Batch *batch = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbSnapshot) snapshot =
      plug_rb_manager_restore_deleted_finish (PLUG_RB_MANAGER (source), result, &error);

  if (snapshot == NULL)
    plug_rb_toasts_show_failure (batch->trash->toasts, PLUG_RB_TOAST_OTHER,
                                 g_strdup (_("Could not bring back snapshot")), error);

  batch->next++;
  restore_next (batch);
}

static void
restore_next (Batch *batch)
{
  if (batch->ids[batch->next] != NULL)
    plug_rb_manager_restore_deleted_async (batch->trash->manager, batch->ids[batch->next], NULL,
                                           restored_cb, batch);
  else
    batch_free (batch);
}

static void
plug_rb_trash_dispose (GObject *object)
{
  PlugRbTrash *self = PLUG_RB_TRASH (object);

  g_clear_object (&self->manager);
  g_clear_object (&self->toasts);

  G_OBJECT_CLASS (plug_rb_trash_parent_class)->dispose (object);
}

static void
plug_rb_trash_class_init (PlugRbTrashClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = plug_rb_trash_dispose;

  signals[SIGNAL_DELETED] = g_signal_new ("deleted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRV);
}

static void
plug_rb_trash_init (PlugRbTrash *self)
{
}

PlugRbTrash *
plug_rb_trash_new (PlugRbManager *manager, PlugRbToasts *toasts)
{
  PlugRbTrash *self = g_object_new (PLUG_RB_TYPE_TRASH, NULL);

  self->manager = g_object_ref (manager);
  self->toasts = g_object_ref (toasts);

  return self;
}

void
plug_rb_trash_delete (PlugRbTrash *self, const char *const *ids)
{
  g_return_if_fail (PLUG_RB_IS_TRASH (self));
  g_return_if_fail (ids != NULL);

  delete_next (batch_new (self, ids));
}

void
plug_rb_trash_restore (PlugRbTrash *self, const char *const *ids)
{
  g_return_if_fail (PLUG_RB_IS_TRASH (self));
  g_return_if_fail (ids != NULL);

  plug_rb_toasts_dismiss (self->toasts, PLUG_RB_TOAST_DELETE);
  restore_next (batch_new (self, ids));
}
