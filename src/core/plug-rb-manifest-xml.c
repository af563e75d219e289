/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The Plugin Rollback authors */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <string.h>

#include "plug-rb-dependency.h"
#include "plug-rb-error.h"
#include "plug-rb-manifest-reader.h"

/* XML; things are named by XPath such as “/addon/@id”, without the prefixes of name spaces. */

typedef xmlXPathContext Context;
typedef xmlXPathObject Result;
typedef xmlChar Text;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Context, xmlXPathFreeContext)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Result, xmlXPathFreeObject)

static void
drop_spaces (xmlNode *node)
{
  for (; node != NULL; node = node->next) {
    if (node->type == XML_ELEMENT_NODE)
      node->ns = NULL;
    drop_spaces (node->children);
  }
}

static gpointer
throw_xml (GError **error, const char *why)
{
  g_autofree char *plain = why ? plug_rb_manifest_make_plain (why) : NULL;

  g_set_error (error, PLUG_RB_ERROR, PLUG_RB_ERROR_CORRUPT, _("it is not XML: %s"),
               plain ? plain : _("nobody knows why"));
  return NULL;
}

/* Nothing is fetched, nothing is read from elsewhere, and a text that defines shorthands of its own
 * (which may stand for gigabytes) is refused. */
static gpointer
parse (const char *text, GError **error)
{
  xmlDoc *document =
      xmlReadMemory (text, (int) strlen (text), NULL, NULL,
                     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);
  const xmlError *cause = xmlGetLastError ();

  if (document == NULL)
    return throw_xml (error, cause ? cause->message : NULL);

  if (document->intSubset != NULL && document->intSubset->entities != NULL) {
    xmlFreeDoc (document);
    return throw_xml (error, _("it defines entities"));
  }

  drop_spaces (xmlDocGetRootElement (document));
  return document;
}

static void
release (gpointer document)
{
  xmlFreeDoc (document);
}

/* ---- looking */

static Result *
find (xmlDoc *document, const char *selector)
{
  g_autoptr(Context) context = xmlXPathNewContext (document);

  /* A selector comes from a description of a host: it must not run on for ever. */
  context->opLimit = 100000;
  return xmlXPathEvalExpression ((const xmlChar *) selector, context);
}

static int
count (const Result *result)
{
  return result != NULL && result->type == XPATH_NODESET && result->nodesetval != NULL
             ? result->nodesetval->nodeNr
             : 0;
}

static char *
take_text (Text *text)
{
  char *plain = text && g_utf8_validate ((const char *) text, -1, NULL)
                    ? plug_rb_manifest_make_plain ((const char *) text)
                    : NULL;

  xmlFree (text);
  return plain;
}

static char **
dup_list (gpointer document, const char *selector)
{
  g_autoptr(Result) result = find (document, selector);
  g_autoptr(GStrvBuilder) texts = g_strv_builder_new ();

  for (int i = 0; i < count (result); i++) {
    char *text = take_text (xmlNodeGetContent (result->nodesetval->nodeTab[i]));

    if (text != NULL)
      g_strv_builder_take (texts, text);
  }

  return count (result) > 0 ? g_strv_builder_end (texts) : NULL;
}

static char *
dup_text (gpointer document, const char *selector)
{
  g_auto(GStrv) texts = dup_list (document, selector);

  return texts ? g_strdup (texts[0]) : NULL;
}

/* ---- dependencies: elements with attributes, as Kodi has them */

static char *
dup_attribute (xmlNode *node, const char *name)
{
  return take_text (xmlGetProp (node, (const xmlChar *) name));
}

static void
add_element (xmlNode *node, const PlugRbManifestRule *rule, GPtrArray *found)
{
  g_autofree char *id = dup_attribute (node, rule->depends_id ? rule->depends_id : "id");
  g_autofree char *version =
      rule->depends_version ? dup_attribute (node, rule->depends_version) : NULL;
  g_autofree char *optional = dup_attribute (node, "optional");
  g_autofree char *range = version ? g_strconcat (">=", version, NULL) : NULL;

  if (id != NULL)
    g_ptr_array_add (found, plug_rb_dependency_new (id, range, g_strcmp0 (optional, "true") == 0));
}

static void
add_dependencies (gpointer document, const PlugRbManifestRule *rule, GPtrArray *found)
{
  g_autoptr(Result) result = find (document, rule->depends);

  for (int i = 0; i < count (result); i++)
    if (result->nodesetval->nodeTab[i]->type == XML_ELEMENT_NODE)
      add_element (result->nodesetval->nodeTab[i], rule, found);
}

const PlugRbManifestReader plug_rb_manifest_xml = {
  .name = "xml",
  .parse = parse,
  .free = release,
  .dup_text = dup_text,
  .dup_list = dup_list,
  .add_dependencies = add_dependencies,
};
