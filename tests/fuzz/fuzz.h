/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <gio/gio.h>

/* What every fuzzer defines: one call for each input. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int fuzz_open_folder (void);
char *fuzz_put (const char *name, const guint8 *data, gsize size);
void fuzz_clear_folder (void);
