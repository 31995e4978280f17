// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/token_file.h"

#include <openssl/crypto.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "lib/base/text.h"

namespace plivo_dial::ctl {
namespace {

Error bad_token(const std::string& what) {
  return Error{"--token-file: " + what};
}

Result<Secret> judge_line(std::string_view line) {
  const std::string_view token = trim(line, kLineBlanks);
  const bool printable = std::ranges::all_of(token, [](char c) { return c >= ' ' && c <= '~'; });
  if (token.empty()) return bad_token("the first line of standard input is empty");
  if (!printable) {
    return bad_token(
        "the first line of standard input holds something that no token has: a "
        "control character or a byte that is not ASCII");
  }
  return Secret(token);
}

// The line's bytes, erased behind us.
class LineBuffer {
 public:
  ~LineBuffer() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

  bool is_full() const { return size_ == bytes_.size(); }
  char* next() { return bytes_.data() + size_; }
  // Whether the byte at next() belongs to the line.
  bool take() {
    if (*next() == '\n') return false;
    ++size_;
    return true;
  }
  std::string_view text() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, kMaxSecretFileBytes> bytes_ = {};
  std::size_t size_ = 0;
};

// One byte at a time: what follows the line is for others to read.
Result<Secret> read_first_line() {
  LineBuffer line;
  for (;;) {
    if (line.is_full()) {
      return bad_token("the first line of standard input has more than " +
                       std::to_string(kMaxSecretFileBytes) + " bytes; a token is shorter");
    }
    const ssize_t got = read(STDIN_FILENO, line.next(), 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return bad_token(std::string("standard input: ") + std::strerror(errno));
    if (got == 0 || !line.take()) return judge_line(line.text());
  }
}

}  // namespace

Result<Secret> read_token(const std::string& path) {
  if (path == "-") return read_first_line();
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  if (error) return bad_token("\"" + path + "\": " + error.message());
  Result<Secret> token = read_secret_file(absolute.string(), geteuid());
  if (!token) return bad_token(token.error().message);
  return token;
}

}  // namespace plivo_dial::ctl
