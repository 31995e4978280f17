// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/spool_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>

namespace plivo_dial {
namespace {

using std::chrono::steady_clock;

constexpr std::string_view kEnding = " ending\n";

// A hook that is between its fork and its exec holds the lock of a dispatcher that was just killed.
constexpr std::chrono::milliseconds kInheritedTime{1000};

bool holder_is_ending(int file) {
  std::array<char, 64> note{};
  const ssize_t length = pread(file, note.data(), note.size(), 0);
  return length > 0 &&
         std::string_view(note.data(), static_cast<std::size_t>(length)).ends_with(kEnding);
}

}  // namespace

Result<std::optional<SpoolLock>> SpoolLock::take(const std::string& spool,
                                                 std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds kStep{20};
  const std::string path = spool + "/dispatcher.lock";
  Descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640));
  if (!file.valid()) return system_error("cannot open", path);
  const steady_clock::time_point begin = steady_clock::now();
  while (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return system_error("cannot lock", path);
    const bool ending = holder_is_ending(file.get());
    const auto enough = ending ? patience : std::min(patience, kInheritedTime);
    if (steady_clock::now() - begin >= enough) return std::optional<SpoolLock>();
    std::this_thread::sleep_for(kStep);
  }
  SpoolLock lock(std::move(file));
  lock.write_note("pid " + std::to_string(getpid()) + "\n");
  return std::optional<SpoolLock>(std::move(lock));
}

void SpoolLock::announce_end() {
  write_note("pid " + std::to_string(getpid()) + std::string(kEnding));
}

// The note only helps; the lock is what counts.
void SpoolLock::write_note(std::string_view note) {
  if (ftruncate(file_.get(), 0) != 0 || lseek(file_.get(), 0, SEEK_SET) != 0) return;
  [[maybe_unused]] const Result<void> written = write_all(file_.get(), "dispatcher.lock", note);
}

}  // namespace plivo_dial
