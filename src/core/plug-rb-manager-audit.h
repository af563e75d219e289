/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-audit-trail.h"
#include "plug-rb-manager.h"

G_BEGIN_DECLS

void plug_rb_manager_read_audit_async (PlugRbManager *self,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
PlugRbAuditTrail *
plug_rb_manager_read_audit_finish (PlugRbManager *self, GAsyncResult *result, GError **error);

G_END_DECLS
