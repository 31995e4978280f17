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
#include <utility>
#include <vector>

#include "lib/base/position.h"
#include "lib/base/result.h"
#include "lib/document/element.h"
#include "lib/plan/target.h"
#include "lib/plan/when.h"
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
  When when = {};         // it rings only then
  When when_of_map = {};  // and then, as the line of a route map says

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

inline constexpr std::string_view kRecordNotice = "This call may be recorded.";

// PlivoRecord On: the talk of a call is recorded.
struct CallRecording {
  std::optional<Prompt> notice;  // before the first dial; a text that is empty is kRecordNotice
  Attributes attributes;         // of <Record>
  Position position = {};

  friend bool operator==(const CallRecording&, const CallRecording&) = default;
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

// "the caller's number", "+14155550199".
std::string describe(const CallerId& caller_id);

// A text message to a number of the administrator's.
struct TextMessage {
  std::string to;    // E.164
  std::string from;  // E.164; "": the number that was called
  std::string text;  // with places (document/places.h)

  friend bool operator==(const TextMessage&, const TextMessage&) = default;
};
inline constexpr std::string_view kMissedCallText = "Missed call from {{From}} to {{To}}";

// What follows: a dial that ended with one of `statuses` (PlivoOn), a key of a menu (PlivoKey), or
// the prompts of a call that begins (PlivoAnswer); the last two have no statuses.
struct FollowUp {
  enum class Kind {
    kHangUp,
    kNext,       // the next stage, or what follows the last one; before a dial the first stage
    kVoicemail,  // the plan's
    kPrompt,     // `prompt`, and the call ends
    kDial,       // `dial`; behind that of PlivoOn no line of PlivoOn holds
    kRedirect,   // another document, at `url`
    kMenu,       // `menu`
    kDocument,   // the document in `file`, which the plan does not know
    kMessage,    // `message` is sent, and it goes on as without the line; before that a stage rings
  };
  std::vector<DialStatus> statuses;  // empty: any but completed that no other line names
  Kind kind = Kind::kHangUp;
  Prompt prompt = {};  // kSpeak or kPlay
  Stage dial = {};
  std::string url = {};
  std::string menu = {};  // its name
  std::string file = {};  // absolute path
  TextMessage message = {};
  When when = {};  // of PlivoAnswer: it holds only then
  When when_of_map = {};
  Position position = {};

  friend bool operator==(const FollowUp&, const FollowUp&) = default;
};

// <PlivoMenu>: a question, and where each key leads.
struct Menu {
  struct Line {
    enum class Kind {
      kKeys,   // `keys`
      kNone,   // silence, as often as the question is put
      kOther,  // a key that no line has
    };
    Kind kind = Kind::kKeys;
    std::string keys = {};  // any of 0-9 * #
    FollowUp step = {};

    friend bool operator==(const Line&, const Line&) = default;
  };
  std::string name;
  std::vector<Prompt> prompts;  // kSpeak or kPlay
  std::vector<Line> lines;
  int retries = 2;           // how often the question is put
  std::string timeout = {};  // seconds until the first key; "" for Plivo's default
  Position position = {};

  friend bool operator==(const Menu&, const Menu&) = default;
};
inline constexpr std::size_t kMaxMenus = 50;

// So many documents a call gets from its first menu on until no other menu is put: then it is as if
// nobody were reached. What hunts through stages goes on to their end.
inline constexpr int kMaxWalk = 28;

// Behind the Location in the name of the plan for numbers that have none of their own.
inline constexpr std::string_view kDefaultPlan = " default";

struct Plan {
  // For people: the number, the Location or the name ("+14155550199", "/dialstatus", "/dialstatus
  // default", "sales").
  std::string name;
  std::vector<Prompt> prompts;
  std::optional<FollowUp> begin;  // what follows the prompts; without it the first stage
  std::vector<Stage> stages;
  std::vector<FollowUp> follow_ups;
  std::vector<Menu> menus;              // that something leads to
  std::vector<std::string> menu_names;  // of all that hold here, for proposals
  Attributes dial_defaults;  // PlivoDialDefault: attributes of each stage that does not set them
  CallerId caller_id;
  std::optional<Confirm> confirm;
  std::optional<CallRecording> recording;
  std::optional<Voicemail> voicemail;
  Voice voice;

  friend bool operator==(const Plan&, const Plan&) = default;
};

// What follows what, by its place: from 0 on the follow-ups, at kBeginLine what begins, from
// kMenuLines on the lines of all menus in their order. Null where there is none.
inline constexpr std::size_t kBeginLine = 99;
inline constexpr std::size_t kMenuLines = 100;
inline constexpr std::size_t kMostMenuLines = 750;  // a stage has at most three digits
const FollowUp* line_at(const Plan& plan, std::size_t index);

// All of them, with their places, and the directive of the one at `index`.
std::vector<std::pair<std::size_t, const FollowUp*>> all_lines(const Plan& plan);
std::string_view directive_of_line(std::size_t index);

// The place of the menu of this name, and of its first line; nothing where there is none.
std::optional<std::size_t> menu_named(const Plan& plan, std::string_view name);
std::size_t first_line_of(const Plan& plan, std::size_t menu);

// The stage at `index`, from 0: those of PlivoDial, and from kMaxStages on those that lines dial,
// by the place of the line. Null where there is none.
const Stage* stage_at(const Plan& plan, std::size_t index);

// Whether the stage rings at the moment of `hours`.
bool rings_at(const Stage& stage, const Hours* hours);

// The first stage of PlivoDial from `first` on that rings at the moment of `hours`; as many as
// there are where none does.
std::size_t open_stage(const Plan& plan, std::size_t first, const Hours* hours);

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

// What the caller hears of the recording, as it is said in `plan`; nothing where there is none.
std::optional<Prompt> record_notice(const Plan& plan);

// The prompt of PlivoConfirm is for `stage`: neither that one nor a default has a sound of its own.
bool is_confirmed(const Plan& plan, const Stage& stage);

// Whether Plivo goes on in the document behind the dial of `stage` (redirect=false).
bool continues_in_document(const Plan& plan, const Stage& stage);

// Prompt and stage as elements of the document, without what a request adds to them.
Element element_of(const Prompt& prompt);
Element element_of(const Plan& plan, const Stage& stage);

// Checks that the attributes of `stage` and the plan's defaults make sense together: confirmKey
// needs confirmSound, which another line may give. The error says what is missing.
Result<void> check_stage(const Plan& plan, const Stage& stage);

// Checks that the built-in greeting of the plan's voicemail is in the language of who says it. The
// error says what to add.
Result<void> check_voice(const Plan& plan);

// The same of the prompt of its confirm, and of the notice of its recording.
Result<void> check_confirm(const Plan& plan);
Result<void> check_notice(const Plan& plan);

// The longest time in seconds that the plan rings before its last stage gives up: the sum of the
// stages' timeouts, and the longest of those that a follow-up dials; 120 for a stage without one
// (Plivo's hangup code 6010 documents that default).
long longest_ringing(const Plan& plan);

// The schedules that the plan asks for, each with the first line that names it.
std::vector<std::pair<std::string_view, Position>> schedules_of(const Plan& plan);

}  // namespace plivo_dial
