// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/refused_requests.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <vector>

#include "lib/base/timestamp.h"
#include "lib/spool/spool_layout.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kRefusedSuffix = ".http";
constexpr std::size_t kTimestampBytes = 27;  // "2026-11-20T09:15:02.184467Z"

std::atomic_flag g_is_keeping;  // constant-initialised, and no state of the configuration

class FileDescriptor {
 public:
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  ~FileDescriptor() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

// One at a time in this process.
class Turn {
 public:
  Turn() : taken_(!g_is_keeping.test_and_set()) {}
  ~Turn() {
    if (taken_) g_is_keeping.clear();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  bool is_taken() const { return taken_; }

 private:
  bool taken_;
};

Error failure(const std::string& what) {
  return Error{what + ": " + std::strerror(errno)};
}

// No link is followed: whoever may write into the spool could lead others astray by one.
int open_directory(const std::string& spool) {
  const FileDescriptor base(open(spool.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!base.is_open()) return -1;
  return openat(base.get(), kRefusedDirectory.data(),
                O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int make_refused_directory(const std::string& spool) {
  const std::string path = path_in_spool(spool, kRefusedDirectory);
  if (mkdir(path.c_str(), kRefusedDirectoryMode) != 0 && errno != EEXIST) return -1;
  return open_directory(spool);
}

// "2026-11-20T09:15:02.184467Z-4711.http"
bool is_name_of_request(std::string_view name) {
  return name.size() > kTimestampBytes && name[kTimestampBytes] == '-' &&
         name.ends_with(kRefusedSuffix) &&
         parse_timestamp(name.substr(0, kTimestampBytes)).has_value();
}

// Oldest first.
std::vector<std::string> names_in(int directory) {
  std::vector<std::string> names;
  const int copy = fcntl(directory, F_DUPFD_CLOEXEC, 0);
  DIR* const stream = copy < 0 ? nullptr : fdopendir(copy);
  if (stream == nullptr) {
    if (copy >= 0) close(copy);
    return names;
  }
  rewinddir(stream);
  while (const dirent* entry = readdir(stream)) {
    if (is_name_of_request(entry->d_name)) names.emplace_back(entry->d_name);
  }
  closedir(stream);
  std::ranges::sort(names);
  return names;
}

// All but the `most` youngest, and all that are too old.
void remove_old_requests(int directory, std::size_t most, std::int64_t now_us) {
  const std::vector<std::string> names = names_in(directory);
  const std::string oldest = format_timestamp(now_us - kRefusedRequestUs);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i + most < names.size() || names[i] < oldest) unlinkat(directory, names[i].c_str(), 0);
  }
}

bool has_space(int directory, std::uint64_t min_free) {
  struct statvfs disk {};
  if (fstatvfs(directory, &disk) != 0) return false;
  return std::uint64_t{disk.f_bavail} * disk.f_frsize >= min_free;
}

Result<void> write_request(int file, std::string_view request) {
  while (!request.empty()) {
    const ssize_t written = write(file, request.data(), request.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failure("it can't be written");
    request.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

Result<std::string> keep_refused_request(const std::string& spool, std::string_view request,
                                         std::uint64_t min_free, std::int64_t now_us) {
  const Turn turn;
  if (!turn.is_taken()) return Error{"another one is just being kept"};
  const FileDescriptor directory(make_refused_directory(spool));
  const std::string path = path_in_spool(spool, kRefusedDirectory);
  if (!directory.is_open()) return failure("'" + path + "'");
  struct stat status {};
  if (fstat(directory.get(), &status) != 0) return failure("'" + path + "'");
  if (status.st_uid != geteuid() || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{"'" + path + "' is another user's, or open to others: rm -r " + path};
  }
  if (!has_space(directory.get(), min_free)) return Error{"the disk is nearly full"};
  remove_old_requests(directory.get(), kMostRefusedRequests - 1, now_us);
  const std::string name =
      format_timestamp(now_us) + "-" + std::to_string(getpid()) + std::string(kRefusedSuffix);
  const FileDescriptor file(openat(directory.get(), name.c_str(),
                                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                   kRefusedFileMode));
  if (!file.is_open()) return failure("'" + path + "/" + name + "'");
  if (const Result<void> written = write_request(file.get(), request); !written) {
    unlinkat(directory.get(), name.c_str(), 0);
    return written.error();
  }
  return path + "/" + name;
}

void forget_refused_requests(const std::string& spool, std::int64_t now_us) {
  const FileDescriptor directory(open_directory(spool));
  if (directory.is_open()) remove_old_requests(directory.get(), kMostRefusedRequests, now_us);
}

}  // namespace plivo_dial
