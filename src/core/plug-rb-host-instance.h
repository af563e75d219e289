/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The word that stands for the folder of an instance. */
#define PLUG_RB_INSTANCE_WORD "instance"

/**
 * PlugRbInstance:
 * @path: its folder
 * @name: its name in keys: the same for the same folder, another for another
 * @title: what people call it
 *
 * One of several places in which a host has plugins: a vault, a profile, the folder of a version.
 */
typedef struct {
  char *path;
  char *name;
  char *title;
} PlugRbInstance;

gboolean plug_rb_instance_list (GKeyFile *file, GPtrArray **instances, GError **error);

G_END_DECLS
