/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-manifest.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>

#include "plug-rb-dependency.h"
#include "plug-rb-error.h"
#include "plug-rb-json.h"
#include "plug-rb-manifest-reader.h"
#include "plug-rb-small-file.h"

#define SIZE_LIMIT (1024 * 1024)

/**
 * plug_rb_manifest_free:
 *
 * Frees a manifest.
 */
void
plug_rb_manifest_free (PlugRbManifest *manifest)
{
  g_free (manifest->text);
  g_free (manifest->id);
  g_free (manifest->name);
  g_free (manifest->version);
  g_free (manifest->description);
  g_free (manifest->settings_schema);
  g_strfreev (manifest->host_versions);
  g_ptr_array_unref (manifest->dependencies);
  g_free (manifest);
}

/**
 * plug_rb_manifest_rule_clear:
 *
 * Frees what a rule holds, not the rule.
 */
void
plug_rb_manifest_rule_clear (PlugRbManifestRule *rule)
{
  char **const texts[] = { &rule->file,
                           &rule->catalog,
                           &rule->require,
                           &rule->id,
                           &rule->name,
                           &rule->version,
                           &rule->description,
                           &rule->version_fallback,
                           &rule->settings_schema,
                           &rule->depends,
                           &rule->host_versions,
                           &rule->host_version_max,
                           &rule->depends_id,
                           &rule->depends_version };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_clear_pointer (texts[i], g_free);
}

/* ---- formats */

static const PlugRbManifestReader *const readers[] = {
  &plug_rb_manifest_json,   &plug_rb_manifest_jsonc, &plug_rb_manifest_keyfile,
  &plug_rb_manifest_xml,    &plug_rb_manifest_toml,  &plug_rb_manifest_header,
  &plug_rb_manifest_python,
};

/**
 * plug_rb_manifest_find_reader:
 * @name: name of a format, or "none"
 * @reader: (out) (nullable): the format, %NULL for "none"
 *
 * Returns: whether there is such a format
 */
gboolean
plug_rb_manifest_find_reader (const char *name, const PlugRbManifestReader **reader)
{
  *reader = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    if (g_str_equal (readers[i]->name, name))
      *reader = readers[i];

  return *reader != NULL || g_str_equal (name, "none");
}

/**
 * plug_rb_manifest_make_plain:
 *
 * Returns: (transfer full) (nullable): @text for one line: what would break it or steer a terminal
 * becomes a space; %NULL if nothing is left
 */
char *
plug_rb_manifest_make_plain (const char *text)
{
  g_autoptr(GString) plain = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    g_string_append_unichar (plain, g_unichar_iscntrl (c) ? ' ' : c);
  }

  g_strstrip (plain->str);
  return *plain->str ? g_strdup (plain->str) : NULL;
}

/* ---- what the rule names */

typedef struct {
  const PlugRbManifestReader *reader;
  gpointer data;
} Document;

static void
document_clear (Document *document)
{
  if (document->data != NULL)
    document->reader->free (document->data);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Document, document_clear)

static char *
dup_text (const Document *document, const char *selector)
{
  g_autofree char *text = selector ? document->reader->dup_text (document->data, selector) : NULL;

  return text ? plug_rb_manifest_make_plain (text) : NULL;
}

static gboolean
is_met (const Document *document, const char *require)
{
  g_auto(GStrv) sides = require ? g_strsplit (require, "=", 2) : NULL;
  g_auto(GStrv) found =
      sides && sides[0] ? document->reader->dup_list (document->data, sides[0]) : NULL;

  return sides == NULL || sides[0] == NULL ||
         (found != NULL &&
          (sides[1] == NULL || g_strv_contains ((const char *const *) found, sides[1])));
}

static PlugRbManifest *
manifest_new (const char *text)
{
  PlugRbManifest *manifest = g_new0 (PlugRbManifest, 1);

  manifest->text = g_strdup (text);
  manifest->dependencies =
      g_ptr_array_new_with_free_func ((GDestroyNotify) plug_rb_dependency_free);

  return manifest;
}

/* Either end may be left open. */
static char **
dup_range (const Document *document, const PlugRbManifestRule *rule)
{
  g_autofree char *min = dup_text (document, rule->host_versions);
  g_autofree char *max = dup_text (document, rule->host_version_max);
  g_autoptr(GString) range = g_string_new (NULL);

  if (min != NULL)
    g_string_append_printf (range, ">=%s", min);
  if (max != NULL)
    g_string_append_printf (range, "%s<%s", min ? " " : "", max);

  return range->len > 0 ? g_strsplit (range->str, "\n", 1) : NULL;
}

static void
fold_ids (GPtrArray *dependencies)
{
  for (guint i = 0; i < dependencies->len; i++) {
    PlugRbDependency *dependency = dependencies->pdata[i];
    char *folded = g_utf8_strdown (dependency->id, -1);

    g_free (dependency->id);
    dependency->id = folded;
  }
}

/* “{/publisher}.{/name}”: of several values one id. */
static char *
dup_id (const Document *document, const char *template)
{
  g_autoptr(GString) id = g_string_new (NULL);
  g_auto(GStrv) pieces = NULL;

  if (template == NULL || *template != '{')
    return dup_text (document, template);

  pieces = g_strsplit (template, "{", -1);
  for (guint i = 1; pieces[i] != NULL; i++) {
    g_auto(GStrv) halves = g_strsplit (pieces[i], "}", 2);
    g_autofree char *text = halves[1] ? dup_text (document, halves[0]) : NULL;

    if (text == NULL)
      return NULL;
    g_string_append (id, text);
    g_string_append (id, halves[1]);
  }

  return g_string_free_and_steal (g_steal_pointer (&id));
}

static PlugRbManifest *
take_manifest (const Document *document, const PlugRbManifestRule *rule, const char *text)
{
  PlugRbManifest *manifest = manifest_new (text);

  manifest->id = dup_id (document, rule->id);
  manifest->name = dup_text (document, rule->name);
  manifest->version = dup_text (document, rule->version);
  if (manifest->version == NULL)
    manifest->version = dup_text (document, rule->version_fallback);
  manifest->description = dup_text (document, rule->description);
  manifest->settings_schema = dup_text (document, rule->settings_schema);
  if (rule->host_version_max != NULL)
    manifest->host_versions = dup_range (document, rule);
  else if (rule->host_versions != NULL)
    manifest->host_versions = document->reader->dup_list (document->data, rule->host_versions);
  if (rule->depends != NULL && document->reader->add_dependencies != NULL)
    document->reader->add_dependencies (document->data, rule, manifest->dependencies);
  if (rule->fold)
    fold_ids (manifest->dependencies);

  return manifest;
}

/* A byte order mark is no part of a text. */
static const char *
skip_mark (const char *text)
{
  return g_str_has_prefix (text, "\xef\xbb\xbf") ? text + 3 : text;
}

/**
 * plug_rb_manifest_parse:
 * @text: a manifest, which may be damaged or hostile
 *
 * Takes from a manifest what the rule names. What is absent or of another type is %NULL.
 *
 * Returns: (transfer full): the manifest, or %NULL with %PLUG_RB_ERROR_CORRUPT that names the file
 */
PlugRbManifest *
plug_rb_manifest_parse (const char *text, const PlugRbManifestRule *rule, GError **error)
{
  g_auto(Document) document = { rule->reader, NULL };
  g_autoptr(GError) cause = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (rule->reader == NULL)
    return manifest_new ("");

  document.data = rule->reader->parse (skip_mark (text), &cause);
  if (document.data == NULL) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("“%s” is damaged: %s"), rule->file,
                 cause->message);
    return NULL;
  }
  if (!is_met (&document, rule->require)) {
    g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_NOT_FOUND,
                 _("“%s” is not that of a plugin: it lacks “%s”"), rule->file, rule->require);
    return NULL;
  }

  return take_manifest (&document, rule, text);
}

/**
 * plug_rb_manifest_dup_text:
 * @text: a manifest
 *
 * Returns: (transfer full) (nullable): what a selector names in it, as text
 */
char *
plug_rb_manifest_dup_text (const char *text, const PlugRbManifestRule *rule, const char *selector)
{
  g_auto(Document) document = { rule->reader, NULL };

  if (rule->reader == NULL || !(document.data = rule->reader->parse (skip_mark (text), NULL)))
    return NULL;

  return dup_text (&document, selector);
}

/**
 * plug_rb_manifest_dup_list:
 * @text: a manifest
 *
 * Returns: (transfer full) (nullable): what a selector names in it, as a list of texts
 */
char **
plug_rb_manifest_dup_list (const char *text, const PlugRbManifestRule *rule, const char *selector)
{
  g_auto(Document) document = { rule->reader, NULL };

  if (rule->reader == NULL || !(document.data = rule->reader->parse (skip_mark (text), NULL)))
    return NULL;

  return document.reader->dup_list (document.data, selector);
}

/* ---- texts that stand elsewhere */

static void
look_up (char **text, JsonObject *catalog)
{
  gsize length = *text ? strlen (*text) : 0;
  g_autofree char *name = NULL;
  const char *found;

  if (length < 3 || (*text)[0] != '%' || (*text)[length - 1] != '%')
    return;

  name = g_strndup (*text + 1, length - 2);
  if ((found = plug_rb_json_get_string (catalog, name)) != NULL) {
    g_free (*text);
    *text = plug_rb_manifest_make_plain (found);
  }
}

static gboolean
needs_catalog (const PlugRbManifest *manifest)
{
  return (manifest->name != NULL && *manifest->name == '%') ||
         (manifest->description != NULL && *manifest->description == '%');
}

/* A catalog that cannot be read leaves the names as they are. */
static void
resolve_names (PlugRbManifest *manifest, int folder_fd, const char *name, const char *catalog)
{
  g_autofree char *folder = g_path_get_dirname (name);
  g_autofree char *path = g_build_filename (folder, catalog, NULL);
  g_autofree char *text = plug_rb_small_file_read_text (folder_fd, path, SIZE_LIMIT, NULL);
  g_autoptr(JsonObject) object = text ? plug_rb_json_parse (text, -1, NULL) : NULL;

  if (object == NULL)
    return;

  look_up (&manifest->name, object);
  look_up (&manifest->description, object);
}

/* ---- reading */

/**
 * plug_rb_manifest_read:
 * @folder_fd: the plugin's folder
 *
 * Reads the manifest in a plugin's folder. It may be a symbolic link to a regular file.
 *
 * Returns: (transfer full): the manifest, or %NULL with an error that names the file
 */
PlugRbManifest *
plug_rb_manifest_read (int folder_fd, const PlugRbManifestRule *rule, GError **error)
{
  g_return_val_if_fail (rule != NULL && rule->file != NULL, NULL);

  return plug_rb_manifest_read_file (folder_fd, rule->file, rule, error);
}

/**
 * plug_rb_manifest_read_file:
 * @folder_fd: a folder, or `AT_FDCWD`
 * @name: a file in it
 *
 * Likewise, of a manifest that lies among others.
 *
 * Returns: (transfer full): the manifest, or %NULL with an error that names the file
 */
PlugRbManifest *
plug_rb_manifest_read_file (int folder_fd,
                            const char *name,
                            const PlugRbManifestRule *rule,
                            GError **error)
{
  g_autofree char *text = plug_rb_small_file_read_text (folder_fd, name, SIZE_LIMIT, error);
  PlugRbManifest *manifest = text ? plug_rb_manifest_parse (text, rule, error) : NULL;

  if (manifest != NULL && rule->catalog != NULL && needs_catalog (manifest))
    resolve_names (manifest, folder_fd, name, rule->catalog);

  return manifest;
}
