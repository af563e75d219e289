/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Reading JSON that may be damaged or hostile: a member of another type than asked for reads as
 * absent. Writing with absent values as null. No thread affinity. */

const char *plug_rb_json_get_string (JsonObject *object, const char *member);
gint64 plug_rb_json_get_int (JsonObject *object, const char *member, gint64 fallback);
double plug_rb_json_get_double (JsonObject *object, const char *member, double fallback);
gboolean plug_rb_json_get_boolean (JsonObject *object, const char *member);
JsonObject *plug_rb_json_get_object (JsonObject *object, const char *member);
JsonArray *plug_rb_json_get_array (JsonObject *object, const char *member);
JsonObject *plug_rb_json_get_element (JsonArray *array, guint index);
char **plug_rb_json_dup_strv (JsonObject *object, const char *member);

void plug_rb_json_set_string (JsonObject *object, const char *member, const char *value);
void plug_rb_json_set_strv (JsonObject *object, const char *member, const char *const *values);

char *plug_rb_json_to_string (JsonObject *object);
JsonObject *plug_rb_json_parse (const char *text, gssize length, GError **error);

/* A sealed object carries the SHA-256 of itself without that member, so that any change of one byte
 * of its meaning is noticed. */
void plug_rb_json_seal (JsonObject *object);
gboolean plug_rb_json_check_seal (JsonObject *object, GError **error);

char *plug_rb_time_to_string (GDateTime *time);
GDateTime *plug_rb_time_from_string (const char *text);

G_END_DECLS
