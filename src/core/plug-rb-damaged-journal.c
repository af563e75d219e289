/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-damaged-journal.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-audit.h"
#include "plug-rb-error.h"
#include "plug-rb-journal.h"
#include "plug-rb-quarantine.h"

/* Its roots are those of every plugin. */
#define ANY_PLUGIN "any"

void
plug_rb_damaged_journal_free (PlugRbDamagedJournal *self)
{
  g_clear_pointer (&self->text, g_bytes_unref);
  g_free (self->id);
  g_free (self->message);
  g_free (self);
}

/**
 * plug_rb_damaged_journal_mentions:
 * @name: key of a plugin or id of a snapshot
 *
 * Whether the operation may be about @name: what is left of the text still has that name.
 */
gboolean
plug_rb_damaged_journal_mentions (const PlugRbDamagedJournal *self, const char *name)
{
  gsize length;
  const char *text = self->text ? g_bytes_get_data (self->text, &length) : NULL;

  return text != NULL && memmem (text, length, name, strlen (name)) != NULL;
}

/**
 * plug_rb_damaged_journal_check:
 * @name: key of a plugin or id of a snapshot that is about to be changed
 *
 * Fails with %PLUG_RB_ERROR_INTERRUPTED while there is a damaged journal that speaks of @name.
 * Nobody else is held up by it.
 */
gboolean
plug_rb_damaged_journal_check (PlugRbStore *store, const char *name, GError **error)
{
  g_autoptr(GPtrArray) journals = plug_rb_store_list_damaged_journals (store, error);

  for (guint i = 0; journals != NULL && i < journals->len; i++) {
    const PlugRbDamagedJournal *journal = journals->pdata[i];

    if (!plug_rb_damaged_journal_mentions (journal, name))
      continue;

    g_set_error (
        error, PLUG_RB_ERROR, PLUG_RB_ERROR_INTERRUPTED,
        _("%s: the record of the interrupted operation %s is damaged. Run “plugrb recover”"), name,
        journal->id);
    return FALSE;
  }

  return journals != NULL;
}

/* ---- setting one aside */

static void
add_if_there (GPtrArray *stages, const char *folder, const char *name)
{
  char *path = g_build_filename (folder, name, NULL);

  if (g_file_test (path, G_FILE_TEST_IS_DIR) &&
      !g_ptr_array_find_with_equal_func (stages, path, g_str_equal, NULL))
    g_ptr_array_add (stages, path);
  else
    g_free (path);
}

/* The folders in which the operation built new trees, or kept old ones: beside the roots of the
 * hosts, or in them. */
static GPtrArray *
find_stages (PlugRbEngine *engine, const char *id)
{
  g_autoptr(GPtrArray) hosts = plug_rb_engine_list_hosts (engine);
  GPtrArray *stages = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *name = g_strconcat (PLUG_RB_JOURNAL_STAGE_PREFIX, id, NULL);

  for (guint i = 0; i < hosts->len; i++) {
    PlugRbHost *host = hosts->pdata[i];
    g_autoptr(GPtrArray) parts =
        plug_rb_host_get_state (host) == PLUG_RB_HOST_STATE_DESCRIPTION_INVALID
            ? g_ptr_array_new ()
            : plug_rb_host_list_parts (host, ANY_PLUGIN);

    for (guint j = 0; j < parts->len; j++) {
      const PlugRbPart *part = parts->pdata[j];
      g_autofree char *parent = g_path_get_dirname (part->root);

      add_if_there (stages, parent, name);
      add_if_there (stages, part->root, name);
    }
  }

  return stages;
}

static char *
describe (GPtrArray *stages, const char *moved)
{
  g_autofree char *list = NULL;

  if (stages->len == 0)
    return g_strdup_printf (
        _("Its record is damaged and was moved to “%s”. Nothing else of it was "
          "found; “plugrb diff” shows whether a plugin is as it should be"),
        moved);

  g_ptr_array_add (stages, NULL);
  list = g_strjoinv ("”, “", (char **) stages->pdata);

  return g_strdup_printf (
      _("Its record is damaged and was moved to “%s”. Files of it are in “%s”. "
        "Look with “plugrb diff” whether the plugin is as it should be, roll it "
        "back if not, then delete them"),
      moved, list);
}

/**
 * plug_rb_damaged_journal_set_aside:
 *
 * Moves the journal to the quarantine, so that it holds up nobody any more, and looks for what the
 * operation left. Nothing live is touched: every tree is exactly old or exactly new, but which one
 * was wanted is not known any more.
 *
 * Returns: (transfer full): what was found; its status is %PLUG_RB_STATUS_NEEDS_USER
 */
PlugRbRecovery *
plug_rb_damaged_journal_set_aside (PlugRbEngine *engine, const PlugRbDamagedJournal *self)
{
  const char *store_path = plug_rb_engine_get_store_path (engine);
  g_autofree char *name = g_strconcat (self->id, ".json", NULL);
  g_autofree char *from = g_build_filename ("operations", "pending", name, NULL);
  g_autofree char *to = g_build_filename ("journals", name, NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *moved = plug_rb_quarantine_move (store_path, from, to, &error);
  g_autoptr(GPtrArray) stages = find_stages (engine, self->id);
  PlugRbRecovery *recovery = g_new0 (PlugRbRecovery, 1);

  recovery->operation = g_strdup (self->id);
  recovery->status = PLUG_RB_STATUS_NEEDS_USER;
  recovery->message = moved ? describe (stages, moved) : g_strdup (error->message);
  if (moved != NULL)
    plug_rb_audit_note (store_path, "quarantine", from);

  return recovery;
}
