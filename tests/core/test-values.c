/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "plug-rb-error.h"
#include "plug-rb-values.h"

#define FOLDER "/org/example/a/"

static PlugRbValues *
make_values (gboolean reversed)
{
  static const char *const texts[] = { "true",         "uint32 7", "@as []",      "\"it's\"",
                                       "{'a': <1.5>}", "b'\\xff'", "@ms nothing", "objectpath '/a'",
                                       "-0.0",         "'ä\\n\"'" };
  PlugRbValues *values = plug_rb_values_new ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    guint n = reversed ? G_N_ELEMENTS (texts) - 1 - i : i;
    g_autofree char *key = g_strdup_printf (FOLDER "key-%u", n);
    g_autoptr(GError) error = NULL;
    GVariant *value = g_variant_parse (NULL, texts[n], NULL, NULL, &error);

    g_assert_no_error (error);
    plug_rb_values_set (values, key, value);
    g_variant_unref (value);
  }

  plug_rb_values_add_folder (values, reversed ? "/org/example/key" : FOLDER);
  plug_rb_values_add_folder (values, reversed ? FOLDER : "/org/example/key");
  plug_rb_values_add_folder (values, FOLDER);

  return values;
}

static void
test_filling (void)
{
  g_autoptr(PlugRbValues) values = make_values (FALSE);
  g_auto(GStrv) keys = plug_rb_values_dup_keys (values);

  g_assert_cmpuint (plug_rb_values_get_n_keys (values), ==, 10);
  g_assert_cmpuint (g_strv_length (keys), ==, 10);
  g_assert_cmpstr (keys[9], ==, FOLDER "key-9");
  g_assert_null (plug_rb_values_get (values, FOLDER "other"));
  g_assert_cmpstrv (plug_rb_values_get_folders (values),
                    ((const char *[]) { FOLDER, "/org/example/key", NULL }));

  plug_rb_values_set (values, FOLDER "key-0", g_variant_new_int32 (3));
  g_assert_cmpuint (plug_rb_values_get_n_keys (values), ==, 10);
  g_assert_cmpint (g_variant_get_int32 (plug_rb_values_get (values, FOLDER "key-0")), ==, 3);
}

static void
test_empty (void)
{
  g_autoptr(PlugRbValues) values = plug_rb_values_new ();
  g_autofree char *json = plug_rb_values_to_json (values);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbValues) again = plug_rb_values_from_json (json, -1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (plug_rb_values_get_n_keys (again), ==, 0);
  g_assert_null (plug_rb_values_get_folders (again)[0]);
}

static void
test_same_bytes (void)
{
  g_autoptr(PlugRbValues) a = make_values (FALSE);
  g_autoptr(PlugRbValues) b = make_values (TRUE);
  g_autofree char *a_json = plug_rb_values_to_json (a);
  g_autofree char *b_json = plug_rb_values_to_json (b);

  g_assert_cmpstr (a_json, ==, b_json);
  g_assert_nonnull (strstr (a_json, "\"" FOLDER "key-1\" : \"uint32 7\""));
}

static void
test_round_trip (void)
{
  g_autoptr(PlugRbValues) values = make_values (FALSE);
  g_autofree char *json = plug_rb_values_to_json (values);
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbValues) again = plug_rb_values_from_json (json, strlen (json), &error);
  g_auto(GStrv) keys = plug_rb_values_dup_keys (values);

  g_assert_no_error (error);
  g_assert_cmpuint (plug_rb_values_get_n_keys (again), ==, 10);
  for (guint i = 0; keys[i] != NULL; i++)
    g_assert_cmpvariant (plug_rb_values_get (values, keys[i]), plug_rb_values_get (again, keys[i]));

  /* What was looked at and found empty is not part of the document. */
  g_assert_cmpstrv (plug_rb_values_get_folders (again), ((const char *[]) { FOLDER, NULL }));
}

typedef struct {
  const char *name;
  const char *json;
  const char *named;
} Damage;

#define HEAD "{\"format\":1,\"backend\":\"gsettings\","

static const Damage damages[] = {
  { "nothing", "", "{" },
  { "array", "[]", "{" },
  { "torn", HEAD "\"folders\":[", "{" },
  { "format", "{\"format\":2,\"backend\":\"gsettings\",\"folders\":[],\"values\":{}}", "format" },
  { "backend", "{\"format\":1,\"backend\":\"ini\",\"folders\":[],\"values\":{}}", "backend" },
  { "no-folders", HEAD "\"values\":{}}", "folders" },
  { "folder-type", HEAD "\"folders\":[1],\"values\":{}}", "folders" },
  { "folder-relative", HEAD "\"folders\":[\"org/a/\"],\"values\":{}}", "org/a/" },
  { "folder-empty-name", HEAD "\"folders\":[\"/org//a/\"],\"values\":{}}", "/org//a/" },
  { "no-values", HEAD "\"folders\":[]}", "values" },
  { "value-type", HEAD "\"folders\":[],\"values\":{\"/a/b\":1}}", "/a/b" },
  { "value-text", HEAD "\"folders\":[],\"values\":{\"/a/b\":\"uint32 'x'\"}}", "/a/b" },
  { "value-rest", HEAD "\"folders\":[],\"values\":{\"/a/b\":\"true false\"}}", "/a/b" },
  { "key-relative", HEAD "\"folders\":[],\"values\":{\"a/b\":\"true\"}}", "a/b" },
  { "key-is-folder", HEAD "\"folders\":[],\"values\":{\"/a/b/\":\"true\"}}", "/a/b/" },
};

static void
test_refuses (gconstpointer data)
{
  const Damage *damage = data;
  g_autofree char *quoted = g_strdup_printf ("“%s”", damage->named);
  g_autoptr(GError) error = NULL;

  g_assert_null (plug_rb_values_from_json (damage->json, -1, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, quoted));
}

/* A text that would exhaust the stack of a parser that recurses without a limit. */
static void
test_refuses_depth (void)
{
  g_autofree char *deep = g_strnfill (200000, '[');
  g_autofree char *value =
      g_strconcat (HEAD "\"folders\":[],\"values\":{\"/a/b\":\"", deep, "\"}}", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (plug_rb_values_from_json (deep, -1, NULL));
  g_assert_null (plug_rb_values_from_json (value, -1, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/values/filling", test_filling);
  g_test_add_func ("/values/empty", test_empty);
  g_test_add_func ("/values/same-bytes", test_same_bytes);
  g_test_add_func ("/values/round-trip", test_round_trip);
  g_test_add_func ("/values/refuses/depth", test_refuses_depth);

  for (guint i = 0; i < G_N_ELEMENTS (damages); i++) {
    g_autofree char *path = g_strconcat ("/values/refuses/", damages[i].name, NULL);

    g_test_add_data_func (path, &damages[i], test_refuses);
  }

  return g_test_run ();
}
