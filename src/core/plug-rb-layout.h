/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlugRbLayout:
 * @PLUG_RB_LAYOUT_DIR: each plugin is one folder, which has its id as its name
 * @PLUG_RB_LAYOUT_NAMES: each plugin is one or several files or folders, named after its id
 * @PLUG_RB_LAYOUT_SET: each plugin has a manifest file among others', which tells its id, and files
 *   or folders named after its id or after the manifest
 * @PLUG_RB_LAYOUT_VERSIONED: each version of a plugin is one folder, which has its id and that
 *   version as its name; several may lie side by side, and the host uses one of them
 * @PLUG_RB_LAYOUT_LISTED: each plugin is several files among others', which a list of its own names
 * @PLUG_RB_LAYOUT_LANGUAGES: one file of each plugin in a folder of each language
 *
 * How plugins lie in a host's folder.
 */
typedef enum {
  PLUG_RB_LAYOUT_DIR,
  PLUG_RB_LAYOUT_NAMES,
  PLUG_RB_LAYOUT_SET,
  PLUG_RB_LAYOUT_VERSIONED,
  PLUG_RB_LAYOUT_LISTED,
  PLUG_RB_LAYOUT_LANGUAGES,
} PlugRbLayout;

gboolean plug_rb_layout_parse (const char *name, PlugRbLayout *layout);

/* Members: what of a root belongs to a plugin. Their templates know {id} and {stem}, the name of
 * the manifest without its suffix. */

char *plug_rb_member_name_build (const char *template, const char *id, const char *stem);
char *plug_rb_member_name_match (const char *template, const char *name);
gboolean plug_rb_member_name_fits (const char *template, const char *id, const char *name);

char *plug_rb_versioned_name_match (const char *template, const char *name, char **version);
int plug_rb_version_name_compare (const char *a, const char *b);

G_END_DECLS
