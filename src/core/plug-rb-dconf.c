/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-dconf.h"

#include <dconf/dconf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-bus.h"
#include "plug-rb-dconf-folder.h"
#include "plug-rb-error.h"

#define SERVICE_NAME "ca.desrt.dconf"
#define LOOKS 2

typedef DIR Folder;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Folder, closedir)

static gboolean
sees_anything (DConfClient *client)
{
  g_auto(GStrv) names = dconf_client_list (client, "/", NULL);

  return names != NULL && *names != NULL;
}

/* A database that libdconf cannot open looks to it like an empty one, and what is only not seen
 * would be taken for what is not there. So one that seems to be empty is looked at again, by
 * clients that open it anew. */
static DConfClient *
open_client (const char *folder)
{
  DConfClient *client = dconf_client_new ();

  for (guint i = 0;
       i < LOOKS && !sees_anything (client) && g_file_test (folder, G_FILE_TEST_IS_DIR); i++) {
    g_object_unref (client);
    client = dconf_client_new ();
  }

  return client;
}

/* Opening takes several files each time. A database is replaced by another file whenever a value
 * changes, so a reader that was made for the file still there sees all that is in it. */
typedef struct {
  DConfClient *client;
  struct stat database;
} Reader;

static Reader reader;
G_LOCK_DEFINE_STATIC (reader);

static gboolean
is_same_file (const struct stat *a, const struct stat *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
         a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* Without a folder there is no database, whatever its name. */
static gboolean
look_at_database (const char *folder, struct stat *database)
{
  g_autofree char *path = g_build_filename (folder, "user", NULL);

  *database = (struct stat) { 0 };
  return stat (path, database) == 0 || (stat (folder, database) != 0 && errno == ENOENT);
}

/* The file was looked at before the client opened it: if it was replaced in between, the next
 * caller does not find it the same. */
static void
keep_reader (DConfClient *client, const struct stat *database)
{
  g_clear_object (&reader.client);
  if (database->st_ino == 0 || sees_anything (client))
    reader.client = g_object_ref (client);
  reader.database = *database;
}

static DConfClient *
get_reader (void)
{
  g_autofree char *folder = plug_rb_dconf_folder_build ();
  struct stat database;
  DConfClient *client = NULL;

  plug_rb_dconf_folder_reach (NULL);
  if (!look_at_database (folder, &database))
    return open_client (folder);

  G_LOCK (reader);
  if (reader.client != NULL && is_same_file (&reader.database, &database))
    client = g_object_ref (reader.client);
  else
    keep_reader (client = open_client (folder), &database);
  G_UNLOCK (reader);

  return client;
}

/**
 * plug_rb_dconf_check_readable:
 *
 * To libdconf a database that it cannot open is an empty one. To be called after reading, where
 * what is not there must not be confused with what was not seen: what is going on then, such as too
 * many open files, is seen here. Only the database of the usual name is looked at.
 *
 * Returns: whether there is no database or it can be read; otherwise an error that names it
 */
gboolean
plug_rb_dconf_check_readable (GError **error)
{
  g_autofree char *folder = plug_rb_dconf_folder_build ();
  g_autofree char *path = g_build_filename (folder, "user", NULL);
  g_autofd int fd = -1;

  if (!plug_rb_dconf_folder_reach (error))
    return FALSE;

  fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd >= 0 || errno == ENOENT || errno == ENOTDIR)
    return TRUE;

  plug_rb_error_set_errno (error, errno, _("The settings in “%s” cannot be read"), path);
  return FALSE;
}

/* ---- reading */

static GVariant *
read_value (DConfClient *client, const char *key, DConfReadFlags flags)
{
  g_autoptr(GVariant) value = NULL;

  if (!dconf_is_key (key, NULL))
    return NULL;

  value = dconf_client_read_full (client, key, flags, NULL);

  /* The bytes in the file may be anything. */
  return value ? g_variant_get_normal_form (value) : NULL;
}

/**
 * plug_rb_dconf_read:
 * @key: absolute key
 *
 * Returns: (transfer full) (nullable): what the user set, %NULL if that is nothing
 */
GVariant *
plug_rb_dconf_read (const char *key)
{
  g_autoptr(DConfClient) client = get_reader ();

  return read_value (client, key, DCONF_READ_USER_VALUE);
}

/**
 * plug_rb_dconf_read_default:
 * @key: absolute key
 *
 * Returns: (transfer full) (nullable): what the administrator set, which holds where the user set
 *   nothing; schemas are not asked
 */
GVariant *
plug_rb_dconf_read_default (const char *key)
{
  g_autoptr(DConfClient) client = get_reader ();

  return read_value (client, key, DCONF_READ_DEFAULT_VALUE);
}

static void
record_key (PlugRbValues *values, DConfClient *client, const char *key)
{
  g_autoptr(GVariant) value = read_value (client, key, DCONF_READ_USER_VALUE);

  if (value != NULL)
    plug_rb_values_set (values, key, value);
}

static void
record_folder (PlugRbValues *values, DConfClient *client, const char *folder)
{
  g_auto(GStrv) names = dconf_client_list (client, folder, NULL);

  for (guint i = 0; names != NULL && names[i] != NULL; i++) {
    g_autofree char *path = g_strconcat (folder, names[i], NULL);

    if (dconf_is_dir (path, NULL))
      record_folder (values, client, path);
    else
      record_key (values, client, path);
  }
}

/**
 * plug_rb_dconf_read_folder:
 * @folder: a folder ("/org/…/"), or a single key, as [method@Values.get_folders] gives them
 *
 * Records what the user set in a folder and in all folders below it. A path that is neither folder
 * nor key is ignored.
 */
void
plug_rb_dconf_read_folder (PlugRbValues *values, const char *folder)
{
  g_autoptr(DConfClient) client = get_reader ();

  if (dconf_is_dir (folder, NULL))
    record_folder (values, client, folder);
  else if (dconf_is_key (folder, NULL))
    record_key (values, client, folder);
  else
    return;

  plug_rb_values_add_folder (values, folder);
}

/**
 * plug_rb_dconf_read_keys:
 * @folder: a folder
 * @names: keys in it
 *
 * Records some keys of a folder that holds others too, each under its own name. A path that is not
 * a folder is ignored.
 */
void
plug_rb_dconf_read_keys (PlugRbValues *values, const char *folder, const char *const *names)
{
  g_autoptr(DConfClient) client = get_reader ();

  if (!dconf_is_dir (folder, NULL))
    return;

  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *key = g_strconcat (folder, names[i], NULL);

    if (!dconf_is_key (key, NULL))
      continue;

    record_key (values, client, key);
    plug_rb_values_add_folder (values, key);
  }
}

/* ---- writing */

/**
 * plug_rb_dconf_can_write:
 *
 * Makes sure that settings can be written, if need be over a private bus. To be called before the
 * first write of the process: libdconf remembers a bus that it could not reach.
 *
 * Returns: whether they can; otherwise %PLUG_RB_ERROR_SETTINGS
 */
gboolean
plug_rb_dconf_can_write (GError **error)
{
  g_autoptr(GError) local_error = NULL;

  if (plug_rb_bus_ensure (&local_error) && plug_rb_bus_start_service (SERVICE_NAME, &local_error))
    return TRUE;

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS,
               _("Settings cannot be written: %s; “--only files” leaves them alone"),
               local_error->message);
  return FALSE;
}

static gboolean
values_equal (GVariant *a, GVariant *b)
{
  return a == b || (a != NULL && b != NULL && g_variant_equal (a, b));
}

static gboolean
check_keys (GPtrArray *edits, GError **error)
{
  for (guint i = 0; i < edits->len; i++) {
    const PlugRbSettingsEdit *edit = edits->pdata[i];

    if (!dconf_is_key (edit->name, NULL)) {
      g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS,
                   _("“%s” is not the name of a setting"), edit->name);
      return FALSE;
    }
  }

  return TRUE;
}

static GPtrArray *
choose_writes (GPtrArray *edits, GPtrArray *conflicts)
{
  g_autoptr(DConfClient) client = get_reader ();
  GPtrArray *writes = g_ptr_array_new ();

  for (guint i = 0; i < edits->len; i++) {
    PlugRbSettingsEdit *edit = edits->pdata[i];
    g_autoptr(GVariant) current = read_value (client, edit->name, DCONF_READ_USER_VALUE);

    if (values_equal (current, edit->target))
      continue;

    if (values_equal (current, edit->before))
      g_ptr_array_add (writes, edit);
    else
      g_ptr_array_add (conflicts, g_strdup (edit->name));
  }

  return writes;
}

static gboolean
write_all (GPtrArray *writes, GError **error)
{
  g_autoptr(DConfClient) client = dconf_client_new ();
  g_autoptr(DConfChangeset) changes = dconf_changeset_new ();
  g_autoptr(GError) local_error = NULL;

  for (guint i = 0; i < writes->len; i++) {
    const PlugRbSettingsEdit *edit = writes->pdata[i];

    dconf_changeset_set (changes, edit->name, edit->target);
  }

  if (!dconf_client_change_sync (client, changes, NULL, NULL, &local_error)) {
    g_dbus_error_strip_remote_error (local_error);
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS, _("Settings cannot be written: %s"),
                 local_error->message);
    return FALSE;
  }

  dconf_client_sync (client);
  return TRUE;
}

static gboolean
read_back (GPtrArray *writes, GError **error)
{
  g_autoptr(DConfClient) client = get_reader ();

  for (guint i = 0; i < writes->len; i++) {
    const PlugRbSettingsEdit *edit = writes->pdata[i];
    g_autoptr(GVariant) current = read_value (client, edit->name, DCONF_READ_USER_VALUE);

    if (!values_equal (current, edit->target)) {
      g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS,
                   _("The setting “%s” was written but reads differently"), edit->name);
      return FALSE;
    }
  }

  return TRUE;
}

static gboolean
sync_file (int folder_fd, const char *name)
{
  g_autofd int fd = openat (folder_fd, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

  /* A database may be replaced by a newer one at any time. */
  return fd < 0 ? errno == ENOENT : fsync (fd) == 0;
}

/* All files: a profile may have given the user's database another name. */
static gboolean
sync_files (Folder *folder)
{
  struct dirent *entry;

  while ((entry = readdir (folder)) != NULL)
    if (entry->d_type != DT_DIR && !sync_file (dirfd (folder), entry->d_name))
      return FALSE;

  return fsync (dirfd (folder)) == 0;
}

static gboolean
sync_database (GError **error)
{
  g_autofree char *path = plug_rb_dconf_folder_build ();
  g_autoptr(Folder) folder = opendir (path);

  if (folder == NULL ? errno == ENOENT : sync_files (folder))
    return TRUE;

  plug_rb_error_set_errno (error, errno, _("The settings in “%s” cannot be written to the disk"),
                           path);
  return FALSE;
}

/**
 * plug_rb_dconf_apply:
 * @edits: (element-type PlugRbSettingsEdit): what to change, by absolute keys, each once
 * @conflicts: (element-type utf8): gets a copy of each key that was left alone because its value is
 *   neither the one seen nor the one wanted
 *
 * Compares and sets, all in one change of the database that is on the disk when this returns. What
 * is already as wanted is not written, so that applying again is harmless, and without anything to
 * write no bus is needed. For any thread.
 *
 * Returns: whether it worked, conflicts notwithstanding; otherwise %PLUG_RB_ERROR_SETTINGS
 */
gboolean
plug_rb_dconf_apply (GPtrArray *edits, GPtrArray *conflicts, GError **error)
{
  g_autoptr(GPtrArray) writes = NULL;

  g_return_val_if_fail (edits != NULL && conflicts != NULL, FALSE);

  if (!check_keys (edits, error))
    return FALSE;

  writes = choose_writes (edits, conflicts);
  if (edits->len > 0 && !plug_rb_dconf_check_readable (error))
    return FALSE;
  if (writes->len > 0 && (!plug_rb_dconf_can_write (error) || !write_all (writes, error) ||
                          !read_back (writes, error)))
    return FALSE;

  return edits->len == 0 || sync_database (error);
}
