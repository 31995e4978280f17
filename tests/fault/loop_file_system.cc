// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/loop_file_system.h"

#include <fcntl.h>
#include <linux/types.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/fault/ack_log.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

// EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN are one: _IOR('X', 125, __u32). 2: do not flush the log.
constexpr unsigned long kShutdown = _IOR('X', 125, __u32);
constexpr __u32 kWithoutLogFlush = 2;

// The tools are where an ordinary user's path does not lead.
constexpr char kPath[] = "PATH=\"$PATH:/usr/sbin:/sbin\" ";

}  // namespace

LoopFileSystem::LoopFileSystem(const std::string& directory, const std::string& type,
                               std::uint64_t mebibytes, const std::string& options)
    : directory_(directory), image_(directory + "/image"), mount_point_(directory + "/disk") {
  if (geteuid() != 0) {
    missing_ = "only root can mount a file system";
    return;
  }
  // xfs mounts no copy of what somebody has mounted still; see mount_again().
  if (type == "xfs") mount_options_ += ",nouuid";
  if (type == "ext4") mount_options_ += ",errors=remount-ro";
  std::filesystem::create_directory(mount_point_);
  std::ofstream(image_).close();
  std::filesystem::resize_file(image_, mebibytes * 1024 * 1024);
  const std::string quiet = type == "xfs" ? " -q " : " -q -F ";
  if (!run("mkfs." + type + quiet + options + " " + image_)) return;
  mount();
}

LoopFileSystem::~LoopFileSystem() {
  if (mounted_) run("umount " + mount_point_);
}

// What a command that fails says is why there is no file system.
bool LoopFileSystem::run(const std::string& command) {
  const std::string output = directory_ + "/output";
  if (std::system((kPath + command + " >" + output + " 2>&1").c_str()) == 0) return true;
  std::ostringstream text;
  text << std::ifstream(output).rdbuf();
  missing_ = command.substr(0, command.find(' ')) + " failed: " + text.str();
  return false;
}

bool LoopFileSystem::mount() {
  mounted_ = run("mount -o " + mount_options_ + " " + image_ + " " + mount_point_);
  return mounted_;
}

bool LoopFileSystem::fill_up_to(std::uint64_t bytes) const {
  const int file = open((mount_point_ + "/filler").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  struct statvfs status {};
  off_t size = lseek(file, 0, SEEK_END);
  // As large pieces as there are, since what is left is in pieces.
  for (off_t piece = off_t{1} << 26; piece >= 4096;) {
    statvfs(mount_point_.c_str(), &status);
    const std::uint64_t left = std::uint64_t{status.f_bfree} * status.f_frsize;
    const std::uint64_t wanted = left > bytes ? left - bytes : 0;
    if (wanted >= static_cast<std::uint64_t>(piece) && posix_fallocate(file, size, piece) == 0) {
      size += piece;
    } else {
      piece /= 2;
    }
  }
  const bool written = file >= 0 && fsync(file) == 0;
  close(file);
  return written;
}

void LoopFileSystem::free_all() const {
  std::filesystem::remove(mount_point_ + "/filler");
}

std::int64_t LoopFileSystem::cut() const {
  const int directory = open(mount_point_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::int64_t begun = monotonic_ns();
  __u32 flags = kWithoutLogFlush;
  const bool worked = ioctl(directory, kShutdown, &flags) == 0;
  close(directory);
  return worked ? begun : 0;
}

std::string LoopFileSystem::read_only_trigger() const {
  struct stat status {};
  if (stat(mount_point_.c_str(), &status) != 0) return "";
  const std::string device = "/sys/dev/block/" + std::to_string(major(status.st_dev)) + ":" +
                             std::to_string(minor(status.st_dev));
  std::error_code error;
  const std::filesystem::path name = std::filesystem::read_symlink(device, error).filename();
  return "/sys/fs/ext4/" + name.string() + "/trigger_fs_error";
}

bool LoopFileSystem::has_read_only_trigger() const {
  return access(read_only_trigger().c_str(), W_OK) == 0;
}

bool LoopFileSystem::make_read_only() const {
  std::ofstream(read_only_trigger()) << "a test\n";
  // Not every kernel says so in what statvfs(3) and /proc/mounts tell.
  const int file = open((mount_point_ + "/writable").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const bool worked = file < 0 && errno == EROFS;
  if (file >= 0) close(file);
  return worked;
}

// From a copy: whoever has made a mount namespace in the meantime, as the tests of packages do,
// holds the old file system, which would come back as it was, cut off.
bool LoopFileSystem::mount_again() {
  // A process that was killed may need a moment to let go of its files.
  if (!wait_for([this] { return run("umount " + mount_point_); })) return false;
  mounted_ = false;
  const std::string copy = image_ + ".copy";
  if (!run("cp --sparse=always " + image_ + " " + copy)) return false;
  std::filesystem::rename(copy, image_);
  return mount();
}

}  // namespace plivo_dial::test
