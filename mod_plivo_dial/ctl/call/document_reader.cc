// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/document_reader.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <algorithm>
#include <exception>
#include <memory>

#include "lib/base/suggestion.h"
#include "lib/base/text.h"
#include "lib/document/attribute_check.h"
#include "lib/document/vocabulary.h"

namespace plivo_dial::ctl {
namespace {

struct FreeParser {
  void operator()(xmlParserCtxt* parser) const { xmlFreeParserCtxt(parser); }
};
struct FreeDocument {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
struct FreeText {
  void operator()(xmlChar* text) const { xmlFree(text); }
};
using XmlText = std::unique_ptr<xmlChar, FreeText>;

std::string to_text(const xmlChar* text) {
  return text ? std::string(reinterpret_cast<const char*>(text)) : std::string();
}

std::string trimmed(std::string_view text) {
  return std::string(trim(text, kXmlBlanks));
}

std::string at_line(const xmlNode* node) {
  return "line " + std::to_string(xmlGetLineNo(node));
}

std::string proposal(std::string_view word, std::span<const std::string_view> known) {
  const auto near = nearest_word(word, known);
  return near ? "; did you mean " + std::string(*near) + "?" : std::string();
}

// Text directly inside, or with `deep` (Speak with SSML) anywhere inside.
std::string text_of(const xmlNode* node, bool deep) {
  if (deep) {
    return trimmed(to_text(XmlText(xmlNodeGetContent(node)).get()));
  }
  std::string text;
  for (const xmlNode* child = node->children; child; child = child->next) {
    if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) {
      text += to_text(child->content);
    }
  }
  return trimmed(text);
}

class Reader {
 public:
  Result<Document> read(const xmlNode* root) {
    for (const xmlNode* node = root->children; node; node = node->next) {
      if (node->type == XML_ELEMENT_NODE) {
        const std::string name = to_text(node->name);
        if (!find_element_rule(name) || name == "Response") return unknown_element(node, name);
        document_.elements.push_back(element(node));
      } else if (has_text(node)) {
        warn(node, "text beside the elements of Response is ignored");
      }
    }
    if (!invalid_.message.empty()) return invalid_;
    return std::move(document_);
  }

 private:
  static bool has_text(const xmlNode* node) {
    return node->type == XML_TEXT_NODE && !xmlIsBlankNode(node);
  }

  static Error unknown_element(const xmlNode* node, const std::string& name) {
    return Error{at_line(node) + ": Plivo knows no element <" + name + ">" +
                 proposal(name, element_names())};
  }

  void warn(const xmlNode* node, const std::string& what) {
    document_.warnings.push_back(at_line(node) + ": " + what);
  }

  void refuse(const xmlNode* node, const std::string& what) {
    if (invalid_.message.empty()) invalid_.message = at_line(node) + ": " + what;
  }

  Element element(const xmlNode* node) {
    Element read;
    read.name = to_text(node->name);
    read.text = text_of(node, read.name == "Speak");
    for (const xmlAttr* attribute = node->properties; attribute; attribute = attribute->next) {
      const XmlText value(xmlNodeListGetString(node->doc, attribute->children, 1));
      read.attributes.push_back({to_text(attribute->name), to_text(value.get())});
      check_value(node, read.name, read.attributes.back());
    }
    // The tags inside Speak are SSML: words to pronounce, not steps to play.
    if (read.name != "Speak") add_children(node, read);
    check_content(node, read);
    return read;
  }

  void check_value(const xmlNode* node, const std::string& name, const Attribute& attribute) {
    const Result<void> checked = check_attribute(name, attribute.name, attribute.value);
    if (!checked) warn(node, "<" + name + ">: " + checked.error().message);
  }

  void add_children(const xmlNode* node, Element& parent) {
    const ElementRule* rule = find_element_rule(parent.name);
    for (const xmlNode* child = node->children; child; child = child->next) {
      if (child->type != XML_ELEMENT_NODE) continue;
      const std::string name = to_text(child->name);
      const bool allowed = rule && std::find(rule->children.begin(), rule->children.end(), name) !=
                                       rule->children.end();
      if (!allowed) {
        warn(child, "<" + name + "> has no place inside <" + parent.name + ">, Plivo ignores it");
        continue;
      }
      parent.children.push_back(element(child));
    }
  }

  void check_content(const xmlNode* node, const Element& read) {
    if (read.name == "Dial" && read.children.empty()) {
      refuse(node, "<Dial> has no <Number> and no <User>, so there is nobody to call");
    }
    if ((read.name == "Number" || read.name == "User") && read.text.empty()) {
      refuse(node, "<" + read.name + "> is empty, it needs whom to call");
    }
    if ((read.name == "Play" || read.name == "Redirect") && read.text.empty()) {
      refuse(node, "<" + read.name + "> is empty, it needs a URL");
    }
    if (read.name == "Speak" && read.text.empty()) warn(node, "<Speak> has no words to say");
    if (read.name == "User" && !read.text.empty() && !read.text.starts_with("sip:")) {
      warn(node, "<User> holds \"" + read.text + "\", which is no sip:user@host");
    }
  }

  Document document_;
  Error invalid_;
};

// The first thing that is wrong: what follows is often of its making. libxml2 keeps the last.
class FirstError {
 public:
  // Follows `parser`, which it must outlive.
  explicit FirstError(xmlParserCtxt& parser) {
    parser._private = this;
    parser.sax->serror = &take;
  }

  Error error() const {
    return Error{"it is not well-formed XML" + (message_.empty() ? "" : ": " + message_)};
  }

 private:
  // libxml2 2.12 has made its error constant.
  template <class XmlError>
  static void take(void* parser, XmlError* error) noexcept {
    auto& self = *static_cast<FirstError*>(static_cast<xmlParserCtxt*>(parser)->_private);
    try {
      if (!self.message_.empty() || error->message == nullptr) return;
      self.message_ = "line " + std::to_string(error->line) + ": " + trimmed(error->message);
    } catch (const std::exception&) {
      self.message_.clear();  // out of memory
    }
  }

  std::string message_;
};

}  // namespace

Result<Document> read_document(std::string_view xml) {
  if (trimmed(xml).empty()) return Error{"it is empty; the least document is <Response/>"};
  const std::unique_ptr<xmlParserCtxt, FreeParser> parser(xmlNewParserCtxt());
  if (!parser) return Error{"out of memory"};
  const FirstError first(*parser);
  const std::unique_ptr<xmlDoc, FreeDocument> document(
      xmlCtxtReadMemory(parser.get(), xml.data(), static_cast<int>(xml.size()), nullptr, nullptr,
                        XML_PARSE_NONET | XML_PARSE_NOCDATA));
  if (!document) return first.error();
  if (document->intSubset) return Error{"it has a document type (<!DOCTYPE>), leave that out"};
  const xmlNode* root = xmlDocGetRootElement(document.get());
  const std::string name = root ? to_text(root->name) : std::string();
  if (name != "Response") return Error{"its root is <" + name + ">, it must be <Response>"};
  return Reader().read(root);
}

}  // namespace plivo_dial::ctl
