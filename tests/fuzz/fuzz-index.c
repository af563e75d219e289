/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/mman.h>

#include "fuzz.h"
#include "plug-rb-fs.h"
#include "plug-rb-index.h"

/* An archive whose index is lost: what is found in it lies in it. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *name = g_strnfill (64, '0');
  g_autofd int fd = memfd_create ("archive", MFD_CLOEXEC);
  g_autoptr(PlugRbIndex) index = NULL;

  g_assert_true (plug_rb_fs_write (fd, data, size, NULL));
  index = plug_rb_index_rebuild (fd, name, NULL);
  for (guint i = 0; index != NULL && i < plug_rb_index_get_n_places (index); i++) {
    const PlugRbFrameRange *place = plug_rb_index_get_place (index, i);
    const PlugRbFrameSpan *span = plug_rb_index_get_frame (index, place->frame);

    g_assert_nonnull (span);
    g_assert_cmpuint (place->offset, <=, span->raw);
  }

  return 0;
}
