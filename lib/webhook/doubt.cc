// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/doubt.h"

#include "lib/base/in_quotes.h"
#include "lib/base/letter_case.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kMostOfWord = 40;

bool names_leg(const Webhook& webhook) {
  return webhook.b_leg && !webhook.b_leg->empty();
}

}  // namespace

std::optional<Doubt> doubt_of(const Webhook& webhook) {
  if (webhook.endpoint == Endpoint::kAnswer && !webhook.is_known) return Doubt::kUnknownEvent;
  if (webhook.endpoint != Endpoint::kAction || webhook.kind != EventKind::kDialResult) {
    return std::nullopt;
  }
  const std::string_view text = webhook.dial_status_text.value_or("");
  const bool completed = webhook.dial_status == DialStatus::kCompleted;
  if (webhook.dial_status == DialStatus::kUnknown ||
      (completed && !equals_ignoring_case(text, "completed"))) {
    return Doubt::kStatusWord;
  }
  if (completed && webhook.call_status == CallStatus::kRinging && !names_leg(webhook)) {
    return Doubt::kNobodyAnswered;
  }
  return std::nullopt;
}

std::string doubt_text(Doubt doubt, const Webhook& webhook, const RequestParameters& parameters) {
  const auto word = [](std::string_view text) { return in_quotes(text.substr(0, kMostOfWord)); };
  switch (doubt) {
    case Doubt::kStatusWord: {
      const bool answered = webhook.dial_status == DialStatus::kCompleted || names_leg(webhook);
      return "DialStatus " + word(webhook.dial_status_text.value_or("")) +
             " is no word of Plivo's; it is taken for " +
             (answered ? "completed" : "a stage that nobody answered");
    }
    case Doubt::kNobodyAnswered:
      return "DialStatus is completed, while CallStatus is ringing and no B leg is named: it is "
             "taken at its word, and the call ends";
    case Doubt::kUnknownEvent:
      return "Event " + word(parameters.find("Event").value_or("")) +
             " where calls begin is not known; it is taken for no new call, and nobody is dialled";
  }
  return "";
}

}  // namespace plivo_dial
