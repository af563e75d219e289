/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlugRbVariant:
 * @name: its name in keys; "" for the first, which goes by the id of the host alone
 * @title: (nullable): what people call the host in this variant, if it has a name of its own
 * @note: (nullable): what tells it from the others that have the same name
 * @mode: (nullable): what its group says of that
 * @reads_dconf: whether the user's own dconf database is where it keeps its settings
 * @keyfile: (nullable): template of the file in which it keeps them otherwise
 * @programs: (nullable): names of programs that are the host in this variant
 * @is_there: %FALSE if nothing of it is on this machine
 * @words: (element-type utf8 utf8): templates of its folders, by the words that stand for them
 *
 * One way in which a host may be installed: a `[Variant]`.
 */
typedef struct {
  char *name;
  char *title;
  char *note;
  char *mode;
  gboolean reads_dconf;
  char *keyfile;
  char **programs;
  gboolean is_there;
  GHashTable *words;
} PlugRbVariant;

GPtrArray *plug_rb_variant_list (GKeyFile *file);

G_END_DECLS
