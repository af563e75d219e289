/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* Stands in for libFuzzer where the compiler has none: every file of the corpus, and always the
 * same mutations of each. Takes the options of libFuzzer, and does without them. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define MUTATIONS 300

static void
mutate_once (GByteArray *bytes, GRand *rand)
{
  guint at = bytes->len ? (guint) g_rand_int_range (rand, 0, (gint32) bytes->len) : 0;
  guint length =
      bytes->len ? (guint) g_rand_int_range (rand, 0, (gint32) (bytes->len - at) + 1) : 0;
  guint8 value = (guint8) g_rand_int_range (rand, 0, 256);

  switch (g_rand_int_range (rand, 0, 6)) {
  case 0:
    g_byte_array_set_size (bytes, at);
    break;
  case 1:
    g_byte_array_remove_range (bytes, at, length);
    break;
  case 2: {
    g_autofree guint8 *piece = g_memdup2 (bytes->data + at, length);

    g_byte_array_append (bytes, piece, length);
    break;
  }
  case 3:
    if (bytes->len > 0)
      bytes->data[at] ^= (guint8) (1 << (value % 8));
    break;
  default:
    if (bytes->len > 0)
      bytes->data[at] = value;
  }
}

static void
run_mutations (const char *content, gsize length, GRand *rand)
{
  for (guint i = 0; i < MUTATIONS; i++) {
    g_autoptr(GByteArray) bytes = g_byte_array_new ();

    g_byte_array_append (bytes, (const guint8 *) content, (guint) length);
    for (guint k = 0; k <= i % 4; k++)
      mutate_once (bytes, rand);
    LLVMFuzzerTestOneInput (bytes->data, bytes->len);
  }
}

static guint
run_file (const char *path)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (1);
  g_autofree char *content = NULL;
  gsize length;

  if (!g_file_get_contents (path, &content, &length, NULL))
    return 0;

  LLVMFuzzerTestOneInput ((const guint8 *) content, length);
  run_mutations (content, length, rand);

  return 1;
}

static guint
run_folder (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    n += run_file (child);
  }

  return n;
}

int
main (int argc, char *argv[])
{
  guint n = 0;

  LLVMFuzzerTestOneInput ((const guint8 *) "", 0);
  for (int i = 1; i < argc; i++)
    if (*argv[i] != '-')
      n += g_file_test (argv[i], G_FILE_TEST_IS_DIR) ? run_folder (argv[i]) : run_file (argv[i]);
  g_print ("%u files of the corpus, %d mutations of each\n", n, MUTATIONS);

  return n > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
