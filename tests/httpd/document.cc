// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/document.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <memory>

namespace plivo_dial::test {
namespace {

struct FreeDocument {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
struct FreeText {
  void operator()(xmlChar* text) const { xmlFree(text); }
};

std::string to_text(const xmlChar* text) {
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

DocumentElement read_element(xmlNode* node) {
  DocumentElement element;
  element.name = to_text(node->name);
  for (const xmlAttr* attribute = node->properties; attribute; attribute = attribute->next) {
    const std::unique_ptr<xmlChar, FreeText> value(xmlGetNoNsProp(node, attribute->name));
    element.attribute_names.push_back(to_text(attribute->name));
    element.attributes[to_text(attribute->name)] = to_text(value.get());
  }
  for (xmlNode* child = node->children; child; child = child->next) {
    if (child->type == XML_ELEMENT_NODE) element.children.push_back(read_element(child));
    if (xmlNodeIsText(child)) element.text += to_text(child->content);
  }
  return element;
}

}  // namespace

std::string DocumentElement::attribute(const std::string& attribute_name) const {
  const auto found = attributes.find(attribute_name);
  return found == attributes.end() ? std::string() : found->second;
}

const DocumentElement& DocumentElement::child(std::string_view child_name) const {
  static const DocumentElement nothing;
  for (const DocumentElement& candidate : children) {
    if (candidate.name == child_name) return candidate;
  }
  return nothing;
}

std::string DocumentElement::outline() const {
  std::string drawn = name;
  if (children.empty()) return drawn;
  drawn += '(';
  for (const DocumentElement& one : children) drawn += one.outline() + ' ';
  drawn.back() = ')';
  return drawn;
}

Result<DocumentElement> parse_document(std::string_view xml) {
  if (!xml.starts_with("<?xml ")) return Error{"the document does not begin with <?xml"};
  const std::unique_ptr<xmlDoc, FreeDocument> document(
      xmlReadMemory(xml.data(), static_cast<int>(xml.size()), nullptr, nullptr,
                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  if (document == nullptr) {
    const xmlError* error = xmlGetLastError();
    return Error{"the document does not parse: " + (error ? std::string(error->message) : "")};
  }
  if (document->intSubset != nullptr) return Error{"the document has a document type"};
  DocumentElement root = read_element(xmlDocGetRootElement(document.get()));
  if (root.name != "Response") return Error{"the root is " + root.name + ", not Response"};
  return root;
}

}  // namespace plivo_dial::test
