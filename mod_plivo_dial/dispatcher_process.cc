// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/dispatcher_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "lib/delivery/dispatcher_config.h"
#include "mod_plivo_dial/check_config.h"
#include "mod_plivo_dial/guard.h"
#include "mod_plivo_dial/state.h"

namespace plivo_dial {
namespace {

constexpr apr_time_t kShortestLife = apr_time_from_sec(5);  // shorter: the pause grows
constexpr apr_time_t kFirstPause = apr_time_from_sec(1);
constexpr apr_time_t kLongestPause = apr_time_from_sec(30);

// What outlives a reload; in the process pool, found by name. Plain data, since the code that made
// it may have been unloaded and loaded again. A new layout needs a new name.
struct RetainedDispatcher {
  pid_t pid;           // 0: none runs
  pid_t ending;        // one that was let go and is not collected yet; 0: none
  int pipe;            // the way to its standard input; -1: none
  apr_time_t started;  // of the last start
  apr_time_t restart;  // when to start it again; 0: nothing is due
  apr_time_t pause;    // before the next restart
  char program[4096];  // that runs
};

// A child as APR's list of other children knows it. APR forgets apr_proc_t::pid when it dies.
struct Watched {
  apr_proc_t process;
  pid_t pid;
};

constexpr const char* kRetainedName = "mod_plivo_dial_dispatcher_v1";

RetainedDispatcher* retained() {
  void* data = ap_retained_data_get(kRetainedName);
  if (data == nullptr) {
    data = ap_retained_data_create(kRetainedName, sizeof(RetainedDispatcher));
    static_cast<RetainedDispatcher*>(data)->pipe = -1;
  }
  return static_cast<RetainedDispatcher*>(data);
}

void log_failure(server_rec* server, const char* what, int error) {
  ap_log_error(APLOG_MARK, APLOG_CRIT, error, server,
               "PD0641: %s; calls are served, events wait in the spool", what);
}

void close_pipe(RetainedDispatcher& dispatcher) {
  if (dispatcher.pipe >= 0) close(dispatcher.pipe);
  dispatcher.pipe = -1;
}

// Ends the dispatcher's input even where another process holds the pipe too: mod_cgid and its kind
// fork helpers of the parent that never exec.
void shut_pipe(RetainedDispatcher& dispatcher) {
  if (dispatcher.pipe >= 0) shutdown(dispatcher.pipe, SHUT_RDWR);
  close_pipe(dispatcher);
}

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

// The configuration as one line. It fits the socket's buffer unless there are thousands of sinks,
// and the dispatcher reads at once; but a stopped one must not stop httpd's reload.
bool send_configuration(RetainedDispatcher& dispatcher, std::string_view line) {
  std::size_t sent = 0;
  while (sent < line.size()) {
    const ssize_t count = send_with_error_log(dispatcher.pipe, line.substr(sent), sent == 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

// Standard input is the pipe, output and error go to the error log; nothing else is handed down.
// A session of its own keeps signals to httpd's process group away from it.
int spawn(const std::string& program, int input, pid_t& pid) {
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
  const int error = posix_spawn(&pid, program.c_str(), &files, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

bool lived_long(const RetainedDispatcher& dispatcher) {
  return apr_time_now() - dispatcher.started >= kShortestLife;
}

void plan_restart(RetainedDispatcher& dispatcher) {
  dispatcher.pause =
      lived_long(dispatcher)
          ? apr_time_from_sec(1)
          : std::min(kLongestPause, std::max(apr_time_from_sec(1), dispatcher.pause * 2));
  dispatcher.restart = apr_time_now() + dispatcher.pause;
}

// `status` as waitpid gives it, or kUnknownStatus.
constexpr int kUnknownStatus = -1;

std::string describe_end(int status) {
  if (status == kUnknownStatus) return "while nobody watched";
  if (WIFSIGNALED(status)) return "by signal " + std::to_string(WTERMSIG(status));
  return "with exit status " + std::to_string(WEXITSTATUS(status));
}

void note_end(RetainedDispatcher& dispatcher, server_rec* server, int status) {
  ap_log_error(APLOG_MARK, APLOG_ERR, 0, server,
               "PD0642: plivo-diald (pid %d) ended %s; it is started again %s",
               static_cast<int>(dispatcher.pid), describe_end(status).c_str(),
               lived_long(dispatcher) ? "at once" : "after a pause of at most 40 s");
  shut_pipe(dispatcher);
  dispatcher.pid = 0;
  plan_restart(dispatcher);
}

void start(apr_pool_t* pconf, server_rec* main_server, RetainedDispatcher& dispatcher);

// httpd's parent reaps all its children and tells us about ours, also about one that was let go.
void child_event(int reason, void* data, int status) noexcept {
  guard("dispatcher's end", 0, [&] {
    if (reason != APR_OC_REASON_DEATH && reason != APR_OC_REASON_LOST) return 0;
    RetainedDispatcher& dispatcher = *retained();
    const pid_t pid = static_cast<const Watched*>(data)->pid;
    apr_proc_other_child_unregister(data);
    const bool current = pid == dispatcher.pid;
    if (pid == dispatcher.ending) dispatcher.ending = 0;
    if (!current) return 0;
    note_end(dispatcher, ap_server_conf, status);
    // One that lived is started at once; the monitor hook does it after the pause for one that
    // did not, lest a broken program be started in a loop.
    if (dispatcher.pause == kFirstPause) {
      start(ap_server_conf->process->pconf, ap_server_conf, dispatcher);
    }
    return 0;
  });
}

// The registration belongs to pconf, because the callback is in a module that a reload may unload.
void watch(apr_pool_t* pconf, pid_t pid) {
  auto* watched = static_cast<Watched*>(apr_pcalloc(pconf, sizeof(Watched)));
  watched->pid = pid;
  watched->process.pid = pid;
  apr_proc_other_child_register(&watched->process, child_event, watched, nullptr, pconf);
}

// Lets the running dispatcher end: the end of its input tells it to. It is watched until then,
// since httpd complains of children that nobody knows.
void let_go(apr_pool_t* pconf, RetainedDispatcher& dispatcher) {
  shut_pipe(dispatcher);
  if (dispatcher.pid != 0) watch(pconf, dispatcher.pid);
  dispatcher.ending = dispatcher.pid;
  dispatcher.pid = 0;
  dispatcher.restart = 0;
}

// One that was let go under the last configuration may still have to be collected.
void watch_ending(apr_pool_t* pconf, RetainedDispatcher& dispatcher) {
  if (dispatcher.ending == 0) return;
  if (waitpid(dispatcher.ending, nullptr, WNOHANG) == 0) {
    watch(pconf, dispatcher.ending);
  } else {
    dispatcher.ending = 0;
  }
}

LogLevel dispatcher_log_level(const server_rec* server) {
  const int level = ap_get_server_module_loglevel(server, APLOG_MODULE_INDEX);
  if (level >= APLOG_INFO) return LogLevel::kInfo;
  if (level == APLOG_NOTICE) return LogLevel::kNotice;
  return level == APLOG_WARNING ? LogLevel::kWarning : LogLevel::kError;
}

std::string configuration_line(server_rec* main_server) {
  const ServerConfig& server = server_config(main_server);
  DispatcherConfig config;
  config.spool = server.spool;
  config.identity = serving_identity();
  config.node = g_state.node == nullptr ? "" : g_state.node;
  config.sinks = sinks_of(server);
  config.log_level = dispatcher_log_level(main_server);
  return to_json(config) + "\n";
}

void start(apr_pool_t* pconf, server_rec* main_server, RetainedDispatcher& dispatcher) {
  const std::string& program = server_config(main_server).dispatcher_program;
  dispatcher.started = apr_time_now();
  dispatcher.restart = 0;
  int ends[2];
  // A pair of sockets serves as the pipe: httpd may not ignore SIGPIPE yet, and send() needs no
  // signal to learn that the dispatcher is gone.
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    log_failure(main_server, "no pipe for plivo-diald", errno);
    plan_restart(dispatcher);
    return;
  }
  pid_t pid = 0;
  const int error = spawn(program, ends[0], pid);
  close(ends[0]);
  if (error != 0) {
    close(ends[1]);
    log_failure(main_server, ("cannot run " + program).c_str(), error);
    plan_restart(dispatcher);
    return;
  }
  fcntl(ends[1], F_SETFL, O_NONBLOCK);
  dispatcher.pid = pid;
  dispatcher.pipe = ends[1];
  apr_cpystrn(dispatcher.program, program.c_str(), sizeof dispatcher.program);
  watch(pconf, dispatcher.pid);
  if (!send_configuration(dispatcher, configuration_line(main_server))) {
    log_failure(main_server, "plivo-diald does not take its configuration", errno);
  }
}

// Whether the process that the retained data names still runs; collects it when it ended while
// nobody watched, as it may between two configurations.
bool still_runs(RetainedDispatcher& dispatcher, server_rec* server) {
  if (dispatcher.pid == 0) return false;
  int status = 0;
  const pid_t ended = waitpid(dispatcher.pid, &status, WNOHANG);
  if (ended == 0) return true;
  note_end(dispatcher, server, ended < 0 ? kUnknownStatus : status);
  return false;
}

bool wanted(server_rec* main_server) {
  return g_state.used && server_config(main_server).dispatcher == DispatcherMode::kOn;
}

}  // namespace

void update_dispatcher(apr_pool_t* pconf, server_rec* main_server) {
  RetainedDispatcher& dispatcher = *retained();
  watch_ending(pconf, dispatcher);
  const bool runs = still_runs(dispatcher, main_server);
  if (!wanted(main_server)) {
    let_go(pconf, dispatcher);
    return;
  }
  const ServerConfig& server = server_config(main_server);
  if (runs && server.dispatcher_program == dispatcher.program) {
    if (send_configuration(dispatcher, configuration_line(main_server))) {
      watch(pconf, dispatcher.pid);
      return;
    }
    log_failure(main_server, "the running plivo-diald does not take its new configuration", errno);
  }
  let_go(pconf, dispatcher);
  start(pconf, main_server, dispatcher);
}

void revive_dispatcher(apr_pool_t* pconf, server_rec* main_server) {
  RetainedDispatcher& dispatcher = *retained();
  if (!wanted(main_server) || dispatcher.pid != 0) return;
  if (dispatcher.restart == 0 || apr_time_now() < dispatcher.restart) return;
  start(pconf, main_server, dispatcher);
}

void forget_dispatcher() {
  close_pipe(*retained());
}

}  // namespace plivo_dial
