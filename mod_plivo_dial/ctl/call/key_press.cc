// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/key_press.h"

#include <algorithm>
#include <array>

#include "lib/base/in_quotes.h"

namespace plivo_dial::ctl {
namespace {

struct TalkerRow {
  std::string_view word;
  std::string_view attribute;
  std::string_view pressed_by;
};

// In the order of the enumeration.
constexpr std::array<TalkerRow, 2> kTalkers = {{
    {"caller", "digitsMatch", "aleg"},
    {"callee", "digitsMatchBLeg", "bleg"},
}};

const TalkerRow& row_of(Talker talker) {
  return kTalkers[static_cast<std::size_t>(talker)];
}

}  // namespace

std::string_view to_string(Talker talker) {
  return row_of(talker).word;
}

std::string_view digits_attribute(Talker talker) {
  return row_of(talker).attribute;
}

std::string_view pressed_by_word(Talker talker) {
  return row_of(talker).pressed_by;
}

Result<KeyPress> parse_key_press(std::string_view text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::string_view digits = text.substr(std::min(equals + 1, text.size()));
  const auto row = std::ranges::find(kTalkers, text.substr(0, equals), &TalkerRow::word);
  if (row == kTalkers.end() || digits.empty() ||
      digits.find_first_not_of("0123456789*#") != std::string_view::npos) {
    return Error{in_quotes(text) + " is not caller= or callee= and keys of 0-9 * #"};
  }
  return KeyPress{static_cast<Talker>(row - kTalkers.begin()), std::string(digits)};
}

bool is_awaited(const Element& dial, const KeyPress& press) {
  const std::string* const lists = find_attribute(dial.attributes, digits_attribute(press.talker));
  if (lists == nullptr || press.digits.empty()) return false;
  return ("," + *lists + ",").find("," + press.digits + ",") != std::string::npos;
}

}  // namespace plivo_dial::ctl
