/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine.h"

G_BEGIN_DECLS

/**
 * PlugRbVerifyFlags:
 * @PLUG_RB_VERIFY_FULL: read every byte, not only what is small
 * @PLUG_RB_VERIFY_REPAIR: set aside what is damaged
 */
typedef enum /*< skip >*/ {
  PLUG_RB_VERIFY_FULL = 1 << 0,
  PLUG_RB_VERIFY_REPAIR = 1 << 1,
} PlugRbVerifyFlags;

/**
 * PlugRbDamage:
 * @snapshot: (nullable): id of the snapshot; %NULL for what belongs to the whole store
 * @plugin: (nullable): key of its plugin
 * @what: what is wrong, for people
 * @left: (nullable): what of it can still be restored, if that was looked at
 * @repaired: whether it lies in the quarantine now, or was made again
 *
 * Something that is not as it was written.
 */
typedef struct {
  char *snapshot;
  char *plugin;
  char *what;
  char *left;
  gboolean repaired;
} PlugRbDamage;

/**
 * PlugRbVerification:
 * @checked: number of snapshots
 * @damages: (element-type PlugRbDamage): what was found
 */
typedef struct {
  guint checked;
  GPtrArray *damages;
} PlugRbVerification;

PlugRbVerification *plug_rb_verification_new (void);
void plug_rb_verification_free (PlugRbVerification *self);
PlugRbDamage *plug_rb_verification_add (PlugRbVerification *self,
                                        PlugRbSnapshot *snapshot,
                                        const char *format,
                                        ...) G_GNUC_PRINTF (3, 4);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbVerification, plug_rb_verification_free)

PlugRbVerification *plug_rb_engine_verify (PlugRbEngine *self,
                                           GPtrArray *snapshots,
                                           PlugRbVerifyFlags flags,
                                           PlugRbOperation *operation,
                                           GCancellable *cancellable,
                                           GError **error);

G_END_DECLS
