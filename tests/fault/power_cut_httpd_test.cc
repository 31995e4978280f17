// SPDX-License-Identifier: Apache-2.0
// Row 26 of the fault table in a real httpd: the power goes under the module's segments and under
// the dispatcher's store, everybody dies, and all is started again on what the disk kept. Promise:
// what was answered is delivered. PLIVO_DIAL_LONG_TESTS=1: a hundred cuts.
//
// The event of an action becomes durable behind its answer, so a cut comes half a second after the
// last answer that is judged.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <memory>
#include <random>
#include <thread>

#include "tests/fault/fault_server.h"
#include "tests/fault/loop_file_system.h"
#include "tests/httpd/mpm.h"
#include "tests/httpd/polling.h"
#include "tests/long_form.h"

namespace plivo_dial::test {
namespace {

using std::chrono::milliseconds;

class ServerPowerCut : public MpmTest {
 protected:
  void SetUp() override {
    server_ = std::make_unique<FaultServer>(FaultServer::Options{
        .server = {.mpm = GetParam()}, .spool = "${ROOT}/disk/spool minFree=0", .has_hook = false});
    disk_ = std::make_unique<LoopFileSystem>(server_->httpd.root(), "ext4", 120);
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

  // Cuts the disk off, and ends all that a machine without power does not have any more. The calls
  // that were answered in time.
  std::vector<AnsweredCall> cut(milliseconds delay) {
    Callers callers(server_->httpd.port(), {.clients = 8});
    EXPECT_TRUE(callers.accept_more(100));
    std::this_thread::sleep_for(delay);
    std::vector<AnsweredCall> answered = callers.calls();
    std::this_thread::sleep_for(milliseconds(500));
    EXPECT_NE(disk_->cut(), 0);
    server_->httpd.kill_parent();
    EXPECT_TRUE(wait_for([&] {
      const std::vector<ProcessInfo> left = server_->httpd.processes();
      for (const ProcessInfo& process : left) kill(process.pid, SIGKILL);
      return left.empty();
    }));
    callers.stop();
    return answered;
  }

  std::unique_ptr<FaultServer> server_;
  std::unique_ptr<LoopFileSystem> disk_;
};
PLIVO_DIAL_EACH_MPM(ServerPowerCut);

TEST_P(ServerPowerCut, LosesNothingThatWasAnsweredBefore) {
  const int cuts = by_form(3, 100);
  std::mt19937 random(20261124);
  std::vector<AnsweredCall> calls;
  for (int number = 0; number < cuts; ++number) {
    ASSERT_TRUE(server_->start()) << "after cut " << number;
    std::vector<AnsweredCall> answered = cut(milliseconds(random() % 500));
    std::move(answered.begin(), answered.end(), std::back_inserter(calls));
    ASSERT_TRUE(disk_->mount_again()) << disk_->missing();
    ASSERT_FALSE(HasFailure()) << "cut " << number;
  }
  ASSERT_TRUE(server_->start());
  const StoreBalance sums = server_->expect_account(calls);
  std::cout << to_string(GetParam()) << ": " << cuts << " cuts, "
            << server_->accepted_of(calls).size() << " accepted, " << sums.delivered
            << " delivered, 0 lost\n";
}

}  // namespace
}  // namespace plivo_dial::test
