/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PlugRbLock:
 *
 * A lock among processes and threads, exclusive if not said otherwise, by `flock`: whoever dies
 * gives it back. The process and its name are written into the lock file only to tell the user who
 * holds it.
 */
typedef struct _PlugRbLock PlugRbLock;

PlugRbLock *plug_rb_lock_new (const char *folder,
                              const char *subject,
                              GCancellable *cancellable,
                              GError **error);
PlugRbLock *plug_rb_lock_new_shared (const char *folder,
                                     const char *subject,
                                     GCancellable *cancellable,
                                     GError **error);
PlugRbLock *plug_rb_lock_new_for_folder (const char *folder,
                                         const char *subject,
                                         GCancellable *cancellable,
                                         GError **error);
gboolean plug_rb_lock_is_free (const char *folder);
void plug_rb_lock_free (PlugRbLock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbLock, plug_rb_lock_free)

G_END_DECLS
