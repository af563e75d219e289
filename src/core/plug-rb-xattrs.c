/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-xattrs.h"

#include <errno.h>
#include <string.h>
#include <sys/xattr.h>

static gboolean
is_kept (const char *name)
{
  return g_str_has_prefix (name, "user.") || g_str_has_prefix (name, "system.posix_acl_");
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (strchr (a, ' '), strchr (b, ' '));
}

static char *
join (GPtrArray *lines)
{
  GString *text = g_string_new (NULL);

  g_ptr_array_sort_values (lines, compare_names);
  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (text, "%s\n", (const char *) lines->pdata[i]);

  return g_string_free_and_steal (text);
}

static void
add_line (GPtrArray *lines, const char *name, const guint8 *value, gsize size)
{
  g_autofree char *base64 = g_base64_encode (value, size);

  g_ptr_array_add (lines, g_strconcat (base64, " ", name, NULL));
}

static gboolean
add_attribute (int fd, GPtrArray *lines, const char *name)
{
  gssize size = fgetxattr (fd, name, NULL, 0);
  g_autofree guint8 *value = NULL;

  if (size >= 0) {
    value = g_malloc (size + 1);
    size = fgetxattr (fd, name, value, size);
  }

  /* It went away meanwhile: the times of the file will tell. */
  if (size < 0)
    return errno == ENODATA;

  add_line (lines, name, value, size);
  return TRUE;
}

/**
 * plug_rb_xattrs_read:
 * @fd: an open file or folder
 * @xattrs: (out) (nullable) (transfer full): its extended attributes; %NULL if it has none
 *
 * Returns: whether they could be read; errno is set otherwise. A name with a line break, or one
 * that is not UTF-8, cannot be kept and is an error (EILSEQ)
 */
gboolean
plug_rb_xattrs_read (int fd, char **xattrs)
{
  g_autoptr(GPtrArray) lines = NULL;
  g_autofree char *names = NULL;
  gssize size = flistxattr (fd, NULL, 0);

  *xattrs = NULL;
  if (size <= 0)
    return size == 0 || errno == ENOTSUP;

  names = g_malloc (size);
  if ((size = flistxattr (fd, names, size)) < 0)
    return FALSE;

  lines = g_ptr_array_new_with_free_func (g_free);
  for (const char *name = names; name < names + size; name += strlen (name) + 1) {
    if (!is_kept (name))
      continue;
    if (strchr (name, '\n') != NULL || !g_utf8_validate (name, -1, NULL)) {
      errno = EILSEQ;
      return FALSE;
    }
    if (!add_attribute (fd, lines, name))
      return FALSE;
  }

  if (lines->len > 0)
    *xattrs = join (lines);

  return TRUE;
}

/**
 * plug_rb_xattrs_each:
 *
 * Calls @func for each attribute of a text.
 */
void
plug_rb_xattrs_each (const char *xattrs, PlugRbXattrFunc func, gpointer user_data)
{
  g_auto(GStrv) lines = g_strsplit (xattrs, "\n", -1);

  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++) {
    char *space = strchr (lines[i], ' ');
    g_autofree guchar *value = NULL;
    gsize size;

    *space = '\0';
    value = g_base64_decode (lines[i], &size);
    func (space + 1, value, size, user_data);
  }
}

/* A file that is being dressed. */
typedef struct {
  int fd;
  gboolean written;
} Target;

static void
write_attribute (const char *name, const void *value, gsize size, gpointer user_data)
{
  Target *target = user_data;

  if (target->written && fsetxattr (target->fd, name, value, size, 0) < 0)
    target->written = FALSE;
}

/**
 * plug_rb_xattrs_write:
 * @fd: a new file or folder
 * @xattrs: (nullable): what plug_rb_xattrs_read() gave
 *
 * Returns: whether all could be written; errno is set otherwise
 */
gboolean
plug_rb_xattrs_write (int fd, const char *xattrs)
{
  Target target = { fd, TRUE };

  if (xattrs != NULL)
    plug_rb_xattrs_each (xattrs, write_attribute, &target);

  return target.written;
}

/**
 * plug_rb_xattrs_from_json:
 * @json: (nullable): an object of names and values in base64, which may be hostile
 *
 * Returns: (transfer full) (nullable): the text; %NULL if anything of it is not allowed
 */
char *
plug_rb_xattrs_from_json (JsonObject *json)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GList) names = json ? json_object_get_members (json) : NULL;

  for (GList *l = names; l != NULL; l = l->next) {
    JsonNode *node = json_object_get_member (json, l->data);
    const char *base64 =
        json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
    g_autofree guchar *value = NULL;
    gsize size;

    if (base64 == NULL || !is_kept (l->data) || strchr (l->data, '\n') != NULL)
      return NULL;
    value = g_base64_decode (base64, &size);
    add_line (lines, l->data, value, size);
  }

  return lines->len > 0 ? join (lines) : NULL;
}
