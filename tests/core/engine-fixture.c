/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "engine-fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "plug-rb-fs.h"
#include "plug-rb-transaction.h"

void
fixture_put (Fixture *fixture, const char *name, const char *content)
{
  g_autofree char *path = g_build_filename (fixture->plugin, name, NULL);
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

  g_assert_cmpint (fd, >=, 0);
  g_assert_true (plug_rb_fs_write (fd, content, strlen (content), NULL));
  close (fd);
}

/* What does not compress, so that damage to its bytes is certain to matter. */
void
fixture_put_noise (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->plugin, "noise", NULL);

  scratch_run ((const char *[]) { "bash", "-c", "head -c 200000 /dev/urandom > \"$1\"", "noise",
                                  path, NULL });
}

void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *extensions = scratch_extensions ();

  fixture->plugin = g_build_filename (extensions, ID, NULL);
  fixture->engine = scratch_open ();
  scratch_install_sample (1);
  fixture_put_noise (fixture);
  scratch_set (SETTINGS "speed", "7");
  scratch_set (ENABLED, "['x@y', '" ID "', 'z@y']");
  fixture->wanted = scratch_picture ();
  fixture->target = scratch_snapshot (fixture->engine, ID);

  scratch_install_sample (2);
  scratch_set (SETTINGS "speed", "2");
  scratch_set (SETTINGS "title", "'two'");
  scratch_set (ENABLED, "['x@y', 'z@y']");
  fixture->before = scratch_picture ();
}

void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *shell = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);
  const char *store = plug_rb_engine_get_store_path (fixture->engine);

  plug_rb_transaction_set_checkpoint (NULL);
  scratch_run ((const char *[]) { "chmod", "-R", "u+rwX", shell, store, NULL });
  scratch_run ((const char *[]) { "rm", "-rf", shell, store, NULL });
  scratch_run ((const char *[]) { "dconf", "reset", "-f", "/", NULL });
  g_clear_object (&fixture->target);
  g_clear_object (&fixture->engine);
  g_free (fixture->plugin);
  g_free (fixture->wanted);
  g_free (fixture->before);
}

void
fixture_assert_picture (const char *expected)
{
  g_autofree char *picture = scratch_picture ();

  g_assert_cmpstr (picture, ==, expected);
}

PlugRbPlugin *
fixture_find_plugin (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  PlugRbPlugin *plugin = plug_rb_engine_find_plugin (fixture->engine, KEY, &error);

  g_assert_no_error (error);
  return plugin;
}

void
fixture_roll_back (Fixture *fixture, PlugRbScope scope)
{
  g_autoptr(GPtrArray) targets = g_ptr_array_new ();
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_ROLLBACK);
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (targets, fixture->target);
  plug_rb_engine_rollback (fixture->engine, targets, scope, operation, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (plug_rb_operation_get_status (operation), ==, PLUG_RB_STATUS_COMPLETED);
}

PlugRbOperation *
fixture_last_operation (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) operations = plug_rb_engine_list_operations (fixture->engine, KEY, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (operations->len, >, 0);
  return g_object_ref (operations->pdata[0]);
}

void
fixture_assert_nothing_left (Fixture *fixture)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "gnome-shell", NULL);
  g_autofree char *found =
      scratch_output ((const char *[]) { "find", folder, "-name", ".plugrb-*", NULL });
  g_autoptr(GPtrArray) pending = plug_rb_engine_list_pending (fixture->engine, NULL);
  g_autofree char *files = scratch_store_files ();

  g_assert_cmpstr (found, ==, "");
  g_assert_cmpuint (pending->len, ==, 0);
  g_assert_null (strstr (files, "pending"));
  g_assert_null (strstr (files, ".tmp-"));
}

/* Returns the error of a rollback that must fail, and leave no trace but that in the history. */
GError *
fixture_fail (Fixture *fixture, GQuark domain, int code, const char *code_name)
{
  GError *error = NULL;
  g_autoptr(PlugRbOperation) operation =
      scratch_roll_back (fixture->engine, fixture->target, &error);
  g_autoptr(PlugRbOperation) recorded = fixture_last_operation (fixture);
  gboolean canceled = domain == G_IO_ERROR;

  g_assert_error (error, domain, code);
  g_assert_cmpint (plug_rb_operation_get_status (operation), ==,
                   canceled ? PLUG_RB_STATUS_CANCELED : PLUG_RB_STATUS_FAILED);
  g_assert_cmpstr (plug_rb_operation_get_id (recorded), ==, plug_rb_operation_get_id (operation));
  g_assert_cmpint (plug_rb_operation_get_status (recorded), ==,
                   plug_rb_operation_get_status (operation));
  g_assert_cmpstr (plug_rb_operation_get_error_code (recorded), ==, code_name);
  g_assert_false (plug_rb_operation_get_can_undo (recorded));
  fixture_assert_nothing_left (fixture);

  return error;
}

void
fixture_undo (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) operation = scratch_undo (fixture->engine, &error);

  g_assert_no_error (error);
}

char *
fixture_archive_path (Fixture *fixture)
{
  g_autofree char *name = g_strconcat (plug_rb_snapshot_get_id (fixture->target), ".tar.zst", NULL);

  return g_build_filename (plug_rb_engine_get_store_path (fixture->engine), "archives", KEY, name,
                           NULL);
}

void
fixture_flip (const char *path, gsize offset)
{
  g_autofree char *content = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  content[offset % length] ^= 0x10;
  g_assert_true (g_file_set_contents (path, content, length, NULL));
}

Fixture *fixture_present;
static const char *act_at;
static void (*act) (void);

static void
reach (const char *name)
{
  if (g_str_equal (name, act_at))
    act ();
}

void
fixture_at (Fixture *fixture, const char *point, void (*func) (void))
{
  fixture_present = fixture;
  act_at = point;
  act = func;
  plug_rb_transaction_set_checkpoint (reach);
}

gboolean
fixture_has_text (const char *const *texts, const char *part)
{
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    if (strstr (texts[i], part) != NULL)
      return TRUE;

  return FALSE;
}

/* What is there but for the stage, which lies beside it. */
char *
fixture_picture_live (void)
{
  g_autofree char *picture = scratch_picture ();
  g_autoptr(GString) text = g_string_new (NULL);
  g_auto(GStrv) lines = g_strsplit (picture, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], "/.plugrb-") == NULL)
      g_string_append_printf (text, "%s\n", lines[i]);

  return g_string_free_and_steal (g_steal_pointer (&text));
}

void
fixture_assert_no_snapshot (Fixture *fixture, const char *prefix, PlugRbError code)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (plug_rb_engine_find_snapshot (fixture->engine, prefix, &error));
  g_assert_error (error, PLUG_RB_ERROR, (int) code);
}

PlugRbSnapshot *
fixture_snapshot_absent (Fixture *fixture)
{
  PlugRbHost *host = plug_rb_engine_get_host (fixture->engine, "gnome-shell", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPlugin) plugin = plug_rb_host_dup_plugin (host, ID, &error);
  g_autoptr(PlugRbOperation) operation = plug_rb_operation_new (PLUG_RB_KIND_SNAPSHOT);
  PlugRbSnapshot *snapshot;
  gboolean created;

  g_assert_no_error (error);
  g_assert_false (plug_rb_plugin_get_installed (plugin));
  snapshot = plug_rb_engine_snapshot (fixture->engine, plugin, PLUG_RB_REASON_PRE_INSTALL, NULL,
                                      NULL, &created, operation, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (created);
  g_assert_true (plug_rb_snapshot_get_absent (snapshot));

  return snapshot;
}

void
fixture_add_cases (const FixtureCase *cases, gsize n)
{
  for (gsize i = 0; i < n; i++)
    g_test_add (cases[i].path, Fixture, cases[i].data, fixture_set_up, cases[i].func,
                fixture_tear_down);
}
