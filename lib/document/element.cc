// SPDX-License-Identifier: Apache-2.0
#include "lib/document/element.h"

#include <libxml/tree.h>
#include <libxml/xmlwriter.h>

#include <algorithm>
#include <memory>

#include "lib/base/text.h"
#include "lib/base/utf8.h"

namespace plivo_dial {
namespace {

struct BufferDeleter {
  void operator()(xmlBuffer* buffer) const { xmlBufferFree(buffer); }
};
struct WriterDeleter {
  void operator()(xmlTextWriter* writer) const { xmlFreeTextWriter(writer); }
};

// The Char production of XML 1.0, for Unicode scalar values.
bool is_xml_char(char32_t c) {
  return c == 0x9 || c == 0xA || c == 0xD || (c >= 0x20 && c != 0xFFFE && c != 0xFFFF);
}

// The writer escapes text and values but trusts names.
bool is_plain_name(std::string_view name) {
  return !name.empty() && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) {
           return is_letter_or_digit(c) || c == '-' || c == '_' || c == ':';
         });
}

const xmlChar* as_xml(const std::string& text) {
  return reinterpret_cast<const xmlChar*>(text.c_str());
}

// Of what xmlTextWriter's functions return: bytes, or -1.
bool took(int written) {
  return written >= 0;
}

// Each function returns whether the writer took everything.
bool write_attributes(xmlTextWriter* writer, const Attributes& attributes) {
  return std::ranges::all_of(attributes, [&](const Attribute& attribute) {
    return is_plain_name(attribute.name) &&
           took(xmlTextWriterWriteAttribute(writer, as_xml(attribute.name),
                                            as_xml(xml_text(attribute.value))));
  });
}

bool write_element(xmlTextWriter* writer, const Element& element);

bool write_elements(xmlTextWriter* writer, std::span<const Element> elements) {
  return std::ranges::all_of(
      elements, [&](const Element& element) { return write_element(writer, element); });
}

bool write_element(xmlTextWriter* writer, const Element& element) {
  // An empty string would turn <Hangup/> into <Hangup></Hangup>.
  const auto write_text = [&] {
    return element.text.empty() ||
           took(xmlTextWriterWriteString(writer, as_xml(xml_text(element.text))));
  };
  return is_plain_name(element.name) &&
         took(xmlTextWriterStartElement(writer, as_xml(element.name))) &&
         write_attributes(writer, element.attributes) && write_text() &&
         write_elements(writer, element.children) && took(xmlTextWriterEndElement(writer));
}

bool write_response(xmlTextWriter* writer, std::span<const Element> children) {
  // xmlTextWriterStartDocument would look the encoding up in a global table of libxml2 that is
  // built at first use, which is not safe from any thread.
  const std::string declaration = R"(<?xml version="1.0" encoding="utf-8"?>)";
  return took(xmlTextWriterWriteRaw(writer, as_xml(declaration))) &&
         took(xmlTextWriterStartElement(writer, as_xml("Response"))) &&
         write_elements(writer, children) && took(xmlTextWriterEndElement(writer)) &&
         took(xmlTextWriterFlush(writer));
}

}  // namespace

const std::string* find_attribute(const Attributes& attributes, std::string_view name) {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const Attribute& a) { return a.name == name; });
  return found == attributes.end() ? nullptr : &found->value;
}

void set_attribute(Attributes& attributes, std::string_view name, std::string_view value) {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const Attribute& a) { return a.name == name; });
  if (found != attributes.end()) {
    found->value = value;
  } else {
    attributes.push_back({std::string(name), std::string(value)});
  }
}

void add_missing(const Attributes& from, Attributes& to) {
  for (const Attribute& attribute : from) {
    if (find_attribute(to, attribute.name) == nullptr) to.push_back(attribute);
  }
}

std::string xml_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Utf8Step step = decode_utf8(text);
    if (step.valid && is_xml_char(step.code_point)) {
      out.append(text.substr(0, step.length));
    } else {
      append_utf8(U'\uFFFD', out);
    }
    text.remove_prefix(step.length);
  }
  return out;
}

std::string escaped_for_xml(std::string_view text) {
  std::string out;
  for (const char c : xml_text(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      // A parser makes blanks of them in values.
      case '\n':
        out += "&#10;";
        break;
      case '\r':
        out += "&#13;";
        break;
      case '\t':
        out += "&#9;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

Result<std::string> checked_size(std::string document) {
  if (document.size() <= kMaxDocumentBytes) return document;
  return Error{"the Plivo document has " + std::to_string(document.size()) +
               " bytes; Plivo takes at most " + std::to_string(kMaxDocumentBytes) +
               ": shorten its texts"};
}

Result<std::string> render_document(std::span<const Element> children) {
  const std::unique_ptr<xmlBuffer, BufferDeleter> buffer(xmlBufferCreate());
  if (!buffer) return Error{"out of memory while writing a Plivo document"};
  // The writer goes before the buffer that it writes to.
  const std::unique_ptr<xmlTextWriter, WriterDeleter> writer(
      xmlNewTextWriterMemory(buffer.get(), 0));
  if (!writer) return Error{"out of memory while writing a Plivo document"};

  if (!write_response(writer.get(), children)) {
    return Error{"libxml2 could not write a Plivo document (out of memory, or a bad name)"};
  }
  const auto size = static_cast<std::size_t>(xmlBufferLength(buffer.get()));
  return checked_size(
      std::string(reinterpret_cast<const char*>(xmlBufferContent(buffer.get())), size));
}

}  // namespace plivo_dial
