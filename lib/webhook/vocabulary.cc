// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/vocabulary.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "lib/base/text.h"

namespace plivo_dial {
namespace {

template <class Status>
struct StatusWord {
  std::string_view spelling;
  Status status;
};

// The first spelling of a status is Plivo's; the others are accepted.
constexpr std::array<StatusWord<CallStatus>, 13> kCallStatuses = {{
    {"queued", CallStatus::kQueued},
    {"ringing", CallStatus::kRinging},
    {"in-progress", CallStatus::kInProgress},
    {"inprogress", CallStatus::kInProgress},
    {"completed", CallStatus::kCompleted},
    {"busy", CallStatus::kBusy},
    {"failed", CallStatus::kFailed},
    {"timeout", CallStatus::kTimeout},
    {"no-answer", CallStatus::kNoAnswer},
    {"noanswer", CallStatus::kNoAnswer},
    {"cancel", CallStatus::kCancel},
    {"canceled", CallStatus::kCancel},
    {"cancelled", CallStatus::kCancel},
}};
// The words behind the first of each are what authors of PHLO flows write: end states of the Call
// Forward node ("Busy/Rejected") and what else people call them.
constexpr std::array<StatusWord<DialStatus>, 21> kDialStatuses = {{
    {"completed", DialStatus::kCompleted},
    {"complete", DialStatus::kCompleted},
    {"answered", DialStatus::kCompleted},
    {"answer", DialStatus::kCompleted},
    {"connected", DialStatus::kCompleted},
    {"busy", DialStatus::kBusy},
    {"busy-rejected", DialStatus::kBusy},
    {"rejected", DialStatus::kBusy},
    {"failed", DialStatus::kFailed},
    {"failure", DialStatus::kFailed},
    {"timeout", DialStatus::kTimeout},
    {"time-out", DialStatus::kTimeout},
    {"timed-out", DialStatus::kTimeout},
    {"no-answer", DialStatus::kNoAnswer},
    {"noanswer", DialStatus::kNoAnswer},
    {"not-answered", DialStatus::kNoAnswer},
    {"unanswered", DialStatus::kNoAnswer},
    {"cancel", DialStatus::kCancel},
    {"canceled", DialStatus::kCancel},
    {"cancelled", DialStatus::kCancel},
    {"no-answer-timeout", DialStatus::kNoAnswer},
}};
constexpr std::size_t kLongestSpelling = 17;
static_assert(std::ranges::all_of(kDialStatuses, [](const auto& word) {
  return word.spelling.size() <= kLongestSpelling;
}));
constexpr std::string_view kSeparators = "-_/ \t\r\n";

// A status in the spelling of the tables: lower case, each run of separators one hyphen, none at
// the ends. Words too long for any table give "".
class Canonical {
 public:
  explicit Canonical(std::string_view text) {
    bool separated = false;
    for (const char c : text) {
      if (kSeparators.find(c) != std::string_view::npos) {
        separated = size_ > 0;
        continue;
      }
      if (separated) append('-');
      separated = false;
      append(to_small(c));
    }
  }
  std::string_view text() const {
    return too_long_ ? std::string_view() : std::string_view(bytes_.data(), size_);
  }

 private:
  void append(char c) {
    too_long_ = too_long_ || size_ == bytes_.size();
    if (!too_long_) bytes_[size_++] = c;
  }

  std::array<char, kLongestSpelling> bytes_{};
  std::size_t size_ = 0;
  bool too_long_ = false;
};

template <class Status, std::size_t count>
Status parse(std::string_view text, const std::array<StatusWord<Status>, count>& words) {
  const Canonical canonical(text);
  const auto found = std::ranges::find(words, canonical.text(), &StatusWord<Status>::spelling);
  return found == words.end() ? Status::kUnknown : found->status;
}

template <class Status, std::size_t count>
std::string_view spelling(Status status, const std::array<StatusWord<Status>, count>& words) {
  const auto found = std::ranges::find(words, status, &StatusWord<Status>::status);
  return found == words.end() ? std::string_view() : found->spelling;
}

}  // namespace

CallStatus parse_call_status(std::string_view text) {
  return parse(text, kCallStatuses);
}
DialStatus parse_dial_status(std::string_view text) {
  return parse(text, kDialStatuses);
}

std::string_view to_string(CallStatus status) {
  return spelling(status, kCallStatuses);
}
std::string_view to_string(DialStatus status) {
  return spelling(status, kDialStatuses);
}

bool is_terminal(CallStatus status) {
  switch (status) {
    case CallStatus::kCompleted:
    case CallStatus::kBusy:
    case CallStatus::kFailed:
    case CallStatus::kTimeout:
    case CallStatus::kNoAnswer:
    case CallStatus::kCancel:
      return true;
    case CallStatus::kUnknown:
    case CallStatus::kQueued:
    case CallStatus::kRinging:
    case CallStatus::kInProgress:
      return false;
  }
  return false;
}

}  // namespace plivo_dial
