// SPDX-License-Identifier: Apache-2.0
#include "lib/base/system_file.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "lib/base/file_size_limit.h"

namespace plivo_dial {

void Descriptor::reset(int value) {
  if (value_ >= 0) close(value_);
  value_ = value;
}

Error system_error(std::string_view action, const std::string& path) {
  const int error = errno;
  return Error{std::string(action) + " '" + path + "': " + std::strerror(error) +
               (error == EFBIG ? "; " + file_size_remedy() : "")};
}

Result<void> make_directory(const std::string& path) {
  if (mkdir(path.c_str(), 0750) == 0 || errno == EEXIST) return {};
  return system_error("cannot make directory", path);
}

Descriptor open_beneath(const std::string& above, const std::string& name, int flags) {
  const Descriptor directory(open(above.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid()) return Descriptor();
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  Descriptor file(
      static_cast<int>(syscall(SYS_openat2, directory.get(), name.c_str(), &how, sizeof(how))));
  const bool unknown = !file.valid() && (errno == ENOSYS || errno == EPERM);
  if (!unknown) return file;
  // Before Linux 5.6, or where a filter of system calls does not know it: for a single name the
  // same.
  if (name.find('/') != std::string::npos || name == "..") return Descriptor();
  return Descriptor(openat(directory.get(), name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC));
}

Result<std::string> read_file(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file.valid()) {
    if (errno == ENOENT) return std::string();
    return system_error("cannot open", path);
  }
  std::string bytes;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t got = read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error("cannot read", path);
    if (got == 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

Result<std::string> read_regular_file(const std::string& path, std::size_t most) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info = {};
  if (!file.valid() || fstat(file.get(), &info) != 0) return system_error("cannot read", path);
  if (!S_ISREG(info.st_mode)) return Error{"'" + path + "' is no file"};
  std::string bytes;
  std::size_t size = 0;
  // It may grow while it is read.
  for (ssize_t got = 1; got != 0;) {
    if (size == bytes.size()) {
      const std::size_t known = static_cast<std::size_t>(info.st_size) + 1;
      bytes.resize(std::min(most + 1, std::max(known, 2 * size)));
    }
    got = read(file.get(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error("cannot read", path);
    size += static_cast<std::size_t>(got);
    if (size > most) {
      return Error{"'" + path + "' is larger than " + std::to_string(most) + " bytes"};
    }
  }
  bytes.resize(size);
  return bytes;
}

Result<void> write_all(int descriptor, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_error("cannot write", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> replace_file(const std::string& directory, const std::string& name,
                          std::string_view bytes) {
  const std::string path = directory + "/" + name;
  const std::string temporary = path + ".tmp";
  const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
  const Descriptor file(open(temporary.c_str(), flags, 0640));
  if (!file.valid()) return system_error("cannot create", temporary);
  if (Result<void> written = write_all(file.get(), temporary, bytes); !written) return written;
  if (fsync(file.get()) != 0) return system_error("cannot sync", temporary);
  if (rename(temporary.c_str(), path.c_str()) != 0) return system_error("cannot replace", path);
  const Descriptor parent(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!parent.valid() || fsync(parent.get()) != 0) {
    return system_error("cannot sync directory", directory);
  }
  return {};
}

Descriptor memory_file(std::string_view text) {
  Descriptor file(memfd_create("plivo-dial", MFD_CLOEXEC));
  if (file.valid() && write_all(file.get(), "memory", text) &&
      lseek(file.get(), 0, SEEK_SET) == 0) {
    return file;
  }
  return Descriptor();
}

std::string read_from_start(int descriptor) {
  std::string text;
  char buffer[4096];
  lseek(descriptor, 0, SEEK_SET);
  for (ssize_t count = 0; (count = read(descriptor, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return text;
}

}  // namespace plivo_dial
