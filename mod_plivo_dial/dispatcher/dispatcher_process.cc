// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/dispatcher/dispatcher_process.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>

#include "lib/log/log_id.h"
#include "lib/spool/spool_server.h"
#include "mod_plivo_dial/dispatcher/child_end.h"
#include "mod_plivo_dial/dispatcher/dispatcher_channel.h"
#include "mod_plivo_dial/dispatcher/dispatcher_file.h"
#include "mod_plivo_dial/dispatcher/exit_watch.h"
#include "mod_plivo_dial/guard.h"
#include "mod_plivo_dial/shared_object.h"
#include "mod_plivo_dial/state.h"
#include "mod_plivo_dial/status/server_status.h"

namespace plivo_dial {
namespace {

constexpr apr_time_t kShortestLife = apr_time_from_sec(5);  // shorter: the pause grows
constexpr apr_time_t kFirstPause = apr_time_from_sec(1);
constexpr apr_time_t kLongestPause = apr_time_from_sec(30);
constexpr apr_time_t kComplaintInterval = apr_time_from_sec(300);
constexpr apr_time_t kUnitsTime = apr_time_from_sec(60);  // for a unit to start, before a complaint

// It reports every 5 s. A round is a call of the monitor hook, about 10 s: a parent that was itself
// stopped for long must not take its own absence for the dispatcher's.
constexpr apr_time_t kLongestSilence = apr_time_from_sec(60);
constexpr apr_time_t kLongestStart = apr_time_from_sec(300);  // it reads all of its store first
constexpr int kSilentRounds = 6;

constexpr apr_time_t kLongestEnd = apr_time_from_sec(15);  // a hook gets 2 s of 5 s
constexpr apr_time_t kCollected = apr_time_from_sec(5);    // by httpd, when it is dead
constexpr apr_time_t kKilled = 0;                          // in place of when one was let go

// What outlives a reload; in the process pool, found by name. Plain data, since the code that made
// it may have been unloaded and loaded again. Times are of now().
struct RetainedDispatcher {
  static constexpr int kVersion = 3;
  pid_t pid;                  // 0: none runs
  pid_t ending;               // one that was let go and is not collected yet; 0: none
  apr_time_t ending_since;    // when it was; kKilled: killed since
  int pipe;                   // the way to its standard input; -1: none
  apr_time_t started;         // of the last start
  apr_time_t restart;         // when to start it again; 0: nothing is due
  apr_time_t pause;           // before the next restart
  apr_time_t heard;           // when it last said that it works; 0: not since its start
  int silent_rounds;          // since then
  apr_time_t down_since;      // 0: events are delivered
  apr_time_t next_complaint;  // of that
  char trouble[512];          // the cause
  char program[4096];         // that runs
  struct stat program_file;   // what it was when it was started
};

// Which one was killed here, and when. Not kept over reloads: then it is killed once more.
struct Killed {
  pid_t pid = 0;
  apr_time_t since = 0;  // or since it was seen to be gone
  bool gone = false;
};
Killed killed;  // NOLINT: the parent's, which is single-threaded

// A child as APR's list of other children knows it. APR forgets apr_proc_t::pid when it dies.
struct Watched {
  apr_proc_t process;
  pid_t pid;
  pid_t watcher;  // httpd's parent
};

// Those that were let go before the one in `ending`, which have not ended yet. Apart, as above.
struct RetainedEndings {
  static constexpr int kVersion = 1;
  struct Ending {
    pid_t pid;         // 0: free
    apr_time_t since;  // when it was let go; kKilled: killed since
  };
  Ending all[16];
};

RetainedEndings& retained_endings() {
  return retained_object<RetainedEndings>("mod_plivo_dial_endings");
}

RetainedDispatcher* retained_dispatcher() {
  bool made = false;
  auto& retained = retained_object<RetainedDispatcher>("mod_plivo_dial_dispatcher", &made);
  if (made) retained.pipe = -1;
  return &retained;
}

// Of a clock that nobody sets.
apr_time_t now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return apr_time_from_sec(time.tv_sec) + time.tv_nsec / 1000;
}

// ---- What the log says while no events are delivered.

void complain(server_rec* server, RetainedDispatcher& dispatcher) {
  dispatcher.next_complaint = now() + kComplaintInterval;
  const apr_time_t seconds = apr_time_sec(now() - dispatcher.down_since);
  const std::string since =
      seconds < 60 ? "" : " (for " + std::to_string(seconds / 60) + " min now)";
  ap_log_error(APLOG_MARK, APLOG_CRIT, 0, server,
               "%s: %s; calls are served, events wait in the spool '%s'%s", log_id::kDispatcherDown,
               dispatcher.trouble, server_config(server).spool.c_str(), since.c_str());
}

// Said at once the first time, and then every five minutes.
void note_trouble(server_rec* server, RetainedDispatcher& dispatcher, const std::string& what) {
  apr_cpystrn(dispatcher.trouble, what.c_str(), sizeof dispatcher.trouble);
  if (dispatcher.down_since == 0) dispatcher.down_since = now();
  if (now() < dispatcher.next_complaint) return;
  complain(server, dispatcher);
}

void note_works(server_rec* server, RetainedDispatcher& dispatcher) {
  if (dispatcher.down_since != 0 && dispatcher.next_complaint != 0) {
    ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, server,
                 "%s: plivo-diald serves the spool '%s' again, after %ld s",
                 log_id::kDispatcherBack, server_config(server).spool.c_str(),
                 static_cast<long>(apr_time_sec(now() - dispatcher.down_since)));
  }
  dispatcher.down_since = 0;
  dispatcher.next_complaint = 0;
}

// ---- Its end.

void close_pipe(RetainedDispatcher& dispatcher) {
  if (dispatcher.pipe >= 0) close(dispatcher.pipe);
  dispatcher.pipe = -1;
}

// Ends the dispatcher's input even where another process holds the pipe too: mod_cgid and its kind
// fork helpers of the parent that never exec.
void shut_pipe(RetainedDispatcher& dispatcher) {
  if (dispatcher.pipe >= 0) shutdown(dispatcher.pipe, SHUT_RDWR);
  close_pipe(dispatcher);
  close_exit_watch();
}

bool lived_long(const RetainedDispatcher& dispatcher) {
  return now() - dispatcher.started >= kShortestLife;
}

void plan_restart(RetainedDispatcher& dispatcher) {
  dispatcher.pause = lived_long(dispatcher)
                         ? kFirstPause
                         : std::min(kLongestPause, std::max(kFirstPause, dispatcher.pause * 2));
  dispatcher.restart = now() + dispatcher.pause;
}

// One that has ever spoken also says that it exits, so that its silence tells of a signal.
ChildEnd settle(const RetainedDispatcher& dispatcher, const ChildEnd& end) {
  if (const std::optional<ChildEnd> known = end_from_exit_watch()) return *known;
  const DispatcherWords words = hear_dispatcher(dispatcher.pipe);
  const bool speaks = words.exits || words.works || dispatcher.heard != 0;
  return speaks ? settled(end, words.exits) : end;
}

// Another one than this httpd's has the spool: events go where its configuration says.
bool note_other_server(RetainedDispatcher& dispatcher, server_rec* server) {
  const std::optional<SpoolServer> other = server_of_spool(server_config(server).spool);
  const bool is_other = other && !other->ending && other->parent != getpid();
  if (is_other) note_trouble(server, dispatcher, describe(*other) + ", " + other_server_remedy());
  return is_other;
}

void note_end(RetainedDispatcher& dispatcher, server_rec* server, const ChildEnd& told) {
  const std::string end = "plivo-diald (pid " + std::to_string(dispatcher.pid) + ") ended " +
                          describe(settle(dispatcher, told));
  plan_restart(dispatcher);
  if (note_other_server(dispatcher, server)) {
    dispatcher.pause = std::max(dispatcher.pause, 2 * kFirstPause);
  } else if (dispatcher.pause == kFirstPause) {
    ap_log_error(APLOG_MARK, APLOG_ERR, 0, server, "%s: %s; it is started again at once",
                 log_id::kDispatcherEnded, end.c_str());
  } else {
    note_trouble(server, dispatcher,
                 end +
                     ", as the one before, right after its start; it is started again and again, "
                     "and its own lines here say why it ends");
  }
  shut_pipe(dispatcher);
  dispatcher.pid = 0;
}

void start(apr_pool_t* pconf, server_rec* main_server, RetainedDispatcher& dispatcher);

// The configuration goes, and the next one may be without the module: then this is the last moment
// for a word. httpd's helpers without a program of their own (mod_cgid's) have a copy of it all,
// and are silent.
void configuration_goes(const Watched& watched, const RetainedDispatcher& dispatcher) {
  if (watched.watcher != getpid() || watched.pid != dispatcher.pid) return;
  announce_reload(dispatcher.pipe);
}

ChildEnd end_of_child(int status) {
  int state = AP_MPMQ_RUNNING;
  ap_mpm_query(AP_MPMQ_MPM_STATE, &state);
  return state == AP_MPMQ_RUNNING ? end_from_mpm(status) : end_from_wait(status);
}

// httpd's parent reaps all its children and tells us about ours, also about one that was let go.
void child_event(int reason, void* data, int status) noexcept {
  guard("dispatcher's end", 0, [&] {
    RetainedDispatcher& dispatcher = *retained_dispatcher();
    const Watched& watched = *static_cast<const Watched*>(data);
    if (reason == APR_OC_REASON_UNREGISTER) configuration_goes(watched, dispatcher);
    if (reason != APR_OC_REASON_DEATH && reason != APR_OC_REASON_LOST) return 0;
    const pid_t pid = watched.pid;
    apr_proc_other_child_unregister(data);
    const bool current = pid == dispatcher.pid;
    if (pid == dispatcher.ending) dispatcher.ending = 0;
    for (RetainedEndings::Ending& one : retained_endings().all) {
      if (one.pid == pid) one.pid = 0;
    }
    if (!current) return 0;
    note_end(dispatcher, ap_server_conf, end_of_child(status));
    // One that lived is started at once; the monitor hook does it after the pause for one that
    // did not, lest a broken program be started in a loop.
    if (dispatcher.pause == kFirstPause) {
      start(ap_server_conf->process->pconf, ap_server_conf, dispatcher);
    }
    note_dispatcher(dispatcher.pid);
    return 0;
  });
}

// The registration belongs to pconf, because the callback is in a module that a reload may unload.
void watch(apr_pool_t* pconf, pid_t pid) {
  auto* watched = static_cast<Watched*>(apr_pcalloc(pconf, sizeof(Watched)));
  watched->pid = pid;
  watched->watcher = getpid();
  watched->process.pid = pid;
  apr_proc_other_child_register(&watched->process, child_event, watched, nullptr, pconf);
}

// Several may be ending: a reload may come before the last one's has ended.
void keep_former_ending(const RetainedDispatcher& dispatcher) {
  if (dispatcher.ending == 0) return;
  for (RetainedEndings::Ending& one : retained_endings().all) {
    if (one.pid != 0) continue;
    one = {dispatcher.ending, dispatcher.ending_since};
    return;
  }
  kill(dispatcher.ending, SIGKILL);
}

// Lets the running dispatcher end: the end of its input tells it to. It is watched until then,
// since httpd complains of children that nobody knows.
void let_go(apr_pool_t* pconf, RetainedDispatcher& dispatcher) {
  shut_pipe(dispatcher);
  if (dispatcher.pid != 0) {
    keep_former_ending(dispatcher);
    watch(pconf, dispatcher.pid);
    dispatcher.ending = dispatcher.pid;
    dispatcher.ending_since = now();
  }
  dispatcher.pid = 0;
  dispatcher.restart = 0;
}

// One that was let go under the last configuration may still have to be collected.
void watch_ending(apr_pool_t* pconf, RetainedDispatcher& dispatcher) {
  const auto watch_one = [&](pid_t& pid) {
    if (pid == 0) return;
    if (waitpid(pid, nullptr, WNOHANG) == 0) {
      watch(pconf, pid);
    } else {
      pid = 0;
    }
  };
  watch_one(dispatcher.ending);
  for (RetainedEndings::Ending& one : retained_endings().all) watch_one(one.pid);
}

// It has the spool until it is gone, and its successor waits.
void end_hanging(pid_t pid, apr_time_t& since, server_rec* server) {
  const apr_time_t time = now() - since;
  if (pid == 0 || since == kKilled || time < kLongestEnd) return;
  ap_log_error(APLOG_MARK, APLOG_ERR, 0, server,
               "%s: plivo-diald (pid %d) hangs: it was told to end %ld s ago, and is killed",
               log_id::kDispatcherHangs, static_cast<int>(pid),
               static_cast<long>(apr_time_sec(time)));
  kill(pid, SIGKILL);
  since = kKilled;
}

void end_ending(RetainedDispatcher& dispatcher, server_rec* server) {
  end_hanging(dispatcher.ending, dispatcher.ending_since, server);
  for (RetainedEndings::Ending& one : retained_endings().all) {
    end_hanging(one.pid, one.since, server);
  }
}

// ---- Its start and its life.

// A package's upgrade puts another file in its place, under the same name.
bool runs_this(const RetainedDispatcher& dispatcher, const std::string& program) {
  struct stat status {};
  if (program != dispatcher.program) return false;
  if (stat(program.c_str(), &status) != 0) return true;  // being replaced at this moment
  const struct stat& started = dispatcher.program_file;
  return status.st_dev == started.st_dev && status.st_ino == started.st_ino &&
         status.st_mtim.tv_sec == started.st_mtim.tv_sec &&
         status.st_mtim.tv_nsec == started.st_mtim.tv_nsec;
}

void start(apr_pool_t* pconf, server_rec* main_server, RetainedDispatcher& dispatcher) {
  const std::string& program = server_config(main_server).dispatcher_program;
  dispatcher.started = now();
  dispatcher.restart = 0;
  dispatcher.heard = 0;
  dispatcher.silent_rounds = 0;
  // Before the start: whoever replaces it in between gets one start too many.
  dispatcher.program_file = {};
  stat(program.c_str(), &dispatcher.program_file);
  int error = 0;
  const Result<DispatcherChild> child = spawn_dispatcher(program, &error);
  if (!child) {
    char cause[128];
    note_trouble(main_server, dispatcher,
                 child.error().message + ": " + apr_strerror(error, cause, sizeof cause));
    plan_restart(dispatcher);
    return;
  }
  dispatcher.pid = child->pid;
  killed = {};
  dispatcher.pipe = child->pipe;
  watch_exit_of(child->pid);
  apr_cpystrn(dispatcher.program, program.c_str(), sizeof dispatcher.program);
  watch(pconf, dispatcher.pid);
  if (!send_configuration(dispatcher.pipe, dispatcher_configuration(main_server))) {
    note_trouble(main_server, dispatcher, "plivo-diald does not take its configuration");
  }
}

// Whether the process that the retained data names still runs; collects it when it ended while
// nobody watched, as it may between two configurations.
bool still_runs(RetainedDispatcher& dispatcher, server_rec* server) {
  if (dispatcher.pid == 0) return false;
  int status = 0;
  const pid_t ended = waitpid(dispatcher.pid, &status, WNOHANG);
  if (ended == 0) return true;
  // It ends well by itself when httpd has done without the module for a while.
  const bool was_forgotten = ended < 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 0);
  if (!was_forgotten) {
    note_end(dispatcher, server, end_from_wait(status));
    return false;
  }
  shut_pipe(dispatcher);
  dispatcher.pid = 0;
  return false;
}

void kill_hanging(pid_t pid, bool gone) {
  kill(pid, SIGKILL);
  killed = {pid, now(), gone};
}

// One that was killed, has let go of all that it had open, the spool's lock above all, and can't be
// collected has a thread that the kernel does not give back, since a file system does not answer.
void succeed(apr_pool_t* pconf, RetainedDispatcher& dispatcher, server_rec* server) {
  ap_log_error(APLOG_MARK, APLOG_ERR, 0, server,
               "%s: plivo-diald (pid %d) is dead and can't be collected, since a file system "
               "that one of its sinks uses does not answer; another one is started",
               log_id::kDispatcherHangs, static_cast<int>(dispatcher.pid));
  keep_former_ending(dispatcher);
  dispatcher.ending = dispatcher.pid;
  dispatcher.ending_since = kKilled;
  shut_pipe(dispatcher);
  dispatcher.pid = 0;
  start(pconf, server, dispatcher);
}

// What it says of itself.
void listen(apr_pool_t* pconf, RetainedDispatcher& dispatcher, server_rec* server) {
  const DispatcherWords words = hear_dispatcher(dispatcher.pipe);
  const bool was_killed = killed.pid == dispatcher.pid;
  if (words.gone) {
    // As a rule its end is heard of at this very moment.
    if (!was_killed || !killed.gone) return kill_hanging(dispatcher.pid, true);
    if (now() - killed.since >= kCollected) succeed(pconf, dispatcher, server);
    return;
  }
  if (words.works) {
    dispatcher.heard = now();
    dispatcher.silent_rounds = 0;
    if (lived_long(dispatcher)) note_works(server, dispatcher);
    return;
  }
  ++dispatcher.silent_rounds;
  const bool starts = dispatcher.heard == 0;
  const apr_time_t silence = now() - (starts ? dispatcher.started : dispatcher.heard);
  const apr_time_t longest = starts ? kLongestStart : kLongestSilence;
  if (was_killed || dispatcher.silent_rounds < kSilentRounds || silence < longest) return;
  ap_log_error(APLOG_MARK, APLOG_ERR, 0, server,
               "%s: plivo-diald (pid %d) hangs: it has said nothing for %ld s, and is killed",
               log_id::kDispatcherHangs, static_cast<int>(dispatcher.pid),
               static_cast<long>(apr_time_sec(silence)));
  kill_hanging(dispatcher.pid, false);
}

// A unit of the system's runs it, not we.
void look_for_unit(RetainedDispatcher& dispatcher, server_rec* server) {
  const ServerConfig& config = server_config(server);
  if (const std::optional<SpoolServer> served = server_of_spool(config.spool)) {
    // A unit's parent is init; another httpd's has our name.
    if (served->parent_name == process_name(getpid()) && !served->parent_name.empty()) {
      note_trouble(server, dispatcher, describe(*served) + ", " + other_server_remedy());
    } else {
      note_works(server, dispatcher);
    }
    return;
  }
  if (dispatcher.down_since == 0) dispatcher.down_since = now();
  if (now() - dispatcher.down_since < kUnitsTime) return;
  note_trouble(server, dispatcher,
               "PlivoDispatcher External: no plivo-diald serves the spool; start its unit "
               "(systemctl start plivo-diald), which reads '" +
                   config.dispatcher_file + "'");
}

DispatcherMode mode(server_rec* main_server) {
  return g_config.used ? server_config(main_server).dispatcher : DispatcherMode::kOff;
}

// What was wrong under another configuration is wrong no more.
void forget_trouble(RetainedDispatcher& dispatcher) {
  dispatcher.down_since = 0;
  dispatcher.next_complaint = 0;
}

void update(apr_pool_t* pconf, server_rec* main_server, RetainedDispatcher& dispatcher) {
  watch_ending(pconf, dispatcher);
  const bool runs = still_runs(dispatcher, main_server);
  if (mode(main_server) != DispatcherMode::kOn) {
    let_go(pconf, dispatcher);
    forget_trouble(dispatcher);
    if (mode(main_server) == DispatcherMode::kExternal) write_dispatcher_file(main_server);
    return;
  }
  if (runs && runs_this(dispatcher, server_config(main_server).dispatcher_program)) {
    if (send_configuration(dispatcher.pipe, dispatcher_configuration(main_server))) {
      watch(pconf, dispatcher.pid);
      return;
    }
    note_trouble(main_server, dispatcher,
                 "the running plivo-diald does not take its new configuration");
  }
  let_go(pconf, dispatcher);
  start(pconf, main_server, dispatcher);
}

}  // namespace

void update_dispatcher(apr_pool_t* pconf, server_rec* main_server) {
  update(pconf, main_server, *retained_dispatcher());
  note_dispatcher(retained_dispatcher()->pid);
}

void look_after_dispatcher(apr_pool_t* pconf, server_rec* main_server) {
  RetainedDispatcher& dispatcher = *retained_dispatcher();
  end_ending(dispatcher, main_server);
  if (mode(main_server) == DispatcherMode::kOff) return;
  if (mode(main_server) == DispatcherMode::kExternal) {
    look_for_unit(dispatcher, main_server);
  } else if (dispatcher.pid != 0) {
    listen(pconf, dispatcher, main_server);
  } else if (dispatcher.restart != 0 && now() >= dispatcher.restart) {
    start(pconf, main_server, dispatcher);
  }
  note_dispatcher(dispatcher.pid);
  if (dispatcher.next_complaint != 0 && now() >= dispatcher.next_complaint) {
    complain(main_server, dispatcher);
  }
}

void forget_dispatcher() {
  close_pipe(*retained_dispatcher());
  close_exit_watch();
}

}  // namespace plivo_dial
