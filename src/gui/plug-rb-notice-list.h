/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PLUG_RB_TYPE_NOTICE_LIST (plug_rb_notice_list_get_type ())
G_DECLARE_FINAL_TYPE (PlugRbNoticeList, plug_rb_notice_list, PLUG_RB, NOTICE_LIST, AdwBin)

/* Properties: blockers, warnings (GStrv). What stands in the way of a rollback, and what to think
 * of. */

G_END_DECLS
