/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-snapshot-content.h"

#include "plug-rb-fs.h"
#include "plug-rb-manager-extract.h"
#include "plug-rb-snapshot.h"
#include "plug-rb-wording.h"

#define URI_LIST "text/uri-list"

/* Nobody says when a program has copied what was dropped there. */
#define MAX_AGE G_TIME_SPAN_DAY

struct _PlugRbSnapshotContent {
  GdkContentProvider parent_instance;

  PlugRbManager *manager;
  PlugRbSnapshot *snapshot;
  GFile *folder; /* once it was made */
};

G_DEFINE_FINAL_TYPE (PlugRbSnapshotContent, plug_rb_snapshot_content, GDK_TYPE_CONTENT_PROVIDER)

/* ---- where it lies meanwhile */

static gboolean
is_old (GFileInfo *info)
{
  g_autoptr(GDateTime) then = g_file_info_get_modification_date_time (info);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();

  return then != NULL && g_date_time_difference (now, then) > MAX_AGE;
}

static void
remove_old (const char *parent)
{
  g_autoptr(GFile) file = g_file_new_for_path (parent);
  g_autoptr(GFileEnumerator) children = g_file_enumerate_children (
      file, "standard::name,time::modified", G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  GFileInfo *info;
  GFile *child;

  while (children != NULL && g_file_enumerator_iterate (children, &info, &child, NULL, NULL) &&
         info != NULL)
    if (is_old (info))
      plug_rb_fs_remove_path (g_file_peek_path (child), NULL);
}

/* A folder of its own for each drag, so that nothing is mixed with what was dragged before. */
static GFile *
choose_folder (PlugRbSnapshot *snapshot, GError **error)
{
  g_autofree char *parent =
      g_build_filename (g_get_user_cache_dir (), "plugin-rollback", "dragged", NULL);
  g_autofree char *own = g_build_filename (parent, "XXXXXX", NULL);
  g_autofree char *title = plug_rb_wording_folder (snapshot);

  remove_old (parent);
  if (!plug_rb_fs_make_folders (parent, error))
    return NULL;
  if (g_mkdtemp (own) == NULL) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", own,
                 g_strerror (errno));
    return NULL;
  }

  return g_file_new_build_filename (own, title, NULL);
}

/* ---- giving it away */

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* RFC 2483: one address a line, each with its end. */
static void
write_address (PlugRbSnapshotContent *self, GTask *task)
{
  GOutputStream *stream = g_task_get_task_data (task);
  g_autofree char *uri = g_file_get_uri (self->folder);
  char *text = g_strconcat (uri, "\r\n", NULL);

  g_object_set_data_full (G_OBJECT (task), "text", text, g_free);
  g_output_stream_write_all_async (stream, text, strlen (text), g_task_get_priority (task),
                                   g_task_get_cancellable (task), written_cb, task);
}

static void
extracted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  PlugRbSnapshotContent *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (plug_rb_manager_extract_finish (PLUG_RB_MANAGER (source), result, &error)) {
    write_address (self, g_steal_pointer (&task));
  } else {
    g_clear_object (&self->folder);
    g_task_return_error (task, error);
  }
}

static void
write_async (GdkContentProvider *provider,
             const char *mime_type,
             GOutputStream *stream,
             int io_priority,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  PlugRbSnapshotContent *self = PLUG_RB_SNAPSHOT_CONTENT (provider);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_priority (task, io_priority);
  g_task_set_task_data (task, g_object_ref (stream), g_object_unref);
  if (self->folder != NULL) {
    write_address (self, g_steal_pointer (&task));
    return;
  }

  if (!(self->folder = choose_folder (self->snapshot, &error))) {
    g_task_return_error (task, error);
    return;
  }
  plug_rb_manager_extract_async (self->manager, self->snapshot, self->folder, cancellable,
                                 extracted_cb, g_steal_pointer (&task));
}

static gboolean
write_finish (GdkContentProvider *provider, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static GdkContentFormats *
ref_formats (GdkContentProvider *provider)
{
  return gdk_content_formats_new ((const char *[]) { URI_LIST }, 1);
}

/* ---- object */

static void
plug_rb_snapshot_content_dispose (GObject *object)
{
  PlugRbSnapshotContent *self = PLUG_RB_SNAPSHOT_CONTENT (object);

  g_clear_object (&self->manager);
  g_clear_object (&self->snapshot);
  g_clear_object (&self->folder);

  G_OBJECT_CLASS (plug_rb_snapshot_content_parent_class)->dispose (object);
}

static void
plug_rb_snapshot_content_class_init (PlugRbSnapshotContentClass *klass)
{
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = plug_rb_snapshot_content_dispose;
  provider_class->ref_formats = ref_formats;
  provider_class->write_mime_type_async = write_async;
  provider_class->write_mime_type_finish = write_finish;
}

static void
plug_rb_snapshot_content_init (PlugRbSnapshotContent *self)
{
}

GdkContentProvider *
plug_rb_snapshot_content_new (PlugRbManager *manager, PlugRbSnapshot *snapshot)
{
  PlugRbSnapshotContent *self = g_object_new (PLUG_RB_TYPE_SNAPSHOT_CONTENT, NULL);

  self->manager = g_object_ref (manager);
  self->snapshot = g_object_ref (snapshot);

  return GDK_CONTENT_PROVIDER (self);
}

/* ---- from a row */

/* The page that a row is on knows it. */
static PlugRbManager *
find_manager (GtkWidget *widget)
{
  PlugRbManager *manager = NULL;

  for (; widget != NULL && manager == NULL; widget = gtk_widget_get_parent (widget))
    if (g_object_class_find_property (G_OBJECT_GET_CLASS (widget), "manager") != NULL)
      g_object_get (widget, "manager", &manager, NULL);

  return manager;
}

static GdkContentProvider *
prepare_cb (GtkDragSource *source, double x, double y, PlugRbSnapshotOfRow get_snapshot)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (source));
  g_autoptr(PlugRbManager) manager = find_manager (row);
  PlugRbSnapshot *snapshot = get_snapshot (row);

  if (manager == NULL || snapshot == NULL || plug_rb_snapshot_get_damaged (snapshot) != NULL ||
      plug_rb_snapshot_get_absent (snapshot))
    return NULL;

  return plug_rb_snapshot_content_new (manager, snapshot);
}

static void
begin_cb (GtkDragSource *source, GdkDrag *drag, gpointer user_data)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (source));
  g_autoptr(GdkPaintable) picture = gtk_widget_paintable_new (row);

  gtk_drag_source_set_icon (source, picture, 12, 12);
}

/* A row gives the files of its snapshot to wherever it is dropped. */
void
plug_rb_snapshot_content_add_drag_source (GtkWidget *row, PlugRbSnapshotOfRow get_snapshot)
{
  GtkDragSource *source = gtk_drag_source_new ();

  g_return_if_fail (GTK_IS_WIDGET (row));

  g_signal_connect (source, "prepare", G_CALLBACK (prepare_cb), get_snapshot);
  g_signal_connect (source, "drag-begin", G_CALLBACK (begin_cb), NULL);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (source));
}
