// SPDX-License-Identifier: Apache-2.0
// Rows 27 to 31 of the fault table in a real httpd: a disk that is full, fails, is slow or does its
// work in pieces. Promise: 200 only for what is durable, 503 with Retry-After for the rest, a
// document for each caller all the same, and all is well again when the disk is.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <sstream>

#include "tests/fault/fault_server.h"
#include "tests/fault/loop_file_system.h"
#include "tests/fault/writer_process.h"
#include "tests/httpd/mpm.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class Disk : public MpmTest {
 protected:
  void allow_refusals() {
    for (const char* line : {"PD0511: the event can't be stored", "PD0512: event not accepted"}) {
      server_->httpd.allow_log(line);
    }
  }

  // An event is refused in a way that lets Plivo come again; a caller is served. On a full disk a
  // small event may still find room in one process or the other.
  void expect_refusal() {
    HttpReply refused;
    EXPECT_TRUE(wait_for([&] {
      refused = server_->send("/ring", "R1");
      return refused.status == 503;
    }));
    EXPECT_EQ(refused.header("retry-after"), "2");
    const HttpReply served = server_->send("/action", "D3");
    EXPECT_EQ(served.status, 200);
    EXPECT_EQ(served.document.outline(), "Response(Speak Hangup)");
  }

  static std::size_t refused(const Callers& callers) { return count_status(callers.calls(), 503); }

  void expect_only_200_and_503(const Callers& callers) {
    const std::vector<AnsweredCall> calls = callers.calls();
    EXPECT_EQ(count_status(calls, 200) + count_status(calls, 503), calls.size());
    for (const AnsweredCall& call : calls) {
      const bool is_caller = call.path.ends_with("/action");
      EXPECT_TRUE(!is_caller || call.status == 200) << call.call << ": " << call.status;
    }
  }

  void TearDown() override {
    if (server_ && server_->httpd.pid() != 0) server_->httpd.stop();
    loop_.reset();  // nobody may use it any more
    server_.reset();
  }

  std::unique_ptr<FaultServer> server_;
  std::unique_ptr<LoopFileSystem> loop_;
};

// A spool on a file system of its own.
class OwnDisk : public Disk {
 protected:
  virtual FaultServer::Options options() const {
    return {.server = {.mpm = GetParam()}, .spool = "${ROOT}/disk/spool minFree=0"};
  }

  void SetUp() override {
    server_ = std::make_unique<FaultServer>(options());
    loop_ = std::make_unique<LoopFileSystem>(server_->httpd.root(), "ext4", 160);
    if (!loop_->missing().empty()) GTEST_SKIP() << loop_->missing();
    std::filesystem::create_directory(server_->spool());
    std::filesystem::permissions(server_->spool(), std::filesystem::perms(0750));
    const ServerUser& user = server_->httpd.files().user();
    ASSERT_EQ(chown(server_->spool().c_str(), user.uid, user.gid), 0);
  }
};

class FullDisk : public OwnDisk {
 protected:
  FaultServer::Options options() const override {
    FaultServer::Options options = OwnDisk::options();
    options.has_hook = false;
    return options;
  }
};
PLIVO_DIAL_EACH_MPM(FullDisk);

TEST_P(FullDisk, SparesTakeEventsOnThenTheyAreRefusedAndNothingIsLost) {
  allow_refusals();
  for (const char* id : {"PD0505", "PD0525", "PD0526"}) server_->httpd.allow_log(id);
  ASSERT_TRUE(server_->start());
  Callers callers(server_->httpd.port(), {.clients = 8, .pause = milliseconds(5), .padding = 6000});
  std::size_t accepted_when_full = 0;
  for (int round = 0; round < 2; ++round) {
    // So that each process has its segment and the spare.
    ASSERT_TRUE(callers.accept_more(100)) << "round " << round;
    ASSERT_TRUE(loop_->fill_up_to(0));
    const std::size_t before = server_->accepted_of(callers.calls()).size();
    const std::size_t refused_before = refused(callers);
    ASSERT_TRUE(wait_for([&] { return refused(callers) >= refused_before + 50; }));
    const std::size_t more = server_->accepted_of(callers.calls()).size() - before;
    accepted_when_full += more;
    expect_refusal();
    loop_->free_all();
    const auto freed = steady_clock::now();
    ASSERT_TRUE(wait_for([&] { return server_->send("/ring", "R1").status == 200; }));
    const auto took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - freed);
    EXPECT_LE(took, milliseconds(2000)) << "as is promised";
    std::cout << to_string(GetParam()) << ": " << more
              << " accepted on a full disk; 200 again after " << took.count() << " ms\n";
  }
  callers.stop();
  // Prefork goes on making processes, and those that have no spare yet refuse; how many there are is
  // a matter of how busy the machine is.
  const std::size_t room = GetParam() == Mpm::kPrefork ? 10 : 100;
  EXPECT_GE(accepted_when_full, room) << "a spare alone has room for more";
  expect_only_200_and_503(callers);
  server_->expect_account(callers.calls());
}

class ReadOnlyDisk : public OwnDisk {
 protected:
  void SetUp() override {
    OwnDisk::SetUp();
    if (IsSkipped() || loop_->has_read_only_trigger()) return;
    GTEST_SKIP() << "there is no /sys/fs/ext4/*/trigger_fs_error here that can be written";
  }

  // Nothing is being written at the moment when the disk fails: a sync that runs while ext4 gives
  // up its journal may be told that it is done though it is not, of which nobody can know (seen
  // once with Linux 6.18: 2 events of 152).
  std::vector<AnsweredCall> accept(std::size_t count) {
    Callers callers(server_->httpd.port());
    EXPECT_TRUE(callers.accept_more(count));
    callers.stop();
    EXPECT_TRUE(server_->leaves_all_to_hook(callers.calls()));
    return callers.calls();
  }
};
PLIVO_DIAL_EACH_MPM(ReadOnlyDisk);

// Row 28. What the dispatcher has in its store goes on to the sinks. What it could not record comes
// again after the restart, and says so.
TEST_P(ReadOnlyDisk, IsRefusedAndWhatIsStoredIsDelivered) {
  server_->httpd.expect_log("PD0511: the event can't be stored");
  server_->httpd.expect_log("PD0512: event not accepted");
  server_->httpd.expect_log("PD0505: sink hook");
  server_->httpd.allow_log("PD0505");
  server_->httpd.allow_log("an event that its writer died over");
  server_->allow_repeated_lines();
  server_->hold_hook();
  ASSERT_TRUE(server_->start());
  std::vector<AnsweredCall> calls = accept(150);
  ASSERT_TRUE(loop_->make_read_only());
  const std::set<std::string> stored = server_->stored_for_hook();
  const std::size_t left = server_->not_in_hook(stored);
  EXPECT_GT(left, 0U) << "there was nothing left to deliver";
  Callers callers(server_->httpd.port());
  ASSERT_TRUE(wait_for([&] { return refused(callers) >= 50; }));
  expect_refusal();
  server_->release_hook();
  EXPECT_TRUE(wait_for([&] { return server_->not_in_hook(stored) == 0; }));
  callers.stop();
  expect_only_200_and_503(callers);
  for (const std::string& line : lines_with(server_->httpd.error_log(), "PD051")) {
    EXPECT_NE(line.find(":crit]"), std::string::npos) << line;
  }
  server_->httpd.stop();
  ASSERT_TRUE(loop_->mount_again()) << loop_->missing();
  ASSERT_TRUE(server_->start());
  std::cout << to_string(GetParam()) << ": " << left << " of " << stored.size()
            << " delivered from a disk that can't be written\n";
  const std::vector<AnsweredCall> more = callers.calls();
  calls.insert(calls.end(), more.begin(), more.end());
  server_->expect_account(calls);
}

class FaultyDisk : public Disk {
 protected:
  virtual FaultServer::Options options() const {
    return {.server = {.mpm = GetParam(),
                       .environment = {"PLIVO_FAULT_BELOW=${ROOT}/spool",
                                       "PLIVO_FAULT_RULES=${ROOT}/run/rules",
                                       "PLIVO_FAULT_LOG=${ROOT}/run/calls"},
                       .preload = DISK_SHIM_FILE}};
  }

  void SetUp() override {
    server_ = std::make_unique<FaultServer>(options());
    server_->httpd.files().write_file("run/calls", "", 0644, true);
    rules_ = std::make_unique<DiskRules>(server_->httpd.root() + "/run/rules");
  }

  // Whatever is wrong, the refusals begin and end with it.
  void expect_refusals_under(const std::string& rules, const Callers& callers) {
    const std::size_t before = refused(callers);
    rules_->set(rules);
    ASSERT_TRUE(wait_for([&] { return refused(callers) >= before + 10; })) << rules;
    expect_refusal();
    rules_->set("");
    ASSERT_TRUE(wait_for([&] { return server_->send("/ring", "R1").status == 200; })) << rules;
    ASSERT_TRUE(callers.accept_more(100)) << rules;
  }

  // What httpd's children asked of the disk by now.
  struct DiskCall {
    std::string pid;
    std::string name;
    std::string path;
    long result = 0;
  };
  std::vector<DiskCall> disk_calls() const {
    std::vector<DiskCall> calls;
    std::istringstream lines(read_file(server_->httpd.root() + "/run/calls"));
    for (DiskCall one; lines >> one.pid >> one.name >> one.path >> one.result;) {
      calls.push_back(one);
    }
    return calls;
  }
  std::size_t count_disk_calls(std::string_view name, long result) const {
    const std::vector<DiskCall> calls = disk_calls();
    return static_cast<std::size_t>(std::count_if(
        calls.begin(), calls.end(),
        [&](const DiskCall& one) { return one.name == name && one.result == result; }));
  }

  // After a failed sync a second one of the same file would succeed without having stored anything.
  void expect_no_sync_repeated() const {
    std::set<std::string> failed;
    for (const DiskCall& one : disk_calls()) {
      if (one.name != "fdatasync") continue;
      EXPECT_FALSE(failed.contains(one.path)) << one.path << " is synced again";
      if (one.result != 0) failed.insert(one.path);
    }
  }

  // Were it otherwise, the disk would not be slow.
  static void expect_all_waited(const Callers& callers, milliseconds at_least) {
    std::chrono::microseconds shortest = std::chrono::hours(1);
    for (const AnsweredCall& call : callers.calls()) shortest = std::min(shortest, call.took);
    EXPECT_GE(shortest, at_least);
  }

  // Who is on the line hears silence for a second, however slow the disk is.
  static void expect_callers_served_soon(const Callers& callers) {
    constexpr milliseconds kLongest{4000};  // for slow machines; events may wait for 5 s
    for (const AnsweredCall& call : callers.calls()) {
      if (!call.path.ends_with("/action")) continue;
      EXPECT_EQ(call.status, 200) << call.call;
      EXPECT_LT(call.took, kLongest) << call.call;
    }
  }

  void expect_all_accepted(const Callers& callers) {
    const std::vector<AnsweredCall> calls = callers.calls();
    EXPECT_EQ(server_->accepted_of(calls).size(), calls.size());
  }

  std::unique_ptr<DiskRules> rules_;
};
PLIVO_DIAL_EACH_MPM(FaultyDisk);

// Row 29. The spare takes what the segment did not. A dispatcher has seen it there already when the
// disk takes its time to fail.
TEST_P(FaultyDisk, SyncThatFailsOnceCostsNoEvent) {
  ASSERT_TRUE(server_->start());
  Callers callers(server_->httpd.port());
  for (int round = 0; round < 10; ++round) {
    ASSERT_TRUE(callers.accept_more(40)) << "round " << round;
    const std::string late = round % 2 == 0 ? "" : "fdatasync 2 1 delay 100\n";
    rules_->set(late + "fdatasync 2 1 fail EIO\n");
  }
  ASSERT_TRUE(callers.accept_more(40));
  callers.stop();
  expect_all_accepted(callers);
  EXPECT_GE(count_disk_calls("fdatasync", -1), 10U) << "in each round one at least";
  expect_no_sync_repeated();
  server_->expect_account(callers.calls());
}

// Row 28.
TEST_P(FaultyDisk, NothingIsAcceptedWhileTheDiskFails) {
  server_->httpd.expect_log("PD0511: the event can't be stored");
  server_->httpd.expect_log("PD0512: event not accepted");
  ASSERT_TRUE(server_->start());
  Callers callers(server_->httpd.port());
  ASSERT_TRUE(callers.accept_more(100));
  expect_refusals_under("fdatasync 1 * fail EIO\nfsync 1 * fail EIO\n", callers);
  expect_refusals_under("pwrite 1 * fail EIO\nposix_fallocate 1 * fail EIO\n", callers);
  expect_refusals_under("pwrite 1 * fail EROFS\nposix_fallocate 1 * fail EROFS\n", callers);
  expect_refusals_under("pwrite 1 * fail EDQUOT\nposix_fallocate 1 * fail EDQUOT\n", callers);
  callers.stop();
  expect_only_200_and_503(callers);
  for (const std::string& line : lines_with(server_->httpd.error_log(), "PD051")) {
    EXPECT_NE(line.find(":crit]"), std::string::npos) << line;
  }
  server_->expect_account(callers.calls());
}

// Row 30, where the disk is in time for everybody.
TEST_P(FaultyDisk, SlowSyncsAreWaitedFor) {
  ASSERT_TRUE(server_->start());
  rules_->set("fdatasync 1 * delay 5\n");
  Callers callers(server_->httpd.port());
  ASSERT_TRUE(callers.accept_more(400));
  callers.stop();
  expect_all_accepted(callers);
  expect_all_waited(callers, milliseconds(5));
  std::cout << to_string(GetParam())
            << ", 5 ms for each sync: " << describe_latency(callers.calls()) << "\n";
  server_->expect_account(callers.calls());
}

// Row 30: a callback waits for the disk up to syncTimeout, a caller for a second. What is not
// durable by then is in the error log.
TEST_P(FaultyDisk, SyncsOfASecondHoldNoCallerForLong) {
  allow_refusals();
  // A sync that begins with the wait ends behind it.
  server_->httpd.expect_log("PD0512: event not accepted");
  ASSERT_TRUE(server_->start());
  rules_->set("fdatasync 1 * delay 1000\n");
  Callers callers(server_->httpd.port(), {.clients = 6, .pause = milliseconds(1)});
  ASSERT_TRUE(callers.accept_more(15));
  callers.stop();
  rules_->set("");
  expect_only_200_and_503(callers);
  expect_all_waited(callers, milliseconds(1000));
  expect_callers_served_soon(callers);
  std::cout << to_string(GetParam()) << ", 1 s for each sync: " << describe_latency(callers.calls())
            << "\n";
  server_->expect_account(callers.calls());
}

// Row 30: 10 seconds are more than anybody waits.
TEST_P(FaultyDisk, SyncsOfTenSecondsAreNotWaitedFor) {
  allow_refusals();
  ASSERT_TRUE(server_->start());
  Callers before(server_->httpd.port());
  ASSERT_TRUE(before.accept_more(50));
  before.stop();
  rules_->set("fdatasync 1 * delay 10000\n");
  Callers callers(server_->httpd.port(), {.clients = 6, .pause = milliseconds(1)});
  ASSERT_TRUE(wait_for([&] { return refused(callers) >= 10; }));
  callers.stop();
  rules_->set("");
  expect_only_200_and_503(callers);
  EXPECT_LT(longest_wait(callers.calls()), std::chrono::seconds(10)) << "somebody had to wait";
  expect_callers_served_soon(callers);
  std::cout << to_string(GetParam())
            << ", 10 s for each sync: " << describe_latency(callers.calls()) << "\n";
  ASSERT_TRUE(wait_for([&] { return server_->send("/ring", "R1").status == 200; }));
  std::vector<AnsweredCall> calls = before.calls();
  const std::vector<AnsweredCall> slow = callers.calls();
  calls.insert(calls.end(), slow.begin(), slow.end());
  server_->expect_account(calls);
}

class HangingDisk : public FaultyDisk {
 protected:
  static constexpr milliseconds kSyncTimeout{2000};

  // Small, so that few clients are more than it can serve. A process with threads has more of them
  // than may wait for the disk.
  FaultServer::Options options() const override {
    FaultServer::Options options = FaultyDisk::options();
    options.spool += " syncTimeout=2";
    options.more = GetParam() == Mpm::kPrefork
                       ? "StartServers 8\nMinSpareServers 1\nMaxSpareServers 8\n"
                         "MaxRequestWorkers 8\n"
                       : "ThreadsPerChild 16\nMinSpareThreads 1\nMaxSpareThreads 32\n"
                         "MaxRequestWorkers 32\n";
    return options;
  }

  // The longest that anybody waited who asked again and again, for longer than events wait for the
  // disk, for what needs none.
  milliseconds longest_wait_for_a_file() const {
    const auto begun = steady_clock::now();
    std::chrono::nanoseconds longest{0};
    while (steady_clock::now() < begun + kSyncTimeout + milliseconds(500)) {
      const auto asked = steady_clock::now();
      EXPECT_EQ(server_->client().get("/still").status, 200);
      longest = std::max<std::chrono::nanoseconds>(longest, steady_clock::now() - asked);
    }
    return std::chrono::duration_cast<milliseconds>(longest);
  }
};
PLIVO_DIAL_EACH_MPM(HangingDisk);

// Row 30. Whoever wants nothing of the disk is not kept waiting by those who do.
TEST_P(HangingDisk, LeavesProcessesAndThreadsToOthers) {
  allow_refusals();
  server_->httpd.allow_log("MaxRequestWorkers");
  server_->httpd.files().write_file("htdocs/still", "here", 0644);
  ASSERT_TRUE(server_->start());
  Callers callers(server_->httpd.port(), {.clients = 48,
                                          .pause = milliseconds(100),
                                          .kinds = {{"/dialstatus/callback", example("E9")}}});
  ASSERT_TRUE(callers.accept_more(50));
  rules_->set("fdatasync 1 * hang\n");
  ASSERT_TRUE(wait_for([&] { return refused(callers) > 0; })) << "nobody had to wait";
  const milliseconds longest = longest_wait_for_a_file();
  EXPECT_GE(refused(callers), 48U) << "there were not more than the server can serve at a time";
  rules_->set("");
  EXPECT_LT(longest, milliseconds(1500));
  ASSERT_TRUE(callers.accept_more(50));
  callers.stop();
  expect_only_200_and_503(callers);
  std::cout << to_string(GetParam()) << ", a disk that hangs: a file was waited for up to "
            << longest.count() << " ms\n";
  server_->expect_account(callers.calls());
}

// Row 31.
TEST_P(FaultyDisk, ShortWritesAndInterruptionsAreResumed) {
  ASSERT_TRUE(server_->start());
  Callers callers(server_->httpd.port());
  ASSERT_TRUE(callers.accept_more(40));
  EXPECT_EQ(count_disk_calls("pwrite", 1), 0U) << "a byte alone tells of a short write";
  rules_->set("pwrite 1 * short\n");
  ASSERT_TRUE(callers.accept_more(100));
  rules_->set("pwrite 1 200 fail EINTR\nfdatasync 1 200 fail EINTR\n");
  ASSERT_TRUE(callers.accept_more(400));
  callers.stop();
  expect_all_accepted(callers);
  EXPECT_GE(count_disk_calls("pwrite", 1), 100U);
  EXPECT_GE(count_disk_calls("pwrite", -1), 200U);
  EXPECT_GE(count_disk_calls("fdatasync", -1), 200U);
  server_->expect_account(callers.calls());
}

}  // namespace
}  // namespace plivo_dial::test
