// SPDX-License-Identifier: Apache-2.0
#include "lib/settings/dispatcher_config.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "lib/base/suggestion.h"
#include "lib/json/json_value.h"
#include "lib/json/json_writer.h"

namespace plivo_dial {
namespace {

constexpr int kLargestFacility = 23;  // local7
constexpr std::uint64_t kLongestKeep = 365 * 86400;
static_assert(std::numeric_limits<uid_t>::max() == std::numeric_limits<gid_t>::max());

Error wrong_member(std::string_view member, std::string_view expected) {
  return Error{"configuration member '" + std::string(member) + "' is not " +
               std::string(expected)};
}

// ---- Reading. Each takes the value of one member and says whether it is what was expected.

bool read_path(const JsonValue& value, DispatcherConfig& config) {
  config.spool = value.text().value_or("");
  return config.spool.starts_with('/') && config.spool.find('\0') == std::string::npos;
}

// The largest value stands for "no id" in the system's calls.
bool read_id(const JsonValue& value, std::uint32_t& id) {
  const std::uint64_t read = value.natural().value_or(std::numeric_limits<uid_t>::max());
  id = static_cast<std::uint32_t>(read);
  return read < std::numeric_limits<uid_t>::max();
}

bool read_groups(const JsonValue& value, DispatcherConfig& config) {
  for (const JsonValue& group : value.elements()) {
    if (!read_id(group, config.identity.groups.emplace_back())) return false;
  }
  return value.is_array();
}

bool read_node(const JsonValue& value, DispatcherConfig& config) {
  config.node = value.text().value_or("");
  return value.text().has_value();
}

bool read_log_level(const JsonValue& value, DispatcherConfig& config) {
  const auto level = parse_log_level(value.text().value_or(""));
  config.log_level = level.value_or(config.log_level);
  return level.has_value();
}

bool read_log_facility(const JsonValue& value, DispatcherConfig& config) {
  const std::uint64_t facility = value.natural().value_or(kLargestFacility + 1);
  config.log_facility = static_cast<int>(facility);
  return facility <= kLargestFacility;
}

bool read_keep(const JsonValue& value, DispatcherConfig& config) {
  const std::uint64_t seconds = value.natural().value_or(kLongestKeep + 1);
  config.keep = std::chrono::seconds(seconds);
  return seconds <= kLongestKeep;
}

bool read_record_keep(const JsonValue& value, DispatcherConfig& config) {
  constexpr auto kLongest =
      static_cast<std::uint64_t>(std::chrono::seconds(kLongestRecordKeep).count());
  const std::uint64_t seconds = value.natural().value_or(kLongest + 1);
  config.record_keep = std::chrono::seconds(seconds);
  return seconds <= kLongest;
}

bool read_min_free(const JsonValue& value, DispatcherConfig& config) {
  config.min_free = value.natural().value_or(0);
  return value.natural().has_value();
}

// ---- The members, in the order in which they are written

std::string printed(const auto& value) {
  return JsonWriter(JsonWriter::Charset::kAscii).value(value).take();
}

std::string print_sinks(const DispatcherConfig& config) {
  JsonWriter json(JsonWriter::Charset::kAscii);
  json.begin_array();
  for (const SinkConfig& sink : config.sinks) json.value(sink_arguments(sink));
  return json.end_array().take();
}

enum class Need {
  kRequired,
  kOptional,
  kSetting,  // optional, and a member of DispatcherSettings
};

struct ConfigMember {
  std::string_view name;
  Need need;
  std::string_view expected;                      // the end of a sentence: "... is not a string"
  std::string (*print)(const DispatcherConfig&);  // its JSON; "" leaves it out
  bool (*read)(const JsonValue&, DispatcherConfig&);
};

using Config = DispatcherConfig;
constexpr auto kConfigMembers = std::to_array<ConfigMember>({
    {"spool", Need::kRequired, "an absolute path",
     [](const Config& config) { return printed(config.spool); }, read_path},
    {"uid", Need::kRequired, "a numeric user id",
     [](const Config& config) { return printed(config.identity.uid); },
     [](const JsonValue& value, Config& config) { return read_id(value, config.identity.uid); }},
    {"gid", Need::kRequired, "a numeric group id",
     [](const Config& config) { return printed(config.identity.gid); },
     [](const JsonValue& value, Config& config) { return read_id(value, config.identity.gid); }},
    {"groups", Need::kOptional, "an array of numeric group ids",
     [](const Config& config) { return printed(config.identity.groups); }, read_groups},
    {"node", Need::kOptional, "a string", [](const Config& config) { return printed(config.node); },
     read_node},
    {"sinks", Need::kRequired, "an array", print_sinks,
     [](const JsonValue& value, Config&) { return value.is_array(); }},
    {"tables", Need::kOptional, "an object",
     [](const Config& config) {
       return config.tables.empty() ? std::string() : to_json(config.tables);
     },
     [](const JsonValue& value, Config&) { return value.is_object(); }},
    {"logLevel", Need::kOptional, "error, warn, notice or info",
     [](const Config& config) { return printed(to_string(config.log_level)); }, read_log_level},
    {"logFacility", Need::kOptional, "the code of a syslog facility, 0 to 23",
     [](const Config& config) {
       return config.log_facility < 0 ? std::string() : printed(config.log_facility);
     },
     read_log_facility},
    {"keep", Need::kSetting, "a number of seconds, at most a year's",
     [](const Config& config) { return printed(config.keep.count()); }, read_keep},
    {"minFree", Need::kSetting, "a number of bytes",
     [](const Config& config) { return printed(config.min_free); }, read_min_free},
    {"recordKeep", Need::kSetting, "a number of seconds, at most ten years'",
     [](const Config& config) { return printed(config.record_keep.count()); }, read_record_keep},
});

Result<void> check_names(const JsonValue& object) {
  for (const auto& [name, value] : object.members()) {
    if (std::ranges::find(kConfigMembers, name, &ConfigMember::name) != kConfigMembers.end()) {
      continue;
    }
    std::vector<std::string_view> known;
    for (const ConfigMember& member : kConfigMembers) known.push_back(member.name);
    const auto nearest = nearest_word(name, known);
    return Error{"configuration member '" + std::string(name) + "' is unknown" +
                 (nearest ? "; did you mean '" + std::string(*nearest) + "'?" : "; remove it")};
  }
  return {};
}

Result<void> read_members(const JsonValue& object, DispatcherConfig& config) {
  for (const ConfigMember& member : kConfigMembers) {
    const JsonValue value = object[member.name];
    if (!value && member.need == Need::kRequired) {
      return Error{"configuration member '" + std::string(member.name) + "' is missing; add it"};
    }
    if (value && !member.read(value, config)) {
      return wrong_member(member.name, member.expected);
    }
  }
  return {};
}

Result<SinkConfig> read_sink(const JsonValue& sink) {
  std::vector<std::string_view> arguments;
  bool texts = sink.is_array();
  for (const JsonValue& argument : sink.elements()) {
    arguments.push_back(argument.text().value_or(""));
    texts = texts && argument.text();
  }
  if (texts) return parse_sink(arguments);
  return wrong_member("sinks",
                      "an array of arrays of strings, each the arguments of a PlivoEventSink");
}

Result<void> read_sinks(const JsonValue& sinks, std::vector<SinkConfig>* out) {
  for (const JsonValue& entry : sinks.elements()) {
    Result<SinkConfig> sink = read_sink(entry);
    if (!sink) return sink.error();
    if (std::ranges::find(*out, sink->name, &SinkConfig::name) != out->end()) {
      return Error{"sink name '" + sink->name + "' is used twice; rename one"};
    }
    out->push_back(std::move(*sink));
  }
  return {};
}

}  // namespace

std::vector<std::string> describe(const DispatcherSettings& settings) {
  DispatcherConfig config;
  static_cast<DispatcherSettings&>(config) = settings;
  std::vector<std::string> shown;
  for (const ConfigMember& member : kConfigMembers) {
    if (member.need != Need::kSetting) continue;
    shown.push_back(std::string(member.name) + "=" + member.print(config));
  }
  return shown;
}

std::string to_json(const DispatcherConfig& config) {
  JsonWriter json(JsonWriter::Charset::kAscii);
  json.begin_object();
  for (const ConfigMember& member : kConfigMembers) {
    const std::string value = member.print(config);
    if (!value.empty()) json.key(member.name).raw(value);
  }
  return json.end_object().take();
}

Result<DispatcherConfig> dispatcher_config_from_json(std::string_view text) {
  const std::optional<JsonDocument> document = JsonDocument::parse(text);
  if (!document || !document->root().is_object()) {
    return Error{"the configuration is not one JSON object"};
  }
  const JsonValue root = document->root();
  if (Result<void> checked = check_names(root); !checked) return checked.error();
  DispatcherConfig config;
  if (Result<void> read = read_members(root, config); !read) return read.error();
  if (Result<void> read = read_sinks(root["sinks"], &config.sinks); !read) return read.error();
  if (const JsonValue tables = root["tables"]) {
    Result<TablesConfig> read = tables_config_from_json(tables);
    if (!read) return read.error();
    config.tables = std::move(read).value();
  }
  return config;
}

}  // namespace plivo_dial
