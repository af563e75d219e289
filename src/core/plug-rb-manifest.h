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
} PlugRbManifest;

/**
 * PlugRbManifestFormat:
 * @PLUG_RB_MANIFEST_JSON: an object; things are named by JSON pointers such as "/shell-version"
 * (RFC 6901)
 * @PLUG_RB_MANIFEST_KEYFILE: as desktop files; things are named "Group/Key", and texts may be
 * translated
 * @PLUG_RB_MANIFEST_NONE: plugins say nothing of themselves
 */
typedef enum {
  PLUG_RB_MANIFEST_JSON,
  PLUG_RB_MANIFEST_KEYFILE,
  PLUG_RB_MANIFEST_NONE,
} PlugRbManifestFormat;

/**
 * PlugRbManifestRule:
 * @file: name of the file; where manifests lie among others' files, a glob
 *
 * What a host's manifests are, and where in them each thing stands.
 */
typedef struct {
  PlugRbManifestFormat format;
  char *file;
  char *id;
  char *name;
  char *version;
  char *version_fallback;
  char *description;
  char *settings_schema;
  char *host_versions;
} PlugRbManifestRule;

PlugRbManifest *
plug_rb_manifest_read (int folder_fd, const PlugRbManifestRule *rule, GError **error);
PlugRbManifest *plug_rb_manifest_read_file (int folder_fd,
                                            const char *name,
                                            const PlugRbManifestRule *rule,
                                            GError **error);
PlugRbManifest *
plug_rb_manifest_parse (const char *text, const PlugRbManifestRule *rule, GError **error);
char *plug_rb_manifest_make_plain (const char *text);
void plug_rb_manifest_free (PlugRbManifest *manifest);
void plug_rb_manifest_rule_clear (PlugRbManifestRule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbManifest, plug_rb_manifest_free)

PlugRbManifest *
plug_rb_manifest_parse_keyfile (const char *text, const PlugRbManifestRule *rule, GError **error);

G_END_DECLS
