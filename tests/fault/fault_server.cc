// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/fault_server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>
#include <utility>

#include "tests/httpd/plivo_server.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

// Without anything new; a dispatcher that died often rests for 40 s.
constexpr std::chrono::seconds kAccountPatience{90};
constexpr std::size_t kMostNamed = 10;

// The first few of `names`, for the message of a failure.
std::string some_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMostNamed); ++i) text += " " + names[i];
  return text + (names.size() > kMostNamed ? " ..." : "");
}

std::vector<std::string> missing_in(const std::set<std::string>& there,
                                    const std::set<std::string>& wanted) {
  std::vector<std::string> missing;
  std::set_difference(wanted.begin(), wanted.end(), there.begin(), there.end(),
                      std::back_inserter(missing));
  return missing;
}

// Its B leg stands for the call that a flow's event does not name.
std::string call_of(const nlohmann::json& event) {
  for (const char* name : {"call", "b_leg"}) {
    if (event.contains(name) && event[name].is_string()) return event[name];
  }
  return "none";
}

std::set<std::string> calls_of(const std::map<std::string, std::string>& events) {
  std::set<std::string> calls;
  for (const auto& [id, call] : events) calls.insert(call);
  return calls;
}

std::set<std::string> calls_of(const std::vector<HookAttempt>& attempts) {
  std::set<std::string> calls;
  for (const HookAttempt& attempt : attempts) calls.insert(attempt.call);
  return calls;
}

// Until `is_done`, or `amount` does not change for kAccountPatience. It looks seldom: reading
// thousands of lines again and again would take the processor from those who work.
void wait_while_there_is_progress(const std::function<bool()>& is_done,
                                  const std::function<std::uint64_t()>& amount) {
  using Clock = std::chrono::steady_clock;
  std::uint64_t last = amount();
  Clock::time_point deadline = Clock::now() + kAccountPatience;
  while (!is_done() && Clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    const std::uint64_t now = amount();
    if (std::exchange(last, now) != now) deadline = Clock::now() + kAccountPatience;
  }
}

std::vector<pid_t> pids_with(const std::string& part, const std::vector<ProcessInfo>& processes) {
  std::vector<pid_t> pids;
  for (const ProcessInfo& process : processes) {
    if (process.command_line.find(part) != std::string::npos) pids.push_back(process.pid);
  }
  return pids;
}

}  // namespace

FaultServer::FaultServer(Options options) : httpd(options.server), options_(std::move(options)) {
  std::filesystem::copy_file(ATTEMPT_LOG_FILE, httpd.root() + "/hook/attempt_log");
  httpd.files().write_file("events/attempts", "", 0644, true);
  // On a machine that has much to do an action may find its disk slower than a caller has patience.
  // Such a call does not count as accepted; see accepted_of().
  httpd.allow_log("did not store the event in time");
  httpd.allow_log("PD0512: event not accepted");
}

std::string FaultServer::configuration() const {
  std::string hook = "exec:${ROOT}/hook/attempt_log ${ROOT}/events/attempts";
  if (options_.hook_microseconds > 0) hook += " " + std::to_string(options_.hook_microseconds);
  hook = "PlivoEventSink hook \"" + hook + "\" " + options_.hook_options + "\n";
  return "PlivoSpool " + options_.spool +
         "\n"
         "PlivoDispatcher On \"" +
         options_.dispatcher + "\"\nPlivoEventSink file \"file:${ROOT}/events/events.json\"\n" +
         (options_.has_hook ? hook : "") + options_.more + options_.site + kFlowConfiguration;
}

std::string FaultServer::spool() const {
  std::string path = options_.spool.substr(0, options_.spool.find(' '));
  const std::string_view kRoot = "${ROOT}";
  if (path.starts_with(kRoot)) path.replace(0, kRoot.size(), httpd.root());
  return path;
}

HttpReply FaultServer::send(const std::string& path, const std::string& id) const {
  return send_example(client(), "/dialstatus" + path, fresh_call(example(id)));
}

FileContents FaultServer::read_file_sink() const {
  FileContents contents;
  std::set<std::string> first_attempts;
  std::istringstream lines(read_file(httpd.root() + "/events/events.json"));
  for (std::string line; std::getline(lines, line);) {
    if (lines.eof()) {
      contents.unfinished = line;
      break;
    }
    const auto event = nlohmann::json::parse(line, nullptr, false);
    if (event.is_discarded()) {
      contents.broken.push_back(line);
      continue;
    }
    contents.whole.push_back(line);
    const std::string id = event.value("id", "none");
    const bool is_first = !event.contains("attempt");
    if (is_first && !first_attempts.insert(id).second) contents.unmarked.push_back(id);
    if (!contents.calls.emplace(id, call_of(event)).second) contents.repeated.push_back(id);
  }
  return contents;
}

std::vector<HookAttempt> FaultServer::in_hook() const {
  std::vector<HookAttempt> attempts;
  std::istringstream lines(read_file(httpd.root() + "/events/attempts"));
  for (HookAttempt one; lines >> one.event >> one.attempt >> one.call;) attempts.push_back(one);
  return attempts;
}

std::vector<ProcessInfo> FaultServer::children_of(pid_t parent) const {
  // Without a server there are none: 0 is the parent of the machine's first processes.
  if (parent <= 1) return {};
  std::vector<ProcessInfo> children = list_processes(httpd.pid());
  std::erase_if(children,
                [parent](const ProcessInfo& process) { return process.parent != parent; });
  return children;
}

pid_t FaultServer::dispatcher() const {
  const std::vector<pid_t> found = pids_with("plivo-diald", children_of(httpd.pid()));
  return found.size() == 1 ? found[0] : 0;
}

std::vector<pid_t> FaultServer::workers() const {
  return pids_with(httpd.root() + "/conf/httpd.conf", children_of(httpd.pid()));
}

std::vector<pid_t> FaultServer::orphans() const {
  return pids_with(httpd.root() + "/conf/httpd.conf", httpd.processes());
}

std::vector<pid_t> FaultServer::hooks(const std::string& part) const {
  const pid_t parent = dispatcher();
  // One of 0 would be anybody's.
  return parent <= 1 ? std::vector<pid_t>() : pids_with(part, list_children(parent));
}

bool FaultServer::has_arrived(const std::set<std::string>& accepted) const {
  return missing_in(calls_of(in_file()), accepted).empty() &&
         (!options_.has_hook || missing_in(calls_of(in_hook()), accepted).empty());
}

void FaultServer::expect_arrived(const std::set<std::string>& accepted) const {
  wait_while_there_is_progress([&] { return has_arrived(accepted); },
                               [&] { return in_file().size() + in_hook().size(); });
  const std::vector<std::string> file = missing_in(calls_of(in_file()), accepted);
  std::vector<std::string> hook;
  if (options_.has_hook) hook = missing_in(calls_of(in_hook()), accepted);
  EXPECT_TRUE(file.empty()) << file.size() << " of " << accepted.size()
                            << " calls not in the file:" << some_of(file);
  EXPECT_TRUE(hook.empty()) << hook.size() << " of " << accepted.size()
                            << " calls not at the hook:" << some_of(hook);
}

void FaultServer::expect_one_event_each() const {
  std::map<std::string, std::set<std::string>> events;
  for (const auto& [id, call] : in_file()) events[call].insert(id);
  for (const HookAttempt& one : in_hook()) events[one.call].insert(one.event);
  for (const auto& [call, ids] : events) {
    EXPECT_EQ(ids.size(), 1U) << "call " << call << " has more than one event: " << *ids.begin()
                              << " " << *ids.rbegin();
  }
}

// A dispatcher that was killed may have left half a line, if anything; what it wrote next begins a
// line of its own.
void FaultServer::expect_sound_lines() const {
  const FileContents contents = read_file_sink();
  for (const std::string& line : contents.broken) {
    const bool is_half_of_another =
        std::any_of(contents.whole.begin(), contents.whole.end(),
                    [&](const std::string& other) { return other.starts_with(line); });
    EXPECT_TRUE(repeats_lines_ && is_half_of_another) << "no JSON: " << line;
  }
  EXPECT_TRUE(contents.unmarked.empty())
      << contents.unmarked.size()
      << " lines are repetitions that do not say so:" << some_of(contents.unmarked);
  if (repeats_lines_) return;
  EXPECT_TRUE(contents.repeated.empty())
      << contents.repeated.size() << " lines are repetitions:" << some_of(contents.repeated);
  EXPECT_EQ(contents.unfinished, "");
}

// An attempt that was begun is counted, whatever became of who began it.
void FaultServer::expect_attempts_marked() const {
  std::map<std::string, std::map<unsigned, int>> attempts;
  for (const HookAttempt& one : in_hook()) ++attempts[one.event][one.attempt];
  for (const auto& [event, times] : attempts) {
    for (const auto& [attempt, count] : times) {
      EXPECT_EQ(count, 1) << "event " << event << " came " << count << " times as attempt "
                          << attempt;
    }
  }
}

Result<StoreBalance> FaultServer::balance() const {
  Result<std::unique_ptr<OperatorStore>> opened =
      OperatorStore::open(spool(), Database::Access::kRead);
  if (!opened) return opened.error();
  return (*opened)->balance();
}

std::set<std::string> FaultServer::stored_for_hook() const {
  std::set<std::string> ids;
  const auto store = OperatorStore::open(spool(), Database::Access::kRead);
  DeliveryFilter of_hook;
  of_hook.sink = "hook";
  of_hook.limit = std::numeric_limits<std::int64_t>::max();
  const auto rows = store ? (*store)->list(of_hook) : store.error();
  if (!rows) {
    ADD_FAILURE() << rows.error().message;
    return ids;
  }
  for (const DeliveryRow& row : *rows) ids.insert(row.event_id);
  return ids;
}

void FaultServer::hold_hook() {
  httpd.files().write_file("events/attempts.held", "", 0644);
}

void FaultServer::release_hook() {
  std::filesystem::remove(httpd.root() + "/events/attempts.held");
}

bool FaultServer::leaves_all_to_hook(const std::vector<AnsweredCall>& calls) const {
  const std::size_t accepted = accepted_of(calls).size();
  const auto is_done = [&](const StoreBalance::OfSink& sink) {
    return sink.delivered + (sink.name == "hook" ? sink.waiting : 0) >= accepted;
  };
  return wait_for([&] {
    const Result<StoreBalance> sums = balance();
    return sums && !sums->sinks.empty() &&
           std::all_of(sums->sinks.begin(), sums->sinks.end(), is_done);
  });
}

std::size_t FaultServer::not_in_hook(const std::set<std::string>& ids) const {
  std::set<std::string> left = ids;
  for (const HookAttempt& one : in_hook()) left.erase(one.event);
  return left.size();
}

// Also what was never acknowledged, since its caller or its server died, has come in.
void FaultServer::expect_nothing_pending() const {
  Result<StoreBalance> sums = balance();
  wait_while_there_is_progress(
      [&] {
        sums = balance();
        return sums && sums->pending == 0;
      },
      [&] { return sums ? sums->delivered : 0; });
  EXPECT_TRUE(sums.ok()) << sums.error().message;
}

StoreBalance FaultServer::expect_even_sums(std::size_t accepted) const {
  const Result<StoreBalance> balance = this->balance();
  if (!balance) {
    ADD_FAILURE() << balance.error().message;
    return {};
  }
  for (const std::string& difference : balance->differences()) ADD_FAILURE() << difference;
  EXPECT_EQ(balance->pending, 0U);
  EXPECT_EQ(balance->dead, 0U);
  EXPECT_EQ(balance->refused, 0U);
  EXPECT_GE(balance->delivered, accepted);
  // An event that was given to no sink would count as delivered.
  for (const StoreBalance::OfSink& sink : balance->sinks) {
    EXPECT_EQ(sink.not_given, 0U) << sink.name;
  }
  return *balance;
}

// The tool that an operator has for it reads the files as well.
void FaultServer::expect_nothing_differs() const {
  const CommandResult verify = run_command(
      {{PLIVO_DIALCTL_PROGRAM, "events", "verify", "--spool", spool()}, {}, {}, {}, ""});
  EXPECT_EQ(verify.exit_code, 0) << verify.output;
}

std::set<std::string> FaultServer::accepted_of(const std::vector<AnsweredCall>& calls) const {
  std::string reported;
  std::istringstream lines(httpd.error_log());
  for (std::string line; std::getline(lines, line);) {
    if (line.find("PD0512") != std::string::npos) reported += line;
  }
  std::set<std::string> accepted;
  for (const AnsweredCall& call : calls) {
    const bool is_reported =
        call.path.ends_with("/action") && reported.find(call.call) != std::string::npos;
    if (call.status == 200 && !is_reported) accepted.insert(call.call);
  }
  return accepted;
}

StoreBalance FaultServer::expect_account(const std::vector<AnsweredCall>& calls) {
  const std::set<std::string> accepted = accepted_of(calls);
  EXPECT_FALSE(accepted.empty()) << "nothing was accepted at all";
  expect_arrived(accepted);
  expect_nothing_pending();
  httpd.stop();
  expect_one_event_each();
  expect_sound_lines();
  expect_attempts_marked();
  expect_nothing_differs();
  return expect_even_sums(accepted.size());
}

}  // namespace plivo_dial::test
