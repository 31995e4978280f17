// File: lib/document/vocabulary.h
//
// Which elements and attributes Plivo's XML has, and what their values may be. Use it to judge
// key=value arguments of directives and documents that an administrator wrote. Constant data and
// pure functions. Source: Plivo docs voice/xml (routing, dial, user, audio-output, input, record).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/document/element.h"

namespace plivo_dial {

enum class ValueKind {
  kText,       // anything of at least `min` and, when not 0, at most `max` characters
  kInteger,    // decimal within [min, max]
  kBoolean,    // true or false
  kUrl,        // absolute http or https
  kUrlOrReal,  // as kUrl, or the word real (dialMusic)
  kWord,       // one of `words`
  kWordInAnyCase,
  kPhoneNumber,  // digits with optional '+'
  kDigits,       // 0-9 * # w W
  kDigitLists,   // comma-separated digit patterns
  kSipHeaders,   // k=v,k2=v2 of [A-Za-z0-9]
  kBeep,         // true, false or duration=...,... (Wait)
  kVoice,        // WOMAN, MAN or Polly.<Name>
  kLanguage,     // a language tag such as en-US
  kKey,          // one of 0-9 * #, or none
  kKeys,         // any of 0-9 * #, or none
};

struct AttributeRule {
  std::string_view name;
  ValueKind kind;
  std::int64_t min = 0;
  std::int64_t max = 0;
  std::span<const std::string_view> words = {};
};

struct ElementRule {
  std::string_view name;
  std::span<const AttributeRule> attributes;
  std::span<const std::string_view> children;  // element names that may stand inside
  bool has_text = false;                       // text content is meaningful
};

// The rule of the element called `name` (case-sensitive), or null.
const ElementRule* find_element_rule(std::string_view name);

// The rule of one attribute of `element`, or null.
const AttributeRule* find_attribute_rule(const ElementRule& element, std::string_view name);

// Names of all elements, and of the attributes of one, for proposals.
std::vector<std::string_view> element_names();
std::vector<std::string_view> attribute_names(const ElementRule& element);

}  // namespace plivo_dial
