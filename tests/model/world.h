/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

/* A user with a few extensions of GNOME Shell, and what a host and the user do to them. Pictures
 * are taken without the program under test. */

#define WORLD_PLUGINS 3

/**
 * WorldState:
 * @files: every path of the plugin's folder with all that is known of it; "" if it is not there
 * @settings: its dconf keys, and whether it is enabled
 *
 * All that a rollback may change of one plugin.
 */
typedef struct {
  char *files;
  char *settings;
} WorldState;

char *world_get_id (guint plugin);
char *world_get_key (guint plugin);
char *world_get_folder (guint plugin);
void world_state_clear (WorldState *state);
void world_state_copy (WorldState *to, const WorldState *from);
gboolean world_state_equal (const WorldState *a, const WorldState *b);

void world_look (WorldState states[WORLD_PLUGINS]);
char *world_find_rest (void);
void world_install (guint plugin, guint version);
void world_uninstall (guint plugin);
gboolean world_is_installed (guint plugin);
void world_edit (guint plugin, GRand *rand);
void world_set (guint plugin, const char *name, const char *value);
void world_enable (guint plugin, gboolean enable);
