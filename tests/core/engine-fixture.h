/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-error.h"
#include "scratch.h"

/* A user with one plugin in two versions, for the tests of the engine. */

#define ID "sample@example.org"
#define KEY "gnome-shell/" ID
#define SETTINGS "/org/gnome/shell/extensions/sample/"
#define ENABLED "/org/gnome/shell/enabled-extensions"

/* Version 1 is in the snapshot @target; version 2 is installed. */
typedef struct {
  PlugRbEngine *engine;
  PlugRbSnapshot *target;
  char *plugin;
  char *wanted;
  char *before;
} Fixture;

typedef struct {
  const char *path;
  gconstpointer data;
  void (*func) (Fixture *fixture, gconstpointer data);
} FixtureCase;

void fixture_set_up (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);
void fixture_add_cases (const FixtureCase *cases, gsize n);

void fixture_put (Fixture *fixture, const char *name, const char *content);
void fixture_put_noise (Fixture *fixture);
PlugRbSnapshot *fixture_snapshot_absent (Fixture *fixture);
PlugRbPlugin *fixture_find_plugin (Fixture *fixture);
PlugRbOperation *fixture_last_operation (Fixture *fixture);
char *fixture_archive_path (Fixture *fixture);
char *fixture_picture_live (void);
gboolean fixture_has_text (const char *const *texts, const char *part);
void fixture_flip (const char *path, gsize offset);

void fixture_roll_back (Fixture *fixture, PlugRbScope scope);
void fixture_undo (Fixture *fixture);
GError *fixture_fail (Fixture *fixture, GQuark domain, int code, const char *code_name);
void fixture_assert_picture (const char *expected);
void fixture_assert_no_snapshot (Fixture *fixture, const char *prefix, PlugRbError code);
void fixture_assert_nothing_left (Fixture *fixture);

/* The fixture that the function given to fixture_at() works on. */
extern Fixture *fixture_present;

void fixture_at (Fixture *fixture, const char *point, void (*func) (void));
