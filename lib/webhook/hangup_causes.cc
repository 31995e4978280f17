// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/hangup_causes.h"

#include <algorithm>
#include <array>

namespace plivo_dial {
namespace {

using enum CauseSide;

// Codes and names: Plivo docs, voice/troubleshooting/hangup-causes and voice/concepts/concurrency;
// 4240 and 4250 from the notes of Plivo's command line tool; 6030 from a platform that copies
// Plivo's protocol.
constexpr std::array<HangupCause, 58> kHangupCauses = {{
    {0, "Unknown", kPlivo, "Plivo does not know why the call ended.",
     "Expected after the API's Delete All Calls; otherwise give the CallUUID to Plivo's support."},
    {1000, "Canceled", kNormal, "The call was ended through the API before anyone answered.",
     "If nobody meant to, look for the program that calls the Hangup API with this auth id."},
    {1010, "Canceled (Out Of Credits)", kOperator,
     "The Plivo account has no credit left, so Plivo ended the call.",
     "Recharge the account in Plivo's console now and turn on auto-recharge: every call fails "
     "until "
     "then."},
    {1020, "Canceled (Simultaneous dial limit reached)", kOperator,
     "Too many calls to this same destination were under way at once.",
     "Spread them: give PlivoDial a second target, or put another stage or a voicemail behind it."},
    {2000, "Invalid Destination Address", kOperator,
     "The dialled number or SIP address is not one that can be called.",
     "Correct the target in PlivoDial: E.164 with country code, or sip:user@host."},
    {2010, "Destination Out Of Service", kOperator,
     "The dialled number exists in form, but is out of service.",
     "Ask the owner of the target, then replace it in PlivoDial or put another stage behind it."},
    {2020, "Endpoint Not Registered", kOperator,
     "The SIP endpoint that was dialled is not registered with Plivo.",
     "Check that the phone is switched on, online and logged in with the endpoint's user name and "
     "password."},
    {2030, "Destination Country Barred", kOperator,
     "The account may not call the country of this number.",
     "Enable the country under Voice, Geo Permissions in Plivo's console, or remove the target. "
     "Small "
     "accounts may call the US and India only, and an account that is not used loses permissions."},
    {2040, "Destination Number Barred", kOperator,
     "The number costs more than usual, and calls to such numbers are switched off for the "
     "account.",
     "Check that the target is what you meant; if it is, switch high-risk numbers on under Voice, "
     "Geo "
     "Permissions in Plivo's console."},
    {2050, "Destination Prefix Barred", kOperator,
     "Plivo bars calls from this account to numbers with this prefix.",
     "Enable the prefix under Voice, Geo Permissions in Plivo's console, or ask Plivo's support."},
    {2060, "Loop Detected", kOperator,
     "The call would have been forwarded to a number that it came from.",
     "Remove the called or the calling number from the targets of PlivoDial."},
    {2070, "Violates Media Anchoring", kOperator,
     "The audio of a call in India would have left the country, or mixed a phone line with WebRTC.",
     "Serve Indian numbers from a server in India, and don't connect phones and browsers in one "
     "call."},
    {3000, "No Answer", kCallee, "The called phone is not available: it need not have rung.",
     "If it happens often, check that the phone is on and reachable, or put another stage behind "
     "it."},
    {3010, "Busy Line", kCallee, "The line that was called is engaged.",
     "If it happens often, put another stage or a voicemail behind it."},
    {3020, "Rejected", kCallee,
     "The call was turned away, by the called side or by a Hangup element.",
     "With source Answer XML it was a document, such as the one of PlivoFallback; otherwise "
     "nothing is "
     "to do."},
    {3030, "Unknown Caller ID", kOperator,
     "The caller id is neither a number rented from Plivo nor a verified one.",
     "Set PlivoCallerId to a number of yours at Plivo, or verify the number in Plivo's console."},
    {3040, "Forbidden", kOperator, "The called network refused the call as not permitted.",
     "Check the target's permissions, and the allow list of the SIP server if the target is one."},
    {3050, "Unallocated number", kOperator, "Nobody has been given the number that was called.",
     "Correct the number in PlivoDial, country code included."},
    {3070, "Request timeout", kCarrier,
     "The carrier or SIP server did not react to the call in time.",
     "If the target is a SIP server of yours, check that Plivo can reach it; otherwise try again, "
     "and give Plivo the CallUUID when it stays."},
    {3080, "Internal server error from carrier", kCarrier,
     "The carrier failed while it set the call up.",
     "Give Plivo's support the CallUUID when it happens again."},
    {3090, "Network congestion from carrier", kCarrier,
     "The carrier had no free capacity for the call.",
     "It usually passes; give Plivo's support the CallUUID when it stays, and keep a second "
     "stage."},
    {3100, "Busy everywhere", kCallee, "All phones of the person who was called are engaged.",
     "If it happens often, put another stage or a voicemail behind it."},
    {3110, "Declined", kCallee, "The called side can't or won't take part in the call.", ""},
    {3120, "User does not exist anywhere", kOperator, "The called network knows no such user.",
     "Correct the user name of the SIP target or the number in PlivoDial."},
    {3130, "Spam block", kOperator,
     "The called side's network took the call for spam and blocked it.",
     "Register the caller id's reputation with Plivo (STIR/SHAKEN, branded calling), or use "
     "another "
     "number in PlivoCallerId."},
    {3140, "DNO Caller ID", kOperator, "The caller id is on a Do Not Originate list.",
     "Set PlivoCallerId to another number: one on that list may never place calls."},
    {4000, "Normal Hangup", kNormal, "One side hung up.", ""},
    {4010, "End Of XML Instructions", kNormal,
     "The document came to its end, and with it the call.", ""},
    {4020, "Multiparty Call Ended", kNormal, "The multiparty call was ended for all.", ""},
    {4030, "Kicked Out Of Multiparty Call", kNormal,
     "The participant was removed from a multiparty call.", ""},
    {4210, "SIP Authentication Failed", kOperator,
     "A carrier's call to the SIP address of the application was refused: neither its address nor "
     "its "
     "login is one that is allowed.",
     "Correct the list of addresses and the login of that application's SIP authentication in "
     "Plivo's "
     "console, or what the carrier sends."},
    {4240, "SIP auth failed", kOperator,
     "The SIP server that was dialled refused the login given with the target.",
     "Correct sipAuthUsername and sipAuthPassword of the target."},
    {4250, "SIP auth timeout", kOperator,
     "The SIP server that was dialled did not finish the login in time.",
     "Check that the target's SIP server answers logins, and its firewall."},
    {5000, "Network Error", kPlivo, "The network between Plivo and the call failed.",
     "See Plivo's status page; give Plivo's support the CallUUID when it happens again."},
    {5010, "Internal Error", kPlivo, "Plivo's platform failed.",
     "See Plivo's status page; give Plivo's support the CallUUID when it happens again."},
    {5020, "Routing Error", kPlivo, "Plivo found no route to the destination.",
     "Check the number; if it is right, give Plivo's support the CallUUID."},
    {5030, "Concurrency Limit Breached", kOperator,
     "The account had as many calls under way as it may have at once, so Plivo refused this one.",
     "Put fewer targets on one PlivoDial line, since each one that rings counts, and ask Plivo to "
     "raise the limit."},
    {6000, "Scheduled Hangup", kNormal, "The call reached its time limit.",
     "If calls are cut too early, raise timeLimit= on PlivoDial."},
    {6010, "Ring Timeout Reached", kCallee,
     "The phone rang for the whole time allowed, unanswered.",
     "If people have too little time to pick up, raise timeout= on PlivoDial; without it a phone "
     "rings "
     "for 120 seconds."},
    {6020, "Media Timeout", kOperator, "No audio arrived for 60 seconds, so Plivo ended the call.",
     "Look for a firewall or NAT that drops the RTP packets of the SIP phone or server."},
    {6030, "Call Rejected", kCallee, "The called side turned the call away.",
     "If it happens often, put another stage or a voicemail behind it."},
    {7011, "Error Reaching Answer URL", kOperator,
     "Plivo could not have the answer URL: no connection, too slow, or a status other than 2xx.",
     "Check the application's answer_url, DNS, certificate and firewall, and look for the request "
     "in "
     "httpd's logs."},
    {7012, "Error Reaching Action URL", kOperator,
     "Plivo got no good answer from the action URL after a Dial.",
     "Check that PlivoPublicURL is what Plivo can reach, and look for the request in httpd's "
     "logs."},
    {7013, "Error Reaching Transfer URL", kOperator,
     "Plivo got no good answer from the URL that a transfer named.",
     "Check aleg_url and bleg_url of the program that transfers calls through the API."},
    {7014, "Error Reaching Redirect URL", kOperator,
     "Plivo got no good answer from the URL of a Redirect element.",
     "Check the Redirect in the document you wrote: its URL must answer from the internet with 200 "
     "and a document."},
    {7022, "Invalid Action URL", kOperator,
     "The action URL in the document is not an absolute URL.",
     "Set PlivoPublicURL, and check action= on PlivoDial and PlivoDialDefault."},
    {7023, "Invalid Transfer URL", kOperator,
     "The URL that a transfer named is not an absolute URL.",
     "Correct aleg_url and bleg_url of the program that transfers calls through the API."},
    {7024, "Invalid Redirect URL", kOperator,
     "The URL of a Redirect element is not an absolute URL.",
     "Write the whole URL, with https://, into the Redirect of the document you wrote."},
    {7032, "Invalid Method For Action URL", kOperator,
     "The document names a method for the action URL that is neither GET nor POST.",
     "Write method=GET or method=POST on PlivoDial and PlivoDialDefault."},
    {7033, "Invalid Method For Transfer URL", kOperator,
     "A transfer named a method that is neither GET nor POST.",
     "Correct aleg_method and bleg_method of the program that transfers calls through the API."},
    {7034, "Invalid Method For Redirect URL", kOperator,
     "A Redirect element names a method that is neither GET nor POST.",
     "Write method=\"GET\" or method=\"POST\" on the Redirect in the document you wrote."},
    {8011, "Invalid Answer XML", kOperator,
     "The answer URL answered 200 with something else than a document that Plivo takes.",
     "Play a call with plivo-dialctl call --show-documents: look for an empty body, an error page, "
     "or a "
     "language= that its voice does not speak. If the reply is good, the number is attached to "
     "another "
     "application or to a flow of Plivo's console."},
    {8012, "Invalid Action XML", kOperator,
     "What the action URL returned after a Dial is not a Plivo document.",
     "Check that the action URL reaches this server and no other program, and the file of "
     "PlivoFallback."},
    {8013, "Invalid Transfer XML", kOperator,
     "What the URL of a transfer returned is not a Plivo document.",
     "Correct the program behind aleg_url and bleg_url."},
    {8014, "Invalid Redirect XML", kOperator,
     "What the URL of a Redirect returned is not a Plivo document.",
     "Correct the program behind the URL of that Redirect."},
    {9000, "Lost Race", kNormal, "Another phone that rang at the same time was quicker.", ""},
    {9100, "Machine Detected", kNormal,
     "A machine picked up, and the call was set to end in that case.",
     "If people are taken for machines, lengthen or turn off machine detection."},
    {9110, "Confirm Key Challenge Failed", kCallee,
     "Whoever picked up pressed the wrong key or none, so the call was not connected.",
     "If people miss it, make the document behind confirmSound= clearer."},
}};

static_assert(std::ranges::is_sorted(kHangupCauses, {}, &HangupCause::code));

}  // namespace

std::string_view to_string(CauseSide side) {
  switch (side) {
    case CauseSide::kNormal:
      return "normal";
    case CauseSide::kCaller:
      return "caller";
    case CauseSide::kCallee:
      return "callee";
    case CauseSide::kCarrier:
      return "carrier";
    case CauseSide::kPlivo:
      return "plivo";
    case CauseSide::kOperator:
      return "operator";
  }
  return "";
}

std::span<const HangupCause> hangup_causes() {
  return kHangupCauses;
}

const HangupCause* find_hangup_cause(std::int64_t code) {
  const auto found = std::ranges::lower_bound(kHangupCauses, code, {}, &HangupCause::code);
  return found != kHangupCauses.end() && found->code == code ? &*found : nullptr;
}

}  // namespace plivo_dial
