// SPDX-License-Identifier: Apache-2.0
#include "lib/document/check.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <cstddef>
#include <memory>
#include <string>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"
#include "lib/document/attribute_check.h"
#include "lib/document/element.h"
#include "lib/document/remarks.h"
#include "lib/document/vocabulary.h"

namespace plivo_dial {
namespace {

struct ContextDeleter {
  void operator()(xmlParserCtxt* context) const { xmlFreeParserCtxt(context); }
};
struct DocumentDeleter {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
struct StringDeleter {
  void operator()(xmlChar* text) const { xmlFree(text); }
};

std::string_view as_view(const xmlChar* text) {
  return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

Error at_line(long line, std::string_view what) {
  return Error{"line " + std::to_string(line) + ": " + std::string(what)};
}

long line_of_byte(std::string_view text, std::size_t position) {
  long line = 1;
  for (const char c : text.substr(0, position)) line += c == '\n' ? 1 : 0;
  return line;
}

// What can be told before parsing.
Result<void> check_bytes(std::string_view xml) {
  if (xml.size() > kMaxDocumentBytes) {
    return Error{"the document has " + std::to_string(xml.size()) + " bytes; Plivo takes at most " +
                 std::to_string(kMaxDocumentBytes)};
  }
  if (trim(xml, kXmlBlanks).empty()) {
    return Error{"the document is empty; the least that Plivo takes is <Response/>"};
  }
  if (xml.starts_with("\xEF\xBB\xBF")) {
    return at_line(1, "a byte order mark stands in front; save the file as UTF-8 without it");
  }
  if (xml.front() != '<') {
    return at_line(1, "something stands in front of the first '<'; Plivo refuses that, remove it");
  }
  for (std::string_view rest = xml; !rest.empty();) {
    const Utf8Step step = decode_utf8(rest);
    if (!step.valid) {
      return at_line(line_of_byte(xml, xml.size() - rest.size()),
                     "the text is not valid UTF-8; save the file as UTF-8");
    }
    rest.remove_prefix(step.length);
  }
  return {};
}

Attributes attributes_of(const xmlNode& node) {
  Attributes attributes;
  for (const xmlAttr* attribute = node.properties; attribute; attribute = attribute->next) {
    std::string name(as_view(attribute->name));
    if (attribute->ns && attribute->ns->prefix) {
      name.insert(0, std::string(as_view(attribute->ns->prefix)) + ":");
    }
    const std::unique_ptr<xmlChar, StringDeleter> value(
        xmlNodeListGetString(node.doc, attribute->children, 1));
    attributes.push_back({name, std::string(as_view(value.get()))});
  }
  return attributes;
}

// The text directly inside `node`, without that of its elements.
std::string own_text(const xmlNode& node) {
  std::string text;
  for (const xmlNode* child = node.children; child; child = child->next) {
    if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) {
      text += as_view(child->content);
    }
  }
  return text;
}

// `node` without what is inside its children.
Element element_of(const xmlNode& node) {
  Element element{std::string(as_view(node.name)),
                  attributes_of(node),
                  std::string(trim(own_text(node), kXmlBlanks)),
                  {}};
  for (const xmlNode* child = node.children; child; child = child->next) {
    if (child->type != XML_ELEMENT_NODE) continue;
    element.children.push_back({std::string(as_view(child->name)),
                                attributes_of(*child),
                                std::string(trim(own_text(*child), kXmlBlanks)),
                                {}});
  }
  return element;
}

// Checks the attributes of `element`; those that it does not have become warnings.
Result<void> check_attributes(const Element& element, const ElementRule& rule,
                              std::vector<std::string>& remarks) {
  for (const Attribute& attribute : element.attributes) {
    const Result<void> checked = check_attribute(rule.name, attribute.name, attribute.value);
    if (checked) continue;
    if (find_attribute_rule(rule, attribute.name)) return checked;
    remarks.push_back(checked.error().message);
  }
  return check_attributes_together(rule.name, element.attributes);
}

Error unknown_element(std::string_view name) {
  const std::string start = "Plivo's XML has no element " + in_quotes(name);
  if (name == "Sip") return Error{start + "; write User"};
  const std::vector<std::string_view> known = element_names();
  const auto meant = nearest_word(name, known);
  return Error{meant ? start + "; did you mean " + in_quotes(*meant) + "?" : start};
}

Result<void> check_text(const Element& element, const ElementRule& rule) {
  if (!rule.has_text && !element.text.empty()) {
    return Error{element.name + " takes no text, but holds " +
                 in_quotes(std::string_view(element.text).substr(0, 60))};
  }
  if (element.name == "Speak" && element.text.empty() && element.children.empty()) {
    return Error{"Speak is empty; write the text to be spoken"};
  }
  return check_element_text(element.name, element.text);
}

bool has_child(const ElementRule& rule, std::string_view name) {
  for (const std::string_view child : rule.children) {
    if (child == name) return true;
  }
  return false;
}

Error misplaced(const ElementRule& parent, std::string_view child) {
  std::string allowed;
  for (const std::string_view name : parent.children) {
    allowed += (allowed.empty() ? "" : ", ") + std::string(name);
  }
  return Error{
      std::string(child) + " may not stand inside " + std::string(parent.name) +
      (allowed.empty() ? ", which takes no elements" : ", which takes " + allowed + " only")};
}

// Checks `node`, which is one of the vocabulary, but not what is inside it.
Result<void> check_node(const xmlNode& node, const ElementRule& rule,
                        std::vector<std::string>& remarks) {
  if (node.ns || node.nsDef) {
    return Error{std::string(rule.name) + " is in a namespace; Plivo's elements are in none"};
  }
  const Element element = element_of(node);
  Result<void> attributes = check_attributes(element, rule, remarks);
  if (!attributes) return attributes;
  Result<void> text = check_text(element, rule);
  if (!text) return text;
  if (rule.name == "Dial" && element.children.empty()) {
    return Error{"Dial is empty; it needs at least one Number or User"};
  }
  for (const std::string& remark : remarks_on(element)) {
    remarks.push_back(element.name + ": " + remark);
  }
  return {};
}

// libxml2 itself refuses documents nested deeper than 256, so recursion is bounded.
Result<void> check_tree(const xmlNode& node, const ElementRule& rule,
                        std::vector<std::string>& remarks) {
  std::vector<std::string> own;
  Result<void> result = check_node(node, rule, own);
  if (!result) return at_line(xmlGetLineNo(&node), result.error().message);
  for (const std::string& remark : own) {
    remarks.push_back(at_line(xmlGetLineNo(&node), remark).message);
  }
  for (const xmlNode* child = node.children; child; child = child->next) {
    const long line = xmlGetLineNo(child);
    if (child->type == XML_ENTITY_REF_NODE) return at_line(line, "entities are not supported");
    if (child->type != XML_ELEMENT_NODE) continue;
    const std::string_view name = as_view(child->name);
    const ElementRule* child_rule = find_element_rule(name);
    if (!child_rule) return at_line(line, unknown_element(name).message);
    if (!has_child(rule, name)) return at_line(line, misplaced(rule, name).message);
    result = check_tree(*child, *child_rule, remarks);
    if (!result) return result;
  }
  return {};
}

// What is doubtful about <Response> as a whole.
void remark_on_response(xmlNode& root, std::vector<std::string>& remarks) {
  std::vector<Element> children;
  std::vector<long> lines;
  for (xmlNode* child = xmlFirstElementChild(&root); child; child = xmlNextElementSibling(child)) {
    children.push_back(element_of(*child));
    lines.push_back(xmlGetLineNo(child));
  }
  for (const OrderRemark& remark : remarks_on_order(children)) {
    remarks.push_back(at_line(lines[remark.index], remark.text).message);
  }
  if (!says_nothing(children)) return;
  remarks.push_back(at_line(xmlGetLineNo(&root),
                            "the document says nothing: the caller is dropped without a word; add "
                            "<Speak>, or <Hangup reason=\"busy\"/> for a busy tone")
                        .message);
}

// The first fault that libxml2 finds: what it says after that follows from it.
struct FirstFault {
  long line = 0;
  std::string message;  // "": none yet
};

// The handler of libxml2's errors, which are const in its newer versions only.
template <class XmlError>
void keep_first(void* data, XmlError* error) {
  auto& first = *static_cast<FirstFault*>(static_cast<xmlParserCtxt*>(data)->_private);
  if (!error || !error->message || error->level < XML_ERR_ERROR || !first.message.empty()) return;
  first = {error->line, std::string(trim(error->message, kXmlBlanks))};
}

Error parse_error(const FirstFault& fault) {
  if (fault.message.empty()) return Error{"the document is not well-formed XML"};
  return at_line(fault.line, "not well-formed XML: " + fault.message);
}

}  // namespace

Result<std::vector<std::string>> check_document(std::string_view xml) {
  const Result<void> bytes = check_bytes(xml);
  if (!bytes) return bytes.error();

  const std::unique_ptr<xmlParserCtxt, ContextDeleter> context(xmlNewParserCtxt());
  if (!context) return Error{"out of memory while reading a Plivo document"};
  FirstFault fault;
  context->_private = &fault;
  context->sax->serror = keep_first;
  const std::unique_ptr<xmlDoc, DocumentDeleter> document(xmlCtxtReadMemory(
      context.get(), xml.data(), static_cast<int>(xml.size()), nullptr, nullptr, XML_PARSE_NONET));
  if (!document) return parse_error(fault);
  if (document->intSubset) {
    return at_line(1, "a document type (<!DOCTYPE ...>) is not allowed; remove it");
  }
  const std::string_view encoding = as_view(document->encoding);
  if (!encoding.empty() && encoding != "utf-8" && encoding != "UTF-8") {
    return at_line(1, "the declaration says encoding " + in_quotes(encoding) + "; write utf-8");
  }

  xmlNode* root = xmlDocGetRootElement(document.get());
  const std::string_view name = as_view(root->name);
  if (name != "Response") {
    return at_line(xmlGetLineNo(root),
                   "the root element is " + in_quotes(name) + "; Plivo wants Response");
  }
  std::vector<std::string> remarks;
  const Result<void> tree = check_tree(*root, *find_element_rule(name), remarks);
  if (!tree) return tree.error();
  remark_on_response(*root, remarks);
  return remarks;
}

}  // namespace plivo_dial
