// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/outcome.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"
#include "lib/base/without_plus.h"
#include "lib/webhook/hangup_causes.h"
#include "lib/webhook/vocabulary.h"
#include "mod_plivo_dial/ctl/call/party.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::array<OutcomeRule, 9> kOutcomeRules = {{
    {Outcome::kCompleted,
     "completed",
     {"completed", "NORMAL_CLEARING", 4000, "Callee"},
     true,
     -1,
     "answers"},
    {Outcome::kBusy, "busy", {"busy", "USER_BUSY", 3010, "Carrier"}, false, 3, "is busy"},
    {Outcome::kNoAnswer,
     "no-answer",
     {"no-answer", "NO_ANSWER", 3000, "Carrier"},
     true,
     -1,
     "does not answer"},
    {Outcome::kFailed,
     "failed",
     {"failed", "CALL_REJECTED", 3020, "Carrier"},
     false,
     1,
     "cannot be reached"},
    {Outcome::kTimeout,
     "timeout",
     {"timeout", "RECOVERY_ON_TIMER_EXPIRE", 3070, "Carrier"},
     false,
     15,
     "gets no reply from the carrier"},
    {Outcome::kCancel, "cancel", kCallerGone, true, -1, "rings until the caller gives up"},
    {Outcome::kNotConfirmed,
     "not-confirmed",
     {"no-answer", "NORMAL_CLEARING", 9110, "Plivo"},
     true,
     -1,
     "does not press the confirm key"},
    {Outcome::kSipAuthFailed,
     "sip-auth-failed",
     {"failed", "sip_auth_failed", 4240, "Carrier"},
     false,
     1,
     "refuses the SIP login"},
    {Outcome::kSipAuthTimeout,
     "sip-auth-timeout",
     {"timeout", "sip_auth_timeout", 4250, "Carrier"},
     false,
     15,
     "does not answer the SIP login"},
}};

Error unknown_word(std::string_view word) {
  std::vector<std::string_view> words;
  for (const OutcomeRule& rule : kOutcomeRules) words.push_back(rule.word);
  return Error{"unknown outcome " + in_quotes(word) + proposal_or_list(word, words)};
}

}  // namespace

std::span<const OutcomeRule> outcome_rules() {
  return kOutcomeRules;
}

const OutcomeRule& outcome_rule(Outcome outcome) {
  return *std::find_if(kOutcomeRules.begin(), kOutcomeRules.end(),
                       [&](const OutcomeRule& rule) { return rule.outcome == outcome; });
}

Result<TargetOutcome> parse_target_outcome(std::string_view text) {
  // SIP URIs may hold '=' in their parameters, outcomes never do.
  const std::size_t equals = text.rfind('=');
  if (equals == std::string_view::npos || equals == 0) {
    return Error{"\"" + std::string(text) +
                 "\" is not TARGET=OUTCOME; write for example +14155550100=busy or *=no-answer"};
  }
  TargetOutcome parsed;
  parsed.target = text.substr(0, equals);
  if (parsed.target != "*") {
    if (Result<void> party = check_party(parsed.target); !party) return party.error();
  }
  std::string_view word = text.substr(equals + 1);
  if (const std::size_t colon = word.find(':'); colon != std::string_view::npos) {
    const std::string_view digits = word.substr(colon + 1);
    int seconds = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
    if (error != std::errc() || end != digits.data() + digits.size() || seconds < 0 ||
        seconds > 86400) {
      return Error{"\"" + std::string(digits) + "\" in \"" + std::string(text) +
                   "\" is not a number of seconds from 0 to 86400"};
    }
    parsed.seconds = seconds;
    word = word.substr(0, colon);
  }
  const auto rule = std::find_if(kOutcomeRules.begin(), kOutcomeRules.end(),
                                 [&](const OutcomeRule& known) { return known.word == word; });
  if (rule == kOutcomeRules.end()) return unknown_word(word);
  parsed.outcome = rule->outcome;
  return parsed;
}

bool same_target(std::string_view one, std::string_view other) {
  return without_plus(one) == without_plus(other);
}

TargetOutcome find_outcome(std::span<const TargetOutcome> outcomes, std::string_view target) {
  for (const TargetOutcome& entry : outcomes) {
    if (same_target(entry.target, target)) return entry;
  }
  for (const TargetOutcome& entry : outcomes) {
    if (entry.target == "*") return entry;
  }
  return TargetOutcome{std::string(target), Outcome::kCompleted, std::nullopt};
}

std::string_view cause_name(int code) {
  if (const HangupCause* cause = find_hangup_cause(code)) return cause->name;
  if (code == 4240) return "SIP Auth Failed";
  if (code == 4250) return "SIP Auth Timeout";
  return "Unknown";
}

std::string_view cause_meaning(int code) {
  const HangupCause* cause = find_hangup_cause(code);
  return cause ? cause->meaning : std::string_view();
}

}  // namespace plivo_dial::ctl
