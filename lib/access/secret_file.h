// File: lib/access/secret_file.h
//
// Secrets that live in files of their own: auth tokens, and the secret of a PHLO flow. Use
// read_secret_file at configuration time; what it returns wipes itself.
//
//   Result<Secret> token = read_secret_file("/etc/apache2/plivo/main.token", geteuid());
//   if (!token) return token.error();
//   account.current_token = token->view();  // stays valid when the Secret is moved
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial {

// Bytes that are overwritten before their memory is given back. Movable, not copyable: the bytes
// stay in one place for their whole life, so that no copy is left behind, and views stay valid when
// the Secret is moved. One that was moved from is empty. Const access is safe from any thread.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view bytes);
  Secret(Secret&& other) noexcept = default;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  std::string_view view() const { return {bytes_.data(), bytes_.size()}; }
  bool empty() const { return bytes_.empty(); }

 private:
  void wipe() noexcept;

  // No std::string: it keeps short texts inside itself, and copies them when it is moved.
  std::vector<char> bytes_;
};

// The largest file that is read; far more than any token has.
inline constexpr std::size_t kMaxSecretFileBytes = 4096;

// The one line in the file at `path` (absolute), without the end of line (LF or CR LF) and without
// blanks around it. `starter` is the user who starts the server: uid 0, or whoever runs this
// process.
// Fails, with the command that mends it where one does, when the file
//   - is not there, or is no regular file (a symbolic link to one is followed; nothing blocks);
//   - can't be read by this process although it is closed to others as it should be: an ordinary
//     user runs a check that root's start would pass, and the error says just that ("cannot read it
//     as this user (uid 1000): ...");
//   - belongs neither to root nor to `starter` ("chown ..."), is readable or writable by group or
//     others ("chmod 600 ..."), or can be replaced by others through a directory above it;
//   - is empty, larger than kMaxSecretFileBytes, begins with a byte order mark, has several lines
//     that are not empty, or holds other bytes than printable ASCII.
// Every error begins with the path in double quotes, and none holds a byte of the content. Nothing
// of the content is left in memory that was given back. Never logs. Safe from any thread.
Result<Secret> read_secret_file(const std::string& path, uid_t starter);

}  // namespace plivo_dial
