/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-host-value.h"

G_BEGIN_DECLS

typedef enum {
  PLUG_RB_KEY_OPTIONAL = 0,
  PLUG_RB_KEY_REQUIRED = 1 << 0,
  PLUG_RB_KEY_NAMED = 1 << 1,     /* a group with a name of its own: [Root user] */
  PLUG_RB_KEY_LOCALIZED = 1 << 2, /* a key that may have translations: Name[de] */
  PLUG_RB_KEY_WORDS = 1 << 3,     /* a group that may have keys of the description's own */
} PlugRbKeyFlags;

typedef struct {
  const char *name;
  PlugRbKeyFlags flags;
} PlugRbHostGroup;

typedef struct {
  const char *group;
  const char *name;
  PlugRbKeyFlags flags;
  const char *words; /* the only values, parted by semicolons */
  PlugRbValueCheck check;
  const char *where; /* KEY=VALUE;VALUE... of the same group: only there is it known */
} PlugRbHostKey;

/* What a description may say: the vocabulary of plugin-rollback.host(5). */
extern const PlugRbHostGroup plug_rb_host_groups[];
extern const guint plug_rb_host_n_groups;
extern const PlugRbHostKey plug_rb_host_keys[];
extern const guint plug_rb_host_n_keys;

G_END_DECLS
