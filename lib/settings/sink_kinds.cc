// SPDX-License-Identifier: Apache-2.0
#include "lib/settings/sink_kinds.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/text.h"
#include "lib/base/utf8.h"
#include "lib/settings/sink_check.h"
#include "lib/settings/sink_words.h"

namespace plivo_dial {
namespace {

constexpr int kDefaultConcurrency = 4;

// --- syslog:facility

constexpr std::array<std::pair<std::string_view, int>, 19> kFacilities = {{
    {"user", 1},    {"mail", 2},    {"daemon", 3},  {"auth", 4},      {"lpr", 6},
    {"news", 7},    {"uucp", 8},    {"cron", 9},    {"authpriv", 10}, {"ftp", 11},
    {"local0", 16}, {"local1", 17}, {"local2", 18}, {"local3", 19},   {"local4", 20},
    {"local5", 21}, {"local6", 22}, {"local7", 23}, {"security", 4},
}};

Result<void> take_facility(std::string_view value, SinkConfig& sink) {
  for (const auto& [name, code] : kFacilities) {
    if (name != value) continue;
    sink.facility = code;
    return {};
  }
  std::array<std::string_view, kFacilities.size()> names{};
  std::transform(kFacilities.begin(), kFacilities.end(), names.begin(),
                 [](const auto& facility) { return facility.first; });
  return Error{"syslog facility " + quote(value) + " is unknown" + nearest_hint(value, names) +
               " Facilities: " + listed(names)};
}

std::string_view facility_name(int code) {
  const auto* const found =
      std::find_if(kFacilities.begin(), kFacilities.end(),
                   [code](const auto& entry) { return entry.second == code; });
  return found == kFacilities.end() ? "local0" : found->first;
}

std::string write_facility(const SinkConfig& sink) {
  return std::string(facility_name(sink.facility));
}

const std::string& socket_of(const SinkConfig& sink) {
  return sink.socket;
}

// The daemon may start later.
Result<void> check_nothing(const SinkConfig&, const Identity&) {
  return {};
}

// --- exec:/program arguments, stream:/program arguments

// `text` without the backslash in front of a backslash or of `quote_character`.
std::string unescape(std::string_view text, char quote_character) {
  const std::string escaped_quote = {'\\', quote_character};
  std::string out;
  while (!text.empty()) {
    if (text.starts_with("\\\\") || text.starts_with(escaped_quote)) text.remove_prefix(1);
    out.push_back(text.front());
    text.remove_prefix(1);
  }
  return out;
}

// One word of a command line, by the rules of httpd's ap_getword_conf.
Result<std::string> take_word(std::string_view* rest) {
  const char first = rest->front();
  if (first != '"' && first != '\'') {
    const std::size_t end = std::min(rest->find_first_of(" \t"), rest->size());
    std::string word = unescape(rest->substr(0, end), '\\');
    rest->remove_prefix(end);
    return word;
  }
  const std::string telling = {'\\', first};
  for (std::size_t i = 1; (i = rest->find_first_of(telling, i)) != std::string_view::npos; ++i) {
    if ((*rest)[i] == first) {
      std::string word = unescape(rest->substr(1, i - 1), first);
      rest->remove_prefix(i + 1);
      return word;
    }
    ++i;  // what the backslash stands before
  }
  return Error{"the quote in " + quote(*rest) + " has no end; close it with " +
               std::string(1, first)};
}

Result<void> take_program(std::string_view value, SinkConfig& sink) {
  sink.format = EventFormat::kJson;
  for (std::string_view rest = value;;) {
    rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
    if (rest.empty()) break;
    Result<std::string> word = take_word(&rest);
    if (!word) return word.error();
    sink.program.push_back(std::move(*word));
  }
  if (sink.program.empty()) {
    const std::string kind(target_of(sink.kind).word);
    return Error{kind + ": names no program; write " + kind + ":/path/of/program"};
  }
  if (!is_valid_utf8(value) || value.find('\0') != std::string_view::npos) {
    return Error{"program " + quote(value) + " is not valid UTF-8; rename it"};
  }
  return check_path("program", sink.program[0]);
}

Result<void> take_program_for_each(std::string_view value, SinkConfig& sink) {
  sink.concurrency = kDefaultConcurrency;
  return take_program(value, sink);
}

std::string as_argument(std::string_view word) {
  std::string out = "\"";
  for (const char c : word) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

std::string write_program(const SinkConfig& sink) {
  std::string text;
  for (const std::string& word : sink.program)
    text += (text.empty() ? "" : " ") + as_argument(word);
  return text;
}

const std::string& program_of(const SinkConfig& sink) {
  return sink.program.at(0);
}

Result<void> check_program(const SinkConfig& sink, const Identity& identity) {
  return check_program_of_sink(program_of(sink), identity);
}

// --- file:/path

Result<void> take_file(std::string_view value, SinkConfig& sink) {
  sink.format = EventFormat::kJson;
  sink.path = value;
  return check_path("file", value);
}

const std::string& file_of(const SinkConfig& sink) {
  return sink.path;
}

std::string write_file(const SinkConfig& sink) {
  return sink.path;
}

Result<void> check_file(const SinkConfig& sink, const Identity& identity) {
  return check_file_of_sink(sink.path, identity);
}

constexpr std::array<SinkTarget, 4> kTargets = {{
    {SinkKind::kSyslog, "syslog", "syslog:facility", false, " at ", take_facility, write_facility,
     socket_of, check_nothing},
    {SinkKind::kExec, "exec", "exec:/program", true, " ", take_program_for_each, write_program,
     program_of, check_program},
    {SinkKind::kStream, "stream", "stream:/program", true, " ", take_program, write_program,
     program_of, check_program},
    {SinkKind::kFile, "file", "file:/path", false, " ", take_file, write_file, file_of, check_file},
}};

}  // namespace

std::span<const SinkTarget> sink_targets() {
  return kTargets;
}

const SinkTarget& target_of(SinkKind kind) {
  return *std::ranges::find(kTargets, kind, &SinkTarget::kind);
}

std::string describe(const SinkConfig& sink) {
  const SinkTarget& target = target_of(sink.kind);
  std::string text = std::string(target.word) + std::string(target.joint) + target.path(sink);
  for (std::size_t i = 1; i < sink.program.size(); ++i) text += " " + sink.program[i];
  return text;
}

Result<void> check_sink(const SinkConfig& sink, const Identity& identity) {
  return target_of(sink.kind).check(sink, identity);
}

}  // namespace plivo_dial
