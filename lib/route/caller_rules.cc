// SPDX-License-Identifier: Apache-2.0
#include "lib/route/caller_rules.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"
#include "lib/base/system_file.h"
#include "lib/route/number_list.h"
#include "lib/route/number_pattern.h"

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

bool has_pattern(const NumberList& list, const NumberPattern& pattern) {
  return std::ranges::find(list.entries, pattern, &NumberList::Entry::number) != list.entries.end();
}

Result<void> take_file(const std::string& path, NumberList& list) {
  if (!path.starts_with('/')) {
    return Error{in_quotes(path) + " is no absolute path; write file:/path/to/file"};
  }
  const Result<std::string> text = read_regular_file(path);
  if (!text) return text.error();
  ReadNumberList read = read_number_list(*text);
  if (!read.faults.empty()) {
    const std::size_t others = read.faults.count() - 1;
    return Error{read.faults.sentences(path).front() +
                 (others == 0 ? "" : " (and " + std::to_string(others) + " more like it)")};
  }
  if (list.entries.empty()) {
    list = std::move(read.list);
    return {};
  }
  for (NumberList::Entry& entry : read.list.entries) {
    if (!has_pattern(list, entry.number)) list.entries.push_back(std::move(entry));
  }
  return {};
}

Result<void> take_caller(std::string_view word, NumberList& list) {
  if (word.starts_with(kFilePrefix)) {
    return take_file(std::string(word.substr(kFilePrefix.size())), list);
  }
  Result<NumberPattern> pattern = parse_caller_pattern(word);
  if (!pattern) return pattern.error();
  if (has_pattern(list, *pattern)) return Error{in_quotes(word) + " is given twice; leave one out"};
  list.entries.push_back({std::move(*pattern), 0});
  return {};
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
  auto line = std::make_unique<Line>();
  line->side = side;
  line->action = CallerAction::kReject;
  line->position = position;
  NumberList list;
  for (const std::string_view word : arguments) {
    if (!word.starts_with(kActionPrefix)) {
      if (Result<void> taken = take_caller(word, list); !taken) return taken;
      continue;
    }
    const Result<CallerAction> action = parse_action(word.substr(kActionPrefix.size()));
    if (!action) return action.error();
    line->action = *action;
  }
  if (list.entries.empty()) {
    return Error{
        "names no caller: write +14155550111, +1415* for all that begin so, anonymous, or "
        "file:/path"};
  }
  line->count = list.entries.size();
  ImageWriter writer;
  if (Result<void> added = add_number_list(writer, kListName, list); !added) return added;
  Result<std::string> bytes = writer.bytes(0);
  if (!bytes) return bytes.error();
  line->bytes = std::move(bytes).value();
  Result<Image> image = Image::over(line->bytes);
  if (!image) return image.error();
  line->image = std::move(image).value();
  line->list = ListInImage::in(*line->image, kListName);
  lines_.push_back(std::move(line));
  return {};
}

std::optional<CallerAction> CallerRules::verdict(std::string_view from) const {
  std::optional<CallerAction> otherwise;
  bool allowed = false;
  for (const std::unique_ptr<Line>& line : lines_) {
    const bool has = line->list && line->list->find(from);
    if (line->side == Side::kDeny) {
      if (has) return line->action;
      continue;
    }
    otherwise = line->action;
    allowed = allowed || has;
  }
  return allowed ? std::nullopt : otherwise;
}

std::vector<std::string> CallerRules::describe() const {
  std::vector<std::string> texts;
  for (const std::unique_ptr<Line>& line : lines_) {
    const std::string callers =
        std::to_string(line->count) + (line->count == 1 ? " caller" : " callers");
    texts.push_back((line->side == Side::kDeny ? "deny " : "allow only ") + callers + ", action=" +
                    std::string(to_string(line->action)) + "  (" + to_string(line->position) + ")");
  }
  return texts;
}

const Position* CallerRules::leads_to_voicemail() const {
  for (const std::unique_ptr<Line>& line : lines_) {
    if (line->action == CallerAction::kVoicemail) return &line->position;
  }
  return nullptr;
}

}  // namespace plivo_dial
