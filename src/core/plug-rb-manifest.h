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
 * PlugRbManifestRule:
 *
 * Where in the file each thing stands: JSON pointers such as "/shell-version" (RFC 6901).
 */
typedef struct {
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
PlugRbManifest *
plug_rb_manifest_parse (const char *text, const PlugRbManifestRule *rule, GError **error);
void plug_rb_manifest_free (PlugRbManifest *manifest);
void plug_rb_manifest_rule_clear (PlugRbManifestRule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbManifest, plug_rb_manifest_free)

G_END_DECLS
