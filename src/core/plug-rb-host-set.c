/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host-set.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-error.h"

struct _PlugRbHostSet {
  GMutex lock;
  GPtrArray *all;  /* NULL until somebody wants them */
  GPtrArray *some; /* those that were asked for by name before that */
};

PlugRbHostSet *
plug_rb_host_set_new (void)
{
  PlugRbHostSet *self = g_new0 (PlugRbHostSet, 1);

  g_mutex_init (&self->lock);
  self->some = g_ptr_array_new_with_free_func (g_object_unref);

  return self;
}

void
plug_rb_host_set_free (PlugRbHostSet *self)
{
  g_clear_pointer (&self->all, g_ptr_array_unref);
  g_ptr_array_unref (self->some);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static PlugRbHost *
find_in (GPtrArray *hosts, const char *id)
{
  for (guint i = 0; hosts != NULL && i < hosts->len; i++)
    if (g_str_equal (plug_rb_host_get_id (hosts->pdata[i]), id))
      return hosts->pdata[i];

  return NULL;
}

/* Under the lock. A host that was given out is that host from then on. */
static GPtrArray *
load_all (PlugRbHostSet *self, GError **error)
{
  if (self->all != NULL)
    return self->all;

  if (!(self->all = plug_rb_host_load_all (error)))
    return NULL;
  for (guint i = 0; i < self->all->len; i++) {
    PlugRbHost *known = find_in (self->some, plug_rb_host_get_id (self->all->pdata[i]));

    if (known != NULL) {
      g_object_unref (self->all->pdata[i]);
      self->all->pdata[i] = g_object_ref (known);
    }
  }

  return self->all;
}

/**
 * plug_rb_host_set_list:
 *
 * Returns: (transfer full) (element-type PlugRbHost): all hosts, those with a broken description
 *   included; none if this process could open no more files
 */
GPtrArray *
plug_rb_host_set_list (PlugRbHostSet *self)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) error = NULL;

  g_mutex_lock (&self->lock);
  if (load_all (self, &error) == NULL)
    g_warning ("%s", error->message);
  for (guint i = 0; self->all != NULL && i < self->all->len; i++)
    g_ptr_array_add (copy, g_object_ref (self->all->pdata[i]));
  g_mutex_unlock (&self->lock);

  return copy;
}

/* Under the lock. A description may have any file name, but most are called like their host. */
static PlugRbHost *
look_up (PlugRbHostSet *self, const char *id, GError **error)
{
  PlugRbHost *host = find_in (self->some, id);
  GPtrArray *named;

  if (host == NULL)
    host = find_in (self->all, id);
  if (host != NULL || self->all != NULL)
    return host;

  if (!(named = plug_rb_host_load_named (id, error)))
    return NULL;

  g_ptr_array_extend_and_steal (self->some, named);
  host = find_in (self->some, id);

  return host ? host : find_in (load_all (self, error), id);
}

/**
 * plug_rb_host_set_find:
 *
 * Returns: (transfer none): the host of that id, or %NULL with %PLUG_RB_ERROR_NOT_FOUND, or with
 *   %PLUG_RB_ERROR_CORRUPT if its description is broken
 */
PlugRbHost *
plug_rb_host_set_find (PlugRbHostSet *self, const char *id, GError **error)
{
  g_autoptr(GError) cause = NULL;
  PlugRbHost *host;

  g_mutex_lock (&self->lock);
  host = look_up (self, id, &cause);
  g_mutex_unlock (&self->lock);

  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  if (host == NULL) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
                 _("There is no program “%s”. “plugrb hosts” lists those that are known"), id);
    return NULL;
  }
  if (plug_rb_host_get_state (host) == PLUG_RB_HOST_STATE_DESCRIPTION_INVALID) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT,
                 _("The description of %s is invalid: %s"), id, plug_rb_host_get_message (host));
    return NULL;
  }

  return host;
}
