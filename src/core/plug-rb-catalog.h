/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include "plug-rb-survey.h"

G_BEGIN_DECLS

/**
 * PlugRbCatalog:
 *
 * The lists that the manager shows. It merges what a survey found into the objects that are shown
 * already, so that a plugin, a snapshot or an operation is the same object as long as it exists.
 * For one thread: the one that shows the lists.
 */
typedef struct {
  GListStore *hosts;
  GListStore *plugins;
  GListStore *snapshots;
  GListStore *operations;
} PlugRbCatalog;

PlugRbCatalog *plug_rb_catalog_new (void);
void plug_rb_catalog_free (PlugRbCatalog *self);
void plug_rb_catalog_merge (PlugRbCatalog *self, PlugRbSurvey *survey);
void plug_rb_catalog_give_hints (PlugRbCatalog *self, PlugRbOperation *operation);
void plug_rb_catalog_add_operation (PlugRbCatalog *self, PlugRbOperation *operation);

PlugRbPlugin *plug_rb_catalog_find_plugin (PlugRbCatalog *self, const char *key);
PlugRbSnapshot *plug_rb_catalog_find_snapshot (PlugRbCatalog *self, const char *id);
PlugRbOperation *plug_rb_catalog_find_operation (PlugRbCatalog *self, const char *id);

G_END_DECLS
