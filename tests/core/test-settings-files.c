/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include <glib/gstdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "plug-rb-error.h"
#include "plug-rb-settings-store.h"
#include "plug-rb-shared-file.h"

/* Values of one plugin in files of others: what else is in there stays as it is. */

static char *folder;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FILE, fclose)

static char *
file_path (void)
{
  return g_build_filename (folder, "file", NULL);
}

static void
put (const char *text)
{
  g_autofree char *path = file_path ();
  g_autoptr(GError) error = NULL;

  g_unlink (path);
  if (text != NULL)
    g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
assert_file (const char *text)
{
  g_autofree char *path = file_path ();
  g_autofree char *found = NULL;

  g_file_get_contents (path, &found, NULL, NULL);
  g_assert_cmpstr (found, ==, text);
}

static PlugRbSettingsStore *
open_store (const char *backend, const char *const *parameters)
{
  g_autoptr(GStrvBuilder) all = g_strv_builder_new ();
  g_autofree char *path = file_path ();
  g_auto(GStrv) strv = NULL;
  g_autoptr(GError) error = NULL;
  PlugRbSettingsStore *store;

  g_strv_builder_addv (all, (const char **) parameters);
  g_strv_builder_add_many (all, "File", path, NULL);
  strv = g_strv_builder_end (all);
  store = plug_rb_settings_store_new ("s", backend, (const char *const *) strv, &error);
  g_assert_no_error (error);

  return store;
}

static char *
describe (PlugRbValues *values)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_auto(GStrv) keys = plug_rb_values_dup_keys (values);

  for (guint i = 0; keys[i] != NULL; i++) {
    g_autofree char *value = g_variant_print (plug_rb_values_get (values, keys[i]), FALSE);

    g_string_append_printf (text, "%s=%s\n", keys[i], value);
  }

  return g_string_free_and_steal (g_steal_pointer (&text));
}

static PlugRbValues *
read_values (PlugRbSettingsStore *store)
{
  g_autoptr(GError) error = NULL;
  PlugRbValues *values = plug_rb_settings_store_read (store, &error);

  g_assert_no_error (error);
  return values;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (((const PlugRbSettingsEdit *) a)->name, ((const PlugRbSettingsEdit *) b)->name);
}

/* Brings the file from one set of values to another. */
static guint
go (PlugRbSettingsStore *store, PlugRbValues *from, PlugRbValues *to)
{
  g_autoptr(GPtrArray) edits = plug_rb_settings_edits_new ();
  g_autoptr(GPtrArray) conflicts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;
  PlugRbValues *const sides[] = { from, to };

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++) {
    g_auto(GStrv) keys = plug_rb_values_dup_keys (sides[i]);

    for (guint j = 0; keys[j] != NULL; j++)
      if (i == 0 || plug_rb_values_get (from, keys[j]) == NULL)
        g_ptr_array_add (edits,
                         plug_rb_settings_edit_new (keys[j], plug_rb_values_get (from, keys[j]),
                                                    plug_rb_values_get (to, keys[j])));
  }

  g_ptr_array_sort_values (edits, compare_names);
  plug_rb_settings_store_apply (store, edits, conflicts, &error);
  g_assert_no_error (error);

  return conflicts->len;
}

typedef struct {
  const char *name;
  const char *backend;
  const char *const *parameters;
  const char *old;    /* the file at the time of the snapshot */
  const char *values; /* what is the plugin's in there */
  const char *now;    /* the file before the rollback */
  const char *after;  /* and after it */
  const char *undone; /* and after the undo, if not byte for byte as before */
} Case;

#define P(...)                                                                                     \
  (const char *const[]) { __VA_ARGS__, NULL }
#define XML P ("Element", "/inkscape/group[@id='extensions']", "Prefix", "me.", "Host", "Inkscape")
#define LIST P ("Group", "g/h", "Key", "k", "Entry", "me", "Host", "gedit")

static const Case cases[] = {
  { "keys", "json-keys", P ("Prefix", "ext."),
    "{\n  // mine\n  \"editor.x\": 1,\n  \"ext.a\": true,\n}\n", "/ext.a='true'\n",
    "{\n  // mine\n  \"editor.x\": 1,\n  \"ext.b\": \"new\" // why\n}\n",
    "{\n  // mine\n  \"editor.x\": 1,\n   // why\n  \"ext.a\": true\n}\n",
    "{\n  // mine\n  \"editor.x\": 1,\n  \"ext.b\": \"new\"\n   // why\n}\n" },
  { "keys-changed", "json-keys", P ("Keys", "ext.a;ext.b"),
    "{\"ext.a\": [1, /* two */ 2], \"x\": {}}", "/ext.a='[1, /* two */ 2]'\n",
    "{\"ext.a\":   null , \"x\": {}}", "{\"ext.a\":   [1, /* two */ 2] , \"x\": {}}", NULL },
  { "map", "json-map", P ("EntryPattern", "a.b-[0-9]*", "Case", "fold"), "{\"other-1.0\":true}", "",
    "{\"other-1.0\":true,\"A.b-1.0\":true}", "{\"other-1.0\":true}", NULL },
  { "map-of-another", "json-map", P ("EntryPattern", "a.b-[0-9]*"), "{}", "",
    "{\"a.b-c-1.0\":true}", "{\"a.b-c-1.0\":true}", NULL },
  { "list", "json-list", P ("Entry", "me"), "[\n  \"a\",\n  \"me\",\n  \"z\"\n]\n",
    "/me=(1, '\"me\"')\n", "[\n  \"a\",\n  \"z\"\n]\n", "[\n  \"a\",\n  \"me\",\n  \"z\"\n]\n",
    NULL },
  { "list-gone", "json-list", P ("Entry", "me"), "[]", "", "[\"me\"]", "[]", NULL },
  { "list-not-there", "json-list", P ("Entry", "me"), NULL, "", NULL, NULL, NULL },
  { "objects", "json-objects", P ("Entry", "me", "Match", "/identifier/id", "Case", "fold"),
    "[{\"identifier\":{\"id\":\"Me\"},\"version\":\"1\"},{\"identifier\":{\"id\":\"x\"}}]",
    "/me=(0, '{\"identifier\":{\"id\":\"Me\"},\"version\":\"1\"}')\n",
    "[{\"identifier\":{\"id\":\"x\"}},{\"identifier\":{\"id\":\"Me\"},\"version\":\"2\"}]",
    "[{\"identifier\":{\"id\":\"x\"}},{\"identifier\":{\"id\":\"Me\"},\"version\":\"1\"}]", NULL },
  { "kconfig-key", "kconfig-key", P ("Group", "python", "Key", "enable_x"),
    "top=1\n[a][b]\nx=1\n\n[python]\nenable_a=true\nenable_x=true\n", "/python/enable_x='true'\n",
    "top=1\n[a][b]\nx=1\n\n[python]\nenable_a=true\nenable_x=false\n",
    "top=1\n[a][b]\nx=1\n\n[python]\nenable_a=true\nenable_x=true\n", NULL },
  { "kconfig-key-added", "kconfig-key", P ("Group", "python", "Key", "enable_b"),
    "[python]\nenable_b=true\n", "/python/enable_b='true'\n",
    "# by hand\n[other]\nk=v\n\n[python]\nenable_a=true\nenable_x=true\n\n[z]\ny=1\n",
    "# by "
    "hand\n[other]\nk=v\n\n[python]\nenable_a=true\nenable_b=true\nenable_x=true\n\n[z]\ny=1\n",
    NULL },
  { "kconfig-group-gone", "kconfig-group", P ("Group", "Script-me"), "[Plugins]\nx=true\n", "",
    "[Plugins]\nx=true\n\n[Script-me]\nb=1\n\n[Script-me][deep]\nc=2\n\n[Script-me2]\nb=2\n",
    "[Plugins]\nx=true\n\n[Script-me2]\nb=2\n", NULL },
  { "kconfig-keys", "kconfig-keys", P ("Group", "Plugins", "Prefix", "me"),
    "[Plugins]\nme=1\nmeEnabled=true\nz=1\n", "/Plugins/me='1'\n/Plugins/meEnabled='true'\n",
    "[Plugins]\nz=1\n", "[Plugins]\nme=1\nmeEnabled=true\nz=1\n", NULL },
  { "kconfig-subtree", "kconfig-subtree",
    P ("Group",
       "Containments\\]\\[\\d+\\]\\[Applets\\]\\[\\d+",
       "MatchKey",
       "plugin",
       "MatchValue",
       "me"),
    "[Containments][1][Applets][2]\nplugin=me\n\n[Containments][1][Applets][2][Configuration]\na="
    "1\n\n"
    "[Containments][1][Applets][3]\nplugin=you\n\n[Containments][1][Applets][3][Configuration]\na="
    "7\n",
    "/Containments][1][Applets][2/plugin='me'\n"
    "/Containments][1][Applets][2][Configuration/a='1'\n",
    "[Containments][1][Applets][2]\nplugin=me\n\n[Containments][1][Applets][2][Configuration]\na="
    "2\nb=x\n\n"
    "[Containments][1][Applets][3]\nplugin=you\n\n[Containments][1][Applets][3][Configuration]\na="
    "8\n",
    "[Containments][1][Applets][2]\nplugin=me\n\n[Containments][1][Applets][2][Configuration]\na="
    "1\n\n"
    "[Containments][1][Applets][3]\nplugin=you\n\n[Containments][1][Applets][3][Configuration]\na="
    "8\n",
    NULL },
  { "keyfile-group", "keyfile-group", P ("Group", "org/gnome/gedit/plugins/me"),
    "[org/gnome/gedit/plugins/me]\nnumber=1\n\n[org/gnome/gedit/plugins/me/deep]\nx='y'\n\n[org/"
    "gnome/gedit/plugins/mee]\nnumber=3\n",
    "/org~1gnome~1gedit~1plugins~1me/number='1'\n/org~1gnome~1gedit~1plugins~1me~1deep/x=\"'y'\"\n",
    "[org/gnome/gedit/plugins/me]\nnumber=2\n\n[org/gnome/gedit/plugins/mee]\nnumber=3\n",
    "[org/gnome/gedit/plugins/me]\nnumber=1\n\n[org/gnome/gedit/plugins/me/deep]\nx='y'\n\n[org/"
    "gnome/gedit/plugins/mee]\nnumber=3\n",
    NULL },
  { "keyfile-list-changed", "keyfile-list", P ("Group", "g", "Key", "on", "Entry", "me"),
    "[g]\non=['a', 'me', 'z']\n", "/me=(1, 'me')\n", "[g]\non=['a', 'z']\nx=1\n",
    "[g]\non=['a', 'me', 'z']\nx=1\n", NULL },
  { "keyfile-list-unset", "keyfile-list", P ("Group", "g", "Key", "on", "Entry", "me"), "[g]\n", "",
    "[g]\n", "[g]\n", NULL },
  { "lines-spaced", "lines", P ("Entry", "me"), "# one\na\n me \nz\n", "/me=(2, ' me ')\n",
    "# one\na\nz", "# one\na\n me \nz", NULL },
  { "lines-at-the-end", "lines", P ("Entry", "me"), "a\nme\n", "/me=(1, 'me')\n", "a", "a\nme",
    NULL },
  { "xml-attrs", "xml-attrs", P ("Element", "/r/g[@id='x']", "Prefix", "me."),
    "<r><g id=\"y\" me.a=\"1\"/><g id='x' me.a=\"&lt;1\" q='2'>t</g></r>", "/me.a='&lt;1'\n",
    "<!-- <r> --><r><g id=\"y\" me.a=\"3\"/><g id='x' q='2'>t</g></r>",
    "<!-- <r> --><r><g id=\"y\" me.a=\"3\"/><g id='x' q='2' me.a=\"&lt;1\">t</g></r>", NULL },
  { "keyfile-key", "keyfile-key", P ("Group", "a", "Key", "b"), "[a]\r\n b = 1\r\n", "/a/b=' 1'\n",
    "[a]\r\n b = 2", "[a]\r\n b = 1", NULL },
  { "kconfig-last-group-gone", "kconfig-group", P ("Group", "me"), "[a]\nx=1\n", "",
    "[a]\nx=1\n\n[me]\nb=1\n", "[a]\nx=1\n", NULL },
  { "kconfig-return", "kconfig-group", P ("Group", "me"), "[a]\nx=1\n\n[me]\nb=1\r2\n",
    "/me/b='1\\r2'\n", "[a]\nx=1\n\n[me]\nb=1\n", "[a]\nx=1\n\n[me]\nb=1\r2\n", NULL },
  { "comment-and-return", "json-list", P ("Entry", "me"), "[\"me\"]", "/me=(0, '\"me\"')\n",
    "[\n // x\r]", "[\n // x\n     \"me\"\r]", NULL },
  { "kconfig-flags", "kconfig-group", P ("Group", "g"), "[g]\nk[$e]=$HOME/x\n\n[z]\na=1\n",
    "/g/k=('[$e]', '$HOME/x')\n", "[z]\na=1\n", "[g]\nk[$e]=$HOME/x\n\n[z]\na=1\n", NULL },
  { "kconfig-flag-changed", "kconfig-key", P ("Group", "g", "Key", "k"), "[g]\nk[$e]=a\n",
    "/g/k=('[$e]', 'a')\n", "[g]\nk=a\n", "[g]\nk[$e]=a\n", NULL },
  { "mixed-ends", "keyfile-key", P ("Group", "a", "Key", "b"), "[a]\r\nb=1\r\n[c]\nd=2\n",
    "/a/b='1'\n", "[a]\r\nb=2\r\n[c]\nd=2\n", "[a]\r\nb=1\r\n[c]\nd=2\n", NULL },
  { "no-end", "kconfig-key", P ("Group", "a", "Key", "b"), "[a]\nb=1\n", "/a/b='1'\n",
    "[a]\nc=1\n[z]\ny=1", "[a]\nb=1\nc=1\n[z]\ny=1", NULL },
  { "kconfig-bom", "kconfig-key", P ("Group", "a", "Key", "b"), "\xef\xbb\xbf[a]\nb=1\n",
    "/a/b='1'\n", "\xef\xbb\xbf[a]\nb=2\n", "\xef\xbb\xbf[a]\nb=1\n", NULL },
  { "kconfig-latin1", "kconfig-key", P ("Group", "a", "Key", "b"), "[a]\nb=\xe4\nc=\xff\n",
    "/a/b=b'\\344'\n", "[a]\nb=x\nc=\xff\n", "[a]\nb=\xe4\nc=\xff\n", NULL },
  { "xml", "xml-attrs", XML,
    "<inkscape>\n  <group id=\"a\" me.x=\"7\"/>\n  <group\n     id=\"extensions\"\n     "
    "me.x=\"1\"\n"
    "     you.x=\"1\" />\n</inkscape>\n",
    "/me.x='1'\n",
    "<inkscape>\n  <group id=\"a\" me.x=\"7\"/>\n  <group\n     id=\"extensions\"\n     "
    "me.x=\"2\"\n"
    "     you.x=\"1\"\n     me.n=\"a &amp; b\" />\n</inkscape>\n",
    "<inkscape>\n  <group id=\"a\" me.x=\"7\"/>\n  <group\n     id=\"extensions\"\n     "
    "me.x=\"1\"\n"
    "     you.x=\"1\" />\n</inkscape>\n",
    NULL },
  { "xml-quotes", "xml-attrs", XML,
    "<inkscape><group id='extensions' me.x='say \"it\"'/></inkscape>",
    "/me.x='say &quot;it&quot;'\n", "<inkscape><group id='extensions' me.x='no'/></inkscape>",
    "<inkscape><group id='extensions' me.x=\"say &quot;it&quot;\"/></inkscape>",
    "<inkscape><group id='extensions' me.x=\"no\"/></inkscape>" },
  { "xml-apostrophe", "xml-attrs", XML,
    "<inkscape><group id='extensions' me.x=\"it's\"/></inkscape>", "/me.x=\"it's\"\n",
    "<inkscape><group id='extensions' me.x='no'/></inkscape>",
    "<inkscape><group id='extensions' me.x=\"it's\"/></inkscape>",
    "<inkscape><group id='extensions' me.x=\"no\"/></inkscape>" },
  { "keyfile-list", "keyfile-list", LIST, "[g/h]\nk=['a', 'me', 'b']\nx=1\n", "/me=(1, 'me')\n",
    "[g/h]\nk=['a', 'b']\nx=1\n", "[g/h]\nk=['a', 'me', 'b']\nx=1\n", NULL },
  { "keyfile-list-emptied", "keyfile-list", LIST, "[g/h]\nk=[]\n", "", "[g/h]\nk=['me']\n",
    "[g/h]\nk=[]\n", NULL },
  { "lines", "lines", P ("Entry", "me"), "# c\nyou\nme\nz\n", "/me=(2, 'me')\n", "# c\nyou\nz",
    "# c\nyou\nme\nz", NULL },
  { "lines-ends", "lines", P ("Entry", "me", "Case", "fold"), "you\r\n ME \nz\r\n",
    "/me=(1, ' ME ')\n", "you\r\nz\r\n\xff\n", "you\r\n ME \r\nz\r\n\xff\n", NULL },
  { "lines-gone", "lines", P ("Entry", "me"), "", "", "me\n", "", NULL },
  { "bom-and-crlf", "json-keys", P ("Prefix", "ext."), "\xef\xbb\xbf{\r\n\t\"ext.a\": 1\r\n}\r\n",
    "/ext.a='1'\n", "\xef\xbb\xbf{\r\n\t\"x\": 2\r\n}\r\n",
    "\xef\xbb\xbf{\r\n\t\"x\": 2,\r\n\t\"ext.a\": 1\r\n}\r\n", NULL },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr(PlugRbSettingsStore) store = open_store (c->backend, c->parameters);
  g_autoptr(PlugRbValues) old = NULL;
  g_autoptr(PlugRbValues) now = NULL;
  g_autofree char *values = NULL;

  put (c->old);
  old = read_values (store);
  values = describe (old);
  g_assert_cmpstr (values, ==, c->values);

  put (c->now);
  now = read_values (store);
  g_assert_cmpuint (go (store, now, old), ==, 0);
  assert_file (c->after);
  /* Again, as recovery does it. */
  g_assert_cmpuint (go (store, now, old), ==, 0);
  assert_file (c->after);
  g_assert_cmpuint (go (store, old, now), ==, 0);
  assert_file (c->undone ? c->undone : c->now);
}

/* What the host wrote meanwhile is neither the old value nor the new one. */
static void
test_conflict (void)
{
  g_autoptr(PlugRbSettingsStore) store = open_store ("json-keys", P ("Prefix", "ext."));
  g_autoptr(PlugRbValues) old = NULL;
  g_autoptr(PlugRbValues) now = NULL;

  put ("{\"ext.a\": 1, \"ext.b\": 1}");
  old = read_values (store);
  put ("{\"ext.a\": 2, \"ext.b\": 2}");
  now = read_values (store);
  put ("{\"ext.a\": 3, \"ext.b\": 2}");
  g_assert_cmpuint (go (store, now, old), ==, 1);
  assert_file ("{\"ext.a\": 3, \"ext.b\": 1}");
}

typedef struct {
  const char *name;
  const char *text;
} Damage;

static const Damage damages[] = {
  { "torn", "{\"ext.a\": 1" },
  { "bom-and-torn", "\xef\xbb\xbf{\"ext.a\": " },
  { "not-an-object", "[1]" },
  { "two-roots", "{} {}" },
  { "control", "{\"ext.a\": \"\x01\"}" },
  { "deep", NULL },
};

static void
test_refuses (gconstpointer data)
{
  const Damage *damage = data;
  g_autoptr(PlugRbSettingsStore) store = open_store ("json-keys", P ("Prefix", "ext."));
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autoptr(GError) error = NULL;
  g_autofree char *path = file_path ();

  put (damage->text ? damage->text : deep);
  g_assert_null (plug_rb_settings_store_read (store, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, path));
  g_clear_error (&error);
  g_assert_false (plug_rb_settings_store_can_write (store, &error));
  assert_file (damage->text ? damage->text : deep);
}

typedef struct {
  const char *name;
  const char *backend;
  const char *const *parameters;
  const char *text;
} Refusal;

static const Refusal refusals[] = {
  { "json-latin1", "json-keys", P ("Prefix", "ext."), "{\"a\": \"\xe4\"}" },
  { "xml-bomb", "xml-attrs", XML,
    "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]>"
    "<inkscape><group id='extensions' me.x='&b;'/></inkscape>" },
  { "xml-hidden", "xml-attrs", XML,
    "<!DOCTYPE inkscape [<!-- > <inkscape> -->]><inkscape><group id='extensions' "
    "me.x='1'/></inkscape>" },
  { "xml-torn", "xml-attrs", XML, "<inkscape><group id='extensions' me.x='1'>" },
  { "list-of-numbers", "keyfile-list", LIST, "[g/h]\nk=[1, 2]\n" },
  { "list-torn", "keyfile-list", LIST, "[g/h]\nk=['a', \n" },
};

static void
test_refuses_other (gconstpointer data)
{
  const Refusal *refusal = data;
  g_autoptr(PlugRbSettingsStore) store = open_store (refusal->backend, refusal->parameters);
  g_autoptr(GError) error = NULL;
  g_autofree char *path = file_path ();

  put (refusal->text);
  g_assert_null (plug_rb_settings_store_read (store, &error));
  g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, path));
  g_clear_error (&error);
  g_assert_false (plug_rb_settings_store_can_write (store, &error));
  assert_file (refusal->text);
}

/* A saved change may be damaged: what no store can hold is refused, and nothing is written. */
static void
test_wrong_type (void)
{
  const struct {
    const char *backend;
    const char *const *parameters;
    const char *name;
    const char *text;
  } stores[] = {
    { "json-keys", P ("Prefix", "me"), "/me", "{}" },
    { "json-list", P ("Entry", "me"), "/me", "[]" },
    { "kconfig-group", P ("Group", "g"), "/g/k", "[g]\na=1\n" },
    { "keyfile-list", LIST, "/me", "[g/h]\nk=['a']\n" },
    { "xml-attrs", XML, "/me.x", "<inkscape><group id='extensions'/></inkscape>" },
    { "lines", P ("Entry", "me"), "/me", "you\n" },
  };
  static const char *const values[] = { "true", "('[$e', 'x')", "('[$e]=', 'x')", "(0, 'you\\n')",
                                        "('[$e]', 1)" };

  for (guint i = 0; i < G_N_ELEMENTS (stores) * G_N_ELEMENTS (values); i++) {
    guint at = i / G_N_ELEMENTS (values);
    g_autoptr(PlugRbSettingsStore) store = open_store (stores[at].backend, stores[at].parameters);
    g_autoptr(GPtrArray) edits = plug_rb_settings_edits_new ();
    g_autoptr(GPtrArray) conflicts = g_ptr_array_new_with_free_func (g_free);
    g_autoptr(GError) error = NULL;
    GVariant *value = g_variant_new_parsed (values[i % G_N_ELEMENTS (values)]);

    put (stores[at].text);
    g_ptr_array_add (edits, plug_rb_settings_edit_new (stores[at].name, NULL, value));
    g_assert_false (plug_rb_settings_store_apply (store, edits, conflicts, &error));
    g_assert_nonnull (error);
    assert_file (stores[at].text);
  }
}

/* A writer that died leaves its file to the next one. */
static void
test_leftover (void)
{
  g_autoptr(PlugRbSettingsStore) store = open_store ("json-list", P ("Entry", "me"));
  g_autofree char *leftover = g_build_filename (folder, ".tmp-file", NULL);
  g_autoptr(PlugRbValues) old = NULL;
  g_autoptr(PlugRbValues) now = NULL;

  put ("[\"me\"]");
  old = read_values (store);
  put ("[]");
  now = read_values (store);

  for (guint i = 0; i < 2; i++) {
    g_assert_true (g_file_set_contents (leftover, "[\"me\", \"and much more", -1, NULL));
    g_assert_cmpuint (go (store, now, old), ==, 0);
    assert_file ("[\"me\"]");
    g_assert_false (g_file_test (leftover, G_FILE_TEST_EXISTS));
  }
}

static void
test_read_only_folder (void)
{
  g_autoptr(PlugRbSettingsStore) store = open_store ("json-list", P ("Entry", "me"));
  g_autoptr(GPtrArray) edits = plug_rb_settings_edits_new ();
  g_autoptr(GPtrArray) conflicts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;
  g_autofree char *path = file_path ();

  if (geteuid () == 0) {
    g_test_skip ("root writes everywhere");
    return;
  }

  put ("[]");
  g_ptr_array_add (edits,
                   plug_rb_settings_edit_new ("/me", NULL, g_variant_new ("(us)", 0, "\"me\"")));
  g_assert_cmpint (g_chmod (folder, 0500), ==, 0);
  g_assert_false (plug_rb_settings_store_can_write (store, NULL));
  g_assert_false (plug_rb_settings_store_apply (store, edits, conflicts, &error));
  g_assert_cmpint (g_chmod (folder, 0700), ==, 0);
  g_assert_nonnull (strstr (error->message, path));
  assert_file ("[]");
}

/* What cannot be opened is not what is not there. */
static void
test_no_descriptors (void)
{
  g_autoptr(PlugRbSettingsStore) store = open_store ("json-keys", P ("Prefix", "ext."));
  g_autofree char *path = file_path ();
  g_autoptr(PlugRbValues) values = NULL;
  g_autoptr(GError) error = NULL;
  struct rlimit old, none;

  put ("{\"ext.a\": 1}");
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &old), ==, 0);
  none = old;
  none.rlim_cur = 3;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &none), ==, 0);
  values = plug_rb_settings_store_read (store, &error);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &old), ==, 0);
  g_assert_null (values);
  g_assert_nonnull (strstr (error->message, path));
}

/* The host writes between our reading and our writing, in place or by replacing the file. */
static void
test_outdated (void)
{
  for (guint i = 0; i < 3; i++) {
    g_autofree char *path = file_path ();
    g_autoptr(PlugRbSharedFile) file = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static ("ours", 4);
    g_autoptr(GError) error = NULL;
    gboolean outdated = FALSE;

    put (i < 2 ? "old" : NULL);
    file = plug_rb_shared_file_open (path, &error);
    g_assert_no_error (error);
    if (i == 0) {
      g_autoptr(FILE) stream = g_fopen (path, "r+");

      g_assert_cmpint (fputs ("new", stream), >=, 0);
    } else {
      put ("new");
    }
    g_assert_true (plug_rb_shared_file_replace (file, bytes, &outdated, &error));
    g_assert_no_error (error);
    g_assert_true (outdated);
    assert_file ("new");
  }
}

static void
test_too_large (void)
{
  g_autoptr(PlugRbSettingsStore) store = open_store ("json-keys", P ("Prefix", "ext."));
  g_autofree char *path = file_path ();
  g_autoptr(GError) error = NULL;

  put ("{}");
  g_assert_cmpint (truncate (path, 100 * 1024 * 1024), ==, 0);
  g_assert_null (plug_rb_settings_store_read (store, &error));
  g_assert_nonnull (strstr (error->message, path));
}

/* An administrator's word holds, and nothing is half done. */
static void
test_fixed (void)
{
  static const char *const texts[] = { "[g][$i]\na=2\n", "[g]\na[$i]=2\n", "[g]\na[$ie]=2\n",
                                       "[$i]\n[g]\na=2\n" };
  g_autoptr(PlugRbSettingsStore) store = open_store ("kconfig-group", P ("Group", "g"));

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr(GPtrArray) edits = plug_rb_settings_edits_new ();
    g_autoptr(GPtrArray) conflicts = g_ptr_array_new_with_free_func (g_free);
    g_autoptr(GError) error = NULL;
    g_autoptr(PlugRbValues) values = NULL;

    put (texts[i]);
    values = read_values (store);
    g_ptr_array_add (edits, plug_rb_settings_edit_new ("/g/a", plug_rb_values_get (values, "/g/a"),
                                                       g_variant_new_string ("1")));
    g_assert_false (plug_rb_settings_store_apply (store, edits, conflicts, &error));
    g_assert_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_SETTINGS);
    assert_file (texts[i]);
  }
}

/* The link stays a link, and the mode of the file what it was. */
static void
test_linked (void)
{
  g_autoptr(PlugRbSettingsStore) store = open_store ("json-list", P ("Entry", "me"));
  g_autoptr(PlugRbValues) old = NULL;
  g_autoptr(PlugRbValues) now = NULL;
  g_autofree char *path = file_path ();
  g_autofree char *real = g_build_filename (folder, "real", NULL);
  GStatBuf st;

  put ("[\"me\"]");
  g_assert_cmpint (g_chmod (path, 0640), ==, 0);
  old = read_values (store);
  g_assert_cmpint (g_rename (path, real), ==, 0);
  g_assert_cmpint (symlink ("real", path), ==, 0);
  g_assert_true (g_file_set_contents_full (real, "[]", -1, G_FILE_SET_CONTENTS_NONE, 0640, NULL));
  now = read_values (store);
  g_assert_cmpuint (go (store, now, old), ==, 0);
  assert_file ("[\"me\"]");
  g_assert_cmpint (g_lstat (path, &st), ==, 0);
  g_assert_true (S_ISLNK (st.st_mode));
  g_assert_cmpint (g_stat (path, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 0777, ==, 0640);
  g_unlink (real);
}

int
main (int argc, char *argv[])
{
  g_autoptr(GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("plugrb-files-XXXXXX", &error);
  g_assert_no_error (error);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/settings-files/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++) {
    g_autofree char *path = g_strconcat ("/settings-files/refuses/", damages[i].name, NULL);

    g_test_add_data_func (path, &damages[i], test_refuses);
  }
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++) {
    g_autofree char *path = g_strconcat ("/settings-files/refuses/", refusals[i].name, NULL);

    g_test_add_data_func (path, &refusals[i], test_refuses_other);
  }
  g_test_add_func ("/settings-files/wrong-type", test_wrong_type);
  g_test_add_func ("/settings-files/leftover", test_leftover);
  g_test_add_func ("/settings-files/read-only-folder", test_read_only_folder);
  g_test_add_func ("/settings-files/no-descriptors", test_no_descriptors);
  g_test_add_func ("/settings-files/outdated", test_outdated);
  g_test_add_func ("/settings-files/conflict", test_conflict);
  g_test_add_func ("/settings-files/too-large", test_too_large);
  g_test_add_func ("/settings-files/fixed", test_fixed);
  g_test_add_func ("/settings-files/linked", test_linked);

  result = g_test_run ();
  put (NULL);
  g_rmdir (folder);
  g_free (folder);

  return result;
}
