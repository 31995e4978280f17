// File: tests/fault/loop_file_system.h
//
// A small file system of its own in a file, to fill up and to cut off. Needs root, mkfs and loop
// devices.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace plivo_dial::test {

class LoopFileSystem {
 public:
  // Makes a file system of `type` (ext4 or xfs) in `directory` and mounts it. `options` are for
  // mkfs.
  LoopFileSystem(const std::string& directory, const std::string& type, std::uint64_t mebibytes,
                 const std::string& options = "");
  ~LoopFileSystem();
  LoopFileSystem(const LoopFileSystem&) = delete;
  LoopFileSystem& operator=(const LoopFileSystem&) = delete;

  // Why there is none; empty when there is.
  const std::string& missing() const { return missing_; }

  // Where it is mounted.
  const std::string& path() const { return mount_point_; }

  // Uses up all space but `bytes`; 0 bytes given back are none. Ok when it worked.
  bool fill_up_to(std::uint64_t bytes) const;
  void free_all() const;

  // As if the power went: nothing more goes to the disk, not even the journal. When it began, by
  // CLOCK_MONOTONIC in nanoseconds; what is told to be stored from then on counts for nothing. 0
  // when it did not work.
  std::int64_t cut() const;

  // As if an error was met in the file system, which makes the kernel mount it anew for reading
  // only, as most distributions' /etc/fstab asks for. Ext4 only. False when it did not work.
  bool make_read_only() const;

  // Whether it can be, since the kernel has a file for it that this process may write.
  bool has_read_only_trigger() const;

  // As after the power's return. False when it did not work.
  bool mount_again();

 private:
  bool run(const std::string& command);
  bool mount();
  std::string read_only_trigger() const;

  const std::string directory_;
  const std::string image_;
  const std::string mount_point_;
  std::string mount_options_ = "loop";
  std::string missing_;
  bool mounted_ = false;
};

}  // namespace plivo_dial::test
