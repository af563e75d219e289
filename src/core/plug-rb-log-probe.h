/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-enums.h"

G_BEGIN_DECLS

/**
 * PlugRbLogProbe:
 * @path: template of the path of a host's logs; its last part may be a pattern
 * @good: (nullable): regular expression of a line about a plugin that was loaded
 * @bad: (nullable): likewise, of one that was not
 *
 * What a host's newest log says of a plugin. Immutable.
 */
typedef struct {
  char *path;
  char *good;
  char *bad;
} PlugRbLogProbe;

const char *plug_rb_log_probe_check_path (const char *value);
const char *plug_rb_log_probe_check_line (const char *value);
PlugRbLogProbe *plug_rb_log_probe_new (const char *path, const char *good, const char *bad);
void plug_rb_log_probe_free (PlugRbLogProbe *self);
GVariant *plug_rb_log_probe_read (const PlugRbLogProbe *self);
PlugRbHealth plug_rb_log_probe_judge (
    const PlugRbLogProbe *self, GVariant *log, const char *id, const char *plugin, char **message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbLogProbe, plug_rb_log_probe_free)

G_END_DECLS
