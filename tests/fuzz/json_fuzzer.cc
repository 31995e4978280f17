// SPDX-License-Identifier: Apache-2.0
//
// Input: a body of JSON. What it gives is compared with the tree that the library makes of it.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "lib/form/json_pairs.h"
#include "tests/fuzz/event_body_checks.h"

using namespace plivo_dial;  // NOLINT: a target is one file
using nlohmann::json;
using plivo_dial::test::require;

namespace {

const EventBodyType kType{EventBodyType::Format::kJson, ""};

// Whether some number may have more characters than are allowed; true now and then for a string.
bool may_have_long_number(std::string_view body) {
  std::size_t run = 0;
  for (const char c : body) {
    run = std::string_view("0123456789+-.eE").find(c) == std::string_view::npos ? 0 : run + 1;
    if (run > kMaxJsonNumber) return true;
  }
  return false;
}

void check_members(const Form& form, const json& tree) {
  // Of members with one name the tree keeps the last.
  std::map<std::string, std::string, std::less<>> last;
  for (const Parameter& pair : form.parameters()) last[std::string(pair.name)] = pair.value;
  for (const auto& [name, member] : tree.items()) {
    require(member.is_null() || last.contains(name), "every member that is not null is a pair");
  }
  for (const auto& [name, value] : last) {
    const auto member = tree.find(name);
    require(member != tree.end(), "every pair is a member");
    if (member->is_null()) continue;  // another one of its name has a value
    if (member->is_string()) {
      require(member->get_ref<const std::string&>() == value, "a string is its text");
    } else {
      require(json::parse(value, nullptr, false) == *member, "another value is its JSON text");
      require(value.find_first_of("\r\n\t") == std::string::npos, "without white space");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body = test::text_of(data, size);
  const auto form = test::decode_and_check(kType, body);
  int deepest = 0;  // of the values of members, also of those that a later one replaces
  const auto note_depth = [&](int depth, json::parse_event_t event, const json&) {
    using Event = json::parse_event_t;
    const bool start = event == Event::object_start || event == Event::array_start;
    if (start) deepest = std::max(deepest, depth);
    return true;
  };
  const json tree = json::parse(body, note_depth, false);
  if (form && !body.empty()) {
    require(tree.is_object(), "only objects are taken");
    require(deepest <= kMaxJsonDepth, "no deeper than allowed");
    require(body.find('\0') == std::string_view::npos, "and without a NUL byte");
    check_members(*form, tree);
  } else if (!form && tree.is_object()) {
    require(deepest > kMaxJsonDepth || body.find('\0') != std::string_view::npos ||
                may_have_long_number(body),
            "an object is refused for its depth, a number or a NUL byte only");
  }
  return 0;
}
