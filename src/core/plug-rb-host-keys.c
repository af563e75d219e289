/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-host-keys.h"

#include "plug-rb-probe.h"

#define OPTIONAL PLUG_RB_KEY_OPTIONAL
#define REQUIRED PLUG_RB_KEY_REQUIRED
#define NAMED PLUG_RB_KEY_NAMED
#define LOCALIZED PLUG_RB_KEY_LOCALIZED
#define WORDS PLUG_RB_KEY_WORDS

const PlugRbHostGroup plug_rb_host_groups[] = {
  { "Host", REQUIRED },      { "Variant", NAMED | WORDS },
  { "Instances", OPTIONAL }, { "Root", REQUIRED | NAMED },
  { "Part", NAMED },         { "Manifest", REQUIRED },
  { "State", NAMED },        { "Data", NAMED },
  { "Cache", OPTIONAL },     { "Exclude", OPTIONAL },
  { "Running", OPTIONAL },   { "Apply", OPTIONAL },
  { "Reload", OPTIONAL },    { "Health", NAMED },
};

#define CHECK(name) plug_rb_value_check_##name

/* Each of these is explained in plugin-rollback.host(5). */
const PlugRbHostKey plug_rb_host_keys[] = {
  { "Host", "Id", REQUIRED, NULL, CHECK (name) },
  { "Host", "Name", REQUIRED | LOCALIZED, NULL, NULL },
  { "Host", "Icon", OPTIONAL, NULL, NULL },
  { "Host", "Inherits", OPTIONAL, NULL, CHECK (name) },
  { "Host", "App", OPTIONAL, NULL, CHECK (name) },
  { "Host", "Detect", OPTIONAL, NULL, CHECK (detect) },
  { "Host", "HostVersion", OPTIONAL, NULL, CHECK (version_query) },
  { "Host", "Mode", OPTIONAL, "manage;observe", NULL },
  { "Variant", "Type", REQUIRED, "native;flatpak;snap", NULL },
  { "Variant", "App", REQUIRED, NULL, CHECK (app_id), "Type=flatpak;snap" },
  { "Variant", "Name", OPTIONAL | LOCALIZED, NULL, NULL },
  { "Variant", "Mode", OPTIONAL, "manage;observe", NULL },
  { "Variant", "Settings", OPTIONAL, "dconf;none", NULL },
  { "Variant", "Detect", OPTIONAL, NULL, CHECK (path) },
  { "Variant", "Process", OPTIONAL, NULL, CHECK (programs) },
  { "Variant", "Config", OPTIONAL, NULL, CHECK (path) },
  { "Variant", "Data", OPTIONAL, NULL, CHECK (path) },
  { "Variant", "Cache", OPTIONAL, NULL, CHECK (path) },
  { "Variant", "State", OPTIONAL, NULL, CHECK (path) },
  { "Instances", "Source", REQUIRED, "glob;json", NULL },
  { "Instances", "Path", REQUIRED, NULL, CHECK (path) },
  { "Instances", "Pointer", REQUIRED, NULL, CHECK (pointer), "Source=json" },
  { "Root", "Path", REQUIRED, NULL, CHECK (path) },
  { "Root", "Layout", REQUIRED, "dir;file;dir-or-file;manifest-set;versioned-dir;listed", NULL },
  { "Root", "Members", REQUIRED, NULL, CHECK (members), "Layout=file;dir-or-file;manifest-set" },
  { "Root", "Programs", OPTIONAL, "true;false", NULL, "Layout=file;dir-or-file" },
  { "Root", "NamePattern", REQUIRED, NULL, CHECK (versioned_name), "Layout=versioned-dir" },
  { "Root", "List", REQUIRED, NULL, CHECK (part_path), "Layout=listed" },
  { "Root", "ListPointer", REQUIRED, NULL, CHECK (pointer), "Layout=listed" },
  { "Root", "Ignore", OPTIONAL, NULL, NULL },
  { "Part", "Path", REQUIRED, NULL, CHECK (part_path) },
  { "Part", "Role", REQUIRED, "code;staged;settings;locale;cache", NULL },
  { "Part", "Kind", OPTIONAL, "folder;file", NULL },
  { "Part", "Optional", OPTIONAL, "true;false", NULL },
  { "Manifest", "File", OPTIONAL, NULL, CHECK (file) },
  { "Manifest", "Format", REQUIRED, "json;jsonc;keyfile;xml;toml;header;python-literal;none",
    NULL },
  { "Manifest", "Optional", OPTIONAL, "true;false", NULL },
  { "Manifest", "Id", OPTIONAL, NULL, CHECK (selector) },
  { "Manifest", "IdFrom", REQUIRED, "dirname;stem;manifest", NULL },
  { "Manifest", "IdCase", OPTIONAL, "keep;fold", NULL },
  { "Manifest", "Name", OPTIONAL, NULL, CHECK (selector) },
  { "Manifest", "Version", OPTIONAL, NULL, CHECK (selector) },
  { "Manifest", "VersionFallback", OPTIONAL, NULL, CHECK (selector) },
  { "Manifest", "Description", OPTIONAL, NULL, CHECK (selector) },
  { "Manifest", "HostVersions", OPTIONAL, NULL, CHECK (selector) },
  { "Manifest", "HostVersionMax", OPTIONAL, NULL, CHECK (selector), "HostRule=min-max" },
  { "Manifest", "HostRule", OPTIONAL, "prefix-major;semver;min;min-max;equal", NULL },
  { "Manifest", "SettingsSchema", OPTIONAL, NULL, CHECK (selector) },
  { "Manifest", "NameCatalog", OPTIONAL, NULL, CHECK (file) },
  { "Manifest", "Require", OPTIONAL, NULL, CHECK (selector) },
  { "Manifest", "Depends", OPTIONAL, NULL, CHECK (selector) },
  { "Manifest", "Provided", OPTIONAL, NULL, NULL },
  { "Manifest", "DependsId", OPTIONAL, NULL, CHECK (setting), "Format=xml" },
  { "Manifest", "DependsVersion", OPTIONAL, NULL, CHECK (setting), "Format=xml" },
  { "State", "Role", REQUIRED, "enabled;disabled;installed;obsolete", NULL },
  { "State", "Backend", REQUIRED, NULL, CHECK (state_backend) },
  { "State", "Path", REQUIRED, NULL, CHECK (folder), "Backend=gsettings-list" },
  { "State", "Key", REQUIRED, NULL, CHECK (setting), "Backend=gsettings-list" },
  { "State", "Entry", REQUIRED, NULL, CHECK (entry), "Backend=gsettings-list" },
  { "State", "Folder", OPTIONAL, NULL, CHECK (pointer), "Backend=json-objects" },
  { "State", "Set", OPTIONAL, NULL, CHECK (pointer), "Backend=json-objects" },
  { "State", "Value", OPTIONAL, NULL, NULL, "Role=enabled;disabled" },
  { "Data", "Backend", REQUIRED, NULL, CHECK (data_backend) },
  { "Data", "KeysFrom", OPTIONAL, NULL, CHECK (pointer), "Backend=json-keys" },
  { "Data", "PrefixFrom", OPTIONAL, NULL, CHECK (selector), "Backend=xml-attrs" },
  { "Data", "Path", OPTIONAL, NULL, CHECK (own_folder), "Backend=gsettings" },
  { "Data", "SchemaDir", OPTIONAL, NULL, CHECK (plugin_path), "Backend=gsettings" },
  { "Data", "Parents", OPTIONAL, NULL, CHECK (folders), "Backend=gsettings" },
  { "Data", "Globs", REQUIRED, NULL, NULL, "Backend=inside" },
  { "Cache", "Globs", REQUIRED, NULL, NULL },
  { "Exclude", "Globs", REQUIRED, NULL, NULL },
  { "Running", "Bus", OPTIONAL, NULL, CHECK (bus) },
  { "Running", "SandboxBus", OPTIONAL, NULL, CHECK (stand_in) },
  { "Running", "Process", OPTIONAL, NULL, CHECK (programs) },
  { "Apply", "WhileRunning", REQUIRED, "yes;stop-first", NULL },
  { "Apply", "Drop", OPTIONAL, NULL, CHECK (path) },
  { "Apply", "Order", OPTIONAL, NULL, CHECK (order) },
  { "Reload", "Method", REQUIRED, "none;relogin;restart;dbus", NULL },
  { "Reload", "Call", REQUIRED, NULL, CHECK (bus_call), "Method=dbus" },
  { "Health", "Probe", REQUIRED, NULL, plug_rb_probe_check },
  { "Health", "Select", OPTIONAL, NULL, plug_rb_probe_check_pointers },
  { "Health", "Version", OPTIONAL, NULL, plug_rb_probe_check_pointers },
  { "Health", "Message", OPTIONAL, NULL, plug_rb_probe_check_pointers },
  { "Health", "Ok", OPTIONAL, NULL, NULL },
  { "Health", "Bad", OPTIONAL, NULL, NULL },
  { "Health", "GoodLine", OPTIONAL, NULL, plug_rb_log_probe_check_line },
  { "Health", "BadLine", OPTIONAL, NULL, plug_rb_log_probe_check_line },
};

const guint plug_rb_host_n_groups = G_N_ELEMENTS (plug_rb_host_groups);
const guint plug_rb_host_n_keys = G_N_ELEMENTS (plug_rb_host_keys);
