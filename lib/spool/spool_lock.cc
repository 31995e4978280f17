// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/spool_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <thread>

#include "lib/spool/spool_layout.h"

namespace plivo_dial {
namespace {

using std::chrono::steady_clock;

constexpr std::string_view kPid = "pid ";
constexpr std::string_view kEnding = " ending\n";

// A hook that is between its fork and its exec holds the lock of a dispatcher that was just killed.
constexpr std::chrono::milliseconds kInheritedTime{1000};

std::string note_of(int file) {
  std::array<char, 64> note{};
  const ssize_t length = pread(file, note.data(), note.size(), 0);
  return {note.data(), length > 0 ? static_cast<std::size_t>(length) : 0};
}

bool holder_is_ending(int file) {
  return note_of(file).ends_with(kEnding);
}

}  // namespace

Result<std::optional<SpoolLock>> SpoolLock::take(const std::string& spool,
                                                 std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds kStep{20};
  const std::string path = path_in_spool(spool, kLockFile);
  Descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, kSpoolFileMode));
  if (!file.valid()) return system_error("cannot open", path);
  const steady_clock::time_point begin = steady_clock::now();
  while (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return system_error("cannot lock", path);
    const bool ending = holder_is_ending(file.get());
    const auto enough = ending ? patience : std::min(patience, kInheritedTime);
    if (steady_clock::now() - begin >= enough) return std::optional<SpoolLock>();
    std::this_thread::sleep_for(kStep);
  }
  SpoolLock lock(path, std::move(file));
  lock.write_note(std::string(kPid) + std::to_string(getpid()) + "\n");
  return std::optional<SpoolLock>(std::move(lock));
}

Result<std::optional<SpoolLock::Holder>> SpoolLock::holder(const std::string& spool) {
  const std::string path = path_in_spool(spool, kLockFile);
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file.valid() && errno == ENOENT) return std::optional<Holder>();
  if (!file.valid()) return system_error("cannot open", path);
  // Had for a moment by this look; take() asks again.
  if (flock(file.get(), LOCK_SH | LOCK_NB) == 0) return std::optional<Holder>();
  if (errno != EWOULDBLOCK) return system_error("cannot look at the lock", path);
  Holder holder;
  const std::string note = note_of(file.get());
  if (note.starts_with(kPid)) {
    std::from_chars(note.data() + kPid.size(), note.data() + note.size(), holder.pid);
  }
  holder.ending = note.ends_with(kEnding);
  return std::optional<Holder>(holder);
}

bool SpoolLock::is_in_place() const {
  struct stat locked {};
  struct stat named {};
  return fstat(file_.get(), &locked) == 0 && lstat(path_.c_str(), &named) == 0 &&
         locked.st_dev == named.st_dev && locked.st_ino == named.st_ino;
}

void SpoolLock::announce_end() {
  write_note(std::string(kPid) + std::to_string(getpid()) + std::string(kEnding));
}

// The note only helps; the lock is what counts.
void SpoolLock::write_note(std::string_view note) {
  if (ftruncate(file_.get(), 0) != 0 || lseek(file_.get(), 0, SEEK_SET) != 0) return;
  [[maybe_unused]] const Result<void> written = write_all(file_.get(), path_, note);
}

}  // namespace plivo_dial
