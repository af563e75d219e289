/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-engine.h"

G_BEGIN_DECLS

/* What the process exits with. */
typedef enum {
  PLUG_RB_CLI_DONE = 0,
  PLUG_RB_CLI_FAILED = 1,
  PLUG_RB_CLI_USAGE = 2,
  PLUG_RB_CLI_NEEDS_USER = 3,
  PLUG_RB_CLI_INCOMPLETE = 4,
  PLUG_RB_CLI_PARTLY = 5,
} PlugRbCliStatus;

typedef struct _PlugRbCli PlugRbCli;

/**
 * PlugRbCliCommand:
 * @name: the word after "plugrb"
 * @parameters: (nullable): what follows it, for the usage line
 * @summary: one line, as the list of commands shows it
 * @description: more, with an example
 * @options: (nullable): options beside those that every command has
 * @min: how many arguments it needs
 * @max: how many it takes at most, or -1
 * @writes: whether it may change something
 * @brackets: whether a command line of another program follows a “--”
 * @failed: what it exits with if it fails; 0 for what the error says
 * @needs_no_store: whether it has nothing to do with the user's store, which is not opened then
 * @run_without_store: (nullable): does it where there is no store, so that none is made
 * @run: does it; an error decides the exit status, otherwise `cli->status` does
 *
 * One command. All texts are marked for translation, not translated.
 */
typedef struct {
  const char *name;
  const char *parameters;
  const char *summary;
  const char *description;
  const GOptionEntry *options;
  int min;
  int max;
  gboolean writes;
  gboolean brackets;
  int failed;
  gboolean needs_no_store;
  gboolean (*run_without_store) (PlugRbCli *cli, GError **error);
  gboolean (*run) (PlugRbCli *cli, GError **error);
} PlugRbCliCommand;

/**
 * PlugRbCli:
 * @json: whether JSON is wanted, and nothing else, on standard output
 * @version: whether only the version is wanted
 * @store: (nullable): folder of the store
 * @arguments: what the command line has after the options
 * @bracketed: (nullable): the command line of the other program
 * @reported: set by a command that has put its error into its JSON already
 *
 * One run of one command.
 */
struct _PlugRbCli {
  const PlugRbCliCommand *command;
  PlugRbEngine *engine;
  GCancellable *cancellable;
  char *store;
  char **arguments;
  char **bracketed;
  gboolean json;
  gboolean version;
  gboolean reported;
  PlugRbCliStatus status;
};

extern const PlugRbCliCommand plug_rb_cli_command_delete;
extern const PlugRbCliCommand plug_rb_cli_command_demo;
extern const PlugRbCliCommand plug_rb_cli_command_diff;
extern const PlugRbCliCommand plug_rb_cli_command_extract;
extern const PlugRbCliCommand plug_rb_cli_command_guard;
extern const PlugRbCliCommand plug_rb_cli_command_history;
extern const PlugRbCliCommand plug_rb_cli_command_hosts;
extern const PlugRbCliCommand plug_rb_cli_command_install;
extern const PlugRbCliCommand plug_rb_cli_command_label;
extern const PlugRbCliCommand plug_rb_cli_command_list;
extern const PlugRbCliCommand plug_rb_cli_command_note;
extern const PlugRbCliCommand plug_rb_cli_command_pin;
extern const PlugRbCliCommand plug_rb_cli_command_policy;
extern const PlugRbCliCommand plug_rb_cli_command_prune;
extern const PlugRbCliCommand plug_rb_cli_command_log;
extern const PlugRbCliCommand plug_rb_cli_command_recover;
extern const PlugRbCliCommand plug_rb_cli_command_restore_deleted;
extern const PlugRbCliCommand plug_rb_cli_command_rollback;
extern const PlugRbCliCommand plug_rb_cli_command_show;
extern const PlugRbCliCommand plug_rb_cli_command_snapshot;
extern const PlugRbCliCommand plug_rb_cli_command_snapshots;
extern const PlugRbCliCommand plug_rb_cli_command_undo;
extern const PlugRbCliCommand plug_rb_cli_command_uninstall;
extern const PlugRbCliCommand plug_rb_cli_command_unpin;
extern const PlugRbCliCommand plug_rb_cli_command_verify;

int plug_rb_cli_main (GStrv *arguments);
void plug_rb_cli_warn_of_pending (PlugRbCli *cli);

G_END_DECLS
