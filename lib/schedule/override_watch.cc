// SPDX-License-Identifier: Apache-2.0
#include "lib/schedule/override_watch.h"

#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/base/system_file.h"

namespace plivo_dial {
namespace {

Result<Override> read_override(const std::string& path) {
  const Result<std::string> content = read_regular_file(path, kLargestOverrideFile);
  if (!content) return content.error();
  Result<Override> parsed = parse_override(*content);
  if (!parsed) return Error{in_quotes(path) + ": " + parsed.error().message};
  return parsed;
}

}  // namespace

void OverrideWatch::look(std::int64_t now_us) {
  if (!watch_.has_changed(now_us)) return;
  fault_.reset();
  is_faulty_ = false;
  if (!watch_.is_there()) {
    override_ = {};
    return;
  }
  Result<Override> read = read_override(watch_.path());
  if (read) {
    override_ = *read;
  } else {
    fault_ = read.error().message;
    is_faulty_ = true;
  }
}

Override OverrideWatch::current(std::int64_t now_us) {
  const MutexLock lock(mutex_);
  look(now_us);
  return override_;
}

bool OverrideWatch::is_faulty(std::int64_t now_us) {
  const MutexLock lock(mutex_);
  look(now_us);
  return is_faulty_;
}

std::optional<std::string> OverrideWatch::new_fault(std::int64_t now_us) {
  const MutexLock lock(mutex_);
  look(now_us);
  return std::exchange(fault_, std::nullopt);
}

}  // namespace plivo_dial
