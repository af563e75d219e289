/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-jsonc.h"

G_BEGIN_DECLS

/* For the two halves of PlugRbJsonc: what parses and what edits. */

struct _PlugRbJsonc {
  GString *text;
  PlugRbJsoncNode root;
  gboolean has_root;
};

gboolean plug_rb_jsonc_parse (PlugRbJsonc *self, GError **error);

G_END_DECLS
