// File: lib/plan/plan.h
//
// A plan: what to do with a call to a number. Plain data; read from directives by
// plan/directive_arguments.h, walked by plan/next_step.h, rendered by plan/answer.h.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/document/element.h"
#include "lib/plan/target.h"

namespace plivo_dial {

// One Speak, Play or Wait before the first dial.
struct Prompt {
  enum class Kind { kSpeak, kPlay, kWait };
  Kind kind = Kind::kSpeak;
  std::string content;    // text, URL, or seconds
  Attributes attributes;  // of the element

  friend bool operator==(const Prompt&, const Prompt&) = default;
};

// One PlivoDial line: its targets ring together.
struct Stage {
  std::vector<Target> targets;
  Attributes attributes;  // of <Dial>, without the defaults

  friend bool operator==(const Stage&, const Stage&) = default;
};

// A plan has at most this many stages; hunting through them takes an hour and more.
inline constexpr std::size_t kMaxStages = 100;

// PlivoVoicemail On: what becomes of a caller whom nobody answered.
struct Voicemail {
  Prompt greeting;        // kSpeak or kPlay
  Attributes attributes;  // of <Record>

  friend bool operator==(const Voicemail&, const Voicemail&) = default;
};

// PlivoCallerId.
struct CallerId {
  enum class Kind {
    kPlivo,   // no callerId attribute: Plivo presents the A leg's own
    kCaller,  // the caller's number, from the request
    kCalled,  // the number that was called, from the request
    kNumber,  // `number`
  };
  Kind kind = Kind::kPlivo;
  std::string number;

  friend bool operator==(const CallerId&, const CallerId&) = default;
};

struct Plan {
  std::string name;  // for people: the number or the Location ("+14155550199", "/dialstatus")
  std::vector<Prompt> prompts;
  std::vector<Stage> stages;
  Attributes dial_defaults;  // PlivoDialDefault: attributes of each stage that does not set them
  CallerId caller_id;
  std::optional<Voicemail> voicemail;

  friend bool operator==(const Plan&, const Plan&) = default;
};

// The value of a <Dial> attribute of `stage` after the plan's defaults, or null.
const std::string* stage_attribute(const Plan& plan, const Stage& stage, std::string_view name);

// Checks that the attributes of `stage` and the plan's defaults make sense together: confirmKey
// needs confirmSound, which another line may give. The error says what is missing.
Result<void> check_stage(const Plan& plan, const Stage& stage);

// The longest time in seconds that the plan rings before its last stage gives up: the sum of the
// stages' timeouts, 120 for a stage without one (Plivo's hangup code 6010 documents that default).
long longest_ringing(const Plan& plan);

}  // namespace plivo_dial
