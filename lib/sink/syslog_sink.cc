// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>

#include "lib/base/syslog_connection.h"
#include "lib/event/json_line.h"
#include "lib/event/syslog_line.h"
#include "lib/sink/make_sink.h"
#include "lib/sink/shortened_event.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstWait{50};  // for a daemon whose queue is full
constexpr milliseconds kLaterWait{1000};
constexpr unsigned kBusyWaits = 5;
constexpr int kSends = 16;  // of one message, where each time another program was quicker
constexpr int kWarning = 4;
constexpr int kNotice = 5;
constexpr int kInfo = 6;

int severity_of(const Event& event) {
  const std::string status = event.dial_status.value_or(event.call_status.value_or(""));
  if (status == "failed") return kWarning;
  constexpr std::array<std::string_view, 4> kUnanswered = {"busy", "no-answer", "timeout",
                                                           "cancel"};
  const bool unanswered =
      std::find(kUnanswered.begin(), kUnanswered.end(), status) != kUnanswered.end();
  return unanswered ? kNotice : kInfo;
}

class SyslogSink : public Sink {
 public:
  SyslogSink(const SinkConfig& config, Log& log)
      : config_(config), log_(log), daemon_(config.socket), shortened_(config.name, log) {}

  Attempt attempt(const SinkEvent& event, const Stop& stop) override;

 private:
  using Sent = SyslogConnection::Sent;

  std::string datagram(const Event& event);
  Sent send(const std::string& message, const Stop& stop);
  bool wait_for_room(const Stop& stop);
  Attempt wait(Sent sent, const Stop& stop);

  const SinkConfig config_;
  Log& log_;
  SyslogConnection daemon_;
  ShortenedEventNotice shortened_;
  unsigned waits_ = 0;  // in a row
  bool complained_ = false;
};

Attempt SyslogSink::attempt(const SinkEvent& event, const Stop& stop) {
  if (const Sent sent = send(datagram(event.fields()), stop); sent != Sent::kYes)
    return wait(sent, stop);
  waits_ = 0;
  if (complained_) {
    log_.write(LogLevel::kNotice, log_id::kSyslogBack,
               "sink " + config_.name + ": '" + config_.socket + "' takes lines again");
  }
  complained_ = false;
  return {};
}

std::string SyslogSink::datagram(const Event& event) {
  SyslogHeader header;
  header.facility = config_.facility;
  header.severity = severity_of(event);
  const auto received = static_cast<time_t>(event.received_us / 1'000'000);
  localtime_r(&received, &header.time);
  header.pid = getpid();
  const std::string start = to_text(header);
  std::vector<std::string> left_out;
  const std::string rest = config_.format == EventFormat::kKeyValue
                               ? to_key_value(event, &left_out)
                               : to_json_line(event, kMaxSyslogLine - start.size(), &left_out);
  shortened_.note(event, left_out, kMaxSyslogLine);
  return start + rest;
}

// As often as the daemon makes room while others fill it.
SyslogConnection::Sent SyslogSink::send(const std::string& message, const Stop& stop) {
  Sent sent = Sent::kFull;
  for (int i = 0; i < kSends && sent == Sent::kFull; ++i) {
    if (i > 0 && !wait_for_room(stop)) break;
    sent = daemon_.send(message);
  }
  return sent;
}

// Not in one piece, so that it ends when it is told to.
bool SyslogSink::wait_for_room(const Stop& stop) {
  // What was handed over before is recorded behind the first, short wait.
  milliseconds left = waits_ == 0 ? kFirstWait : kLaterWait;
  for (; left.count() > 0 && !stop.requested(); left -= kStopCheck) {
    if (daemon_.wait_for_room(std::min(left, kStopCheck))) return true;
  }
  return false;
}

Attempt SyslogSink::wait(Sent sent, const Stop& stop) {
  const bool busy = sent == Sent::kFull;
  // A daemon that is busy is worth a line only when it stays so.
  if (!complained_ && (!busy || (waits_ >= kBusyWaits && !stop.requested()))) {
    complained_ = true;
    const std::string trouble = busy ? "its queue stays full" : std::strerror(daemon_.error());
    log_.write(LogLevel::kWarning, log_id::kSyslogWaits,
               "sink " + config_.name + ": '" + config_.socket + "': " + trouble +
                   "; events wait until the syslog daemon takes them");
  }
  // One that hangs may have a successor behind the path by now.
  if (busy && waits_ > 0) daemon_.close();
  Attempt attempt;
  attempt.outcome = Attempt::Outcome::kWait;
  attempt.delay = delay_after(waits_++);
  // A busy one was waited for already, but where the end is asked for: nothing waits then.
  if (busy && !stop.requested()) attempt.delay = milliseconds{1};
  return attempt;
}

}  // namespace

std::unique_ptr<Sink> make_syslog_sink(const SinkConfig& config, Log& log) {
  return std::make_unique<SyslogSink>(config, log);
}

}  // namespace plivo_dial
