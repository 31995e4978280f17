// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>

#include "lib/delivery/dispatcher.h"
#include "lib/delivery/dispatcher_config.h"
#include "lib/delivery/hook_process.h"
#include "lib/delivery/log.h"
#include "lib/delivery/spool_lock.h"
#include "lib/delivery/system_file.h"
#include "mod_plivo_dial/diald/config_input.h"
#include "mod_plivo_dial/diald/process_setup.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;

constexpr int kTickMs = 1000;
constexpr milliseconds kEndPatience{3000};      // with 2 s to end a hook: 5 s in all
constexpr milliseconds kPredecessorTime{8000};  // for a predecessor that is ending

// One run of the program.
class Program {
 public:
  Program(StandardErrorLog& log, Descriptor signals) : log_(log), signals_(std::move(signals)) {}

  // Runs with the configuration in a file until a signal comes, or, without one, with those of
  // standard input until it ends. The exit code.
  int run(const std::string& config_file);

 private:
  int refuse(const std::string& reason);
  Result<std::optional<DispatcherConfig>> first_config(const std::string& config_file);
  std::optional<int> begin(const DispatcherConfig& config);
  std::optional<int> reconfigure(const std::string& line);
  std::optional<int> wait(bool with_input);
  void end();
  void warn_of_old_spool(const std::string& new_spool);

  StandardErrorLog& log_;
  Descriptor signals_;
  ConfigInput input_{STDIN_FILENO};
  DispatcherConfig config_;
  std::optional<SpoolLock> lock_;
  std::unique_ptr<Dispatcher> dispatcher_;
};

int Program::refuse(const std::string& reason) {
  log_.write(LogLevel::kError, log_id::kCannotStart, "plivo-diald cannot start: " + reason);
  return 1;
}

// Nothing when a signal ended the program before it had a configuration.
Result<std::optional<DispatcherConfig>> Program::first_config(const std::string& config_file) {
  std::string text;
  if (!config_file.empty()) {
    Result<std::string> content = read_file(config_file);
    if (!content) return content.error();
    if (content->empty()) return Error{"'" + config_file + "' is missing or empty"};
    text = std::move(*content);
  } else {
    std::optional<std::string> line;
    while (!(line = input_.take_line())) {
      if (input_.ended()) return Error{"standard input ended before a line of configuration"};
      std::array<pollfd, 2> polled{{{STDIN_FILENO, POLLIN, 0}, {signals_.get(), POLLIN, 0}}};
      poll(polled.data(), polled.size(), -1);
      if (polled[1].revents != 0) return std::optional<DispatcherConfig>();
      if (Result<void> read = input_.read_more(); !read) return read.error();
    }
    text = std::move(*line);
  }
  Result<DispatcherConfig> config = dispatcher_config_from_json(text);
  if (!config) return config.error();
  return std::optional(std::move(*config));
}

// Takes the spool and starts delivery; an exit code when that is not to be.
std::optional<int> Program::begin(const DispatcherConfig& config) {
  log_.set_level(config.log_level);
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
  std::string sinks;
  for (const SinkConfig& sink : config.sinks) sinks += " " + sink.name;
  log_.write(LogLevel::kNotice, log_id::kStarted,
             "plivo-diald " PLIVO_DIAL_VERSION " serves the spool '" + config.spool +
                 "', sinks:" + (sinks.empty() ? " none" : sinks));
  return std::nullopt;
}

void Program::end() {
  if (lock_) lock_->announce_end();
  dispatcher_->stop(kEndPatience);
  dispatcher_.reset();
  lock_.reset();
  log_.write(LogLevel::kNotice, log_id::kEnded, "plivo-diald ends, spool '" + config_.spool + "'");
}

// A spool that is configured away is nobody's from now on, and requests of the old configuration
// may still write to it.
void Program::warn_of_old_spool(const std::string& new_spool) {
  log_.write(LogLevel::kWarning, log_id::kSpoolChanged,
             "PlivoSpool has changed from '" + config_.spool + "' to '" + new_spool +
                 "': what waits in the old one is delivered when it is the spool again");
}

std::optional<int> Program::reconfigure(const std::string& line) {
  Result<DispatcherConfig> config = dispatcher_config_from_json(line);
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
  dispatcher_->apply(*config);
  if (*config == config_) return std::nullopt;
  config_ = std::move(*config);
  log_.write(LogLevel::kInfo, log_id::kConfigured, "new configuration taken");
  return std::nullopt;
}

// Looks after signals, strays and new configurations for one tick; an exit code at the end.
std::optional<int> Program::wait(bool with_input) {
  std::array<pollfd, 2> polled{
      {{signals_.get(), POLLIN, 0}, {with_input ? STDIN_FILENO : -1, POLLIN, 0}}};
  poll(polled.data(), polled.size(), kTickMs);
  reap_strays();
  if (polled[0].revents != 0) return 0;
  if (polled[1].revents == 0) return std::nullopt;
  if (Result<void> read = input_.read_more(); !read) {
    log_.write(LogLevel::kError, log_id::kConfigRefused, read.error().message);
    return 1;
  }
  while (const std::optional<std::string> line = input_.take_line()) {
    if (const std::optional<int> code = reconfigure(*line)) return code;
  }
  return input_.ended() ? std::optional(0) : std::nullopt;
}

int Program::run(const std::string& config_file) {
  Result<std::optional<DispatcherConfig>> config = first_config(config_file);
  if (!config) return refuse(config.error().message);
  if (!*config) return 0;
  if (Result<void> taken = take_identity((*config)->identity); !taken) {
    return refuse(taken.error().message);
  }
  if (chdir("/") != 0) return refuse("cannot change into /");
  std::optional<int> code = begin(**config);
  while (!code) code = wait(config_file.empty());
  if (dispatcher_) end();
  return *code;
}

int start(int argument_count, char** arguments) {
  CLI::App app(
      "Takes the events that mod_plivo_dial accepted from its spool to the sinks.\n"
      "httpd starts it and gives it its configuration on standard input: one line of JSON at the\n"
      "start and a further one at each reload; it ends when its standard input does.",
      "plivo-diald");
  std::string config_file;
  app.add_option("--config", config_file,
                 "Read the configuration from FILE and run until SIGTERM, without httpd")
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
  app.set_version_flag("--version", "plivo-diald " PLIVO_DIAL_VERSION);
  CLI11_PARSE(app, argument_count, arguments);

  StandardErrorLog log;
  try {
    Result<Descriptor> signals = set_up_process();
    if (!signals) {
      log.write(LogLevel::kError, log_id::kCannotStart,
                "plivo-diald cannot start: " + signals.error().message);
      return 1;
    }
    return Program(log, std::move(*signals)).run(config_file);
  } catch (const std::exception& exception) {
    log.write(LogLevel::kError, log_id::kCannotStart,
              std::string("plivo-diald ends: ") + exception.what());
    return 1;
  }
}

}  // namespace
}  // namespace plivo_dial

int main(int argument_count, char** arguments) {
  return plivo_dial::start(argument_count, arguments);
}
