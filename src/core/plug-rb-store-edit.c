/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-json.h"
#include "plug-rb-store-metadata.h"

#define METADATA "snapshot.json"
#define METADATA_LIMIT (16 * 1024 * 1024)

/* Where a snapshot's metadata lie. */
typedef struct {
  PlugRbStore *store;
  const char *plugin;
  const char *id;
  int plugin_fd;
  int fd;
} Place;

static void
place_clear (Place *place)
{
  g_clear_fd (&place->plugin_fd, NULL);
  g_clear_fd (&place->fd, NULL);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

static gboolean
place_open (
    Place *place, PlugRbStore *store, const char *top, PlugRbSnapshot *snapshot, GError **error)
{
  g_autofree char *below = NULL;
  g_autofree char *folder = NULL;

  *place = (Place) {
    .store = store,
    .plugin = plug_rb_snapshot_get_plugin (snapshot),
    .id = plug_rb_snapshot_get_id (snapshot),
    .plugin_fd = -1,
    .fd = -1,
  };
  below = plug_rb_store_escape_key (place->plugin);
  folder = plug_rb_store_build_path (store, top, below, NULL);

  return (place->plugin_fd = plug_rb_fs_open_folder (folder, error)) >= 0 &&
         (place->fd = plug_rb_fs_open_child (place->plugin_fd, place->id, error)) >= 0;
}

/* What lies on the disk counts: somebody else may have edited it since the caller saw it. */
static PlugRbSnapshot *
read_again (const Place *place, GError **error)
{
  g_autoptr(GBytes) bytes = plug_rb_fs_read (place->fd, METADATA, METADATA_LIMIT, error);
  g_autoptr(JsonObject) json = NULL;
  g_autoptr(PlugRbSnapshot) snapshot = NULL;

  if (bytes == NULL)
    return NULL;

  json = plug_rb_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
  if (json == NULL || !plug_rb_json_check_seal (json, error) ||
      !(snapshot = plug_rb_snapshot_new_from_json (json, error)))
    return NULL;

  if (g_str_equal (plug_rb_snapshot_get_id (snapshot), place->id) &&
      g_str_equal (plug_rb_snapshot_get_plugin (snapshot), place->plugin))
    return g_steal_pointer (&snapshot);

  g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                       _("The metadata belong to another snapshot"));
  return NULL;
}

static gboolean
write_temporary (const Place *place, const char *name, JsonObject *json, GError **error)
{
  g_autofree char *text = plug_rb_json_to_string (json);
  g_autofd int fd =
      openat (place->plugin_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be made"), name);
    return FALSE;
  }

  return plug_rb_fs_write (fd, text, strlen (text), error) && plug_rb_fs_sync (fd, name, error);
}

/* The new file is made in the plugin's folder, not in the snapshot's: that the plugin's folder
 * changes tells whoever remembers what it holds to look again. */
static gboolean
write_metadata (const Place *place, JsonObject *json, GError **error)
{
  g_autofree char *temporary = g_strconcat (PLUG_RB_FS_TEMPORARY, place->id, ".json", NULL);

  plug_rb_json_seal (json);
  if (!write_temporary (place, temporary, json, error)) {
    unlinkat (place->plugin_fd, temporary, 0);
    return FALSE;
  }

  if (renameat (place->plugin_fd, temporary, place->fd, METADATA) < 0) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be replaced"), METADATA);
    unlinkat (place->plugin_fd, temporary, 0);
    return FALSE;
  }

  return plug_rb_fs_sync (place->fd, place->id, error) &&
         plug_rb_fs_sync (place->plugin_fd, place->plugin, error);
}

/* What is changed, and to what. */
typedef struct {
  const char *act;
  void (*apply) (PlugRbSnapshot *snapshot, const void *value);
  gboolean (*is_so) (PlugRbSnapshot *snapshot, const void *value);
  const void *value;
} Edit;

static PlugRbSnapshot *
edit_snapshot (PlugRbStore *self, PlugRbSnapshot *seen, const Edit *edit, GError **error)
{
  g_auto(Place) place = { .plugin_fd = -1, .fd = -1 };
  g_autoptr(PlugRbSnapshot) snapshot = NULL;

  if (!place_open (&place, self, "snapshots", seen, error) ||
      !(snapshot = read_again (&place, error))) {
    g_prefix_error (error, _("Snapshot %s cannot be changed: "), plug_rb_snapshot_get_id (seen));
    return NULL;
  }

  if (edit->is_so (snapshot, edit->value))
    return g_steal_pointer (&snapshot);

  edit->apply (snapshot, edit->value);
  if (!write_metadata (&place, plug_rb_snapshot_get_json (snapshot), error))
    return NULL;

  plug_rb_store_note (self, edit->act, place.id);
  return g_steal_pointer (&snapshot);
}

/* ---- label */

static const char *
or_empty (const char *text)
{
  return text ? text : "";
}

static void
apply_label (PlugRbSnapshot *snapshot, const void *label)
{
  plug_rb_snapshot_set_label (snapshot, label);
}

static gboolean
has_label (PlugRbSnapshot *snapshot, const void *label)
{
  return g_str_equal (or_empty (plug_rb_snapshot_get_label (snapshot)), or_empty (label));
}

/**
 * plug_rb_store_set_label:
 * @snapshot: a snapshot that is not in the trash
 * @label: (nullable): a name that the user gives it; empty to take it away
 *
 * Changes the label of a snapshot on the disk: afterwards and after a crash at any point its
 * metadata are the old or the new ones. The caller holds the plugin's lock. Label, note,
 * pin and health are all that ever changes of a snapshot.
 *
 * Returns: (transfer full): the snapshot as it is now; @snapshot does not change
 */
PlugRbSnapshot *
plug_rb_store_set_label (PlugRbStore *self,
                         PlugRbSnapshot *snapshot,
                         const char *label,
                         GError **error)
{
  const Edit edit = { "label", apply_label, has_label, label };

  return edit_snapshot (self, snapshot, &edit, error);
}

/* ---- note */

static void
apply_note (PlugRbSnapshot *snapshot, const void *note)
{
  plug_rb_snapshot_set_note (snapshot, note);
}

static gboolean
has_note (PlugRbSnapshot *snapshot, const void *note)
{
  return g_str_equal (or_empty (plug_rb_snapshot_get_note (snapshot)), or_empty (note));
}

/**
 * plug_rb_store_set_note:
 * @note: (nullable): a longer text of the user; empty to take it away
 *
 * Like plug_rb_store_set_label(), for the note.
 *
 * Returns: (transfer full): the snapshot as it is now
 */
PlugRbSnapshot *
plug_rb_store_set_note (PlugRbStore *self,
                        PlugRbSnapshot *snapshot,
                        const char *note,
                        GError **error)
{
  const Edit edit = { "note", apply_note, has_note, note };

  return edit_snapshot (self, snapshot, &edit, error);
}

/* ---- pin */

static void
apply_pinned (PlugRbSnapshot *snapshot, const void *pinned)
{
  plug_rb_snapshot_set_pinned (snapshot, *(const gboolean *) pinned);
}

static gboolean
is_pinned (PlugRbSnapshot *snapshot, const void *pinned)
{
  return plug_rb_snapshot_get_pinned (snapshot) == !!*(const gboolean *) pinned;
}

/**
 * plug_rb_store_set_pinned:
 * @pinned: whether it is kept whatever happens
 *
 * Like plug_rb_store_set_label(), for the pin.
 *
 * Returns: (transfer full): the snapshot as it is now
 */
PlugRbSnapshot *
plug_rb_store_set_pinned (PlugRbStore *self,
                          PlugRbSnapshot *snapshot,
                          gboolean pinned,
                          GError **error)
{
  const Edit edit = { pinned ? "pin" : "unpin", apply_pinned, is_pinned, &pinned };

  return edit_snapshot (self, snapshot, &edit, error);
}

/* ---- archives */

/* As the user's edits, but for those in the trash as well, and without a line in the audit trail:
 * the snapshot holds what it held. */
static gboolean
set_archives (
    PlugRbStore *self, const char *top, PlugRbSnapshot *seen, JsonArray *archives, GError **error)
{
  g_auto(Place) place = { .plugin_fd = -1, .fd = -1 };
  g_autoptr(PlugRbSnapshot) snapshot = NULL;
  JsonObject *json;

  if (!place_open (&place, self, top, seen, error) || !(snapshot = read_again (&place, error)))
    return FALSE;

  json = plug_rb_snapshot_get_json (snapshot);
  json_object_set_array_member (json, "archives", json_array_ref (archives));
  plug_rb_store_metadata_describe_extraction (json);

  return write_metadata (&place, json, error);
}

/**
 * plug_rb_store_set_archives:
 * @snapshot: live or in the trash
 * @archives: (transfer none): archives that hold all its contents
 *
 * Makes a snapshot refer to other archives. The caller holds the plugin's lock.
 */
gboolean
plug_rb_store_set_archives (PlugRbStore *self,
                            PlugRbSnapshot *snapshot,
                            JsonArray *archives,
                            GError **error)
{
  g_autofree char *below = plug_rb_store_escape_key (plug_rb_snapshot_get_plugin (snapshot));
  g_autofree char *path =
      plug_rb_store_build_path (self, "snapshots", below, plug_rb_snapshot_get_id (snapshot), NULL);

  return set_archives (self, g_file_test (path, G_FILE_TEST_IS_DIR) ? "snapshots" : "trash",
                       snapshot, archives, error);
}

/* ---- health */

typedef struct {
  PlugRbHealth health;
  const char *message;
} Verdict;

static void
apply_health (PlugRbSnapshot *snapshot, const void *value)
{
  const Verdict *verdict = value;

  plug_rb_snapshot_set_health (snapshot, verdict->health, verdict->message);
}

static gboolean
has_health (PlugRbSnapshot *snapshot, const void *value)
{
  const Verdict *verdict = value;

  return plug_rb_snapshot_get_health (snapshot) == verdict->health &&
         g_strcmp0 (plug_rb_snapshot_get_health_message (snapshot), verdict->message) == 0;
}

/**
 * plug_rb_store_set_health:
 * @message: (nullable): what is wrong with it
 *
 * Like plug_rb_store_set_label(), for what was found out of the version that is in it: one that is
 * bad is never gone back to without being asked for.
 *
 * Returns: (transfer full): the snapshot as it is now
 */
PlugRbSnapshot *
plug_rb_store_set_health (PlugRbStore *self,
                          PlugRbSnapshot *snapshot,
                          PlugRbHealth health,
                          const char *message,
                          GError **error)
{
  const Verdict verdict = { health, message };
  const Edit edit = { "health", apply_health, has_health, &verdict };

  return edit_snapshot (self, snapshot, &edit, error);
}
