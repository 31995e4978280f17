// SPDX-License-Identifier: Apache-2.0
#include "lib/route/route_line.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"
#include "lib/base/text.h"
#include "lib/document/attribute_check.h"
#include "lib/plan/attribute_argument.h"
#include "lib/plan/directive_arguments.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kNobody = "-";
constexpr std::string_view kOptions[] = {"callerid", "schedule", "voicemail", "plan", "timeout"};

struct KeyWord {
  std::string_view word;
  RouteKey::Kind kind;
};
constexpr KeyWord kKeyWords[] = {{"from:", RouteKey::Kind::kCaller},
                                 {"forwarded:", RouteKey::Kind::kForwarded}};

// caller:+1415*, From:+1415*, to:+14155550199
Error bad_key_word(std::string_view word) {
  const std::string_view name = word.substr(0, word.find(':'));
  constexpr std::string_view kNames[] = {"from", "forwarded"};
  return Error{in_quotes(word) + ": there is no " + in_quotes(std::string(name) + ":") +
               proposal_or_list(name, kNames) +
               " (with a colon behind it; a number that is called stands alone)"};
}

// The first word of a line of another format, "" where it is none of those that are often exported.
std::string other_format(std::string_view word) {
  const std::size_t separator = word.find_first_of(",;");
  if (separator != std::string_view::npos && separator > 0) {
    return in_quotes(word) + " holds '" + std::string(1, word[separator]) +
           "'; write a blank between the number and its targets: " +
           std::string(word.substr(0, separator)) + " +14155550111,+14155550122";
  }
  if (word.find_first_of("\"'") != std::string_view::npos) {
    return in_quotes(word) + " has quotes; write numbers without";
  }
  return "";
}

std::string unknown_name(std::string_view option, std::string_view value,
                         std::span<const std::string_view> known) {
  const std::string start =
      std::string(option) + "=" + std::string(value) + ": there is no such " + std::string(option);
  if (known.empty())
    return start + ", and none at all in the configuration; define it, or leave " +
           std::string(option) + "= out";
  return start + proposal_or_list(value, known);
}

class RouteReader {
 public:
  RouteReader(const RouteKey* key, const ConfiguredNames* names, std::size_t line, Faults& faults)
      : key_(key), names_(names), line_(line), faults_(faults) {
    route_.line = static_cast<std::uint32_t>(line);
  }

  void take_targets(std::string_view word) {
    if (word == kNobody) return;
    while (true) {
      const std::size_t comma = word.find(',');
      take_target(word.substr(0, comma));
      if (comma == std::string_view::npos) return;
      word.remove_prefix(comma + 1);
    }
  }

  // The words behind the targets.
  void take_options(std::span<const std::string_view> words) {
    if (std::ranges::any_of(words, is_oddly_written)) {
      if (Result<void> forms = check_argument_forms(words); !forms) {
        return tell(forms.error().message);
      }
    }
    for (const std::string_view word : words) take_option(word);
  }

  // What only the whole line tells. `had_faults`: of a line that is wrong anyway only those are
  // told.
  Route finish(bool had_faults) {
    if (had_faults) return std::move(route_);
    const bool somebody = !route_.targets.empty() || !route_.plan.empty();
    if (!somebody && route_.voicemail != true) {
      tell("there is nobody to call; write targets, plan=NAME or voicemail=on");
    } else if (!somebody && (route_.timeout > 0 || route_.caller_id != CallerId())) {
      tell(
          "timeout= and callerid= mean nothing where nobody is called; leave them out, or write "
          "targets or plan=NAME");
    }
    return std::move(route_);
  }

 private:
  void tell(std::string message) { faults_.add(line_, std::move(message)); }

  // timeout = 20, timeout="20": what only a look at all words can tell.
  static bool is_oddly_written(std::string_view word) {
    const std::optional<AttributeArgument> attribute = split_attribute(word);
    return !attribute || attribute->value.empty() || !is_letter_or_digit(attribute->value.back());
  }

  void take_option(std::string_view word) {
    const std::optional<AttributeArgument> attribute = split_attribute(word);
    if (!attribute) return take_stray(word);
    const auto* const option = std::ranges::find_if(kOptions, [&](std::string_view known) {
      return equals_ignoring_case(attribute->name, known);
    });
    if (option == std::end(kOptions)) {
      return tell(in_quotes(word) + ": a route has no " + in_quotes(attribute->name) +
                  proposal_or_list(attribute->name, kOptions));
    }
    bool& given = given_[option - kOptions];
    if (std::exchange(given, true)) {
      return tell(std::string(*option) + "= is given twice; write it once");
    }
    if (attribute->value.empty()) {
      return tell(std::string(*option) + "= has no value; write it behind '=' without a blank, " +
                  "or leave it out");
    }
    Result<void> taken = set_option(*option, attribute->value);
    if (!taken) tell(taken.error().message);
  }

  void take_target(std::string_view text) {
    if (text.empty()) {
      return tell(
          "a target is missing beside a comma; write commas between targets only, and no "
          "blanks around them");
    }
    // Most are plain numbers, and there may be 100,000.
    if (check_e164(text)) {
      return add_target({Target::Kind::kNumber, std::string(text), {}});
    }
    Result<Target> target = parse_target(text);
    if (!target) return tell(target.error().message);
    add_target(std::move(target).value());
  }

  void add_target(Target target) {
    const bool own = key_ != nullptr && key_->kind == RouteKey::Kind::kCalled &&
                     !key_->number.is_prefix && target.address == to_string(key_->number);
    if (own) {
      return tell(in_quotes(target.address) + " is a target of itself, and a call would go round " +
                  "in a circle; take it out");
    }
    if (std::ranges::find(route_.targets, target) != route_.targets.end()) {
      return tell(in_quotes(target.address) + " is a target twice; write it once");
    }
    route_.targets.push_back(std::move(target));
  }

  void take_stray(std::string_view word) {
    if (parse_target(word)) {
      return tell(in_quotes(word) + " stands apart; separate targets by commas, without blanks: " +
                  "+14155550111,+14155550122");
    }
    tell(in_quotes(word) + " is not of the form key=value; the keys are " + alternatives(kOptions));
  }

  Result<void> set_option(std::string_view option, std::string_view value) {
    if (option == "callerid") return set_caller_id(value);
    if (option == "schedule") {
      return set_name(option, value, names_ ? &names_->schedules : nullptr, route_.schedule);
    }
    if (option == "plan") {
      return set_name(option, value, names_ ? &names_->plans : nullptr, route_.plan);
    }
    return option == "timeout" ? set_timeout(value) : set_voicemail(value);
  }

  Result<void> set_caller_id(std::string_view value) {
    Result<CallerId> caller_id = parse_caller_id(value);
    if (!caller_id) return Error{"callerid=: " + caller_id.error().message};
    route_.caller_id = std::move(caller_id).value();
    return {};
  }

  static Result<void> set_name(std::string_view option, std::string_view value,
                               const std::vector<std::string_view>* known, std::string& name) {
    name = value;
    if (known == nullptr || std::ranges::find(*known, value) != known->end()) return {};
    return Error{unknown_name(option, value, *known)};
  }

  Result<void> set_timeout(std::string_view value) {
    if (Result<void> checked = check_attribute("Dial", "timeout", value); !checked) return checked;
    std::from_chars(value.data(), value.data() + value.size(), route_.timeout);
    return {};
  }

  Result<void> set_voicemail(std::string_view value) {
    const bool on = equals_ignoring_case(value, "on");
    if (!on && !equals_ignoring_case(value, "off")) {
      return Error{"voicemail=" + std::string(value) + ": write voicemail=on or voicemail=off"};
    }
    route_.voicemail = on;
    return {};
  }

  const RouteKey* const key_;
  const ConfiguredNames* const names_;
  const std::size_t line_;
  Faults& faults_;
  bool given_[std::size(kOptions)] = {};
  Route route_;
};

}  // namespace

std::string to_string(const RouteKey& key) {
  for (const KeyWord& known : kKeyWords) {
    if (known.kind == key.kind) return std::string(known.word) + to_string(key.number);
  }
  return to_string(key.number);
}

Result<RouteKey> parse_route_key(std::string_view word) {
  if (std::string other = other_format(word); !other.empty()) return Error{std::move(other)};
  for (const KeyWord& known : kKeyWords) {
    if (!equals_ignoring_case(word.substr(0, known.word.size()), known.word)) continue;
    const std::string_view number = word.substr(known.word.size());
    if (number.empty()) {
      return Error{in_quotes(word) + ": the number is missing; write it behind the colon without " +
                   "a blank: " + std::string(known.word) + "+1415*"};
    }
    const bool caller = known.kind == RouteKey::Kind::kCaller;
    Result<NumberPattern> pattern =
        caller ? parse_caller_pattern(number) : parse_number_pattern(number);
    if (!pattern) return pattern.error();
    return RouteKey{known.kind, std::move(pattern).value()};
  }
  if (equals_ignoring_case(word, "default")) {
    return Error{in_quotes(word) +
                 ": calls that no line is for are answered as the section says; take the line out"};
  }
  if (is_letter(word.front()) && word.find(':') != std::string_view::npos) {
    return bad_key_word(word);
  }
  Result<NumberPattern> pattern = parse_number_pattern(word);
  if (!pattern) return pattern.error();
  return RouteKey{RouteKey::Kind::kCalled, std::move(pattern).value()};
}

Route parse_route(std::span<const std::string_view> words, const RouteKey* key,
                  const ConfiguredNames* names, std::size_t line, Faults& faults) {
  RouteReader reader(key, names, line, faults);
  const std::size_t before = faults.count();
  const bool targets_missing = words.empty() || (split_attribute(words[0]) && words[0] != kNobody);
  if (targets_missing) {
    faults.add(line,
               "the targets are missing behind the number; write them, separated by commas, "
               "or - where there are none");
  } else {
    reader.take_targets(words[0]);
    words = words.subspan(1);
  }
  reader.take_options(words);
  return reader.finish(key == nullptr || faults.count() > before);
}

}  // namespace plivo_dial
