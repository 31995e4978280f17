// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "lib/delivery/shortened_event.h"
#include "lib/delivery/sink.h"
#include "lib/delivery/system_file.h"
#include "lib/event/json.h"
#include "lib/event/syslog_line.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstDelay{100};
constexpr milliseconds kLastDelay{5000};

// Whether the regular file at `path` ends in the middle of a line: whoever wrote it died, or the
// disk was full. A file that can't be read is taken for a whole one.
bool ends_in_a_line(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  if (!file.valid() || fstat(file.get(), &status) != 0 || status.st_size == 0) return false;
  char last = '\n';
  return pread(file.get(), &last, 1, status.st_size - 1) == 1 && last != '\n';
}

class FileSink : public Sink {
 public:
  FileSink(const SinkConfig& config, Log& log)
      : config_(config), log_(log), shortened_(config.name, log) {}

  Attempt attempt(const Event& event, const Stop& stop) override;
  Result<void> settle() override;

 private:
  std::string line_of(const Event& event);
  Result<void> open_current();
  Result<void> sync();
  Result<void> append_line(std::string line);

  const SinkConfig config_;
  Log& log_;
  ShortenedEventNotice shortened_;
  Descriptor file_;
  bool torn_ = false;          // the file ends in the middle of a line
  unsigned waits_ = 0;         // in a row
  std::optional<Error> lost_;  // what became of lines in a file that is closed by now
  bool complained_ = false;
};

std::string FileSink::line_of(const Event& event) {
  if (config_.format == EventFormat::kJson) return to_json(event);
  std::vector<std::string> left_out;
  std::string line = to_key_value(event, &left_out);
  shortened_.note(event, left_out, kMaxKeyValue);
  return line;
}

Attempt FileSink::attempt(const Event& event, const Stop&) {
  Result<void> written = open_current();
  if (written) written = append_line(line_of(event));
  if (written) {
    if (complained_) {
      log_.write(LogLevel::kNotice, log_id::kFileBack,
                 "sink " + config_.name + ": '" + config_.path + "' can be written again");
    }
    complained_ = false;
    waits_ = 0;
    return {};
  }
  if (!complained_) {
    log_.write(LogLevel::kError, log_id::kFileFailed,
               "sink " + config_.name + ": " + written.error().message +
                   "; events wait until it can be written");
  }
  complained_ = true;
  const unsigned doublings = std::min(waits_++, 10u);
  Attempt attempt;
  attempt.outcome = Attempt::Outcome::kWait;
  attempt.delay = std::min(kLastDelay, kFirstDelay * (1 << doublings));
  return attempt;
}

// Opens the file that the path names now: logrotate renames it and counts on a new one.
Result<void> FileSink::open_current() {
  if (file_.valid()) {
    struct stat opened {};
    struct stat named {};
    const bool same = fstat(file_.get(), &opened) == 0 && stat(config_.path.c_str(), &named) == 0 &&
                      opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
    if (same) return {};
    if (const Result<void> synced = sync(); !synced) lost_ = synced.error();
  }
  const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  file_.reset(open(config_.path.c_str(), flags, 0640));
  if (!file_.valid()) return system_error("cannot open", config_.path);
  struct stat status {};
  if (fstat(file_.get(), &status) == 0 && S_ISREG(status.st_mode)) {
    torn_ = ends_in_a_line(config_.path);
    return {};
  }
  file_.reset();
  return Error{"'" + config_.path + "' is not a regular file; name another"};
}

Result<void> FileSink::append_line(std::string line) {
  line.push_back('\n');
  if (torn_) line.insert(line.begin(), '\n');
  ssize_t written = -1;
  do {
    written = write(file_.get(), line.data(), line.size());
  } while (written < 0 && errno == EINTR);
  if (written < 0) return system_error("cannot write", config_.path);
  torn_ = static_cast<std::size_t>(written) < line.size();
  if (torn_) return Error{"cannot write '" + config_.path + "': only a part of a line was taken"};
  return {};
}

Result<void> FileSink::settle() {
  Result<void> synced = sync();
  if (lost_) return *std::exchange(lost_, std::nullopt);
  return synced;
}

Result<void> FileSink::sync() {
  if (!file_.valid() || fdatasync(file_.get()) == 0) return {};
  const Error error = system_error("cannot sync", config_.path);
  // A second sync of the same descriptor would succeed without having written anything.
  file_.reset();
  return error;
}

}  // namespace

std::unique_ptr<Sink> make_file_sink(const SinkConfig& config, Log& log) {
  return std::make_unique<FileSink>(config, log);
}

}  // namespace plivo_dial
