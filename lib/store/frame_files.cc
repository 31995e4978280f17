// SPDX-License-Identifier: Apache-2.0
#include "lib/store/frame_files.h"

#include "lib/spool/segment_format.h"
#include "lib/spool/spool_layout.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kOpenFiles = 32;
constexpr std::size_t kNames = 1024;

}  // namespace

FrameFiles::FrameFiles(const std::string& spool, std::size_t read_ahead)
    : directory_(path_in_spool(spool, kSegmentDirectory) + "/"), read_ahead_(read_ahead) {}

Result<FrameFiles::Open*> FrameFiles::open(const std::string& name) {
  if (const auto known = by_name_.find(name); known != by_name_.end()) {
    open_.splice(open_.begin(), open_, known->second);
    return &open_.front();
  }
  Result<std::unique_ptr<SegmentReader>, SegmentOpenError> opened =
      SegmentReader::open_if_there(directory_ + name);
  if (!opened && opened.error().may_pass) return Error{opened.error().message};
  if (!opened || *opened == nullptr) return static_cast<Open*>(nullptr);
  open_.push_front({name, std::move(*opened),
                    std::unique_ptr<char[]>(read_ahead_ > 0 ? new char[read_ahead_] : nullptr)});
  by_name_[name] = open_.begin();
  if (open_.size() > kOpenFiles) {
    by_name_.erase(open_.back().name);
    open_.pop_back();
  }
  return &open_.front();
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

// What was read ahead may be older than the file: only a frame that is whole there counts.
Result<std::optional<std::string>> FrameFiles::payload(const std::string& name,
                                                       std::size_t offset) {
  const MutexLock guard(mutex_);
  const Result<Open*> opened = open(name);
  if (!opened) return opened.error();
  if (*opened == nullptr) return std::optional<std::string>();
  Open& file = **opened;
  const auto frame_there = [&]() -> std::optional<Frame> {
    if (offset < file.offset || offset >= file.offset + file.count) return std::nullopt;
    const std::string_view bytes(file.bytes.get(), file.count);
    return parse_frame(bytes.substr(offset - file.offset));
  };
  std::optional<Frame> frame = frame_there();
  if (!frame && read_ahead_ > 0) {
    file.offset = offset;
    file.count = 0;
    if (const auto read = file.reader->read_into(offset, {file.bytes.get(), read_ahead_})) {
      file.count = *read;
    }
    frame = frame_there();
  }
  if (frame && !frame->seal) return std::optional(std::string(frame->payload));
  // It is larger, or the disk does not give what stands behind it.
  Result<std::optional<SegmentFrame>> alone = file.reader->read_frame(offset);
  if (!alone) return alone.error();
  if (!*alone) return std::optional<std::string>();
  return std::optional(std::move((*alone)->payload));
}

}  // namespace plivo_dial
