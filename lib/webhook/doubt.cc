// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/doubt.h"

#include <array>
#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/base/text.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kMostOfWord = 40;

// What the events of a flow are made of.
constexpr std::array<std::string_view, 6> kOfFlow = {
    "DialStatus", "DialALegUUID", "DialBLegUUID", "DialHangupCause", "DialRingStatus", "CallUUID"};

bool is_alike(std::string_view name, std::string_view word) {
  std::string letters;
  for (const char c : name) {
    if (c != '_' && c != '-' && c != ' ') letters += c;
  }
  return equals_ignoring_case(letters, word);
}

// A parameter that its author meant to be one of kOfFlow, which is not there; and that one.
std::optional<std::pair<std::string_view, std::string_view>> misspelt_name(
    const RequestParameters& parameters) {
  for (const std::string_view word : kOfFlow) {
    if (parameters.find(word)) continue;
    for (const Form* form : {&parameters.query, &parameters.body}) {
      for (const Parameter& pair : form->parameters()) {
        if (is_alike(pair.name, word) && pair.name != "call_uuid") return {{pair.name, word}};
      }
    }
  }
  return std::nullopt;
}

bool names_leg(const Webhook& webhook) {
  return webhook.b_leg && !webhook.b_leg->empty();
}

}  // namespace

std::optional<Doubt> doubt_of(const Webhook& webhook, const RequestParameters& parameters) {
  if (webhook.endpoint == Endpoint::kEvent) {
    return misspelt_name(parameters) ? std::optional(Doubt::kSpelling) : std::nullopt;
  }
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
      const bool answered = webhook.dial_status == DialStatus::kCompleted;
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
    case Doubt::kSpelling: {
      const auto [name, meant] =
          misspelt_name(parameters).value_or(std::pair(std::string_view(), std::string_view()));
      return "the parameter " + word(name) + " is not " + std::string(meant) +
             ", which Plivo spells so: it is in the event's params only. Write it so in the flow";
    }
  }
  return "";
}

}  // namespace plivo_dial
