/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-enums.h"

G_BEGIN_DECLS

/* The words for people; those for programs are the enums' nicks. */

const char *plug_rb_cli_wording_host_state (PlugRbHostState state);
char *plug_rb_cli_wording_time (GDateTime *time);
char *plug_rb_cli_wording_versions (const char *from, const char *to);

G_END_DECLS
