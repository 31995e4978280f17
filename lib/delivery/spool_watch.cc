// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/spool_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

#include "lib/spool/segment_name.h"
#include "lib/spool/spool_layout.h"

namespace plivo_dial {

using std::chrono::milliseconds;

Result<void> SpoolWatch::open(const std::string& spool) {
  bell_.reset(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  changes_.reset(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  const std::string path = path_in_spool(spool, kSegmentDirectory);
  const std::uint32_t mask = IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO;
  if (!bell_.valid() || !changes_.valid() ||
      inotify_add_watch(changes_.get(), path.c_str(), mask) < 0) {
    return system_error("cannot watch", path);
  }
  return {};
}

void SpoolWatch::wait(milliseconds longest, std::chrono::steady_clock::time_point rest) {
  std::array<pollfd, 2> polled{{{changes_.get(), POLLIN, 0}, {bell_.get(), POLLIN, 0}}};
  poll(polled.data(), polled.size(), static_cast<int>(longest.count()));
  const auto left = std::chrono::ceil<milliseconds>(rest - std::chrono::steady_clock::now());
  if (left > milliseconds{0}) poll(&polled[1], 1, static_cast<int>(left.count()));
  std::uint64_t rings = 0;
  if (polled[1].revents == 0) return;
  if (::read(bell_.get(), &rings, sizeof(rings)) > 0) any_may_have_changed_ = true;
}

bool SpoolWatch::has_news() const {
  std::array<pollfd, 2> polled{{{changes_.get(), POLLIN, 0}, {bell_.get(), POLLIN, 0}}};
  return poll(polled.data(), polled.size(), 0) != 0;
}

void SpoolWatch::ring() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(bell_.get(), &one, sizeof(one));
}

void SpoolWatch::read() {
  alignas(inotify_event) std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t length = ::read(changes_.get(), buffer.data(), buffer.size());
    if (length <= 0) return;
    for (std::size_t at = 0; at < static_cast<std::size_t>(length);) {
      inotify_event change{};
      std::memcpy(&change, buffer.data() + at, sizeof(change));
      if ((change.mask & IN_Q_OVERFLOW) != 0) any_may_have_changed_ = true;
      if (change.len > 0) {
        changed_.insert(finished_segment_name(buffer.data() + at + sizeof(change)));
      }
      at += sizeof(change) + change.len;
    }
  }
}

std::set<std::string> SpoolWatch::take_changed() {
  return std::exchange(changed_, {});
}

bool SpoolWatch::take_any_may_have_changed() {
  return std::exchange(any_may_have_changed_, false);
}

}  // namespace plivo_dial
