/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-host-file.h"

G_BEGIN_DECLS

/* Where hosts keep values of their plugins among those of others, as their descriptions say it:
 * `[State]` and `[Data]` of all kinds but those that the host's own dconf folders are. */

/* All kinds, as a `Backend` may have them. */
#define PLUG_RB_HOST_STORE_BACKENDS                                                                \
  "json-keys;json-map;json-list;json-objects;kconfig-key;kconfig-keys;kconfig-group;"              \
  "kconfig-subtree;keyfile-key;keyfile-group;gsettings-bool;gsettings-keyfile;sqlite-row;"         \
  "sqlite-json-list;xml-attrs;lines"

gboolean plug_rb_host_store_is_backend (const char *backend);
gboolean plug_rb_host_store_knows (const char *backend, const char *parameter);
char **plug_rb_host_store_dup_required (const char *backend);
const char *plug_rb_host_store_check (const char *parameter, const char *value);
const char *plug_rb_host_store_check_all (GKeyFile *file, const char *group, const char *backend);

PlugRbHostStore *plug_rb_host_store_take (GKeyFile *file, const char *group);
PlugRbHostStore *plug_rb_host_store_new (gboolean is_state,
                                         const char *name,
                                         const char *role,
                                         const char *backend,
                                         const char *const *parameters);

G_END_DECLS
