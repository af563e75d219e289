/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-settings-backend.h"

G_BEGIN_DECLS

struct _PlugRbSettingsStore {
  gatomicrefcount ref_count;
  char *name;
  const PlugRbSettingsBackend *backend;
  GHashTable *parameters;
};

const PlugRbSettingsBackend *plug_rb_settings_find_backend (const char *name);
gboolean plug_rb_settings_store_check (PlugRbSettingsStore *self, GError **error);

G_END_DECLS
