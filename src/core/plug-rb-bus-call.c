/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-bus-call.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-bus.h"
#include "plug-rb-template.h"

#define BUS "session"
#define N_WORDS 5

/**
 * plug_rb_bus_call_free:
 *
 * Frees a call.
 */
void
plug_rb_bus_call_free (PlugRbBusCall *self)
{
  g_free (self->name);
  g_free (self->path);
  g_free (self->interface);
  g_free (self->method);
  g_strfreev (self->arguments);
  g_free (self);
}

static GVariant *
parse (const GVariantType *type, const char *text)
{
  return g_variant_parse (type, text, NULL, NULL, NULL);
}

/* NULL where the text is not of the type. */
static GVariant *
build_argument (const char *argument, const char *id)
{
  g_autofree char *text = argument[0] && argument[1] == ':'
                              ? plug_rb_template_expand (argument + 2, id, NULL, NULL)
                              : NULL;

  if (text == NULL)
    return NULL;

  switch (*argument) {
  case 's':
    return g_variant_new_string (text);
  case 'b':
    return parse (G_VARIANT_TYPE_BOOLEAN, text);
  case 'i':
    return parse (G_VARIANT_TYPE_INT32, text);
  case 'u':
    return parse (G_VARIANT_TYPE_UINT32, text);
  case 'd':
    return parse (G_VARIANT_TYPE_DOUBLE, text);
  default:
    return NULL;
  }
}

static GVariant *
build_arguments (const PlugRbBusCall *self, const char *id)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_TUPLE);

  for (guint i = 0; self->arguments[i] != NULL; i++) {
    GVariant *argument = build_argument (self->arguments[i], id);

    if (argument == NULL) {
      g_variant_builder_clear (&builder);
      return NULL;
    }
    g_variant_builder_add_value (&builder, argument);
  }

  return g_variant_builder_end (&builder);
}

static const char *
find_fault (const PlugRbBusCall *self)
{
  GVariant *built = build_arguments (self, "id");
  g_autoptr(GVariant) arguments = built ? g_variant_ref_sink (built) : NULL;

  if (!g_dbus_is_name (self->name) || *self->name == ':')
    return _("it does not name a program on the bus");
  if (!g_variant_is_object_path (self->path))
    return _("it does not name an object");
  if (!g_dbus_is_interface_name (self->interface) || !g_dbus_is_member_name (self->method))
    return _("it does not name an interface and a method");
  if (arguments == NULL)
    return _("an argument is “s:”, “b:”, “i:”, “u:” or “d:” and a value of that type");

  return NULL;
}

/**
 * plug_rb_bus_call_parse:
 * @text: “session NAME PATH INTERFACE METHOD [TYPE:VALUE...]”
 * @wrong: (out) (optional): what is wrong with it, for people
 *
 * Returns: (transfer full) (nullable): the call, %NULL if @text is not one
 */
PlugRbBusCall *
plug_rb_bus_call_parse (const char *text, const char **wrong)
{
  g_auto(GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr(PlugRbBusCall) self = NULL;
  const char *fault = NULL;

  if (g_strv_length (words) < N_WORDS || !g_str_equal (words[0], BUS)) {
    fault = _("it must be “session NAME PATH INTERFACE METHOD”, and arguments");
  } else {
    self = g_new0 (PlugRbBusCall, 1);
    self->name = g_strdup (words[1]);
    self->path = g_strdup (words[2]);
    self->interface = g_strdup (words[3]);
    self->method = g_strdup (words[4]);
    self->arguments = g_strdupv (words + N_WORDS);
    fault = find_fault (self);
  }

  if (wrong != NULL)
    *wrong = fault;

  return fault ? NULL : g_steal_pointer (&self);
}

/**
 * plug_rb_bus_call_redirect:
 * @name: well-known name of a program that stands for the one that was to be called
 * @path: object path there
 *
 * Has another program called, which the bus may start.
 */
void
plug_rb_bus_call_redirect (PlugRbBusCall *self, const char *name, const char *path)
{
  g_set_str (&self->name, name);
  g_set_str (&self->path, path);
  self->starts = TRUE;
}

/**
 * plug_rb_bus_call_is_of_plugin:
 *
 * Returns: whether the call asks for one plugin; otherwise its answer serves for all of them
 */
gboolean
plug_rb_bus_call_is_of_plugin (const PlugRbBusCall *self)
{
  for (guint i = 0; self->arguments[i] != NULL; i++)
    if (strstr (self->arguments[i], "{id}") != NULL)
      return TRUE;

  return FALSE;
}

/**
 * plug_rb_bus_call_run:
 * @id: the plugin's id
 * @timeout: milliseconds to wait for the answer
 *
 * Usually starts no program: one that does not run cannot be asked.
 *
 * Returns: (transfer full): the answer, a tuple
 */
GVariant *
plug_rb_bus_call_run (const PlugRbBusCall *self, const char *id, int timeout, GError **error)
{
  if (self->starts && !plug_rb_bus_start_service (self->name, error))
    return NULL;

  return plug_rb_bus_call (self->name, self->path, self->interface, self->method,
                           build_arguments (self, id), timeout, error);
}
