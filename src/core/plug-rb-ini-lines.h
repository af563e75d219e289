/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-ini.h"

G_BEGIN_DECLS

/* The inside of such a file, for what reads and what changes it. */

typedef enum {
  PLUG_RB_INI_OTHER, /* blank, a comment, or what is not understood */
  PLUG_RB_INI_GROUP,
  PLUG_RB_INI_KEY,
} PlugRbIniKind;

/* @text without the line's @end; @name is that of the group or the key; @flags are KConfig's, such
 * as “[$e]”; @value stands behind “=”, or nothing if there is none. */
typedef struct {
  PlugRbIniKind kind;
  char *text;
  const char *end;
  char *name;
  char *flags;
  char *value;
  gboolean fixed;
} PlugRbIniLine;

/* What g_strstrip() takes off. */
#define SPACE " \t\r\v\f"

struct _PlugRbIni {
  GPtrArray *lines;
  const char *end;    /* "\n" or "\r\n", for new lines */
  gboolean has_mark;  /* it begins with a byte order mark */
  gboolean has_end;   /* the last line has one, too */
  gboolean has_order; /* the groups are in byte order, as KConfig writes them */
};

/* Whether the search is over. */
typedef gboolean (*PlugRbIniLineFunc) (PlugRbIni *self, guint index, gpointer user_data);

PlugRbIniLine *plug_rb_ini_line_new (const char *text, gsize length, const char *end);
int plug_rb_ini_compare_groups (const char *a, const char *b);
const PlugRbIniLine *plug_rb_ini_get_line (PlugRbIni *self, guint index);
gboolean plug_rb_ini_find_in_group (PlugRbIni *self,
                                    const char *group,
                                    PlugRbIniLineFunc func,
                                    gpointer user_data);
PlugRbIniLine *plug_rb_ini_find_key (PlugRbIni *self, const char *group, const char *key);

G_END_DECLS
