// File: tests/fault/fault_server.h
//
// A real httpd with the module and its dispatcher, on which faults are committed, and the account
// afterwards: what was accepted must have come to the file sink and to the hook, once unless it is
// marked, and the store's sums must be even.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/operators/operator_store.h"
#include "tests/fault/callers.h"
#include "tests/httpd/http_client.h"
#include "tests/httpd/httpd_server.h"
#include "tests/httpd/plivo_server.h"

namespace plivo_dial::test {

// One run of the hook.
struct HookAttempt {
  std::string event;  // its id
  unsigned attempt = 0;
  std::string call;
};

// What stands in the file of the file sink.
struct FileContents {
  std::map<std::string, std::string> calls;  // of each event's id
  std::vector<std::string> repeated;         // ids of events that have another line
  std::vector<std::string> unmarked;         // those of which none of both has an attempt above 1
  std::vector<std::string> whole;            // lines that are events
  std::vector<std::string> broken;           // lines that are not
  std::string unfinished;                    // behind the last line
};

class FaultServer {
 public:
  struct Options {
    ServerOptions server = {};
    std::string spool = "${ROOT}/spool minFree=0";  // the words of PlivoSpool
    bool has_hook = true;                           // else the file is the only sink
    std::string hook_options = "concurrency=4 timeout=60 retry=1";
    int hook_microseconds = 0;  // how long a run lives
    std::string dispatcher = "${DIALD}";
    std::string more = {};  // configuration
    std::string site = kShortConfiguration;
  };
  FaultServer() : FaultServer(Options()) {}
  explicit FaultServer(Options options);

  // The dispatcher or its store will be lost, and with them what they knew of the last lines: the
  // file may get those again, with the number of the attempt.
  void allow_repeated_lines() { repeats_lines_ = true; }

  // Starts httpd, also once more after it was killed.
  bool start() { return httpd.start(configuration()); }
  std::string configuration() const;

  HttpClient client() const { return HttpClient(httpd.port()); }
  // A fresh call of the example called `id`, sent to /dialstatus + `path`.
  HttpReply send(const std::string& path, const std::string& id) const;

  // What has come by now. An event's id and its call.
  std::map<std::string, std::string> in_file() const { return read_file_sink().calls; }
  FileContents read_file_sink() const;
  std::vector<HookAttempt> in_hook() const;

  // The processes that serve requests; the one dispatcher, 0 when there is not exactly one; its
  // hooks whose command line has `part`.
  std::vector<pid_t> workers() const;
  std::vector<pid_t> orphans() const;  // the same of a parent that is dead
  pid_t dispatcher() const;
  std::vector<pid_t> hooks(const std::string& part = "") const;

  // Those of `calls` whose events were accepted: the answer was 200, and the event was not reported
  // as not accepted in the error log, as it may be behind an action's document.
  std::set<std::string> accepted_of(const std::vector<AnsweredCall>& calls) const;

  // Waits until everything that was accepted has arrived, stops httpd, and reports as a failure
  // what was lost, what came twice without being marked, lines of the file that are not whole, sums
  // that are not even, and what differs between the store and the files. Returns the sums.
  StoreBalance expect_account(const std::vector<AnsweredCall>& calls);

  // The ids of the events that the store has for the hook, delivered or not.
  std::set<std::string> stored_for_hook() const;

  // The hook's runs wait, so that there is something left to deliver, however fast it is. Release
  // it before its timeout, a minute.
  void hold_hook();
  void release_hook();

  // Waits until nothing is to be done any more about what was accepted of `calls`, but by the hook
  // that is held. False when it does not get there.
  bool leaves_all_to_hook(const std::vector<AnsweredCall>& calls) const;

  // How many of them the hook has not seen.
  std::size_t not_in_hook(const std::set<std::string>& ids) const;

  // The store's sums by now.
  Result<StoreBalance> balance() const;

  // Where the spool is.
  std::string spool() const;

  HttpdServer httpd;

 private:
  std::vector<ProcessInfo> children_of(pid_t parent) const;
  bool has_arrived(const std::set<std::string>& accepted) const;
  void expect_arrived(const std::set<std::string>& accepted) const;
  void expect_nothing_pending() const;
  void expect_one_event_each() const;
  void expect_sound_lines() const;
  void expect_attempts_marked() const;
  void expect_nothing_differs() const;
  StoreBalance expect_even_sums(std::size_t accepted) const;

  const Options options_;
  bool repeats_lines_ = false;
};

}  // namespace plivo_dial::test
