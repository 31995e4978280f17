// File: lib/base/file_version.h
//
// What tells one version of a file from another without reading it.
//
//   FileWatch watch("/etc/plivo-dial/numbers.txt");
//   ...
//   if (watch.has_changed(now_us)) read_again();
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace plivo_dial {

struct FileVersion {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = -1;  // -1: there is no file
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;  // also when who may read it changed

  // Of the file at `path`; symbolic links are followed.
  static FileVersion of(const std::string& path);

  friend bool operator==(const FileVersion&, const FileVersion&) = default;
};

// All of it in one word, for who keeps it in a file.
std::string to_string(const FileVersion& version);

// Notes the version of a file, and looks at it again once a second at most. For one thread.
class FileWatch {
 public:
  // Nothing is noted yet: a file that is there has changed.
  explicit FileWatch(std::string path) : path_(std::move(path)) {}

  // Whether the file was replaced, changed, made or removed since this said so last. `now_us` are
  // microseconds of a clock that goes on; where it was set back, that is no reason to wait for it.
  bool has_changed(std::int64_t now_us);

  // Whether there was a file at the last look.
  bool is_there() const { return version_ != FileVersion(); }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::optional<std::int64_t> looked_us_;
  FileVersion version_;
};

}  // namespace plivo_dial
