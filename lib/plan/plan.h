// File: lib/plan/plan.h
//
// A plan: what to do with a call to a number. Plain data; read from directives into layers by
// plan/plan_layer.h, walked by plan/next_step.h, rendered by plan/answer.h. Each line of it knows
// where it stands in the configuration.
//
//   Plan plan;
//   plan.prompts = {{Prompt::Kind::kSpeak, "Connecting your call.", {}}};
//   plan.stages = {{{*parse_target("+14155550100")}, {{"timeout", "20"}}}};
//   longest_ringing(plan)   -> 20
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/position.h"
#include "lib/base/result.h"
#include "lib/document/element.h"
#include "lib/plan/target.h"
#include "lib/webhook/vocabulary.h"

namespace plivo_dial {

inline constexpr std::string_view kApology =
    "Sorry, nobody can take your call right now. Please try again later. Goodbye.";
inline constexpr std::string_view kVoicemailGreeting =
    "Sorry, nobody can take your call right now. Please leave a message after the tone.";

// PlivoVoice: who says the sentences of a plan, and what the built-in ones are.
struct Voice {
  Attributes attributes;  // voice and language of <Speak>, for each that has neither
  std::string apology{kApology};
  std::string greeting{kVoicemailGreeting};
  Position position = {};

  friend bool operator==(const Voice&, const Voice&) = default;
};

// One Speak, Play or Wait before the first dial.
struct Prompt {
  enum class Kind { kSpeak, kPlay, kWait };
  Kind kind = Kind::kSpeak;
  std::string content;    // text, URL, or seconds
  Attributes attributes;  // of the element
  Position position = {};

  friend bool operator==(const Prompt&, const Prompt&) = default;
};

// Whom a PlivoDial line rings when (ring=). The first three are written out as stages that ring all
// their targets (plan/ring_order.h).
enum class Ring {
  kAll,     // all together
  kOrder,   // one after the other
  kMemory,  // one after the other, and those before go on ringing
  kRandom,  // one after the other, in an order that is drawn for each call
};

// One dial: its targets ring together; of kRandom the one that is drawn for `place`.
struct Stage {
  std::vector<Target> targets;
  Attributes attributes;  // of <Dial>, without the defaults
  Position position = {};
  bool confirms = true;  // where the plan has PlivoConfirm
  Ring ring = Ring::kAll;
  std::size_t place = 0;  // among the stages of its line, from 0

  friend bool operator==(const Stage&, const Stage&) = default;
};

// A plan has at most this many stages; hunting through them takes an hour and more.
inline constexpr std::size_t kMaxStages = 100;

// PlivoVoicemail On: what becomes of a caller whom nobody answered.
struct Voicemail {
  Prompt greeting;        // kSpeak or kPlay; a text that is empty stands for the plan's voice's
  Attributes attributes;  // of <Record>
  Position position = {};

  friend bool operator==(const Voicemail&, const Voicemail&) = default;
};

// PlivoConfirm: what whoever picks up hears before the caller is connected, and the key that takes
// the call, so that a machine which picks up does not.
struct Confirm {
  Prompt prompt;        // kSpeak or kPlay; a text that is empty stands for confirm_sentence()
  std::string key;      // "1"; "" for a prompt alone, after which the caller is connected
  std::string timeout;  // seconds from the answer on; "" for Plivo's default
  Position position = {};

  friend bool operator==(const Confirm&, const Confirm&) = default;
};

// The built-in prompt: "You have a call. Press 1 to take it.", and without a key its first half.
std::string confirm_sentence(std::string_view key);

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

// PlivoOn: what follows a dial that ended with one of these statuses.
struct FollowUp {
  enum class Kind {
    kHangUp,
    kNext,       // the next stage, or what follows the last one
    kVoicemail,  // the plan's
    kPrompt,     // `prompt`, and the call ends
    kDial,       // `dial`; behind it nobody else is dialled, and no line of PlivoOn holds
    kRedirect,   // another document, at `url`
  };
  std::vector<DialStatus> statuses;  // empty: any but completed that no other line names
  Kind kind = Kind::kHangUp;
  Prompt prompt = {};  // kSpeak or kPlay
  Stage dial = {};
  std::string url = {};
  Position position = {};

  friend bool operator==(const FollowUp&, const FollowUp&) = default;
};

struct Plan {
  std::string name;  // for people: the number or the Location ("+14155550199", "/dialstatus")
  std::vector<Prompt> prompts;
  std::vector<Stage> stages;
  std::vector<FollowUp> follow_ups;
  Attributes dial_defaults;  // PlivoDialDefault: attributes of each stage that does not set them
  CallerId caller_id;
  std::optional<Confirm> confirm;
  std::optional<Voicemail> voicemail;
  Voice voice;

  friend bool operator==(const Plan&, const Plan&) = default;
};

// The stage at `index`, from 0: those of PlivoDial, and from kMaxStages on those that the
// follow-ups dial, by the place of their line. Null where there is none.
const Stage* stage_at(const Plan& plan, std::size_t index);

// All of them, and the directive that `stage`, one of them, comes from.
std::vector<const Stage*> all_stages(const Plan& plan);
std::string_view directive_of(const Plan& plan, const Stage& stage);

// The value of a <Dial> attribute of `stage` after the plan's defaults, or null.
const std::string* stage_attribute(const Plan& plan, const Stage& stage, std::string_view name);

// `prompt` as it is said in `plan`: by the plan's voice, unless it has voice= or language= of its
// own, and with the plan's greeting where it has no text.
Prompt spoken(const Plan& plan, const Prompt& prompt);

// What whoever picks up hears, as it is said in `plan`, which has a confirm.
Prompt confirm_prompt(const Plan& plan);

// The prompt of PlivoConfirm is for `stage`: neither that one nor a default has a sound of its own.
bool is_confirmed(const Plan& plan, const Stage& stage);

// Prompt and stage as elements of the document, without what a request adds to them.
Element element_of(const Prompt& prompt);
Element element_of(const Plan& plan, const Stage& stage);

// Checks that the attributes of `stage` and the plan's defaults make sense together: confirmKey
// needs confirmSound, which another line may give. The error says what is missing.
Result<void> check_stage(const Plan& plan, const Stage& stage);

// Checks that the built-in greeting of the plan's voicemail is in the language of who says it. The
// error says what to add.
Result<void> check_voice(const Plan& plan);

// The same of the prompt of its confirm.
Result<void> check_confirm(const Plan& plan);

// The longest time in seconds that the plan rings before its last stage gives up: the sum of the
// stages' timeouts, and the longest of those that a follow-up dials; 120 for a stage without one
// (Plivo's hangup code 6010 documents that default).
long longest_ringing(const Plan& plan);

}  // namespace plivo_dial
