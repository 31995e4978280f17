// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/document/parsed_document.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <memory>

namespace plivo_dial {
namespace {

std::string as_string(const xmlChar* text) {
  return text ? reinterpret_cast<const char*>(text) : "";
}

Element read_element(const xmlNode& node) {
  Element element;
  element.name = as_string(node.name);
  for (const xmlAttr* attribute = node.properties; attribute; attribute = attribute->next) {
    const std::unique_ptr<xmlChar, void (*)(xmlChar*)> value(
        xmlNodeListGetString(node.doc, attribute->children, 1),
        [](xmlChar* text) { xmlFree(text); });
    element.attributes.push_back({as_string(attribute->name), as_string(value.get())});
  }
  for (const xmlNode* child = node.children; child; child = child->next) {
    if (child->type == XML_ELEMENT_NODE) element.children.push_back(read_element(*child));
    if (child->type == XML_TEXT_NODE) element.text += as_string(child->content);
  }
  return element;
}

}  // namespace

Result<Element> parse_document(std::string_view xml) {
  const std::unique_ptr<xmlParserCtxt, void (*)(xmlParserCtxt*)> context(xmlNewParserCtxt(),
                                                                         xmlFreeParserCtxt);
  const std::unique_ptr<xmlDoc, void (*)(xmlDoc*)> document(
      xmlCtxtReadMemory(context.get(), xml.data(), static_cast<int>(xml.size()), nullptr, nullptr,
                        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
      xmlFreeDoc);
  if (!document) {
    const xmlError* error = xmlCtxtGetLastError(context.get());
    return Error{error && error->message ? error->message : "not well-formed"};
  }
  return read_element(*xmlDocGetRootElement(document.get()));
}

std::string outline_of(const Element& element) {
  std::string out = element.name;
  if (!element.attributes.empty()) {
    std::string list;
    for (const Attribute& attribute : element.attributes) {
      list += (list.empty() ? "" : " ") + attribute.name + "=" + attribute.value;
    }
    out += "[" + list + "]";
  }
  if (!element.text.empty()) out += "{" + element.text + "}";
  if (!element.children.empty()) {
    std::string list;
    for (const Element& child : element.children) {
      list += (list.empty() ? "" : " ") + outline_of(child);
    }
    out += "(" + list + ")";
  }
  return out;
}

std::string outline_of_document(std::string_view xml) {
  const Result<Element> root = parse_document(xml);
  return root ? outline_of(*root) : "broken: " + root.error().message;
}

}  // namespace plivo_dial
