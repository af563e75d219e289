/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* bench-many-snapshots STORE SNAPSHOT.JSON PLUGINS EACH: puts EACH snapshots of PLUGINS plugins
 * into STORE, with the metadata of a real one, an hour between them. Only for listing: all of them
 * name the real one's table and archive. */

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>

#include "plug-rb-json.h"
#include "plug-rb-store.h"

#define HOUR (G_GINT64_CONSTANT (60) * 60 * 1000)

static char *
make_id (gint64 milliseconds)
{
  return g_strdup_printf ("%08x-%04x-7%03x-8%03x-%012" G_GINT64_MODIFIER "x",
                          (guint) (milliseconds >> 16), (guint) (milliseconds & 0xffff),
                          g_random_int () & 0xfff, g_random_int () & 0xfff,
                          (guint64) g_random_int ());
}

static void
alter (JsonObject *json, guint plugin, guint sequence, const char *id, gint64 milliseconds)
{
  const char *host = plug_rb_json_get_string (json, "host");
  g_autofree char *plugin_id = g_strdup_printf ("many-%03u@plugrb.example", plugin);
  g_autofree char *key = g_strdup_printf ("%s/%s", host, plugin_id);
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (milliseconds / 1000);
  g_autofree char *timestamp = plug_rb_time_to_string (time);

  json_object_set_string_member (json, "id", id);
  json_object_set_int_member (json, "sequence", sequence);
  json_object_set_string_member (json, "plugin", key);
  json_object_set_string_member (json, "plugin-id", plugin_id);
  json_object_set_string_member (json, "timestamp", timestamp);
  plug_rb_json_seal (json);
}

static gboolean
save (PlugRbStore *store, JsonObject *json, GError **error)
{
  g_autofree char *key = plug_rb_store_escape_key (plug_rb_json_get_string (json, "plugin"));
  g_autofree char *folder = plug_rb_store_build_path (store, "snapshots", key,
                                                      plug_rb_json_get_string (json, "id"), NULL);
  g_autofree char *file = g_build_filename (folder, "snapshot.json", NULL);
  g_autofree char *text = plug_rb_json_to_string (json);

  if (g_mkdir_with_parents (folder, 0700) < 0) {
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", folder,
                 g_strerror (errno));
    return FALSE;
  }

  return g_file_set_contents_full (file, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, error);
}

static gboolean
fill (PlugRbStore *store, JsonObject *json, guint plugins, guint each, GError **error)
{
  gint64 now = g_get_real_time () / 1000;

  for (guint plugin = 0; plugin < plugins; plugin++) {
    for (guint i = 0; i < each; i++) {
      gint64 time = now - (each - i) * HOUR;
      g_autofree char *id = make_id (time);

      alter (json, plugin, i + 1, id, time);
      if (!save (store, json, error))
        return FALSE;
    }
  }

  return TRUE;
}

static gboolean
work (char **argv, GError **error)
{
  g_autoptr(PlugRbStore) store = plug_rb_store_open (argv[1], error);
  g_autoptr(JsonObject) json = NULL;
  g_autofree char *text = NULL;

  if (store == NULL || !g_file_get_contents (argv[2], &text, NULL, error))
    return FALSE;

  json = plug_rb_json_parse (text, -1, error);

  return json != NULL && fill (store, json, (guint) atoi (argv[3]), (guint) atoi (argv[4]), error);
}

int
main (int argc, char **argv)
{
  g_autoptr(GError) error = NULL;

  if (argc == 5 && work (argv, &error))
    return EXIT_SUCCESS;

  g_printerr ("bench-many-snapshots: %s\n", error ? error->message : "wrong arguments");
  return EXIT_FAILURE;
}
