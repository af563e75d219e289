/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PLUG_RB_AUDIT_FILE "audit.jsonl"

gboolean plug_rb_audit_append (const char *store_path,
                               const char *act,
                               const char *subject,
                               const char *operation,
                               GError **error);
void plug_rb_audit_note (const char *store_path, const char *act, const char *subject);
gboolean plug_rb_audit_mend (const char *store_path, gboolean *mended, GError **error);
char *plug_rb_audit_dup_head (const char *store_path);

G_END_DECLS
