// SPDX-License-Identifier: Apache-2.0
//
// Input: a letter, and what it names. a: the words of a schedule, one a line; e: a file of
// exceptions; o: an override file; t: an encoded table of openings; s: one that gets the check
// value that belongs to it, which no mutation hits.
#include <algorithm>
#include <string>
#include <vector>

#include "lib/base/crc32c.h"
#include "lib/base/utf8.h"
#include "lib/schedule/exceptions_file.h"
#include "lib/schedule/openings_view.h"
#include "lib/schedule/override_file.h"
#include "lib/schedule/schedule_arguments.h"
#include "tests/fuzz/fuzz_target.h"

using plivo_dial::ClockSpan;
using plivo_dial::Instant;
using plivo_dial::OpeningsView;
using plivo_dial::WallMeaning;
using plivo_dial::test::require;

namespace {

void check_message(const std::string& message) {
  require(!message.empty() && plivo_dial::is_valid_utf8(message), "a refusal can be read");
}

void check_span(const ClockSpan& span) {
  require(span.from >= 0 && span.from < plivo_dial::kMinutesOfDay, "a span begins on its day");
  require(span.to > span.from && span.to <= span.from + plivo_dial::kMinutesOfDay,
          "and lasts a day at most");
  const auto again = plivo_dial::parse_clock_spans(to_string(span));
  require(again.ok() && again->size() == 1 && again->front() == span, "and is read as written");
}

void check_arguments(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) words.push_back(plivo_dial::test::take_line(text));
  const auto schedule = plivo_dial::parse_schedule(words);
  if (!schedule) return check_message(schedule.error().message);
  for (const plivo_dial::WeeklyHours& weekly : schedule->weekly) {
    require(weekly.days > 0 && weekly.days < 128, "hours are on a day");
    check_span(weekly.hours);
  }
}

void check_exceptions(std::string_view text) {
  const auto file = plivo_dial::parse_exceptions(text);
  for (const std::string& line : file.faults.lines("file")) check_message(line);
  for (const plivo_dial::ExceptionLine& line : file.lines) {
    require(line.first.ok() && line.last.ok() && line.first <= line.last, "days exist");
    require(plivo_dial::is_valid_utf8(line.text), "the text can be shown");
    for (const ClockSpan& span : line.hours) check_span(span);
    const auto* found = plivo_dial::exception_on(file, line.first);
    require(found != nullptr && (found->line == line.line || !found->every_year),
            "a day's line is found");
  }
}

void check_override(std::string_view text) {
  const auto override = plivo_dial::parse_override(text);
  if (!override) return check_message(override.error().message);
  require(override->open.has_value() || !override->until, "there is no end of nothing");
  const std::string bytes =
      plivo_dial::encode_openings({0, 10, {{0, 3600}}, {{0, true, 0}}, {"x"}});
  const auto now = overridden(*override, *OpeningsView::open(bytes), 5);
  require(!now || now == override->open, "it says what it says");
}

void seal(std::string& bytes) {
  if (bytes.size() < plivo_dial::kOpeningsHeaderSize) return;
  std::string_view rest = bytes;
  rest.remove_prefix(16);
  std::size_t size = 0;
  for (std::size_t i = 4; i-- > 0;) size = size << 8 | static_cast<unsigned char>(bytes[16 + i]);
  if (size >= 16) rest = rest.substr(0, size - 16);
  const std::uint32_t crc = plivo_dial::crc32c(rest);
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[12 + i] = static_cast<char>((crc >> (8 * i)) & 0xFF);
  }
}

void check_table(std::string_view bytes) {
  const auto view = OpeningsView::open(bytes);
  if (!view) return check_message(view.error().message);
  const bool good = view->check().ok();
  for (const Instant instant :
       {plivo_dial::kEarliestInstant, Instant{0}, view->from(), view->until() - 1,
        (view->from() + view->until()) / 2, plivo_dial::kLatestInstant}) {
    const auto state = view->state_at(instant);
    if (state && !state->reason.empty()) {
      const char* const start = state->reason.data();
      require(bytes.data() <= start && start + state->reason.size() <= bytes.data() + bytes.size(),
              "a reason is within the bytes");
    }
    if (const auto next = view->next_change(instant); next && good) {
      require(*next > instant && view->state_at(*next)->open != state->open, "it changes next");
    }
    const Instant opening = view->instant_at(view->wall_at(instant), WallMeaning::kOpening);
    if (good) require(opening <= instant, "a clock shows a time once at least");
    view->instant_at(instant, WallMeaning::kClosing);
    view->instant_at(instant, WallMeaning::kEvent);
  }
  if (!good) return;
  const plivo_dial::Openings openings = view->decode();
  const std::string again = plivo_dial::encode_openings(openings);
  require(again.size() <= bytes.size(), "encoding gives a table as long");
  require(OpeningsView::open(again)->decode() == openings, "of the same openings");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest = plivo_dial::test::text_of(data + 1, size - 1);
  if (data[0] == 'a') check_arguments(rest);
  if (data[0] == 'e') check_exceptions(rest);
  if (data[0] == 'o') check_override(rest);
  if (data[0] == 't') check_table(rest);
  if (data[0] == 's') {
    std::string bytes(rest);
    seal(bytes);
    check_table(bytes);
  }
  return 0;
}
