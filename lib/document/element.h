// File: lib/document/element.h
//
// A Plivo XML document as plain data: elements with attributes, text and children, and the one
// function that turns them into bytes. Use it for every document that is sent.
//
//   const Element dial{"Dial", {{"timeout", "20"}}, "", {{"Number", {}, "+14155550100", {}}}};
//   render_document({&dial, 1})     -> an XML declaration, and behind it
//       <Response><Dial timeout="20"><Number>+14155550100</Number></Dial></Response>
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial {

struct Attribute {
  std::string name;
  std::string value;

  friend bool operator==(const Attribute&, const Attribute&) = default;
};
using Attributes = std::vector<Attribute>;

// The value of the attribute called `name`, or null.
const std::string* find_attribute(const Attributes& attributes, std::string_view name);

// Sets `name` in place when it is there, else appends it.
void set_attribute(Attributes& attributes, std::string_view name, std::string_view value);

// Adds those of `from` that `to` has not.
void add_missing(const Attributes& from, Attributes& to);

struct Element {
  std::string name;
  Attributes attributes;
  std::string text;
  std::vector<Element> children;
};

// Plivo's limit for a document ("100 Kb", voice/xml/request). Read as 100,000 bytes, the stricter
// meaning.
inline constexpr std::size_t kMaxDocumentBytes = 100'000;

// `text` as XML may hold it: valid UTF-8 of the characters of XML 1.0's Char production, anything
// else replaced by U+FFFD. libxml2's writer accepts control characters and broken UTF-8 without an
// error and writes a document that does not parse, so all text and attribute values pass here.
std::string xml_text(std::string_view text);

// The same as a value between quotes or a text: with references for what XML gives a meaning to.
std::string escaped_for_xml(std::string_view text);

// `document`, unless it is larger than kMaxDocumentBytes.
Result<std::string> checked_size(std::string document);

// The bytes of <Response> with `children`, UTF-8 with XML declaration, through libxml2's writer.
// Fails when the document would be larger than kMaxDocumentBytes or memory is short. Touches no
// global state of libxml2; safe from any thread.
Result<std::string> render_document(std::span<const Element> children);

}  // namespace plivo_dial
