// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/dispatcher/dispatcher_channel.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "lib/settings/dispatcher_config.h"
#include "lib/settings/life_sign.h"
#include "lib/settings/sink_arguments.h"
#include "lib/tables/tables.h"
#include "mod_plivo_dial/config/config.h"
#include "mod_plivo_dial/config/serving_identity.h"
#include "mod_plivo_dial/state.h"

namespace plivo_dial {
namespace {

// Sends what it can of `text`, and, with the first byte, the descriptor of the error log of this
// moment: logs are rotated, and a reload opens a new one.
ssize_t send_with_error_log(int pipe, std::string_view text, bool with_error_log) {
  iovec part{const_cast<char*>(text.data()), text.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (with_error_log) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    const int error_log = STDERR_FILENO;
    std::memcpy(CMSG_DATA(header), &error_log, sizeof error_log);
  }
  return sendmsg(pipe, &message, MSG_NOSIGNAL);
}

// Standard input is the pipe, output and error go to the error log; nothing else is handed down.
// A session of its own keeps signals to httpd's process group away from it.
int spawn(const std::string& program, int input, pid_t* pid) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&files, 3);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  char path[] = "PATH=/usr/bin:/bin";
  char language[] = "LANG=C.UTF-8";
  char* environment[] = {path, language, nullptr};
  char* arguments[] = {const_cast<char*>(program.c_str()), nullptr};
  const int error = posix_spawn(pid, program.c_str(), &files, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

LogLevel dispatcher_log_level(const server_rec* server) {
  const int level = ap_get_server_module_loglevel(server, APLOG_MODULE_INDEX);
  if (level >= APLOG_INFO) return LogLevel::kInfo;
  if (level == APLOG_NOTICE) return LogLevel::kNotice;
  return level == APLOG_WARNING ? LogLevel::kWarning : LogLevel::kError;
}

// Where "ErrorLog syslog[:facility][:tag]" sends httpd's own lines; -1 where the error log is a
// file or a program, which standard error leads to.
int syslog_facility_of(const server_rec* server) {
  constexpr std::string_view kSyslog = "syslog";
  std::string_view log = server->error_fname == nullptr ? "" : server->error_fname;
  if (!log.starts_with(kSyslog)) return -1;
  log.remove_prefix(kSyslog.size());
  if (!log.empty() && log.front() != ':') return -1;  // a file called so
  if (!log.empty()) log.remove_prefix(1);
  const std::string_view name = log.substr(0, log.find(':'));
  const std::string target = "syslog:" + std::string(name.empty() ? "local7" : name);
  const Result<SinkConfig> sink = parse_sink(std::array<std::string_view, 2>{"log", target});
  return sink ? sink->facility : -1;
}

}  // namespace

Result<DispatcherChild> spawn_dispatcher(const std::string& program, int* error_number) {
  int ends[2];
  // A pair of sockets serves as the pipe: httpd may not ignore SIGPIPE yet, and send() needs no
  // signal to learn that the dispatcher is gone.
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    *error_number = errno;
    return Error{"no pipe for plivo-diald"};
  }
  DispatcherChild child;
  *error_number = spawn(program, ends[0], &child.pid);
  close(ends[0]);
  if (*error_number != 0) {
    close(ends[1]);
    return Error{"cannot run " + program};
  }
  fcntl(ends[1], F_SETFL, O_NONBLOCK);
  child.pipe = ends[1];
  return child;
}

std::string dispatcher_configuration(server_rec* main_server) {
  const ServerConfig& server = server_config(main_server);
  DispatcherConfig config;
  static_cast<DispatcherSettings&>(config) = settings_of(server);
  config.spool = server.spool;
  config.identity = serving_identity();
  config.node = g_config.node == nullptr ? "" : g_config.node;
  config.sinks = sinks_of(server);
  if (g_config.tables != nullptr) config.tables = g_config.tables->config();
  config.log_level = dispatcher_log_level(main_server);
  // A unit's lines belong into the journal.
  if (server.dispatcher == DispatcherMode::kOn) {
    config.log_facility = syslog_facility_of(main_server);
  }
  return to_json(config) + "\n";
}

// It fits the socket's buffer unless there are thousands of sinks, and the dispatcher reads at
// once; but a stopped one must not stop httpd's reload.
bool send_configuration(int pipe, std::string_view line) {
  std::size_t sent = 0;
  while (sent < line.size()) {
    const ssize_t count = send_with_error_log(pipe, line.substr(sent), sent == 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

void announce_reload(int pipe) {
  send(pipe, "\n", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

DispatcherWords hear_dispatcher(int pipe) {
  char buffer[256];
  DispatcherWords words;
  for (;;) {
    const ssize_t count = recv(pipe, buffer, sizeof buffer, MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    words.gone = count == 0;
    if (count <= 0) return words;
    const std::string_view said(buffer, static_cast<std::size_t>(count));
    words.works = words.works || said.find(life_sign::kWorks) != said.npos;
    words.exits = words.exits || said.find(life_sign::kExits) != said.npos;
  }
}

}  // namespace plivo_dial
