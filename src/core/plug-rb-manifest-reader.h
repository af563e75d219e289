/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-manifest.h"

G_BEGIN_DECLS

/**
 * PlugRbManifestReader:
 * @name: what it is called in descriptions of hosts
 * @parse: takes a text apart, which may be damaged or hostile
 * @free: frees what that gave
 * @dup_text: what a selector names, as text; %NULL if there is nothing
 * @dup_list: the texts that it names; %NULL if there is nothing
 * @add_dependencies: (nullable): adds the plugins that it names
 *
 * A format of manifests.
 */
struct _PlugRbManifestReader {
  const char *name;
  gpointer (*parse) (const char *text, GError **error);
  void (*free) (gpointer document);
  char *(*dup_text) (gpointer document, const char *selector);
  char **(*dup_list) (gpointer document, const char *selector);
  void (*add_dependencies) (gpointer document, const PlugRbManifestRule *rule, GPtrArray *found);
};

extern const PlugRbManifestReader plug_rb_manifest_json;
extern const PlugRbManifestReader plug_rb_manifest_jsonc;
extern const PlugRbManifestReader plug_rb_manifest_keyfile;
extern const PlugRbManifestReader plug_rb_manifest_xml;
extern const PlugRbManifestReader plug_rb_manifest_toml;
extern const PlugRbManifestReader plug_rb_manifest_header;
extern const PlugRbManifestReader plug_rb_manifest_python;

/* Formats that are read into JSON have these in common. */
void plug_rb_manifest_json_free (gpointer document);
char *plug_rb_manifest_json_dup_text (gpointer document, const char *selector);
char **plug_rb_manifest_json_dup_list (gpointer document, const char *selector);
void plug_rb_manifest_json_add_dependencies (gpointer document,
                                             const PlugRbManifestRule *rule,
                                             GPtrArray *found);

G_END_DECLS
