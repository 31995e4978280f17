// SPDX-License-Identifier: Apache-2.0
#include "lib/schedule/exceptions_file.h"

#include <map>
#include <optional>
#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/base/odd_characters.h"
#include "lib/base/result.h"
#include "lib/base/suggestion.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"
#include "lib/schedule/date_text.h"

namespace plivo_dial {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::string_view kExceptionForms =
    "write \"2026-12-25 closed\", \"2026-12-24 09:00-13:00\" or \"*-12-25 closed\"";
constexpr int kLongestRangeDays = 366;

struct DatePattern {
  bool every_year = false;
  year_month_day date;
};

// "2026-12-25" or "*-12-25".
Result<DatePattern> parse_pattern(std::string_view text) {
  const bool every_year = text.starts_with("*-");
  const std::string whole = every_year ? "2000" + std::string(text.substr(1)) : std::string(text);
  if (const auto date = parse_date(whole)) return DatePattern{every_year, *date};
  const bool has_form = whole.size() == 10 && whole[4] == '-' && whole[7] == '-' &&
                        whole.find_first_not_of("0123456789-") == std::string::npos;
  if (has_form && whole >= "1970") {
    return Error{"there is no day " + in_quotes(text) + "; month and day are in this order"};
  }
  return Error{in_quotes(text) +
               " is no date; write year, month and day such as 2026-12-25, or *-12-25 for every "
               "year"};
}

Result<void> take_dates(std::string_view text, ExceptionLine& exception) {
  const std::size_t dots = text.find("..");
  const Result<DatePattern> first = parse_pattern(trim(text.substr(0, dots)));
  if (!first) return first.error();
  exception.every_year = first->every_year;
  exception.first = exception.last = first->date;
  if (dots == std::string_view::npos) return {};
  const Result<DatePattern> last = parse_pattern(trim(text.substr(dots + 2)));
  if (!last) return last.error();
  if (first->every_year || last->every_year) {
    return Error{"the range " + in_quotes(text) +
                 " is of every year; write its years, or a line for each of its days"};
  }
  const std::chrono::days length = sys_days(last->date) - sys_days(first->date);
  if (length.count() < 0) {
    return Error{"the range " + in_quotes(text) + " ends before it begins; write " +
                 date_text(last->date) + ".." + date_text(first->date)};
  }
  if (length.count() >= kLongestRangeDays) {
    return Error{"the range " + in_quotes(text) + " has " + std::to_string(length.count() + 1) +
                 " days, and may have " + std::to_string(kLongestRangeDays) +
                 "; is the year right? Else split it"};
  }
  exception.last = last->date;
  return {};
}

Result<void> take_hours(std::string_view text, ExceptionLine& exception) {
  if (equals_ignoring_case(text, "closed")) return {};
  if (equals_ignoring_case(text, "open")) {
    return Error{in_quotes(text) + " says no hours; write 00:00-24:00 for the whole day"};
  }
  if (text.empty()) {
    return Error{"hours are missing behind the date; write closed, or hours such as 09:00-13:00"};
  }
  if (is_letter(text.front())) {
    constexpr std::string_view kWords[] = {"closed"};
    return Error{in_quotes(text) + " is neither closed nor hours such as 09:00-13:00" +
                 (nearest_word(text, kWords) ? "; did you mean closed?" : "")};
  }
  Result<std::vector<ClockSpan>> hours = parse_clock_spans(text);
  if (!hours) return hours.error();
  exception.hours = std::move(*hours);
  return {};
}

// Where the hours begin in "2026-12-24..2026-12-26 09:00-13:00": behind the first blank that does
// not belong to a range with blanks.
std::size_t end_of_dates(std::string_view line) {
  std::size_t end = line.find_first_of(kBlanks);
  for (;;) {
    if (end == std::string_view::npos) return line.size();
    const std::size_t next = line.find_first_not_of(kBlanks, end);
    if (next == std::string_view::npos) return line.size();
    const bool in_range =
        line.substr(next).starts_with("..") || line.substr(0, end).ends_with("..");
    if (!in_range) return end;
    end = line.find_first_of(kBlanks, next);
  }
}

Result<ExceptionLine> parse_exception(std::string_view line) {
  if (const std::string plain = without_odd_characters(line); plain != line) {
    return Error{in_quotes(line) +
                 " holds a character that only looks like a hyphen or a blank; write " +
                 in_quotes(plain)};
  }
  ExceptionLine exception;
  const std::size_t end = end_of_dates(line);
  const Result<void> dates = take_dates(trim(line.substr(0, end)), exception);
  if (!dates) return dates.error();
  const Result<void> hours = take_hours(trim(line.substr(end)), exception);
  if (!hours) return hours.error();
  return exception;
}

// Which line has said what of each day.
class SeenDays {
 public:
  // Adds those of `exception`, or says which of them stand already.
  Result<void> add(const ExceptionLine& exception) {
    auto& lines = exception.every_year ? every_year_ : dated_;
    for (sys_days day = exception.first; day <= sys_days(exception.last);
         day += std::chrono::days(1)) {
      const auto [seen, is_new] = lines.try_emplace(day, exception.line);
      if (!is_new && seen->second != exception.line) {
        const std::string date = date_text(day);
        return Error{(exception.every_year ? "*" + date.substr(4) : date) + " stands in line " +
                     std::to_string(seen->second) + " already; leave one of them"};
      }
    }
    if (every_year_.size() + dated_.size() <= kMostExceptionDays) return {};
    return Error{"there are more than " + std::to_string(kMostExceptionDays) +
                 " days; take out those that are over"};
  }
  bool full() const { return every_year_.size() + dated_.size() > kMostExceptionDays; }

 private:
  std::map<sys_days, int> dated_;
  std::map<sys_days, int> every_year_;
};

void take_line(std::string_view line, int number, SeenDays& seen, ExceptionsFile& file) {
  const std::size_t hash = line.find('#');
  const std::string_view said = trim(line.substr(0, hash), kLineBlanks);
  if (said.empty()) return;
  Result<ExceptionLine> exception = parse_exception(said);
  if (!exception) return file.faults.add(number, exception.error().message);
  exception->line = number;
  if (hash != std::string_view::npos) {
    exception->text = replace_invalid_utf8(trim(line.substr(hash + 1), kLineBlanks));
  }
  if (const Result<void> added = seen.add(*exception); !added) {
    return file.faults.add(number, added.error().message);
  }
  file.lines.push_back(std::move(*exception));
}

}  // namespace

ExceptionsFile parse_exceptions(std::string_view content) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  ExceptionsFile file;
  if (content.size() > kLargestExceptionsFile) {
    file.faults.add(0, "has " + std::to_string(content.size()) + " bytes, and may have " +
                           std::to_string(kLargestExceptionsFile) + "; is it the right file? " +
                           std::string(kExceptionForms));
    return file;
  }
  if (content.starts_with(kByteOrderMark)) content.remove_prefix(kByteOrderMark.size());
  SeenDays seen;
  for (int number = 1; !content.empty() && !seen.full(); ++number) {
    const std::size_t end = content.find('\n');
    take_line(content.substr(0, end), number, seen, file);
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
  }
  return file;
}

const ExceptionLine* exception_on(const ExceptionsFile& file, year_month_day date) {
  const ExceptionLine* of_every_year = nullptr;
  for (const ExceptionLine& line : file.lines) {
    if (line.every_year) {
      if (line.first.month() == date.month() && line.first.day() == date.day()) {
        of_every_year = &line;
      }
    } else if (line.first <= date && date <= line.last) {
      return &line;
    }
  }
  return of_every_year;
}

}  // namespace plivo_dial
