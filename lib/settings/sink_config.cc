// SPDX-License-Identifier: Apache-2.0
#include "lib/settings/sink_config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "lib/base/suggestion.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"

namespace plivo_dial {
namespace {

constexpr std::array<std::string_view, 14> kEventNames = {"call.answer",
                                                          "call.redirect",
                                                          "dial.answered",
                                                          "dial.connected",
                                                          "dial.digits",
                                                          "dial.ended",
                                                          "dial.result",
                                                          "call.ring",
                                                          "call.hangup",
                                                          "call.fallback",
                                                          "dial.confirm",
                                                          "recording",
                                                          "recording.transcription",
                                                          "other"};

constexpr std::array<std::pair<std::string_view, int>, 19> kFacilities = {{
    {"user", 1},    {"mail", 2},    {"daemon", 3},  {"auth", 4},      {"lpr", 6},
    {"news", 7},    {"uucp", 8},    {"cron", 9},    {"authpriv", 10}, {"ftp", 11},
    {"local0", 16}, {"local1", 17}, {"local2", 18}, {"local3", 19},   {"local4", 20},
    {"local5", 21}, {"local6", 22}, {"local7", 23}, {"security", 4},
}};

constexpr std::array<std::string_view, 4> kTargets = {"syslog", "exec", "file", "stream"};
constexpr std::array<std::string_view, 6> kOptions = {"events", "format",      "timeout",
                                                      "socket", "concurrency", "retry"};
constexpr std::array<std::string_view, 2> kFormats = {"json", "kv"};

constexpr int kMaxTimeoutSeconds = 3600;
constexpr int kDefaultConcurrency = 4;
constexpr int kMaxConcurrency = 64;
constexpr std::size_t kMaxSocketPath = 107;  // sockaddr_un's sun_path with its NUL

std::string quote(std::string_view text) {
  return "'" + replace_invalid_utf8(text) + "'";
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> known) {
  const auto nearest = nearest_word(word, known);
  return nearest ? "; did you mean '" + std::string(*nearest) + "'?" : ".";
}

template <class Words>
std::string listed(const Words& words) {
  std::string text;
  for (const std::string_view word : words) {
    text += text.empty() ? "" : " ";
    text += word;
  }
  return text;
}

Result<void> check_path(std::string_view what, std::string_view path) {
  if (path.empty() || path[0] != '/') {
    return Error{std::string(what) + " " + quote(path) +
                 " is not an absolute path; begin it with /"};
  }
  if (!is_valid_utf8(path) || path.find('\0') != std::string_view::npos) {
    return Error{std::string(what) + " " + quote(path) + " is not valid UTF-8; rename it"};
  }
  return {};
}

Result<void> check_name(std::string_view name) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  constexpr std::size_t kMaxName = 64;
  const bool good = !name.empty() && name.size() <= kMaxName &&
                    name.find_first_not_of(kAllowed) == std::string_view::npos;
  if (good) return {};
  return Error{"sink name " + quote(name) +
               " is not 1 to 64 letters, digits, '.', '_' or '-'; the form is: "
               "PlivoEventSink name target [options]"};
}

Result<void> take_facility(std::string_view value, SinkConfig* sink) {
  for (const auto& [name, code] : kFacilities) {
    if (name != value) continue;
    sink->facility = code;
    return {};
  }
  std::array<std::string_view, kFacilities.size()> names{};
  std::transform(kFacilities.begin(), kFacilities.end(), names.begin(),
                 [](const auto& facility) { return facility.first; });
  return Error{"syslog facility " + quote(value) + " is unknown" + did_you_mean(value, names) +
               " Facilities: " + listed(names)};
}

// `text` without the backslash in front of a backslash or of `quote_character`.
std::string unescape(std::string_view text, char quote_character) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] == '\\' && (next == '\\' || next == quote_character)) ++i;
    out.push_back(text[i]);
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
  for (std::size_t i = 1; i < rest->size(); ++i) {
    if ((*rest)[i] == '\\') {
      ++i;
    } else if ((*rest)[i] == first) {
      std::string word = unescape(rest->substr(1, i - 1), first);
      rest->remove_prefix(i + 1);
      return word;
    }
  }
  return Error{"the quote in " + quote(*rest) + " has no end; close it with " +
               std::string(1, first)};
}

std::string_view target_kind(const SinkConfig& sink) {
  return sink.kind == SinkKind::kStream ? "stream" : "exec";
}

bool runs_program(const SinkConfig& sink) {
  return sink.kind == SinkKind::kExec || sink.kind == SinkKind::kStream;
}

Result<void> take_program(std::string_view value, SinkConfig* sink) {
  for (std::string_view rest = value;;) {
    rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
    if (rest.empty()) break;
    Result<std::string> word = take_word(&rest);
    if (!word) return word.error();
    sink->program.push_back(std::move(*word));
  }
  if (sink->program.empty()) {
    const std::string kind(target_kind(*sink));
    return Error{kind + ": names no program; write " + kind + ":/path/of/program"};
  }
  if (!is_valid_utf8(value) || value.find('\0') != std::string_view::npos) {
    return Error{"program " + quote(value) + " is not valid UTF-8; rename it"};
  }
  return check_path("program", sink->program[0]);
}

Result<void> take_target(std::string_view target, SinkConfig* sink) {
  const std::size_t colon = target.find(':');
  const std::string_view kind = target.substr(0, colon);
  const std::string_view value =
      colon == std::string_view::npos ? std::string_view() : target.substr(colon + 1);
  if (colon == std::string_view::npos ||
      std::find(kTargets.begin(), kTargets.end(), kind) == kTargets.end()) {
    if (target == "syslog") {
      return Error{"target " + quote(target) + " lacks its facility; write syslog:local0"};
    }
    return Error{"target " + quote(target) + " is unknown" + did_you_mean(kind, kTargets) +
                 " Write syslog:facility, exec:/program, stream:/program or file:/path"};
  }
  if (kind == "syslog") return take_facility(value, sink);
  sink->format = EventFormat::kJson;
  if (kind == "exec") {
    sink->kind = SinkKind::kExec;
    sink->concurrency = kDefaultConcurrency;
    return take_program(value, sink);
  }
  if (kind == "stream") {
    sink->kind = SinkKind::kStream;
    return take_program(value, sink);
  }
  sink->kind = SinkKind::kFile;
  sink->path = value;
  return check_path("file", value);
}

Result<void> take_events(std::string_view value, SinkConfig* sink) {
  sink->events.clear();
  for (std::string_view rest = value;;) {
    const std::size_t comma = rest.find(',');
    const std::string_view name = rest.substr(0, comma);
    if (std::find(kEventNames.begin(), kEventNames.end(), name) == kEventNames.end()) {
      return Error{"event " + quote(name) + " in events=" + quote(value) + " is unknown" +
                   did_you_mean(name, kEventNames) + " Events: " + listed(kEventNames)};
    }
    if (!wants_event(*sink, name) || sink->events.empty()) sink->events.emplace_back(name);
    if (comma == std::string_view::npos) return {};
    rest.remove_prefix(comma + 1);
  }
}

Result<void> take_format(std::string_view value, SinkConfig* sink) {
  if (value != "json" && value != "kv") {
    return Error{"format=" + quote(value) + " is unknown" + did_you_mean(value, kFormats) +
                 " Write format=json or format=kv"};
  }
  if (runs_program(*sink) && value == "kv") {
    return Error{"format='kv': this sink gives its program JSON; remove format=kv"};
  }
  sink->format = value == "json" ? EventFormat::kJson : EventFormat::kKeyValue;
  return {};
}

// A whole number from 1 to `most`, or 0.
int number_up_to(int most, std::string_view value) {
  int number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool whole = error == std::errc() && end == value.data() + value.size();
  return whole && number >= 1 && number <= most ? number : 0;
}

Result<void> check_for_program(std::string_view option, const SinkConfig& sink) {
  if (runs_program(sink)) return {};
  return Error{quote(option) + " is for exec and stream sinks; remove it"};
}

Result<void> take_timeout(std::string_view value, SinkConfig* sink) {
  sink->timeout_seconds = number_up_to(kMaxTimeoutSeconds, value);
  if (sink->timeout_seconds > 0) return {};
  return Error{"timeout=" + quote(value) + " is not a number of seconds from 1 to " +
               std::to_string(kMaxTimeoutSeconds)};
}

Result<void> take_concurrency(std::string_view value, SinkConfig* sink) {
  if (sink->kind == SinkKind::kStream) {
    return Error{"concurrency=" + quote(value) +
                 ": a stream sink has one program, which gets one event at a time; remove it, or "
                 "use exec:/program, which runs several"};
  }
  sink->concurrency = number_up_to(kMaxConcurrency, value);
  if (sink->concurrency > 0) return {};
  return Error{"concurrency=" + quote(value) + " is not a number of runs from 1 to " +
               std::to_string(kMaxConcurrency)};
}

Result<void> take_retry(std::string_view value, SinkConfig* sink) {
  Result<RetryPolicy> policy = parse_retry_policy(value);
  if (!policy) return policy.error();
  sink->retry = std::move(*policy);
  return {};
}

Result<void> take_socket(std::string_view value, SinkConfig* sink) {
  if (sink->kind != SinkKind::kSyslog) {
    return Error{"socket=" + quote(value) + " is for syslog sinks; remove it"};
  }
  if (value.size() > kMaxSocketPath) {
    return Error{"socket=" + quote(value) + " is longer than the " +
                 std::to_string(kMaxSocketPath) + " bytes that a socket's path may have"};
  }
  sink->socket = value;
  return check_path("socket", value);
}

Result<void> check_given_once(std::string_view option, std::span<const std::string_view> all) {
  const std::string_view name = option.substr(0, option.find('='));
  const auto same = [name](std::string_view other) {
    return other.substr(0, other.find('=')) == name;
  };
  if (std::count_if(all.begin(), all.end(), same) == 1) return {};
  return Error{"option " + quote(name) + " is given twice; write it once"};
}

Result<void> take_option(std::string_view option, SinkConfig* sink) {
  const std::size_t equals = option.find('=');
  const std::string_view name = option.substr(0, equals);
  if (equals == std::string_view::npos) {
    return Error{quote(option) +
                 " is no option of the form name=value. A program with arguments is one quoted "
                 "argument: \"exec:/program argument\""};
  }
  const std::string_view value = option.substr(equals + 1);
  if (name == "events") return take_events(value, sink);
  if (name == "format") return take_format(value, sink);
  if (name == "socket") return take_socket(value, sink);
  const bool of_program = name == "timeout" || name == "concurrency" || name == "retry";
  if (of_program) {
    if (Result<void> fits = check_for_program(option, *sink); !fits) return fits;
  }
  if (name == "timeout") return take_timeout(value, sink);
  if (name == "concurrency") return take_concurrency(value, sink);
  if (name == "retry") return take_retry(value, sink);
  return Error{"option " + quote(option) + " is unknown" + did_you_mean(name, kOptions) +
               " Options: events= format= timeout= concurrency= retry= socket="};
}

std::string as_argument(std::string_view word) {
  std::string out = "\"";
  for (const char c : word) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

std::string_view facility_name(int code) {
  const auto* const found =
      std::find_if(kFacilities.begin(), kFacilities.end(),
                   [code](const auto& entry) { return entry.second == code; });
  return found == kFacilities.end() ? "local0" : found->first;
}

}  // namespace

Result<SinkConfig> parse_sink(std::span<const std::string_view> arguments) {
  if (arguments.size() < 2) {
    return Error{"name or target is missing; the form is: PlivoEventSink name target [options]"};
  }
  SinkConfig sink;
  sink.name = arguments[0];
  if (Result<void> named = check_name(sink.name); !named) return named.error();
  if (Result<void> taken = take_target(arguments[1], &sink); !taken) return taken.error();
  for (const std::string_view option : arguments.subspan(2)) {
    if (Result<void> once = check_given_once(option, arguments.subspan(2)); !once) {
      return once.error();
    }
    if (Result<void> taken = take_option(option, &sink); !taken) return taken.error();
  }
  return sink;
}

std::vector<std::string> sink_arguments(const SinkConfig& sink) {
  const bool syslog = sink.kind == SinkKind::kSyslog;
  std::string target = runs_program(sink) ? std::string(target_kind(sink)) : "file:" + sink.path;
  for (std::size_t i = 0; i < sink.program.size(); ++i) {
    target += (i == 0 ? ":" : " ") + as_argument(sink.program[i]);
  }
  if (syslog) target = "syslog:" + std::string(facility_name(sink.facility));

  std::vector<std::string> arguments = {sink.name, target};
  std::string events;
  for (const std::string& name : sink.events) events += (events.empty() ? "events=" : ",") + name;
  if (!events.empty()) arguments.push_back(events);
  arguments.push_back(sink.format == EventFormat::kJson ? "format=json" : "format=kv");
  if (runs_program(sink)) {
    arguments.push_back("timeout=" + std::to_string(sink.timeout_seconds));
    arguments.push_back("retry=" + to_string(sink.retry));
  }
  if (sink.kind == SinkKind::kExec) {
    arguments.push_back("concurrency=" + std::to_string(sink.concurrency));
  }
  if (syslog) arguments.push_back("socket=" + sink.socket);
  return arguments;
}

bool wants_event(const SinkConfig& sink, std::string_view event_name) {
  return sink.events.empty() ||
         std::find(sink.events.begin(), sink.events.end(), event_name) != sink.events.end();
}

SinkConfig default_sink() {
  SinkConfig sink;
  sink.name = "syslog";
  return sink;
}

}  // namespace plivo_dial
