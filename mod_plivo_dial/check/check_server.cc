// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/check_server.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>

#include "lib/access/own_directory.h"
#include "lib/base/ask_within.h"
#include "lib/base/text.h"
#include "lib/settings/sink_check.h"
#include "lib/settings/sink_kinds.h"
#include "lib/spool/spool_directory.h"
#include "mod_plivo_dial/dispatcher/dispatcher_file.h"
#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {
namespace {

// With all sinks together, and then with each: a reload that takes 10 s is none to the dispatcher.
constexpr std::chrono::milliseconds kSinksPatience{3000};
constexpr std::chrono::milliseconds kSinkPatience{200};

// A bound that no empty disk could meet would refuse every event.
void check_min_free(const ServerConfig& server, const std::string& where, ConfigReport& report) {
  struct statvfs status {};
  if (!server.spool_options.min_free || statvfs(server.spool.c_str(), &status) != 0) return;
  const std::uint64_t size = std::uint64_t{status.f_blocks} * status.f_frsize;
  if (*server.spool_options.min_free < size) return;
  report.environment_errors.push_back(
      where + "minFree= wants more bytes to stay free than the whole file system has (" +
      std::to_string(size) + "); the default is 64M");
}

// What is to be said of a spool that belongs to root and that httpd's group may write; else "".
std::string shared_spool_text(const std::string& spool, const Identity& identity) {
  struct stat directory {};
  const bool shared = stat(spool.c_str(), &directory) == 0 && directory.st_uid == 0 &&
                      identity.uid != 0 && (directory.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  if (!shared) return "";
  const std::string owner = std::to_string(identity.uid) + ":" + std::to_string(identity.gid);
  return "'" + spool +
         "' belongs to root, and others may write into it: plivo-dialctl as root does not work in "
         "such a spool; give it to httpd's user: chown -R " +
         owner + " '" + spool + "' && chmod 0750 '" + spool + "'";
}

void check_spool(const ServerConfig& server, const Judge& judge, ConfigReport& report) {
  const std::string where = server.spool_position.file == nullptr
                                ? std::string("PlivoSpool (by default): ")
                                : at(server.spool_position) + "PlivoSpool: ";
  check_min_free(server, where, report);
  if (const Result<void> own = may_own_directory(server.spool, judge.identity); !own) {
    judge.say(where, own.error().message, report);
    return;
  }
  if (const auto usable = check_spool_directory(server.spool, judge.identity); !usable) {
    judge.say(where, usable.error().message, report);
    return;
  }
  if (const std::string shared = shared_spool_text(server.spool, judge.identity); !shared.empty()) {
    report.warnings.push_back(where + shared);
  }
  const Result<void> dependable = check_spool_file_system(server.spool);
  if (dependable) return;
  if (server.any_file_system) {
    report.warnings.push_back(where + dependable.error().message);
  } else {
    report.environment_errors.push_back(where + dependable.error().message +
                                        ", or, to try things out, PlivoSpool " + server.spool +
                                        " fileSystem=any");
  }
}

void check_dispatcher(const ServerConfig& server, const Judge& judge, ConfigReport& report) {
  if (server.dispatcher == DispatcherMode::kOff) return;
  const Result<void> usable = server.dispatcher == DispatcherMode::kOn
                                  ? may_execute(server.dispatcher_program, judge.identity)
                                  : check_dispatcher_file(server.dispatcher_file);
  if (usable) return;
  const std::string where = server.dispatcher_position.file == nullptr
                                ? std::string("PlivoDispatcher (by default): ")
                                : at(server.dispatcher_position) + "PlivoDispatcher: ";
  judge.say(where, usable.error().message, report);
}

// The packaged unit lets its dispatcher write into these only, see
// packaging/systemd/plivo-diald.service.in; configtest can't see what a drop-in adds.
constexpr std::string_view kWritableInUnit[] = {PLIVO_DIAL_SPOOL, "/var/log/plivo-dial"};

bool unit_may_write(std::string_view path) {
  return std::ranges::any_of(kWritableInUnit, [&](std::string_view directory) {
    return path.starts_with(directory) &&
           (path.size() == directory.size() || path[directory.size()] == '/');
  });
}

void warn_of_unit(const ServerConfig& server, ConfigReport& report) {
  const bool packaged = server.dispatcher == DispatcherMode::kExternal &&
                        server.dispatcher_file == PLIVO_DIAL_DIALD_FILE;
  if (!packaged) return;
  const auto warn = [&](const std::string& what, const std::string& path, const std::string& add) {
    if (unit_may_write(path)) return;
    report.warnings.push_back(what +
                              ": with PlivoDispatcher External, plivo-diald.service may not "
                              "write to '" +
                              path +
                              "' unless a drop-in says so: systemctl edit plivo-diald, "
                              "[Service] ReadWritePaths=" +
                              add);
  };
  const bool own_spool = server.spool_position.file != nullptr;
  if (own_spool) warn(at(server.spool_position) + "PlivoSpool", server.spool, server.spool);
  for (const SinkLine& line : server.sinks) {
    if (line.sink.kind != SinkKind::kFile) continue;
    const std::string& file = line.sink.path;
    warn(at(line.position) + "PlivoEventSink " + line.sink.name, file, directory_of(file));
  }
}

void warn_of_sinks(const ServerConfig& server, ConfigReport& report) {
  for (const SinkLine& line : server.sinks) {
    if (const std::string doubt = doubt_about(line.sink); !doubt.empty()) {
      report.warnings.push_back(at(line.position) + "PlivoEventSink " + line.sink.name + ": " +
                                doubt);
    }
  }
}

// What check_sink() says, "" if nothing; nothing when it does not come back.
std::optional<std::string> trouble_of(const SinkConfig& sink, const Identity& identity,
                                      std::chrono::steady_clock::time_point deadline) {
  using std::chrono::milliseconds;
  const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
  const auto ask = [&] {
    const Result<void> usable = check_sink(sink, identity);
    return usable ? std::string() : usable.error().message;
  };
  return sink.kind == SinkKind::kSyslog ? ask() : ask_within(std::max(left, kSinkPatience), ask);
}

void check_sinks(const ServerConfig& server, const Judge& judge, ConfigReport& report) {
  if (server.dispatcher == DispatcherMode::kExternal) return;  // it runs as a user of its own
  const auto deadline = std::chrono::steady_clock::now() + kSinksPatience;
  for (const SinkLine& line : server.sinks) {
    const std::string where = at(line.position) + "PlivoEventSink " + line.sink.name + ": ";
    const std::optional<std::string> trouble = trouble_of(line.sink, judge.identity, deadline);
    if (!trouble) {
      report.warnings.push_back(where + "'" + target_of(line.sink.kind).path(line.sink) +
                                "' does not answer, as on a file system whose server is gone; its "
                                "events wait until it does, those of other sinks do not");
    } else if (!trouble->empty()) {
      judge.say(where, *trouble, report);
    }
  }
}

}  // namespace

void Judge::say(const std::string& where, const std::string& finding, ConfigReport& report) const {
  if (!stands_in) return report.environment_errors.push_back(where + finding);
  report.unjudged.push_back(where + "this user (uid " + std::to_string(identity.uid) +
                            ") can't use it, and can't judge it for httpd's User " +
                            ap_unixd_config.user_name + ": run configtest as root");
}

void check_server(const ServerConfig& server, const Judge& judge, ConfigReport& report) {
  check_spool(server, judge, report);
  check_dispatcher(server, judge, report);
  check_sinks(server, judge, report);
  warn_of_sinks(server, report);
  warn_of_unit(server, report);
}

}  // namespace plivo_dial
