// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/textual_causes.h"

#include <algorithm>
#include <array>

#include "lib/base/text.h"
#include "lib/webhook/hangup_causes.h"

namespace plivo_dial {
namespace {

using enum CauseSide;

// Plivo publishes no complete list. The words are those of its docs and of observed requests, with
// the telephony causes (ITU-T Q.850) of the same family that a carrier can add at any time. Behind
// some stands the numeric cause that says the same.
constexpr TextualCause kTextualCauses[] = {
    {"ALLOTTED_TIMEOUT", kNormal, "The call reached its time limit.", 6000},
    {"BEARERCAPABILITY_NOTAVAIL", kCarrier, "The network has no channel of the needed kind free."},
    {"CALL_REJECTED", kCallee, "The called side turned the call away.", 3020},
    {"CHANNEL_UNACCEPTABLE", kCarrier, "The network could not use the channel offered."},
    {"DESTINATION_COUNTRY_BARRED", kOperator,
     "The account may not call the country of this number.", 2030},
    {"DESTINATION_OUT_OF_ORDER", kCarrier, "The network cannot reach the called line just now."},
    {"EXCHANGE_ROUTING_ERROR", kCarrier, "The network could not route the call.", 5020},
    {"FACILITY_REJECTED", kCarrier, "The network refused a service that the call asked for."},
    {"INCOMING_CALL_BARRED", kCallee, "The called line does not accept calls from outside."},
    {"INCOMPATIBLE_DESTINATION", kCallee, "The called device cannot take this kind of call."},
    {"INSUFFICIENT_CREDITS", kOperator, "The Plivo account has no credit left.", 1010},
    {"INTERWORKING", kCarrier, "Two networks could not tell each other why the call ended."},
    {"INVALID_NUMBER_FORMAT", kOperator, "The number dialled is incomplete or malformed.", 2000},
    {"LOSE_RACE", kNormal, "Another phone that rang at the same time was quicker.", 9000},
    {"MANAGER_REQUEST", kNormal, "The call was ended through the platform's control interface."},
    {"MEDIA_TIMEOUT", kOperator, "No audio arrived for a minute.", 6020},
    {"NETWORK_OUT_OF_ORDER", kCarrier, "The carrier's network does not work.", 3080},
    {"NORMAL_CIRCUIT_CONGESTION", kCarrier, "The carrier had no free capacity for the call.", 3090},
    {"NORMAL_CLEARING", kNormal, "One side hung up; the numeric code may know more."},
    {"NORMAL_TEMPORARY_FAILURE", kCarrier, "The network failed for a moment.", 3080},
    {"NORMAL_UNSPECIFIED", kNormal, "The call ended normally, with no other reason given."},
    {"NO_ANSWER", kCallee, "The phone rang and nobody picked up.", 6010},
    {"NO_ROUTE_DESTINATION", kOperator, "No route leads to the number that was called.", 2000},
    {"NO_ROUTE_TRANSIT_NET", kCarrier, "A network on the way could not be reached."},
    {"NO_USER_RESPONSE", kCallee, "The called device did not react to the call."},
    {"NUMBER_CHANGED", kOperator, "The called person has a new number.", 3050},
    {"ORIGINATOR_CANCEL", kCaller, "The caller hung up before anyone answered."},
    {"OUTGOING_CALL_BARRED", kOperator, "The calling line may not place this call."},
    {"PROTOCOL_ERROR", kCarrier, "The networks misunderstood each other."},
    {"RECOVERY_ON_TIMER_EXPIRE", kCarrier, "The network did not react to the call in time.", 3070},
    {"REQUESTED_CHAN_UNAVAIL", kCarrier, "The network has no channel of the needed kind free."},
    {"SCHEDULED_HANGUP", kNormal, "The call reached its time limit.", 6000},
    {"SERVICE_NOT_IMPLEMENTED", kCarrier, "The network does not know this kind of call."},
    {"SERVICE_UNAVAILABLE", kCarrier, "The network cannot serve the call just now."},
    {"SIP_AUTH_FAILED", kOperator, "The dialled SIP server refused the login of the target.", 4240},
    {"SIP_AUTH_TIMEOUT", kOperator, "The dialled SIP server did not finish the login in time.",
     4250},
    {"SUBSCRIBER_ABSENT", kCallee, "The called phone is switched off or out of reach.", 3000},
    {"SWITCH_CONGESTION", kCarrier, "An exchange on the way is overloaded.", 3090},
    {"UNALLOCATED_NUMBER", kOperator, "Nobody has been given the number that was called.", 3050},
    {"UNKNOWN_CALLER_ID", kOperator,
     "The caller id is neither a number rented from Plivo nor a verified one.", 3030},
    {"USER_BUSY", kCallee, "The line that was called is engaged.", 3010},
    {"USER_NOT_REGISTERED", kOperator, "The dialled SIP endpoint is not registered.", 2020},
    {"XML_END", kNormal, "The document came to its end, and with it the call.", 4010},
};

static_assert(std::ranges::is_sorted(kTextualCauses, {}, &TextualCause::name));

bool before_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::lexicographical_compare(a, b, {}, to_large, to_large);
}

}  // namespace

std::span<const TextualCause> textual_causes() {
  return kTextualCauses;
}

std::string_view remedy_of(const TextualCause& cause) {
  const HangupCause* row = find_hangup_cause(cause.code);
  return row ? row->remedy : std::string_view();
}

const TextualCause* find_textual_cause(std::string_view name) {
  const auto found =
      std::ranges::lower_bound(kTextualCauses, name, before_ignoring_case, &TextualCause::name);
  const bool matches =
      found != std::ranges::end(kTextualCauses) && !before_ignoring_case(name, found->name);
  return matches ? &*found : nullptr;
}

}  // namespace plivo_dial
