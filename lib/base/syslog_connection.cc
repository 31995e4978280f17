// SPDX-License-Identifier: Apache-2.0
#include "lib/base/syslog_connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>

namespace plivo_dial {

void SyslogConnection::close() {
  socket_.reset();
  begun_.clear();
}

bool SyslogConnection::connect() {
  is_stream_ = false;
  if (connect(SOCK_DGRAM)) return true;
  if (error_ != EPROTOTYPE) return false;
  is_stream_ = connect(SOCK_STREAM);
  return is_stream_;
}

bool SyslogConnection::connect(int type) {
  sockaddr_un address{};
  if (path_.size() >= sizeof(address.sun_path)) {
    error_ = ENAMETOOLONG;
    return false;
  }
  address.sun_family = AF_UNIX;
  path_.copy(address.sun_path, path_.size());
  const auto* peer = reinterpret_cast<const sockaddr*>(&address);
  Descriptor fresh(socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fresh.valid() || ::connect(fresh.get(), peer, sizeof(address)) != 0) {
    error_ = errno;
    return false;
  }
  socket_ = std::move(fresh);
  return true;
}

// True when all of `bytes` went, or of a stream a part, of which sent_ tells.
bool SyslogConnection::send_some(std::string_view bytes) {
  ssize_t sent = -1;
  do {
    sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  error_ = sent < 0 ? errno : 0;
  if (sent > 0) sent_ += static_cast<std::size_t>(sent);
  return sent >= 0;
}

// Of begun_, until the stream takes no more.
bool SyslogConnection::send_rest() {
  while (sent_ < begun_.size()) {
    if (!send_some(std::string_view(begun_).substr(sent_))) return false;
  }
  begun_.clear();
  return true;
}

SyslogConnection::Sent SyslogConnection::send(std::string_view message) {
  for (;;) {
    const bool is_new = !socket_.valid();
    if (is_new && !connect()) return Sent::kNo;
    bool sent = false;
    if (is_stream_) {
      const std::string whole = std::string(message) + '\0';
      const bool is_begun = begun_ == whole;
      sent = send_rest();
      if (sent && !is_begun) {
        begun_ = whole;
        sent_ = 0;
        sent = send_rest();
      }
      if (!sent && sent_ == 0) begun_.clear();
    } else {
      sent = send_some(message);
    }
    if (sent) return Sent::kYes;
    if (error_ == EAGAIN || error_ == EWOULDBLOCK) return Sent::kFull;
    // poll() knows nothing of memory that is short.
    if (error_ == ENOBUFS || error_ == ENOMEM) return Sent::kNo;
    close();  // the daemon went away, perhaps for another behind the same path
    if (is_new) return Sent::kNo;
  }
}

bool SyslogConnection::wait_for_room(std::chrono::milliseconds time) {
  pollfd polled{socket_.get(), POLLOUT, 0};
  return poll(&polled, 1, static_cast<int>(time.count())) > 0;
}

}  // namespace plivo_dial
