/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-membership.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-dconf.h"
#include "plug-rb-error.h"

#define MAX_ATTEMPTS 5

/**
 * plug_rb_membership_new:
 *
 * Returns: (transfer full): a membership, with @unset %FALSE
 */
PlugRbMembership *
plug_rb_membership_new (
    const char *name, const char *key, const char *entry, gboolean present, int position)
{
  PlugRbMembership *self = g_new0 (PlugRbMembership, 1);

  self->name = g_strdup (name);
  self->key = g_strdup (key);
  self->entry = g_strdup (entry);
  self->present = present;
  self->position = position;

  return self;
}

/**
 * plug_rb_membership_free:
 *
 * Frees a membership.
 */
void
plug_rb_membership_free (PlugRbMembership *membership)
{
  g_free (membership->name);
  g_free (membership->key);
  g_free (membership->entry);
  g_free (membership);
}

/* One list as it is stored now: @user is what the user set, @fallback what holds if he set nothing.
 */
typedef struct {
  GVariant *user;
  GVariant *fallback;
} List;

static void
list_clear (List *list)
{
  g_clear_pointer (&list->user, g_variant_unref);
  g_clear_pointer (&list->fallback, g_variant_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (List, list_clear)

static void
list_read (List *list, const char *key)
{
  list->user = plug_rb_dconf_read (key);
  list->fallback = plug_rb_dconf_read_default (key);
  if (list->fallback == NULL ||
      !g_variant_is_of_type (list->fallback, G_VARIANT_TYPE_STRING_ARRAY)) {
    g_clear_pointer (&list->fallback, g_variant_unref);
    list->fallback = g_variant_ref_sink (g_variant_new_strv (NULL, 0));
  }
}

/* NULL where something else than a list is stored. */
static GPtrArray *
list_dup_entries (const List *list)
{
  GVariant *value = list->user ? list->user : list->fallback;
  g_autofree const char **strings = NULL;
  GPtrArray *entries;

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return NULL;

  strings = g_variant_get_strv (value, NULL);
  entries = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; strings[i] != NULL; i++)
    g_ptr_array_add (entries, g_strdup (strings[i]));

  return entries;
}

static int
find (GPtrArray *entries, const char *entry)
{
  guint index;

  if (!g_ptr_array_find_with_equal_func (entries, entry, g_str_equal, &index))
    return -1;

  return index;
}

/**
 * plug_rb_membership_read:
 * @name: name of the state
 * @key: absolute dconf key of a list of strings
 * @entry: what to look for in it
 *
 * Looks up one entry in a list as it is stored now. What is not a list reads as an empty one.
 *
 * Returns: (transfer full): the membership
 */
PlugRbMembership *
plug_rb_membership_read (const char *name, const char *key, const char *entry)
{
  g_auto(List) list = { NULL, NULL };
  g_autoptr(GPtrArray) entries = NULL;
  PlugRbMembership *self;
  int position = -1;

  list_read (&list, key);
  entries = list_dup_entries (&list);
  if (entries != NULL)
    position = find (entries, entry);

  self = plug_rb_membership_new (name, key, entry, position >= 0, position);
  self->unset = list.user == NULL;

  return self;
}

static void
change_entries (GPtrArray *entries, const PlugRbMembership *target)
{
  int position;

  while ((position = find (entries, target->entry)) >= 0)
    g_ptr_array_remove_index (entries, position);

  if (target->present) {
    gboolean fits = target->position >= 0 && (guint) target->position < entries->len;

    g_ptr_array_insert (entries, fits ? target->position : -1, g_strdup (target->entry));
  }
}

/* NULL stands for a key that is not set: nothing is left of what made it necessary to set it. */
static GVariant *
list_build (const List *list, GPtrArray *entries, const PlugRbMembership *target)
{
  g_autoptr(GVariant) value =
      g_variant_ref_sink (g_variant_new_strv ((const char *const *) entries->pdata, entries->len));

  if (target->unset && g_variant_equal (value, list->fallback))
    return NULL;

  return g_steal_pointer (&value);
}

static gboolean
write_list (const char *key, GVariant *before, GVariant *target, gboolean *done, GError **error)
{
  g_autoptr(GPtrArray) edits = plug_rb_settings_edits_new ();
  g_autoptr(GPtrArray) conflicts = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (edits, plug_rb_settings_edit_new (key, before, target));
  if (!plug_rb_dconf_apply (edits, conflicts, error))
    return FALSE;

  *done = conflicts->len == 0;
  return TRUE;
}

static gboolean
try_apply (const PlugRbMembership *target, gboolean *done, GError **error)
{
  g_auto(List) list = { NULL, NULL };
  g_autoptr(GPtrArray) entries = NULL;
  g_autoptr(GVariant) value = NULL;

  list_read (&list, target->key);
  entries = list_dup_entries (&list);
  if (entries == NULL) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS, _("The setting “%s” is not a list"),
                 target->key);
    return FALSE;
  }

  /* Writing what is there already brings to the disk what an earlier attempt may not have. */
  if ((find (entries, target->entry) >= 0) == target->present)
    return write_list (target->key, list.user, list.user, done, error);

  change_entries (entries, target);
  value = list_build (&list, entries, target);

  return write_list (target->key, list.user, value, done, error);
}

static gboolean
check_same (const PlugRbMembership *before, const PlugRbMembership *target, GError **error)
{
  if (g_str_equal (before->key, target->key) && g_str_equal (before->entry, target->entry))
    return TRUE;

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS,
               _("“%s” in “%s” cannot be compared with “%s” in “%s”"), before->entry, before->key,
               target->entry, target->key);
  return FALSE;
}

/**
 * plug_rb_membership_apply:
 * @before: what the caller saw
 * @target: what is wanted
 *
 * Puts one entry into a list at its place or takes it out. All other entries stay, in their order,
 * also those that came or went since @before was read. Does nothing if the entry's presence is as
 * wanted. A list that was not set before and would be empty is reset. Durable when it returns.
 *
 * Returns: whether it worked; otherwise %PLUG_RB_ERROR_SETTINGS
 */
gboolean
plug_rb_membership_apply (const PlugRbMembership *before,
                          const PlugRbMembership *target,
                          GError **error)
{
  g_return_val_if_fail (before != NULL && target != NULL, FALSE);

  if (!check_same (before, target, error))
    return FALSE;

  /* Somebody else may change the list between reading and writing it. */
  for (guint i = 0; i < MAX_ATTEMPTS; i++) {
    gboolean done = FALSE;

    if (!try_apply (target, &done, error))
      return FALSE;
    if (done)
      return TRUE;
  }

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS,
               _("The setting “%s” is being changed all the time"), target->key);
  return FALSE;
}
