// SPDX-License-Identifier: Apache-2.0
#include "lib/books/prior_progress.h"

#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "lib/base/crc32c.h"
#include "lib/base/system_file.h"
#include "lib/json/json_value.h"
#include "lib/json/json_writer.h"
#include "lib/spool/spool_layout.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kMarksFile = "delivered.json";
constexpr std::string_view kOldProgress = "progress.json";
constexpr std::string_view kOldRunsSuffix = ".runs";

std::string dispatch_directory(const std::string& spool) {
  return path_in_spool(spool, kStoreDirectory);
}

// The members of an object of natural numbers; nothing when it is none.
template <class Number>
std::optional<std::map<std::string, Number>> read_counts(const JsonValue& object) {
  std::map<std::string, Number> counts;
  for (const auto& [name, value] : object.members()) {
    const auto count = value.natural();
    if (!count) return std::nullopt;
    counts.emplace(name, *count);
  }
  return object.is_object() ? std::optional(std::move(counts)) : std::nullopt;
}

std::optional<DeliveredMarks> parse_marks(std::string_view text) {
  const std::optional<JsonDocument> document = JsonDocument::parse(text);
  const JsonValue root = document ? document->root() : JsonValue();
  const auto next_seq = root["next_seq"].natural();
  if (!next_seq || !root["sinks"].is_object()) return std::nullopt;
  DeliveredMarks marks;
  marks.next_seq = std::max<std::uint64_t>(1, *next_seq);
  for (const auto& [sink, segments] : root["sinks"].members()) {
    auto counts = read_counts<std::size_t>(segments);
    if (!counts) return std::nullopt;
    marks.sinks.emplace(sink, std::move(*counts));
  }
  return marks;
}

Result<void> set_aside(const std::string& path, Log& log) {
  const std::string aside = path + ".bad";
  if (rename(path.c_str(), aside.c_str()) != 0) return system_error("cannot rename", path);
  log.write(LogLevel::kError, log_id::kHarmedState,
            "'" + path + "' is harmed and now named '" + aside +
                "'; events still in the spool are delivered again");
  return {};
}

std::vector<std::string> old_runs_files(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    std::string name = entry.path().filename().string();
    if (name.ends_with(kOldRunsSuffix)) names.push_back(std::move(name));
  }
  return names;
}

// "offset count first_seq crc"; nothing for a line that a crash cut short.
std::optional<std::vector<std::uint64_t>> numbers_of_run(const std::string& line) {
  std::uint64_t offset = 0, count = 0, first_seq = 0;
  unsigned crc = 0;
  if (std::sscanf(line.c_str(), "%" SCNu64 " %" SCNu64 " %" SCNu64 " %u", &offset, &count,
                  &first_seq, &crc) != 4) {
    return std::nullopt;
  }
  const std::string checked =
      std::to_string(offset) + " " + std::to_string(count) + " " + std::to_string(first_seq);
  if (checked + " " + std::to_string(crc32c(checked)) != line) return std::nullopt;
  return std::vector<std::uint64_t>{offset, count, first_seq};
}

}  // namespace

Result<void> write_delivered_marks(const std::string& spool, const DeliveredMarks& marks) {
  JsonWriter json;
  json.begin_object().member("v", 2).member("next_seq", marks.next_seq);
  json.key("sinks").begin_object();
  for (const auto& [sink, segments] : marks.sinks) {
    json.key(sink).begin_object();
    for (const auto& [segment, offset] : segments) json.member(segment, offset);
    json.end_object();
  }
  json.end_object().end_object();
  return replace_file(dispatch_directory(spool), std::string(kMarksFile), json.take() + "\n");
}

Result<PriorProgress> PriorProgress::read(const std::string& spool, Log& log) {
  PriorProgress prior;
  const std::string directory = dispatch_directory(spool);
  if (Result<void> read = prior.read_marks(directory, log); !read) return read.error();
  if (prior.kind_ == Kind::kMarks) return prior;
  if (Result<void> read = prior.read_positions(directory, log); !read) return read.error();
  if (Result<void> read = prior.read_runs(directory); !read) return read.error();
  return prior;
}

Result<void> PriorProgress::read_marks(const std::string& directory, Log& log) {
  const std::string path = directory + "/" + std::string(kMarksFile);
  Result<std::string> text = read_file(path);
  if (!text) return text.error();
  if (text->empty()) return {};
  std::optional<DeliveredMarks> marks = parse_marks(*text);
  if (!marks) {
    harmed_ = true;
    return set_aside(path, log);
  }
  kind_ = Kind::kMarks;
  marks_ = std::move(*marks);
  return {};
}

Result<void> PriorProgress::read_positions(const std::string& directory, Log& log) {
  const std::string path = directory + "/" + std::string(kOldProgress);
  Result<std::string> text = read_file(path);
  if (!text) return text.error();
  if (text->empty()) return {};
  const std::optional<JsonDocument> document = JsonDocument::parse(*text);
  const JsonValue root = document ? document->root() : JsonValue();
  const auto next_seq = root["next_seq"].natural();
  auto positions = read_counts<std::uint64_t>(root["sinks"]);
  if (!next_seq || !positions) return set_aside(path, log);
  kind_ = Kind::kOldFiles;
  marks_.next_seq = std::max<std::uint64_t>(1, *next_seq);
  positions_ = std::move(*positions);
  for (const auto& [sink, seq] : positions_) {
    marks_.next_seq = std::max(marks_.next_seq, seq + 1);
  }
  return {};
}

Result<void> PriorProgress::read_runs(const std::string& directory) {
  for (const std::string& name : old_runs_files(directory)) {
    kind_ = Kind::kOldFiles;
    const std::string segment = name.substr(0, name.size() - kOldRunsSuffix.size());
    if (Result<void> read = read_runs_of(directory + "/" + name, segment); !read) return read;
  }
  return {};
}

Result<void> PriorProgress::read_runs_of(const std::string& path, const std::string& segment) {
  Result<std::string> text = read_file(path);
  if (!text) return text.error();
  std::vector<Run>& runs = runs_[segment].runs;
  std::size_t at = 0;
  for (std::size_t end = text->find('\n'); end != std::string::npos; end = text->find('\n', at)) {
    const auto numbers = numbers_of_run(text->substr(at, end - at));
    at = end + 1;
    if (!numbers) continue;
    runs.push_back({static_cast<std::size_t>((*numbers)[0]), (*numbers)[1], (*numbers)[2]});
    marks_.next_seq = std::max(marks_.next_seq, runs.back().first_seq + runs.back().count);
  }
  std::sort(runs.begin(), runs.end(),
            [](const Run& a, const Run& b) { return a.offset < b.offset; });
  return {};
}

std::uint64_t PriorProgress::seq_of(const std::string& segment, std::size_t offset) {
  const auto found = runs_.find(segment);
  if (found == runs_.end()) return 0;
  Runs& of = found->second;
  const auto known = of.given.find(offset);
  if (known != of.given.end()) return known->second;
  while (of.present + 1 < of.runs.size() && of.runs[of.present + 1].offset <= offset) {
    ++of.present;
    of.used = 0;
  }
  if (of.present >= of.runs.size()) return 0;
  const Run& run = of.runs[of.present];
  if (run.offset > offset || of.used == run.count) return 0;
  return of.given[offset] = run.first_seq + of.used++;
}

bool PriorProgress::knows_sink(const std::string& sink) const {
  return marks_.sinks.count(sink) > 0 || positions_.count(sink) > 0;
}

bool PriorProgress::delivered(const std::string& sink, const std::string& segment,
                              std::size_t offset, std::uint64_t seq) const {
  const auto position = positions_.find(sink);
  if (position != positions_.end()) return seq != 0 && seq <= position->second;
  const auto of_sink = marks_.sinks.find(sink);
  if (of_sink == marks_.sinks.end()) return false;
  const auto mark = of_sink->second.find(segment);
  return mark != of_sink->second.end() && offset < mark->second;
}

void PriorProgress::remove_old_files(const std::string& spool) {
  const std::string directory = dispatch_directory(spool);
  for (const std::string& name : old_runs_files(directory)) {
    unlink((directory + "/" + name).c_str());
  }
  unlink((directory + "/" + std::string(kOldProgress)).c_str());
}

}  // namespace plivo_dial
