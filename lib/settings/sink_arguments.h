// File: lib/settings/sink_arguments.h
//
// The arguments of a PlivoEventSink line. Read by the module at configtest and by the dispatcher;
// both use this parser, so that what configtest accepts, plivo-diald accepts.
//
//   constexpr std::string_view words[] = {"crm", "exec:/usr/local/bin/hook --fast", "timeout=5"};
//   const Result<SinkConfig> sink = parse_sink(words);
//   sink->program               -> {"/usr/local/bin/hook", "--fast"}
//   sink->timeout_seconds       -> 5
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/settings/sink_config.h"

namespace plivo_dial {

// Reads the arguments of one PlivoEventSink line: name, target, options. Target is one of those in
// sink_kinds.h, a word and a colon, and behind it what that kind takes; of exec and stream
// `/program [arguments]` (blank-separated; a word that starts with " or ' ends at the same quote,
// in which a backslash escapes the quote). Options are `events=name,name`, `format=json` or
// `format=kv` (without it syslog gets kv, the others json), `timeout=seconds` and
// `retry=1,5,30/86400` (retry_policy.h) of exec and stream, `concurrency=runs` (without it 4) of
// exec, and `socket=/path` of syslog. Errors name the value and the remedy. Pure.
Result<SinkConfig> parse_sink(std::span<const std::string_view> arguments);

// The arguments that parse_sink reads as `sink`. Pure.
std::vector<std::string> sink_arguments(const SinkConfig& sink);

}  // namespace plivo_dial
