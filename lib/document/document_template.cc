// SPDX-License-Identifier: Apache-2.0
#include "lib/document/document_template.h"

#include <algorithm>
#include <utility>

#include "lib/base/text.h"
#include "lib/document/check.h"
#include "lib/document/element.h"

namespace plivo_dial {
namespace {

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

// "line 3: ...".
Error at_line_of_place(std::string_view xml, const PlaceFault& fault) {
  const auto line = std::ranges::count(xml.substr(0, fault.offset), '\n') + 1;
  return Error{"line " + std::to_string(line) + ": " + fault.message};
}

}  // namespace

std::string DocumentTemplate::filled(const Part& part, std::string_view value) {
  const std::string shown = part.place.shown(value);
  return part.in_url ? escaped_for_url(shown) : escaped_for_xml(shown);
}

Result<DocumentTemplate> DocumentTemplate::parse(std::string_view xml) {
  auto places = split_places(xml);
  if (!places) return at_line_of_place(xml, places.error());
  DocumentTemplate made;
  std::string sample;
  for (Place& place : *places) {
    sample += place.before;
    Part& part = made.parts_.emplace_back();
    part.in_url = begins_like_url(value_so_far(sample));
    part.place = std::move(place);
    if (part.place.name.empty()) continue;
    sample += filled(part, sample_value(part.place.name));
  }
  Result<std::vector<std::string>> remarks = check_document(sample);
  if (!remarks) return remarks.error();
  made.remarks_ = std::move(remarks).value();
  return made;
}

Result<std::string> DocumentTemplate::fill(const ParameterValue& value_of) const {
  std::string out;
  for (const Part& part : parts_) {
    out += part.place.before;
    if (!part.place.name.empty()) out += filled(part, value_of(part.place.name));
    if (out.size() > kMaxDocumentBytes) {
      return Error{"the document would be larger than Plivo takes (" +
                   std::to_string(kMaxDocumentBytes) + " bytes)"};
    }
  }
  return out;
}

}  // namespace plivo_dial
