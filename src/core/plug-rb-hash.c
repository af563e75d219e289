/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-hash.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <nettle/sha2.h>
#include <unistd.h>

#include "plug-rb-error.h"

#define BLOCK_SIZE (256 * 1024)

struct _PlugRbHash {
  struct sha256_ctx context;
};

/**
 * plug_rb_hash_new:
 *
 * Begins a SHA-256. For data that comes in pieces; otherwise plug_rb_hash_bytes() is shorter.
 *
 * Returns: (transfer full): the hash
 */
PlugRbHash *
plug_rb_hash_new (void)
{
  PlugRbHash *self = g_new (PlugRbHash, 1);

  sha256_init (&self->context);

  return self;
}

/**
 * plug_rb_hash_free:
 * @self: (transfer full): a hash
 */
void
plug_rb_hash_free (PlugRbHash *self)
{
  g_free (self);
}

/**
 * plug_rb_hash_update:
 * @data: (array length=length) (element-type guint8) (nullable): the next piece
 *
 * Adds data to the hash.
 */
void
plug_rb_hash_update (PlugRbHash *self, const void *data, gsize length)
{
  if (length > 0)
    sha256_update (&self->context, length, data);
}

/**
 * plug_rb_hash_finish:
 *
 * Gives the hash of all that was added, and begins anew.
 *
 * Returns: (transfer full): 64 hexadecimal digits in lower case
 */
char *
plug_rb_hash_finish (PlugRbHash *self)
{
  static const char digits[] = "0123456789abcdef";
  guint8 digest[SHA256_DIGEST_SIZE];
  char *hex = g_malloc (PLUG_RB_HASH_HEX_SIZE);

  sha256_digest (&self->context, sizeof digest, digest);

  for (gsize i = 0; i < sizeof digest; i++) {
    hex[2 * i] = digits[digest[i] >> 4];
    hex[2 * i + 1] = digits[digest[i] & 0xf];
  }
  hex[PLUG_RB_HASH_HEX_SIZE - 1] = '\0';

  return hex;
}

/**
 * plug_rb_hash_bytes:
 * @data: (array length=length) (element-type guint8) (nullable): all the data
 *
 * Returns: (transfer full): the SHA-256 of @data as 64 hexadecimal digits in lower case
 */
char *
plug_rb_hash_bytes (const void *data, gsize length)
{
  g_autoptr(PlugRbHash) self = plug_rb_hash_new ();

  plug_rb_hash_update (self, data, length);

  return plug_rb_hash_finish (self);
}

/**
 * plug_rb_hash_file:
 * @fd: a file; its position is left alone
 *
 * Returns: (transfer full): SHA-256 of all of it, in hex, or %NULL
 */
char *
plug_rb_hash_file (int fd, GCancellable *cancellable, GError **error)
{
  g_autoptr(PlugRbHash) hash = plug_rb_hash_new ();
  g_autofree char *buffer = g_malloc (BLOCK_SIZE);
  off_t offset = 0;
  gssize n;

  while ((n = TEMP_FAILURE_RETRY (pread (fd, buffer, BLOCK_SIZE, offset))) > 0) {
    plug_rb_hash_update (hash, buffer, n);
    offset += n;
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return NULL;
  }

  if (n < 0) {
    plug_rb_error_set_errno (error, errno, _("A file cannot be read"));
    return NULL;
  }

  return plug_rb_hash_finish (hash);
}

/**
 * plug_rb_hash_is_valid:
 * @hex: (nullable): text from outside
 *
 * Returns: whether @hex is a SHA-256 as plug_rb_hash_finish() writes it, and so also a safe file
 * name
 */
gboolean
plug_rb_hash_is_valid (const char *hex)
{
  return hex != NULL && strspn (hex, "0123456789abcdef") == PLUG_RB_HASH_HEX_SIZE - 1 &&
         hex[PLUG_RB_HASH_HEX_SIZE - 1] == '\0';
}

static inline int
get_digit (char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';

  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/**
 * plug_rb_hash_to_bytes:
 * @hex: (nullable): text from outside
 * @bytes: (out caller-allocates): the 32 bytes that it stands for
 *
 * Returns: whether @hex is a SHA-256
 */
gboolean
plug_rb_hash_to_bytes (const char *hex, guint8 bytes[32])
{
  if (hex == NULL)
    return FALSE;

  for (guint i = 0; i < 32; i++) {
    int high = get_digit (hex[2 * i]), low = high < 0 ? -1 : get_digit (hex[2 * i + 1]);

    if (low < 0)
      return FALSE;
    bytes[i] = high << 4 | low;
  }

  if (hex[64] != '\0')
    return FALSE;

  return TRUE;
}
