/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-store.h"
#include "plug-rb-template.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-audit.h"
#include "plug-rb-store-open.h"

struct _PlugRbStore {
  GObject parent_instance;

  char *path;
};

G_DEFINE_FINAL_TYPE (PlugRbStore, plug_rb_store, G_TYPE_OBJECT)

static void
plug_rb_store_finalize (GObject *object)
{
  g_clear_pointer (&PLUG_RB_STORE (object)->path, g_free);

  G_OBJECT_CLASS (plug_rb_store_parent_class)->finalize (object);
}

static void
plug_rb_store_class_init (PlugRbStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = plug_rb_store_finalize;
}

static void
plug_rb_store_init (PlugRbStore *self)
{
}

static char *
default_path (void)
{
  /* Inside Flatpak the store is the host's, so that the command line tool outside sees the same. */
  g_autofree char *data = plug_rb_template_dup_folder ("DATA");

  return g_build_filename (data, "plugin-rollback", NULL);
}

/**
 * plug_rb_store_open:
 * @path: (nullable): the store's folder; %NULL for the user's own
 *
 * Opens a store, making it if there is none, and putting in order what a crash or a bad copy left.
 *
 * Returns: (transfer full): the store
 */
PlugRbStore *
plug_rb_store_open (const char *path, GError **error)
{
  g_autoptr(PlugRbStore) self = g_object_new (PLUG_RB_TYPE_STORE, NULL);

  self->path = path ? g_canonicalize_filename (path, NULL) : default_path ();

  return plug_rb_store_prepare (self->path, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * plug_rb_store_exists:
 * @path: (nullable): as for plug_rb_store_open()
 *
 * Whether there is a store, or anything else in its place. Nothing is made.
 */
gboolean
plug_rb_store_exists (const char *path)
{
  g_autofree char *folder = path ? g_canonicalize_filename (path, NULL) : default_path ();

  return g_file_test (folder, G_FILE_TEST_EXISTS);
}

const char *
plug_rb_store_get_path (PlugRbStore *self)
{
  g_return_val_if_fail (PLUG_RB_IS_STORE (self), NULL);

  return self->path;
}

/**
 * plug_rb_store_build_path:
 * @first: first name below the store's folder, then more, then %NULL
 */
char *
plug_rb_store_build_path (PlugRbStore *self, const char *first, ...)
{
  g_autofree char *below = NULL;
  va_list names;

  va_start (names, first);
  below = g_build_filename_valist (first, &names);
  va_end (names);

  return g_build_filename (self->path, below, NULL);
}

/**
 * plug_rb_store_escape:
 * @name: id of a plugin or host
 *
 * Returns: (transfer full): a file name that is never hidden, never "." or "..", and has no "/"
 */
char *
plug_rb_store_escape (const char *name)
{
  GString *escaped = g_string_new (NULL);

  for (const char *p = name; *p != '\0'; p++) {
    gboolean plain = g_ascii_isalnum (*p) || strchr ("@_-", *p) || (*p == '.' && p != name);

    if (plain)
      g_string_append_c (escaped, *p);
    else
      g_string_append_printf (escaped, "%%%02X", (guchar) *p);
  }

  return g_string_free_and_steal (escaped);
}

/**
 * plug_rb_store_escape_key:
 * @plugin: key of a plugin
 *
 * Returns: (transfer full): the path of the plugin's folder below `snapshots`, `archives` and
 * `trash`
 */
char *
plug_rb_store_escape_key (const char *plugin)
{
  g_auto(GStrv) halves = g_strsplit (plugin, "/", 2);
  g_autofree char *host = plug_rb_store_escape (halves[0]);
  g_autofree char *id = plug_rb_store_escape (halves[1] ? halves[1] : "");

  return g_build_filename (host, id, NULL);
}

/**
 * plug_rb_store_note:
 * @act: what was done, a stable word such as "delete"
 * @subject: to what: a plugin key or a snapshot id
 *
 * Adds to the audit trail what is done and durable already: that it could not be noted must not
 * make it look as if it were not.
 */
void
plug_rb_store_note (PlugRbStore *self, const char *act, const char *subject)
{
  g_autoptr(GError) error = NULL;

  if (!plug_rb_audit_append (self->path, act, subject, NULL, &error))
    g_warning ("The audit trail lacks “%s %s”: %s", act, subject, error->message);
}
