/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-live-policy.h"

/* As many as plug_rb_policy_key_list() has, or more. */
#define MAX_KEYS 16

struct _PlugRbLivePolicy {
  GObject parent_instance;

  PlugRbPolicyBackend *backend;
  GSettings *settings;
  char *scope;
  PlugRbPolicy policy;
  gboolean is_set[MAX_KEYS];
};

G_DEFINE_FINAL_TYPE (PlugRbLivePolicy, plug_rb_live_policy, G_TYPE_OBJECT)

/* Of each setting the value, then whether it is set here. */
#define VALUE_ID(index) (2 * (guint) (index) + 1)
#define SET_ID(index) (2 * (guint) (index) + 2)

static GParamSpec *properties[2 * MAX_KEYS + 1];

enum { SIGNAL_CHANGED, SIGNAL_FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

static const PlugRbPolicyKey *
get_key (gsize index)
{
  gsize n_keys;

  return &plug_rb_policy_key_list (&n_keys)[index];
}

static gsize
count_keys (void)
{
  gsize n_keys;

  plug_rb_policy_key_list (&n_keys);
  return n_keys;
}

/* ---- following the file */

static void
update_key (PlugRbLivePolicy *self, gsize index, const PlugRbPolicy *now)
{
  const PlugRbPolicyKey *key = get_key (index);
  g_autoptr(GVariant) old_value = plug_rb_policy_key_get (key, &self->policy);
  g_autoptr(GVariant) value = plug_rb_policy_key_get (key, now);
  g_autoptr(GVariant) own = g_settings_get_user_value (self->settings, key->name);
  gboolean is_set = own != NULL;

  if (!g_variant_equal (old_value, value)) {
    plug_rb_policy_key_set (key, &self->policy, value);
    g_object_notify_by_pspec (G_OBJECT (self), properties[VALUE_ID (index)]);
  }
  if (self->is_set[index] != is_set) {
    self->is_set[index] = is_set;
    g_object_notify_by_pspec (G_OBJECT (self), properties[SET_ID (index)]);
  }
}

static void
update (PlugRbLivePolicy *self)
{
  g_autoptr(GKeyFile) file = plug_rb_policy_backend_dup_file (self->backend);
  g_auto(PlugRbPolicy) now = { 0 };

  plug_rb_policy_read (&now, file, self->scope);
  g_object_freeze_notify (G_OBJECT (self));
  for (gsize i = 0; i < count_keys (); i++)
    update_key (self, i, &now);
  g_object_thaw_notify (G_OBJECT (self));
}

static gboolean
change_event_cb (PlugRbLivePolicy *self)
{
  update (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);

  return FALSE;
}

/* ---- properties */

static void
plug_rb_live_policy_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PlugRbLivePolicy *self = PLUG_RB_LIVE_POLICY (object);
  gsize index = (id - 1) / 2;
  g_autoptr(GVariant) variant = plug_rb_policy_key_get (get_key (index), &self->policy);

  if (id == SET_ID (index))
    g_value_set_boolean (value, self->is_set[index]);
  else if (get_key (index)->kind == PLUG_RB_POLICY_SWITCH)
    g_value_set_boolean (value, g_variant_get_boolean (variant));
  else if (get_key (index)->kind == PLUG_RB_POLICY_NUMBER)
    g_value_set_int (value, g_variant_get_int32 (variant));
  else if (get_key (index)->kind == PLUG_RB_POLICY_SIZE)
    g_value_set_int64 (value, g_variant_get_int64 (variant));
  else
    g_value_take_boxed (value, g_variant_dup_strv (variant, NULL));
}

static GVariant *
dup_variant (const PlugRbPolicyKey *key, const GValue *value)
{
  GVariant *variant;

  if (key->kind == PLUG_RB_POLICY_SWITCH)
    variant = g_variant_new_boolean (g_value_get_boolean (value));
  else if (key->kind == PLUG_RB_POLICY_NUMBER)
    variant = g_variant_new_int32 (g_value_get_int (value));
  else if (key->kind == PLUG_RB_POLICY_SIZE)
    variant = g_variant_new_int64 (g_value_get_int64 (value));
  else
    variant = g_variant_new_strv (g_value_get_boxed (value), -1);

  return g_variant_take_ref (variant);
}

/* A binding writes back what it was told; that must not become a setting of its own. */
static void
plug_rb_live_policy_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PlugRbLivePolicy *self = PLUG_RB_LIVE_POLICY (object);
  const PlugRbPolicyKey *key = get_key ((id - 1) / 2);
  g_autoptr(GVariant) old_value = plug_rb_policy_key_get (key, &self->policy);
  g_autoptr(GVariant) variant = dup_variant (key, value);
  g_autoptr(GError) error = NULL;

  if (!g_variant_equal (old_value, variant) &&
      !plug_rb_live_policy_set (self, key->name, variant, &error)) {
    g_object_notify_by_pspec (object, pspec);
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, error->message);
  }
}

static GParamSpec *
make_property (const PlugRbPolicyKey *key)
{
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  g_auto(PlugRbPolicy) policy = { 0 };
  g_autoptr(GVariant) value = NULL;

  plug_rb_policy_init (&policy);
  value = plug_rb_policy_key_get (key, &policy);

  switch (key->kind) {
  case PLUG_RB_POLICY_SWITCH:
    return g_param_spec_boolean (key->name, NULL, NULL, g_variant_get_boolean (value), flags);
  case PLUG_RB_POLICY_NUMBER:
    return g_param_spec_int (key->name, NULL, NULL, (int) key->min, (int) key->max,
                             g_variant_get_int32 (value), flags);
  case PLUG_RB_POLICY_SIZE:
    return g_param_spec_int64 (key->name, NULL, NULL, key->min, key->max,
                               g_variant_get_int64 (value), flags);
  case PLUG_RB_POLICY_PATTERNS:
  default:
    return g_param_spec_boxed (key->name, NULL, NULL, G_TYPE_STRV, flags);
  }
}

static void
install_properties (GObjectClass *object_class)
{
  g_assert (count_keys () <= MAX_KEYS);

  for (gsize i = 0; i < count_keys (); i++) {
    g_autofree char *name = g_strconcat (get_key (i)->name, "-set", NULL);

    properties[VALUE_ID (i)] = make_property (get_key (i));
    properties[SET_ID (i)] = g_param_spec_boolean (
        name, NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_NICK);
  }

  g_object_class_install_properties (object_class, 2 * (guint) count_keys () + 1, properties);
}

static void
plug_rb_live_policy_finalize (GObject *object)
{
  PlugRbLivePolicy *self = PLUG_RB_LIVE_POLICY (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->backend);
  g_clear_pointer (&self->scope, g_free);
  plug_rb_policy_clear (&self->policy);

  G_OBJECT_CLASS (plug_rb_live_policy_parent_class)->finalize (object);
}

static void
plug_rb_live_policy_class_init (PlugRbLivePolicyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = plug_rb_live_policy_finalize;
  object_class->get_property = plug_rb_live_policy_get_property;
  object_class->set_property = plug_rb_live_policy_set_property;
  install_properties (object_class);

  /**
   * PlugRbLivePolicy::changed:
   *
   * Something was set or taken back, here or for something else.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * PlugRbLivePolicy::failed:
   * @message: why
   *
   * A property could not be written; it has what it had.
   */
  signals[SIGNAL_FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
plug_rb_live_policy_init (PlugRbLivePolicy *self)
{
  plug_rb_policy_init (&self->policy);
}

/**
 * plug_rb_live_policy_new:
 * @scope: (nullable): "HOST", "HOST/ID", or %NULL for all
 *
 * Returns: (transfer full) (nullable): the policy; %NULL where the GSettings schema of it is not
 *   installed
 */
PlugRbLivePolicy *
plug_rb_live_policy_new (PlugRbPolicyBackend *backend, const char *scope)
{
  g_autoptr(GSettings) settings = plug_rb_policy_backend_create_settings (backend, scope);
  PlugRbLivePolicy *self;

  if (settings == NULL)
    return NULL;

  self = g_object_new (PLUG_RB_TYPE_LIVE_POLICY, NULL);
  self->backend = g_object_ref (backend);
  self->settings = g_steal_pointer (&settings);
  self->scope = g_strdup (scope);
  g_signal_connect_object (self->settings, "change-event", G_CALLBACK (change_event_cb), self,
                           G_CONNECT_SWAPPED);
  update (self);

  return self;
}

/* ---- */

/**
 * plug_rb_live_policy_get:
 *
 * Returns: (transfer none): what is in force, until it changes
 */
const PlugRbPolicy *
plug_rb_live_policy_get (PlugRbLivePolicy *self)
{
  g_return_val_if_fail (PLUG_RB_IS_LIVE_POLICY (self), NULL);

  return &self->policy;
}

/**
 * plug_rb_live_policy_get_scope:
 *
 * Returns: (nullable): what it is for; %NULL for all
 */
const char *
plug_rb_live_policy_get_scope (PlugRbLivePolicy *self)
{
  g_return_val_if_fail (PLUG_RB_IS_LIVE_POLICY (self), NULL);

  return self->scope;
}

/**
 * plug_rb_live_policy_is_set:
 * @key: name of a setting
 *
 * Whether it is set for exactly this.
 */
gboolean
plug_rb_live_policy_is_set (PlugRbLivePolicy *self, const char *key)
{
  g_return_val_if_fail (PLUG_RB_IS_LIVE_POLICY (self), FALSE);

  for (gsize i = 0; i < count_keys (); i++)
    if (g_str_equal (get_key (i)->name, key))
      return self->is_set[i];

  g_return_val_if_reached (FALSE);
}

gboolean
plug_rb_live_policy_is_any_set (PlugRbLivePolicy *self)
{
  g_return_val_if_fail (PLUG_RB_IS_LIVE_POLICY (self), FALSE);

  for (gsize i = 0; i < count_keys (); i++)
    if (self->is_set[i])
      return TRUE;

  return FALSE;
}

/**
 * plug_rb_live_policy_make_edit:
 * @key: (nullable): name of a setting; %NULL for all
 * @value: (nullable): what it becomes; %NULL for what holds further up
 *
 * Returns: (transfer full): a change of this
 */
PlugRbPolicyEdit *
plug_rb_live_policy_make_edit (PlugRbLivePolicy *self, const char *key, GVariant *value)
{
  g_autofree char *group = NULL;

  g_return_val_if_fail (PLUG_RB_IS_LIVE_POLICY (self), NULL);

  group = plug_rb_policy_dup_group (self->scope);
  return plug_rb_policy_edit_new (group, key, value);
}

/**
 * plug_rb_live_policy_write:
 * @edits: (element-type PlugRbPolicyEdit): changes, of values in their ranges
 *
 * Makes all of the changes or none. Once this returns the properties have them.
 */
gboolean
plug_rb_live_policy_write (PlugRbLivePolicy *self, GPtrArray *edits, GError **error)
{
  g_return_val_if_fail (PLUG_RB_IS_LIVE_POLICY (self), FALSE);

  if (!plug_rb_policy_backend_edit (self->backend, edits, error))
    return FALSE;

  update (self);
  return TRUE;
}

/**
 * plug_rb_live_policy_set:
 * @key: (nullable): name of a setting; %NULL, with no @value, for all
 * @value: (nullable): what it becomes, of the setting's type; %NULL for what holds further up
 *
 * Fails with %PLUG_RB_ERROR_INVALID if @value is not in the setting's range.
 */
gboolean
plug_rb_live_policy_set (PlugRbLivePolicy *self, const char *key, GVariant *value, GError **error)
{
  g_autoptr(GPtrArray) edits = plug_rb_policy_edits_new ();
  const PlugRbPolicyKey *known = key ? plug_rb_policy_key_find (key) : NULL;

  g_return_val_if_fail (PLUG_RB_IS_LIVE_POLICY (self), FALSE);
  g_return_val_if_fail (key == NULL ? value == NULL : known != NULL, FALSE);

  if (value != NULL && !plug_rb_policy_key_check (known, value, error))
    return FALSE;

  g_ptr_array_add (edits, plug_rb_live_policy_make_edit (self, key, value));
  return plug_rb_live_policy_write (self, edits, error);
}
