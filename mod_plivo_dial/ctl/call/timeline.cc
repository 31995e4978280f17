// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/timeline.h"

#include <algorithm>
#include <cstdio>
#include <span>

#include "mod_plivo_dial/ctl/call/speech.h"
#include "mod_plivo_dial/ctl/http/form_request.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "mod_plivo_dial/ctl/terminal.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kMargin = "           ";
constexpr std::size_t kRequestWidth = 34;

std::string clock_text(std::int64_t milliseconds) {
  char text[48];
  std::snprintf(text, sizeof text, "%5lld.%03lld", static_cast<long long>(milliseconds / 1000),
                static_cast<long long>(milliseconds % 1000));
  return text;
}

// The parameters worth a line, by what the request is about.
std::span<const std::string_view> highlights(Purpose purpose) {
  static constexpr std::string_view kCall[] = {"Event", "CallStatus"};
  static constexpr std::string_view kAction[] = {"DialStatus", "DialHangupCause", "Digits",
                                                 "RecordingDuration"};
  static constexpr std::string_view kLeg[] = {"Event", "DialBLegTo", "DialDigitsMatch",
                                              "DialDigitsPressedBy", "DialBLegHangupCauseCode"};
  static constexpr std::string_view kRecording[] = {"RecordingDuration"};
  static constexpr std::string_view kTranscription[] = {"transcription"};
  static constexpr std::string_view kHangup[] = {"Event", "CallStatus", "HangupCauseCode",
                                                 "Duration"};
  switch (purpose) {
    case Purpose::kAction:
      return kAction;
    case Purpose::kCallback:
      return kLeg;
    case Purpose::kRecording:
      return kRecording;
    case Purpose::kTranscription:
      return kTranscription;
    case Purpose::kHangup:
      return kHangup;
    default:
      return kCall;
  }
}

// URLs of requests are shown when they are requested.
bool is_shown(const Attribute& attribute) {
  return attribute.name != "action" && attribute.name != "method" &&
         attribute.name != "callbackUrl" && attribute.name != "callbackMethod" &&
         attribute.name != "transcriptionUrl" && attribute.name != "transcriptionMethod";
}

// The target of a <Dial> with what is its own, but for passwords.
std::string target_text(const Element& target) {
  std::string own;
  for (const Attribute& attribute : target.attributes) {
    const bool secret = attribute.name == "sipAuthPassword";
    own += (own.empty() ? "" : " ") + printable(attribute.name) + "=" +
           (secret ? "..." : printable(attribute.value));
  }
  return printable(target.text) + (own.empty() ? "" : " (" + own + ")");
}

std::string element_text(const Element& element) {
  std::string text = element.name;
  if (!element.text.empty()) {
    const bool words = element.name == "Speak";
    text += words ? " \"" + printable(element.text) + "\"" : " " + printable(element.text);
  }
  if (element.name == "Dial") {
    for (const Element& target : element.children) text += " " + target_text(target);
  }
  for (const Attribute& attribute : element.attributes) {
    if (!is_shown(attribute)) continue;
    text += " " + printable(attribute.name) + "=" + printable(attribute.value);
  }
  return text;
}

// What a play in disorder made of a request; "" where nothing.
std::string disorder_text(const RequestStep& step) {
  if (step.dropped) return "  (dropped)";
  if (!step.late) return step.again ? "  (again)" : "";
  std::string due = clock_text(step.due);
  due.erase(0, due.find_first_not_of(' '));
  return (step.again ? "  (again, late: due at " : "  (late: due at ") + due + ")";
}

std::string chaos_text(const ChaosCount& chaos) {
  return "Chaos with seed " + std::to_string(chaos.seed) + ": " + std::to_string(chaos.doubled) +
         " sent again, " + std::to_string(chaos.dropped) + " dropped, " +
         std::to_string(chaos.late) + " late.";
}

class Timeline {
 public:
  Timeline(const CallRecord& record, const TimelineOptions& options)
      : record_(record), options_(options) {}

  std::string render() {
    line(direction() + " call " + printable(record_.from) + " -> " + printable(record_.to) +
         ", CallUUID " + record_.call_uuid + " (virtual time, requests " +
         (record_.signed_requests ? "signed)" : "not signed)"));
    line("");
    for (const CallStep& step : record_.steps) {
      at_ = step.at;
      std::visit([this](const auto& what) { show(what); }, step.what);
    }
    line("");
    verdict();
    return std::move(out_);
  }

 private:
  void line(std::string_view text) {
    out_ += text;
    out_ += '\n';
  }

  std::string paint(Colour colour, std::string_view text) const {
    return painted(options_.colour ? colour : Colour::kNone, text);
  }

  std::string direction() const {
    return record_.direction == Direction::kInbound ? "Inbound" : "Outbound";
  }

  // The server of the first request is the one under test: its URLs need no host.
  std::string place(const RequestStep& step) {
    const std::string origin = origin_of(step.sent_url);
    if (home_.empty()) home_ = origin;
    std::string url = step.sent_url;
    if (step.method == "GET") url.resize(std::min(url.find('?'), url.size()));
    if (origin == home_) url.erase(0, origin.size());
    return printable(url.empty() ? "/" : url);
  }

  void show(const RequestStep& step) {
    std::string request = step.method + " " + place(step);
    request.resize(std::max(request.size(), kRequestWidth), ' ');
    const bool failed = !step.response.error.empty();
    const std::string status = failed ? "---" : std::to_string(step.response.status);
    const bool good = !failed && step.response.status >= 200 && step.response.status < 300;
    const std::string arrow =
        step.dropped ? paint(Colour::kYellow, "xx") : paint(Colour::kCyan, "->");
    std::string text = clock_text(at_) + "  " + arrow + " " + request + " " +
                       paint(good ? Colour::kGreen : Colour::kRed, status);
    for (const std::string_view name : highlights(step.purpose)) {
      for (const auto& [known, value] : step.parameters) {
        if (known == name) text += " " + known + "=" + printable(value);
      }
    }
    line(text + disorder_text(step));
    if (step.elements) {
      std::string names = step.elements->empty() ? "an empty Response, which ends the call" : "";
      for (const std::string& name : *step.elements) names += (names.empty() ? "" : ", ") + name;
      line(std::string(kMargin) + paint(Colour::kCyan, "<-") + " " + names);
    }
    if (options_.show_documents && !step.response.body.empty()) show_body(step.response.body);
  }

  void show_body(std::string_view body) {
    while (!body.empty()) {
      const std::size_t end = std::min(body.find('\n'), body.size());
      line(std::string(kMargin) + "   | " + printable(body.substr(0, end)));
      body.remove_prefix(std::min(end + 1, body.size()));
    }
  }

  void show(const ElementStep& step) {
    std::string text = clock_text(at_) + "     ";
    text.append(static_cast<std::size_t>(step.depth) * 2, ' ');
    text += element_text(step.element);
    if (!step.note.empty()) text += "  (" + printable(step.note) + ")";
    line(text);
  }

  void show(const LegStep& step) {
    line(clock_text(at_) + "       " + printable(step.target) + " " + printable(step.what));
  }

  void show(const NoticeStep& step) {
    if (step.severity == Severity::kNote) {
      line(clock_text(at_) + "       " + printable(step.text));
      return;
    }
    const bool warning = step.severity == Severity::kWarning;
    const bool fault = step.severity == Severity::kFault;
    const std::string_view sign = warning ? "! " : fault ? "!! fault: " : "!! refused: ";
    line(std::string(kMargin) + paint(warning ? Colour::kYellow : Colour::kRed, sign) +
         printable(step.text));
    if (step.cause_code != 0) {
      line(std::string(kMargin) + "   Plivo: " + std::to_string(step.cause_code) + " " +
           std::string(cause_name(step.cause_code)));
    }
    if (!step.remedy.empty()) line(std::string(kMargin) + "   " + printable(step.remedy));
  }

  void verdict() {
    std::string summary =
        "Call " + std::string(record_.end.status) + " after " + seconds_text(record_.ended);
    if (!record_.dial_status.empty()) summary += ", DialStatus " + record_.dial_status;
    summary += ", talk " + seconds_text(record_.talk) + ".";
    line(summary);
    std::string cause = "Ended by " + std::string(record_.end.source) + ": " +
                        std::to_string(record_.end.code) + " " +
                        std::string(cause_name(record_.end.code)) + ".";
    const std::string_view meaning = cause_meaning(record_.end.code);
    if (!meaning.empty() && !record_.stopped) cause += " " + std::string(meaning);
    line(cause);
    line(judgement());
    if (record_.chaos) line(chaos_text(*record_.chaos));
  }

  std::string judgement() const {
    const std::string requests =
        std::to_string(record_.requests) + (record_.requests == 1 ? " request" : " requests");
    if (record_.stopped) {
      return paint(Colour::kRed,
                   "STOPPED after " + requests +
                       ": do the documents lead in a circle? --max-steps allows more.");
    }
    std::string text;
    if (!is_good(record_)) {
      text = paint(Colour::kRed, "NOT OK") + ": " + requests;
      if (record_.refused != 0) {
        text += ", " + std::to_string(record_.refused) +
                (record_.refused == 1 ? " reply" : " replies") + " that Plivo would refuse";
      }
      if (record_.chaos && record_.chaos->differing != 0) {
        text += ", " + std::to_string(record_.chaos->differing) +
                (record_.chaos->differing == 1 ? " document" : " documents") +
                " that differed when asked for again";
      }
    } else {
      text = paint(Colour::kGreen, "OK") + ": " + requests + ", every reply acceptable";
    }
    if (record_.warnings != 0) {
      text += ", " + std::to_string(record_.warnings) +
              (record_.warnings == 1 ? " warning" : " warnings");
    }
    return text + ".";
  }

  const CallRecord& record_;
  const TimelineOptions& options_;
  std::string out_;
  std::string home_;
  std::int64_t at_ = 0;
};

}  // namespace

std::string render_timeline(const CallRecord& record, const TimelineOptions& options) {
  return Timeline(record, options).render();
}

}  // namespace plivo_dial::ctl
