/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-probe.h"

#include <glib/gi18n-lib.h>

#include "plug-rb-host-value.h"
#include "plug-rb-manifest.h"
#include "plug-rb-template.h"

#define BUS_CALL "dbus-call "
#define FILE_EXISTS "file-exists "
#define LOG_REGEX "log-regex "
#define TIMEOUT_MS 2000

/**
 * plug_rb_probe_check:
 * @value: a `Probe` of a description
 *
 * Returns: (nullable): what is wrong with it, for people
 */
const char *
plug_rb_probe_check (const char *value)
{
  g_autoptr(PlugRbBusCall) call = NULL;
  const char *wrong = NULL;

  if (g_str_has_prefix (value, FILE_EXISTS))
    return plug_rb_value_check_plugin_path (value + strlen (FILE_EXISTS));
  if (g_str_has_prefix (value, LOG_REGEX))
    return plug_rb_log_probe_check_path (value + strlen (LOG_REGEX));
  if (!g_str_has_prefix (value, BUS_CALL))
    return _("it is none of “dbus-call”, “file-exists” and “log-regex”, each with what it asks");

  call = plug_rb_bus_call_parse (value + strlen (BUS_CALL), &wrong);
  return wrong;
}

/**
 * plug_rb_probe_check_pointers:
 * @value: pointers into an answer, parted by semicolons
 *
 * Returns: (nullable): what is wrong with it, for people
 */
const char *
plug_rb_probe_check_pointers (const char *value)
{
  g_auto(GStrv) pointers = g_strsplit (value, ";", -1);

  for (guint i = 0; pointers[i] != NULL; i++)
    if (*pointers[i] != '/' && (*pointers[i] != '\0' || pointers[i + 1] != NULL))
      return _("a place in an answer begins with “/”");

  return NULL;
}

static char **
dup_strings (GKeyFile *file, const char *group, const char *key)
{
  char **strings = g_key_file_get_string_list (file, group, key, NULL, NULL);

  return strings ? strings : g_new0 (char *, 1);
}

static PlugRbLogProbe *
take_log (GKeyFile *file, const char *group, const char *path)
{
  g_autofree char *good = g_key_file_get_string (file, group, "GoodLine", NULL);
  g_autofree char *bad = g_key_file_get_string (file, group, "BadLine", NULL);

  return plug_rb_log_probe_new (path, good, bad);
}

/**
 * plug_rb_probe_take:
 * @group: a group that was found to be valid
 *
 * Returns: (transfer full): the probe
 */
PlugRbProbe *
plug_rb_probe_take (GKeyFile *file, const char *group)
{
  g_autofree char *probe = g_key_file_get_string (file, group, "Probe", NULL);
  PlugRbProbe *self = g_new0 (PlugRbProbe, 1);

  if (g_str_has_prefix (probe, FILE_EXISTS))
    self->file = g_strdup (probe + strlen (FILE_EXISTS));
  else if (g_str_has_prefix (probe, LOG_REGEX))
    self->log = take_log (file, group, probe + strlen (LOG_REGEX));
  else
    self->call = plug_rb_bus_call_parse (probe + strlen (BUS_CALL), NULL);

  self->select = g_key_file_get_string (file, group, "Select", NULL);
  self->version = g_key_file_get_string (file, group, "Version", NULL);
  self->message = g_key_file_get_string (file, group, "Message", NULL);
  self->ok = dup_strings (file, group, "Ok");
  self->bad = dup_strings (file, group, "Bad");

  return self;
}

/**
 * plug_rb_probe_free:
 *
 * Frees a probe.
 */
void
plug_rb_probe_free (PlugRbProbe *self)
{
  g_clear_pointer (&self->call, plug_rb_bus_call_free);
  g_clear_pointer (&self->log, plug_rb_log_probe_free);
  g_free (self->file);
  g_free (self->select);
  g_free (self->version);
  g_free (self->message);
  g_strfreev (self->ok);
  g_strfreev (self->bad);
  g_free (self);
}

/* ---- values in an answer */

static GVariant *
unbox (GVariant *value)
{
  while (value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_VARIANT)) {
    GVariant *inner = g_variant_get_variant (value);

    g_variant_unref (value);
    value = inner;
  }

  return value;
}

static GVariant *
find_child (GVariant *value, const char *token)
{
  guint64 index;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    return g_variant_lookup_value (value, token, NULL);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE ("a{s*}"))) {
    GVariantIter iter;
    GVariant *entry;

    g_variant_iter_init (&iter, value);
    while ((entry = g_variant_iter_next_value (&iter)) != NULL) {
      g_autoptr(GVariant) held = entry;
      g_autoptr(GVariant) key = g_variant_get_child_value (entry, 0);

      if (g_str_equal (g_variant_get_string (key, NULL), token))
        return g_variant_get_child_value (entry, 1);
    }
    return NULL;
  }

  return g_variant_is_container (value) &&
                 g_ascii_string_to_unsigned (token, 10, 0, G_MAXUINT16, &index, NULL) &&
                 index < g_variant_n_children (value)
             ? g_variant_get_child_value (value, index)
             : NULL;
}

/* The answer's first value is what a pointer starts from. */
static GVariant *
find_value (GVariant *reply, const char *pointer, const char *id)
{
  g_auto(GStrv) tokens = g_strsplit (pointer, "/", -1);
  GVariant *value = g_variant_n_children (reply) > 0 ? g_variant_get_child_value (reply, 0) : NULL;

  for (guint i = 1; (value = unbox (value)) != NULL && tokens[i] != NULL; i++) {
    g_autoptr(GVariant) outer = value;
    g_autofree char *token = plug_rb_template_expand (tokens[i], id, NULL, NULL);

    value = *tokens[i] == '\0' ? g_variant_ref (outer) : find_child (outer, token ? token : "");
  }

  return value;
}

/* Numbers as people write them: the bus has them in all sizes, GNOME Shell even as 1.0. */
static char *
print_value (GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (value, NULL);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return g_strdup_printf ("%.15g", g_variant_get_double (value));

  return g_variant_print (value, FALSE);
}

static char *
dup_value (GVariant *reply, const char *pointers, const char *id)
{
  g_auto(GStrv) all = pointers ? g_strsplit (pointers, ";", -1) : NULL;

  for (guint i = 0; all != NULL && all[i] != NULL; i++) {
    g_autoptr(GVariant) value = *all[i] ? find_value (reply, all[i], id) : NULL;

    if (value != NULL)
      return print_value (value);
  }

  return NULL;
}

/* ---- asking */

static PlugRbHealth
judge (
    const PlugRbProbe *self, GVariant *reply, const char *id, const char *version, char **message)
{
  g_autofree char *about = dup_value (reply, self->version, id);
  g_autofree char *found = dup_value (reply, self->select ? self->select : "/", id);
  g_autofree char *said = dup_value (reply, self->message, id);

  if (found == NULL || (about != NULL && version != NULL && !g_str_equal (about, version)))
    return PLUG_RB_HEALTH_UNKNOWN;
  if (g_strv_contains ((const char *const *) self->ok, found))
    return PLUG_RB_HEALTH_GOOD;
  if (!g_strv_contains ((const char *const *) self->bad, found))
    return PLUG_RB_HEALTH_UNKNOWN;

  *message = said ? plug_rb_manifest_make_plain (said) : NULL;
  if (*message == NULL)
    *message = g_strdup (_("The program reports that it does not work"));
  return PLUG_RB_HEALTH_BAD;
}

static PlugRbHealth
look_for_file (const PlugRbProbe *self, const char *id, char **message)
{
  g_autofree char *path = plug_rb_template_expand (self->file, id, NULL, NULL);

  if (path == NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
    return PLUG_RB_HEALTH_UNKNOWN;

  *message = g_strdup_printf (_("The program left “%s” behind when it failed"), path);
  return PLUG_RB_HEALTH_BAD;
}

static PlugRbHealth
read_log (const PlugRbProbe *self, PlugRbPlugin *plugin, GVariant **shared, char **message)
{
  if (*shared == NULL)
    *shared = plug_rb_log_probe_read (self->log);

  return plug_rb_log_probe_judge (self->log, *shared, plug_rb_plugin_get_id (plugin),
                                  plug_rb_plugin_get_path (plugin), message);
}

static PlugRbHealth
call (const PlugRbProbe *self, PlugRbPlugin *plugin, GVariant **shared, char **message)
{
  const char *id = plug_rb_plugin_get_id (plugin);
  g_autoptr(GVariant) reply = NULL;

  reply =
      *shared ? g_variant_ref (*shared) : plug_rb_bus_call_run (self->call, id, TIMEOUT_MS, NULL);
  if (reply == NULL)
    reply = g_variant_ref_sink (g_variant_new_tuple (NULL, 0));
  if (*shared == NULL && !plug_rb_bus_call_is_of_plugin (self->call))
    *shared = g_variant_ref (reply);

  return judge (self, reply, id, plug_rb_plugin_get_version (plugin), message);
}

/**
 * plug_rb_probe_ask:
 * @plugin: an installed plugin
 * @shared: (inout) (nullable): the answer to what does not ask for one plugin, kept for the next
 *   one; a probe that was not answered is not asked again
 * @message: (out) (nullable): what is wrong, for people
 *
 * Returns: what the host says of the plugin; unknown if it does not run, does not answer, or speaks
 *   of another version
 */
PlugRbHealth
plug_rb_probe_ask (const PlugRbProbe *self, PlugRbPlugin *plugin, GVariant **shared, char **message)
{
  *message = NULL;
  if (self->file != NULL)
    return look_for_file (self, plug_rb_plugin_get_id (plugin), message);

  return self->log ? read_log (self, plugin, shared, message)
                   : call (self, plugin, shared, message);
}
