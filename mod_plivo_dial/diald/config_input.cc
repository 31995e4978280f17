// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/diald/config_input.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <span>

namespace plivo_dial {

namespace {

// httpd sends the descriptor of its error log with each configuration.
void adopt_error_log(msghdr& message) {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    int error_log = -1;
    std::memcpy(&error_log, CMSG_DATA(header), sizeof error_log);
    dup2(error_log, STDOUT_FILENO);
    dup2(error_log, STDERR_FILENO);
    close(error_log);
  }
}

// As read(2); from a socket also the error log.
ssize_t receive(int descriptor, std::span<char> buffer) {
  iovec part{buffer.data(), buffer.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t got = recvmsg(descriptor, &message, MSG_CMSG_CLOEXEC);
  if (got < 0 && errno == ENOTSOCK) return read(descriptor, buffer.data(), buffer.size());
  if (got >= 0) adopt_error_log(message);
  return got;
}

}  // namespace

std::optional<std::string> ConfigInput::take_line() {
  const std::size_t end = text_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string line = text_.substr(0, end);
  text_.erase(0, end + 1);
  return line;
}

Result<void> ConfigInput::read_more() {
  constexpr std::size_t kMaxText = 4 * 1024 * 1024;
  std::array<char, 65536> buffer{};
  const ssize_t got = receive(descriptor_, buffer);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return {};
  if (got <= 0) ended_ = true;
  // httpd ended, or let us go, before it had read what we sent: an end like any other.
  if (got < 0 && errno == ECONNRESET) return {};
  if (got < 0) return Error{std::string("cannot read standard input: ") + std::strerror(errno)};
  text_.append(buffer.data(), static_cast<std::size_t>(got));
  if (text_.size() <= kMaxText) return {};
  ended_ = true;
  return Error{"the configuration on standard input is longer than 4 MiB"};
}

}  // namespace plivo_dial
