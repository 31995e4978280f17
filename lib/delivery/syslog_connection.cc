// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/syslog_connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>

namespace plivo_dial {

bool SyslogConnection::connect() {
  Descriptor fresh(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path_.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const auto* peer = reinterpret_cast<const sockaddr*>(&address);
  if (!fresh.valid() || ::connect(fresh.get(), peer, sizeof(address)) != 0) {
    error_ = errno;
    return false;
  }
  socket_ = std::move(fresh);
  return true;
}

SyslogConnection::Sent SyslogConnection::send(std::string_view message) {
  for (;;) {
    const bool is_new = !socket_.valid();
    if (is_new && !connect()) return Sent::kNo;
    ssize_t sent = -1;
    do {
      sent = ::send(socket_.get(), message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent >= 0) return Sent::kYes;
    error_ = errno;
    if (error_ == EAGAIN || error_ == EWOULDBLOCK) return Sent::kFull;
    // poll() knows nothing of memory that is short.
    if (error_ == ENOBUFS || error_ == ENOMEM) return Sent::kNo;
    socket_.reset();  // the daemon went away, perhaps for another behind the same path
    if (is_new) return Sent::kNo;
  }
}

bool SyslogConnection::wait_for_room(std::chrono::milliseconds time) {
  pollfd polled{socket_.get(), POLLOUT, 0};
  return poll(&polled, 1, static_cast<int>(time.count())) > 0;
}

}  // namespace plivo_dial
