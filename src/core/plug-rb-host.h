/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-enums.h"
#include "plug-rb-manifest.h"
#include "plug-rb-membership.h"
#include "plug-rb-types.h"
#include "plug-rb-values.h"

G_BEGIN_DECLS

/* Properties: id name icon state message plugins (GListModel of PlugRbPlugin, filled by the
 * manager). */

/**
 * PlugRbHost:
 *
 * A program that loads plugins, known by its description. All but the list of plugins is immutable
 * and safe for several threads; a host whose description is invalid has no plugins.
 */
#define PLUG_RB_TYPE_HOST (plug_rb_host_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbHost, plug_rb_host, PLUG_RB, HOST, GObject)

/**
 * PlugRbRole:
 * @PLUG_RB_ROLE_CODE: without it the plugin is not installed
 * @PLUG_RB_ROLE_STAGED: what the host's next start would install over the plugin
 * @PLUG_RB_ROLE_SETTINGS: files in which the plugin keeps what the user chose
 */
typedef enum {
  PLUG_RB_ROLE_CODE,
  PLUG_RB_ROLE_STAGED,
  PLUG_RB_ROLE_SETTINGS,
} PlugRbRole;

/**
 * PlugRbPart:
 * @name: name of the part, as in the host file's group ("user", "staged"); where a plugin may have
 *   several names in @root, with one of those behind it ("user/terminal.plugin")
 * @root: absolute path of the folder that holds it, shared with other plugins
 * @path: absolute path of the plugin's own folder or file, a child of @root
 * @role: what it is to the host
 * @optional: whether the plugin may be installed without it, and is not by it alone
 *
 * One place where files of a plugin lie. It need not exist.
 */
typedef struct {
  char *name;
  char *root;
  char *path;
  PlugRbRole role;
  gboolean optional;
} PlugRbPart;

void plug_rb_part_free (PlugRbPart *part);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbPart, plug_rb_part_free)

gboolean plug_rb_part_installs (const PlugRbPart *part);

PlugRbHost *plug_rb_host_load (const char *path, GError **error);
GPtrArray *plug_rb_host_load_variants (const char *path, GError **error);
GPtrArray *plug_rb_host_list_faults (const char *path);
PlugRbHost *plug_rb_host_new_invalid (const char *path, const char *message);
GPtrArray *plug_rb_host_load_all (GError **error);
GPtrArray *plug_rb_host_load_named (const char *id, GError **error);

const char *plug_rb_host_get_id (PlugRbHost *self);
const char *plug_rb_host_get_name (PlugRbHost *self);
const char *plug_rb_host_get_icon (PlugRbHost *self);
PlugRbHostState plug_rb_host_get_state (PlugRbHost *self);
const char *plug_rb_host_get_message (PlugRbHost *self);
GListModel *plug_rb_host_get_plugins (PlugRbHost *self);

const char *const *plug_rb_host_get_cache_globs (PlugRbHost *self);
const char *const *plug_rb_host_get_exclude_globs (PlugRbHost *self);
char **plug_rb_host_list_settings_parents (PlugRbHost *self);
char *plug_rb_host_dup_version (PlugRbHost *self);
gboolean plug_rb_host_is_running (PlugRbHost *self);
gboolean plug_rb_host_may_run (PlugRbHost *self);
gboolean plug_rb_host_runs_unseen (PlugRbHost *self);
gboolean plug_rb_host_check_writable (PlugRbHost *self, GError **error);
const char *const *plug_rb_host_get_settings_globs (PlugRbHost *self);
gboolean plug_rb_host_supports (PlugRbHost *self,
                                const char *const *host_versions,
                                const char *running_version);
const char *plug_rb_host_get_reload_hint (PlugRbHost *self);
gboolean plug_rb_host_get_needs_login (PlugRbHost *self);

char **plug_rb_host_list_drops (PlugRbHost *self, const char *id);
gboolean plug_rb_host_is_there (PlugRbHost *self);
gboolean plug_rb_host_has_dependencies (PlugRbHost *self);
gboolean plug_rb_host_provides (PlugRbHost *self, const char *id);
gboolean plug_rb_host_check_id (const char *id, GError **error);
char *plug_rb_host_dup_id (PlugRbHost *self, const char *id);
GPtrArray *plug_rb_host_list_ids (PlugRbHost *self, GError **error);
PlugRbPlugin *plug_rb_host_dup_plugin (PlugRbHost *self, const char *id, GError **error);
GPtrArray *plug_rb_host_list_parts (PlugRbHost *self, const char *id);
PlugRbManifest *plug_rb_host_read_manifest (PlugRbHost *self, const char *id, GError **error);
gboolean plug_rb_host_find_manifest (PlugRbHost *self,
                                     const char *id,
                                     PlugRbManifest **manifest,
                                     GError **error);
PlugRbManifest *plug_rb_host_parse_manifest (PlugRbHost *self, const char *text, GError **error);
PlugRbValues *plug_rb_host_read_values (PlugRbHost *self, const char *id, GError **error);
GPtrArray *plug_rb_host_read_memberships (PlugRbHost *self, const char *id);
GPtrArray *plug_rb_host_list_stores (PlugRbHost *self,
                                     const char *id,
                                     const char *const *folders,
                                     GError **error);
gboolean plug_rb_host_is_enabled (PlugRbHost *self, GPtrArray *memberships, PlugRbValues *values);
gboolean plug_rb_host_list_enables (PlugRbHost *self, const char *name);
gboolean plug_rb_host_reads_enabled (PlugRbHost *self, const char *id);

G_END_DECLS
