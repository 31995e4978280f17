// SPDX-License-Identifier: Apache-2.0
// Rows 42 and 43 of the fault table: children that come and go, and many of them. Promise: nothing
// is lost, and no file stays behind that holds nothing.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "lib/spool/segment_reader.h"
#include "tests/fault/fault_server.h"
#include "tests/httpd/mpm.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

std::size_t files_in_spool(const FaultServer& server) {
  std::size_t files = 0;
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator(server.spool() + "/in", gone)) {
    files += entry.is_regular_file(gone);
  }
  return files;
}

// The files that are not as they should be after the end of httpd: without an event, or, where
// `sealed`, not sealed.
std::vector<std::string> useless_files(const FaultServer& server, bool sealed) {
  std::vector<std::string> useless;
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator(server.spool() + "/in", gone)) {
    const Result<std::unique_ptr<SegmentReader>> reader = SegmentReader::open(entry.path());
    if (!reader) continue;  // it has just been removed
    const Result<SegmentScan> scan = (*reader)->scan(0);
    const bool is_useful =
        scan && !scan->frames.empty() && (!sealed || scan->state == SegmentState::kSealed);
    if (!is_useful) useless.push_back(entry.path());
  }
  return useless;
}

// The files of ended children that take more of the disk than a tenth over what they hold, and a
// block.
std::vector<std::string> oversized_files(const FaultServer& server) {
  std::vector<std::string> oversized;
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator(server.spool() + "/in", gone)) {
    const Result<std::unique_ptr<SegmentReader>> reader = SegmentReader::open(entry.path());
    if (!reader) continue;  // it has just been removed
    const Result<SegmentScan> scan = (*reader)->scan(0);
    struct stat file {};
    if (!scan || scan->state == SegmentState::kOpen || stat(entry.path().c_str(), &file) != 0) {
      continue;
    }
    const auto allowed = static_cast<blkcnt_t>(scan->used * 11 / 10 + 4096);
    if (file.st_blocks * 512 > allowed) {
      oversized.push_back(entry.path().string() + " holds " + std::to_string(scan->used) +
                          " and takes " + std::to_string(file.st_blocks * 512));
    }
  }
  return oversized;
}

class Children : public MpmTest {};
PLIVO_DIAL_EACH_MPM(Children);

// Row 42.
TEST_P(Children, ThatComeAndGoLeaveNothingBehind) {
  const bool threads = GetParam() != Mpm::kPrefork;
  FaultServer server(
      {.server = {.mpm = GetParam()},
       .more = threads ? "MaxConnectionsPerChild 100\n" : "MaxConnectionsPerChild 20\n"});
  ASSERT_TRUE(server.start());
  const std::vector<pid_t> first = server.workers();
  Callers callers(server.httpd.port(), {.clients = 8});
  ASSERT_TRUE(callers.accept_more(1200));
  callers.stop();
  const std::vector<AnsweredCall> calls = callers.calls();
  for (const AnsweredCall& call : calls) EXPECT_EQ(call.status, 200) << call.call;
  const std::vector<pid_t> last = server.workers();
  for (const pid_t child : first) {
    EXPECT_EQ(std::count(last.begin(), last.end(), child), 0) << child << " was not recycled";
  }
  server.expect_account(calls);
  if (threads) {
    EXPECT_EQ(useless_files(server, true), std::vector<std::string>());
    EXPECT_EQ(oversized_files(server), std::vector<std::string>());
    return;
  }
  // A child of prefork ends inside a signal handler and leaves its files as they are; a dispatcher
  // knows them for those of a dead one.
  ASSERT_TRUE(server.start());
  EXPECT_TRUE(wait_for([&] { return useless_files(server, false).empty(); }));
  EXPECT_TRUE(wait_for([&] { return oversized_files(server).empty(); }))
      << testing::PrintToString(oversized_files(server));
}

// Row 43.
TEST(ManyChildren, HaveTwoFilesEachAndAreKeptUpWith) {
  constexpr std::size_t kChildren = 256;
  FaultServer server({.server = {.mpm = Mpm::kPrefork},
                      .has_hook = false,
                      .more = "StartServers 256\nServerLimit 256\nMaxRequestWorkers 256\n"
                              "MinSpareServers 256\nMaxSpareServers 256\n"});
  server.httpd.allow_log("reached MaxRequestWorkers");
  ASSERT_TRUE(server.start());
  ASSERT_TRUE(wait_for([&] { return server.workers().size() == kChildren; }));
  // More at once than one child after the other would take: all get their part.
  Callers callers(server.httpd.port(), {.clients = 64, .keep_alive = true});
  ASSERT_TRUE(callers.accept_more(6000));
  callers.stop();
  const std::vector<AnsweredCall> calls = callers.calls();
  for (const AnsweredCall& call : calls) EXPECT_EQ(call.status, 200) << call.call;
  const std::size_t files = files_in_spool(server);
  EXPECT_LE(files, 2 * kChildren);
  EXPECT_GE(files, kChildren) << "only few children had a part in this";
  server.expect_account(calls);
  std::cout << files << " files of " << kChildren << " children, " << describe_latency(calls)
            << "\n";
}

}  // namespace
}  // namespace plivo_dial::test
