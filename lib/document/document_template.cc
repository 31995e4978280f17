// SPDX-License-Identifier: Apache-2.0
#include "lib/document/document_template.h"

#include <algorithm>
#include <utility>

#include "lib/base/text.h"
#include "lib/document/check.h"
#include "lib/document/element.h"

namespace plivo_dial {
namespace {

// Where in a document one is: only texts and values of attributes can hold a place.
class XmlPosition {
 public:
  // Goes on behind `text`.
  void pass(std::string_view text) {
    for (const char c : text) {
      read_ += c;
      step(c);
    }
  }

  bool takes_a_place() const { return state_ == State::kText || state_ == State::kValue; }
  std::string_view value_so_far() const {
    return trim(std::string_view(read_).substr(begin_), kXmlBlanks);
  }

 private:
  enum class State { kText, kTag, kValue, kMarkup };

  bool ends_with(std::string_view end) const { return std::string_view(read_).ends_with(end); }

  void enter(State state) {
    state_ = state;
    begin_ = read_.size();
  }

  void step(char c) {
    switch (state_) {
      case State::kText:
        if (c == '<') enter(State::kTag);
        return;
      case State::kTag:
        if (ends_with("<!--")) return begin_markup("-->");
        if (ends_with("<![CDATA[")) return begin_markup("]]>");
        if (ends_with("<?")) return begin_markup("?>");
        if (c == '>') return enter(State::kText);
        if (c != '"' && c != '\'') return;
        quote_ = c;
        return enter(State::kValue);
      case State::kValue:
        if (c == quote_) enter(State::kTag);
        return;
      case State::kMarkup:
        if (ends_with(markup_end_)) enter(State::kText);
        return;
    }
  }

  void begin_markup(std::string_view end) {
    markup_end_ = end;
    enter(State::kMarkup);
  }

  State state_ = State::kText;
  char quote_ = 0;
  std::string_view markup_end_;
  std::string read_;
  std::size_t begin_ = 0;  // of the text or value
};

bool begins_like_url(std::string_view text) {
  const std::string value = lower(text.substr(0, 16));
  for (const std::string_view scheme :
       {"http://", "https://", "ws://", "wss://", "sip:", "mailto:"}) {
    if (value.starts_with(scheme)) return true;
  }
  return false;
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
  std::size_t offset = 0;
  XmlPosition position;
  for (Place& place : *places) {
    sample += place.before;
    offset += place.before.size();
    position.pass(place.before);
    Part& part = made.parts_.emplace_back();
    part.in_url = begins_like_url(position.value_so_far());
    part.place = std::move(place);
    if (part.place.name.empty()) continue;
    if (!position.takes_a_place()) {
      return at_line_of_place(xml, {offset, "{{" + part.place.name +
                                                "}} can stand in a text or in the value of an "
                                                "attribute only"});
    }
    const std::string value = filled(part, sample_value(part.place.name));
    sample += value;
    position.pass(value);
    offset = xml.find("}}", offset) + 2;
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
