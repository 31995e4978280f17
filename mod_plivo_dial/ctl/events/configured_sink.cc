// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/events/configured_sink.h"

#include <algorithm>
#include <vector>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"

namespace plivo_dial::ctl {
namespace {

bool runs_program(const std::vector<std::string>& sink) {
  return sink.size() > 1 && (sink[1].starts_with("exec:") || sink[1].starts_with("stream:"));
}

// Of those that run a program.
std::vector<std::string_view> names_of_hooks(const DumpedConfig& config) {
  std::vector<std::string_view> names;
  for (const std::vector<std::string>& sink : config.sinks) {
    if (runs_program(sink)) names.push_back(sink.front());
  }
  return names;
}

std::string others_text(const DumpedConfig& config, const std::string& name) {
  const std::vector<std::string_view> names = names_of_hooks(config);
  if (const auto nearest = nearest_word(name, names); nearest && *nearest != name) {
    return "; did you mean " + std::string(*nearest) + "?";
  }
  std::string text = "; sinks that run one: ";
  if (names.empty()) return text + "none";
  for (const std::string_view known : names) {
    text += (known == names.front() ? "" : ", ") + std::string(known);
  }
  return text;
}

void replace_option(std::vector<std::string>& arguments, const std::string& key,
                    const std::string& value) {
  if (value.empty()) return;
  std::erase_if(arguments, [&](const std::string& word) { return word.starts_with(key); });
  arguments.push_back(key + value);
}

}  // namespace

Result<SinkConfig> configured_sink(const DumpedConfig& config, const std::string& name,
                                   const std::string& timeout, const std::string& retry) {
  const auto found = std::ranges::find_if(config.sinks, [&](const std::vector<std::string>& sink) {
    return !sink.empty() && sink.front() == name;
  });
  if (found == config.sinks.end()) {
    return Error{"--sink: no PlivoEventSink is named " + in_quotes(name) +
                 others_text(config, name)};
  }
  if (!runs_program(*found)) {
    return Error{"--sink: " + in_quotes(name) + " runs no program: its target is " +
                 in_quotes(found->size() > 1 ? (*found)[1] : "") + others_text(config, name)};
  }
  std::vector<std::string> arguments = *found;
  replace_option(arguments, "timeout=", timeout);
  replace_option(arguments, "retry=", retry);
  return parse_sink(std::vector<std::string_view>(arguments.begin(), arguments.end()));
}

}  // namespace plivo_dial::ctl
