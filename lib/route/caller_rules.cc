// SPDX-License-Identifier: Apache-2.0
#include "lib/route/caller_rules.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"
#include "lib/route/caller.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kListName = "callers";
constexpr std::string_view kFilePrefix = "file:";
constexpr std::string_view kActionPrefix = "action=";
constexpr auto kActions = std::to_array<CallerAction>(
    {CallerAction::kReject, CallerAction::kBusy, CallerAction::kVoicemail});

Result<CallerAction> parse_action(std::string_view word) {
  std::vector<std::string_view> known;
  for (const CallerAction action : kActions) {
    if (to_string(action) == word) return action;
    known.push_back(to_string(action));
  }
  return Error{in_quotes(kActionPrefix) + in_quotes(word) + " is no action" +
               proposal_or_list(word, known)};
}

Result<std::string> parse_file(std::string_view word) {
  const std::string_view path = word.substr(kFilePrefix.size());
  if (path.starts_with('/')) return std::string(path);
  return Error{in_quotes(path) + " is no absolute path; write file:/path/to/file"};
}

template <class Value>
Result<void> add_once(Value value, std::string_view word, std::vector<Value>& all) {
  if (std::ranges::find(all, value) != all.end()) {
    return Error{in_quotes(word) + " is given twice; leave one out"};
  }
  all.push_back(std::move(value));
  return {};
}

// Whether a caller is among those that a line itself names.
bool fits(const NumberPattern& pattern, const Caller& caller) {
  if (caller.kind == Caller::Kind::kWithheld) return pattern.digits == kAnonymous;
  if (caller.kind != Caller::Kind::kNumber) return false;
  return pattern.is_prefix ? caller.digits.starts_with(pattern.digits)
                           : caller.digits == pattern.digits;
}

}  // namespace

std::string_view to_string(CallerAction action) {
  switch (action) {
    case CallerAction::kReject:
      return "reject";
    case CallerAction::kBusy:
      return "busy";
    case CallerAction::kVoicemail:
      return "voicemail";
  }
  return "";
}

Result<void> CallerRules::add(Side side, std::span<const std::string_view> arguments,
                              const Position& position) {
  Line line{side, CallerAction::kReject, position, {}, {}};
  bool has_action = false;
  for (const std::string_view word : arguments) {
    Result<void> taken;
    if (word.starts_with(kActionPrefix)) {
      if (std::exchange(has_action, true)) return Error{"action= is given twice; leave one out"};
      const Result<CallerAction> action = parse_action(word.substr(kActionPrefix.size()));
      if (!action) return action.error();
      line.action = *action;
    } else if (word.starts_with(kFilePrefix)) {
      Result<std::string> path = parse_file(word);
      if (!path) return path.error();
      taken = add_once(std::move(path).value(), word, line.files);
    } else {
      Result<NumberPattern> pattern = parse_caller_pattern(word);
      if (!pattern) return pattern.error();
      taken = add_once(std::move(pattern).value(), word, line.callers);
    }
    if (!taken) return taken;
  }
  if (line.callers.empty() && line.files.empty()) {
    return Error{
        "names no caller: write +14155550111, +1415* for all that begin so, anonymous, or "
        "file:/path"};
  }
  lines_.push_back(std::move(line));
  return {};
}

bool CallerRules::Line::has(std::string_view from, const NumberLists* lists) const {
  const Caller caller = caller_of(from);
  const auto is_caller = [&](const NumberPattern& pattern) { return fits(pattern, caller); };
  if (std::ranges::any_of(callers, is_caller)) return true;
  return std::ranges::any_of(files, [&](const std::string& file) {
    const ListInImage* const list = lists == nullptr ? nullptr : lists->list(file);
    return list == nullptr ? side == Side::kAllow : list->find(from).has_value();
  });
}

std::optional<CallerVerdict> CallerRules::verdict(std::string_view from,
                                                  const NumberLists* lists) const {
  std::optional<CallerVerdict> otherwise;
  bool allowed = false;
  for (const Line& line : lines_) {
    const bool has = line.has(from, lists);
    if (line.side == Side::kDeny) {
      if (has) return CallerVerdict{line.action, line.position};
      continue;
    }
    otherwise = CallerVerdict{line.action, line.position};
    allowed = allowed || has;
  }
  return allowed ? std::nullopt : otherwise;
}

std::vector<std::pair<std::string, Position>> CallerRules::files() const {
  std::vector<std::pair<std::string, Position>> all;
  for (const Line& line : lines_) {
    for (const std::string& file : line.files) {
      const auto is_it = [&](const auto& known) { return known.first == file; };
      if (std::ranges::none_of(all, is_it)) all.emplace_back(file, line.position);
    }
  }
  return all;
}

std::vector<std::string> CallerRules::describe() const {
  std::vector<std::string> texts;
  for (const Line& line : lines_) {
    std::string text = line.side == Side::kDeny ? "deny" : "allow only";
    for (const NumberPattern& caller : line.callers) text += " " + to_string(caller);
    for (const std::string& file : line.files) text += " file:" + file;
    texts.push_back(text + " action=" + std::string(to_string(line.action)) + "  (" +
                    to_string(line.position) + ")");
  }
  return texts;
}

const Position* CallerRules::leads_to_voicemail() const {
  for (const Line& line : lines_) {
    if (line.action == CallerAction::kVoicemail) return &line.position;
  }
  return nullptr;
}

}  // namespace plivo_dial
