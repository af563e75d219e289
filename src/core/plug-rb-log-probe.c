/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-log-probe.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "plug-rb-manifest.h"
#include "plug-rb-template.h"
#include "plug-rb-host-value.h"

/* Plugins are loaded when a host starts, so that what is said of them stands near the beginning. */
#define MAX_LOG (1024 * 1024)

/* A time in microseconds since the epoch, and the text. */
#define LOG_TYPE "(xs)"

static GRegex *
compile_line (const char *pattern, const char *id)
{
  g_autofree char *escaped = g_regex_escape_string (id, -1);
  g_autoptr(GString) bound = g_string_new (pattern);

  g_string_replace (bound, "{id}", escaped, 0);

  return g_regex_new (bound->str, G_REGEX_MULTILINE | G_REGEX_OPTIMIZE, 0, NULL);
}

/**
 * plug_rb_log_probe_check_path:
 * @value: the path of a host's logs in a description
 *
 * Returns: (nullable): what is wrong with it, for people
 */
const char *
plug_rb_log_probe_check_path (const char *value)
{
  g_autofree char *folder = g_path_get_dirname (value);

  return strpbrk (folder, "*?") ? _("only the last part of the path may be a pattern")
                                : plug_rb_value_check_path (value);
}

/**
 * plug_rb_log_probe_check_line:
 * @value: an expression for a line in a description
 *
 * Returns: (nullable): what is wrong with it, for people
 */
const char *
plug_rb_log_probe_check_line (const char *value)
{
  g_autoptr(GRegex) regex = compile_line (value, "id");

  if (strstr (value, "{id}") == NULL)
    return _("without “{id}” every plugin would be meant");

  return regex ? NULL : _("this is not a regular expression");
}

/**
 * plug_rb_log_probe_new:
 * @path: a path that was found to be valid
 * @good: (nullable): likewise an expression
 * @bad: (nullable): likewise
 *
 * Returns: (transfer full): the probe
 */
PlugRbLogProbe *
plug_rb_log_probe_new (const char *path, const char *good, const char *bad)
{
  PlugRbLogProbe *self = g_new0 (PlugRbLogProbe, 1);

  self->path = g_strdup (path);
  self->good = g_strdup (good);
  self->bad = g_strdup (bad);

  return self;
}

/**
 * plug_rb_log_probe_free:
 *
 * Frees a probe.
 */
void
plug_rb_log_probe_free (PlugRbLogProbe *self)
{
  g_free (self->path);
  g_free (self->good);
  g_free (self->bad);
  g_free (self);
}

/* ---- reading */

static gint64
get_time (GFileInfo *info, const char *seconds, const char *microseconds)
{
  return (gint64) g_file_info_get_attribute_uint64 (info, seconds) * G_USEC_PER_SEC +
         g_file_info_get_attribute_uint32 (info, microseconds);
}

/* A file system that does not know when a file was made knows when it was last written. */
static gint64
get_beginning (GFileInfo *info)
{
  return g_file_info_has_attribute (info, G_FILE_ATTRIBUTE_TIME_CREATED)
             ? get_time (info, G_FILE_ATTRIBUTE_TIME_CREATED, G_FILE_ATTRIBUTE_TIME_CREATED_USEC)
             : get_time (info, G_FILE_ATTRIBUTE_TIME_MODIFIED, G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC);
}

static char *
find_newest (const char *path, gint64 *begun)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *pattern = g_path_get_basename (path);
  g_autoptr(GFile) file = g_file_new_for_path (folder);
  g_autoptr(GFileEnumerator) children =
      g_file_enumerate_children (file, "standard::name,standard::type,time::*",
                                 G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  g_autofree char *newest = NULL;
  GFileInfo *info;

  while (children != NULL && g_file_enumerator_iterate (children, &info, NULL, NULL, NULL) &&
         info != NULL)
    if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR &&
        g_pattern_match_simple (pattern, g_file_info_get_name (info)) &&
        (newest == NULL || get_beginning (info) > *begun)) {
      *begun = get_beginning (info);
      g_free (newest);
      newest = g_strdup (g_file_info_get_name (info));
    }

  return newest ? g_build_filename (folder, newest, NULL) : NULL;
}

static char *
read_beginning (const char *path)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInputStream) stream = g_file_read (file, NULL, NULL);
  g_autoptr(GBytes) bytes =
      stream ? g_input_stream_read_bytes (G_INPUT_STREAM (stream), MAX_LOG, NULL, NULL) : NULL;
  gsize size = 0;
  const char *data = bytes ? g_bytes_get_data (bytes, &size) : NULL;

  return data ? g_utf8_make_valid (data, (gssize) size) : g_strdup ("");
}

/**
 * plug_rb_log_probe_read:
 *
 * Reads the newest log; this need be done once for all plugins.
 *
 * Returns: (transfer full): it, for plug_rb_log_probe_judge()
 */
GVariant *
plug_rb_log_probe_read (const PlugRbLogProbe *self)
{
  g_autofree char *path = plug_rb_template_expand (self->path, NULL, NULL, NULL);
  gint64 begun = 0;
  g_autofree char *newest = path ? find_newest (path, &begun) : NULL;
  g_autofree char *text = newest ? read_beginning (newest) : g_strdup ("");

  return g_variant_ref_sink (g_variant_new (LOG_TYPE, begun, text));
}

/* ---- judging */

/* What a log says that was begun before the plugin was put there is about another version. */
static gboolean
is_about (gint64 begun, const char *plugin)
{
  g_autoptr(GFile) file = g_file_new_for_path (plugin ? plugin : "");
  g_autoptr(GFileInfo) info = g_file_query_info (file, "time::changed,time::changed-usec",
                                                 G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);

  return info != NULL &&
         begun > get_time (info, G_FILE_ATTRIBUTE_TIME_CHANGED, G_FILE_ATTRIBUTE_TIME_CHANGED_USEC);
}

static char *
dup_line (const char *text, int start, int end)
{
  while (start > 0 && text[start - 1] != '\n')
    start--;
  while (text[end] != '\0' && text[end] != '\n')
    end++;

  return g_strndup (text + start, (gsize) (end - start));
}

/* The line in which @pattern is found, or NULL. */
static char *
find_line (const char *text, const char *pattern, const char *id)
{
  g_autoptr(GRegex) regex = pattern ? compile_line (pattern, id) : NULL;
  g_autoptr(GMatchInfo) match = NULL;
  int start;
  int end;

  if (regex == NULL || !g_regex_match (regex, text, 0, &match) ||
      !g_match_info_fetch_pos (match, 0, &start, &end))
    return NULL;

  return dup_line (text, start, end);
}

/**
 * plug_rb_log_probe_judge:
 * @log: what plug_rb_log_probe_read() read
 * @plugin: (nullable): where the plugin is installed
 * @message: (out) (nullable): the line that says that it does not work
 *
 * Returns: what the log says of a plugin; unknown if it does not mention it, or was begun before
 *   the plugin was put where it is
 */
PlugRbHealth
plug_rb_log_probe_judge (
    const PlugRbLogProbe *self, GVariant *log, const char *id, const char *plugin, char **message)
{
  g_autofree char *bad = NULL;
  g_autofree char *good = NULL;
  const char *text;
  gint64 begun;

  *message = NULL;
  g_variant_get (log, "(x&s)", &begun, &text);
  if (*text == '\0' || !is_about (begun, plugin))
    return PLUG_RB_HEALTH_UNKNOWN;

  if ((bad = find_line (text, self->bad, id)) != NULL) {
    *message = plug_rb_manifest_make_plain (bad);
    return PLUG_RB_HEALTH_BAD;
  }
  good = find_line (text, self->good, id);

  return good ? PLUG_RB_HEALTH_GOOD : PLUG_RB_HEALTH_UNKNOWN;
}
