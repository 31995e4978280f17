// SPDX-License-Identifier: Apache-2.0
#include "lib/document/document_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/base/system_file.h"
#include "lib/document/element.h"

namespace plivo_dial {
namespace {

constexpr std::int64_t kBetweenLooksUs = 1'000'000;
constexpr std::size_t kLargestFile = kMaxDocumentBytes;

// A pipe or a device could hold up whoever reads it.
Result<std::string> read_document(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info = {};
  if (!file.valid() || fstat(file.get(), &info) != 0) return system_error("cannot read", path);
  if (!S_ISREG(info.st_mode)) return Error{"'" + path + "' is no file"};
  std::string bytes(kLargestFile + 1, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = read(file.get(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error("cannot read", path);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > kLargestFile) {
    return Error{"'" + path + "' is larger than a Plivo document may be (100 kB)"};
  }
  bytes.resize(size);
  return bytes;
}

Result<DocumentTemplate> read_template(const std::string& path) {
  const Result<std::string> bytes = read_document(path);
  if (!bytes) return bytes.error();
  Result<DocumentTemplate> parsed = DocumentTemplate::parse(*bytes);
  if (!parsed) return Error{in_quotes(path) + ": " + parsed.error().message};
  return parsed;
}

}  // namespace

bool DocumentFile::Version::is(const Version& other) const {
  return device == other.device && inode == other.inode && size == other.size &&
         modified.tv_sec == other.modified.tv_sec && modified.tv_nsec == other.modified.tv_nsec;
}

DocumentFile::Version DocumentFile::version_of(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) return {};
  return {info.st_dev, info.st_ino, info.st_size, info.st_mtim};
}

Result<std::unique_ptr<DocumentFile>> DocumentFile::open(std::string path) {
  std::unique_ptr<DocumentFile> file(new DocumentFile(std::move(path)));
  const MutexLock lock(file->mutex_);
  file->version_ = version_of(file->path_);
  Result<DocumentTemplate> document = read_template(file->path_);
  if (!document) return document.error();
  file->document_.reset(new DocumentTemplate(std::move(document).value()));
  return file;
}

void DocumentFile::look(std::int64_t now_us) {
  if (now_us - looked_us_ < kBetweenLooksUs) return;
  looked_us_ = now_us;
  const Version version = version_of(path_);
  if (version.is(version_)) return;
  version_ = version;
  Result<DocumentTemplate> document = read_template(path_);
  if (document) {
    document_.reset(new DocumentTemplate(std::move(document).value()));
    fault_.reset();
  } else {
    fault_ = document.error().message;
  }
}

std::shared_ptr<const DocumentTemplate> DocumentFile::current(std::int64_t now_us) {
  const MutexLock lock(mutex_);
  look(now_us);
  return document_;
}

std::optional<std::string> DocumentFile::new_fault(std::int64_t now_us) {
  const MutexLock lock(mutex_);
  look(now_us);
  return std::exchange(fault_, std::nullopt);
}

}  // namespace plivo_dial
