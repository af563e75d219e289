/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-swap.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plug-rb-error.h"

/* Which tree stands at a place. */
typedef enum {
  TREE_NONE,
  TREE_OLD,
  TREE_NEW,
  TREE_OTHER,
} Tree;

/* The three places of a swap, and what stands there. */
typedef struct {
  char *fresh_path;
  char *aside_path;
  Tree live;
  Tree fresh;
  Tree aside;
} Places;

static gboolean exchange_avoided;

/* Tests of the whole program have no other way to reach plug_rb_swap_avoid_exchange(). */
static gboolean
is_exchange_avoided (void)
{
  static int by_environment = -1;

  if (by_environment < 0)
    by_environment = g_strcmp0 (g_getenv ("PLUGRB_AVOID_EXCHANGE"), "1") == 0;

  return exchange_avoided || by_environment;
}

/**
 * plug_rb_swap_avoid_exchange:
 *
 * Makes every swap take the way of file systems without `RENAME_EXCHANGE`. For tests; the variable
 * `PLUGRB_AVOID_EXCHANGE=1` in the environment does the same.
 */
void
plug_rb_swap_avoid_exchange (gboolean avoid)
{
  exchange_avoided = avoid;
}

static void
places_clear (Places *places)
{
  g_clear_pointer (&places->fresh_path, g_free);
  g_clear_pointer (&places->aside_path, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Places, places_clear)

static gboolean
recognise (const PlugRbSwap *swap, const char *path, Tree *tree, GError **error)
{
  PlugRbFileId id;
  gboolean exists;

  if (!plug_rb_fs_identify (path, &id, &exists, error))
    return FALSE;

  if (!exists)
    *tree = TREE_NONE;
  else if (swap->kind != PLUG_RB_SWAP_ADD && plug_rb_file_id_equal (&id, &swap->old_id))
    *tree = TREE_OLD;
  else if (swap->kind != PLUG_RB_SWAP_REMOVE && plug_rb_file_id_equal (&id, &swap->new_id))
    *tree = TREE_NEW;
  else
    *tree = TREE_OTHER;

  return TRUE;
}

static gboolean
look_at_places (const PlugRbSwap *swap, Places *places, GError **error)
{
  places->fresh_path = g_build_filename (swap->stage, "new", NULL);
  places->aside_path = g_build_filename (swap->stage, "old", NULL);

  return recognise (swap, swap->live, &places->live, error) &&
         recognise (swap, places->fresh_path, &places->fresh, error) &&
         recognise (swap, places->aside_path, &places->aside, error);
}

static PlugRbSwapState
judge (const PlugRbSwap *swap, const Places *places)
{
  switch (swap->kind) {
  case PLUG_RB_SWAP_ADD:
    if (places->live == TREE_NEW)
      return PLUG_RB_SWAP_STATE_AFTER;
    return places->live == TREE_NONE && places->fresh == TREE_NEW ? PLUG_RB_SWAP_STATE_BEFORE
                                                                  : PLUG_RB_SWAP_STATE_UNKNOWN;

  case PLUG_RB_SWAP_REMOVE:
    if (places->live == TREE_OLD)
      return PLUG_RB_SWAP_STATE_BEFORE;
    return places->live == TREE_NONE ? PLUG_RB_SWAP_STATE_AFTER : PLUG_RB_SWAP_STATE_UNKNOWN;

  case PLUG_RB_SWAP_EXCHANGE:
  default:
    if (places->live == TREE_NEW)
      return PLUG_RB_SWAP_STATE_AFTER;
    if (places->live == TREE_OLD)
      return PLUG_RB_SWAP_STATE_BEFORE;
    return places->live == TREE_NONE && places->aside == TREE_OLD && places->fresh == TREE_NEW
               ? PLUG_RB_SWAP_STATE_BETWEEN
               : PLUG_RB_SWAP_STATE_UNKNOWN;
  }
}

/**
 * plug_rb_swap_look:
 * @state: (out): how far it is
 *
 * Finds out from the disk alone how far a swap went.
 */
gboolean
plug_rb_swap_look (const PlugRbSwap *swap, PlugRbSwapState *state, GError **error)
{
  g_auto(Places) places = { 0 };

  if (!look_at_places (swap, &places, error))
    return FALSE;

  *state = judge (swap, &places);
  return TRUE;
}

static gboolean
move (const char *from, const char *to, guint flags, GError **error)
{
  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, flags) == 0)
    return TRUE;

  /* RENAME_NOREPLACE is missing on some file systems; recognising the trees came first, so that the
   * flag is only a second lock on the door. */
  if (flags == RENAME_NOREPLACE && (errno == EINVAL || errno == ENOSYS) &&
      !g_file_test (to, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK) && rename (from, to) == 0)
    return TRUE;

  plug_rb_error_set_errno (error, errno, _("“%s” cannot be moved"), from);
  return FALSE;
}

/* Only where two trees cannot be exchanged at all they are moved one after the other. Any other
 * failure would strike there too, and leave nothing in place. */
static gboolean
try_exchange (const char *a, const char *b, gboolean *supported, GError **error)
{
  *supported = !is_exchange_avoided ();
  if (!*supported || renameat2 (AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0)
    return *supported;

  *supported = errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP;
  if (*supported)
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be exchanged"), b);

  return FALSE;
}

static gboolean
exchange_forward (const PlugRbSwap *swap, const Places *places, GError **error)
{
  gboolean supported;

  if (places->live == TREE_OLD) {
    if (try_exchange (places->fresh_path, swap->live, &supported, error))
      return TRUE;
    if (supported || !move (swap->live, places->aside_path, RENAME_NOREPLACE, error))
      return FALSE;
  }

  return move (places->fresh_path, swap->live, RENAME_NOREPLACE, error);
}

static gboolean
exchange_back (const PlugRbSwap *swap, const Places *places, GError **error)
{
  gboolean supported = FALSE;

  if (places->live == TREE_NEW) {
    if (places->fresh == TREE_OLD &&
        try_exchange (places->fresh_path, swap->live, &supported, error))
      return TRUE;
    if (supported || (places->fresh == TREE_OLD &&
                      !move (places->fresh_path, places->aside_path, RENAME_NOREPLACE, error)))
      return FALSE;
    if (!move (swap->live, places->fresh_path, RENAME_NOREPLACE, error))
      return FALSE;
  }

  return move (places->aside_path, swap->live, RENAME_NOREPLACE, error);
}

/* To be moved to another folder a tree must be writable itself, because its ".." changes. */
static gboolean
is_locked (int mode)
{
  return mode >= 0 && (mode & S_IWUSR) == 0;
}

static gboolean
set_mode (const PlugRbSwap *swap, const char *path, Tree tree, gboolean movable, GError **error)
{
  int mode = tree == TREE_OLD ? swap->old_mode : tree == TREE_NEW ? swap->new_mode : -1;

  if (!is_locked (mode) ||
      fchmodat (AT_FDCWD, path, movable ? mode | S_IRWXU : mode, AT_SYMLINK_NOFOLLOW) == 0)
    return TRUE;

  plug_rb_error_set_errno (error, errno, _("The permissions of “%s” cannot be set"), path);
  return FALSE;
}

static gboolean
set_modes (const PlugRbSwap *swap, const Places *places, gboolean movable, GError **error)
{
  return set_mode (swap, swap->live, places->live, movable, error) &&
         set_mode (swap, places->fresh_path, places->fresh, movable, error) &&
         set_mode (swap, places->aside_path, places->aside, movable, error);
}

/* Wherever the trees stand now: their tops get the permissions that they had to lend to the move.
 */
static gboolean
settle_modes (const PlugRbSwap *swap, GError **error)
{
  g_auto(Places) places = { 0 };

  if (!is_locked (swap->old_mode) && !is_locked (swap->new_mode))
    return TRUE;

  return look_at_places (swap, &places, error) && set_modes (swap, &places, FALSE, error);
}

static gboolean
sync_places (const PlugRbSwap *swap, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (swap->live);

  return plug_rb_fs_sync_folder (parent, error) && plug_rb_fs_sync_folder (swap->stage, error);
}

static gboolean
throw_unknown (const PlugRbSwap *swap, GError **error)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NEEDS_USER,
               _("“%s” was replaced by another program meanwhile; nothing there is touched"),
               swap->live);
  return FALSE;
}

/**
 * plug_rb_swap_go_forward:
 *
 * Puts the new tree in place, from wherever the swap stands, and makes that durable. Does nothing
 * if it is there already.
 */
gboolean
plug_rb_swap_go_forward (const PlugRbSwap *swap, GError **error)
{
  g_auto(Places) places = { 0 };
  gboolean moved = TRUE;

  if (!look_at_places (swap, &places, error))
    return FALSE;

  switch (judge (swap, &places)) {
  case PLUG_RB_SWAP_STATE_AFTER:
    break;
  case PLUG_RB_SWAP_STATE_BEFORE:
  case PLUG_RB_SWAP_STATE_BETWEEN:
    if (!set_modes (swap, &places, TRUE, error))
      return FALSE;
    if (swap->kind == PLUG_RB_SWAP_ADD)
      moved = move (places.fresh_path, swap->live, RENAME_NOREPLACE, error);
    else if (swap->kind == PLUG_RB_SWAP_REMOVE)
      moved = move (swap->live, places.aside_path, RENAME_NOREPLACE, error);
    else
      moved = exchange_forward (swap, &places, error);
    break;
  case PLUG_RB_SWAP_STATE_UNKNOWN:
  default:
    return throw_unknown (swap, error);
  }

  return moved && settle_modes (swap, error) && sync_places (swap, error);
}

/**
 * plug_rb_swap_go_back:
 *
 * The reverse of plug_rb_swap_go_forward(). The displaced tree must not have been deleted yet.
 */
gboolean
plug_rb_swap_go_back (const PlugRbSwap *swap, GError **error)
{
  g_auto(Places) places = { 0 };
  gboolean moved = TRUE;

  if (!look_at_places (swap, &places, error))
    return FALSE;

  switch (judge (swap, &places)) {
  case PLUG_RB_SWAP_STATE_BEFORE:
    break;
  case PLUG_RB_SWAP_STATE_AFTER:
  case PLUG_RB_SWAP_STATE_BETWEEN:
    if (!set_modes (swap, &places, TRUE, error))
      return FALSE;
    if (swap->kind == PLUG_RB_SWAP_ADD)
      moved = move (swap->live, places.fresh_path, RENAME_NOREPLACE, error);
    else if (swap->kind == PLUG_RB_SWAP_REMOVE)
      moved = move (places.aside_path, swap->live, RENAME_NOREPLACE, error);
    else
      moved = exchange_back (swap, &places, error);
    break;
  case PLUG_RB_SWAP_STATE_UNKNOWN:
  default:
    return throw_unknown (swap, error);
  }

  return moved && settle_modes (swap, error) && sync_places (swap, error);
}

char *
plug_rb_swap_dup_new_path (const PlugRbSwap *swap)
{
  return g_build_filename (swap->stage, "new", NULL);
}

/**
 * plug_rb_swap_find_trees:
 * @old_path: (out) (nullable): where the old tree stands, be it live or in the stage
 * @new_path: (out) (nullable): the same for the new tree
 *
 * Finds both trees wherever the swap stands.
 */
gboolean
plug_rb_swap_find_trees (const PlugRbSwap *swap, char **old_path, char **new_path, GError **error)
{
  g_auto(Places) places = { 0 };

  *old_path = *new_path = NULL;
  if (!look_at_places (swap, &places, error))
    return FALSE;

  if (places.live == TREE_OLD || places.fresh == TREE_OLD || places.aside == TREE_OLD)
    *old_path = g_strdup (places.live == TREE_OLD    ? swap->live
                          : places.fresh == TREE_OLD ? places.fresh_path
                                                     : places.aside_path);
  if (places.live == TREE_NEW || places.fresh == TREE_NEW)
    *new_path = g_strdup (places.live == TREE_NEW ? swap->live : places.fresh_path);

  return TRUE;
}

/**
 * plug_rb_swap_dup_kept_path:
 *
 * Returns: (transfer full): where a tree of this swap is kept that must not be deleted: beside the
 *   stage, and as deep, so that no host takes it for a plugin
 */
char *
plug_rb_swap_dup_kept_path (const PlugRbSwap *swap)
{
  g_autofree char *number = g_path_get_basename (swap->stage);
  g_autofree char *operation_folder = g_path_get_dirname (swap->stage);
  g_autofree char *parent = g_path_get_dirname (operation_folder);
  const char *id = strrchr (operation_folder, '/') + 1 + strlen (PLUG_RB_JOURNAL_STAGE_PREFIX);
  g_autofree char *name = g_strconcat (PLUG_RB_SWAP_KEPT_PREFIX, id, NULL);

  return g_build_filename (parent, name, number, NULL);
}

/**
 * plug_rb_swap_keep:
 * @path: a tree in the swap's stage
 *
 * Moves a tree to the place of plug_rb_swap_dup_kept_path(), and makes that durable.
 */
gboolean
plug_rb_swap_keep (const PlugRbSwap *swap, const char *path, GError **error)
{
  g_autofree char *kept = plug_rb_swap_dup_kept_path (swap);
  g_autofree char *folder = g_path_get_dirname (kept);
  g_auto(Places) places = { 0 };

  if (!plug_rb_fs_make_folders (folder, error) || !look_at_places (swap, &places, error) ||
      !set_modes (swap, &places, TRUE, error))
    return FALSE;

  return move (path, kept, RENAME_NOREPLACE, error) && plug_rb_fs_sync_folder (folder, error) &&
         plug_rb_fs_sync_folder (swap->stage, error);
}

/* Once deleting has begun a tree is not compared any more: what is missing in it then is missing
 * because of us. */
static gboolean
give_up (const PlugRbSwap *swap, const char *name, gboolean *given_up, GError **error)
{
  g_autofree char *gone = g_strconcat ("gone-", name, NULL);
  g_autofree char *from = g_build_filename (swap->stage, name, NULL);
  g_autofree char *to = g_build_filename (swap->stage, gone, NULL);

  if (rename (from, to) == 0) {
    *given_up = TRUE;
    return TRUE;
  }

  if (errno == ENOENT)
    return TRUE;

  plug_rb_error_set_errno (error, errno, _("“%s” cannot be moved"), from);
  return FALSE;
}

static gboolean
give_up_trees (const PlugRbSwap *swap, GError **error)
{
  gboolean given_up = FALSE;

  return give_up (swap, "new", &given_up, error) && give_up (swap, "old", &given_up, error) &&
         (!given_up || plug_rb_fs_sync_folder (swap->stage, error));
}

/**
 * plug_rb_swap_drop_stage:
 *
 * Deletes all that lies in the swap's stage, and the operation's folder if it is empty then.
 */
gboolean
plug_rb_swap_drop_stage (const PlugRbSwap *swap, GError **error)
{
  g_autofree char *operation_folder = g_path_get_dirname (swap->stage);
  g_autofree char *parent = g_path_get_dirname (operation_folder);

  if (!give_up_trees (swap, error) || !plug_rb_fs_remove_path (swap->stage, error))
    return FALSE;

  if (g_rmdir (operation_folder) < 0 && errno != ENOENT && errno != ENOTEMPTY) {
    plug_rb_error_set_errno (error, errno, _("“%s” cannot be deleted"), operation_folder);
    return FALSE;
  }

  return !g_file_test (parent, G_FILE_TEST_IS_DIR) || plug_rb_fs_sync_folder (parent, error);
}
