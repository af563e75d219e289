/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-bus-call.h"
#include "plug-rb-enums.h"
#include "plug-rb-log-probe.h"
#include "plug-rb-plugin.h"

G_BEGIN_DECLS

/**
 * PlugRbProbe:
 * @call: (nullable): what is asked of the running host
 * @file: (nullable): template of a file that the host leaves behind when a plugin breaks it
 * @log: (nullable): what its log says
 * @select: (nullable): pointer into the answer
 * @version: (nullable): pointer to the version that the host speaks of: it may still run another
 *   one than is installed
 * @message: (nullable): pointer to what the host says of a failure
 * @ok: (array zero-terminated=1): selected values of a plugin that works
 * @bad: (array zero-terminated=1): selected values of one that fails
 *
 * A sign by which a host tells whether a plugin works: a `[Health]` of a description. Immutable.
 */
typedef struct {
  PlugRbBusCall *call;
  char *file;
  PlugRbLogProbe *log;
  char *select;
  char *version;
  char *message;
  char **ok;
  char **bad;
} PlugRbProbe;

PlugRbProbe *plug_rb_probe_take (GKeyFile *file, const char *group);
const char *plug_rb_probe_check (const char *value);
const char *plug_rb_probe_check_pointers (const char *value);
void plug_rb_probe_free (PlugRbProbe *self);
PlugRbHealth plug_rb_probe_ask (const PlugRbProbe *self,
                                PlugRbPlugin *plugin,
                                GVariant **shared,
                                char **message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlugRbProbe, plug_rb_probe_free)

G_END_DECLS
