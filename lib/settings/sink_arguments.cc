// SPDX-License-Identifier: Apache-2.0
#include "lib/settings/sink_arguments.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "lib/base/suggestion.h"
#include "lib/settings/sink_kinds.h"
#include "lib/settings/sink_words.h"
#include "lib/webhook/endpoint.h"

namespace plivo_dial {
namespace {

constexpr std::array<std::string_view, 2> kFormats = {"json", "kv"};

constexpr int kMaxTimeoutSeconds = 3600;
constexpr int kMaxConcurrency = 64;
constexpr std::size_t kMaxSocketPath = 107;  // sockaddr_un's sun_path with its NUL

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

Result<void> take_target(std::string_view target, SinkConfig& sink) {
  const std::size_t colon = target.find(':');
  const std::string_view word = target.substr(0, colon);
  const auto found = std::ranges::find(sink_targets(), word, &SinkTarget::word);
  if (found != sink_targets().end() && colon != std::string_view::npos) {
    sink.kind = found->kind;
    return found->read(target.substr(colon + 1), sink);
  }
  if (target == target_of(SinkKind::kSyslog).word) {
    return Error{"target " + quote(target) + " lacks its facility; write syslog:local0"};
  }
  std::vector<std::string_view> words;
  std::vector<std::string_view> forms;
  for (const SinkTarget& known : sink_targets()) {
    words.push_back(known.word);
    forms.push_back(known.form);
  }
  return Error{"target " + quote(target) + " is unknown" + nearest_hint(word, words) + " Write " +
               alternatives(forms)};
}

Result<void> take_events(std::string_view value, SinkConfig& sink) {
  sink.events.clear();
  for (std::string_view rest = value;;) {
    const std::size_t comma = rest.find(',');
    const std::string_view name = rest.substr(0, comma);
    if (!parse_event_kind(name)) {
      return Error{"event " + quote(name) + " in events=" + quote(value) + " is unknown" +
                   nearest_hint(name, event_kind_words()) +
                   " Events: " + listed(event_kind_words())};
    }
    if (!wants_event(sink, name) || sink.events.empty()) sink.events.emplace_back(name);
    if (comma == std::string_view::npos) return {};
    rest.remove_prefix(comma + 1);
  }
}

Result<void> take_format(std::string_view value, SinkConfig& sink) {
  if (value != "json" && value != "kv") {
    return Error{"format=" + quote(value) + " is unknown" + nearest_hint(value, kFormats) +
                 " Write format=json or format=kv"};
  }
  if (target_of(sink.kind).runs_program && value == "kv") {
    return Error{"format='kv': this sink gives its program JSON; remove format=kv"};
  }
  sink.format = value == "json" ? EventFormat::kJson : EventFormat::kKeyValue;
  return {};
}

// A whole number from 1 to `most`, or 0.
int number_up_to(int most, std::string_view value) {
  int number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool whole = error == std::errc() && end == value.data() + value.size();
  return whole && number >= 1 && number <= most ? number : 0;
}

Result<void> take_timeout(std::string_view value, SinkConfig& sink) {
  sink.timeout_seconds = number_up_to(kMaxTimeoutSeconds, value);
  if (sink.timeout_seconds > 0) return {};
  return Error{"timeout=" + quote(value) + " is not a number of seconds from 1 to " +
               std::to_string(kMaxTimeoutSeconds)};
}

Result<void> take_concurrency(std::string_view value, SinkConfig& sink) {
  if (sink.kind == SinkKind::kStream) {
    return Error{"concurrency=" + quote(value) +
                 ": a stream sink has one program, which gets one event at a time; remove it, or "
                 "use exec:/program, which runs several"};
  }
  sink.concurrency = number_up_to(kMaxConcurrency, value);
  if (sink.concurrency > 0) return {};
  return Error{"concurrency=" + quote(value) + " is not a number of runs from 1 to " +
               std::to_string(kMaxConcurrency)};
}

Result<void> take_retry(std::string_view value, SinkConfig& sink) {
  Result<RetryPolicy> policy = parse_retry_policy(value);
  if (!policy) return policy.error();
  sink.retry = std::move(*policy);
  return {};
}

Result<void> take_socket(std::string_view value, SinkConfig& sink) {
  if (value.size() > kMaxSocketPath) {
    return Error{"socket=" + quote(value) + " is longer than the " +
                 std::to_string(kMaxSocketPath) + " bytes that a socket's path may have"};
  }
  sink.socket = value;
  return check_path("socket", value);
}

// --- Options.

bool is_any(const SinkConfig&) {
  return true;
}
bool is_program(const SinkConfig& sink) {
  return target_of(sink.kind).runs_program;
}
bool is_syslog(const SinkConfig& sink) {
  return sink.kind == SinkKind::kSyslog;
}

struct SinkOption {
  std::string_view name;
  bool (*is_for)(const SinkConfig& sink);
  std::string_view owners;  // whom it is for
  Result<void> (*read)(std::string_view value, SinkConfig& sink);
};

constexpr std::array<SinkOption, 6> kOptions = {{
    {"events", is_any, "", take_events},
    {"format", is_any, "", take_format},
    {"timeout", is_program, "exec and stream", take_timeout},
    {"concurrency", is_program, "exec and stream", take_concurrency},
    {"retry", is_program, "exec and stream", take_retry},
    {"socket", is_syslog, "syslog", take_socket},
}};

Error unknown_option(std::string_view option, std::string_view name) {
  std::vector<std::string_view> names;
  std::string all;
  for (const SinkOption& known : kOptions) {
    names.push_back(known.name);
    all += " " + std::string(known.name) + "=";
  }
  return Error{"option " + quote(option) + " is unknown" + nearest_hint(name, names) +
               " Options:" + all};
}

Result<void> check_given_once(std::string_view option, std::span<const std::string_view> all) {
  const std::string_view name = option.substr(0, option.find('='));
  const auto same = [name](std::string_view other) {
    return other.substr(0, other.find('=')) == name;
  };
  if (std::count_if(all.begin(), all.end(), same) == 1) return {};
  return Error{"option " + quote(name) + " is given twice; write it once"};
}

Result<void> take_option(std::string_view option, SinkConfig& sink) {
  const std::size_t equals = option.find('=');
  const std::string_view name = option.substr(0, equals);
  if (equals == std::string_view::npos) {
    return Error{quote(option) +
                 " is no option of the form name=value. A program with arguments is one quoted "
                 "argument: \"exec:/program argument\""};
  }
  const auto* const known = std::ranges::find(kOptions, name, &SinkOption::name);
  if (known == kOptions.end()) return unknown_option(option, name);
  if (!known->is_for(sink)) {
    return Error{quote(option) + " is for " + std::string(known->owners) + " sinks; remove it"};
  }
  return known->read(option.substr(equals + 1), sink);
}

}  // namespace

Result<SinkConfig> parse_sink(std::span<const std::string_view> arguments) {
  if (arguments.size() < 2) {
    return Error{"name or target is missing; the form is: PlivoEventSink name target [options]"};
  }
  SinkConfig sink;
  sink.name = arguments[0];
  if (Result<void> named = check_name(sink.name); !named) return named.error();
  if (Result<void> taken = take_target(arguments[1], sink); !taken) return taken.error();
  for (const std::string_view option : arguments.subspan(2)) {
    if (Result<void> once = check_given_once(option, arguments.subspan(2)); !once) {
      return once.error();
    }
    if (Result<void> taken = take_option(option, sink); !taken) return taken.error();
  }
  return sink;
}

std::vector<std::string> sink_arguments(const SinkConfig& sink) {
  const SinkTarget& target = target_of(sink.kind);
  std::vector<std::string> arguments = {sink.name,
                                        std::string(target.word) + ":" + target.written(sink)};
  std::string events;
  for (const std::string& name : sink.events) events += (events.empty() ? "events=" : ",") + name;
  if (!events.empty()) arguments.push_back(events);
  arguments.push_back(sink.format == EventFormat::kJson ? "format=json" : "format=kv");
  if (target.runs_program) {
    arguments.push_back("timeout=" + std::to_string(sink.timeout_seconds));
    arguments.push_back("retry=" + to_string(sink.retry));
  }
  if (sink.kind == SinkKind::kExec) {
    arguments.push_back("concurrency=" + std::to_string(sink.concurrency));
  }
  if (sink.kind == SinkKind::kSyslog) arguments.push_back("socket=" + sink.socket);
  return arguments;
}

}  // namespace plivo_dial
