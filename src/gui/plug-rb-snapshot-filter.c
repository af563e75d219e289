/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include "plug-rb-snapshot-filter.h"

#include "plug-rb-host.h"
#include "plug-rb-snapshot.h"

struct _PlugRbSnapshotFilter {
  GtkFilter parent_instance;

  PlugRbManager *manager;
  char *search;
  char *plugin;
  char *host;
  char *taken;
  guint reasons;
  gboolean kept_only;
  gboolean damaged_only;

  char *needle; /* folded; NULL if nothing is searched for */
  gboolean is_ascii;
  GHashTable *found_hosts;
  gint64 since;
};

G_DEFINE_FINAL_TYPE (PlugRbSnapshotFilter, plug_rb_snapshot_filter, GTK_TYPE_FILTER)

typedef enum {
  PROP_ACTIVE = 1,
  PROP_DAMAGED_ONLY,
  PROP_HOST,
  PROP_KEPT_ONLY,
  PROP_MANAGER,
  PROP_PLUGIN,
  PROP_REASONS,
  PROP_SEARCH,
  PROP_TAKEN,
} PlugRbSnapshotFilterProperty;

static GParamSpec *properties[PROP_TAKEN + 1];

/* ---- searching */

/* Ten thousand snapshots are looked through at each key: nothing is allocated for what is asked
 * most, which is ASCII. */
static gboolean
contains_ascii (const char *text, const char *needle)
{
  for (; *text != '\0'; text++) {
    gsize i = 0;

    while (needle[i] != '\0' && g_ascii_tolower (text[i]) == needle[i])
      i++;
    if (needle[i] == '\0')
      return TRUE;
  }

  return FALSE;
}

static gboolean
contains (PlugRbSnapshotFilter *self, const char *text)
{
  g_autofree char *folded = NULL;

  if (text == NULL)
    return FALSE;
  if (self->is_ascii)
    return contains_ascii (text, self->needle);

  folded = g_utf8_casefold (text, -1);
  return strstr (folded, self->needle) != NULL;
}

static gboolean
is_found (PlugRbSnapshotFilter *self, PlugRbSnapshot *snapshot)
{
  return contains (self, plug_rb_snapshot_get_name (snapshot)) ||
         contains (self, plug_rb_snapshot_get_plugin_id (snapshot)) ||
         contains (self, plug_rb_snapshot_get_version (snapshot)) ||
         contains (self, plug_rb_snapshot_get_label (snapshot)) ||
         contains (self, plug_rb_snapshot_get_note (snapshot)) ||
         g_hash_table_contains (self->found_hosts, plug_rb_snapshot_get_host (snapshot));
}

static void
find_hosts (PlugRbSnapshotFilter *self)
{
  GListModel *hosts = self->manager != NULL ? plug_rb_manager_get_hosts (self->manager) : NULL;

  g_hash_table_remove_all (self->found_hosts);
  for (guint i = 0; hosts != NULL && self->needle != NULL && i < g_list_model_get_n_items (hosts);
       i++) {
    g_autoptr(PlugRbHost) host = g_list_model_get_item (hosts, i);

    if (contains (self, plug_rb_host_get_name (host)))
      g_hash_table_add (self->found_hosts, g_strdup (plug_rb_host_get_id (host)));
  }
}

static GtkFilterChange
judge_search (const char *before, const char *after)
{
  if (before == NULL || (after != NULL && strstr (after, before) != NULL))
    return GTK_FILTER_CHANGE_MORE_STRICT;
  if (after == NULL || strstr (before, after) != NULL)
    return GTK_FILTER_CHANGE_LESS_STRICT;

  return GTK_FILTER_CHANGE_DIFFERENT;
}

static void
set_search (PlugRbSnapshotFilter *self, const char *search)
{
  g_autofree char *before = g_steal_pointer (&self->needle);
  g_autofree char *stripped = g_strstrip (g_strdup (search != NULL ? search : ""));

  g_set_str (&self->search, search);
  self->is_ascii = g_str_is_ascii (stripped);
  if (*stripped != '\0')
    self->needle = g_utf8_casefold (stripped, -1);
  find_hosts (self);
  if (g_strcmp0 (before, self->needle) != 0)
    gtk_filter_changed (GTK_FILTER (self), judge_search (before, self->needle));
}

/* ---- filtering */

static gboolean
plug_rb_snapshot_filter_match (GtkFilter *filter, gpointer item)
{
  PlugRbSnapshotFilter *self = PLUG_RB_SNAPSHOT_FILTER (filter);
  PlugRbSnapshot *snapshot = item;

  if (self->plugin != NULL && g_strcmp0 (plug_rb_snapshot_get_plugin (snapshot), self->plugin) != 0)
    return FALSE;
  if (self->host != NULL && g_strcmp0 (plug_rb_snapshot_get_host (snapshot), self->host) != 0)
    return FALSE;
  if (self->reasons != 0 && (self->reasons & (1u << plug_rb_snapshot_get_reason (snapshot))) == 0)
    return FALSE;
  if (self->kept_only && !plug_rb_snapshot_get_pinned (snapshot) &&
      plug_rb_snapshot_get_label (snapshot) == NULL)
    return FALSE;
  if (self->damaged_only && plug_rb_snapshot_get_damaged (snapshot) == NULL)
    return FALSE;
  if (self->since != 0 &&
      g_date_time_to_unix (plug_rb_snapshot_get_timestamp (snapshot)) < self->since)
    return FALSE;

  return self->needle == NULL || is_found (self, snapshot);
}

static GtkFilterMatch
plug_rb_snapshot_filter_get_strictness (GtkFilter *filter)
{
  PlugRbSnapshotFilter *self = PLUG_RB_SNAPSHOT_FILTER (filter);

  return self->needle != NULL || plug_rb_snapshot_filter_get_active (self) ? GTK_FILTER_MATCH_SOME
                                                                           : GTK_FILTER_MATCH_ALL;
}

static void
changed (PlugRbSnapshotFilter *self, PlugRbSnapshotFilterProperty property)
{
  gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
}

/* Nothing and an empty text are the same: no such filter. */
static void
set_name (PlugRbSnapshotFilter *self,
          PlugRbSnapshotFilterProperty property,
          char **name,
          const char *value)
{
  if (value != NULL && *value == '\0')
    value = NULL;
  if (g_set_str (name, value))
    changed (self, property);
}

static void
set_flag (PlugRbSnapshotFilter *self,
          PlugRbSnapshotFilterProperty property,
          gboolean *flag,
          gboolean value)
{
  if (*flag == value)
    return;

  *flag = value;
  changed (self, property);
}

static gint64
find_since (const char *taken)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autoptr(GDateTime) today = NULL;
  int days;

  if (g_str_equal (taken, "any"))
    return 0;

  days = g_str_equal (taken, "today") ? 0 : g_str_equal (taken, "week") ? 7 : 30;
  today = g_date_time_new_local (g_date_time_get_year (now), g_date_time_get_month (now),
                                 g_date_time_get_day_of_month (now), 0, 0, 0);

  return g_date_time_to_unix (today) - (gint64) days * 24 * 60 * 60;
}

static void
set_taken (PlugRbSnapshotFilter *self, const char *taken)
{
  static const char *const known[] = { "any", "today", "week", "month", NULL };

  if (taken == NULL || !g_strv_contains (known, taken) || !g_set_str (&self->taken, taken))
    return;

  self->since = find_since (taken);
  changed (self, PROP_TAKEN);
}

static void
set_reasons (PlugRbSnapshotFilter *self, guint reasons)
{
  if (self->reasons == reasons)
    return;

  self->reasons = reasons;
  changed (self, PROP_REASONS);
}

/* ---- object */

static void
plug_rb_snapshot_filter_finalize (GObject *object)
{
  PlugRbSnapshotFilter *self = PLUG_RB_SNAPSHOT_FILTER (object);

  g_clear_object (&self->manager);
  g_clear_pointer (&self->search, g_free);
  g_clear_pointer (&self->plugin, g_free);
  g_clear_pointer (&self->host, g_free);
  g_clear_pointer (&self->taken, g_free);
  g_clear_pointer (&self->needle, g_free);
  g_clear_pointer (&self->found_hosts, g_hash_table_unref);

  G_OBJECT_CLASS (plug_rb_snapshot_filter_parent_class)->finalize (object);
}

static void
plug_rb_snapshot_filter_get_property (GObject *object,
                                      guint prop_id,
                                      GValue *value,
                                      GParamSpec *pspec)
{
  PlugRbSnapshotFilter *self = PLUG_RB_SNAPSHOT_FILTER (object);

  switch ((PlugRbSnapshotFilterProperty) prop_id) {
  case PROP_ACTIVE:
    g_value_set_boolean (value, plug_rb_snapshot_filter_get_active (self));
    break;

  case PROP_DAMAGED_ONLY:
    g_value_set_boolean (value, self->damaged_only);
    break;

  case PROP_HOST:
    g_value_set_string (value, self->host);
    break;

  case PROP_KEPT_ONLY:
    g_value_set_boolean (value, self->kept_only);
    break;

  case PROP_MANAGER:
    g_value_set_object (value, self->manager);
    break;

  case PROP_PLUGIN:
    g_value_set_string (value, self->plugin);
    break;

  case PROP_REASONS:
    g_value_set_uint (value, self->reasons);
    break;

  case PROP_SEARCH:
    g_value_set_string (value, self->search);
    break;

  case PROP_TAKEN:
    g_value_set_string (value, self->taken);
    break;

  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_snapshot_filter_set_property (GObject *object,
                                      guint prop_id,
                                      const GValue *value,
                                      GParamSpec *pspec)
{
  PlugRbSnapshotFilter *self = PLUG_RB_SNAPSHOT_FILTER (object);

  switch ((PlugRbSnapshotFilterProperty) prop_id) {
  case PROP_DAMAGED_ONLY:
    set_flag (self, PROP_DAMAGED_ONLY, &self->damaged_only, g_value_get_boolean (value));
    break;

  case PROP_HOST:
    set_name (self, PROP_HOST, &self->host, g_value_get_string (value));
    break;

  case PROP_KEPT_ONLY:
    set_flag (self, PROP_KEPT_ONLY, &self->kept_only, g_value_get_boolean (value));
    break;

  case PROP_MANAGER:
    g_set_object (&self->manager, g_value_get_object (value));
    break;

  case PROP_PLUGIN:
    set_name (self, PROP_PLUGIN, &self->plugin, g_value_get_string (value));
    break;

  case PROP_REASONS:
    set_reasons (self, g_value_get_uint (value));
    break;

  case PROP_SEARCH:
    set_search (self, g_value_get_string (value));
    break;

  case PROP_TAKEN:
    set_taken (self, g_value_get_string (value));
    break;

  case PROP_ACTIVE:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
plug_rb_snapshot_filter_class_init (PlugRbSnapshotFilterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkFilterClass *filter_class = GTK_FILTER_CLASS (klass);
  GParamFlags live = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = plug_rb_snapshot_filter_finalize;
  object_class->get_property = plug_rb_snapshot_filter_get_property;
  object_class->set_property = plug_rb_snapshot_filter_set_property;
  filter_class->match = plug_rb_snapshot_filter_match;
  filter_class->get_strictness = plug_rb_snapshot_filter_get_strictness;

  properties[PROP_ACTIVE] =
      g_param_spec_boolean ("active", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_DAMAGED_ONLY] = g_param_spec_boolean ("damaged-only", NULL, NULL, FALSE, live);
  properties[PROP_HOST] = g_param_spec_string ("host", NULL, NULL, NULL, live);
  properties[PROP_KEPT_ONLY] = g_param_spec_boolean ("kept-only", NULL, NULL, FALSE, live);
  properties[PROP_MANAGER] =
      g_param_spec_object ("manager", NULL, NULL, PLUG_RB_TYPE_MANAGER, live);
  properties[PROP_PLUGIN] = g_param_spec_string ("plugin", NULL, NULL, NULL, live);
  properties[PROP_REASONS] = g_param_spec_uint ("reasons", NULL, NULL, 0, G_MAXUINT, 0, live);
  properties[PROP_SEARCH] = g_param_spec_string ("search", NULL, NULL, NULL, live);
  properties[PROP_TAKEN] = g_param_spec_string ("taken", NULL, NULL, "any", live);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
plug_rb_snapshot_filter_init (PlugRbSnapshotFilter *self)
{
  self->taken = g_strdup ("any");
  self->found_hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

gboolean
plug_rb_snapshot_filter_get_active (PlugRbSnapshotFilter *self)
{
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT_FILTER (self), FALSE);

  return self->plugin != NULL || self->host != NULL || self->reasons != 0 || self->kept_only ||
         self->damaged_only || self->since != 0;
}

void
plug_rb_snapshot_filter_set_reason (PlugRbSnapshotFilter *self, PlugRbReason reason, gboolean shown)
{
  guint bit = 1u << reason;

  g_return_if_fail (PLUG_RB_IS_SNAPSHOT_FILTER (self));

  set_reasons (self, shown ? self->reasons | bit : self->reasons & ~bit);
}

gboolean
plug_rb_snapshot_filter_has_reason (PlugRbSnapshotFilter *self, PlugRbReason reason)
{
  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT_FILTER (self), FALSE);

  return (self->reasons & (1u << reason)) != 0;
}

void
plug_rb_snapshot_filter_clear (PlugRbSnapshotFilter *self)
{
  g_return_if_fail (PLUG_RB_IS_SNAPSHOT_FILTER (self));

  g_object_set (self, "plugin", NULL, "host", NULL, "reasons", 0, "taken", "any", "kept-only",
                FALSE, "damaged-only", FALSE, NULL);
}

GVariant *
plug_rb_snapshot_filter_to_variant (PlugRbSnapshotFilter *self)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_return_val_if_fail (PLUG_RB_IS_SNAPSHOT_FILTER (self), NULL);

  if (self->host != NULL)
    g_variant_builder_add (&builder, "{sv}", "host", g_variant_new_string (self->host));
  if (self->reasons != 0)
    g_variant_builder_add (&builder, "{sv}", "reasons", g_variant_new_uint32 (self->reasons));
  if (self->since != 0)
    g_variant_builder_add (&builder, "{sv}", "taken", g_variant_new_string (self->taken));
  if (self->kept_only)
    g_variant_builder_add (&builder, "{sv}", "kept-only", g_variant_new_boolean (TRUE));
  if (self->damaged_only)
    g_variant_builder_add (&builder, "{sv}", "damaged-only", g_variant_new_boolean (TRUE));

  return g_variant_builder_end (&builder);
}

void
plug_rb_snapshot_filter_load (PlugRbSnapshotFilter *self, GVariant *variant)
{
  const char *host = NULL;
  const char *taken = "any";
  guint reasons = 0;
  gboolean kept_only = FALSE;
  gboolean damaged_only = FALSE;

  g_return_if_fail (PLUG_RB_IS_SNAPSHOT_FILTER (self));

  g_variant_lookup (variant, "host", "&s", &host);
  g_variant_lookup (variant, "taken", "&s", &taken);
  g_variant_lookup (variant, "reasons", "u", &reasons);
  g_variant_lookup (variant, "kept-only", "b", &kept_only);
  g_variant_lookup (variant, "damaged-only", "b", &damaged_only);
  g_object_set (self, "host", host, "taken", taken, "reasons", reasons, "kept-only", kept_only,
                "damaged-only", damaged_only, NULL);
}
