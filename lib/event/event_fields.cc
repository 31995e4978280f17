// SPDX-License-Identifier: Apache-2.0
#include "lib/event/event_fields.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace plivo_dial {
namespace {

constexpr auto kFields = std::to_array<EventField>({
    {.name = "verified_by", .text = &Event::verified_by, .left_out_of_json = 12},
    {.name = "token", .text = &Event::token, .left_out_of_json = 13},
    {.name = "from",
     .text = &Event::from,
     .parameter = "From",
     .line_key = "from",
     .line_place = 1,
     .left_out_of_line = 5,
     .left_out_of_json = 6,
     .variable = "PLIVO_FROM",
     .sample = "14155550111",
     .of_samples = kSampleOfAny},
    {.name = "to",
     .text = &Event::to,
     .parameter = "To",
     .line_key = "to",
     .line_place = 2,
     .left_out_of_line = 4,
     .left_out_of_json = 5,
     .variable = "PLIVO_TO",
     .sample = "14155550199",
     .of_samples = kSampleOfAny},
    {.name = "direction",
     .text = &Event::direction,
     .parameter = "Direction",
     .left_out_of_json = 11,
     .variable = "PLIVO_DIRECTION",
     .sample = "inbound",
     .of_samples = kSampleOfAny},
    {.name = "call_status",
     .text = &Event::call_status,
     .parameter = "CallStatus",
     .is_settled = true,
     .line_key = "call_status",
     .line_place = 3,
     .left_out_of_line = 9,
     .left_out_of_json = 17,
     .variable = "PLIVO_CALL_STATUS",
     .sample = "in-progress",
     .of_samples = kSampleOfAny},
    {.name = "dial_status",
     .text = &Event::dial_status,
     .parameter = "DialStatus",
     .is_settled = true,
     .line_key = "dial_status",
     .line_place = 4,
     .left_out_of_line = 10,
     .left_out_of_json = 18,
     .variable = "PLIVO_DIAL_STATUS",
     .sample = "busy",
     .of_samples = kSampleOfResult},
    {.name = "dial_ring_status",
     .flag = &Event::dial_ring_status,
     .parameter = "DialRingStatus",
     .line_key = "ring",
     .line_place = 6,
     .variable = "PLIVO_DIAL_RING_STATUS",
     .sample = "true",
     .of_samples = kSampleOfResult},
    {.name = "dial_hangup_cause",
     .text = &Event::dial_hangup_cause,
     .parameter = "DialHangupCause",
     .line_key = "cause",
     .line_place = 7,
     .left_out_of_line = 8,
     .left_out_of_json = 16,
     .variable = "PLIVO_DIAL_HANGUP_CAUSE",
     .sample = "USER_BUSY",
     .of_samples = kSampleOfResult},
    {.name = "a_leg",
     .text = &Event::a_leg,
     .parameter = "DialALegUUID",
     .is_settled = true,
     .line_key = "a_leg",
     .line_place = 13,
     .left_out_of_line = 7,
     .left_out_of_json = 9,
     .variable = "PLIVO_DIAL_A_LEG"},
    {.name = "b_leg",
     .text = &Event::b_leg,
     .parameter = "DialBLegUUID",
     .is_settled = true,
     .line_key = "b_leg",
     .line_place = 14,
     .left_out_of_line = 6,
     .left_out_of_json = 7,
     .variable = "PLIVO_DIAL_B_LEG"},
    {.name = "b_leg_to",
     .text = &Event::b_leg_to,
     .parameter = "DialBLegTo",
     .line_key = "b_leg_to",
     .line_place = 15,
     .left_out_of_line = 2,
     .left_out_of_json = 3,
     .sample = "14155550100",
     .of_samples = kSampleOfDial},
    {.name = "b_leg_from",
     .text = &Event::b_leg_from,
     .parameter = "DialBLegFrom",
     .left_out_of_json = 8,
     .sample = "14155550111",
     .of_samples = kSampleOfDial},
    {.name = "digits",
     .text = &Event::digits,
     .parameter = "DialDigitsMatch",
     .line_key = "digits",
     .line_place = 16,
     .left_out_of_line = 1,
     .left_out_of_json = 1},
    {.name = "digits_pressed_by",
     .text = &Event::digits_pressed_by,
     .parameter = "DialDigitsPressedBy",
     .is_settled = true,
     .line_key = "pressed_by",
     .line_place = 17,
     .left_out_of_line = 1,
     .left_out_of_json = 2},
    {.name = "hangup_cause",
     .text = &Event::hangup_cause,
     .parameter = "HangupCause",
     .b_leg_parameter = "DialBLegHangupCause",
     .line_key = "cause",
     .line_place = 7,
     .left_out_of_line = 8,
     .left_out_of_json = 15,
     .sample = "NORMAL_CLEARING",
     .of_samples = kSampleOfEnd},
    {.name = "hangup_cause_name",
     .text = &Event::hangup_cause_name,
     .parameter = "HangupCauseName",
     .b_leg_parameter = "DialBLegHangupCauseName",
     .left_out_of_json = 14,
     .sample = "Normal Hangup",
     .of_samples = kSampleOfEnd},
    {.name = "hangup_source",
     .text = &Event::hangup_source,
     .parameter = "HangupSource",
     .b_leg_parameter = "DialBLegHangupSource",
     .line_key = "source",
     .line_place = 9,
     .left_out_of_line = 3,
     .left_out_of_json = 4,
     .sample = "Caller",
     .of_samples = kSampleOfEnd},
    {.name = "cause_side",
     .text = &Event::cause_side,
     .line_key = "side",
     .line_place = 10,
     .variable = "PLIVO_CAUSE_SIDE",
     .sample = "callee",
     .of_samples = kSampleOfResult},
    {.name = "cause_remedy", .text = &Event::cause_remedy},
    {.name = "next",
     .text = &Event::next,
     .line_key = "next",
     .line_place = 5,
     .variable = "PLIVO_NEXT",
     .sample = "sentence",
     .of_samples = kSampleOfResult},
    {.name = "plan", .text = &Event::plan, .left_out_of_json = 10},
    {.name = "hangup_cause_code",
     .number = &Event::hangup_cause_code,
     .parameter = "HangupCauseCode",
     .b_leg_parameter = "DialBLegHangupCauseCode",
     .line_key = "hangup_code",
     .line_place = 8,
     .sample = "4000",
     .of_samples = kSampleOfEnd},
    {.name = "duration",
     .number = &Event::duration,
     .parameter = "Duration",
     .b_leg_parameter = "DialBLegDuration",
     .line_key = "duration",
     .line_place = 11,
     .sample = "42",
     .of_samples = kSampleOfEnd},
    {.name = "bill_duration",
     .number = &Event::bill_duration,
     .parameter = "BillDuration",
     .b_leg_parameter = "DialBLegBillDuration",
     .sample = "60",
     .of_samples = kSampleOfEnd},
    {.name = "stage",
     .number = &Event::stage,
     .line_key = "stage",
     .line_place = 12,
     .variable = "PLIVO_STAGE",
     .sample = "1",
     .of_samples = kSampleOfDial},
});

// The fields that have a number in `column`, by those; of one number in the order of the table.
template <int EventField::*kColumn>
constexpr auto ordered_by() {
  constexpr auto kCount = static_cast<std::size_t>(
      std::ranges::count_if(kFields, [](const EventField& field) { return field.*kColumn > 0; }));
  std::array<const EventField*, kCount> ordered{};
  std::size_t next = 0;
  for (const EventField& field : kFields) {
    if (field.*kColumn > 0) ordered[next++] = &field;
  }
  std::ranges::sort(ordered, {},
                    [](const EventField* field) { return std::pair(field->*kColumn, field); });
  return ordered;
}

constexpr auto kFieldsOfLines = ordered_by<&EventField::line_place>();
constexpr auto kFieldsLeftOutOfJson = ordered_by<&EventField::left_out_of_json>();

}  // namespace

std::span<const EventField, kEventFieldCount> event_fields() {
  return kFields;
}

std::span<const EventField* const> fields_of_lines() {
  return kFieldsOfLines;
}

std::span<const EventField* const> fields_left_out_of_json() {
  return kFieldsLeftOutOfJson;
}

Event::Text as_text(const EventField& field, const Event& event) {
  if (field.text != nullptr) return event.*field.text;
  if (field.flag != nullptr && event.*field.flag) return *(event.*field.flag) ? "true" : "false";
  if (field.number != nullptr && event.*field.number) {
    return std::to_string(*(event.*field.number));
  }
  return std::nullopt;
}

}  // namespace plivo_dial
