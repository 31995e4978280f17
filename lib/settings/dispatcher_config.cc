// SPDX-License-Identifier: Apache-2.0
#include "lib/settings/dispatcher_config.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>

#include "lib/base/suggestion.h"
#include "lib/settings/sink_arguments.h"

namespace plivo_dial {
namespace {

constexpr std::array<std::string_view, 10> kMembers = {
    "spool", "uid", "gid", "groups", "node", "sinks", "logLevel", "logFacility", "keep", "minFree"};
constexpr int kLargestFacility = 23;  // local7
constexpr std::uint64_t kLongestKeep = 365 * 86400;
static_assert(std::numeric_limits<uid_t>::max() == std::numeric_limits<gid_t>::max());

Error wrong_member(std::string_view member, std::string_view expected) {
  return Error{"configuration member '" + std::string(member) + "' is not " +
               std::string(expected)};
}

// The largest value stands for "no id" in the system's calls.
bool is_id(const nlohmann::json& value) {
  return value.is_number_unsigned() &&
         value.get<std::uint64_t>() < std::numeric_limits<uid_t>::max();
}

Result<void> check_members(const nlohmann::json& object) {
  for (const auto& [name, value] : object.items()) {
    if (std::find(kMembers.begin(), kMembers.end(), name) != kMembers.end()) continue;
    const auto nearest = nearest_word(name, kMembers);
    return Error{"configuration member '" + name + "' is unknown" +
                 (nearest ? "; did you mean '" + std::string(*nearest) + "'?" : "; remove it")};
  }
  for (const std::string_view name : {"spool", "uid", "gid", "sinks"}) {
    if (!object.contains(name)) {
      return Error{"configuration member '" + std::string(name) + "' is missing; add it"};
    }
  }
  return {};
}

Result<void> read_identity(const nlohmann::json& object, Identity* identity) {
  if (!is_id(object["uid"])) return wrong_member("uid", "a numeric user id");
  if (!is_id(object["gid"])) return wrong_member("gid", "a numeric group id");
  identity->uid = object["uid"].get<uid_t>();
  identity->gid = object["gid"].get<gid_t>();
  if (!object.contains("groups")) return {};
  const nlohmann::json& groups = object["groups"];
  if (!groups.is_array() || !std::all_of(groups.begin(), groups.end(), is_id)) {
    return wrong_member("groups", "an array of numeric group ids");
  }
  identity->groups = groups.get<std::vector<gid_t>>();
  return {};
}

Result<void> read_log_level(const nlohmann::json& object, LogLevel* out) {
  if (!object.contains("logLevel")) return {};
  const nlohmann::json& value = object["logLevel"];
  const auto level = value.is_string() ? parse_log_level(value.get<std::string>()) : std::nullopt;
  if (!level) return wrong_member("logLevel", "error, warn, notice or info");
  *out = *level;
  return {};
}

Result<void> read_log_facility(const nlohmann::json& object, int* out) {
  if (!object.contains("logFacility")) return {};
  const nlohmann::json& value = object["logFacility"];
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kLargestFacility) {
    return wrong_member("logFacility", "the code of a syslog facility, 0 to 23");
  }
  *out = value.get<int>();
  return {};
}

Result<void> read_keep(const nlohmann::json& object, std::chrono::seconds* out) {
  if (!object.contains("keep")) return {};
  const nlohmann::json& value = object["keep"];
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kLongestKeep) {
    return wrong_member("keep", "a number of seconds, at most a year's");
  }
  *out = std::chrono::seconds(value.get<long>());
  return {};
}

Result<SinkConfig> read_sink(const nlohmann::json& sink) {
  const auto is_text = [](const nlohmann::json& value) { return value.is_string(); };
  if (!sink.is_array() || !std::all_of(sink.begin(), sink.end(), is_text)) {
    return wrong_member("sinks",
                        "an array of arrays of strings, each the arguments of a PlivoEventSink");
  }
  std::vector<std::string_view> arguments;
  for (const nlohmann::json& argument : sink)
    arguments.push_back(argument.get_ref<const std::string&>());
  return parse_sink(arguments);
}

Result<void> read_min_free(const nlohmann::json& object, std::uint64_t* out) {
  if (!object.contains("minFree")) return {};
  const nlohmann::json& value = object["minFree"];
  if (!value.is_number_unsigned()) return wrong_member("minFree", "a number of bytes");
  *out = value.get<std::uint64_t>();
  return {};
}

Result<void> read_sinks(const nlohmann::json& sinks, std::vector<SinkConfig>* out) {
  if (!sinks.is_array()) return wrong_member("sinks", "an array");
  for (const nlohmann::json& entry : sinks) {
    Result<SinkConfig> sink = read_sink(entry);
    if (!sink) return sink.error();
    for (const SinkConfig& other : *out) {
      if (other.name != sink->name) continue;
      return Error{"sink name '" + sink->name + "' is used twice; rename one"};
    }
    out->push_back(std::move(*sink));
  }
  return {};
}

}  // namespace

std::string to_json(const DispatcherConfig& config) {
  nlohmann::json sinks = nlohmann::json::array();
  for (const SinkConfig& sink : config.sinks) sinks.push_back(sink_arguments(sink));
  nlohmann::json object = {{"spool", config.spool},
                           {"uid", config.identity.uid},
                           {"gid", config.identity.gid},
                           {"groups", config.identity.groups},
                           {"node", config.node},
                           {"sinks", std::move(sinks)},
                           {"logLevel", to_string(config.log_level)},
                           {"keep", config.keep.count()},
                           {"minFree", config.min_free}};
  if (config.log_facility >= 0) object["logFacility"] = config.log_facility;
  return object.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

Result<DispatcherConfig> dispatcher_config_from_json(std::string_view text) {
  const nlohmann::json object = nlohmann::json::parse(text, nullptr, false);
  if (!object.is_object()) return Error{"the configuration is not one JSON object"};
  if (Result<void> members = check_members(object); !members) return members.error();

  DispatcherConfig config;
  if (!object["spool"].is_string()) return wrong_member("spool", "a string");
  config.spool = object["spool"].get<std::string>();
  if (config.spool.empty() || config.spool[0] != '/' ||
      config.spool.find('\0') != std::string::npos) {
    return wrong_member("spool", "an absolute path");
  }
  if (object.contains("node") && !object["node"].is_string())
    return wrong_member("node", "a string");
  if (object.contains("node")) config.node = object["node"].get<std::string>();
  if (Result<void> read = read_log_level(object, &config.log_level); !read) return read.error();
  if (Result<void> read = read_log_facility(object, &config.log_facility); !read) {
    return read.error();
  }
  if (Result<void> read = read_keep(object, &config.keep); !read) return read.error();
  if (Result<void> read = read_min_free(object, &config.min_free); !read) return read.error();
  if (Result<void> read = read_identity(object, &config.identity); !read) return read.error();
  if (Result<void> read = read_sinks(object["sinks"], &config.sinks); !read) return read.error();
  return config;
}

}  // namespace plivo_dial
