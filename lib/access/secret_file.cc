// SPDX-License-Identifier: Apache-2.0
#include "lib/access/secret_file.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "lib/access/file_access.h"
#include "lib/base/in_quotes.h"
#include "lib/base/system_file.h"
#include "lib/base/text.h"

namespace plivo_dial {
namespace {

// One byte more than a file may have, to see when it has more.
struct ErasedBuffer {
  ErasedBuffer() = default;
  ErasedBuffer(const ErasedBuffer&) = delete;
  ErasedBuffer& operator=(const ErasedBuffer&) = delete;
  ~ErasedBuffer() { OPENSSL_cleanse(bytes.data(), bytes.size()); }

  std::array<char, kMaxSecretFileBytes + 1> bytes = {};
};

Error wrong(const std::string& path, const std::string& what) {
  return Error{in_quotes(path) + ": " + what};
}

// `path` as one word of a shell's command line.
std::string in_shell(const std::string& path) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+@%:,=";
  if (path.find_first_not_of(kPlain) == std::string::npos) return path;
  std::string word = "'";
  for (const char c : path) word += c == '\'' ? "'\\''" : std::string(1, c);
  return word + "'";
}

std::string chmod_line(const std::string& path) {
  return "chmod 600 " + in_shell(path);
}

// `code` is what open() left in errno.
std::string explain_refused_open(const std::string& path, int code) {
  if (code == ENOENT) {
    return "there is no such file; make it by install -D -m 600 /dev/null " + in_shell(path) +
           " and write the secret into it";
  }
  if (code == ENXIO) return "is no regular file";  // a socket
  if (code != EACCES) return std::strerror(code);
  struct stat status {};
  const bool own = stat(path.c_str(), &status) == 0 && status.st_uid == geteuid();
  if (own && (status.st_mode & S_IRUSR) == 0) {
    return "its own owner may not read it; " + chmod_line(path);
  }
  if (geteuid() == 0) {
    return "not even root may read it; look for rules of SELinux or AppArmor, for a file system of "
           "another host, or for a symbolic link that somebody else made in a directory like /tmp";
  }
  return "cannot read it as this user (uid " + std::to_string(geteuid()) +
         "): do it as the user who starts httpd, usually root";
}

Result<void> judge_status(const std::string& path, const struct stat& status, uid_t starter) {
  if (S_ISDIR(status.st_mode)) return wrong(path, "is a directory; name the file itself");
  if (!S_ISREG(status.st_mode)) return wrong(path, "is no regular file");
  if (status.st_uid != 0 && status.st_uid != starter) {
    const std::string right = starter == 0 ? "root" : std::to_string(starter);
    return wrong(path, "belongs to uid " + std::to_string(status.st_uid) +
                           ", and neither to root nor to the user who starts httpd; chown " +
                           right + " " + in_shell(path) + " && " + chmod_line(path));
  }
  constexpr mode_t kReadAndWriteOfOthers = S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH;
  if ((status.st_mode & kReadAndWriteOfOthers) != 0) {
    return wrong(
        path, "is open to others than its owner; if this is the right file, " + chmod_line(path));
  }
  if (Result<void> closed = not_writable_by_others(path); !closed) {
    return wrong(path, "can be replaced by others: " + closed.error().message);
  }
  return {};
}

// Fills `buffer` from the file as far as both go. Returns the number of bytes, or nothing with
// errno set.
std::optional<std::size_t> read_into(ErasedBuffer& buffer, int descriptor) {
  std::size_t size = 0;
  while (size < buffer.bytes.size()) {
    const ssize_t got = read(descriptor, buffer.bytes.data() + size, buffer.bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  return size;
}

// Says which editor's mark stands before the text; "" when none does.
std::string explain_byte_order_mark(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) {
    return "begins with a byte order mark of UTF-8, which would count as part of the secret; write "
           "it again with an editor that leaves the mark out";
  }
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    return "begins with a byte order mark of UTF-16; save it as plain ASCII text";
  }
  return "";
}

// The one line of `text` that is not blank.
Result<std::string_view> only_line(const std::string& path, std::string_view text) {
  std::string_view only;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end), kLineBlanks);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    if (!only.empty()) {
      return wrong(path, "has several lines; leave the one that is the secret");
    }
    only = line;
  }
  if (only.empty()) return wrong(path, "is empty; write the secret into it, as one line");
  return only;
}

Result<Secret> parse(const std::string& path, std::string_view text) {
  if (text.size() > kMaxSecretFileBytes) {
    return wrong(path, "is larger than " + std::to_string(kMaxSecretFileBytes) +
                           " bytes; it may hold nothing but the secret");
  }
  if (std::string mark = explain_byte_order_mark(text); !mark.empty()) {
    return wrong(path, mark);
  }
  const Result<std::string_view> line = only_line(path, text);
  if (!line) return line.error();
  const auto strange = std::ranges::find_if(*line, [](char c) { return c < ' ' || c > '~'; });
  if (strange != line->end()) {
    return wrong(path, "byte " + std::to_string(strange - line->begin() + 1) +
                           " of its line is not printable ASCII; write the secret again");
  }
  return Secret(*line);
}

}  // namespace

Secret::Secret(std::string_view bytes) : bytes_(bytes.begin(), bytes.end()) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  wipe();
  bytes_ = std::move(other.bytes_);
  other.bytes_.clear();
  return *this;
}

Secret::~Secret() {
  wipe();
}

void Secret::wipe() noexcept {
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

Result<Secret> read_secret_file(const std::string& path, uid_t starter) {
  if (!path.starts_with('/')) return wrong(path, "is not an absolute path; begin it with /");
  // Not to wait for the writer of a FIFO, nor to take a terminal over.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.valid()) return wrong(path, explain_refused_open(path, errno));
  // What was opened is judged, not what the path names by now.
  struct stat status {};
  if (fstat(file.get(), &status) != 0) return wrong(path, std::strerror(errno));
  if (Result<void> fit = judge_status(path, status, starter); !fit) return fit.error();
  ErasedBuffer buffer;
  const std::optional<std::size_t> size = read_into(buffer, file.get());
  if (!size) return wrong(path, std::strerror(errno));
  return parse(path, std::string_view(buffer.bytes.data(), *size));
}

}  // namespace plivo_dial
