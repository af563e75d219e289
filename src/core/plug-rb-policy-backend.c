/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#define G_SETTINGS_ENABLE_BACKEND

#include "plug-rb-policy-backend.h"

#include <gio/gsettingsbackend.h>
#include <unistd.h>

#define SCHEMA "io.github.plugrb.PluginRollback.Policy"
#define ROOT "/" PLUG_RB_POLICY_GROUP "/"

struct _PlugRbPolicyBackend {
  GSettingsBackend parent_instance;

  char *store_path;
  GKeyFile *file;
  GFileMonitor *monitor;
};

typedef GSettingsBackendClass PlugRbPolicyBackendClass;

G_DEFINE_FINAL_TYPE (PlugRbPolicyBackend, plug_rb_policy_backend, G_TYPE_SETTINGS_BACKEND)

#define PLUG_RB_POLICY_BACKEND(object)                                                             \
  (G_TYPE_CHECK_INSTANCE_CAST ((object), PLUG_RB_TYPE_POLICY_BACKEND, PlugRbPolicyBackend))

/* ---- reading */

/* What cannot be read says nothing, and is not written over. */
static void
reload (PlugRbPolicyBackend *self)
{
  g_autoptr(GError) error = NULL;
  GKeyFile *file = plug_rb_policy_file_load (self->store_path, &error);

  if (file == NULL)
    g_debug ("The policy is the default: %s", error->message);

  g_clear_pointer (&self->file, g_key_file_unref);
  self->file = file ? file : g_key_file_new ();
}

/* Everything may look different: what is not set here holds as it is set further up. */
static void
tell_all (PlugRbPolicyBackend *self)
{
  reload (self);
  g_settings_backend_path_changed (G_SETTINGS_BACKEND (self), ROOT, NULL);
}

/* "/group/key" */
static PlugRbPolicyEdit *
edit_for (const char *path, GVariant *value)
{
  const char *slash = strrchr (path, '/');
  g_autofree char *group = g_strndup (path + 1, (gsize) (slash - path) - 1);

  return plug_rb_policy_edit_new (group, slash + 1, value);
}

static GVariant *
backend_read (GSettingsBackend *backend,
              const char *path,
              const GVariantType *type,
              gboolean default_value)
{
  PlugRbPolicyBackend *self = PLUG_RB_POLICY_BACKEND (backend);
  PlugRbPolicyEdit *place = edit_for (path, NULL);
  const PlugRbPolicyKey *key = plug_rb_policy_key_find (place->key);
  GVariant *value = NULL;

  if (!default_value && key != NULL)
    value = plug_rb_policy_read_value (self->file, place->group, key);
  plug_rb_policy_edit_free (place);

  return value;
}

static gboolean
backend_get_writable (GSettingsBackend *backend, const char *path)
{
  return access (PLUG_RB_POLICY_BACKEND (backend)->store_path, W_OK | X_OK) == 0;
}

/* ---- writing */

static gboolean
write_edits (GSettingsBackend *backend, GPtrArray *edits)
{
  g_autoptr(GPtrArray) owned = edits;
  g_autoptr(GError) error = NULL;

  if (plug_rb_policy_backend_edit (PLUG_RB_POLICY_BACKEND (backend), owned, &error))
    return TRUE;

  g_warning ("%s", error->message);
  return FALSE;
}

static gboolean
backend_write (GSettingsBackend *backend, const char *path, GVariant *value, gpointer tag)
{
  GPtrArray *edits = plug_rb_policy_edits_new ();
  gboolean written;

  g_ptr_array_add (edits, edit_for (path, value));
  if ((written = write_edits (backend, edits)))
    g_settings_backend_changed (backend, path, tag);

  return written;
}

static void
backend_reset (GSettingsBackend *backend, const char *path, gpointer tag)
{
  backend_write (backend, path, NULL, tag);
}

static gboolean
add_edit_cb (gpointer path, gpointer value, gpointer edits)
{
  g_ptr_array_add (edits, edit_for (path, value));
  return FALSE;
}

static gboolean
backend_write_tree (GSettingsBackend *backend, GTree *tree, gpointer tag)
{
  GPtrArray *edits = plug_rb_policy_edits_new ();
  gboolean written;

  g_tree_foreach (tree, add_edit_cb, edits);
  if ((written = write_edits (backend, edits)))
    g_settings_backend_changed_tree (backend, tree, tag);

  return written;
}

/* ---- object */

static void
plug_rb_policy_backend_finalize (GObject *object)
{
  PlugRbPolicyBackend *self = PLUG_RB_POLICY_BACKEND (object);

  g_clear_pointer (&self->store_path, g_free);
  g_clear_pointer (&self->file, g_key_file_unref);
  g_clear_object (&self->monitor);

  G_OBJECT_CLASS (plug_rb_policy_backend_parent_class)->finalize (object);
}

static void
plug_rb_policy_backend_class_init (PlugRbPolicyBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = plug_rb_policy_backend_finalize;
  klass->read = backend_read;
  klass->get_writable = backend_get_writable;
  klass->write = backend_write;
  klass->write_tree = backend_write_tree;
  klass->reset = backend_reset;
}

static void
plug_rb_policy_backend_init (PlugRbPolicyBackend *self)
{
}

static void
watch (PlugRbPolicyBackend *self)
{
  g_autoptr(GFile) file = g_file_new_build_filename (self->store_path, PLUG_RB_POLICY_FILE, NULL);

  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (tell_all), self,
                             G_CONNECT_SWAPPED);
}

/**
 * plug_rb_policy_backend_new:
 * @store_path: folder of the store
 *
 * Returns: (transfer full): a backend that also tells what other processes change, in the main
 *   context that is the thread's default
 */
PlugRbPolicyBackend *
plug_rb_policy_backend_new (const char *store_path)
{
  PlugRbPolicyBackend *self = g_object_new (PLUG_RB_TYPE_POLICY_BACKEND, NULL);

  self->store_path = g_strdup (store_path);
  reload (self);
  watch (self);

  return self;
}

/**
 * plug_rb_policy_backend_create_settings:
 * @scope: (nullable): "HOST", "HOST/ID", or %NULL for all
 *
 * Returns: (transfer full) (nullable): what is set for exactly that; %NULL where the schema is not
 *   installed
 */
GSettings *
plug_rb_policy_backend_create_settings (PlugRbPolicyBackend *self, const char *scope)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema =
      source ? g_settings_schema_source_lookup (source, SCHEMA, TRUE) : NULL;
  g_autofree char *group = plug_rb_policy_dup_group (scope);
  g_autofree char *path = g_strconcat ("/", group, "/", NULL);

  return schema ? g_settings_new_full (schema, G_SETTINGS_BACKEND (self), path) : NULL;
}

/**
 * plug_rb_policy_backend_dup_file:
 *
 * Returns: (transfer full): the file as it was last seen
 */
GKeyFile *
plug_rb_policy_backend_dup_file (PlugRbPolicyBackend *self)
{
  return g_key_file_ref (self->file);
}

/**
 * plug_rb_policy_backend_edit:
 * @edits: (element-type PlugRbPolicyEdit): changes, of values that were checked
 *
 * As plug_rb_policy_file_edit(), and tells all settings of this backend.
 */
gboolean
plug_rb_policy_backend_edit (PlugRbPolicyBackend *self, GPtrArray *edits, GError **error)
{
  if (!plug_rb_policy_file_edit (self->store_path, edits, error))
    return FALSE;

  tell_all (self);
  return TRUE;
}
