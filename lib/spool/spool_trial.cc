// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/spool_trial.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <exception>

#include "lib/base/file_size_limit.h"
#include "lib/spool/helper_thread.h"
#include "lib/spool/segment_format.h"
#include "lib/spool/segment_maker.h"
#include "lib/spool/segment_name.h"
#include "lib/spool/spool_layout.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kContent = "mod_plivo_dial tries whether it can write here\n";

// Of all trials of the process.
constinit std::atomic<std::uint64_t> g_next_trial{0};

// Where segments are made, or will be.
std::string directory_of_trial(const std::string& spool) {
  const std::string in = path_in_spool(spool, kSegmentDirectory);
  struct stat status {};
  return stat(in.c_str(), &status) == 0 || errno != ENOENT ? in : spool;
}

// Holds back the signal of the limit on file sizes from this thread: at configtest httpd does not
// ignore it yet, and would end.
class HeldSizeSignal {
 public:
  HeldSizeSignal() {
    sigemptyset(&signal_);
    sigaddset(&signal_, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &signal_, &former_);
  }
  ~HeldSizeSignal() {
    const timespec at_once{};
    while (sigtimedwait(&signal_, nullptr, &at_once) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &former_, nullptr);
  }
  HeldSizeSignal(const HeldSizeSignal&) = delete;
  HeldSizeSignal& operator=(const HeldSizeSignal&) = delete;

 private:
  sigset_t signal_{};
  sigset_t former_{};
};

// As large as a segment: a disk with room for a line may have none for that.
SpoolResult<void> write_and_sync(int file, const std::string& path) {
  const HeldSizeSignal held;
  int reserved = EINTR;
  while (reserved == EINTR) {
    reserved = posix_fallocate(file, 0, static_cast<off_t>(kSegmentSize));
  }
  if (reserved != 0) return spool_error("cannot reserve 1 MiB for", path, reserved);
  ssize_t written = -1;
  do {
    written = write(file, kContent.data(), kContent.size());
  } while (written < 0 && errno == EINTR);
  if (written < 0) return spool_error("cannot write", path, errno);
  while (fsync(file) != 0) {
    if (errno != EINTR) return spool_error("cannot sync", path, errno);
  }
  return {};
}

// The name is one that the dispatcher removes, should we die in between.
SpoolResult<void> write_file(const std::string& directory) {
  const Result<std::string> prefix = segment_name_prefix();
  if (!prefix) return SpoolError{prefix.error(), SpoolFailure::kFailed, 0};
  const std::string path = directory + "/trial-" + *prefix + std::to_string(g_next_trial++) +
                           std::string(kUnfinishedSuffix);
  const int file =
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kSpoolFileMode);
  if (file < 0) return spool_error("cannot create", path, errno);
  SpoolResult<void> outcome = write_and_sync(file, path);
  close(file);
  if (unlink(path.c_str()) != 0 && errno != ENOENT && outcome) {
    outcome = spool_error("cannot remove", path, errno);
  }
  return outcome;
}

// For file permissions only, and for the calling thread only. The kernel takes away what root may
// with files when it stops being root there. It can't fail for root.
void become(const Identity& identity) {
  std::vector<gid_t> groups = identity.groups;
  groups.push_back(identity.gid);
  // Not setgroups(), which changes all threads.
  syscall(SYS_setgroups, groups.size(), groups.data());
  setfsgid(identity.gid);
  setfsuid(identity.uid);
}

}  // namespace

SpoolResult<void> try_spool(const std::string& spool, std::optional<std::uint64_t> min_free) {
  const std::string directory = directory_of_trial(spool);
  if (SpoolResult<void> written = write_file(directory); !written) return written;
  return check_free_space(spool, directory, min_free);
}

SpoolResult<void> try_spool_as(const Identity& identity, const std::string& spool,
                               std::optional<std::uint64_t> min_free) {
  if (geteuid() != 0 || identity.uid == 0) return try_spool(spool, min_free);
  SpoolResult<void> outcome;
  try {
    start_helper_thread("plivo-trial", [&] {
      become(identity);
      outcome = try_spool(spool, min_free);
    }).join();
  } catch (const std::exception&) {
    return {};  // no thread to be had, which says nothing of the spool
  }
  return outcome;
}

std::string spool_remedy(const SpoolError& error, const std::string& spool) {
  switch (error.error_number) {
    case EROFS:
      return "the file system is read-only for this process: see dmesg for an ext4 error, after "
             "which the disk is to be checked (fsck) and mounted again; or the unit of httpd "
             "makes it so (ProtectSystem=, ReadOnlyPaths=): systemctl edit it, [Service] "
             "ReadWritePaths=" +
             spool;
    case EACCES:
    case EPERM:
      return "its owner must be the user who serves: chown it, with all below it, to httpd's User "
             "and Group; if it is so, look for chattr +i (lsattr -d), SELinux (ausearch -m avc, "
             "restorecon -R " +
             spool + ") and AppArmor (dmesg)";
    case ENOENT:
    case ENOTDIR:
      return "the directory is gone, or this process sees other directories than this shell, as "
             "with "
             "ChrootDir, PrivateTmp= and mount namespaces: make it anew; if it is there, restart "
             "httpd";
    case ENOSPC:
      return "make room (df, df -i)";
    case EDQUOT:
      return "raise the quota of httpd's user (repquota), or make room";
    case EFBIG:
      return file_size_remedy();
    case EIO:
    case EUCLEAN:
      return "the disk fails: see dmesg";
    case EMFILE:
    case ENFILE:
      return "raise the limit of open files (LimitNOFILE= of httpd's unit, ulimit -n)";
    default:
      return "";
  }
}

}  // namespace plivo_dial
