// File: lib/document/document_file.h
//
// A file with a document of the administrator's own, which is taken again when it has changed. A
// version with a fault changes nothing: the one before goes on being served.
//
//   Result<std::unique_ptr<DocumentFile>> file = DocumentFile::open("/etc/plivo-dial/agent.xml");
//   (*file)->current(now)->fill(value_of)
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "lib/base/file_version.h"
#include "lib/base/mutex.h"
#include "lib/base/result.h"
#include "lib/document/document_template.h"

namespace plivo_dial {

// Safe from any thread.
class DocumentFile {
 public:
  // Reads the file for the first time. The error names path, line and remedy.
  static Result<std::unique_ptr<DocumentFile>> open(std::string path);

  // The last version without a fault. Looks at the file again once `now_us`, microseconds of a
  // clock that goes on, is a second behind the last look, and reads it where it was replaced or
  // changed.
  std::shared_ptr<const DocumentTemplate> current(std::int64_t now_us) PLIVO_EXCLUDES(mutex_);

  // The fault of the version that is there now, once for each; nothing where it is served, or was
  // told before. For one process that writes it into the log.
  std::optional<std::string> new_fault(std::int64_t now_us) PLIVO_EXCLUDES(mutex_);

  const std::string& path() const { return path_; }

 private:
  explicit DocumentFile(std::string path) : path_(std::move(path)), watch_(path_) {}
  void look(std::int64_t now_us) PLIVO_REQUIRES(mutex_);

  const std::string path_;
  Mutex mutex_;
  FileWatch watch_ PLIVO_GUARDED_BY(mutex_);
  std::shared_ptr<const DocumentTemplate> document_ PLIVO_GUARDED_BY(mutex_);
  std::optional<std::string> fault_ PLIVO_GUARDED_BY(mutex_);
};

}  // namespace plivo_dial
