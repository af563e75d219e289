/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-demo-plugin.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#include "plug-rb-error.h"

#define MANIFEST "plugin.json"
#define SCRIPT "main.script"
#define YEAR_BEGIN 1767225600 /* 2026-01-01 */

/* More than there is room for where the disk is full. It does not shrink. */
#define NOISE_SIZE (8 * 1024 * 1024)

/* Behind the header of the first file. */
#define DAMAGE_BEGIN 80
#define DAMAGE_END 120

typedef struct archive Writer;
typedef struct archive_entry Entry;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Writer, archive_write_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Entry, archive_entry_free)

static char *
make_manifest (const char *version, const char *program, const char *needs)
{
  return g_strdup_printf ("{\n  \"id\": \"%s\",\n  \"name\": \"Fireworks\",\n"
                          "  \"version\": \"%s\",\n  \"program\": \"%s\",\n  \"needs\": [%s]\n}\n",
                          PLUG_RB_DEMO_ID, version, program, needs);
}

/* ---- version 1.0, as it has been there for long */

static gboolean
put (const char *folder, const char *name, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  struct utimbuf times = { YEAR_BEGIN, YEAR_BEGIN };

  if (!g_file_set_contents (path, text, -1, error))
    return FALSE;

  g_utime (path, &times);
  return TRUE;
}

/**
 * plug_rb_demo_plugin_set_up:
 * @plugins: folder of the program's plugins
 * @settings: file with the program's settings
 *
 * Puts version 1.0 there, enabled and with settings that somebody chose, beside those of others.
 */
gboolean
plug_rb_demo_plugin_set_up (const char *plugins, const char *settings, GError **error)
{
  g_autofree char *folder = g_build_filename (plugins, PLUG_RB_DEMO_ID, NULL);
  g_autofree char *colors = g_build_filename (folder, "colors", NULL);
  g_autofree char *config = g_path_get_dirname (settings);
  g_autofree char *manifest = make_manifest ("1.0", "2.0", "");

  g_mkdir_with_parents (colors, 0755);
  g_mkdir_with_parents (config, 0700);

  return put (folder, MANIFEST, manifest, error) &&
         put (folder, SCRIPT, "say Whoosh\nsay Bang\n", error) &&
         put (colors, "warm", "red\norange\ngold\n", error) &&
         g_file_set_contents (settings,
                              "[Plugins]\nenabled=['clock', '" PLUG_RB_DEMO_ID "']\n\n"
                              "[clock]\nhours=24\n\n"
                              "[" PLUG_RB_DEMO_ID "]\ncolor='gold'\nrockets=12\n",
                              -1, error);
}

/* ---- the package of version 2.0 */

static gboolean
throw_unwritten (Writer *writer, GError **error)
{
  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_FAILED,
               _("The demo's package cannot be written: %s"), archive_error_string (writer));
  return FALSE;
}

static gboolean
add (Writer *writer, const char *name, const void *data, gsize length, GError **error)
{
  g_autofree char *path = g_strconcat (PLUG_RB_DEMO_ID "/", name, NULL);
  g_autoptr(Entry) entry = archive_entry_new ();

  archive_entry_set_pathname (entry, path);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, (la_int64_t) length);
  archive_entry_set_mtime (entry, YEAR_BEGIN + 30 * 24 * 3600, 0);

  return (archive_write_header (writer, entry) == ARCHIVE_OK &&
          archive_write_data (writer, data, length) == (la_ssize_t) length) ||
         throw_unwritten (writer, error);
}

static gboolean
add_noise (Writer *writer, GError **error)
{
  g_autofree guint32 *noise = g_malloc (NOISE_SIZE);
  g_autoptr(GRand) rand = g_rand_new_with_seed (1);

  for (gsize i = 0; i < NOISE_SIZE / sizeof *noise; i++)
    noise[i] = g_rand_int (rand);

  return add (writer, "concert.pcm", noise, NOISE_SIZE, error);
}

static gboolean
add_all (Writer *writer, PlugRbDemoScenario scenario, GError **error)
{
  const char *program =
      scenario == PLUG_RB_DEMO_HOST_VERSION ? "4.0" : PLUG_RB_DEMO_PROGRAM_VERSION;
  const char *needs = scenario == PLUG_RB_DEMO_DEPENDENCY ? "\"gunpowder\"" : "";
  g_autofree char *manifest = make_manifest ("2.0", program, needs);
  /* The settings are changed before it breaks, as real updates do. */
  const char *script = scenario == PLUG_RB_DEMO_HEALTH
                           ? "set color 'rainbow'\nset format 2\nsay Whoosh\nsparkle brightly\n"
                           : "set color 'rainbow'\nset format 2\nsay Whoosh\nsay Sparkle\n";

  return add (writer, MANIFEST, manifest, strlen (manifest), error) &&
         add (writer, SCRIPT, script, strlen (script), error) &&
         add (writer, "colors/rainbow", "red\ngreen\nblue\n", 15, error) &&
         (scenario != PLUG_RB_DEMO_DISK_FULL || add_noise (writer, error));
}

/* Some bytes of what was packed first are others, as after a download that went wrong. */
static gboolean
damage (const char *path, GError **error)
{
  g_autofree char *data = NULL;
  gsize length;

  if (!g_file_get_contents (path, &data, &length, error))
    return FALSE;

  for (gsize i = DAMAGE_BEGIN; i < MIN (DAMAGE_END, length); i++)
    data[i] ^= 0x55;

  return g_file_set_contents (path, data, (gssize) length, error);
}

/**
 * plug_rb_demo_plugin_write_package:
 * @path: the ZIP file to write
 *
 * Makes the package of version 2.0, with the fault that the scenario is about.
 */
gboolean
plug_rb_demo_plugin_write_package (PlugRbDemoScenario scenario, const char *path, GError **error)
{
  g_autoptr(Writer) writer = archive_write_new ();

  if (archive_write_set_format_zip (writer) != ARCHIVE_OK ||
      archive_write_open_filename (writer, path) != ARCHIVE_OK)
    return throw_unwritten (writer, error);
  if (!add_all (writer, scenario, error))
    return FALSE;
  if (archive_write_close (writer) != ARCHIVE_OK)
    return throw_unwritten (writer, error);

  return scenario != PLUG_RB_DEMO_PACKAGE || damage (path, error);
}
