// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "lib/base/system_file.h"
#include "lib/base/wall_clock.h"
#include "lib/delivery/dispatcher.h"
#include "lib/log/log.h"
#include "lib/process/child_process.h"
#include "lib/process/process_setup.h"
#include "lib/settings/dispatcher_config.h"
#include "lib/sink/detached_sink.h"
#include "lib/spool/spool_directory.h"
#include "lib/spool/spool_lock.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/diald/compile.h"
#include "mod_plivo_dial/diald/config_file.h"
#include "mod_plivo_dial/diald/config_input.h"
#include "mod_plivo_dial/diald/life_signs.h"
#include "mod_plivo_dial/diald/tables_keeper.h"
#include "mod_plivo_dial/diald/waiting.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;

constexpr int kTickMs = 1000;
constexpr std::chrono::seconds kGivingBack{5};  // of memory, from one time to the next
constexpr milliseconds kEndPatience{3000};      // 5 s with the end of a hook, 7 with one that hangs
constexpr unsigned kLongestEndSeconds = 30;     // then something hangs
constexpr milliseconds kPredecessorTime{8000};  // for a predecessor that is ending

// httpd says by an empty line that it reads its configuration anew, and by a configuration that it
// has. One without the module says no more.
constexpr std::chrono::seconds kReloadTime{10};

// One run of the program. Its configuration comes from a file, or line by line from standard input.
class Program {
 public:
  Program(DispatcherLog& log, Descriptor signals, const std::string& config_file)
      : log_(log), signals_(std::move(signals)), life_signs_(config_file.empty()) {
    if (!config_file.empty()) file_.emplace(config_file);
  }

  // Until a signal comes, or httpd is gone that started it. The exit code.
  int run();

 private:
  int refuse(const std::string& reason);
  Result<std::optional<std::string>> next_config();
  std::optional<int> wait_for_input();
  std::optional<int> wait_for_first_config();
  std::optional<int> begin_as_configured(const std::string& text);
  std::optional<int> begin(const DispatcherConfig& config);
  std::optional<int> reconfigure(const std::string& text);
  bool take_reload_notice(const std::string& text);
  bool is_forgotten();
  bool is_orphaned() const;
  std::optional<int> go_on();
  std::optional<int> follow_spool();
  void warn_of_gone_spool(const Error& error);
  void end();
  void warn_of_old_spool(const std::string& new_spool);

  DispatcherLog& log_;
  Descriptor signals_;
  LifeSigns life_signs_;
  TablesKeeper tables_{log_};
  std::optional<ConfigFile> file_;
  ConfigInput input_{STDIN_FILENO};  // without a file
  const pid_t parent_ = getppid();
  DispatcherConfig config_;
  std::optional<SpoolLock> lock_;
  std::unique_ptr<Dispatcher> dispatcher_;
  bool told_of_gone_spool_ = false;
  std::chrono::steady_clock::time_point next_giving_back_ =
      std::chrono::steady_clock::now() + kGivingBack;
  std::optional<std::chrono::steady_clock::time_point> reload_ends_;  // while httpd reloads
};

int Program::refuse(const std::string& reason) {
  log_.write(LogLevel::kError, log_id::kCannotStart, "plivo-diald cannot start: " + reason);
  return 1;
}

// A configuration that has come in, if any.
Result<std::optional<std::string>> Program::next_config() {
  if (file_) return file_->take_change();
  return input_.take_line();
}

// For one tick, or until there is something to read or a signal; an exit code when that is the end.
std::optional<int> Program::wait_for_input() {
  std::array<pollfd, 2> polled{
      {{signals_.get(), POLLIN, 0}, {file_ ? -1 : STDIN_FILENO, POLLIN, 0}}};
  poll(polled.data(), polled.size(), kTickMs);
  if (polled[0].revents != 0) {
    signalfd_siginfo signal{};
    if (read(signals_.get(), &signal, sizeof signal) != sizeof signal) return 1;
    if (signal.ssi_signo != SIGHUP) return 0;
    if (file_) file_->look_again();
  }
  if (polled[1].revents == 0) return std::nullopt;
  if (Result<void> read = input_.read_more(); !read) {
    log_.write(LogLevel::kError, log_id::kConfigRefused, read.error().message);
    return 1;
  }
  return std::nullopt;
}

// An exit code when there is to be no delivery.
std::optional<int> Program::wait_for_first_config() {
  bool told = false;
  for (;;) {
    const Result<std::optional<std::string>> text = next_config();
    if (!text) return refuse(text.error().message);
    if (*text) return begin_as_configured(**text);
    if (!file_ && input_.ended()) {
      return refuse("standard input ended before a line of configuration");
    }
    if (file_ && !std::exchange(told, true)) {
      log_.write(LogLevel::kNotice, log_id::kWaitsForConfig,
                 "waits for '" + file_->path() +
                     "', which httpd writes when it starts with PlivoDispatcher External");
      life_signs_.ready();
    }
    life_signs_.works();
    if (const std::optional<int> code = wait_for_input()) return code;
  }
}

std::optional<int> Program::begin_as_configured(const std::string& text) {
  const Result<DispatcherConfig> config = dispatcher_config_from_json(text);
  if (!config) return refuse(config.error().message);
  if (Result<void> taken = take_identity(config->identity); !taken) {
    return refuse(taken.error().message);
  }
  if (chdir("/") != 0) return refuse("cannot change into /");
  return begin(*config);
}

// Takes the spool and starts delivery; an exit code when that is not to be.
std::optional<int> Program::begin(const DispatcherConfig& config) {
  log_.set_level(config.log_level);
  log_.set_facility(config.log_facility);
  Result<std::optional<SpoolLock>> lock = SpoolLock::take(config.spool, kPredecessorTime);
  if (!lock) return refuse(lock.error().message);
  if (!*lock) {
    log_.write(LogLevel::kNotice, log_id::kSecondInstance,
               "another plivo-diald serves the spool '" + config.spool + "'; this one ends");
    return 0;
  }
  Result<std::unique_ptr<Dispatcher>> dispatcher = Dispatcher::start(config, log_);
  if (!dispatcher) return refuse(dispatcher.error().message);
  lock_ = std::move(*lock);
  dispatcher_ = std::move(*dispatcher);
  config_ = config;
  tables_.configure(config);
  std::string sinks;
  for (const SinkConfig& sink : config.sinks) sinks += " " + sink.name;
  log_.write(LogLevel::kNotice, log_id::kStarted,
             "plivo-diald " PLIVO_DIAL_VERSION " serves the spool '" + config.spool +
                 "', sinks:" + (sinks.empty() ? " none" : sinks));
  life_signs_.ready();
  return std::nullopt;
}

// Killed at this, it loses nothing: an event counts as delivered only when the store has it so.
void Program::end() {
  alarm(kLongestEndSeconds);
  if (lock_) lock_->announce_end();
  dispatcher_->stop(kEndPatience);
  dispatcher_.reset();
  lock_.reset();
  alarm(0);
  log_.write(LogLevel::kNotice, log_id::kEnded, "plivo-diald ends, spool '" + config_.spool + "'");
}

// A spool that is configured away is nobody's from now on, and requests of the old configuration
// may still write to it.
void Program::warn_of_old_spool(const std::string& new_spool) {
  log_.write(LogLevel::kWarning, log_id::kSpoolChanged,
             "PlivoSpool has changed from '" + config_.spool + "' to '" + new_spool +
                 "': what waits in the old one is delivered when it is the spool again");
}

std::optional<int> Program::reconfigure(const std::string& text) {
  Result<DispatcherConfig> config = dispatcher_config_from_json(text);
  if (!config) {
    log_.write(LogLevel::kError, log_id::kConfigRefused,
               "new configuration refused, the old one stays: " + config.error().message);
    return std::nullopt;
  }
  if (config->identity != config_.identity) {
    log_.write(LogLevel::kError, log_id::kConfigRefused,
               "new configuration has another user or group, which cannot change while "
               "plivo-diald runs; restart httpd");
    config->identity = config_.identity;
  }
  if (config->spool != config_.spool) {
    end();
    warn_of_old_spool(config->spool);
    return begin(*config);
  }
  log_.set_level(config->log_level);
  log_.set_facility(config->log_facility);
  dispatcher_->apply(*config);
  tables_.configure(*config);
  config_ = std::move(*config);
  return std::nullopt;
}

// Whether `text` is httpd's word that a reload has begun; any other ends the reload.
bool Program::take_reload_notice(const std::string& text) {
  reload_ends_.reset();
  if (file_ || !text.empty()) return false;
  reload_ends_ = std::chrono::steady_clock::now() + kReloadTime;
  return true;
}

// Whether httpd has reloaded without the module: it lives, and nobody in it knows of us.
bool Program::is_forgotten() {
  if (!reload_ends_ || std::chrono::steady_clock::now() < *reload_ends_) return false;
  log_.write(LogLevel::kNotice, log_id::kForgotten,
             "httpd has sent no configuration for " + std::to_string(kReloadTime.count()) +
                 " s after the beginning of a reload, so it no longer has mod_plivo_dial");
  return true;
}

// Whether httpd is gone. Its end is the end of standard input, unless a helper that it has forked
// (mod_cgid's) holds the other end and lives on.
bool Program::is_orphaned() const {
  return !file_ && (input_.ended() || getppid() != parent_);
}

void Program::warn_of_gone_spool(const Error& error) {
  if (std::exchange(told_of_gone_spool_, true)) return;
  log_.write(LogLevel::kError, log_id::kSpoolLost,
             "the spool is gone, its directory " + dispatcher_->place().whereabouts() +
                 ": requests that bring an event get 503 until this is mended: " + error.message);
}

// httpd writes to what is at the spool's path, and whoever looks whether a dispatcher runs looks
// for the lock there: so it goes where the path leads, once there is a directory to serve.
std::optional<int> Program::follow_spool() {
  const SpoolPlace& place = dispatcher_->place();
  const bool same = place.look() == SpoolPlace::State::kSame;
  if (same && lock_->is_in_place()) {
    told_of_gone_spool_ = false;
    return std::nullopt;
  }
  const Result<void> usable = check_spool_directory(config_.spool, config_.identity);
  if (!usable) {
    // The same directory, made unusable: whoever can't write there says so.
    if (!same) warn_of_gone_spool(usable.error());
    return std::nullopt;
  }
  const std::string spool = "'" + config_.spool + "'";
  const std::string lock = "dispatcher.lock of the spool " + spool + " was removed or replaced";
  const std::string former =
      "the spool " + spool + " is another directory now; the one before it " + place.whereabouts() +
      ", and what waits there is delivered when it is the spool again, or by plivo-diald --config";
  log_.write(LogLevel::kError, log_id::kSpoolLost, same ? lock : former);
  told_of_gone_spool_ = false;
  end();
  return begin(config_);
}

// Looks after signals, strays and new configurations for one tick; an exit code at the end.
std::optional<int> Program::go_on() {
  if (dispatcher_->works()) life_signs_.works();
  if (const std::optional<int> code = wait_for_input()) return code;
  reap_strays();
  tables_.tick(wall_clock_us());
  if (std::chrono::steady_clock::now() >= next_giving_back_) {
    next_giving_back_ = std::chrono::steady_clock::now() + kGivingBack;
    give_back_memory();
  }
  for (;;) {
    const Result<std::optional<std::string>> text = next_config();
    if (!text) log_.write(LogLevel::kError, log_id::kConfigRefused, text.error().message);
    if (!text || !*text) break;
    if (take_reload_notice(**text)) continue;
    if (const std::optional<int> code = reconfigure(**text)) return code;
  }
  if (is_forgotten() || is_orphaned()) return 0;
  return follow_spool();
}

int Program::run() {
  std::optional<int> code = wait_for_first_config();
  while (!code) code = go_on();
  life_signs_.ends();
  if (dispatcher_) end();
  return *code;
}

// Until a signal comes, or httpd is gone. The exit code.
int dispatch(const std::string& config_file) {
  DispatcherLog log;
  try {
    Result<Descriptor> signals = set_up_process();
    if (!signals) {
      log.write(LogLevel::kError, log_id::kCannotStart,
                "plivo-diald cannot start: " + signals.error().message);
      return 1;
    }
    return Program(log, std::move(*signals), config_file).run();
  } catch (const std::exception& exception) {
    log.write(LogLevel::kError, log_id::kCannotStart,
              std::string("plivo-diald ends: ") + exception.what());
    return 1;
  }
}

int start(int argument_count, char** arguments) {
  Command app(
      "plivo-diald",
      "Takes the events that mod_plivo_dial accepted from its spool to the sinks.\n"
      "httpd starts it and gives it its configuration on standard input: one line of JSON at the\n"
      "start and a further one at each reload; it ends when its standard input or its parent\n"
      "does, or when httpd reloads without the module. A unit of the system starts it with "
      "--config and the\n"
      "file that PlivoDispatcher External names.");
  std::string config_file;
  app.option("--config", config_file,
             "Read the configuration from FILE, wait for it if it is not there yet, look each\n"
             "second whether it has changed, and run until SIGTERM; SIGHUP reads it at once")
      .type_name("FILE");
  std::string asked_spool;
  app.option("--waiting", asked_spool,
             "Print how many events wait for each sink in the store of the spool DIRECTORY,\n"
             "and end; httpd's configtest asks this")
      .type_name("DIRECTORY");
  bool compiles = false;
  bool dry_run = false;
  app.flag(
      "--compile", compiles,
      "Read a configuration from standard input, make the tables of its schedules and maps,\n"
      "put them into the spool, print what is wrong as JSON, and end; httpd's start does this");
  app.flag("--dry-run", dry_run,
           "With --compile: put nothing into the spool; configtest does this");
  app.version("plivo-diald " PLIVO_DIAL_VERSION);
  app.runs([&] {
    if (compiles) return compile_for(dry_run);
    return asked_spool.empty() ? dispatch(config_file) : print_waiting(asked_spool);
  });
  const Result<int, UsageError> status = app.run(argument_count, arguments);
  if (status) return *status;
  std::fputs(status.error().brief.c_str(), stderr);
  return status.error().status;
}

}  // namespace
}  // namespace plivo_dial

int main(int argument_count, char** arguments) {
  const int status = plivo_dial::start(argument_count, arguments);
  plivo_dial::announce_exit();
  if (plivo_dial::any_sink_was_given_up()) _exit(status);
  return status;
}
