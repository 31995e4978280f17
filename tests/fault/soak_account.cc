// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/soak_account.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "lib/base/fnv1a.h"
#include "lib/event/json.h"

namespace plivo_dial::test {
namespace {

constexpr std::size_t kMostNamed = 20;

std::uint64_t number_of(const std::string& call, const std::string& event) {
  return fnv1a(call + " " + event);
}

// Whole lines only. How far it read.
template <class OnLine>
std::size_t read_lines(const std::string& path, std::size_t offset, const OnLine& on_line) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  for (std::string line; std::getline(file, line) && !file.eof();) {
    offset += line.size() + 1;
    on_line(line);
  }
  return offset;
}

}  // namespace

void SoakAccount::accepted(const std::string& call, const std::string& event) {
  const std::lock_guard<std::mutex> guard(mutex_);
  accepted_.push_back(number_of(call, event));
}

void SoakAccount::repeated() {
  const std::lock_guard<std::mutex> guard(mutex_);
  ++repeats_;
}

std::size_t SoakAccount::accepted_count() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return accepted_.size();
}

std::size_t SoakAccount::read_file_sink(const std::string& path, std::size_t offset) {
  return read_lines(path, offset, [this](const std::string& line) {
    const Result<Event> event = event_from_json(line);
    if (event) return read_event(*event, line);
    wrong_.push_back("no event: " + line);
  });
}

void SoakAccount::read_event(const Event& event, const std::string& line) {
  if (!ids_.insert(fnv1a(event.id)).second) {
    if (event.attempt <= 1) wrong_.push_back("came again, and does not say so: " + line);
    return;
  }
  const std::string call = event.call.value_or("");
  if (!delivered_.insert(number_of(call, event.event)).second) {
    wrong_.push_back("two events of one request: " + line);
  }
  if (event.event == "dial.result") results_.insert(fnv1a(event.id));
  late_ += event.late;
  const auto place = place_of(step_of(event));
  const auto [known, is_first] = furthest_.try_emplace(fnv1a(call), place);
  if (is_first) return;
  if (place < known->second && !event.late) {
    wrong_.push_back("behind a later event of its call: " + line);
  }
  known->second = std::max(known->second, place);
}

std::size_t SoakAccount::read_stream_log(const std::string& path, std::size_t offset) {
  return read_lines(path, offset,
                    [this](const std::string& line) { stream_ids_.insert(fnv1a(line)); });
}

void SoakAccount::read_hook_log(const std::string& path) {
  read_lines(path, 0, [this](const std::string& line) {
    std::istringstream words(line);
    std::string id;
    words >> id;
    hook_ids_.insert(fnv1a(id));
  });
}

void SoakAccount::dead_letter(const std::string& event_id) {
  dead_.insert(fnv1a(event_id));
}

std::vector<std::string> SoakAccount::differences() const {
  std::vector<std::string> all(
      wrong_.begin(),
      wrong_.begin() + static_cast<std::ptrdiff_t>(std::min(wrong_.size(), kMostNamed)));
  if (wrong_.size() > kMostNamed) all.push_back(std::to_string(wrong_.size()) + " of these");
  const auto count = [&](const std::string& what, const auto& wanted, const auto& is_there) {
    const auto missing = std::count_if(wanted.begin(), wanted.end(),
                                       [&](std::uint64_t one) { return !is_there(one); });
    if (missing > 0) all.push_back(std::to_string(missing) + " " + what);
  };
  count("events were accepted and are not in the file", accepted_,
        [&](std::uint64_t one) { return delivered_.contains(one); });
  count("events of the file are not in the stream", ids_,
        [&](std::uint64_t one) { return stream_ids_.contains(one); });
  count("events of the stream are not in the file", stream_ids_,
        [&](std::uint64_t one) { return ids_.contains(one); });
  count("results were neither at the hook nor are they dead letters", results_,
        [&](std::uint64_t one) { return hook_ids_.contains(one) || dead_.contains(one); });
  return all;
}

}  // namespace plivo_dial::test
