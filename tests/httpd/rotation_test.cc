// SPDX-License-Identifier: Apache-2.0
// The file of a sink under logrotate, by the example that is installed, while calls come.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <sstream>
#include <thread>

#include "tests/httpd/plivo_server.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

constexpr const char* kLogrotate = "/usr/sbin/logrotate";

std::string rotated(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << "not in the example: " << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

CommandResult run(const std::vector<std::string>& arguments) {
  Command command;
  command.arguments = arguments;
  command.environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"};
  return run_command(command);
}

class Rotation : public testing::Test {
 protected:
  void SetUp() override {
    if (access(kLogrotate, X_OK) != 0) GTEST_SKIP() << "there is no logrotate here";
    if (geteuid() != 0) GTEST_SKIP() << "logrotate is root's";
    directory_ = server_.httpd.root() + "/rotated";
    std::filesystem::create_directory(directory_);
    const ServerUser& user = server_.httpd.files().user();
    ASSERT_EQ(chown(directory_.c_str(), user.uid, user.gid), 0);
    who_ = user.name + " " + user.group;
  }

  // The example, for this server's file and user.
  std::string example_here() const {
    std::string text = read_file(CONF_EXAMPLES_DIR "/plivo-dial.logrotate");
    text = rotated(text, "/var/log/plivo-dial/*.json /var/log/plivo-dial/*.log",
                   directory_ + "/*.json");
    text = rotated(text, "su www-data www-data", "su " + who_);
    return rotated(text, "create 0640 www-data www-data", "create 0640 " + who_);
  }

  // Calls come while the file is rotated that often. The number of events.
  std::size_t rotate_under_traffic(const std::string& configuration, int rotations) {
    server_.httpd.files().write_file("logrotate.conf", configuration, 0644);
    // No other sink: a program for each event would take far longer than the calls.
    EXPECT_TRUE(server_.httpd.start(R"(
PlivoSpool "${ROOT}/spool"
PlivoDispatcher On "${DIALD}"
PlivoEventSink calls "file:${ROOT}/rotated/calls.json"
)" + std::string(kShortConfiguration)));
    std::atomic<bool> stopping = false;
    std::atomic<std::size_t> accepted = 0;
    std::thread caller([&] {
      while (!stopping) accepted += server_.send("/dialstatus/callback", "E5").status == 200;
    });
    for (int i = 0; i < rotations; ++i) {
      const std::size_t before = accepted;
      // An empty file is not rotated.
      EXPECT_TRUE(wait_for([&] {
        return accepted >= before + 20 && !read_file(directory_ + "/calls.json").empty();
      }));
      const CommandResult result =
          run({kLogrotate, "-f", "-s", server_.httpd.root() + "/logrotate.state",
               server_.httpd.root() + "/logrotate.conf"});
      EXPECT_EQ(result.exit_code, 0) << result.output;
      EXPECT_EQ(result.output, "");
    }
    stopping = true;
    caller.join();
    return accepted;
  }

  // How often each event stands in the files of all rotations; by its id.
  std::map<std::string, int> lines() const {
    std::map<std::string, int> count;
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
      const std::string path = entry.path();
      std::istringstream text(path.ends_with(".gz") ? run({"/bin/zcat", path}).output
                                                    : read_file(path));
      for (std::string line; std::getline(text, line);) {
        ++count[nlohmann::json::parse(line).at("id").get<std::string>()];
      }
    }
    return count;
  }

  std::size_t files() const {
    const std::filesystem::directory_iterator all(directory_);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

  PlivoServer server_;
  std::string directory_;
  std::string who_;
};

TEST_F(Rotation, ByTheExampleLosesNothingAndRepeatsNothing) {
  const std::size_t accepted = rotate_under_traffic(example_here(), 5);
  ASSERT_TRUE(wait_for([&] { return lines().size() >= accepted; }));
  for (const auto& [id, count] : lines()) EXPECT_EQ(count, 1) << id;
  EXPECT_EQ(files(), 6U) << run({"/bin/ls", "-l", directory_}).output;
}

TEST_F(Rotation, ByCopyingAndCuttingIsSaidWithTheRemedy) {
  server_.httpd.expect_log("PD0623: sink calls: '" + directory_ + "/calls.json' shrank from ");
  server_.httpd.expect_log("rotate it by 'create' instead of 'copytruncate'");
  server_.httpd.allow_log("PD0625: sink calls");
  rotate_under_traffic(rotated(example_here(), "create 0640 " + who_, "copytruncate"), 3);
  EXPECT_TRUE(
      wait_for([&] { return server_.httpd.error_log().find("PD0623") != std::string::npos; }));
}

}  // namespace
}  // namespace plivo_dial::test
