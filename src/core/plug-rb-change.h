/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-enums.h"
#include "plug-rb-types.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_CHANGE (plug_rb_change_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbChange, plug_rb_change, PLUG_RB, CHANGE, GObject)

/* Properties: kind name from to size from-size. For files, from and to are NULL and the sizes are
 * in bytes; for settings, from and to are GVariant text, NULL meaning "unset". */

PlugRbChange *plug_rb_change_new_file (PlugRbChangeKind kind,
                                       const char *name,
                                       guint64 from_size,
                                       guint64 to_size);
PlugRbChange *plug_rb_change_new_value (const char *name, const char *from, const char *to);
void plug_rb_change_set_place (PlugRbChange *self, const char *part, const char *path);

PlugRbChangeKind plug_rb_change_get_kind (PlugRbChange *self);
const char *plug_rb_change_get_name (PlugRbChange *self);
const char *plug_rb_change_get_from (PlugRbChange *self);
const char *plug_rb_change_get_to (PlugRbChange *self);
guint64 plug_rb_change_get_from_size (PlugRbChange *self);
guint64 plug_rb_change_get_size (PlugRbChange *self);
const char *plug_rb_change_get_part (PlugRbChange *self);
const char *plug_rb_change_get_path (PlugRbChange *self);
gboolean plug_rb_change_has_content (PlugRbChange *self);

G_END_DECLS
