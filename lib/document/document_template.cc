// SPDX-License-Identifier: Apache-2.0
#include "lib/document/document_template.h"

#include <algorithm>
#include <iterator>

#include "lib/base/in_quotes.h"
#include "lib/base/text.h"
#include "lib/document/check.h"
#include "lib/document/element.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kPlaceBegin = "{{";
constexpr std::string_view kPlaceEnd = "}}";
constexpr std::string_view kAlnum = "alnum";

bool is_name(std::string_view text) {
  const auto fits = [](char c) { return is_letter_or_digit(c) || c == '_'; };
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, fits);
}

// What stands in the attribute's value, or in the text, up to the end of `before`.
std::string_view value_so_far(std::string_view before) {
  const std::size_t begin = before.find_last_of("\"'>");
  return trim(before.substr(begin == std::string_view::npos ? 0 : begin + 1), kXmlBlanks);
}

bool begins_like_url(std::string_view value) {
  for (const std::string_view scheme :
       {"http://", "https://", "ws://", "wss://", "sip:", "mailto:"}) {
    if (value.starts_with(scheme)) return true;
  }
  return false;
}

std::string escaped_for_xml(std::string_view value) {
  std::string out;
  for (const char c : xml_text(value)) {
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
      default:
        out += c;
    }
  }
  return out;
}

// RFC 3986's unreserved characters stay; so does what no part of a URL gives a meaning to.
std::string escaped_for_url(std::string_view value) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : value) {
    if (is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  return out;
}

std::string sample_for(std::string_view name) {
  if (name == "From" || name == "To" || name == "ForwardedFrom") return "14155550111";
  if (name.ends_with("UUID")) return "3c0f9d2e-1b7a-4c55-8f10-6a2d4e8b9c01";
  return "1";
}

// "line 3: ..." of the place where `rest` begins.
Error fault_at(std::string_view xml, std::string_view rest, const std::string& what) {
  const std::string_view before = xml.substr(0, xml.size() - rest.size());
  const auto line = std::ranges::count(before, '\n') + 1;
  return Error{"line " + std::to_string(line) + ": " + what};
}

}  // namespace

std::string DocumentTemplate::filled(const Part& part, std::string_view value) {
  switch (part.form) {
    case Form::kText:
      break;
    case Form::kAlphanumeric: {
      std::string kept;
      std::ranges::copy_if(value, std::back_inserter(kept), is_letter_or_digit);
      return kept;
    }
    case Form::kInUrl:
      return escaped_for_url(value);
  }
  return escaped_for_xml(value);
}

Result<DocumentTemplate> DocumentTemplate::parse(std::string_view xml) {
  DocumentTemplate made;
  std::string sample;
  std::string_view rest = xml;
  for (;;) {
    const std::size_t opening = rest.find(kPlaceBegin);
    Part& part = made.parts_.emplace_back();
    part.text = rest.substr(0, opening);
    sample += part.text;
    if (opening == std::string_view::npos) break;
    const std::string_view inside = rest.substr(opening + kPlaceBegin.size());
    const std::size_t closing = inside.find(kPlaceEnd);
    std::string_view name = inside.substr(0, closing);
    const std::size_t bar = name.find('|');
    const bool alnum = bar != std::string_view::npos && name.substr(bar + 1) == kAlnum;
    if (alnum) name = name.substr(0, bar);
    if (closing == std::string_view::npos || !is_name(name)) {
      return fault_at(xml, rest.substr(opening),
                      in_quotes(rest.substr(opening, 40)) +
                          " is no place for a parameter: write {{From}}, or {{CallUUID|alnum}}");
    }
    const bool in_url = begins_like_url(value_so_far(sample));
    part.name = name;
    part.form = alnum ? Form::kAlphanumeric : in_url ? Form::kInUrl : Form::kText;
    sample += filled(part, sample_for(name));
    rest = inside.substr(closing + kPlaceEnd.size());
  }
  Result<std::vector<std::string>> remarks = check_document(sample);
  if (!remarks) return remarks.error();
  made.remarks_ = std::move(remarks).value();
  return made;
}

Result<std::string> DocumentTemplate::fill(
    const std::function<std::string_view(std::string_view)>& value_of) const {
  std::string out;
  for (const Part& part : parts_) {
    out += part.text;
    if (!part.name.empty()) out += filled(part, value_of(part.name));
    if (out.size() > kMaxDocumentBytes) {
      return Error{"the document would be larger than Plivo takes (" +
                   std::to_string(kMaxDocumentBytes) + " bytes)"};
    }
  }
  return out;
}

}  // namespace plivo_dial
