/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"
#include "plug-rb-id.h"
#include "plug-rb-journal.h"
#include "plug-rb-json.h"

static const char *const phase_names[] = { "planned",  "staged",  "swapping",
                                           "settings", "undoing", "done" };
static const char *const kind_names[] = { "exchange", "add", "remove" };

/* ---- writing */

static JsonObject *
id_to_json (const PlugRbFileId *id)
{
  JsonObject *json = json_object_new ();

  json_object_set_int_member (json, "ino", id->ino);
  json_object_set_int_member (json, "btime", id->btime_sec);
  json_object_set_int_member (json, "btime-nsec", id->btime_nsec);

  return json;
}

/* A name that is not UTF-8 cannot stand in JSON as it is. */
static void
set_path (JsonObject *json, const char *path)
{
  g_autofree char *exact = NULL;

  if (g_utf8_validate (path, -1, NULL)) {
    json_object_set_string_member (json, "path", path);
    return;
  }

  exact = g_base64_encode ((const guchar *) path, strlen (path));
  json_object_set_string_member (json, "path-b64", exact);
}

static JsonObject *
carry_to_json (const PlugRbCarry *carry)
{
  JsonObject *json = json_object_new ();

  set_path (json, carry->path);
  json_object_set_int_member (json, "mode", carry->mode);

  return json;
}

static JsonObject *
dress_to_json (const PlugRbDress *dress)
{
  JsonObject *json = json_object_new ();

  json_object_set_int_member (json, "mode", dress->mode);
  json_object_set_int_member (json, "mtime", dress->mtime);
  json_object_set_int_member (json, "nsec", dress->nsec);

  return json;
}

static JsonObject *
folder_to_json (const PlugRbCarryFolder *folder)
{
  JsonObject *json = json_object_new ();

  set_path (json, folder->path);
  json_object_set_boolean_member (json, "made", folder->made);
  json_object_set_object_member (json, "old", dress_to_json (&folder->old_dress));
  json_object_set_object_member (json, "new", dress_to_json (&folder->new_dress));

  return json;
}

typedef JsonObject *(*ToJsonFunc) (gconstpointer element);

static JsonArray *
array_to_json (GPtrArray *elements, ToJsonFunc to_json)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < elements->len; i++)
    json_array_add_object_element (array, to_json (elements->pdata[i]));

  return array;
}

static JsonObject *
swap_to_json (const PlugRbSwap *swap)
{
  JsonObject *json = json_object_new ();

  plug_rb_json_set_string (json, "kind", kind_names[swap->kind]);
  plug_rb_json_set_string (json, "part", swap->part);
  plug_rb_json_set_string (json, "live", swap->live);
  plug_rb_json_set_string (json, "stage", swap->stage);
  json_object_set_object_member (json, "old", id_to_json (&swap->old_id));
  json_object_set_object_member (json, "new", id_to_json (&swap->new_id));
  json_object_set_int_member (json, "old-mode", swap->old_mode);
  json_object_set_int_member (json, "new-mode", swap->new_mode);
  json_object_set_array_member (json, "carries",
                                array_to_json (swap->carries, (ToJsonFunc) carry_to_json));
  json_object_set_array_member (json, "folders",
                                array_to_json (swap->folders, (ToJsonFunc) folder_to_json));

  return json;
}

static JsonObject *
membership_to_json (const PlugRbMembership *membership)
{
  JsonObject *json = json_object_new ();

  plug_rb_json_set_string (json, "name", membership->name);
  plug_rb_json_set_string (json, "key", membership->key);
  plug_rb_json_set_string (json, "entry", membership->entry);
  json_object_set_boolean_member (json, "present", membership->present);
  json_object_set_int_member (json, "position", membership->position);
  json_object_set_boolean_member (json, "unset", membership->unset);

  return json;
}

static JsonObject *
list_edit_to_json (const PlugRbListEdit *edit)
{
  JsonObject *json = json_object_new ();

  json_object_set_object_member (json, "before", membership_to_json (edit->before));
  json_object_set_object_member (json, "target", membership_to_json (edit->target));

  return json;
}

static JsonObject *
item_to_json (gconstpointer element)
{
  const PlugRbJournalItem *item = element;
  JsonObject *json = json_object_new ();

  plug_rb_json_set_string (json, "plugin", item->plugin);
  plug_rb_json_set_string (json, "target", item->target);
  plug_rb_json_set_string (json, "safety", item->safety);
  json_object_set_array_member (json, "swaps",
                                array_to_json (item->swaps, (ToJsonFunc) swap_to_json));
  json_object_set_array_member (
      json, "edits", array_to_json (item->edits, (ToJsonFunc) plug_rb_settings_edit_to_json));
  json_object_set_array_member (
      json, "stores", array_to_json (item->stores, (ToJsonFunc) plug_rb_settings_store_to_json));
  json_object_set_array_member (json, "list-edits",
                                array_to_json (item->list_edits, (ToJsonFunc) list_edit_to_json));
  plug_rb_json_set_strv (json, "caches", (const char *const *) item->caches);
  plug_rb_json_set_strv (json, "excludes", (const char *const *) item->excludes);
  plug_rb_json_set_strv (json, "paths", (const char *const *) item->paths);
  plug_rb_json_set_strv (json, "kept", (const char *const *) item->kept);
  plug_rb_json_set_strv (json, "drops", (const char *const *) item->drops);

  return json;
}

/**
 * plug_rb_journal_to_json:
 *
 * Returns: (transfer full): what stands in `operations/pending/ID.json`
 */
JsonObject *
plug_rb_journal_to_json (PlugRbJournal *self)
{
  JsonObject *json = json_object_new ();

  json_object_set_int_member (json, "format", 1);
  plug_rb_json_set_string (json, "id", self->id);
  plug_rb_json_set_string (json, "undoes", self->undoes);
  plug_rb_json_set_string (json, "phase", phase_names[self->phase]);
  json_object_set_boolean_member (json, "touched", self->touched);
  json_object_set_boolean_member (json, "trial", self->trial);
  json_object_set_array_member (json, "plugins", array_to_json (self->items, item_to_json));
  if (self->operation != NULL)
    json_object_set_object_member (json, "operation", json_object_ref (self->operation));

  return json;
}

/* ---- reading */

static int
find_name (const char *const *names, guint n_names, const char *name)
{
  for (guint i = 0; name != NULL && i < n_names; i++)
    if (g_str_equal (names[i], name))
      return i;

  return -1;
}

static PlugRbFileId
id_from_json (JsonObject *json)
{
  PlugRbFileId id = { 0 };

  if (json != NULL) {
    id.ino = plug_rb_json_get_int (json, "ino", 0);
    id.btime_sec = plug_rb_json_get_int (json, "btime", 0);
    id.btime_nsec = plug_rb_json_get_int (json, "btime-nsec", 0);
  }

  return id;
}

/* Recovery deletes what lies in a stage, so a record may name none but our own folders. */
static gboolean
is_stage (const char *path)
{
  g_autofree char *operation_folder = g_path_get_dirname (path);
  g_autofree char *operation_name = g_path_get_basename (operation_folder);
  g_autofree char *number = g_path_get_basename (path);

  return g_path_is_absolute (path) &&
         g_str_has_prefix (operation_name, PLUG_RB_JOURNAL_STAGE_PREFIX) &&
         strspn (number, "0123456789") == strlen (number);
}

/* Recovery moves what these paths name, so none may lead out of its tree. */
static char *
dup_path (JsonObject *json)
{
  const char *exact = plug_rb_json_get_string (json, "path-b64");
  gsize length = 0;
  g_autofree guchar *bytes = exact ? g_base64_decode (exact, &length) : NULL;
  g_autofree char *path = exact ? g_strndup ((const char *) bytes, length)
                                : g_strdup (plug_rb_json_get_string (json, "path"));
  g_auto(GStrv) names = path ? g_strsplit (path, "/", -1) : NULL;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    if (g_str_equal (names[i], ".") || g_str_equal (names[i], "..") || *names[i] == '\0')
      return NULL;

  return g_steal_pointer (&path);
}

static gboolean
read_carry (PlugRbSwap *swap, JsonObject *json)
{
  g_autofree char *path = dup_path (json);

  if (path == NULL || *path == '\0')
    return FALSE;

  plug_rb_swap_add_carry (swap, path, plug_rb_json_get_int (json, "mode", -1));
  return TRUE;
}

static PlugRbDress
dress_from_json (JsonObject *json)
{
  return (PlugRbDress) { .mode = json ? plug_rb_json_get_int (json, "mode", -1) : -1,
                         .mtime = json ? plug_rb_json_get_int (json, "mtime", 0) : 0,
                         .nsec = json ? plug_rb_json_get_int (json, "nsec", 0) : 0 };
}

static gboolean
read_folder (PlugRbSwap *swap, JsonObject *json)
{
  g_autofree char *path = dup_path (json);
  PlugRbCarryFolder *folder;

  if (path == NULL)
    return FALSE;

  folder = plug_rb_swap_add_folder (swap, path);
  folder->made = plug_rb_json_get_boolean (json, "made");
  folder->old_dress = dress_from_json (plug_rb_json_get_object (json, "old"));
  folder->new_dress = dress_from_json (plug_rb_json_get_object (json, "new"));

  return TRUE;
}

typedef gboolean (*ReadSwapFunc) (PlugRbSwap *swap, JsonObject *json);

/* What a journal of an earlier version lacks is empty. */
static gboolean
read_swap_array (PlugRbSwap *swap, JsonArray *array, ReadSwapFunc read_element)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonObject *json = plug_rb_json_get_element (array, i);

    if (json == NULL || !read_element (swap, json))
      return FALSE;
  }

  return TRUE;
}

static gboolean
read_swap (PlugRbJournalItem *item, JsonObject *json)
{
  int kind =
      find_name (kind_names, G_N_ELEMENTS (kind_names), plug_rb_json_get_string (json, "kind"));
  const char *part = plug_rb_json_get_string (json, "part");
  const char *live = plug_rb_json_get_string (json, "live");
  const char *stage = plug_rb_json_get_string (json, "stage");
  PlugRbSwap *swap;

  if (kind < 0 || part == NULL || live == NULL || stage == NULL || !g_path_is_absolute (live) ||
      !is_stage (stage))
    return FALSE;

  swap = plug_rb_journal_item_add_swap (item, kind, part, live, stage);
  swap->old_id = id_from_json (plug_rb_json_get_object (json, "old"));
  swap->new_id = id_from_json (plug_rb_json_get_object (json, "new"));
  swap->old_mode = plug_rb_json_get_int (json, "old-mode", -1);
  swap->new_mode = plug_rb_json_get_int (json, "new-mode", -1);

  return read_swap_array (swap, plug_rb_json_get_array (json, "carries"), read_carry) &&
         read_swap_array (swap, plug_rb_json_get_array (json, "folders"), read_folder);
}

static gboolean
read_edit (PlugRbJournalItem *item, JsonObject *json)
{
  PlugRbSettingsEdit *edit = plug_rb_settings_edit_new_from_json (json, NULL);

  if (edit != NULL)
    g_ptr_array_add (item->edits, edit);
  return edit != NULL;
}

static gboolean
read_store (PlugRbJournalItem *item, JsonObject *json)
{
  PlugRbSettingsStore *store = plug_rb_settings_store_new_from_json (json, NULL);

  if (store != NULL)
    g_ptr_array_add (item->stores, store);
  return store != NULL;
}

static PlugRbMembership *
membership_from_json (JsonObject *json)
{
  const char *name = json ? plug_rb_json_get_string (json, "name") : NULL;
  const char *key = json ? plug_rb_json_get_string (json, "key") : NULL;
  const char *entry = json ? plug_rb_json_get_string (json, "entry") : NULL;
  PlugRbMembership *membership;

  if (name == NULL || key == NULL || entry == NULL)
    return NULL;

  membership = plug_rb_membership_new (name, key, entry, plug_rb_json_get_boolean (json, "present"),
                                       plug_rb_json_get_int (json, "position", -1));
  membership->unset = plug_rb_json_get_boolean (json, "unset");

  return membership;
}

static gboolean
read_list_edit (PlugRbJournalItem *item, JsonObject *json)
{
  g_autoptr(PlugRbMembership) before =
      membership_from_json (plug_rb_json_get_object (json, "before"));
  g_autoptr(PlugRbMembership) target =
      membership_from_json (plug_rb_json_get_object (json, "target"));

  if (before == NULL || target == NULL)
    return FALSE;

  plug_rb_journal_item_add_list_edit (item, before, target);
  return TRUE;
}

typedef gboolean (*ReadFunc) (PlugRbJournalItem *item, JsonObject *json);

static gboolean
read_array (PlugRbJournalItem *item, JsonArray *array, ReadFunc read_element)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonObject *json = plug_rb_json_get_element (array, i);

    if (json == NULL || !read_element (item, json))
      return FALSE;
  }

  return array != NULL;
}

static gboolean
read_item (PlugRbJournal *self, JsonObject *json)
{
  const char *plugin = json ? plug_rb_json_get_string (json, "plugin") : NULL;
  const char *target = json ? plug_rb_json_get_string (json, "target") : NULL;
  const char *safety = json ? plug_rb_json_get_string (json, "safety") : NULL;
  PlugRbJournalItem *item;

  if (plugin == NULL || target == NULL || safety == NULL)
    return FALSE;

  item = plug_rb_journal_add_item (self, plugin, target, safety);
  item->caches = plug_rb_json_dup_strv (json, "caches");
  item->excludes = plug_rb_json_dup_strv (json, "excludes");
  item->paths = plug_rb_json_dup_strv (json, "paths");
  item->kept = plug_rb_json_dup_strv (json, "kept");
  item->drops = plug_rb_json_dup_strv (json, "drops");

  return read_array (item, plug_rb_json_get_array (json, "swaps"), read_swap) &&
         read_array (item, plug_rb_json_get_array (json, "stores"), read_store) &&
         read_array (item, plug_rb_json_get_array (json, "edits"), read_edit) &&
         read_array (item, plug_rb_json_get_array (json, "list-edits"), read_list_edit);
}

static gboolean
read_items (PlugRbJournal *self, JsonArray *array)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (!read_item (self, plug_rb_json_get_element (array, i)))
      return FALSE;

  return array != NULL;
}

/**
 * plug_rb_journal_new_from_json:
 * @json: a sealed record whose seal was checked
 *
 * Returns: (transfer full): the journal
 */
PlugRbJournal *
plug_rb_journal_new_from_json (JsonObject *json, GError **error)
{
  const char *id = plug_rb_json_get_string (json, "id");
  int phase =
      find_name (phase_names, G_N_ELEMENTS (phase_names), plug_rb_json_get_string (json, "phase"));
  JsonObject *operation = plug_rb_json_get_object (json, "operation");
  g_autoptr(PlugRbJournal) self =
      plug_rb_journal_new (id, plug_rb_json_get_string (json, "undoes"));

  if (id == NULL || !plug_rb_id_is_valid (id) || phase < 0 || operation == NULL ||
      !read_items (self, plug_rb_json_get_array (json, "plugins"))) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                 _("The record of the interrupted operation %s is damaged"), id ? id : "");
    return NULL;
  }

  self->phase = phase;
  self->touched = plug_rb_json_get_boolean (json, "touched");
  self->trial = plug_rb_json_get_boolean (json, "trial");
  self->operation = json_object_ref (operation);

  return g_steal_pointer (&self);
}
