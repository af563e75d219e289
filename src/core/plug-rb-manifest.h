/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PlugRbManifest:
 * @text: the manifest verbatim (valid UTF-8)
 * @host_versions: (nullable) (array zero-terminated=1): versions of the host that the plugin says
 * it supports
 * @dependencies: (element-type PlugRbDependency): other plugins of the host that it needs
 *
 * What a plugin says of itself. Every string but @text may be %NULL.
 */
typedef struct {
  char *text;
  char *id;
  char *name;
  char *version;
  char *description;
  char *settings_schema;
  char **host_versions;
  GPtrArray *dependencies;
} PlugRbManifest;

typedef struct _PlugRbManifestReader PlugRbManifestReader;

/**
 * PlugRbManifestRule:
 * @reader: (nullable): the format; %NULL where plugins say nothing of themselves
 * @file: name of the file; where manifests lie among others' files, a glob
 * @catalog: (nullable): JSON file beside it with the texts that stand in it as “%name%”
 * @require: (nullable): “SELECTOR” or “SELECTOR=TEXT”: without that it is no manifest of the host
 * @host_version_max: (nullable): selector of the first version of the host that is too new; with it
 *   there is one range of versions that the plugin supports
 * @depends: (nullable): selector of what the plugin needs
 * @depends_id: (nullable): in XML the attribute that is the other's id
 * @depends_version: (nullable): in XML the attribute that is its earliest version
 * @fold: whether ids are the same in any case: those of others are then in lower case
 *
 * What a host's manifests are, and where in them each thing stands.
 */
typedef struct {
  const PlugRbManifestReader *reader;
  char *file;
  char *catalog;
  char *require;
  char *id;
  char *name;
  char *version;
  char *version_fallback;
  char *description;
  char *settings_schema;
  char *host_versions;
  char *host_version_max;
  char *depends;
  char *depends_id;
  char *depends_version;
  gboolean fold;
} PlugRbManifestRule;

gboolean plug_rb_manifest_find_reader (const char *name, const PlugRbManifestReader **reader);

PlugRbManifest *
plug_rb_manifest_read (int folder_fd, const PlugRbManifestRule *rule, GError **error);
PlugRbManifest *plug_rb_manifest_read_file (int folder_fd,
                                            const char *name,
                                            const PlugRbManifestRule *rule,
                                            GError **error);
PlugRbManifest *
plug_rb_manifest_parse (const char *text, const PlugRbManifestRule *rule, GError **error);
char *
plug_rb_manifest_dup_text (const char *text, const PlugRbManifestRule *rule, const char *selector);
char **
plug_rb_manifest_dup_list (const char *text, const PlugRbManifestRule *rule, const char *selector);
char *plug_rb_manifest_make_plain (const char *text);
void plug_rb_manifest_free (PlugRbManifest *manifest);
void plug_rb_manifest_rule_clear (PlugRbManifestRule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbManifest, plug_rb_manifest_free)

G_END_DECLS
