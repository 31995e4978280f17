// SPDX-License-Identifier: Apache-2.0
#include "lib/store/frame_files.h"

#include "lib/spool/spool_layout.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kOpenFiles = 16;
constexpr std::size_t kNames = 1024;

}  // namespace

FrameFiles::FrameFiles(const std::string& spool)
    : directory_(path_in_spool(spool, kSegmentDirectory) + "/") {}

Result<std::shared_ptr<const SegmentReader>> FrameFiles::reader_of(const std::string& name) {
  const MutexLock guard(mutex_);
  if (const auto known = by_name_.find(name); known != by_name_.end()) {
    open_.splice(open_.begin(), open_, known->second);
    return open_.front().second;
  }
  Result<std::unique_ptr<SegmentReader>, SegmentOpenError> opened =
      SegmentReader::open_if_there(directory_ + name);
  if (!opened && opened.error().may_pass) return Error{opened.error().message};
  if (!opened || *opened == nullptr) return std::shared_ptr<const SegmentReader>();
  open_.emplace_front(name, std::move(*opened));
  by_name_[name] = open_.begin();
  if (open_.size() > kOpenFiles) {
    by_name_.erase(open_.back().first);
    open_.pop_back();
  }
  return open_.front().second;
}

std::string FrameFiles::name_of(std::uint32_t number) {
  const MutexLock guard(mutex_);
  const auto known = names_.find(number);
  return known == names_.end() ? std::string() : known->second;
}

void FrameFiles::learn(std::uint32_t number, const std::string& name) {
  const MutexLock guard(mutex_);
  if (names_.size() >= kNames) names_.clear();
  names_[number] = name;
}

Result<std::optional<std::string>> FrameFiles::payload(const std::string& name,
                                                       std::size_t offset) {
  const Result<std::shared_ptr<const SegmentReader>> reader = reader_of(name);
  if (!reader) return reader.error();
  if (*reader == nullptr) return std::optional<std::string>();
  Result<std::optional<SegmentFrame>> frame = (*reader)->read_whole_frame(offset);
  if (!frame) return frame.error();
  if (!*frame) return std::optional<std::string>();
  return std::optional(std::move((*frame)->payload));
}

}  // namespace plivo_dial
