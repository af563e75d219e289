/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <string.h>

#include "fuzz.h"
#include "plug-rb-ini.h"

/* Files of groups and keys, as programs and people write them: what is changed and changed back
 * leaves the very same bytes, and nobody else's values ever change. */

#define MAX_KEYS 24

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static void
add_group (GPtrArray *found, PlugRbIni *ini, const char *group, const char *without)
{
  g_autoptr(GPtrArray) keys = plug_rb_ini_list_keys (ini, group);

  for (guint i = 0; i < keys->len; i++) {
    const char *key = keys->pdata[i];
    g_autoptr(GVariant) value = g_variant_ref_sink (plug_rb_ini_get (ini, group, key));
    g_autofree char *shown = g_variant_print (value, TRUE);

    if (g_strcmp0 (key, without) != 0)
      g_ptr_array_add (found, g_strdup_printf ("%s\n%s\n%s", group, key, shown));
  }
}

/* The values of all keys but one, in an order of their own: a group may stand there in pieces, of
 * which one goes. */
static char *
dup_others (PlugRbIni *ini, const char *own_group, const char *own_key)
{
  g_autoptr(GPtrArray) groups = plug_rb_ini_list_groups (ini);
  g_autoptr(GPtrArray) found = g_ptr_array_new_null_terminated (8, g_free, TRUE);

  if (!g_ptr_array_find_with_equal_func (groups, "", g_str_equal, NULL))
    g_ptr_array_add (groups, (gpointer) "");
  for (guint i = 0; i < groups->len; i++)
    add_group (found, ini, groups->pdata[i],
               g_str_equal (groups->pdata[i], own_group) ? own_key : NULL);
  g_ptr_array_sort_values (found, compare_strings);

  return g_strjoinv ("\n\n", (char **) found->pdata);
}

static void
assert_others (GBytes *before, PlugRbIni *after, const char *group, const char *key)
{
  g_autoptr(PlugRbIni) old = plug_rb_ini_new (before);
  g_autofree char *others = dup_others (old, group, key);
  g_autofree char *left = dup_others (after, group, key);

  g_assert_cmpstr (others, ==, left);
}

static void
change_and_restore (GBytes *bytes, const char *group, const char *key)
{
  g_autoptr(PlugRbIni) ini = plug_rb_ini_new (bytes);
  g_autoptr(GVariant) old = g_variant_ref_sink (plug_rb_ini_get (ini, group, key));
  g_autoptr(GVariant) other = g_variant_ref_sink (g_variant_new_string ("other"));
  g_autoptr(GVariant) found = NULL;
  g_autoptr(GBytes) between = NULL;
  g_autoptr(PlugRbIni) again = NULL;

  if (!plug_rb_ini_is_value (old))
    return;

  plug_rb_ini_set (ini, group, key, other);
  between = plug_rb_ini_to_bytes (ini);
  again = plug_rb_ini_new (between);
  assert_others (bytes, again, group, key);

  plug_rb_ini_set (again, group, key, old);
  found = g_variant_ref_sink (plug_rb_ini_get (again, group, key));
  g_assert_true (g_variant_equal (old, found));
  assert_others (bytes, again, group, key);
}

static void
remove_and_restore (GBytes *bytes, const char *group, const char *key)
{
  g_autoptr(PlugRbIni) ini = plug_rb_ini_new (bytes);
  g_autoptr(GVariant) old = g_variant_ref_sink (plug_rb_ini_get (ini, group, key));
  g_autoptr(GBytes) between = NULL;
  g_autoptr(PlugRbIni) again = NULL;
  g_autoptr(GBytes) restored = NULL;
  g_autoptr(PlugRbIni) last = NULL;
  g_autoptr(GVariant) found = NULL;

  plug_rb_ini_remove (ini, group, key);
  between = plug_rb_ini_to_bytes (ini);
  again = plug_rb_ini_new (between);
  assert_others (bytes, again, group, key);
  g_assert_null (plug_rb_ini_get (again, group, key));
  if (!plug_rb_ini_is_value (old))
    return;

  plug_rb_ini_set (again, group, key, old);
  restored = plug_rb_ini_to_bytes (again);
  last = plug_rb_ini_new (restored);
  found = plug_rb_ini_get (last, group, key);
  g_assert_true (found != NULL && g_variant_equal (old, g_variant_ref_sink (found)));
  assert_others (bytes, last, group, key);
}

static void
try_group (GBytes *bytes, PlugRbIni *ini, const char *group)
{
  g_autoptr(GPtrArray) keys = plug_rb_ini_list_keys (ini, group);

  for (guint i = 0; i < MIN (keys->len, MAX_KEYS); i++) {
    change_and_restore (bytes, group, keys->pdata[i]);
    remove_and_restore (bytes, group, keys->pdata[i]);
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(PlugRbIni) ini = plug_rb_ini_new (bytes);
  g_autoptr(GPtrArray) groups = NULL;
  g_autoptr(GBytes) same = NULL;

  /* A mark in the middle would count if all before it went. */
  if (ini == NULL || (size > 3 && memmem (data + 1, size - 1, "\xef\xbb\xbf", 3) != NULL))
    return 0;

  same = plug_rb_ini_to_bytes (ini);
  g_assert_true (g_bytes_equal (bytes, same));

  groups = plug_rb_ini_list_groups (ini);
  for (guint i = 0; i < MIN (groups->len, MAX_KEYS); i++)
    try_group (bytes, ini, groups->pdata[i]);
  try_group (bytes, ini, "");

  return 0;
}
