// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "lib/base/system_file.h"
#include "lib/event/syslog_line.h"
#include "lib/sink/make_sink.h"
#include "lib/sink/shortened_event.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSuccessorLook{5};
constexpr int kSuccessorLooks = 20;

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

  Attempt attempt(const SinkEvent& event, const Stop& stop) override;
  Row attempt_all(const Events& events, const Stop& stop) override;
  Result<void> settle(const Stop& stop) override;
  void look_after(const Stop& stop) override;

 private:
  Attempt judge(const Result<void>& written);
  void append_to(std::string& lines, const SinkEvent& event);
  Result<void> open_current(const Stop& stop);
  void wait_for_successor(const Stop& stop) const;
  Result<void> sync();
  Result<void> append(std::string_view lines, std::size_t* taken);
  bool look_for_loss();
  void note_shrunk(off_t size);
  void note_removed(const struct stat* successor);
  void close_renamed();
  void warn(std::string_view id, const std::string& text);

  const SinkConfig config_;
  Log& log_;
  ShortenedEventNotice shortened_;
  Descriptor file_;
  off_t size_ = 0;             // of the file, when it was last looked at
  bool torn_ = false;          // the file ends in the middle of a line
  bool is_unsettled_ = false;  // lines were written since the last settle()
  unsigned waits_ = 0;         // in a row
  std::optional<Error> lost_;  // what became of lines that settle() was not asked for yet
  bool complained_ = false;
};

void FileSink::append_to(std::string& lines, const SinkEvent& event) {
  if (config_.format == EventFormat::kJson) {
    lines += event.line();
  } else {
    std::vector<std::string> left_out;
    lines += to_key_value(event.fields(), &left_out);
    shortened_.note(event.fields(), left_out, kMaxKeyValue);
  }
  lines += '\n';
}

Attempt FileSink::attempt(const SinkEvent& event, const Stop& stop) {
  return attempt_all(std::make_shared<const std::vector<SinkEvent>>(1, event), stop).last;
}

// Many lines go by one write; what that does not take whole is cut at the last line that it took.
Sink::Row FileSink::attempt_all(const Events& events, const Stop& stop) {
  Row row;
  Result<void> written = open_current(stop);
  std::string lines;
  std::vector<std::size_t> ends;
  for (std::size_t i = 0; i < events->size() && written; ++i) {
    append_to(lines, (*events)[i]);
    ends.push_back(lines.size());
  }
  if (written) {
    std::size_t taken = 0;
    written = append(lines, &taken);
    row.done = static_cast<std::size_t>(std::ranges::upper_bound(ends, taken) - ends.begin());
  }
  row.last = judge(written);
  return row;
}

Attempt FileSink::judge(const Result<void>& written) {
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
  Attempt attempt;
  attempt.outcome = Attempt::Outcome::kWait;
  attempt.delay = delay_after(waits_++);
  return attempt;
}

void FileSink::warn(std::string_view id, const std::string& text) {
  log_.write(LogLevel::kWarning, id, "sink " + config_.name + ": '" + config_.path + "' " + text);
}

// What is in the copy, and what was cut off, nobody can know: what was written since the last
// record comes again.
void FileSink::note_shrunk(off_t size) {
  const std::string sizes = std::to_string(size_) + " to " + std::to_string(size) + " bytes";
  if (is_unsettled_) lost_ = Error{"'" + config_.path + "' shrank from " + sizes};
  warn(log_id::kFileShrank,
       "shrank from " + sizes +
           " while it was open, as by copytruncate of logrotate or by a shell's " +
           "'>'. Lines that came between the copy and the cut may be lost; rotate it by 'create' " +
           "instead of 'copytruncate': the sink finds the new file by itself");
  torn_ = ends_in_a_line(config_.path);
}

void FileSink::note_removed(const struct stat* successor) {
  if (is_unsettled_) lost_ = Error{"'" + config_.path + "' was removed or replaced"};
  if (successor == nullptr || successor->st_size > 0) {
    warn(log_id::kFileReplaced,
         std::string(successor == nullptr ? "was removed" : "was replaced by something else") +
             " while it was open, with " + std::to_string(size_) +
             " bytes in it; the sink goes on in " +
             "a new file or in the other one. To rotate a file, rename it");
  }
  file_.reset();
}

// True when the path still names the file that is open. Says what became of that when lines in it
// may be lost. A file that was renamed has kept them, and so has one that was renamed, compressed
// and removed then, which leaves an empty one in its place.
bool FileSink::look_for_loss() {
  struct stat opened {};
  if (!file_.valid() || fstat(file_.get(), &opened) != 0) return false;
  struct stat named {};
  const bool is_named = stat(config_.path.c_str(), &named) == 0;
  const bool is_same = is_named && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
  if (opened.st_size < size_) note_shrunk(opened.st_size);
  size_ = opened.st_size;
  if (!is_same && opened.st_nlink == 0) note_removed(is_named ? &named : nullptr);
  return is_same;
}

// Makes `file_` durable and lets go of it.
void FileSink::close_renamed() {
  if (const Result<void> synced = sync(); !synced) lost_ = synced.error();
  file_.reset();
}

// What happens to a file that was renamed is no concern of the sink's any more.
void FileSink::look_after(const Stop& /*stop*/) {
  if (!look_for_loss() && file_.valid()) close_renamed();
}

// Whoever renamed the file may be about to make the new one: logrotate complains of one that is
// there already, and moves it aside.
void FileSink::wait_for_successor(const Stop& stop) const {
  for (int i = 0; i < kSuccessorLooks; ++i) {
    if (access(config_.path.c_str(), F_OK) == 0 || !stop.sleep_for(kSuccessorLook)) return;
  }
}

// Opens the file that the path names now: logrotate renames it and counts on a new one.
Result<void> FileSink::open_current(const Stop& stop) {
  if (look_for_loss()) return {};
  if (file_.valid()) wait_for_successor(stop);
  close_renamed();
  const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  file_.reset(open(config_.path.c_str(), flags, 0640));
  if (!file_.valid()) return system_error("cannot open", config_.path);
  struct stat status {};
  if (fstat(file_.get(), &status) == 0 && S_ISREG(status.st_mode)) {
    size_ = status.st_size;
    torn_ = ends_in_a_line(config_.path);
    return {};
  }
  file_.reset();
  return Error{"'" + config_.path + "' is not a regular file; name another"};
}

// A line that a former write has left torn ends first.
Result<void> FileSink::append(std::string_view lines, std::size_t* taken) {
  std::string mended;
  const std::size_t end_of_torn = torn_ ? 1 : 0;
  if (torn_) lines = mended = "\n" + std::string(lines);
  ssize_t written = -1;
  do {
    written = write(file_.get(), lines.data(), lines.size());
  } while (written < 0 && errno == EINTR);
  if (written < 0) return system_error("cannot write", config_.path);
  const auto count = static_cast<std::size_t>(written);
  size_ += written;
  is_unsettled_ = true;
  *taken = std::max(count, end_of_torn) - end_of_torn;
  if (count == lines.size()) {
    torn_ = false;
    return {};
  }
  torn_ = count == 0 ? torn_ : lines[count - 1] != '\n';
  return Error{"cannot write '" + config_.path + "': only a part of a line was taken"};
}

Result<void> FileSink::settle(const Stop& /*stop*/) {
  look_for_loss();
  Result<void> synced = sync();
  is_unsettled_ = false;
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
