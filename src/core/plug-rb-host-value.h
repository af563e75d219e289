/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Values in descriptions of hosts: each check returns %NULL, or what is wrong (translated). */

typedef const char *(*PlugRbValueCheck) (const char *value);

const char *plug_rb_value_check_name (const char *value);
const char *plug_rb_value_check_path (const char *value);
const char *plug_rb_value_check_part_path (const char *value);
const char *plug_rb_value_check_plugin_path (const char *value);
const char *plug_rb_value_check_text (const char *value);
const char *plug_rb_value_check_plugin_text (const char *value);
const char *plug_rb_value_check_state_backend (const char *value);
const char *plug_rb_value_check_data_backend (const char *value);
const char *plug_rb_value_check_entry (const char *value);
const char *plug_rb_value_check_members (const char *value);
const char *plug_rb_value_check_own_folder (const char *value);
const char *plug_rb_value_check_file (const char *value);
const char *plug_rb_value_check_selector (const char *value);
const char *plug_rb_value_check_setting (const char *value);
const char *plug_rb_value_check_folder (const char *value);
const char *plug_rb_value_check_folders (const char *value);
const char *plug_rb_value_check_bus (const char *value);
const char *plug_rb_value_check_detect (const char *value);
const char *plug_rb_value_check_stand_in (const char *value);
const char *plug_rb_value_check_version_query (const char *value);
const char *plug_rb_value_check_app_id (const char *value);
const char *plug_rb_value_check_word (const char *value);
const char *plug_rb_value_check_versioned_name (const char *value);
const char *plug_rb_value_check_pointer (const char *value);
const char *plug_rb_value_check_programs (const char *value);
const char *plug_rb_value_check_bus_call (const char *value);
const char *plug_rb_value_check_order (const char *value);

G_END_DECLS
