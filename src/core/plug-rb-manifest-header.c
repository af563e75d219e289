/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "plug-rb-manifest-reader.h"

/* “Label: value” in the first lines of a script, in comments too; “/Label” names the first one. */

#define LIMIT 8192
#define LONGEST_LABEL 40

static void
take_line (JsonObject *object, const char *line)
{
  const char *start = line + strspn (line, " \t#/*;\"'-");
  gsize length = strcspn (start, ":");
  g_autofree char *label = NULL;
  g_autofree char *value = NULL;

  if (start[length] != ':' || length == 0 || length > LONGEST_LABEL)
    return;

  label = g_strndup (start, length);
  value = g_strdup (start + length + 1);
  g_strstrip (label);
  g_strstrip (value);
  if (g_str_has_suffix (value, "*/"))
    value[strlen (value) - 2] = '\0';
  g_strchomp (value);
  if (*label != '\0' && *value != '\0' && !json_object_has_member (object, label))
    json_object_set_string_member (object, label, value);
}

static gpointer
parse (const char *text, G_GNUC_UNUSED GError **error)
{
  g_autofree char *head = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), LIMIT));
  g_auto(GStrv) lines = g_strsplit_set (head, "\r\n", -1);
  g_autoptr(JsonObject) object = json_object_new ();

  for (guint i = 0; lines[i] != NULL; i++)
    take_line (object, lines[i]);

  return json_node_init_object (json_node_alloc (), object);
}

const PlugRbManifestReader plug_rb_manifest_header = {
  .name = "header",
  .parse = parse,
  .free = plug_rb_manifest_json_free,
  .dup_text = plug_rb_manifest_json_dup_text,
  .dup_list = plug_rb_manifest_json_dup_list,
  .add_dependencies = plug_rb_manifest_json_add_dependencies,
};
