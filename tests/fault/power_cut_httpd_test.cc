// SPDX-License-Identifier: Apache-2.0
// Row 26 of the fault table in a real httpd: the power goes under the module's segments and under
// the dispatcher's store, everybody dies, and all is started again on what the disk kept. Promise:
// what was answered is delivered. PLIVO_DIAL_LONG_TESTS=1: a hundred cuts.
//
// A cut takes some milliseconds, in which fdatasync may still tell success. So what is judged is
// every answer that came before it began: the events of callbacks, rings and flows are durable by
// then, and so are those of actions, unless the error log has them.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <iterator>
#include <memory>
#include <ostream>
#include <random>
#include <thread>

#include "lib/spool/segment_reader.h"
#include "tests/fault/fault_server.h"
#include "tests/fault/loop_file_system.h"
#include "tests/fault/writer_process.h"
#include "tests/httpd/mpm.h"
#include "tests/httpd/polling.h"
#include "tests/long_form.h"

namespace plivo_dial::test {
namespace {

using std::chrono::milliseconds;

struct Machine {
  Mpm mpm = Mpm::kEvent;
  const char* file_system = "";
  std::uint64_t mebibytes = 0;  // xfs takes no less than 300
};

void PrintTo(const Machine& machine, std::ostream* out) {
  *out << to_string(machine.mpm) << " on " << machine.file_system;
}

class ServerPowerCut : public testing::TestWithParam<Machine> {
 protected:
  void SetUp() override {
    server_ = std::make_unique<FaultServer>(
        FaultServer::Options{.server = {.mpm = GetParam().mpm,
                                        .environment = {"PLIVO_FAULT_BELOW=${ROOT}/disk/spool",
                                                        "PLIVO_FAULT_RULES=${ROOT}/run/rules"},
                                        .preload = DISK_SHIM_FILE},
                             .spool = "${ROOT}/disk/spool minFree=0",
                             .has_hook = false});
    disk_ = std::make_unique<LoopFileSystem>(
        server_->httpd.root(), GetParam().file_system,
        GetParam().mebibytes * static_cast<std::uint64_t>(by_form(1, 8)));
    if (!disk_->missing().empty()) GTEST_SKIP() << disk_->missing();
    std::filesystem::create_directory(server_->spool());
    std::filesystem::permissions(server_->spool(), std::filesystem::perms(0750));
    const ServerUser& user = server_->httpd.files().user();
    ASSERT_EQ(chown(server_->spool().c_str(), user.uid, user.gid), 0);
    server_->allow_repeated_lines();
    // Whoever lives on for a moment without a disk complains of it.
    for (const char* line : {"PD05", "PD06", "AH00098: pid file"}) server_->httpd.allow_log(line);
  }
  void TearDown() override {
    if (server_ && server_->httpd.pid() != 0) server_->httpd.stop();
    disk_.reset();  // nobody may use it any more
    server_.reset();
  }

  void stop_dispatcher() {
    pid_t pid = 0;
    ASSERT_TRUE(wait_for([&] { return (pid = server_->dispatcher()) > 1; }));
    ASSERT_EQ(kill(pid, SIGSTOP), 0);
  }

  enum class Dispatcher { kRuns, kStopped };

  // Cuts the disk off, and ends all that a machine without power does not have any more. The calls
  // that were answered in time. What a dispatcher that runs has delivered by then is not lost
  // whatever the disk does; while it is stopped, all depends on the segments.
  std::vector<AnsweredCall> cut(Dispatcher dispatcher, milliseconds delay) {
    if (dispatcher == Dispatcher::kStopped) stop_dispatcher();
    Callers callers(server_->httpd.port(), {.clients = 8});
    EXPECT_TRUE(callers.accept_more(100));
    std::this_thread::sleep_for(delay);
    const std::int64_t cut_ns = disk_->cut();
    EXPECT_NE(cut_ns, 0);
    server_->httpd.kill_parent();
    EXPECT_TRUE(wait_for([&] {
      const std::vector<ProcessInfo> left = server_->httpd.processes();
      for (const ProcessInfo& process : left) kill(process.pid, SIGKILL);
      return left.empty();
    }));
    callers.stop();
    std::vector<AnsweredCall> answered = callers.calls();
    std::erase_if(answered,
                  [cut_ns](const AnsweredCall& call) { return call.answered_ns >= cut_ns; });
    return answered;
  }

  std::size_t frames_in_spool() const {
    std::size_t frames = 0;
    for (const auto& entry : std::filesystem::directory_iterator(server_->spool() + "/in")) {
      const Result<std::unique_ptr<SegmentReader>> reader = SegmentReader::open(entry.path());
      const Result<SegmentScan> scan = reader ? (*reader)->scan(0) : reader.error();
      if (scan) frames += scan->frames.size();
    }
    return frames;
  }

  std::unique_ptr<FaultServer> server_;
  std::unique_ptr<LoopFileSystem> disk_;
};
INSTANTIATE_TEST_SUITE_P(
    , ServerPowerCut,
    testing::Values(Machine{Mpm::kEvent, "ext4", 120}, Machine{Mpm::kWorker, "ext4", 120},
                    Machine{Mpm::kPrefork, "ext4", 120}, Machine{Mpm::kEvent, "xfs", 320}),
    [](const auto& test) {
      return std::string(to_string(test.param.mpm)) + "_" + test.param.file_system;
    });

TEST_P(ServerPowerCut, LosesNothingThatWasAnsweredBefore) {
  const int cuts = by_form(3, 100);
  std::mt19937 random(20261124);
  std::vector<AnsweredCall> calls;
  for (int number = 0; number < cuts; ++number) {
    ASSERT_TRUE(server_->start()) << "after cut " << number;
    std::vector<AnsweredCall> answered = cut(
        number % 2 == 0 ? Dispatcher::kStopped : Dispatcher::kRuns, milliseconds(random() % 500));
    std::move(answered.begin(), answered.end(), std::back_inserter(calls));
    ASSERT_TRUE(disk_->mount_again()) << disk_->missing();
    ASSERT_FALSE(HasFailure()) << "cut " << number;
  }
  ASSERT_TRUE(server_->start());
  const StoreBalance sums = server_->expect_account(calls);
  std::cout << testing::PrintToString(GetParam()) << ": " << cuts << " cuts, "
            << server_->accepted_of(calls).size() << " accepted, " << sums.delivered
            << " delivered, 0 lost\n";
}

// Were nothing lost here, the test above would show nothing.
TEST_P(ServerPowerCut, LosesEventsWhenTheDiskIsNotAskedToSync) {
  DiskRules(server_->httpd.root() + "/run/rules").set("fdatasync 1 * skip\n");
  ASSERT_TRUE(server_->start());
  const std::size_t answered = cut(Dispatcher::kStopped, milliseconds(20)).size();
  ASSERT_TRUE(disk_->mount_again()) << disk_->missing();
  const std::size_t kept = frames_in_spool();
  EXPECT_LT(kept, answered) << "this cut loses nothing: LosesNothingThatWasAnsweredBefore is "
                               "worthless on this machine";
  std::cout << testing::PrintToString(GetParam()) << ": " << kept << " of " << answered
            << " are left without sync\n";
}

}  // namespace
}  // namespace plivo_dial::test
