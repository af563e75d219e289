/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-store.h"

G_BEGIN_DECLS

/**
 * PlugRbAuditEntry:
 * @number: of the line, from 1
 * @subject: (nullable): a plugin key, a snapshot id, or a path below the store
 * @operation: (nullable): id of the operation it was part of
 *
 * One line of the trail. Of a line that cannot be read only the number is known.
 */
typedef struct {
  guint number;
  GDateTime *time;
  char *act;
  char *subject;
  char *operation;
} PlugRbAuditEntry;

/**
 * PlugRbAuditTrail:
 * @entries: (element-type PlugRbAuditEntry): oldest first
 * @first_bad: number of the first line that does not fit the one before it; 0 if all do. One more
 *   than there are lines if the end was cut off
 * @problem: (nullable): what is wrong there
 * @torn: bytes of a last line that a crash tore; they never counted
 * @hashes: (element-type utf8): of all lines
 *
 * The audit trail as it was read, checked.
 */
typedef struct {
  GPtrArray *entries;
  guint first_bad;
  char *problem;
  gsize torn;
  GHashTable *hashes;
} PlugRbAuditTrail;

PlugRbAuditTrail *plug_rb_audit_trail_read (PlugRbStore *store, GError **error);
void plug_rb_audit_trail_free (PlugRbAuditTrail *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbAuditTrail, plug_rb_audit_trail_free)

G_END_DECLS
