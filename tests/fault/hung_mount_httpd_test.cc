// SPDX-License-Identifier: Apache-2.0
// Row 54 of the fault table: a file system that does not answer, with a file sink and a hook on it.
// Promise: a sink that hangs holds up no other, no reload and no successor, and loses nothing.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>

#include "tests/fault/fault_server.h"
#include "tests/fault/hanging_mount.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kNoWait{8};           // on a busy machine
constexpr seconds kUntilSuccessor{60};  // two looks at it, each 10 s

class HungMount : public testing::Test {
 protected:
  static std::string new_directory() {
    std::string name = testing::TempDir() + "plivo-mount-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) return "";
    std::filesystem::permissions(name, std::filesystem::perms(0755));
    return name;
  }
  ~HungMount() override { std::filesystem::remove_all(directory_ + "/source"); }

  void SetUp() override {
    if (!mount_.missing().empty())
      GTEST_SKIP() << "no file system that hangs: " << mount_.missing();
    std::filesystem::copy_file(ATTEMPT_LOG_FILE, mount_.source() + "/hook");
    std::filesystem::create_directory(mount_.source() + "/log");
    std::filesystem::permissions(mount_.source() + "/log", std::filesystem::perms::all);
  }

  static FaultServer::Options options(const HangingMount& mount) {
    const std::string& path = mount.path();
    return {.hook_options = "concurrency=4 timeout=60 retry=1",
            .more = "PlivoEventSink hungfile \"file:" + path + "/log/events\"\n" +
                    "PlivoEventSink hunghook \"exec:" + path + "/hook " + path +
                    "/log/attempts\" timeout=3 retry=1\n"};
  }

  std::size_t lines_there() const {
    const std::string text = read_file(mount_.source() + "/log/events");
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  // What the other sinks have had, which takes no longer than it does without one that hangs.
  void expect_served(const std::string& when, milliseconds patience = kNoWait) {
    Callers callers(server_.httpd.port());
    ASSERT_TRUE(callers.accept_more(50)) << when;
    callers.stop();
    const std::vector<AnsweredCall> calls = callers.calls();
    all_.insert(all_.end(), calls.begin(), calls.end());
    const std::set<std::string> accepted = server_.accepted_of(all_);
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(wait_for([&] { return server_.in_file().size() >= accepted.size(); }, patience))
        << when << ": " << server_.in_file().size() << " of " << accepted.size() << " in the file";
    EXPECT_TRUE(wait_for([&] { return server_.in_hook().size() >= accepted.size(); }, patience))
        << when << ": " << server_.in_hook().size() << " of " << accepted.size() << " at the hook";
    std::cout << when << ": "
              << std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin)
                     .count()
              << " ms\n";
  }

  const std::string directory_ = new_directory();
  HangingMount mount_{directory_};
  FaultServer server_{options(mount_)};
  std::vector<AnsweredCall> all_;
};

TEST_F(HungMount, HoldsUpNobodyElse) {
  server_.allow_repeated_lines();
  server_.httpd.expect_log("PD0656: sink hungfile: '" + mount_.path() + "/log/events' has not");
  for (const char* line : {"PD0656", "PD0657", "PD0625", "PD0635", "PD0638", "PD0104", "PD0641",
                           "PD0642", "PD0644", "PD0632", "' does not answer"}) {
    server_.httpd.allow_log(line);
  }
  ASSERT_TRUE(server_.start());
  expect_served("before");
  ASSERT_TRUE(wait_for([&] { return lines_there() > 0; }));
  ASSERT_TRUE(mount_.hang());
  expect_served("while it hangs");
  EXPECT_TRUE(wait_for([&] {
    return server_.httpd.error_log().find("PD0656: sink hungfile") != std::string::npos;
  }));
  // Those that hang are given up, and their successors hang as well.
  std::string other = server_.configuration();
  for (const std::string part : {"/log/events\"", "timeout=3 retry=1"}) {
    other.insert(other.find(part) + part.size(), " events=dial.result,call.hangup");
  }
  server_.httpd.reconfigure(other);
  ASSERT_TRUE(server_.httpd.restart_gracefully());
  expect_served("behind a reload");
  const pid_t killed = server_.dispatcher();
  ASSERT_NE(killed, 0);
  kill(killed, SIGKILL);
  expect_served("behind the dispatcher's death", kUntilSuccessor);
  // Whether the kernel gives the dead one back at once: a request that the mount's server had not
  // taken yet can still be interrupted.
  EXPECT_TRUE(wait_for([this] {
    const std::string log = server_.httpd.error_log();
    return log.find("PD0644: plivo-diald") != std::string::npos ||
           log.find("PD0642: plivo-diald") != std::string::npos;
  }));
  const std::size_t before = lines_there();
  ASSERT_TRUE(mount_.answer_again());
  EXPECT_TRUE(wait_for([&] { return lines_there() > before; }));
  server_.expect_account(all_);
}

}  // namespace
}  // namespace plivo_dial::test
