/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-manager-extract.h"

#include "plug-rb-extract.h"
#include "plug-rb-job.h"
#include "plug-rb-snapshot.h"

typedef struct {
  PlugRbEngine *engine;
  PlugRbSnapshot *snapshot;
  char *folder;
} Request;

static void
request_free (Request *request)
{
  g_object_unref (request->engine);
  g_object_unref (request->snapshot);
  g_free (request->folder);
  g_free (request);
}

static void
extract_in_thread (GTask *task,
                   gpointer source_object,
                   gpointer task_data,
                   GCancellable *cancellable)
{
  Request *request = task_data;
  PlugRbExtraction extraction = { .folder = request->folder, .settings = TRUE };
  GError *error = NULL;

  if (plug_rb_engine_extract (request->engine, request->snapshot, &extraction, NULL, cancellable,
                              &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * plug_rb_manager_extract_async:
 * @folder: a folder on this machine that does not exist yet, or is empty
 *
 * Takes all files and settings out of a snapshot; see plug_rb_engine_extract(). Neither the store
 * nor the plugin is changed.
 */
void
plug_rb_manager_extract_async (PlugRbManager *self,
                               PlugRbSnapshot *snapshot,
                               GFile *folder,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr(GTask) task = NULL;
  Request *request;

  g_return_if_fail (PLUG_RB_IS_MANAGER (self) && plug_rb_manager_get_engine (self) != NULL);
  g_return_if_fail (PLUG_RB_IS_SNAPSHOT (snapshot) && g_file_peek_path (folder) != NULL);

  request = g_new0 (Request, 1);
  request->engine = g_object_ref (plug_rb_manager_get_engine (self));
  request->snapshot = g_object_ref (snapshot);
  request->folder = g_file_get_path (folder);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, plug_rb_manager_extract_async);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  g_task_run_in_thread (task, extract_in_thread);
}

/**
 * plug_rb_manager_extract_finish:
 *
 * Returns: whether all of it is in the folder; otherwise none is
 */
gboolean
plug_rb_manager_extract_finish (PlugRbManager *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
