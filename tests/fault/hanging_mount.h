// File: tests/fault/hanging_mount.h
//
// A FUSE file system whose server can be made to take requests and answer none, so that whoever
// touches it waits in the kernel and can't be killed. Needs root, /dev/fuse and bindfs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>

namespace plivo_dial::test {

class HangingMount {
 public:
  // Mounts a directory `source` below `directory` as `mount`, for everybody, by way of another
  // mount: it is the one in between that is stopped. Whoever waits for a request that nobody has
  // taken can be killed.
  explicit HangingMount(const std::string& directory);

  // Ends the server, with which all that waits for it fails, and unmounts.
  ~HangingMount();
  HangingMount(const HangingMount&) = delete;
  HangingMount& operator=(const HangingMount&) = delete;

  // Why there is none; empty when there is.
  const std::string& missing() const { return missing_; }

  // Where it is mounted, and what is there, seen without it.
  const std::string& path() const { return mount_point_; }
  const std::string& source() const { return source_; }

  // False when it did not work.
  bool hang() const;
  bool answer_again() const;

 private:
  pid_t mount(const std::string& from, const std::string& to);

  const std::string source_;
  const std::string between_point_;
  const std::string mount_point_;
  std::string missing_;
  pid_t between_ = 0;
  pid_t server_ = 0;
};

}  // namespace plivo_dial::test
