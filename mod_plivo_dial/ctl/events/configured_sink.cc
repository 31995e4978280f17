// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/events/configured_sink.h"

#include <algorithm>
#include <vector>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"
#include "lib/settings/config_manifest.h"
#include "lib/settings/sink_arguments.h"
#include "lib/settings/sink_kinds.h"

namespace plivo_dial::ctl {
namespace {

bool runs_program(const ManifestSink& sink) {
  const auto target = std::ranges::find(sink_targets(), sink.kind, &SinkTarget::word);
  return target != sink_targets().end() && target->runs_program;
}

// Of those that run a program.
std::vector<std::string_view> names_of_hooks(const ConfigManifest& config) {
  std::vector<std::string_view> names;
  for (const ManifestSink& sink : config.sinks) {
    if (runs_program(sink)) names.push_back(sink.name);
  }
  return names;
}

std::string others_text(const ConfigManifest& config, const std::string& name) {
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

Result<SinkConfig> configured_sink(const ConfigManifest& config, const std::string& name,
                                   const std::string& timeout, const std::string& retry) {
  const auto found = std::ranges::find(config.sinks, name, &ManifestSink::name);
  if (found == config.sinks.end()) {
    return Error{"--sink: no PlivoEventSink is named " + in_quotes(name) +
                 others_text(config, name)};
  }
  if (!runs_program(*found)) {
    return Error{"--sink: " + in_quotes(name) + " runs no program: its target is " +
                 in_quotes(found->arguments.at(1)) + others_text(config, name)};
  }
  std::vector<std::string> arguments = found->arguments;
  replace_option(arguments, "timeout=", timeout);
  replace_option(arguments, "retry=", retry);
  return parse_sink(std::vector<std::string_view>(arguments.begin(), arguments.end()));
}

}  // namespace plivo_dial::ctl
