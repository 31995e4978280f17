// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/diald/config_input.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace plivo_dial {

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
  const ssize_t got = read(descriptor_, buffer.data(), buffer.size());
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return {};
  if (got <= 0) ended_ = true;
  if (got < 0) return Error{std::string("cannot read standard input: ") + std::strerror(errno)};
  text_.append(buffer.data(), static_cast<std::size_t>(got));
  if (text_.size() <= kMaxText) return {};
  ended_ = true;
  return Error{"the configuration on standard input is longer than 4 MiB"};
}

}  // namespace plivo_dial
