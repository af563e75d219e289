/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <fnmatch.h>
#include <glib/gi18n-lib.h>

#include "plug-rb-dconf.h"
#include "plug-rb-error.h"
#include "plug-rb-settings-backend.h"
#include "plug-rb-settings-name.h"

/* Entries of a list of texts in dconf, of which a plugin may have several: such as the applets in
 * Cinnamon's panels, whose entries say where each is. */

#define ATTEMPTS 5

static char **
read_list (PlugRbSettingsStore *store, GVariant **user)
{
  const char *key = plug_rb_settings_store_get (store, "Key");
  g_autoptr(GVariant) fallback = NULL;
  GVariant *list;

  *user = plug_rb_dconf_read (key);
  fallback = *user ? NULL : plug_rb_dconf_read_default (key);
  list = *user ? *user : fallback;

  return list != NULL && g_variant_is_of_type (list, G_VARIANT_TYPE_STRING_ARRAY)
             ? g_variant_dup_strv (list, NULL)
             : NULL;
}

static gboolean
owns_entry (PlugRbSettingsStore *store, const char *entry)
{
  g_auto(GStrv) patterns = plug_rb_settings_store_dup_list (store, "EntryPattern");

  for (guint i = 0; patterns[i] != NULL; i++)
    if (fnmatch (patterns[i], entry, 0) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
read_all (PlugRbSettingsStore *store, PlugRbValues *values, GError **error)
{
  g_autoptr(GVariant) user = NULL;
  g_auto(GStrv) list = read_list (store, &user);

  plug_rb_values_add_folder (values, "/");
  for (guint i = 0; list != NULL && list[i] != NULL; i++) {
    g_autofree char *name = plug_rb_settings_name_build_one (list[i]);

    if (owns_entry (store, list[i]))
      plug_rb_values_set (values, name, g_variant_new ("(us)", i, list[i]));
  }

  return plug_rb_dconf_check_readable (error);
}

static gboolean
can_write (G_GNUC_UNUSED PlugRbSettingsStore *store, GError **error)
{
  return plug_rb_dconf_can_write (error);
}

/* ---- writing */

static void
set_entry (GPtrArray *list, const PlugRbSettingsEdit *edit, const char *entry)
{
  guint32 position = PLUG_RB_VALUES_NO_POSITION;
  guint found;

  if (g_ptr_array_find_with_equal_func (list, entry, g_str_equal, &found)) {
    if (edit->target == NULL)
      g_ptr_array_remove_index (list, found);
    return;
  }
  if (edit->target == NULL)
    return;

  g_variant_get (edit->target, "(us)", &position, NULL);
  g_ptr_array_insert (list, position < list->len ? (int) position : -1, g_strdup (entry));
}

static gboolean
change_list (PlugRbSettingsStore *store, GPtrArray *list, GPtrArray *edits, GError **error)
{
  for (guint i = 0; i < edits->len; i++) {
    const PlugRbSettingsEdit *edit = edits->pdata[i];
    g_auto(GStrv) parts = plug_rb_settings_name_split (edit->name);

    if (parts == NULL || parts[1] != NULL || !owns_entry (store, parts[0]))
      return plug_rb_settings_throw_foreign (store, edit->name, error);
    if (edit->target != NULL && !g_variant_is_of_type (edit->target, G_VARIANT_TYPE ("(us)")))
      return plug_rb_settings_throw_value (store, edit->target, error);

    set_entry (list, edit, parts[0]);
  }

  return TRUE;
}

static GPtrArray *
to_array (char **strv)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; strv[i] != NULL; i++)
    g_ptr_array_add (list, g_strdup (strv[i]));

  return list;
}

static gboolean
write_list (
    PlugRbSettingsStore *store, GVariant *user, GPtrArray *list, gboolean *done, GError **error)
{
  g_autoptr(GPtrArray) edits = plug_rb_settings_edits_new ();
  g_autoptr(GPtrArray) conflicts = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (edits, plug_rb_settings_edit_new (
                              plug_rb_settings_store_get (store, "Key"), user,
                              g_variant_new_strv ((const char *const *) list->pdata, list->len)));
  if (!plug_rb_dconf_apply (edits, conflicts, error))
    return FALSE;

  *done = conflicts->len == 0;
  return TRUE;
}

/* What the host has when nobody has set the list is not known here: writing one would take the rest
 * away. */
static void
leave_alone (GPtrArray *edits, GPtrArray *conflicts)
{
  for (guint i = 0; i < edits->len; i++) {
    const PlugRbSettingsEdit *edit = edits->pdata[i];

    if (edit->target != NULL)
      g_ptr_array_add (conflicts, g_strdup (edit->name));
  }
}

static gboolean
is_same_list (GPtrArray *list, char **strv)
{
  for (guint i = 0; i < list->len; i++)
    if (g_strcmp0 (list->pdata[i], strv[i]) != 0)
      return FALSE;

  return strv[list->len] == NULL;
}

static gboolean
apply (PlugRbSettingsStore *store, GPtrArray *edits, GPtrArray *conflicts, GError **error)
{
  gboolean done = FALSE;

  for (guint i = 0; !done && i < ATTEMPTS; i++) {
    g_autoptr(GVariant) user = NULL;
    g_auto(GStrv) old = read_list (store, &user);
    g_autoptr(GPtrArray) list = old ? to_array (old) : NULL;

    if (list == NULL) {
      leave_alone (edits, conflicts);
      return plug_rb_dconf_check_readable (error);
    }
    if (!change_list (store, list, edits, error))
      return FALSE;
    /* A list that the user has not set stays so if it is as wanted. */
    if (user == NULL && is_same_list (list, old))
      return plug_rb_dconf_check_readable (error);
    if (!write_list (store, user, list, &done, error))
      return FALSE;
  }

  if (!done)
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_BUSY, _("The setting “%s” keeps changing"),
                 plug_rb_settings_store_get (store, "Key"));
  return done;
}

const PlugRbSettingsBackend plug_rb_settings_gsettings_entries = {
  .name = "gsettings-entries",
  .required = (const char *const[]) { "Key", "EntryPattern", NULL },
  .read = read_all,
  .can_write = can_write,
  .apply = apply,
};
