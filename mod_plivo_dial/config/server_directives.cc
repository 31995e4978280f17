// The setters of directives that hold for the whole server: spool, sinks, dispatcher.
// SPDX-License-Identifier: Apache-2.0
#include <strings.h>

#include <charconv>
#include <chrono>
#include <system_error>

#include "lib/base/byte_count.h"
#include "lib/base/in_quotes.h"
#include "lib/base/text.h"
#include "lib/schedule/schedule_arguments.h"
#include "lib/settings/sink_arguments.h"
#include "mod_plivo_dial/config/glue.h"
#include "mod_plivo_dial/config/setter.h"

namespace plivo_dial {
namespace {

Result<std::string> absolute_path(const cmd_parms* parms, std::string_view argument) {
  const char* path = ap_server_root_relative(parms->pool, std::string(argument).c_str());
  if (path == nullptr || *path != '/') {
    return Error{"\"" + std::string(argument) + "\" is no path"};
  }
  return std::string(path);
}

Result<DispatcherMode> parse_dispatcher_mode(const char* word) {
  if (strcasecmp(word, "On") == 0) return DispatcherMode::kOn;
  if (strcasecmp(word, "External") == 0) return DispatcherMode::kExternal;
  if (strcasecmp(word, "Off") == 0) return DispatcherMode::kOff;
  return Error{"\"" + std::string(word) + "\" is not one of On, External and Off"};
}

constexpr std::string_view kMinFree = "minFree=";
constexpr std::string_view kSyncTimeout = "syncTimeout=";
constexpr std::string_view kFileSystem = "fileSystem=";
constexpr int kLongestSyncTimeout = 40;  // seconds; Plivo's longest read timeout

Result<std::chrono::milliseconds> parse_sync_timeout(std::string_view text) {
  int seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || stopped != end || seconds < 1 || seconds > kLongestSyncTimeout) {
    return Error{in_quotes(text) + " is no number of seconds from 1 to " +
                 std::to_string(kLongestSyncTimeout)};
  }
  return std::chrono::milliseconds(std::chrono::seconds(seconds));
}

// "30"
Result<std::chrono::days> parse_record_keep(std::string_view text) {
  int days = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, days);
  if (error != std::errc() || stopped != end || days < 1 || days > kLongestRecordKeep.count()) {
    return Error{in_quotes(text) + " is no number of days from 1 to " +
                 std::to_string(kLongestRecordKeep.count()) + "; 30 is usual"};
  }
  return std::chrono::days(days);
}

// Whether any will do.
Result<bool> parse_file_system(std::string_view word) {
  if (equals_ignoring_case(word, "any")) return true;
  if (equals_ignoring_case(word, "local")) return false;
  return Error{in_quotes(word) + " is not one of local and any"};
}

bool is_spool_option(std::string_view word) {
  return word.starts_with(kMinFree) || word.starts_with(kSyncTimeout) ||
         word.starts_with(kFileSystem);
}

Result<void> read_spool_option(std::string_view word, ServerConfig& server) {
  if (word.starts_with(kMinFree)) {
    const Result<std::uint64_t> bytes = parse_byte_count(word.substr(kMinFree.size()));
    if (!bytes) return Error{"minFree=: " + bytes.error().message};
    server.spool_options.min_free = *bytes;
    return {};
  }
  if (word.starts_with(kSyncTimeout)) {
    const auto timeout = parse_sync_timeout(word.substr(kSyncTimeout.size()));
    if (!timeout) return Error{"syncTimeout=: " + timeout.error().message};
    server.spool_options.sync_timeout = *timeout;
    return {};
  }
  if (word.starts_with(kFileSystem)) {
    const Result<bool> any = parse_file_system(word.substr(kFileSystem.size()));
    if (!any) return Error{"fileSystem=: " + any.error().message};
    server.any_file_system = *any;
    return {};
  }
  return Error{in_quotes(word) +
               ": behind the directory only minFree=, syncTimeout= and fileSystem= are known; put "
               "quotes around a path with spaces"};
}

// Its files by absolute paths, since plivo-diald knows no ServerRoot.
std::vector<std::string> with_absolute_paths(const cmd_parms* parms, const Words& words) {
  std::vector<std::string> out;
  for (const std::string_view word : words) {
    const std::size_t equals = word.find('=');
    const bool names_file = equals != std::string_view::npos &&
                            is_schedule_file(word.substr(0, equals)) && equals + 1 < word.size();
    const char* const path =
        names_file ? ap_server_root_relative(parms->pool, word.substr(equals + 1).data()) : nullptr;
    out.push_back(path == nullptr ? std::string(word)
                                  : std::string(word.substr(0, equals + 1)) + path);
  }
  return out;
}

}  // namespace
}  // namespace plivo_dial

using namespace plivo_dial;  // the setters below are C's, and cannot live in the namespace

const char* plivo_set_spool(cmd_parms* parms, void*, const char* arguments) {
  const auto set = [&](ServerConfig& server, const Words& words) -> Result<void> {
    const bool named = !words.empty() && !words[0].empty() && !is_spool_option(words[0]);
    if (!named) return Error{"takes a directory first, such as /var/lib/plivo-dial"};
    Result<std::string> path = absolute_path(parms, words[0]);
    if (!path) return path.error();
    server.spool = std::move(path).value();
    server.spool_options = {};
    server.any_file_system = false;
    server.spool_position = position_of(parms);
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (Result<void> read = read_spool_option(words[i], server); !read) return read;
    }
    return {};
  };
  return set_words_in_server(parms, arguments, set);
}

const char* plivo_set_spool_failure(cmd_parms* parms, void*, const char* argument) {
  return set_in_server(parms, [&](ServerConfig& server) -> Result<void> {
    const bool strict = strcasecmp(argument, "strict") == 0;
    if (!strict && strcasecmp(argument, "serve") != 0) {
      return Error{in_quotes(argument) + " is not one of serve and strict"};
    }
    server.strict = strict;
    return {};
  });
}

const char* plivo_set_record_keep(cmd_parms* parms, void*, const char* argument) {
  return set_in_server(parms, [&](ServerConfig& server) -> Result<void> {
    const Result<std::chrono::days> keep = parse_record_keep(argument);
    if (!keep) return keep.error();
    server.settings.record_keep = *keep;
    return {};
  });
}

const char* plivo_add_event_sink(cmd_parms* parms, void*, const char* arguments) {
  const auto set = [&](ServerConfig& server, const Words& words) -> Result<void> {
    Result<SinkConfig> sink = parse_sink(words);
    if (!sink) return sink.error();
    for (const SinkLine& line : server.sinks) {
      if (sink->kind == SinkKind::kFile && line.sink.path == sink->path) {
        return Error{"the sink \"" + line.sink.name + "\" (" + to_string(line.position) +
                     ") writes to \"" + sink->path +
                     "\" already: each event would be in it twice; choose another file"};
      }
      if (line.sink.name != sink->name) continue;
      return Error{"a sink called \"" + sink->name + "\" is there already (" +
                   to_string(line.position) + "); give this one another name"};
    }
    server.sinks.push_back({std::move(sink).value(), position_of(parms)});
    return {};
  };
  return set_words_in_server(parms, arguments, set);
}

const char* plivo_add_schedule(cmd_parms* parms, void*, const char* arguments) {
  const auto set = [&](ServerConfig& server, const Words& words) -> Result<void> {
    const Result<Schedule> schedule = parse_schedule(words);
    if (!schedule) return schedule.error();
    for (const ScheduleLine& line : server.schedules) {
      if (line.arguments.front() != schedule->name) continue;
      return Error{"a schedule called " + in_quotes(schedule->name) + " is there already (" +
                   line.position + "); give this one another name"};
    }
    server.schedules.push_back({with_absolute_paths(parms, words), to_string(position_of(parms))});
    return {};
  };
  return set_words_in_server(parms, arguments, set);
}

const char* plivo_set_dispatcher(cmd_parms* parms, void*, const char* first, const char* second) {
  return set_in_server(parms, [&](ServerConfig& server) -> Result<void> {
    const Result<DispatcherMode> mode = parse_dispatcher_mode(first);
    if (!mode) return mode.error();
    if (second != nullptr) {
      if (*mode == DispatcherMode::kOff) {
        return Error{in_quotes(second) + ": Off takes no path"};
      }
      Result<std::string> path = absolute_path(parms, second);
      if (!path) return path.error();
      (*mode == DispatcherMode::kOn ? server.dispatcher_program : server.dispatcher_file) =
          std::move(path).value();
    }
    server.dispatcher = *mode;
    server.dispatcher_position = position_of(parms);
    return {};
  });
}
