/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-settings-store.h"

G_BEGIN_DECLS

/**
 * PlugRbSettingsFormat:
 * @parse: makes a document of the bytes of a file, which are none if it is not there
 * @free: frees a document
 * @list: records the entries that are the plugin's own, and what was looked at
 * @owns: whether an entry of this name would be the plugin's
 * @is_taken: (nullable): whether what stands where the entry would is somebody else's
 * @get: (nullable): the value of an entry of any name, %NULL if there is none
 * @set: puts an entry in, or takes it out if the value is %NULL; all else stays as it is
 * @print: the document as bytes, the very same as were parsed if nothing was set
 * @equal: (nullable): whether two values mean the same; otherwise g_variant_equal() says
 *
 * A kind of file that is read as a whole, edited in memory and replaced.
 */
typedef struct {
  gpointer (*parse) (PlugRbSettingsStore *store, GBytes *bytes, GError **error);
  void (*free) (gpointer document);
  gboolean (*list) (PlugRbSettingsStore *store,
                    gpointer document,
                    PlugRbValues *values,
                    GError **error);
  gboolean (*owns) (PlugRbSettingsStore *store, const char *name);
  gboolean (*is_taken) (PlugRbSettingsStore *store, gpointer document, const char *name);
  GVariant *(*get) (PlugRbSettingsStore *store, gpointer document, const char *name);
  gboolean (*set) (PlugRbSettingsStore *store,
                   gpointer document,
                   const char *name,
                   GVariant *value,
                   GError **error);
  GBytes *(*print) (gpointer document);
  gboolean (*equal) (GVariant *a, GVariant *b);
} PlugRbSettingsFormat;

/**
 * PlugRbSettingsBackend:
 * @required: parameters that must be given
 * @optional: parameters that may be given
 * @check: (nullable): what else must hold of the parameters
 * @format: (nullable): what does the work where there is a parameter `File`
 * @read: (nullable): what does it otherwise; as plug_rb_settings_store_read()
 * @can_write: (nullable): as plug_rb_settings_store_can_write()
 * @apply: (nullable): as plug_rb_settings_store_apply()
 *
 * What one kind of store does.
 */
typedef struct {
  const char *name;
  const char *const *required;
  const char *const *optional;
  gboolean (*check) (PlugRbSettingsStore *store, GError **error);
  const PlugRbSettingsFormat *format;
  gboolean (*read) (PlugRbSettingsStore *store, PlugRbValues *values, GError **error);
  gboolean (*can_write) (PlugRbSettingsStore *store, GError **error);
  gboolean (*apply) (PlugRbSettingsStore *store,
                     GPtrArray *edits,
                     GPtrArray *conflicts,
                     GError **error);
} PlugRbSettingsBackend;

extern const PlugRbSettingsBackend plug_rb_settings_gsettings_entries;
extern const PlugRbSettingsBackend plug_rb_settings_json_keys;
extern const PlugRbSettingsBackend plug_rb_settings_json_list;
extern const PlugRbSettingsBackend plug_rb_settings_json_map;
extern const PlugRbSettingsBackend plug_rb_settings_json_objects;
extern const PlugRbSettingsBackend plug_rb_settings_kconfig_group;
extern const PlugRbSettingsBackend plug_rb_settings_kconfig_key;
extern const PlugRbSettingsBackend plug_rb_settings_kconfig_keys;
extern const PlugRbSettingsBackend plug_rb_settings_kconfig_subtree;
extern const PlugRbSettingsBackend plug_rb_settings_keyfile_group;
extern const PlugRbSettingsBackend plug_rb_settings_keyfile_key;
extern const PlugRbSettingsBackend plug_rb_settings_keyfile_list;
extern const PlugRbSettingsBackend plug_rb_settings_lines;
extern const PlugRbSettingsBackend plug_rb_settings_sqlite_json_list;
extern const PlugRbSettingsBackend plug_rb_settings_sqlite_row;
extern const PlugRbSettingsBackend plug_rb_settings_xml_attrs;

gboolean plug_rb_settings_document_read (PlugRbSettingsStore *store,
                                         const PlugRbSettingsFormat *format,
                                         PlugRbValues *values,
                                         GError **error);
gboolean plug_rb_settings_document_can_write (PlugRbSettingsStore *store,
                                              const PlugRbSettingsFormat *format,
                                              GError **error);
gboolean plug_rb_settings_document_apply (PlugRbSettingsStore *store,
                                          const PlugRbSettingsFormat *format,
                                          GPtrArray *edits,
                                          GPtrArray *conflicts,
                                          GError **error);

gboolean
plug_rb_settings_throw_foreign (PlugRbSettingsStore *store, const char *name, GError **error);
gboolean plug_rb_settings_throw_value (PlugRbSettingsStore *store, GVariant *value, GError **error);
gboolean plug_rb_settings_throw_parameter (PlugRbSettingsStore *store,
                                           const char *parameter,
                                           GError **error);

G_END_DECLS
