/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-policy-file.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "plug-rb-audit.h"
#include "plug-rb-error.h"
#include "plug-rb-fs.h"
#include "plug-rb-lock.h"
#include "plug-rb-store.h"

#define HOSTS PLUG_RB_POLICY_GROUP "/hosts/"
#define PLUGINS PLUG_RB_POLICY_GROUP "/plugins/"

/* ---- scopes */

/**
 * plug_rb_policy_dup_group:
 * @scope: (nullable): "HOST", "HOST/ID", or %NULL for all
 *
 * Returns: (transfer full): the group of the file, which is the path of the GSettings without its
 *   outer slashes
 */
char *
plug_rb_policy_dup_group (const char *scope)
{
  g_autofree char *escaped = NULL;

  if (scope == NULL)
    return g_strdup (PLUG_RB_POLICY_GROUP);
  if (strchr (scope, '/') == NULL) {
    escaped = plug_rb_store_escape (scope);
    return g_strconcat (HOSTS, escaped, NULL);
  }

  escaped = plug_rb_store_escape_key (scope);
  return g_strconcat (PLUGINS, escaped, NULL);
}

static char *
dup_scope (const char *group)
{
  g_autofree char *scope = NULL;
  g_autofree char *back = NULL;

  if (g_str_has_prefix (group, HOSTS))
    scope = g_uri_unescape_string (group + strlen (HOSTS), NULL);
  else if (g_str_has_prefix (group, PLUGINS))
    scope = g_uri_unescape_string (group + strlen (PLUGINS), NULL);

  /* What is spelled in another way is not what would be read. */
  if (scope == NULL || !g_str_equal (back = plug_rb_policy_dup_group (scope), group))
    return NULL;

  return g_steal_pointer (&scope);
}

static int
compare_scopes (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * plug_rb_policy_list_scopes:
 *
 * Returns: (transfer full) (element-type utf8): hosts and plugins for which the file says
 *   something, sorted
 */
GPtrArray *
plug_rb_policy_list_scopes (GKeyFile *file)
{
  g_auto(GStrv) groups = g_key_file_get_groups (file, NULL);
  GPtrArray *scopes = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; groups[i] != NULL; i++) {
    char *scope = dup_scope (groups[i]);

    if (scope != NULL)
      g_ptr_array_add (scopes, scope);
  }
  g_ptr_array_sort (scopes, compare_scopes);

  return scopes;
}

/* ---- edits */

/**
 * plug_rb_policy_edit_new:
 * @key: (nullable): name of a setting; %NULL for all of the group
 * @value: (nullable): what it becomes; %NULL to take it away
 *
 * Returns: (transfer full): a change
 */
PlugRbPolicyEdit *
plug_rb_policy_edit_new (const char *group, const char *key, GVariant *value)
{
  PlugRbPolicyEdit *self = g_new0 (PlugRbPolicyEdit, 1);

  self->group = g_strdup (group);
  self->key = g_strdup (key);
  self->text = value ? g_variant_print (value, FALSE) : NULL;

  return self;
}

void
plug_rb_policy_edit_free (PlugRbPolicyEdit *self)
{
  g_free (self->group);
  g_free (self->key);
  g_free (self->text);
  g_free (self);
}

/**
 * plug_rb_policy_edits_new:
 *
 * Returns: (transfer full) (element-type PlugRbPolicyEdit): no changes yet
 */
GPtrArray *
plug_rb_policy_edits_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_policy_edit_free);
}

static void
apply (GKeyFile *file, const PlugRbPolicyEdit *edit)
{
  g_auto(GStrv) left = NULL;

  if (edit->text != NULL) {
    g_key_file_set_value (file, edit->group, edit->key, edit->text);
    return;
  }

  if (edit->key != NULL)
    g_key_file_remove_key (file, edit->group, edit->key, NULL);
  left = g_key_file_get_keys (file, edit->group, NULL, NULL);
  if (edit->key == NULL || left == NULL || left[0] == NULL)
    g_key_file_remove_group (file, edit->group, NULL);
}

/**
 * plug_rb_policy_file_apply:
 * @edits: (element-type PlugRbPolicyEdit): changes
 */
void
plug_rb_policy_file_apply (GKeyFile *file, GPtrArray *edits)
{
  for (guint i = 0; i < edits->len; i++)
    apply (file, edits->pdata[i]);
}

/* ---- the file */

/* A crash may leave a file of zeros, which GKeyFile takes for an empty one. */
static gboolean
load_text (GKeyFile *file, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return FALSE;

  if (memchr (text, '\0', length) != NULL) {
    g_set_error_literal (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_PARSE,
                         _("There are zeros in it"));
    return FALSE;
  }

  return g_key_file_load_from_data (file, text, length,
                                    G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS, error);
}

/**
 * plug_rb_policy_file_load:
 * @store_path: folder of the store
 *
 * Returns: (transfer full): what the file says, nothing if there is none; %NULL with
 *   %PLUG_RB_ERROR_CORRUPT if it cannot be read
 */
GKeyFile *
plug_rb_policy_file_load (const char *store_path, GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *path = g_build_filename (store_path, PLUG_RB_POLICY_FILE, NULL);
  g_autoptr(GError) cause = NULL;

  if (load_text (file, path, &cause) || g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return g_steal_pointer (&file);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
               _("The preferences in “%s” cannot be read: %s"), path, cause->message);
  return NULL;
}

static gboolean
save (GKeyFile *file, const char *store_path, GError **error)
{
  g_autofd int fd = plug_rb_fs_open_folder (store_path, error);
  g_autofree char *text = NULL;
  gsize length;

  if (fd < 0)
    return FALSE;

  text = g_key_file_to_data (file, &length, NULL);
  return plug_rb_fs_replace (fd, PLUG_RB_POLICY_FILE, text, length, error);
}

static void
note (const char *store_path, GPtrArray *edits)
{
  for (guint i = 0; i < edits->len; i++) {
    const PlugRbPolicyEdit *edit = edits->pdata[i];
    g_autofree char *scope = dup_scope (edit->group);
    g_autofree char *subject =
        g_strdup_printf ("%s%s%s=%s", scope ? scope : "", scope ? " " : "",
                         edit->key ? edit->key : "*", edit->text ? edit->text : "");

    plug_rb_audit_note (store_path, "policy", subject);
  }
}

/**
 * plug_rb_policy_file_edit:
 * @edits: (element-type PlugRbPolicyEdit): changes, of values that were checked
 *
 * Changes the file: all of the edits or none, durable once this returns, and what others change
 * meanwhile stays. What the user wrote there by hand stays, too: comments, and settings that are
 * not known. A file that cannot be read is not written over.
 */
gboolean
plug_rb_policy_file_edit (const char *store_path, GPtrArray *edits, GError **error)
{
  g_autoptr(PlugRbLock) lock = NULL;
  g_autoptr(GKeyFile) file = NULL;

  /* The folder itself is the lock: the file in it is another one after each change. */
  if (!(lock = plug_rb_lock_new_for_folder (store_path, _("the preferences"), NULL, error)) ||
      !(file = plug_rb_policy_file_load (store_path, error)))
    return FALSE;

  plug_rb_policy_file_apply (file, edits);
  if (!save (file, store_path, error))
    return FALSE;

  note (store_path, edits);
  return TRUE;
}
