// File: lib/route/caller_rules.h
//
// PlivoAllowFrom and PlivoDenyFrom: whose calls are taken. Read when the configuration is read,
// asked in requests.
//
//   CallerRules rules;
//   rules.add(CallerRules::Side::kDeny, {"+1415*", "anonymous", "action=busy"}, position);
//   rules.verdict("14155550111")      -> CallerAction::kBusy
//   rules.verdict("+442079460000")    -> nothing: the call is taken
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/position.h"
#include "lib/base/result.h"
#include "lib/route/route_image.h"

namespace plivo_dial {

// What becomes of a call that is not taken.
enum class CallerAction {
  kReject,     // Plivo declines it
  kBusy,       // the caller hears the tone
  kVoicemail,  // the caller may leave a message
};
std::string_view to_string(CallerAction action);  // "reject", "busy", "voicemail"

// Immutable once requests are served; then safe from any thread.
class CallerRules {
 public:
  enum class Side { kAllow, kDeny };

  // The arguments of one line: numbers in E.164, beginnings with a star, anonymous, file:/path with
  // one of these a line, and action=reject, busy or voicemail. The error names value and remedy, of
  // a file its first fault with the line and how many others there are; then nothing is added.
  Result<void> add(Side side, std::span<const std::string_view> arguments,
                   const Position& position);

  // For the caller `from`, as Plivo names it: what becomes of the call, or nothing where it is
  // taken. A line of PlivoDenyFrom that has the caller decides; else, where there are lines of
  // PlivoAllowFrom and none has the caller, the last of them.
  std::optional<CallerAction> verdict(std::string_view from) const;

  // A line each, for people: "deny 3 callers, action=busy  (/etc/a.conf:7)".
  std::vector<std::string> describe() const;

  // The line that sends callers to voicemail; null where none does.
  const Position* leads_to_voicemail() const;

 private:
  // Callers by hundreds of thousands lie in an image, which all of httpd's processes share.
  struct Line {
    Side side;
    CallerAction action;
    std::size_t count;
    Position position;
    std::string bytes;  // of the image
    std::optional<Image> image;
    std::optional<ListInImage> list;
  };

  std::vector<std::unique_ptr<Line>> lines_;
};

}  // namespace plivo_dial
