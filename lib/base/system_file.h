// File: lib/base/system_file.h
//
// The few operations on files that several rooms share: a descriptor that closes itself, files that
// are read and replaced as a whole, errors with errno's words.
//
//   const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
//   if (!file.valid()) return system_error("cannot open", path);
//
//   const Result<std::string> before = read_file("/var/lib/plivo-dial/notes");
//   const Result<void> replaced = replace_file("/var/lib/plivo-dial", "notes", bytes);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "lib/base/result.h"

namespace plivo_dial {

// Owns a file descriptor; -1: none.
class Descriptor {
 public:
  explicit Descriptor(int value = -1) : value_(value) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    reset(std::exchange(other.value_, -1));
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return value_; }
  bool valid() const { return value_ >= 0; }
  void reset(int value = -1);

 private:
  int value_;
};

// "<action> '<path>': <text of errno>"
Error system_error(std::string_view action, const std::string& path);

// Makes the directory (0750) unless it is there.
Result<void> make_directory(const std::string& path);

// Opens `name`, a path below the directory `above`, with flags as for open(2). No symbolic link on
// the way is followed, and nothing outside of `above` is reached, whoever may write there. Not
// valid where that fails, with errno.
Descriptor open_beneath(const std::string& above, const std::string& name, int flags);

// The whole file; empty when it does not exist. A symbolic link as the last part of `path` is not
// followed: that is an error.
Result<std::string> read_file(const std::string& path);

// The whole file, which must be there and of at most `most` bytes. Symbolic links are followed, and
// nothing waits for a pipe. The error names the path.
inline constexpr std::size_t kMostOfAFile = std::size_t{64} << 20;
Result<std::string> read_regular_file(const std::string& path, std::size_t most = kMostOfAFile);

// Writes all of `bytes` at the descriptor's position.
Result<void> write_all(int descriptor, const std::string& path, std::string_view bytes);

// Replaces `<directory>/<name>` by a file with `bytes`, atomically and durably. It is made as
// `<name>.tmp` in the same directory; after a failure that may be left there, for the next call to
// write over.
Result<void> replace_file(const std::string& directory, const std::string& name,
                          std::string_view bytes);

// A file without a name, in memory, with `text` in it, at its beginning: standard input or output
// of a program that must not wait for whoever is at the other end. Not valid where there is none to
// be had.
Descriptor memory_file(std::string_view text);

// All of an open file, from its beginning on, as far as it can be read.
std::string read_from_start(int descriptor);

}  // namespace plivo_dial
