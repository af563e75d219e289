/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * PlugRbLiteral:
 * @p: what is read next
 * @is_python: whether strings, lists and tables are Python's; TOML's otherwise
 * @depth: how many brackets are open
 *
 * Reads values that are written out, as in TOML and in Python. Nothing is ever computed.
 */
typedef struct {
  const char *p;
  gboolean is_python;
  guint depth;
} PlugRbLiteral;

void plug_rb_literal_skip (PlugRbLiteral *self);
char *plug_rb_literal_read_key (PlugRbLiteral *self, GError **error);
JsonNode *plug_rb_literal_read_value (PlugRbLiteral *self, GError **error);

G_END_DECLS
