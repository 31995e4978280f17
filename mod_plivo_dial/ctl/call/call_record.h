// File: mod_plivo_dial/ctl/call/call_record.h
//
// What happened in a played call, step by step. The player writes it; the timeline and the JSON
// printer read it. Times are milliseconds of virtual time since the call began.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/document/element.h"
#include "mod_plivo_dial/ctl/call/call_script.h"
#include "mod_plivo_dial/ctl/call/outcome.h"
#include "mod_plivo_dial/ctl/http/http_client.h"

namespace plivo_dial::ctl {

inline constexpr std::int64_t kSecondMs = 1000;

// What a request is about.
enum class Purpose {
  kAnswer,
  kFallback,
  kRing,
  kAction,
  kRedirect,
  kCallback,
  kConfirm,
  kMusic,
  kRecording,
  kTranscription,
  kReport,
  kHangup,
};
std::string_view to_string(Purpose purpose);

struct RequestStep {
  Purpose purpose = Purpose::kAnswer;
  std::string method;
  std::string url;       // as Plivo would dial it, without fragment
  std::string sent_url;  // the URL that was really requested
  FormPairs parameters;  // sorted by name
  HttpResponse response;
  // Names of the reply's elements, when it was read as a document.
  std::optional<std::vector<std::string>> elements;
  // What a play in disorder made of it, see chaos.h.
  bool again = false;    // the same was sent before
  bool late = false;     // what was due later was sent before
  bool dropped = false;  // it was not sent at all
  std::int64_t due = 0;  // when it was due: before the step's own time where it is late
};

struct ElementStep {
  int depth = 0;  // 1 for the children of PreAnswer and GetDigits, 2 for a sound of a Dial
  Element element;
  std::string note;  // what became of it; may be empty
};

struct LegStep {
  int position = 0;  // of the child in its Dial, from 1
  std::string target;
  std::string what;  // "answers"
};

enum class Severity {
  kNote,
  kWarning,  // Plivo's behaviour is not documented, or the document does not do what it seems to
  kRefused,  // Plivo would not accept the reply
  kFault,    // the server said two things to one request
};

struct NoticeStep {
  Severity severity = Severity::kNote;
  std::string text;
  int cause_code = 0;  // the hangup cause that Plivo would report, or 0
  std::string remedy;
};

struct CallStep {
  std::int64_t at = 0;
  std::variant<RequestStep, ElementStep, LegStep, NoticeStep> what;
};

// One B leg.
struct LegRecord {
  int position = 0;
  std::string target;
  std::string from;
  std::string uuid;
  std::int64_t started = 0;
  std::optional<std::int64_t> answered;
  std::optional<std::int64_t> connected;
  std::int64_t ended = 0;
  LegEnd end;
};

// How the A leg ended. `status` is CallStatus, the rest as in LegEnd.
struct CallEnd {
  std::string_view status = "completed";
  std::string_view cause = "NORMAL_CLEARING";
  int code = 0;
  std::string_view source;
};

// How much of a play was in disorder.
struct ChaosCount {
  std::uint64_t seed = 0;
  std::size_t doubled = 0;    // requests that were sent again
  std::size_t dropped = 0;    // reports that were not sent
  std::size_t late = 0;       // reports that others overtook
  std::size_t differing = 0;  // documents that were another one when they were asked for again
};

struct CallRecord {
  std::string call_uuid;
  std::string from;
  std::string to;
  Direction direction = Direction::kInbound;
  bool signed_requests = false;  // every request carried signatures, or none did

  std::vector<CallStep> steps;
  std::vector<LegRecord> legs;

  std::optional<std::int64_t> answered;
  std::int64_t ended = 0;
  CallEnd end;
  std::string dial_status;  // of the last Dial; "" when there was none
  std::int64_t talk = 0;    // milliseconds of all conversations
  bool stopped = false;     // the request limit ended the play
  std::size_t requests = 0;
  std::size_t refused = 0;  // notices of that severity
  std::size_t warnings = 0;
  std::optional<ChaosCount> chaos;  // nothing: all came once and in order
};

// Whether the call was played to its end, Plivo would have accepted every reply, and what was asked
// for twice was the same twice.
inline bool is_good(const CallRecord& record) {
  const bool differs = record.chaos && record.chaos->differing != 0;
  return record.refused == 0 && !record.stopped && !differs;
}

}  // namespace plivo_dial::ctl
