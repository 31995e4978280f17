// SPDX-License-Identifier: Apache-2.0
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <nlohmann/json.hpp>

#include "lib/delivery/sink.h"
#include "lib/delivery/system_file.h"
#include "lib/event/json.h"
#include "lib/event/syslog_line.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstDelay{100};
constexpr milliseconds kLastDelay{5000};
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

// The event's JSON in ASCII, without `params` where it would not fit, behind the header of `line`.
// Empty when it does not fit even so.
std::string to_json_line(const Event& event, const std::string& line) {
  const std::string header = line.substr(0, line.find("]: ") + 3);
  nlohmann::json object = nlohmann::json::parse(to_json(event), nullptr, false);
  std::string json = object.dump(-1, ' ', true);
  if (header.size() + json.size() > kMaxSyslogLine) {
    object.erase("params");
    object.erase("params_raw");
    object["truncated"] = true;
    json = object.dump(-1, ' ', true);
  }
  return header.size() + json.size() > kMaxSyslogLine ? std::string() : header + json;
}

class SyslogSink : public Sink {
 public:
  SyslogSink(const SinkConfig& config, Log& log) : config_(config), log_(log) {}

  Attempt attempt(const Event& event, const Stop& stop) override;

 private:
  std::string datagram(const Event& event) const;
  bool connect_socket();
  bool send_datagram(const std::string& bytes);
  Attempt wait();

  const SinkConfig config_;
  Log& log_;
  Descriptor socket_;
  unsigned waits_ = 0;  // in a row
  bool complained_ = false;
};

Attempt SyslogSink::attempt(const Event& event, const Stop&) {
  const bool sent = (socket_.valid() || connect_socket()) && send_datagram(datagram(event));
  if (!sent) return wait();
  waits_ = 0;
  if (complained_) {
    log_.write(LogLevel::kNotice, log_id::kSyslogBack,
               "sink " + config_.name + ": '" + config_.socket + "' takes lines again");
  }
  complained_ = false;
  return {};
}

std::string SyslogSink::datagram(const Event& event) const {
  SyslogHeader header;
  header.facility = config_.facility;
  header.severity = severity_of(event);
  const auto seconds = static_cast<time_t>(event.received_us / 1'000'000);
  localtime_r(&seconds, &header.time);
  header.pid = getpid();
  std::string line = to_syslog_line(event, header);
  if (config_.format == EventFormat::kKeyValue) return line;
  std::string json = to_json_line(event, line);
  return json.empty() ? line : json;
}

bool SyslogSink::connect_socket() {
  Descriptor fresh(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fresh.valid()) return false;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  config_.socket.copy(address.sun_path, sizeof(address.sun_path) - 1);
  if (connect(fresh.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return false;
  }
  socket_ = std::move(fresh);
  return true;
}

bool SyslogSink::send_datagram(const std::string& bytes) {
  const ssize_t sent = send(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0) return true;
  const int error = errno;
  const bool full = error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS || error == EINTR;
  if (!full) socket_.reset();  // the daemon went away, perhaps for another behind the same path
  errno = error;
  return false;
}

Attempt SyslogSink::wait() {
  // A full socket is a daemon that is busy; it is worth a line only when it stays so.
  const bool busy = socket_.valid();
  constexpr unsigned kPatience = 6;
  if (!complained_ && (!busy || waits_ + 1 >= kPatience)) {
    complained_ = true;
    log_.write(LogLevel::kWarning, log_id::kSyslogWaits,
               "sink " + config_.name + ": '" + config_.socket + "': " + std::strerror(errno) +
                   "; events wait until the syslog daemon takes them");
  }
  const unsigned doublings = std::min(waits_++, 10u);
  Attempt attempt;
  attempt.outcome = Attempt::Outcome::kWait;
  attempt.delay = std::min(kLastDelay, kFirstDelay * (1 << doublings));
  return attempt;
}

}  // namespace

std::unique_ptr<Sink> make_syslog_sink(const SinkConfig& config, Log& log) {
  return std::make_unique<SyslogSink>(config, log);
}

}  // namespace plivo_dial
