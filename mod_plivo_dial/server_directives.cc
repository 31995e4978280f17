// The setters of directives that hold for the whole server: spool, sinks, dispatcher.
// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/glue.h"
#include "mod_plivo_dial/setter.h"

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

}  // namespace
}  // namespace plivo_dial

using namespace plivo_dial;  // the setters below are C's, and cannot live in the namespace

const char* plivo_set_spool(cmd_parms* parms, void*, const char* arguments) {
  const auto set = [&](ServerConfig& server, const Words& words) -> Result<void> {
    if (words.empty()) return Error{"takes a directory, such as /var/lib/plivo-dial"};
    if (words.size() > 1) {
      return Error{"\"" + std::string(words[1]) +
                   "\": this version takes the directory only; put quotes around a path with "
                   "spaces"};
    }
    Result<std::string> path = absolute_path(parms, words[0]);
    if (!path) return path.error();
    server.spool = std::move(path).value();
    server.spool_position = position_of(parms);
    return {};
  };
  return set_words_in_server(parms, arguments, set);
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

const char* plivo_set_dispatcher(cmd_parms* parms, void*, const char* first, const char* second) {
  return set_in_server(parms, [&](ServerConfig& server) -> Result<void> {
    const Result<DispatcherMode> mode = parse_dispatcher_mode(first);
    if (!mode) return mode.error();
    if (second != nullptr) {
      if (*mode != DispatcherMode::kOn) {
        return Error{"\"" + std::string(second) + "\": only On takes a program"};
      }
      Result<std::string> program = absolute_path(parms, second);
      if (!program) return program.error();
      server.dispatcher_program = std::move(program).value();
    }
    server.dispatcher = *mode;
    server.dispatcher_position = position_of(parms);
    return {};
  });
}
