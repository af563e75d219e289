/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "plug-rb-fs.h"
#include "plug-rb-unpack.h"

static const PlugRbUnpackLimits limits = {
  .entries = 50,
  .file_size = 100000,
  .total_size = 200000,
  .ratio = 10,
  .free_size = 10000,
  .depth = 10,
  .path_length = 300,
};

/* A plugin package, zip or tar: it comes out within the limits, or nothing does. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofd int package = memfd_create ("package", MFD_CLOEXEC);
  g_autofd int stage = fuzz_open_folder ();
  g_autoptr(GPtrArray) names = NULL;
  g_auto(PlugRbUnpacked) unpacked = { 0 };
  gboolean done;

  g_assert_true (plug_rb_fs_write (package, data, size, NULL));
  g_assert_cmpint (lseek (package, 0, SEEK_SET), ==, 0);
  done = plug_rb_unpack (package, stage, &limits, NULL, NULL, &unpacked, NULL, NULL);

  names = plug_rb_fs_list (stage, NULL);
  g_assert_true (done == (names->len > 0));
  g_assert_cmpuint (unpacked.size, <=, limits.total_size);
  fuzz_clear_folder ();

  return 0;
}
