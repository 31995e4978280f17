// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/slots.h"

#include <algorithm>
#include <utility>

#include "lib/document/value_check.h"

namespace plivo_dial {
namespace {

// No value of a plan holds it: braces that name no parameter are refused.
std::string marker_of(std::size_t index) {
  return "{{#" + std::to_string(index) + "}}";
}

// The callerId that PlivoCallerId gives, or "" for none: Plivo then presents the caller's own. A
// caller may be anonymous or a SIP address, which Plivo does not take as callerId.
std::string_view presented_caller_id(const CallerId& caller_id, const CallFacts& facts) {
  const auto usable = [](std::string_view number) {
    return is_phone_number(number) ? number : std::string_view();
  };
  switch (caller_id.kind) {
    case CallerId::Kind::kPlivo:
      return {};
    case CallerId::Kind::kCaller:
      return usable(facts.caller);
    case CallerId::Kind::kCalled:
      return usable(facts.called);
    case CallerId::Kind::kNumber:
      return caller_id.number;
  }
  return {};
}

std::string filled_headers(std::string_view headers, const ParameterValue& value_of) {
  std::string out;
  while (!headers.empty()) {
    const std::size_t comma = std::min(headers.find(','), headers.size());
    const std::string_view header = headers.substr(0, comma);
    const std::size_t equals = std::min(header.find('='), header.size());
    const Place value{"", "", true};
    const std::string filled =
        value.shown(with_values(header.substr(std::min(equals + 1, header.size())), value_of));
    if (!filled.empty()) {
      out += (out.empty() ? "" : ",") + std::string(header.substr(0, equals)) + "=" + filled;
    }
    headers.remove_prefix(std::min(comma + 1, headers.size()));
  }
  return out;
}

// At most `most` characters of UTF-8.
std::string first_characters(std::string text, std::size_t most) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) >> 6) == 2) continue;
    if (++characters > most) return text.substr(0, i);
  }
  return text;
}

// Plivo takes no header without a value, letters and digits alone in one, and callerName up to 50
// characters.
std::string filled_places(const Slot& slot, const CallFacts& facts) {
  constexpr std::size_t kLongestName = 50;
  const ParameterValue value_of = parameters_of(facts);
  return slot.attribute == "sipHeaders"
             ? filled_headers(slot.text, value_of)
             : first_characters(with_values(slot.text, value_of), kLongestName);
}

}  // namespace

Slot caller_id_slot(const CallerId& caller_id) {
  return {caller_id, "callerId", ""};
}

Slot places_slot(const Attribute& attribute) {
  return {{}, attribute.name, attribute.value};
}

std::string Slots::add(Slot slot) {
  slots_.push_back(std::move(slot));
  return marker_of(slots_.size() - 1);
}

ParameterValue parameters_of(const CallFacts& facts) {
  return [parameters = facts.parameters](std::string_view name) {
    return parameters == nullptr ? std::string_view() : parameters->find(name).value_or("");
  };
}

std::string given_by_request(const Slot& slot, const CallFacts& facts) {
  const CallerId::Kind kind = slot.caller_id.kind;
  const bool by_plan = slot.attribute == "callerId" &&
                       (kind == CallerId::Kind::kPlivo || kind == CallerId::Kind::kNumber);
  if (facts.slots != nullptr && !by_plan) return facts.slots->add(slot);
  if (slot.attribute != "callerId") return filled_places(slot, facts);
  return std::string(presented_caller_id(slot.caller_id, facts));
}

SlottedDocument::SlottedDocument(std::string xml, const Slots& slots) {
  parts_.clear();
  std::string_view rest = xml;
  for (std::size_t i = 0; i < slots.all().size(); ++i) {
    const Slot& slot = slots.all()[i];
    const std::string written = " " + slot.attribute + "=\"" + marker_of(i) + "\"";
    const std::size_t at = rest.find(written);
    if (at == std::string_view::npos) continue;
    parts_.push_back({std::string(rest.substr(0, at)), slot});
    rest.remove_prefix(at + written.size());
  }
  parts_.push_back({std::string(rest), {}});
}

Result<std::string> SlottedDocument::fill(const CallFacts& facts) const {
  std::string document;
  document.reserve(parts_.front().before.size() + 512);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    document += parts_[i].before;
    if (i + 1 == parts_.size()) break;
    const Slot& slot = parts_[i].slot;
    const std::string value = given_by_request(slot, facts);
    if (value.empty()) continue;
    document.append(" ").append(slot.attribute).append("=\"");
    document.append(escaped_for_xml(value)).append("\"");
  }
  return checked_size(std::move(document));
}

}  // namespace plivo_dial
