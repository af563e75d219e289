/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-enums.h"

G_BEGIN_DECLS

/* What people read for the values of the enums, in their language and the same in every face; what
 * programs read are the nicks. The strings are static. */

const char *plug_rb_words_reason (PlugRbReason reason);
const char *plug_rb_words_kind (PlugRbKind kind);
const char *plug_rb_words_status (PlugRbStatus status);
const char *plug_rb_words_step_status (PlugRbStepStatus status);
char *plug_rb_words_health (PlugRbHealth health, const char *message);

G_END_DECLS
