/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

/* The main job on real plugins: snapshot, update, roll back, undo, redo, through the core. */

#include "plug-rb-error.h"
#include "scratch.h"

/* Settings that a version writes: pairs of key and GVariant text, %NULL text to reset. */
typedef struct {
  const char *key;
  const char *value;
} Setting;

typedef struct {
  const char *name;
  const char *plugin;
  const char *old;
  const char *new;
  Setting old_settings[4];
  Setting new_settings[4];
} Case;

#define EXTENSIONS "/org/gnome/shell/extensions/"

static const Case cases[] = {
  { "caffeine-37-44",
    "caffeine@patapon.info",
    "37",
    "44",
    { { EXTENSIONS "caffeine/show-indicator", "false" },
      { EXTENSIONS "caffeine/restore-state", "true" } },
    { { EXTENSIONS "caffeine/show-indicator", "'never'" },
      { EXTENSIONS "caffeine/restore-state", NULL },
      { EXTENSIONS "caffeine/countdown-timer", "30" } } },
  { "caffeine-44-55",
    "caffeine@patapon.info",
    "44",
    "55",
    { { EXTENSIONS "caffeine/show-indicator", "'always'" } },
    { { EXTENSIONS "caffeine/show-indicator", "'only-active'" },
      { EXTENSIONS "caffeine/cli-toggle", "true" } } },
  { "dash-to-dock-69-75",
    "dash-to-dock@micxgx.gmail.com",
    "69",
    "75",
    { { EXTENSIONS "dash-to-dock/dock-position", "'LEFT'" },
      { EXTENSIONS "dash-to-dock/background-opacity", "0.5" } },
    { { EXTENSIONS "dash-to-dock/dock-position", "'RIGHT'" },
      { EXTENSIONS "dash-to-dock/preferred-monitor-by-connector", "'primary'" } } },
  { "dash-to-dock-75-100",
    "dash-to-dock@micxgx.gmail.com",
    "75",
    "100",
    { { EXTENSIONS "dash-to-dock/dock-position", "'TOP'" } },
    { { EXTENSIONS "dash-to-dock/dock-position", NULL } } },
  { "impatience",
    "impatience@gfxmonk.net",
    "0.4.8",
    "0.5.2",
    { { "/org/gnome/shell/extensions/net/gfxmonk/impatience/speed-factor", "0.25" } },
    { { "/org/gnome/shell/extensions/net/gfxmonk/impatience/speed-factor", "1.5" } } },
  { "appindicator-34-46",
    "ubuntu-appindicators@ubuntu.com",
    "34",
    "46",
    { { NULL, NULL } },
    { { EXTENSIONS "appindicator/icon-size", "24" },
      { EXTENSIONS "appindicator/icon-opacity", "200" } } },
  { "appindicator-46-59",
    "ubuntu-appindicators@ubuntu.com",
    "46",
    "59",
    { { EXTENSIONS "appindicator/icon-size", "24" } },
    { { EXTENSIONS "appindicator/icon-size", "16" },
      { EXTENSIONS "appindicator/tray-pos", "'left'" } } },
};

static void
set_all (const Setting *settings)
{
  for (guint i = 0; i < 4 && settings[i].key != NULL; i++)
    scratch_set (settings[i].key, settings[i].value);
}

static void
enable (const char *plugin)
{
  g_autofree char *list = g_strdup_printf ("['a@b', '%s', 'c@d']", plugin);

  scratch_set ("/org/gnome/shell/enabled-extensions", list);
}

static void
assert_picture (const char *expected)
{
  g_autofree char *picture = scratch_picture ();

  g_assert_cmpstr (picture, ==, expected);
}

static void
roll_back (PlugRbEngine *engine, const char *plugin)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbPlugin) found = plug_rb_engine_find_plugin (engine, plugin, &error);
  g_autoptr(PlugRbSnapshot) target = NULL;
  g_autoptr(PlugRbOperation) operation = NULL;

  g_assert_no_error (error);
  target = plug_rb_engine_find_target (engine, found, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (target);

  operation = scratch_roll_back (engine, target, &error);
  g_assert_no_error (error);
  g_assert_cmpint (plug_rb_operation_get_status (operation), ==, PLUG_RB_STATUS_COMPLETED);
}

static void
undo (PlugRbEngine *engine)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PlugRbOperation) operation = scratch_undo (engine, &error);

  g_assert_no_error (error);
}

static void
test_pair (gconstpointer data)
{
  const Case *pair = data;
  g_autoptr(PlugRbEngine) engine = NULL;
  g_autoptr(PlugRbSnapshot) snapshot = NULL;
  g_autofree char *old_picture = NULL;
  g_autofree char *new_picture = NULL;

  if (scratch_require_plugins () == NULL)
    return;

  scratch_run ((const char *[]) { "dconf", "reset", "-f", "/", NULL });
  scratch_install (pair->plugin, pair->old);
  set_all (pair->old_settings);
  enable (pair->plugin);
  old_picture = scratch_picture ();

  engine = scratch_open ();
  snapshot = scratch_snapshot (engine, pair->plugin);

  scratch_install (pair->plugin, pair->new);
  set_all (pair->new_settings);
  scratch_set ("/org/gnome/shell/enabled-extensions", "['a@b', 'c@d']");
  new_picture = scratch_picture ();
  g_assert_cmpstr (old_picture, !=, new_picture);

  roll_back (engine, pair->plugin);
  assert_picture (old_picture);
  undo (engine);
  assert_picture (new_picture);
  undo (engine);
  assert_picture (old_picture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/main-job/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_pair);
  }

  return g_test_run ();
}
