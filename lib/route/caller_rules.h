// File: lib/route/caller_rules.h
//
// PlivoAllowFrom and PlivoDenyFrom: whose calls are taken. Read when the configuration is read,
// asked in requests. Files are named only: what stands in them is in the tables (lib/tables), which
// follow them while httpd runs.
//
//   CallerRules rules;
//   rules.add(CallerRules::Side::kDeny, {"+1415*", "anonymous", "action=busy"}, position);
//   rules.verdict("14155550111", lists)->action      -> CallerAction::kBusy
//   rules.verdict("+442079460000", lists)    -> nothing: the call is taken
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/position.h"
#include "lib/base/result.h"
#include "lib/route/number_pattern.h"
#include "lib/route/route_image.h"

namespace plivo_dial {

// What becomes of a call that is not taken.
enum class CallerAction {
  kReject,     // Plivo declines it
  kBusy,       // the caller hears the tone
  kVoicemail,  // the caller may leave a message
};
std::string_view to_string(CallerAction action);  // "reject", "busy", "voicemail"

// What becomes of a call, and the line that says so.
struct CallerVerdict {
  CallerAction action;
  Position position;

  friend bool operator==(const CallerVerdict&, const CallerVerdict&) = default;
};

// The lists in files, as they are now. What it gives is valid as long as it lives.
class NumberLists {
 public:
  // Null for a file that is not known.
  virtual const ListInImage* list(std::string_view path) const = 0;

 protected:
  ~NumberLists() = default;
};

// Immutable once requests are served; then safe from any thread.
class CallerRules {
 public:
  enum class Side { kAllow, kDeny };

  // The arguments of one line: numbers in E.164, beginnings with a star, anonymous, file:/path with
  // one of these a line, and action=reject, busy or voicemail. The error names value and remedy;
  // then nothing is added.
  Result<void> add(Side side, std::span<const std::string_view> arguments,
                   const Position& position);

  // For the caller `from`, as Plivo names it: what becomes of the call, or nothing where it is
  // taken. A line of PlivoDenyFrom that has the caller decides; else, where there are lines of
  // PlivoAllowFrom and none has the caller, the last of them. A file that `lists`, which may be
  // null, does not know has nobody on the side of PlivoDenyFrom and everybody on that of
  // PlivoAllowFrom: better a call too many than none.
  std::optional<CallerVerdict> verdict(std::string_view from, const NumberLists* lists) const;

  // The files, each with the line that names it first.
  std::vector<std::pair<std::string, Position>> files() const;

  // A line each, for people: "deny +1415* file:/spam action=busy  (/etc/a.conf:7)".
  std::vector<std::string> describe() const;

  // The line that sends callers to voicemail; null where none does.
  const Position* leads_to_voicemail() const;

 private:
  struct Line {
    Side side;
    CallerAction action;
    Position position;
    std::vector<NumberPattern> callers;
    std::vector<std::string> files;

    bool has(std::string_view from, const NumberLists* lists) const;
  };

  std::vector<Line> lines_;
};

}  // namespace plivo_dial
