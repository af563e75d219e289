/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "plug-rb-enum-types.h"
#include "plug-rb-enums.h"
#include "plug-rb-error.h"
#include "plug-rb-json.h"

#include <errno.h>

static JsonObject *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  JsonObject *object = plug_rb_json_parse (text, -1, &error);

  g_assert_no_error (error);
  return object;
}

static const char mixed[] =
    "{\"s\": \"text\", \"i\": 42, \"d\": 1.5, \"b\": true, \"n\": null, \"o\": {\"x\": 1},"
    " \"a\": [\"one\", 2, \"three\", {\"y\": 2}]}";

static void
test_get (void)
{
  g_autoptr(JsonObject) object = parse (mixed);
  g_auto(GStrv) strings = plug_rb_json_dup_strv (object, "a");
  JsonArray *array = plug_rb_json_get_array (object, "a");

  g_assert_cmpstr (plug_rb_json_get_string (object, "s"), ==, "text");
  g_assert_cmpint (plug_rb_json_get_int (object, "i", 0), ==, 42);
  g_assert_cmpfloat (plug_rb_json_get_double (object, "d", 0), ==, 1.5);
  g_assert_cmpfloat (plug_rb_json_get_double (object, "i", 0), ==, 42);
  g_assert_true (plug_rb_json_get_boolean (object, "b"));
  g_assert_cmpint (plug_rb_json_get_int (plug_rb_json_get_object (object, "o"), "x", 0), ==, 1);
  g_assert_cmpint (plug_rb_json_get_int (plug_rb_json_get_element (array, 3), "y", 0), ==, 2);
  g_assert_cmpstrv (strings, ((const char *[]) { "one", "three", NULL }));
}

static void
test_other_type (void)
{
  static const char *const names[] = { "s", "i", "d", "b", "n", "o", "a", "absent" };
  g_autoptr(JsonObject) object = parse (mixed);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    const char *name = names[i];
    g_auto(GStrv) strings = plug_rb_json_dup_strv (object, name);

    g_assert_true ((plug_rb_json_get_string (object, name) != NULL) == (*name == 's'));
    g_assert_true ((plug_rb_json_get_int (object, name, 7) != 7) == (*name == 'i'));
    g_assert_true (plug_rb_json_get_boolean (object, name) == (*name == 'b'));
    g_assert_true ((plug_rb_json_get_object (object, name) != NULL) == (*name == 'o'));
    g_assert_true ((plug_rb_json_get_array (object, name) != NULL) == g_str_equal (name, "a"));
    g_assert_true ((strings != NULL) == g_str_equal (name, "a"));
  }
}

static void
test_nothing (void)
{
  g_assert_null (plug_rb_json_get_string (NULL, "s"));
  g_assert_cmpint (plug_rb_json_get_int (NULL, "i", 7), ==, 7);
  g_assert_null (plug_rb_json_get_object (NULL, "o"));
  g_assert_null (plug_rb_json_get_array (NULL, "a"));
  g_assert_null (plug_rb_json_get_element (NULL, 0));
  g_assert_null (plug_rb_json_dup_strv (NULL, "a"));
}

static void
test_write (void)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autofree char *text = NULL;

  plug_rb_json_set_string (object, "some", "“x” /\n");
  plug_rb_json_set_string (object, "none", NULL);
  plug_rb_json_set_strv (object, "list", (const char *[]) { "a", NULL });
  plug_rb_json_set_strv (object, "no-list", NULL);
  text = plug_rb_json_to_string (object);

  g_assert_cmpstr (text, ==,
                   "{\n"
                   "  \"some\" : \"“x” /\\n\",\n"
                   "  \"none\" : null,\n"
                   "  \"list\" : [\n"
                   "    \"a\"\n"
                   "  ],\n"
                   "  \"no-list\" : null\n"
                   "}\n");
}

static const struct {
  const char *name;
  const char *text;
} bad[] = {
  { "empty", "" },
  { "blank", " \n" },
  { "array", "[1]" },
  { "string", "\"x\"" },
  { "torn", "{\"a\": [1, 2" },
  { "junk-after", "{} x" },
  { "two-objects", "{} {}" },
  { "not-utf-8", "{\"a\": \"\xff\"}" },
  { "bare-word", "{\"a\": yes}" },
  { "single-quotes", "{'a': 1}" },
  { "html", "<html><body>404</body></html>" },
};

static void
test_refuses (gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (plug_rb_json_parse (data, -1, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
}

/* An empty GBytes has no address. */
static void
test_refuses_nothing (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (plug_rb_json_parse (NULL, 0, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
}

static void
test_early_year (void)
{
  g_autoptr(GDateTime) time = plug_rb_time_from_string ("0120-11-23T00:44:14Z");
  g_autofree char *text = plug_rb_time_to_string (time);

  g_assert_cmpstr (text, ==, "0120-11-23T00:44:14Z");
}

static void
test_refuses_deep (void)
{
  g_autoptr(GString) text = g_string_new ("{\"a\": ");
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 1000000; i++)
    g_string_append_c (text, '[');

  g_assert_null (plug_rb_json_parse (text->str, (gssize) text->len, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
}

static void
test_refuses_zero (void)
{
  static const char text[] = "{\"a\": 1}\0{\"a\": 2}";
  g_autoptr(GError) error = NULL;

  g_assert_null (plug_rb_json_parse (text, sizeof text - 1, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
}

static JsonObject *
make_sealed (void)
{
  JsonObject *object =
      parse ("{\"s\": \"ü \\u0001\\\" \\\\ / \\u2028 😀\", \"d\": 0.1, \"e\": 2.0, \"f\": 1e300,"
             " \"i\": -9223372036854775808, \"o\": {\"z\": 1, \"a\": [null, true, {}]}}");

  plug_rb_json_seal (object);
  return object;
}

static void
test_seal_survives (void)
{
  g_autoptr(JsonObject) object = make_sealed ();
  g_autofree char *text = plug_rb_json_to_string (object);
  g_autoptr(JsonObject) again = parse (text);
  g_autofree char *same = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (plug_rb_json_check_seal (again, &error));
  g_assert_no_error (error);

  plug_rb_json_seal (again);
  same = plug_rb_json_to_string (again);
  g_assert_cmpstr (text, ==, same);
}

static void
assert_written_as (JsonObject *object, const char *text)
{
  g_autofree char *written = plug_rb_json_to_string (object);

  g_assert_cmpstr (written, ==, text);
}

/* Every byte but those between the values: either it is no JSON any more, or the seal is broken, or
 * the meaning is the same, as after a change in the last of too many digits. */
static void
test_seal_notices (void)
{
  g_autoptr(JsonObject) object = make_sealed ();
  g_autofree char *text = plug_rb_json_to_string (object);

  for (char *p = text; *p != '\0'; p++) {
    g_autoptr(JsonObject) changed = NULL;
    g_autoptr(GError) error = NULL;

    if (g_ascii_isspace (*p))
      continue;

    *p ^= 1;
    changed = plug_rb_json_parse (text, -1, NULL);
    *p ^= 1;
    if (changed == NULL)
      continue;
    if (plug_rb_json_check_seal (changed, &error))
      assert_written_as (changed, text);
    else
      g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  }
}

static void
test_seal_missing (void)
{
  g_autoptr(JsonObject) object = parse (mixed);
  g_autoptr(GError) error = NULL;

  g_assert_false (plug_rb_json_check_seal (object, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
}

static void
test_time (void)
{
  g_autoptr(GDateTime) time = plug_rb_time_from_string ("2026-11-22T21:31:07.25+01:00");
  g_autofree char *text = plug_rb_time_to_string (time);

  g_assert_cmpstr (text, ==, "2026-11-22T20:31:07Z");
  g_assert_null (plug_rb_time_from_string (NULL));
  g_assert_null (plug_rb_time_from_string ("yesterday"));
  g_assert_null (plug_rb_time_from_string ("2026-11-22T21:31:07"));
}

static void
test_nicks (void)
{
  int value = 99;

  g_assert_cmpstr (plug_rb_enum_to_nick (PLUG_RB_TYPE_REASON, PLUG_RB_REASON_PRE_INSTALL), ==,
                   "pre-install");
  g_assert_cmpstr (plug_rb_enum_to_nick (PLUG_RB_TYPE_STATUS, PLUG_RB_STATUS_IN_PROGRESS), ==,
                   "in-progress");
  g_assert_cmpstr (plug_rb_enum_to_nick (PLUG_RB_TYPE_STATUS, PLUG_RB_STATUS_NEEDS_USER), ==,
                   "needs-user");
  g_assert_cmpstr (
      plug_rb_enum_to_nick (PLUG_RB_TYPE_HOST_STATE, PLUG_RB_HOST_STATE_DESCRIPTION_INVALID), ==,
      "description-invalid");
  g_assert_null (plug_rb_enum_to_nick (PLUG_RB_TYPE_STATUS, 99));

  g_assert_true (plug_rb_enum_from_nick (PLUG_RB_TYPE_KIND, "undo", &value));
  g_assert_cmpint (value, ==, PLUG_RB_KIND_UNDO);
  g_assert_false (plug_rb_enum_from_nick (PLUG_RB_TYPE_KIND, "PLUG_RB_KIND_UNDO", &value));
  g_assert_false (plug_rb_enum_from_nick (PLUG_RB_TYPE_KIND, NULL, &value));
  g_assert_cmpint (value, ==, PLUG_RB_KIND_UNDO);
}

static void
test_error_names (void)
{
  static const char *const names[] = {
    "failed",      "not-found", "ambiguous",  "invalid",      "corrupt",
    "too-new",     "busy",      "no-space",   "not-writable", "changing",
    "unsupported", "too-large", "needs-user", "interrupted",  "settings",
  };
  g_autoptr(GError) canceled =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled");
  g_autoptr(GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "Timed out");

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr(GError) error = g_error_new_literal (PLUG_RB_ERROR, (int) i, "x");

    g_assert_cmpstr (plug_rb_error_get_name (error), ==, names[i]);
  }

  g_assert_cmpstr (plug_rb_error_get_name (canceled), ==, "canceled");
  g_assert_cmpstr (plug_rb_error_get_name (other), ==, "failed");
}

static void
test_error_on_bus (void)
{
  g_autoptr(GError) error = g_error_new_literal (PLUG_RB_ERROR, PLUG_RB_ERROR_NO_SPACE, "Full");
  g_autofree char *name = g_dbus_error_encode_gerror (error);
  g_autoptr(GError) back = g_dbus_error_new_for_dbus_error (name, "Full");

  g_assert_cmpstr (name, ==, "io.github.plugrb.PluginRollback.Error.NoSpace");
  g_assert_error (back, PLUG_RB_ERROR, PLUG_RB_ERROR_NO_SPACE);
}

static void
test_error_from_errno (void)
{
  static const struct {
    int errsv;
    PlugRbError code;
  } cases[] = {
    { ENOSPC, PLUG_RB_ERROR_NO_SPACE },     { EDQUOT, PLUG_RB_ERROR_NO_SPACE },
    { EACCES, PLUG_RB_ERROR_NOT_WRITABLE }, { EPERM, PLUG_RB_ERROR_NOT_WRITABLE },
    { EROFS, PLUG_RB_ERROR_NOT_WRITABLE },  { ENOENT, PLUG_RB_ERROR_NOT_FOUND },
    { ELOOP, PLUG_RB_ERROR_UNSUPPORTED },   { EIO, PLUG_RB_ERROR_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *message = g_strdup_printf ("Cannot 7: %s", g_strerror (cases[i].errsv));

    plug_rb_error_set_errno (&error, cases[i].errsv, "Cannot %d", 7);
    g_assert_error (error, PLUG_RB_ERROR, (int) cases[i].code);
    g_assert_cmpstr (error->message, ==, message);
  }

  plug_rb_error_set_errno (NULL, EIO, "Nobody listens");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/json/get", test_get);
  g_test_add_func ("/json/get/other-type", test_other_type);
  g_test_add_func ("/json/get/nothing", test_nothing);
  g_test_add_func ("/json/write", test_write);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *path = g_strconcat ("/json/refuses/", bad[i].name, NULL);

    g_test_add_data_func (path, bad[i].text, test_refuses);
  }
  g_test_add_func ("/json/refuses/deep", test_refuses_deep);
  g_test_add_func ("/json/refuses/nothing", test_refuses_nothing);
  g_test_add_func ("/json/time/early-year", test_early_year);
  g_test_add_func ("/json/refuses/zero-byte", test_refuses_zero);
  g_test_add_func ("/json/seal/survives-file", test_seal_survives);
  g_test_add_func ("/json/seal/notices-every-change", test_seal_notices);
  g_test_add_func ("/json/seal/missing", test_seal_missing);
  g_test_add_func ("/json/time", test_time);
  g_test_add_func ("/enums/nicks", test_nicks);
  g_test_add_func ("/error/names", test_error_names);
  g_test_add_func ("/error/on-bus", test_error_on_bus);
  g_test_add_func ("/error/from-errno", test_error_from_errno);

  return g_test_run ();
}
