// SPDX-License-Identifier: Apache-2.0
// Row 35 of the fault table: one request in a hundred copies at once, over four processes, again
// after a reload, and again after kill -9 of all workers and of the dispatcher. Promise: one event.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <latch>
#include <map>
#include <thread>

#include "lib/spool/segment_reader.h"
#include "tests/fault/fault_server.h"
#include "tests/fault/writer_process.h"
#include "tests/httpd/mpm.h"
#include "tests/httpd/polling.h"
#include "tests/httpd/signed_request.h"

namespace plivo_dial::test {
namespace {

constexpr int kCopies = 100;
constexpr std::size_t kProcesses = 4;

// How many events each process has in the spool, by the name of its segments without their number:
// "<boot>-<pid>-<start>-<number>.seg".
std::map<std::string, std::size_t> writers_in_spool(const FaultServer& server) {
  std::map<std::string, std::size_t> writers;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(server.spool() + "/in", missing)) {
    const Result<std::unique_ptr<SegmentReader>> reader = SegmentReader::open(entry.path());
    const Result<SegmentScan> scan = reader ? (*reader)->scan(0) : reader.error();
    const std::string name = entry.path().filename();
    if (scan) writers[name.substr(0, name.rfind('-'))] += scan->frames.size();
  }
  return writers;
}

class Copies : public MpmTest {
 protected:
  // What a request looks like when it comes again: each of these in turn.
  using Variants = std::vector<HttpRequest>;

  // Four processes, whichever way they serve, on a disk that is so slow that none of them can take
  // what comes at once.
  static FaultServer::Options options() {
    return {.server = {.mpm = GetParam(),
                       .environment = {"PLIVO_FAULT_BELOW=${ROOT}/spool",
                                       "PLIVO_FAULT_RULES=${ROOT}/run/rules"},
                       .preload = DISK_SHIM_FILE},
            .more = GetParam() == Mpm::kPrefork
                        ? "StartServers 4\n"
                        : "StartServers 4\nMinSpareThreads 32\nMaxSpareThreads 64\n"};
  }

  static bool start(FaultServer& server) {
    server.httpd.allow_log("exit signal Killed (9)");
    server.httpd.allow_log("children are killed successively");
    server.httpd.allow_log("MaxRequestWorkers");
    server.httpd.allow_log("PD0641: plivo-diald");
    server.httpd.allow_log("PD0642: plivo-diald");
    server.allow_repeated_lines();
    DiskRules(server.httpd.root() + "/run/rules").set("fdatasync 1 * delay 10\n");
    return server.start();
  }

  // A hundred at once, each over a connection of its own. How many processes took part.
  std::size_t send_at_once(const FaultServer& server, const Variants& variants) {
    std::map<std::string, std::size_t> before = writers_in_spool(server);
    std::atomic<int> accepted = 0;
    std::latch all_there(kCopies);
    std::vector<std::thread> senders;
    for (std::size_t i = 0; i < kCopies; ++i) {
      senders.emplace_back([&, i] {
        all_there.arrive_and_wait();
        accepted += server.client().send(variants[i % variants.size()]).status == 200;
      });
    }
    for (std::thread& sender : senders) sender.join();
    EXPECT_EQ(accepted, kCopies);
    sent_ += kCopies;
    std::size_t took_part = 0;
    for (const auto& [name, events] : writers_in_spool(server)) took_part += events > before[name];
    return took_part;
  }

  // A child may sleep for a second before it serves, so the first hundred may find too few.
  void send_copies(const FaultServer& server, const Variants& variants) {
    EXPECT_TRUE(wait_for([&] { return send_at_once(server, variants) >= kProcesses; }))
        << "too few processes took part";
  }

  // In all of those, the event's death and the store's knowledge lie between the copies.
  static void kill_all_workers_and_dispatcher(FaultServer& server) {
    const std::vector<pid_t> workers = server.workers();
    const pid_t dispatcher = server.dispatcher();
    ASSERT_GT(dispatcher, 1);
    for (const pid_t worker : workers) kill(worker, SIGKILL);
    kill(dispatcher, SIGKILL);
    // One that is dying could still take a connection, and would answer nothing.
    ASSERT_TRUE(wait_for([&] {
      const std::vector<pid_t> now = server.workers();
      for (const pid_t worker : now) {
        if (std::find(workers.begin(), workers.end(), worker) != workers.end()) return false;
      }
      return now.size() >= kProcesses && server.dispatcher() != dispatcher;
    }));
  }

  // Each frame is an event or a duplicate, and there is one event of each call.
  void expect_one_event(FaultServer& server, const std::vector<std::string>& calls) {
    ASSERT_TRUE(wait_for(
        [&] {
          const Result<StoreBalance> sums = server.balance();
          return sums && sums->frames == sent_;
        },
        std::chrono::seconds(90)));
    std::vector<AnsweredCall> answered;
    for (const std::string& call : calls) {
      answered.push_back({call, "/dialstatus/callback", 200, {}});
    }
    const StoreBalance sums = server.expect_account(answered);
    EXPECT_EQ(sums.frames, sent_);
    EXPECT_EQ(sums.duplicates, sent_ - calls.size());
    EXPECT_EQ(sums.delivered, calls.size());
    EXPECT_EQ(server.in_file().size(), calls.size());
  }

  void try_over_reloads_and_deaths(FaultServer& server, const Variants& variants,
                                   const std::vector<std::string>& calls) {
    ASSERT_TRUE(start(server));
    EXPECT_GE(server.workers().size(), kProcesses);
    send_copies(server, variants);
    ASSERT_TRUE(server.httpd.restart_gracefully());
    send_copies(server, variants);
    kill_all_workers_and_dispatcher(server);
    send_copies(server, variants);
    expect_one_event(server, calls);
  }

  std::size_t sent_ = 0;
};
PLIVO_DIAL_EACH_MPM(Copies);

TEST_P(Copies, OfOneRequestMakeOneEventOverReloadsAndDeaths) {
  FaultServer server(options());
  const Example call = fresh_call(example("R1"));
  try_over_reloads_and_deaths(server, {webhook_request("/dialstatus/ring", call)},
                              {form_value(call.form, "CallUUID")});
}

class SignedCopies : public Copies {};
INSTANTIATE_TEST_SUITE_P(, SignedCopies, testing::Values(Mpm::kEvent), mpm_name);

// Of three calls. A ring is known again by what it says, though it is signed anew; pressed digits,
// which may be pressed twice, by the nonce, though a parameter was added; the third by both.
TEST_P(SignedCopies, MakeOneEventEachOverReloadsAndDeaths) {
  FaultServer::Options signing = options();
  signing.site = signed_configuration();
  FaultServer server(signing);
  write_token(server.httpd.files(), "main", kMainToken);
  write_token(server.httpd.files(), "previous", kPreviousMainToken);
  write_token(server.httpd.files(), "sub", kSubaccountToken);
  const Example ring = fresh_call(example("R1"));
  const Example digits = fresh_call(example("E3"));
  const Example hangup = fresh_call(example("E9"));
  Example more_digits = digits;
  more_digits.form += "&Added=later";
  const Signing once;
  const HttpRequest same = sign_request(webhook_request("/dialstatus/callback", hangup));
  try_over_reloads_and_deaths(
      server,
      {sign_request(webhook_request("/dialstatus/ring", ring)),
       sign_request(webhook_request("/dialstatus/ring", ring)),
       sign_request(webhook_request("/dialstatus/callback", digits), once),
       sign_request(webhook_request("/dialstatus/callback", more_digits), once), same},
      {form_value(ring.form, "CallUUID"), form_value(digits.form, "CallUUID"),
       form_value(hangup.form, "CallUUID")});
}

}  // namespace
}  // namespace plivo_dial::test
