// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/init/init_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include "lib/base/in_quotes.h"

namespace plivo_dial::ctl {
namespace {

Error failed(const std::string& what, const std::string& path, int error) {
  return Error{"cannot " + what + " " + in_quotes(path) + ": " + std::strerror(error)};
}

Error is_there(const std::string& path) {
  return Error{"the file " + in_quotes(path) +
               " is there already, and was left as it is: remove it, give another name, or "
               "replace it with --force"};
}

bool exists(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0;
}

bool write_text(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t done = ::write(descriptor, content.data(), content.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

// A name that is in no use, from mkstemp's pattern.
std::string pattern_beside(const std::string& path) {
  return path + ".new-XXXXXX";
}

void sync_directory(const std::string& directory) {
  const int descriptor = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

}  // namespace

NewFile::NewFile(NewFile&& other) noexcept
    : wanted_(std::move(other.wanted_)),
      beside_(std::exchange(other.beside_, {})),
      former_(std::exchange(other.former_, {})),
      made_directory_(std::exchange(other.made_directory_, false)),
      published_(std::exchange(other.published_, false)) {}

NewFile::~NewFile() {
  if (!beside_.empty()) unlink(beside_.c_str());
  if (published_ && !former_.empty()) {
    rename(former_.c_str(), wanted_.path.c_str());
  } else if (published_) {
    unlink(wanted_.path.c_str());
  } else if (!former_.empty()) {
    unlink(former_.c_str());
  }
  if (made_directory_) rmdir(directory().c_str());
}

std::string NewFile::directory() const {
  const std::size_t slash = wanted_.path.rfind('/');
  return slash == 0 ? "/" : wanted_.path.substr(0, slash);
}

Result<NewFile> NewFile::write(Wanted wanted, std::string_view content) {
  NewFile file(std::move(wanted));
  if (!file.wanted_.path.starts_with('/') || file.wanted_.path.ends_with('/')) {
    return Error{in_quotes(file.wanted_.path) + " is not the absolute path of a file"};
  }
  if (!file.wanted_.replace && exists(file.wanted_.path)) return is_there(file.wanted_.path);
  if (Result<void> made = file.make_directory(); !made) return made.error();
  if (Result<void> written = file.write_beside(content); !written) return written.error();
  return file;
}

namespace {

std::string parent_of(const std::string& path) {
  return std::filesystem::path(path).parent_path();
}

}  // namespace

Result<void> check_directory_above(const std::string& path) {
  const std::string directory = parent_of(path);
  const std::string above = parent_of(directory);
  if (exists(directory) || above.empty() || exists(above)) return {};
  return Error{in_quotes(above) + " does not exist, so that " + in_quotes(path) +
               " can't be written: make it, or name another place"};
}

Result<void> NewFile::make_directory() {
  const std::string path = directory();
  if (mkdir(path.c_str(), wanted_.directory_mode) == 0) {
    made_directory_ = true;
    // Whatever the umask is.
    if (chmod(path.c_str(), wanted_.directory_mode) != 0) return failed("chmod", path, errno);
    return {};
  }
  if (errno == EEXIST) return {};
  return failed("make the directory", path, errno);
}

Result<void> NewFile::write_beside(std::string_view content) {
  std::string name = pattern_beside(wanted_.path);
  const int descriptor = mkostemp(name.data(), O_CLOEXEC);  // 0600 whatever the umask is
  if (descriptor < 0) return failed("write into", directory(), errno);
  beside_ = name;
  const bool written = write_text(descriptor, content) && fchmod(descriptor, wanted_.mode) == 0 &&
                       fsync(descriptor) == 0;
  const int error = errno;
  if (close(descriptor) != 0 && written) return failed("write", wanted_.path, errno);
  if (!written) return failed("write", wanted_.path, error);
  return {};
}

Result<void> NewFile::publish() {
  if (wanted_.replace && exists(wanted_.path)) {
    // Under a second name until it is sure that it is not needed.
    std::string name = beside_ + ".former";
    if (link(wanted_.path.c_str(), name.c_str()) != 0) {
      return failed("replace", wanted_.path, errno);
    }
    former_ = name;
    if (rename(beside_.c_str(), wanted_.path.c_str()) != 0) {
      return failed("replace", wanted_.path, errno);
    }
    beside_.clear();
  } else if (link(beside_.c_str(), wanted_.path.c_str()) != 0) {
    // link, since rename would replace what came there in the meantime.
    return errno == EEXIST ? is_there(wanted_.path) : failed("write", wanted_.path, errno);
  }
  published_ = true;
  if (!beside_.empty()) unlink(beside_.c_str());
  beside_.clear();
  sync_directory(directory());
  return {};
}

bool NewFile::keep() {
  bool has_former = false;
  if (!former_.empty()) {
    has_former =
        wanted_.keep_former && rename(former_.c_str(), former_name(wanted_.path).c_str()) == 0;
    if (!has_former) unlink(former_.c_str());
  }
  former_.clear();
  published_ = false;
  made_directory_ = false;
  return has_former;
}

}  // namespace plivo_dial::ctl
