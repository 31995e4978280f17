// SPDX-License-Identifier: Apache-2.0
#include "lib/calendar/calendar_outline.h"

#include <algorithm>

#include "lib/base/in_quotes.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kDeepest = 8;
constexpr std::size_t kShownLine = 60;

std::string large(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = to_large(c);
  return result;
}

// Where the value of a property begins: behind the first colon that is not in quotes; npos when
// there is none.
std::size_t value_start(std::string_view line) {
  bool quoted_part = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted_part = !quoted_part;
    if (line[i] == ':' && !quoted_part) return i + 1;
  }
  return std::string_view::npos;
}

class Outliner {
 public:
  CalendarOutline outline(std::string_view content) {
    std::string line;
    int start = 1;
    for (int number = 1; !content.empty(); ++number) {
      const std::size_t end = content.find('\n');
      std::string_view physical = content.substr(0, end);
      if (physical.ends_with('\r')) physical.remove_suffix(1);
      content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
      if (physical.starts_with(' ') || physical.starts_with('\t')) {
        line += physical.substr(1);
        continue;
      }
      take(line, start);
      line = physical;
      start = number;
    }
    take(line, start);
    finish();
    return std::move(result_);
  }

 private:
  struct Open {
    std::string name;
    int line;
  };

  void take(std::string_view line, int number) {
    if (trim(line).empty() || done_) return;
    const std::size_t value = value_start(line);
    if (value == std::string_view::npos) {
      return fault(number, in_quotes(line.substr(0, kShownLine)) +
                               " is no line of a calendar; it has the form NAME:VALUE");
    }
    const std::string name = large(line.substr(0, line.find_first_of(";:")));
    if (open_.empty() && name != "BEGIN") {
      return fault(number, "is outside of a calendar, which begins with BEGIN:VCALENDAR");
    }
    if (name == "BEGIN") return begin(large(trim(line.substr(value))), number);
    if (name == "END") return close(large(trim(line.substr(value))), number);
    if (in_event()) add_property(name, line.substr(value), number);
  }

  bool in_event() const { return open_.size() == 2 && open_.back().name == "VEVENT"; }

  void add_property(const std::string& name, std::string_view value, int number) {
    const auto commas = static_cast<std::size_t>(std::ranges::count(value, ','));
    result_.events.back().properties.push_back(
        {name, number, commas + 1, std::string(value.substr(0, kShownLine))});
  }

  void begin(const std::string& name, int number) {
    if (open_.empty() != (name == "VCALENDAR")) {
      return stop(number, open_.empty() ? in_quotes(name) +
                                              " is no calendar: it begins with "
                                              "BEGIN:VCALENDAR"
                                        : "a calendar within another; is END:VCALENDAR missing?");
    }
    if (open_.size() >= kDeepest) return stop(number, "components are nested too deep");
    open_.push_back({name, number});
    if (!in_event()) return;
    if (result_.events.size() == kMostEvents) {
      return stop(number, "more than " + std::to_string(kMostEvents) +
                              " events; take out those that are over");
    }
    result_.events.push_back({number, {}});
  }

  void close(const std::string& name, int number) {
    if (!open_.empty() && open_.back().name == name) return open_.pop_back();
    stop(number, "END:" + name + " closes nothing" +
                     (open_.empty() ? ""
                                    : "; " + open_.back().name + " of line " +
                                          std::to_string(open_.back().line) + " is still open"));
  }

  void finish() {
    if (done_) return;
    for (const Open& open : open_) {
      fault(open.line, open.name + " is not closed; is the file cut short?");
    }
  }

  void fault(int number, std::string message) { result_.faults.add(number, std::move(message)); }

  // What follows would only be wrong for the same reason.
  void stop(int number, std::string message) {
    fault(number, std::move(message));
    done_ = true;
  }

  CalendarOutline result_;
  std::vector<Open> open_;
  bool done_ = false;
};

// The line in which `at` is.
int line_number(std::string_view content, std::size_t at) {
  return 1 + static_cast<int>(std::ranges::count(content.substr(0, at), '\n'));
}

std::size_t find_broken_utf8(std::string_view content) {
  for (std::size_t at = 0; at < content.size();) {
    const Utf8Step step = decode_utf8(content.substr(at));
    if (!step.valid) return at;
    at += step.length;
  }
  return std::string_view::npos;
}

}  // namespace

int EventLines::line_of(std::string_view name) const {
  const auto found = std::ranges::find(properties, name, &PropertyLine::name);
  return found == properties.end() ? line : found->line;
}

std::size_t EventLines::lines(std::string_view name) const {
  return static_cast<std::size_t>(std::ranges::count(properties, name, &PropertyLine::name));
}

std::size_t EventLines::values(std::string_view name) const {
  std::size_t values = 0;
  for (const PropertyLine& property : properties) {
    if (property.name == name) values += property.values;
  }
  return values;
}

std::string_view EventLines::text_of(std::string_view name) const {
  const auto found = std::ranges::find(properties, name, &PropertyLine::name);
  return found == properties.end() ? std::string_view() : found->text;
}

CalendarOutline outline_calendar(std::string_view content) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  CalendarOutline refused;
  if (content.size() > kLargestCalendar) {
    refused.faults.add(0, "has " + std::to_string(content.size()) + " bytes, and may have " +
                              std::to_string(kLargestCalendar) +
                              "; export fewer years, or without attachments");
    return refused;
  }
  if (const std::size_t nul = content.find('\0'); nul != std::string_view::npos) {
    refused.faults.add(line_number(content, nul), "holds a NUL; is it a calendar (.ics) at all?");
    return refused;
  }
  if (const std::size_t at = find_broken_utf8(content); at != std::string_view::npos) {
    refused.faults.add(line_number(content, at),
                       "is not valid UTF-8; export the calendar as UTF-8");
    return refused;
  }
  if (content.starts_with(kByteOrderMark)) content.remove_prefix(kByteOrderMark.size());
  if (content.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    refused.faults.add(0, "is empty; a calendar begins with BEGIN:VCALENDAR");
    return refused;
  }
  return Outliner().outline(content);
}

}  // namespace plivo_dial
