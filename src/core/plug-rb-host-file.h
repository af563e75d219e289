/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-host.h"
#include "plug-rb-layout.h"
#include "plug-rb-probe.h"

G_BEGIN_DECLS

/**
 * PlugRbPlace:
 * @name: name of the part
 * @root: template of the folder that holds it
 * @layout: how plugins lie in it
 * @child: template of the plugin's own name in @root, if it is one folder
 * @members: (array zero-terminated=1): templates of its names there otherwise
 * @programs: whether "{id}" among @members may be a file that can be run, too
 * @role: what it is to the host
 * @pattern: (nullable): template of the names that its versions have there
 * @list: (nullable): template of the JSON file that names a plugin's files
 * @list_pointer: (nullable): where in it they stand
 * @fold: whether ids are the same in any case
 * @optional: whether a plugin is installed without it
 * @ignore: (nullable): globs of names in @root that are no plugins; %NULL if @root is not where
 *   plugins are looked for
 * @sites: (nullable): where manifests lay when they were looked for
 *
 * A place where a part of each plugin lies: a `[Root]` or `[Part]` of a description.
 */
typedef struct {
  char *name;
  char *root;
  PlugRbLayout layout;
  char *child;
  char **members;
  gboolean programs;
  char *pattern;
  char *list;
  char *list_pointer;
  gboolean fold;
  PlugRbRole role;
  gboolean optional;
  char **ignore;
  GHashTable *sites;
} PlugRbPlace;

/**
 * PlugRbList:
 * @name: name of the state
 * @key: absolute dconf key
 * @entry: template of a plugin's entry
 * @enables: whether an entry enables its plugin; otherwise it disables it
 *
 * A list in which the host keeps plugins: a `[State]`.
 */
typedef struct {
  char *name;
  char *key;
  char *entry;
  gboolean enables;
} PlugRbList;

/**
 * PlugRbInstalled:
 * @file: template of a JSON file, an array of objects
 * @match: pointer to the id in each
 * @folder: pointer to the name of the folder that is the plugin
 * @set: (nullable): what else an entry says: pointers and templates of values
 *
 * Where the host says which of several folders is a plugin: a `[State]` of the role `installed`.
 */
typedef struct {
  char *file;
  char *match;
  char *folder;
  char *set;
} PlugRbInstalled;

/**
 * PlugRbSchemas:
 * @name: name of the data
 * @path: (nullable): template of the dconf folder that is a plugin's own
 * @folder: (nullable): template of the folder with a plugin's GSettings schemas, which tell it
 * @parents: (array zero-terminated=1): dconf folders in which each plugin has a folder of its own
 *
 * Where settings of plugins lie: a `[Data]`.
 */
typedef struct {
  char *name;
  char *path;
  char *folder;
  char **parents;
} PlugRbSchemas;

/**
 * PlugRbStoreRule:
 * @name: name of the group, parted from its type
 * @backend: name of a settings backend
 * @role: (nullable): of a `[State]`: what an entry says of the plugin
 * @value: (nullable): only an entry of this value says so
 * @keys_from: (nullable): pointer into the manifest to what names the keys
 * @prefix_from: (nullable): selector of what the names of the keys begin with, up to a “.”
 * @parameters: (array zero-terminated=1): names and templates of values by turns
 *
 * Values of plugins in a file that they share: a `[State]` or `[Data]`.
 */
typedef struct {
  char *name;
  char *backend;
  char *role;
  char *value;
  char *keys_from;
  char *prefix_from;
  char **parameters;
} PlugRbStoreRule;

/**
 * PlugRbHostRule:
 * @PLUG_RB_HOST_RULE_PREFIX: the running version, or its first numbers
 * @PLUG_RB_HOST_RULE_RANGE: a range of versions, as npm has them
 * @PLUG_RB_HOST_RULE_MIN: the earliest version
 * @PLUG_RB_HOST_RULE_EQUAL: the running version and no other
 *
 * What the versions of a host mean that a plugin says it supports: one of them must fit.
 */
typedef enum {
  PLUG_RB_HOST_RULE_PREFIX,
  PLUG_RB_HOST_RULE_RANGE,
  PLUG_RB_HOST_RULE_MIN,
  PLUG_RB_HOST_RULE_EQUAL,
} PlugRbHostRule;

/**
 * PlugRbHostFile:
 * @id: of this variant and instance
 * @base_id: of the description, the same for all its variants and instances
 * @variant: (nullable): name of the variant, %NULL for the first
 * @instance: (nullable): name of the instance
 * @trouble: (nullable): why the host's instances cannot be told
 * @is_there: %FALSE if nothing of the variant is on this machine
 * @observe: whether its plugins are only looked at and saved
 * @detect: what shows that the host is there
 * @version_query: (nullable): what the host tells its version by
 * @manifest: how to read what plugins say of themselves
 * @lacks_manifests: whether a plugin may say nothing of itself
 * @places: (element-type PlugRbPlace): roots and parts as they stand in the file
 * @lists: (element-type PlugRbList): lists, likewise
 * @installed: (element-type PlugRbInstalled): where it says what is installed, likewise
 * @schemas: (element-type PlugRbSchemas): settings, likewise
 * @stores: (element-type PlugRbStoreRule): values in shared files, likewise
 * @inside: globs of files in a plugin's own folder that are settings
 * @host_rule: what the versions mean that a plugin says it supports
 * @provides: globs of ids that plugins may need and that come with the host
 * @cache: globs of names that are never stored
 * @exclude: globs of names that are never stored and are moved to the new tree by a rollback
 * @bus_name: (nullable): owned while the host runs
 * @stand_in: (nullable) (array zero-terminated=1): inside a sandbox, bus name and object path that
 *   are asked instead, and which the bus can start while the host runs
 * @programs: names of programs that are the host
 * @stop_first: whether its plugins must not be changed while it runs
 * @drops: files that only remember what the host knew, and are deleted after a change
 * @pauses: whether a plugin is disabled while it is changed under a running host
 * @reload: (nullable): what has the running host load a plugin anew
 * @probes: (element-type PlugRbProbe): how the host tells whether a plugin works
 * @needs_login: whether a change takes effect with the next session
 * @needs_restart: whether a change takes effect when the host is started anew
 *
 * The description of a host, checked and immutable. Templates are expanded with
 * plug_rb_template_expand() when they are used.
 */
typedef struct {
  char *id;
  char *base_id;
  char *variant;
  char *instance;
  char *trouble;
  gboolean is_there;
  gboolean observe;
  char *name;
  char *icon;
  char **detect;
  PlugRbBusCall *version_query;
  GPtrArray *places;
  PlugRbManifestRule manifest;
  gboolean lacks_manifests;
  GPtrArray *lists;
  GPtrArray *installed;
  GPtrArray *schemas;
  GPtrArray *stores;
  char **inside;
  PlugRbHostRule host_rule;
  char **provides;
  char **cache;
  char **exclude;
  char *bus_name;
  char **stand_in;
  char **programs;
  gboolean stop_first;
  char **drops;
  gboolean pauses;
  PlugRbBusCall *reload;
  GPtrArray *probes;
  gboolean needs_login;
  gboolean needs_restart;
} PlugRbHostFile;

gboolean plug_rb_host_file_folds_ids (const PlugRbHostFile *self);
gboolean plug_rb_host_file_is_on_bus (const PlugRbHostFile *self);
PlugRbHostFile *plug_rb_host_file_take (GKeyFile *file, gboolean with_groups);
GPtrArray *plug_rb_host_file_load_all (const char *path, GError **error);
GPtrArray *plug_rb_host_file_list_faults (const char *path);
void plug_rb_host_file_free (PlugRbHostFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbHostFile, plug_rb_host_file_free)

const PlugRbHostFile *plug_rb_host_get_file (PlugRbHost *self);
const char *plug_rb_host_get_shipped_folder (void);

G_END_DECLS
