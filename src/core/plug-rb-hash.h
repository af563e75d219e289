/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* SHA-256 by nettle, which uses the CPU's SHA instructions (GChecksum does not: about six times
 * slower). */

#define PLUG_RB_HASH_HEX_SIZE 65

typedef struct _PlugRbHash PlugRbHash;

PlugRbHash *plug_rb_hash_new (void);
void plug_rb_hash_free (PlugRbHash *self);
void plug_rb_hash_update (PlugRbHash *self, const void *data, gsize length);
char *plug_rb_hash_finish (PlugRbHash *self);
char *plug_rb_hash_bytes (const void *data, gsize length);
char *plug_rb_hash_file (int fd, GCancellable *cancellable, GError **error);
gboolean plug_rb_hash_is_valid (const char *hex);
gboolean plug_rb_hash_to_bytes (const char *hex, guint8 bytes[32]);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbHash, plug_rb_hash_free)

G_END_DECLS
