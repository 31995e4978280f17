// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <memory>
#include <thread>

#include "lib/base/in_quotes.h"
#include "lib/event/json.h"
#include "lib/json/json_writer.h"
#include "lib/settings/config_manifest.h"
#include "lib/settings/sink_arguments.h"
#include "lib/settings/sink_kinds.h"
#include "lib/sink/hook_trial.h"
#include "lib/sink/lost_privileges.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/events/configured_sink.h"
#include "mod_plivo_dial/ctl/events/events_command.h"
#include "mod_plivo_dial/ctl/events/events_spool.h"
#include "mod_plivo_dial/ctl/events/sample_event.h"
#include "mod_plivo_dial/ctl/events_text.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/httpd/httpd_config.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "mod_plivo_dial/ctl/standard_io.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kHookTest = "hook-test";

struct HookOptions : EventsOptions {
  std::vector<std::string> words;
  std::string sink;     // name of a PlivoEventSink, in place of words
  std::string program;  // httpd's, which knows the sink
  std::string kind;     // "": one that the sink takes
  std::string event_file;
  std::string id;
  std::string user;
  std::string retry;
  std::string timeout;
  bool spool_given = false;
};

// What a part of the command has to say when it cannot go on.
struct TrialRefusal : Error {
  int status = kExitUsage;
};
template <class T>
using TrialOutcome = Result<T, TrialRefusal>;

TrialRefusal refusal(const Error& error, int status = kExitUsage) {
  return TrialRefusal{{error.message}, status};
}

// That of httpd's configuration. As whom and on which spool it works is told there, too.
TrialOutcome<SinkConfig> sink_of_httpd(HookOptions& options) {
  const Result<ConfigManifest> config = httpd_config(options.program);
  if (!config) return refusal(config.error(), kExitNoAccess);
  Result<SinkConfig> sink = configured_sink(*config, options.sink, options.timeout, options.retry);
  if (!sink) return refusal(sink.error());
  if (!options.spool_given) options.spool = config->spool;
  if (options.user.empty() && options.id.empty() && geteuid() == 0) options.user = config->user;
  return std::move(*sink);
}

// The sink whose program it is: words as a shell gives them, or the target of PlivoEventSink.
TrialOutcome<SinkConfig> sink_of(HookOptions& options) {
  if (options.sink.empty() == options.words.empty()) {
    return refusal({options.sink.empty()
                        ? "name a program behind --, or a sink with --sink"
                        : "--sink names the program already: leave out what stands behind --"});
  }
  if (!options.sink.empty()) return sink_of_httpd(options);
  const std::string& first = options.words.front();
  const bool is_target = first.starts_with("exec:") || first.starts_with("stream:");
  if (is_target && options.words.size() > 1) {
    return refusal({"put quotes around the target: 'exec:/usr/local/bin/hook --mode=fast'"});
  }
  if (first.starts_with("file:") || first.starts_with("syslog:")) {
    return refusal({in_quotes(first) + " runs no program, so there is no hook to test"});
  }
  if (!is_target && !first.starts_with('/')) {
    return refusal(
        {"the program " + in_quotes(first) + " is not absolute; name it as /usr/local/bin/hook"});
  }
  std::vector<std::string> arguments = {"hook-test", is_target ? first : "exec:/program"};
  if (!options.timeout.empty()) arguments.push_back("timeout=" + options.timeout);
  if (!options.retry.empty()) arguments.push_back("retry=" + options.retry);
  Result<SinkConfig> sink =
      parse_sink(std::vector<std::string_view>(arguments.begin(), arguments.end()));
  if (!sink) return refusal(sink.error());
  if (!is_target) sink->program = options.words;
  return std::move(*sink);
}

constexpr EventKind kUsualSample = EventKind::kDialResult;

// One that the sink takes.
EventKind sample_for(const SinkConfig& sink) {
  if (wants_event(sink, to_string(kUsualSample))) return kUsualSample;
  return parse_event_kind(sink.events.front()).value_or(kUsualSample);
}

// The event as far as it needs no spool: that of the file, or the sample.
TrialOutcome<Event> event_at_hand(const HookOptions& options, const SinkConfig& sink) {
  if (options.event_file.empty()) {
    const std::optional<EventKind> kind = parse_event_kind(options.kind);
    return sample_event(kind ? *kind : sample_for(sink), now_us());
  }
  const Result<std::string> text = read_input(options.event_file);
  if (!text) return refusal({"--event-file: " + text.error().message});
  Result<Event> event = event_from_json(*text);
  if (!event) {
    return refusal({"--event-file: " + event.error().message +
                    "; the file holds one event as the file sink writes it"});
  }
  return std::move(*event);
}

TrialOutcome<Event> event_of_store(HookOptions& options) {
  auto store = open_events_store_of(options, Database::Access::kRead);
  if (!store) return refusal(store.error(), kExitNoAccess);
  const Result<IdSearch> found = find_event_id(**store, options.id);
  if (!found) return refusal(found.error(), kExitNoAccess);
  if (found->id.empty()) return refusal({found->message}, found->exit_status());
  auto event = (*store)->event(found->id);
  if (!event) return refusal(store_error(**store, event.error()), kExitNoAccess);
  if (!*event) return refusal({"it was forgotten just now"}, kExitDiffers);
  return std::move(**event);
}

// Becomes whom the dispatcher is, and gives the event.
TrialOutcome<Event> prepare(HookOptions& options, const SinkConfig& sink) {
  if (!options.id.empty()) return event_of_store(options);
  TrialOutcome<Event> event = event_at_hand(options, sink);  // as root, who may read the file
  if (!event) return event;
  if (!options.user.empty()) {
    if (Result<void> became = become_user(options.user); !became) return refusal(became.error());
  } else if (geteuid() == 0) {
    const Result<std::string> spool = enter_spool(options.spool);
    if (!spool) {
      return refusal({spool.error().message + ", or name httpd's user with --user"}, kExitNoAccess);
    }
  }
  return event;
}

// While it lives, SIGINT, SIGTERM and SIGHUP end the hook instead of this process, and what the
// hook leaves behind becomes this process's child, as it becomes the dispatcher's.
class Surroundings {
 public:
  explicit Surroundings(Stop& stop) : stop_(stop) {
    sigemptyset(&signals_);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals_, number);
    pthread_sigmask(SIG_BLOCK, &signals_, &former_);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    watcher_ = std::thread([this] { watch(); });
  }
  ~Surroundings() {
    done_ = true;
    watcher_.join();
    prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
    pthread_sigmask(SIG_SETMASK, &former_, nullptr);
  }
  Surroundings(const Surroundings&) = delete;
  Surroundings& operator=(const Surroundings&) = delete;

 private:
  void watch() {
    const timespec step{0, 50'000'000};
    while (!done_) {
      if (sigtimedwait(&signals_, nullptr, &step) > 0) stop_.request(Stop::Clock::now());
    }
  }

  Stop& stop_;
  sigset_t signals_{};
  sigset_t former_{};
  std::atomic<bool> done_{false};
  std::thread watcher_;
};

// What the dispatcher would make of it: a word for programs and one for people.
struct Verdict {
  std::string word;
  std::string text;
};

Verdict verdict_of(const SinkConfig& sink, const Attempt& judged) {
  const bool single = sink.retry.limit.count() == 0;
  switch (judged.outcome) {
    case Attempt::Outcome::kDone:
      return {"delivered", "delivered"};
    case Attempt::Outcome::kRefused:
      return {"dead", "dead letter"};
    case Attempt::Outcome::kFailed:
      if (single) return {"dead", "dead letter, since retry= allows a single attempt"};
      return {"retry", "would be tried again in " +
                           span_text(sink.retry.waits.front().count() * std::int64_t{1000})};
    case Attempt::Outcome::kWait:
      return {"wait", "would be tried again soon, without counting as an attempt"};
    case Attempt::Outcome::kInterrupted:
      break;
  }
  return {"interrupted", "ended by a signal to this command; says nothing about the hook"};
}

std::string who() {
  const passwd* const user = getpwuid(geteuid());
  const std::string uid = "uid " + std::to_string(geteuid());
  return user == nullptr ? uid : std::string(user->pw_name) + " (" + uid + ")";
}

std::string exit_text(const SinkConfig& sink, const HookTrial& trial) {
  if (sink.kind == SinkKind::kStream) return "a stream program; it was ended after its answer";
  if (trial.exit_code) return "exited with " + std::to_string(*trial.exit_code);
  if (trial.signal) {
    return "ended by signal " + std::to_string(*trial.signal) + " (" + strsignal(*trial.signal) +
           ")";
  }
  return "did not end by itself";
}

std::string text_of(const SinkConfig& sink, const Event& event, const HookTrial& trial) {
  const Verdict verdict = verdict_of(sink, trial.judged);
  std::string text = printable("ran " + sink.program[0] + " as " + who() + " for event " +
                               event.id + " (" + event.event + ")") +
                     "\n";
  text += "with timeout=" + std::to_string(sink.timeout_seconds) +
          " retry=" + to_string(sink.retry) + "\n";
  text += exit_text(sink, trial) + "\noutcome: " + verdict.text;
  if (!trial.judged.reason.empty()) text += ": " + printable(trial.judged.reason);
  text += trial.output.empty() ? "\nit printed nothing\n" : "\nit printed:\n";
  std::string_view rest = trial.output;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    text += "  " + printable(rest.substr(0, end)) + "\n";
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  // A program that ends well may have failed all the same: mail is told later, or nobody.
  const std::string_view hint = hint_at_lost_privileges(trial.output);
  if (!hint.empty() && trial.judged.reason.find(hint) == std::string::npos) {
    text += "warning: " + std::string(hint) + "\n";
  }
  return text;
}

std::string render_trial_json(const HookOptions& options, const SinkConfig& sink,
                              const Event& event, const HookTrial& trial) {
  JsonWriter json = json_of_command("events hook-test");
  json.member("sink", text_or_null(options.sink)).member("program", sink.program);
  json.member("timeout", sink.timeout_seconds).member("retry", to_string(sink.retry));
  json.member("uid", geteuid()).member("event", event.id);
  json.member("exit", trial.exit_code).member("signal", trial.signal);
  json.member("outcome", verdict_of(sink, trial.judged).word);
  json.member("reason", trial.judged.reason).member("output", trial.output);
  return json_line(std::move(json));
}

// The dispatcher would not run the program for it.
std::string not_wanted_text(const SinkConfig& sink, const Event& event) {
  std::string names;
  for (const std::string& name : sink.events) names += (names.empty() ? "" : ",") + name;
  return "sink " + sink.name + " does not take " + event.event + ", and nothing was run: it has " +
         "events=" + names;
}

int run_hook_test(HookOptions& options) {
  const TrialOutcome<SinkConfig> sink = sink_of(options);
  if (!sink) return report_events(kHookTest, sink.error().message, sink.error().status);
  const TrialOutcome<Event> event = prepare(options, *sink);
  if (!event) return report_events(kHookTest, event.error().message, event.error().status);
  if (!wants_event(*sink, event->event)) {
    return report_events(kHookTest, not_wanted_text(*sink, *event), kExitDiffers);
  }
  if (const Result<void> checked = check_sink(*sink, own_identity()); !checked) {
    return report_events(kHookTest, "configtest refuses it: " + checked.error().message,
                         kExitUsage);
  }
  Stop stop;
  HookTrial trial;
  {
    const Surroundings surroundings(stop);
    trial = try_hook(*sink, *event, stop);
  }
  const bool taken = trial.judged.outcome == Attempt::Outcome::kDone;
  const std::string text = options.json ? render_trial_json(options, *sink, *event, trial)
                                        : text_of(*sink, *event, trial);
  return write_output("events hook-test", text, taken ? kExitOk : kExitDiffers);
}

std::vector<std::string> event_words() {
  std::vector<std::string> words;
  for (int kind = 0; kind <= static_cast<int>(EventKind::kOther); ++kind) {
    words.emplace_back(to_string(static_cast<EventKind>(kind)));
  }
  return words;
}

// Returns --spool.
Option& add_options(Command& command, HookOptions& options) {
  command
      .option("PROGRAM", options.words,
              "Behind --: the program and its arguments, or the target of PlivoEventSink")
      .type_name("");
  command
      .option("--sink", options.sink,
              "In place of PROGRAM: that of this PlivoEventSink, with its options")
      .type_name("NAME");
  command
      .option("--httpd", options.program,
              "httpd's control program, which tells of --sink; the distribution's unless given")
      .type_name("PROGRAM");
  Option& kind =
      command
          .option("--event", options.kind,
                  "A sample of this event; dial.result unless given, or the first that --sink "
                  "takes")
          .one_of(event_words())
          .type_name("EVENT");
  Option& file =
      command
          .option("--event-file", options.event_file,
                  "The event in this file, as the file sink writes it; - for standard input")
          .excludes(kind)
          .type_name("FILE|-");
  Option& id =
      command.option("--id", options.id, "This event of the store, or its first 8 characters")
          .excludes(kind)
          .excludes(file)
          .type_name("ID");
  command
      .option("--user", options.user, "Run it as this user; as root the spool's owner unless given")
      .excludes(id)
      .type_name("USER");
  command.option("--timeout", options.timeout, "timeout= of the sink; 30 unless given")
      .type_name("SECONDS");
  command.option("--retry", options.retry, "retry= of the sink").type_name("1,5,30/86400");
  Option& spool = add_spool_option(command, options);
  add_json_option(
      command, options,
      "Print one JSON object: sink, program, uid, event, exit, signal, outcome (delivered, "
      "retry, dead, wait, interrupted), reason, output");
  return spool;
}

}  // namespace

void add_events_hook_test(Command& events) {
  Command& command = events.subcommand(
      "hook-test", "Run a hook once, exactly as plivo-diald does, and tell what would follow");
  const auto options = std::make_shared<HookOptions>();
  Option& spool = add_options(command, *options);
  command.footer(
      "The hook really runs, and does what it does; nothing is written into the spool.\n\n"
      "Exit status: 0 delivered; 1 anything else, or no such event; 2 wrong usage; 3 the spool "
      "cannot be used.\n\n"
      "Example: plivo-dialctl events hook-test --event call.hangup -- /usr/local/bin/hook --crm\n"
      "Example: plivo-dialctl events hook-test 'exec:/usr/local/bin/hook --mode=fast'\n"
      "Example: plivo-dialctl events hook-test --sink crm");
  command.runs([&spool, options] {
    options->spool_given = spool.given();
    return run_hook_test(*options);
  });
}

}  // namespace plivo_dial::ctl
