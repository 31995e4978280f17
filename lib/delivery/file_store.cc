// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/file_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "lib/delivery/system_file.h"
#include "lib/spool/crc32c.h"
#include "lib/spool/segment_reader.h"

namespace plivo_dial {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kProgress = "progress.json";
constexpr std::string_view kRunsSuffix = ".runs";

std::string encode_run(const ImportedRun& run) {
  std::string line = std::to_string(run.offset) + " " + std::to_string(run.count) + " " +
                     std::to_string(run.first_seq);
  return line + " " + std::to_string(crc32c(line)) + "\n";
}

std::optional<ImportedRun> decode_run(const std::string& line) {
  ImportedRun run;
  unsigned crc = 0;
  if (std::sscanf(line.c_str(), "%zu %" SCNu64 " %" SCNu64 " %u", &run.offset, &run.count,
                  &run.first_seq, &crc) != 4) {
    return std::nullopt;
  }
  return encode_run(run) == line + "\n" ? std::optional(run) : std::nullopt;
}

bool is_count(const Json& value) {
  return value.is_number_unsigned();
}

}  // namespace

Result<std::unique_ptr<FileStore>> FileStore::open(const std::string& spool, Log& log) {
  std::unique_ptr<FileStore> store(new FileStore(spool + "/dispatch"));
  if (Result<void> made = make_directory(store->directory_); !made) return made.error();
  if (Result<void> loaded = store->load_progress(log); !loaded) return loaded.error();
  if (Result<void> loaded = store->load_runs(spool); !loaded) return loaded.error();
  return store;
}

Result<void> FileStore::load_progress(Log& log) {
  const std::string path = directory_ + "/" + std::string(kProgress);
  Result<std::string> text = read_file(path);
  if (!text) return text.error();
  if (text->empty() || take_progress(*text)) return {};
  const std::string aside = path + ".bad";
  if (rename(path.c_str(), aside.c_str()) != 0) return system_error("cannot rename", path);
  log.write(LogLevel::kError, log_id::kHarmedState,
            "'" + path + "' is harmed and now named '" + aside +
                "'; events still in the spool are delivered again");
  return {};
}

bool FileStore::take_progress(const std::string& text) {
  const Json object = Json::parse(text, nullptr, false);
  if (!object.is_object() || !object.contains("next_seq") || !is_count(object["next_seq"]) ||
      !object.contains("sinks") || !object["sinks"].is_object() ||
      !std::all_of(object["sinks"].begin(), object["sinks"].end(), is_count)) {
    return false;
  }
  next_seq_ = std::max<std::uint64_t>(1, object["next_seq"].get<std::uint64_t>());
  for (const auto& [sink, seq] : object["sinks"].items()) {
    delivered_[sink] = seq.get<std::uint64_t>();
    // A number at or below a sink's position would make it skip an event.
    next_seq_ = std::max(next_seq_, delivered_[sink] + 1);
  }
  return true;
}

Result<void> FileStore::load_runs(const std::string& spool) {
  Result<std::vector<std::string>> segments = list_segments(spool);
  if (!segments) return segments.error();
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, error)) {
    std::string segment = entry.path().filename().string();
    if (!segment.ends_with(kRunsSuffix)) continue;
    segment.resize(segment.size() - kRunsSuffix.size());
    if (Result<void> loaded = load_runs_of(segment); !loaded) return loaded;
    // Its segment was removed, and then this process died.
    if (!std::binary_search(segments->begin(), segments->end(), segment)) forget(segment);
  }
  if (error) return Error{"cannot read directory '" + directory_ + "': " + error.message()};
  return {};
}

Result<void> FileStore::load_runs_of(const std::string& segment) {
  const std::string path = directory_ + "/" + segment + std::string(kRunsSuffix);
  Result<std::string> text = read_file(path);
  if (!text) return text.error();
  std::vector<ImportedRun>& runs = runs_[segment];
  std::size_t at = 0;
  for (std::size_t end = text->find('\n'); end != std::string::npos; end = text->find('\n', at)) {
    const std::optional<ImportedRun> run = decode_run(text->substr(at, end - at));
    at = end + 1;
    if (!run) continue;  // its frames get new numbers and go to the sinks again
    runs.push_back(*run);
    next_seq_ = std::max(next_seq_, run->first_seq + run->count);
  }
  // The line that a crash cut short would spoil the next one.
  if (at < text->size() && truncate(path.c_str(), static_cast<off_t>(at)) != 0) {
    return system_error("cannot truncate", path);
  }
  std::sort(runs.begin(), runs.end(),
            [](const ImportedRun& a, const ImportedRun& b) { return a.offset < b.offset; });
  return {};
}

std::vector<ImportedRun> FileStore::runs(const std::string& segment) const {
  const std::lock_guard<std::mutex> guard(mutex_);
  const auto found = runs_.find(segment);
  return found == runs_.end() ? std::vector<ImportedRun>() : found->second;
}

Result<void> FileStore::record_import(const std::string& segment, std::size_t offset,
                                      std::uint64_t count, std::uint64_t* first_seq) {
  ImportedRun run{offset, count, 0};
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    run.first_seq = next_seq_;
    next_seq_ += count;
  }
  *first_seq = run.first_seq;
  const std::string path = directory_ + "/" + segment + std::string(kRunsSuffix);
  const int flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC;
  const Descriptor file(::open(path.c_str(), flags, 0640));
  if (!file.valid()) return system_error("cannot open", path);
  const off_t end = lseek(file.get(), 0, SEEK_END);
  Result<void> written = write_all(file.get(), path, encode_run(run));
  if (written && fdatasync(file.get()) != 0) written = system_error("cannot sync", path);
  if (!written && ftruncate(file.get(), end) != 0) return written;
  if (!written || end > 0) return written;
  const Descriptor parent(::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!parent.valid() || fsync(parent.get()) != 0) {
    return system_error("cannot sync directory", directory_);
  }
  return {};
}

std::uint64_t FileStore::delivered(const std::string& sink) const {
  const std::lock_guard<std::mutex> guard(mutex_);
  const auto found = delivered_.find(sink);
  return found == delivered_.end() ? 0 : found->second;
}

Result<void> FileStore::record_delivered(const std::string& sink, std::uint64_t seq) {
  std::unique_lock<std::mutex> lock(mutex_);
  delivered_[sink] = seq;
  return save(lock);
}

Result<void> FileStore::prepare_removal() {
  std::unique_lock<std::mutex> lock(mutex_);
  return save(lock);
}

void FileStore::forget(const std::string& segment) {
  const std::lock_guard<std::mutex> guard(mutex_);
  runs_.erase(segment);
  unlink((directory_ + "/" + segment + std::string(kRunsSuffix)).c_str());
}

// Several sinks' changes go to disk together: who finds nobody saving saves for all.
Result<void> FileStore::save(std::unique_lock<std::mutex>& lock) {
  const std::uint64_t mine = ++change_;
  while (saved_ < mine) {
    if (saving_) {
      saved_changed_.wait(lock);
      continue;
    }
    saving_ = true;
    const std::uint64_t newest = change_;
    const Json object = {{"v", 1}, {"next_seq", next_seq_}, {"sinks", delivered_}};
    const std::string text = object.dump() + "\n";
    lock.unlock();
    Result<void> replaced = replace_file(directory_, std::string(kProgress), text);
    lock.lock();
    saving_ = false;
    if (replaced) saved_ = newest;
    saved_changed_.notify_all();
    if (!replaced) return replaced;
  }
  return {};
}

}  // namespace plivo_dial
