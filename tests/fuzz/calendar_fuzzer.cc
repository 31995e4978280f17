// SPDX-License-Identifier: Apache-2.0
//
// Input: the bytes of a calendar (.ics).
#include <string>

#include "lib/base/utf8.h"
#include "lib/calendar/expand.h"
#include "lib/schedule/openings_view.h"
#include "tests/fuzz/fuzz_target.h"

using plivo_dial::Instant;
using plivo_dial::OpeningsView;
using plivo_dial::Schedule;
using plivo_dial::test::require;

namespace {

constexpr Instant kFrom = 1'796'083'200;  // 2026-12-01
constexpr Instant kUntil = kFrom + 366 * plivo_dial::kSecondsOfDay;

Schedule london() {
  Schedule schedule;
  schedule.name = "a";
  schedule.zone = "Europe/London";
  schedule.weekly = {{0x1F, {540, 1020}}, {0x10, {1320, 1560}}};
  schedule.open_calendars = {"x.ics"};
  schedule.closed_calendars = {"x.ics"};
  return schedule;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string content(plivo_dial::test::text_of(data, size));
  const auto openings = expand(london(), {"", {content}, {content}}, kFrom, kUntil);
  if (!openings) {
    require(!openings.error().faults.empty(), "a refusal has faults");
    require(plivo_dial::is_valid_utf8(openings.error().message), "which can be read");
    return 0;
  }
  const std::string bytes = encode_openings(*openings);
  const auto view = OpeningsView::open(bytes);
  require(view.ok() && view->check().ok(), "what is made can be read");
  require(view->decode() == *openings, "as it was");
  require(view->state_at(kFrom).has_value() && view->state_at(kUntil - 1).has_value(),
          "it knows the whole period");
  return 0;
}
