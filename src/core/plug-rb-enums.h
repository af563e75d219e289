/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The nick of each value (made by glib-mkenums: "pre-install", "in-progress" ...) is the word that
 * stands in the JSON formats, so renaming one of these changes a format. */

typedef enum {
  PLUG_RB_REASON_MANUAL,
  PLUG_RB_REASON_PRE_INSTALL,
  PLUG_RB_REASON_PRE_UPDATE,
  PLUG_RB_REASON_PRE_UNINSTALL,
  PLUG_RB_REASON_PRE_ROLLBACK,
  PLUG_RB_REASON_BASELINE,
  PLUG_RB_REASON_PACKAGE,
} PlugRbReason;

typedef enum {
  PLUG_RB_HEALTH_UNKNOWN,
  PLUG_RB_HEALTH_GOOD,
  PLUG_RB_HEALTH_BAD,
} PlugRbHealth;

typedef enum {
  PLUG_RB_STATUS_PENDING,
  PLUG_RB_STATUS_IN_PROGRESS,
  PLUG_RB_STATUS_COMPLETED,
  PLUG_RB_STATUS_FAILED,
  PLUG_RB_STATUS_CANCELED,
  PLUG_RB_STATUS_UNDONE,
  PLUG_RB_STATUS_NEEDS_USER,
} PlugRbStatus;

typedef enum {
  PLUG_RB_STEP_STATUS_PENDING,
  PLUG_RB_STEP_STATUS_RUNNING,
  PLUG_RB_STEP_STATUS_DONE,
  PLUG_RB_STEP_STATUS_SKIPPED,
  PLUG_RB_STEP_STATUS_FAILED,
  PLUG_RB_STEP_STATUS_UNDONE,
} PlugRbStepStatus;

typedef enum {
  PLUG_RB_KIND_SNAPSHOT,
  PLUG_RB_KIND_ROLLBACK,
  PLUG_RB_KIND_UNDO,
  PLUG_RB_KIND_INSTALL,
  PLUG_RB_KIND_UNINSTALL,
} PlugRbKind;

typedef enum {
  PLUG_RB_HOST_STATE_PRESENT,
  PLUG_RB_HOST_STATE_MISSING,
  PLUG_RB_HOST_STATE_UNREADABLE,
  PLUG_RB_HOST_STATE_DESCRIPTION_INVALID,
} PlugRbHostState;

typedef enum {
  PLUG_RB_MANAGER_STATE_LOADING,
  PLUG_RB_MANAGER_STATE_FIRST_RUN,
  PLUG_RB_MANAGER_STATE_READY,
  PLUG_RB_MANAGER_STATE_TOO_NEW,
  PLUG_RB_MANAGER_STATE_FAILED,
} PlugRbManagerState;

typedef enum {
  PLUG_RB_CHANGE_ADDED,
  PLUG_RB_CHANGE_REMOVED,
  PLUG_RB_CHANGE_CHANGED,
  PLUG_RB_CHANGE_PERMISSIONS,
  PLUG_RB_CHANGE_TYPE,
  PLUG_RB_CHANGE_TIME,
} PlugRbChangeKind;

/**
 * PlugRbScope:
 * @PLUG_RB_SCOPE_FILES: the files of the plugin's parts
 * @PLUG_RB_SCOPE_SETTINGS: settings and enabled state
 *
 * What of a plugin a comparison or a rollback looks at.
 */
typedef enum /*< flags >*/ {
  PLUG_RB_SCOPE_FILES = 1 << 0,
  PLUG_RB_SCOPE_SETTINGS = 1 << 1,
  PLUG_RB_SCOPE_ALL = PLUG_RB_SCOPE_FILES | PLUG_RB_SCOPE_SETTINGS,
} PlugRbScope;

const char *plug_rb_enum_to_nick (GType type, int value);
gboolean plug_rb_enum_from_nick (GType type, const char *nick, int *value);

G_END_DECLS
