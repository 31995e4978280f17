// SPDX-License-Identifier: Apache-2.0
#include "lib/document/document_file.h"

#include <sys/stat.h>

#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/base/system_file.h"
#include "lib/document/element.h"

namespace plivo_dial {
namespace {

constexpr std::int64_t kBetweenLooksUs = 1'000'000;

Result<DocumentTemplate> read_template(const std::string& path) {
  const Result<std::string> bytes = read_regular_file(path, kMaxDocumentBytes);
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
  // A clock that was set back is no reason to wait for it.
  if (now_us >= looked_us_ && now_us - looked_us_ < kBetweenLooksUs) return;
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
