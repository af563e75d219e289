/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

#include "plug-rb-manager.h"

G_BEGIN_DECLS

#define PLUG_RB_TYPE_JOBS_BUTTON (plug_rb_jobs_button_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbJobsButton, plug_rb_jobs_button, PLUG_RB, JOBS_BUTTON, AdwBin)

/* Shows that something goes on or has failed, and lists it. Properties: manager, allowed (whether
 * this is the place for it now). Hidden while there is nothing to list. */

void plug_rb_jobs_button_popup (PlugRbJobsButton *self);

G_END_DECLS
