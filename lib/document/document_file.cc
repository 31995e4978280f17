// SPDX-License-Identifier: Apache-2.0
#include "lib/document/document_file.h"

#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/base/system_file.h"
#include "lib/document/element.h"

namespace plivo_dial {
namespace {

Result<DocumentTemplate> read_template(const std::string& path) {
  const Result<std::string> bytes = read_regular_file(path, kMaxDocumentBytes);
  if (!bytes) return bytes.error();
  Result<DocumentTemplate> parsed = DocumentTemplate::parse(*bytes);
  if (!parsed) return Error{in_quotes(path) + ": " + parsed.error().message};
  return parsed;
}

}  // namespace

Result<std::unique_ptr<DocumentFile>> DocumentFile::open(std::string path) {
  std::unique_ptr<DocumentFile> file(new DocumentFile(std::move(path)));
  const MutexLock lock(file->mutex_);
  file->watch_.has_changed(0);
  Result<DocumentTemplate> document = read_template(file->path_);
  if (!document) return document.error();
  file->document_.reset(new DocumentTemplate(std::move(document).value()));
  return file;
}

void DocumentFile::look(std::int64_t now_us) {
  if (!watch_.has_changed(now_us)) return;
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
