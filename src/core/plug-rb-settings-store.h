/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <json-glib/json-glib.h>

#include "plug-rb-settings-edit.h"
#include "plug-rb-values.h"

G_BEGIN_DECLS

/**
 * PlugRbSettingsStore:
 *
 * One place where values of one plugin stand among those of others: what a group `[Data NAME]` or
 * `[State NAME]` of a host file describes, with all templates expanded. Immutable, reference
 * counted, for any thread. It goes into a journal as JSON, so that recovery needs no host file.
 *
 * The backends, with their parameters (optional ones in brackets) and the value of an entry:
 *
 * - `json-keys`: `File` and `Prefix` or `Keys`, [`Pointer`]. `s`: the JSON text.
 * - `json-map`: `File` and `Entry` or `EntryPattern` (a glob), [`Pointer`] [`Case`]. `s`: the JSON
 *   text.
 * - `json-list`: `File` `Entry` [`Pointer`] [`Case`]. `(us)`: index and JSON text.
 * - `json-objects`: `File` `Entry` `Match` [`Pointer`] [`Case`]. `(us)`: index and JSON text.
 * - `kconfig-key`, `keyfile-key`: `File` `Group` `Key`. `s`: the text after “=”, `ay` if it is not
 *   UTF-8, `()` if there is no “=”; with KConfig's flags a tuple of these (“[$e]”) and that.
 * - `kconfig-keys`: `File` `Group` `Prefix`. As above.
 * - `kconfig-group`, `keyfile-group`: `File` `Group`. As above.
 * - `kconfig-subtree`: `File` `Group` (a regular expression) `MatchKey` `MatchValue`. As above.
 * - `keyfile-list`: `File` `Group` `Key` `Entry`. `(us)`: index and entry. One text in a list of
 *   texts, as GLib's keyfile backend of GSettings writes them (in a Flatpak, say).
 * - `gsettings-entries`: `Key` `EntryPattern` (globs). `(us)`: index and entry. Texts in a list in
 *   dconf.
 * - `sqlite-row`: `File` `Table` `KeyColumn` `Key` `ValueColumns` [`Companion`] [`Case`]. `a{sv}`:
 *   column and `x`, `d`, `s`, `ay`, `()` for NULL.
 * - `sqlite-json-list`: `File` `Table` `KeyColumn` `Key` `ValueColumn` `Entry` [`Match`]
 *   [`Companion`] [`Case`]. `(us)`: index and JSON text.
 * - `xml-attrs`: `File` `Element` `Prefix`. `s`: the value, as it stands between double quotes.
 * - `lines`: `File` `Entry` [`Case`]. `(us)`: number of the line, from 0, and the line.
 *
 * All backends take `Host` (what the user knows the host by, for messages), `When` (`live` or
 * `stopped`) and `Role` (`enabled` or `disabled`: an entry says so; `installed` or `obsolete`: it
 * belongs to the files; otherwise `settings`). `File` and `Companion` are absolute paths; the last
 * name in the `File` of a database may have one `*`, which stands for the highest number there is.
 * Lists are separated by “;”, which stands as “\;” in an item, as in a GKeyFile. `Group` is written
 * as in the file, without the outer brackets: `Containments][2`. `Match` is a JSON pointer below an
 * element; `Case=fold` compares without regard to case.
 *
 * The names of entries are paths, "/NAME" or "/GROUP/SUBGROUP/KEY" (see plug-rb-settings-name.h),
 * and what was looked at stands among the folders of the [type@Values], so that an entry that is
 * absent there is known to have been absent.
 */
typedef struct _PlugRbSettingsStore PlugRbSettingsStore;

#define PLUG_RB_TYPE_SETTINGS_STORE (plug_rb_settings_store_get_type ())
GType plug_rb_settings_store_get_type (void);

PlugRbSettingsStore *plug_rb_settings_store_new (const char *name,
                                                 const char *backend,
                                                 const char *const *parameters,
                                                 GError **error);
PlugRbSettingsStore *plug_rb_settings_store_new_from_json (JsonObject *json, GError **error);
JsonObject *plug_rb_settings_store_to_json (PlugRbSettingsStore *self);
PlugRbSettingsStore *plug_rb_settings_store_ref (PlugRbSettingsStore *self);
void plug_rb_settings_store_unref (PlugRbSettingsStore *self);
gboolean plug_rb_settings_store_equal (PlugRbSettingsStore *a, PlugRbSettingsStore *b);

const char *plug_rb_settings_store_get_name (PlugRbSettingsStore *self);
const char *plug_rb_settings_store_get_backend (PlugRbSettingsStore *self);
const char *plug_rb_settings_store_get (PlugRbSettingsStore *self, const char *parameter);
char **plug_rb_settings_store_dup_list (PlugRbSettingsStore *self, const char *parameter);
gboolean plug_rb_settings_store_needs_stop (PlugRbSettingsStore *self);
char *plug_rb_settings_join_list (const char *const *items);
gboolean plug_rb_settings_is_backend (const char *backend);
gboolean plug_rb_settings_backend_takes (const char *backend, const char *parameter);
const char *const *plug_rb_settings_backend_get_required (const char *backend);

PlugRbValues *plug_rb_settings_store_read (PlugRbSettingsStore *self, GError **error);
gboolean plug_rb_settings_store_can_write (PlugRbSettingsStore *self, GError **error);
gboolean plug_rb_settings_store_apply (PlugRbSettingsStore *self,
                                       GPtrArray *edits,
                                       GPtrArray *conflicts,
                                       GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbSettingsStore, plug_rb_settings_store_unref)

G_END_DECLS
