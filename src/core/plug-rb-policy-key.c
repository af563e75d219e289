/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-policy-key.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "plug-rb-error.h"

#define LARGEST_SIZE (G_GINT64_CONSTANT (100000) * 1000 * 1000)

#define SWITCH(name, field, summary)                                                               \
  { name, PLUG_RB_POLICY_SWITCH, "b", 0, 1, FALSE, G_STRUCT_OFFSET (PlugRbPolicy, field), summary }

static const PlugRbPolicyKey keys[] = {
  SWITCH ("auto-snapshot-on-install",
          auto_snapshot_on_install,
          N_("Take a snapshot before a plugin is installed")),
  SWITCH ("auto-snapshot-on-update",
          auto_snapshot_on_update,
          N_("Take a snapshot before a plugin is updated")),
  SWITCH ("auto-snapshot-on-uninstall",
          auto_snapshot_on_uninstall,
          N_("Take a snapshot before a plugin is uninstalled")),
  SWITCH ("auto-rollback-on-failure",
          auto_rollback_on_failure,
          N_("Roll back by itself after a confirmed failure")),
  SWITCH ("require-confirmation", require_confirmation, N_("Ask before rolling back")),
  { "max-snapshots", PLUG_RB_POLICY_NUMBER, "i", 1, 1000, TRUE,
    G_STRUCT_OFFSET (PlugRbPolicy, max_snapshots), N_("Snapshots that are kept of a plugin") },
  { "retention-days", PLUG_RB_POLICY_NUMBER, "i", 1, 3650, TRUE,
    G_STRUCT_OFFSET (PlugRbPolicy, retention_days), N_("Days that a snapshot is kept") },
  { "max-snapshot-size", PLUG_RB_POLICY_SIZE, "x", 0, LARGEST_SIZE, FALSE,
    G_STRUCT_OFFSET (PlugRbPolicy, max_snapshot_size),
    N_("Largest plugin that is saved; 0 for no limit") },
  { "exclude", PLUG_RB_POLICY_PATTERNS, "as", 0, 0, FALSE, G_STRUCT_OFFSET (PlugRbPolicy, exclude),
    N_("Patterns of files that are neither saved nor restored") },
};

/**
 * plug_rb_policy_key_list:
 * @n_keys: (out): how many there are
 *
 * Returns: (array length=n_keys) (transfer none): all settings
 */
const PlugRbPolicyKey *
plug_rb_policy_key_list (gsize *n_keys)
{
  *n_keys = G_N_ELEMENTS (keys);

  return keys;
}

/**
 * plug_rb_policy_key_find:
 *
 * Returns: (nullable): the setting of that name
 */
const PlugRbPolicyKey *
plug_rb_policy_key_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_str_equal (keys[i].name, name))
      return &keys[i];

  return NULL;
}

/**
 * plug_rb_policy_key_get:
 *
 * Returns: (transfer full): what @policy has for the setting, as GSettings would store it
 */
GVariant *
plug_rb_policy_key_get (const PlugRbPolicyKey *self, const PlugRbPolicy *policy)
{
  GVariant *value = NULL;

  switch (self->kind) {
  case PLUG_RB_POLICY_SWITCH:
    value = g_variant_new_boolean (G_STRUCT_MEMBER (gboolean, policy, self->offset));
    break;
  case PLUG_RB_POLICY_NUMBER:
    value = g_variant_new_int32 ((gint32) G_STRUCT_MEMBER (guint, policy, self->offset));
    break;
  case PLUG_RB_POLICY_SIZE:
    value = g_variant_new_int64 ((gint64) G_STRUCT_MEMBER (guint64, policy, self->offset));
    break;
  case PLUG_RB_POLICY_PATTERNS:
  default:
    value = g_variant_new_strv ((const char *const *) G_STRUCT_MEMBER (GStrv, policy, self->offset),
                                -1);
  }

  return g_variant_take_ref (value);
}

/**
 * plug_rb_policy_key_set:
 * @value: of the setting's type and in its range
 */
void
plug_rb_policy_key_set (const PlugRbPolicyKey *self, PlugRbPolicy *policy, GVariant *value)
{
  GStrv *patterns;

  switch (self->kind) {
  case PLUG_RB_POLICY_SWITCH:
    G_STRUCT_MEMBER (gboolean, policy, self->offset) = g_variant_get_boolean (value);
    break;
  case PLUG_RB_POLICY_NUMBER:
    G_STRUCT_MEMBER (guint, policy, self->offset) = (guint) g_variant_get_int32 (value);
    break;
  case PLUG_RB_POLICY_SIZE:
    G_STRUCT_MEMBER (guint64, policy, self->offset) = (guint64) g_variant_get_int64 (value);
    break;
  case PLUG_RB_POLICY_PATTERNS:
  default:
    patterns = &G_STRUCT_MEMBER (GStrv, policy, self->offset);
    g_strfreev (*patterns);
    *patterns = g_variant_dup_strv (value, NULL);
  }
}

static gboolean
throw_out_of_range (const PlugRbPolicyKey *self, GVariant *value, GError **error)
{
  g_autofree char *text = g_variant_print (value, FALSE);
  g_autofree char *range = plug_rb_policy_key_format_range (self);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID,
               /* TRANSLATORS: name of a setting, a number, the range of the setting “1 to 1000” */
               _("%s cannot be %s: use %s"), self->name, text, range);
  return FALSE;
}

/**
 * plug_rb_policy_key_check:
 * @value: of the setting's type
 *
 * Whether @value is in the setting's range, which the error names.
 */
gboolean
plug_rb_policy_key_check (const PlugRbPolicyKey *self, GVariant *value, GError **error)
{
  gint64 number;

  g_return_val_if_fail (g_variant_is_of_type (value, G_VARIANT_TYPE (self->type)), FALSE);

  if (self->kind != PLUG_RB_POLICY_NUMBER && self->kind != PLUG_RB_POLICY_SIZE)
    return TRUE;

  number = self->kind == PLUG_RB_POLICY_NUMBER ? g_variant_get_int32 (value)
                                               : g_variant_get_int64 (value);

  return (number >= self->min && number <= self->max) || throw_out_of_range (self, value, error);
}

/* ---- what people write */

static gboolean
throw_unknown (const PlugRbPolicyKey *self, const char *text, GError **error)
{
  g_autofree char *range = plug_rb_policy_key_format_range (self);

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_INVALID,
               /* TRANSLATORS: name of a setting, what was written, what can be: “true or false” */
               _("%s cannot be “%s”: use %s"), self->name, text, range);
  return FALSE;
}

static GVariant *
parse_switch (const char *text)
{
  static const char *const on[] = { "true", "yes", "on", "1", NULL };
  static const char *const off[] = { "false", "no", "off", "0", NULL };

  if (!g_strv_contains (on, text) && !g_strv_contains (off, text))
    return NULL;

  return g_variant_new_boolean (g_strv_contains (on, text));
}

static GVariant *
parse_number (const char *text)
{
  gint64 number;

  if (!g_ascii_string_to_signed (text, 10, G_MININT32, G_MAXINT32, &number, NULL))
    return NULL;

  return g_variant_new_int32 ((gint32) number);
}

/* 0 for what is no unit. */
static double
get_unit (const char *text)
{
  static const struct {
    const char *name;
    double bytes;
  } units[] = {
    { "", 1 },          { "B", 1 },         { "K", 1e3 },       { "kB", 1e3 },
    { "M", 1e6 },       { "MB", 1e6 },      { "G", 1e9 },       { "GB", 1e9 },
    { "KiB", 1 << 10 }, { "MiB", 1 << 20 }, { "GiB", 1 << 30 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_ascii_strcasecmp (units[i].name, text) == 0)
      return units[i].bytes;

  return 0;
}

static GVariant *
parse_size (const char *text)
{
  char *rest = NULL;
  double number = g_ascii_strtod (text, &rest);
  double bytes;

  if (rest == text || !isfinite (number))
    return NULL;

  while (g_ascii_isspace (*rest))
    rest++;
  bytes = round (number * get_unit (rest));
  if (get_unit (rest) == 0 || fabs (bytes) > 1e18)
    return NULL;

  return g_variant_new_int64 ((gint64) bytes);
}

static GVariant *
parse_patterns (const char *text)
{
  g_auto(GStrv) parts = NULL;

  if (*text == '[')
    return g_variant_parse (G_VARIANT_TYPE_STRING_ARRAY, text, NULL, NULL, NULL);
  if (*text == '\0')
    return g_variant_new_strv (NULL, 0);

  parts = g_strsplit (text, ",", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) == '\0')
      return NULL;

  return g_variant_new_strv ((const char *const *) parts, -1);
}

/**
 * plug_rb_policy_key_parse:
 * @text: what a person wrote: "off", "20", "1.5 GB", "*.log, cache"
 *
 * Fails with %PLUG_RB_ERROR_INVALID, naming what would be right.
 *
 * Returns: (transfer full): the value, in its range
 */
GVariant *
plug_rb_policy_key_parse (const PlugRbPolicyKey *self, const char *text, GError **error)
{
  g_autofree char *plain = g_strstrip (g_strdup (text));
  g_autoptr(GVariant) value = NULL;

  switch (self->kind) {
  case PLUG_RB_POLICY_SWITCH:
    value = parse_switch (plain);
    break;
  case PLUG_RB_POLICY_NUMBER:
    value = parse_number (plain);
    break;
  case PLUG_RB_POLICY_SIZE:
    value = parse_size (plain);
    break;
  case PLUG_RB_POLICY_PATTERNS:
  default:
    value = parse_patterns (plain);
  }

  if (value != NULL)
    g_variant_take_ref (value);
  if (value == NULL ? !throw_unknown (self, text, error)
                    : !plug_rb_policy_key_check (self, value, error))
    return NULL;

  return g_steal_pointer (&value);
}

/**
 * plug_rb_policy_key_format:
 *
 * Returns: (transfer full): the value for people, in a form that plug_rb_policy_key_parse() takes
 *   but for sizes, which are rounded
 */
char *
plug_rb_policy_key_format (const PlugRbPolicyKey *self, GVariant *value)
{
  g_autofree const char **patterns = NULL;

  if (self->kind == PLUG_RB_POLICY_SIZE)
    return g_variant_get_int64 (value) == 0 ? g_strdup (_("no limit"))
                                            : g_format_size ((guint64) g_variant_get_int64 (value));
  if (self->kind != PLUG_RB_POLICY_PATTERNS)
    return g_variant_print (value, FALSE);

  patterns = g_variant_get_strv (value, NULL);
  return g_strjoinv (", ", (char **) patterns);
}

/**
 * plug_rb_policy_key_format_range:
 *
 * Returns: (transfer full): what the setting can be, for people
 */
char *
plug_rb_policy_key_format_range (const PlugRbPolicyKey *self)
{
  g_autofree char *largest = NULL;

  switch (self->kind) {
  case PLUG_RB_POLICY_SWITCH:
    return g_strdup (_("true or false"));
  case PLUG_RB_POLICY_NUMBER:
    /* TRANSLATORS: the range of a number */
    return g_strdup_printf (_("%d to %d"), (int) self->min, (int) self->max);
  case PLUG_RB_POLICY_SIZE:
    largest = g_format_size ((guint64) self->max);
    /* TRANSLATORS: the range of a size; %s is the largest one */
    return g_strdup_printf (_("a size up to %s such as 500MB, or 0 for no limit"), largest);
  case PLUG_RB_POLICY_PATTERNS:
  default:
    return g_strdup (_("patterns with commas between them, such as “*.log, cache”"));
  }
}
