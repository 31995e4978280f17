// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/segment_name.h"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <utility>

namespace plivo_dial {
namespace {

constexpr std::size_t kBootIdLength = 8;
constexpr std::string_view kDigits = "0123456789";

// Reads the start of a file of /proc, which has no size of its own.
Result<std::string> read_proc(const std::string& path) {
  const auto failed = [&path](const char* action) {
    return Error{std::string(action) + " '" + path + "': " + std::strerror(errno)};
  };
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failed("cannot open");
  std::array<char, 1024> buffer{};
  const ssize_t length = read(descriptor, buffer.data(), buffer.size());
  Result<std::string> text = length < 0
                                 ? Result<std::string>(failed("cannot read"))
                                 : std::string(buffer.data(), static_cast<std::size_t>(length));
  close(descriptor);
  return text;
}

// When this process started, in clock ticks since boot: field 22 of proc(5)'s stat. The name in
// field 2 may hold anything, so that counting begins behind its last parenthesis.
Result<std::string> process_start_time() {
  constexpr int kFieldsAfterName = 20;
  Result<std::string> stat = read_proc("/proc/self/stat");
  if (!stat) return stat;
  std::size_t at = stat->rfind(')');
  for (int i = 0; i < kFieldsAfterName && at != std::string::npos; ++i)
    at = stat->find(' ', at + 1);
  if (at == std::string::npos) return Error{"/proc/self/stat has no start time"};
  return stat->substr(at + 1, stat->find(' ', at + 1) - at - 1);
}

bool is_run_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

constexpr std::size_t kParts = 4;

// The parts between the dashes, without the suffix; the last has the dashes that are too many.
std::array<std::string_view, kParts> parts_of(std::string_view name) {
  if (name.ends_with(kSegmentSuffix)) name.remove_suffix(kSegmentSuffix.size());
  std::array<std::string_view, kParts> parts;
  for (std::size_t i = 0; i + 1 < kParts; ++i) {
    const std::size_t dash = std::min(name.find('-'), name.size());
    parts[i] = name.substr(0, dash);
    name.remove_prefix(std::min(dash + 1, name.size()));
  }
  parts[kParts - 1] = name;
  return parts;
}

// Where there is no /proc, as behind ChrootDir: random digits for the boot, so that no other
// process ever has the same.
Result<std::string> prefix_without_proc() {
  std::uint32_t random = 0;
  if (getrandom(&random, sizeof random, 0) != sizeof random) {
    return Error{std::string("cannot name segments, without /proc and random numbers: ") +
                 std::strerror(errno)};
  }
  std::array<char, kBootIdLength + 1> digits{};
  std::snprintf(digits.data(), digits.size(), "%08x", random);
  return std::string(digits.data()) + "-" + std::to_string(getpid()) + "-0-";
}

}  // namespace

Result<std::string> segment_name_prefix() {
  if (access("/proc/self/stat", F_OK) != 0) return prefix_without_proc();
  Result<std::string> boot = read_proc("/proc/sys/kernel/random/boot_id");
  if (!boot) return boot;
  Result<std::string> start = process_start_time();
  if (!start) return start;
  return boot->substr(0, kBootIdLength) + "-" + std::to_string(getpid()) + "-" + *start + "-";
}

std::string_view boot_of_segment(std::string_view name) {
  return name.substr(0, std::min(name.find('-'), name.size()));
}

std::string this_boot() {
  const Result<std::string> boot = read_proc("/proc/sys/kernel/random/boot_id");
  return boot ? boot->substr(0, kBootIdLength) : "";
}

std::string unfinished_segment_name(std::string_view name) {
  name.remove_suffix(kSegmentSuffix.size());
  return std::string(name).append(kUnfinishedSuffix);
}

std::string finished_segment_name(std::string_view name) {
  if (!name.ends_with(kUnfinishedSuffix)) return std::string(name);
  name.remove_suffix(kUnfinishedSuffix.size());
  return std::string(name).append(kSegmentSuffix);
}

bool is_segment_name(std::string_view name) {
  if (!name.ends_with(kSegmentSuffix)) return false;
  const auto parts = parts_of(name);
  return parts[0].size() == kBootIdLength && is_run_of(parts[0], "0123456789abcdef") &&
         is_run_of(parts[1], kDigits) && is_run_of(parts[2], kDigits) &&
         is_run_of(parts[3], kDigits);
}

bool segment_name_less(std::string_view a, std::string_view b) {
  // Numbers without leading zeros, of any length.
  const auto value = [](std::string_view part) { return std::pair(part.size(), part); };
  return std::ranges::lexicographical_compare(parts_of(a), parts_of(b), {}, value, value);
}

}  // namespace plivo_dial
