// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/diald/tables_keeper.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "lib/compile/compile_tables.h"
#include "lib/json/json_value.h"
#include "lib/schedule/schedule_arguments.h"
#include "lib/spool/spool_layout.h"
#include "lib/tables/tables_image.h"

namespace plivo_dial {
namespace {

constexpr std::chrono::seconds kLongestRun{120};

// httpd puts the tables of a new configuration into the spool before it tells us of it.
constexpr std::chrono::seconds kReloadPatience{10};

// A file that never rests is read all the same; what failed may not fail for ever.
constexpr std::chrono::seconds kLongestUnrest{10};
constexpr std::chrono::seconds kBetweenTries{60};

constexpr std::size_t kMostTroublesTold = 20;

}  // namespace

void TablesKeeper::configure(const DispatcherConfig& config) {
  const bool same = config.tables == config_.tables && config.spool == config_.spool;
  config_ = config;
  if (same) return;
  digest_ = digest_of(config.tables);
  files_ = files_of(config.tables);
  image_watch_.emplace(path_in_spool(config.spool, kTablesFile));
  image_.reset();
  seen_.clear();
  tried_.reset();
  rested_ = std::chrono::steady_clock::now();
  overrides_.clear();
  for (const ScheduleLine& line : config.tables.schedules) {
    const std::vector<std::string_view> words(line.arguments.begin(), line.arguments.end());
    const Result<Schedule> schedule = parse_schedule(words);
    if (!schedule || schedule->override_file.empty()) continue;
    overrides_[schedule->name].reset(new OverrideWatch(schedule->override_file));
  }
  const Result<std::string> kept = read_file(last_overrides_path(image_watch_->path()));
  written_overrides_ = kept ? *kept : "";
  last_overrides_ = parse_last_overrides(written_overrides_);
}

// Those with a fault are kept as they were.
void TablesKeeper::keep_overrides(std::int64_t now_us) {
  for (const auto& [name, watch] : overrides_) {
    if (!watch->is_faulty(now_us)) last_overrides_[name] = watch->current(now_us);
  }
  std::string text = text_of(last_overrides_);
  if (text == written_overrides_) return;
  const std::string name =
      last_overrides_path(image_watch_->path()).substr(config_.spool.size() + 1);
  // A spool that takes no file is told by whoever writes events.
  if (replace_file(config_.spool, name, text)) written_overrides_ = std::move(text);
}

// Nothing while the tables are right, while a file is just being written, and when the same files
// were tried before.
std::optional<std::string> TablesKeeper::reason_to_make(std::int64_t now_us) {
  if (image_watch_->has_changed(now_us)) {
    Result<Image> image = Image::open(image_watch_->path());
    image_.reset();
    if (image && image->verify()) image_.emplace(std::move(image).value());
    foreign_since_ = std::chrono::steady_clock::now();
  }
  Versions versions;
  for (const std::string& file : files_) versions.push_back(FileVersion::of(file));
  const auto now = std::chrono::steady_clock::now();
  const bool same = versions == std::exchange(seen_, versions);
  if (same) rested_ = now;
  const bool at_rest = same || now - rested_ >= kLongestUnrest;
  const auto reason = image_ ? outdated(*image_, digest_, now_us)
                             : std::optional<std::string>("there are none that are sound");
  const bool tried = tried_ == versions && now - tried_at_ < kBetweenTries;
  if (!reason || !at_rest || tried) return std::nullopt;
  const bool is_foreign = image_ && digest_in(*image_) != digest_;
  if (is_foreign && now - foreign_since_ < kReloadPatience) return std::nullopt;
  tried_at_ = now;
  rested_ = now;
  tried_ = std::move(versions);
  return reason;
}

void TablesKeeper::start(const std::string& reason) {
  const Descriptor input = memory_file(to_json(config_));
  output_ = memory_file("");
  // This program, also where a package has put another one in its place.
  const std::vector<std::string> arguments = {"/proc/self/exe", "--compile"};
  const std::vector<std::string> environment = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8"};
  run_.reset(new ChildProcess({arguments, environment, input.get(), output_.get(), STDERR_FILENO}));
  reason_ = reason;
  deadline_ = std::chrono::steady_clock::now() + kLongestRun;
  if (run_->started()) return;
  run_.reset();
  log_.write(LogLevel::kError, log_id::kTablesRefused,
             "the tables of schedules and maps can't be made anew: no program can be started");
}

void TablesKeeper::tell(const std::vector<std::string>& troubles) {
  if (troubles.empty()) return;
  const std::size_t most = std::min(troubles.size(), kMostTroublesTold);
  for (std::size_t i = 0; i < most; ++i) {
    log_.write(LogLevel::kError, log_id::kTablesRefused, troubles[i]);
  }
  const std::size_t left = troubles.size() - most;
  log_.write(LogLevel::kError, log_id::kTablesRefused,
             (left == 0 ? "" : "and " + std::to_string(left) + " more; ") +
                 std::string("the tables that were there before stay in use, those of files that "
                             "have no fault, too"));
}

void TablesKeeper::end() {
  run_->collect();
  run_.reset();
  const std::optional<JsonDocument> document = JsonDocument::parse(read_from_start(output_.get()));
  output_.reset();
  const JsonValue root = document ? document->root() : JsonValue();
  std::vector<std::string> troubles;
  for (const JsonValue& fault : root["faults"].elements()) {
    troubles.emplace_back(fault.text().value_or(""));
  }
  if (!document) troubles.emplace_back("the run that makes the tables ended without a word");
  if (const auto error = root["error"].text()) troubles.emplace_back(*error);
  const std::vector<std::string> told = std::exchange(told_, troubles);
  std::erase_if(troubles, [&](const std::string& trouble) {
    return std::ranges::find(told, trouble) != told.end();
  });
  tell(troubles);
  if (!told_.empty()) return;
  tried_.reset();
  log_.write(LogLevel::kNotice, log_id::kTablesMade,
             "the tables of schedules and maps are made anew: " + reason_);
}

void TablesKeeper::tick(std::int64_t now_us) {
  if (run_) {
    const bool late = std::chrono::steady_clock::now() >= deadline_;
    if (late) run_->kill_all();
    if (late || run_->has_ended()) end();
    return;
  }
  if (config_.tables.empty()) return;
  keep_overrides(now_us);
  if (const std::optional<std::string> reason = reason_to_make(now_us)) start(*reason);
}

}  // namespace plivo_dial
