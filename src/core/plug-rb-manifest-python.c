/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "plug-rb-error.h"
#include "plug-rb-literal.h"
#include "plug-rb-manifest-reader.h"

/* A dictionary of literals that a Python source gives a name, such as Blender's “bl_info”; things
 * are named by pointers: “/bl_info/version”. Nothing is run: whatever is not a literal is refused.
 * A tuple of numbers is a version: (1, 2, 0) reads “1.2.0”. */

/* "NAME = {" at the start of a line; @p is set before the brace. */
static char *
read_name (const char **p)
{
  gsize length = 0;
  const char *value;
  char *name;

  while (g_ascii_isalnum ((*p)[length]) || (*p)[length] == '_')
    length++;

  value = *p + length + strspn (*p + length, " \t");
  if (length == 0 || *value != '=')
    return NULL;

  value += 1 + strspn (value + 1, " \t");
  if (*value != '{')
    return NULL;

  name = g_strndup (*p, length);
  *p = value;
  return name;
}

/* Takes what is set in a line; gives where the next line begins, or NULL. */
static const char *
take_line (const char *line, JsonObject *object, GError **error)
{
  PlugRbLiteral literal = { line, TRUE, 0 };
  g_autofree char *name = read_name (&literal.p);
  JsonNode *value =
      name ? plug_rb_literal_read_value (&literal, error && *error ? NULL : error) : NULL;
  const char *end = strchr (value ? literal.p : line, '\n');

  if (value != NULL)
    json_object_set_member (object, name, value);

  return end ? end + 1 : NULL;
}

/* The first dictionary that had to be computed is what is wrong, if there is no other. */
static gpointer
parse (const char *text, GError **error)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(GError) cause = NULL;

  for (const char *line = text; line != NULL;)
    line = take_line (line, object, &cause);

  if (json_object_get_size (object) > 0)
    return json_node_init_object (json_node_alloc (), object);

  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    g_set_error_literal (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                         _("there is no dictionary of literals in it"));
  return NULL;
}

const PlugRbManifestReader plug_rb_manifest_python = {
  .name = "python-literal",
  .parse = parse,
  .free = plug_rb_manifest_json_free,
  .dup_text = plug_rb_manifest_json_dup_text,
  .dup_list = plug_rb_manifest_json_dup_list,
  .add_dependencies = plug_rb_manifest_json_add_dependencies,
};
