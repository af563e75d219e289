/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-state.h"

G_BEGIN_DECLS

/* What a rollback goes to is not always all that a snapshot holds. */

PlugRbState *plug_rb_state_derive_restorable (PlugRbState *target,
                                              GPtrArray *parts,
                                              gboolean with_staged,
                                              const char *const *excludes);
PlugRbState *
plug_rb_state_derive_scoped (PlugRbState *live, PlugRbState *target, PlugRbScope scope);
PlugRbState *plug_rb_state_derive_chosen (PlugRbState *live,
                                          PlugRbState *target,
                                          const PlugRbPart *part,
                                          const char *const *paths,
                                          GError **error);

G_END_DECLS
