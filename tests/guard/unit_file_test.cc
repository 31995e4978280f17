// SPDX-License-Identifier: Apache-2.0
// The dispatcher's unit file, by systemd's own judgement.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/httpd/process.h"

namespace plivo_dial::test {
namespace {

// Of ten, where 0 is a service that can do nothing. Hooks need the network and the file system.
constexpr int kMostExposureInTenths = 20;

class UnitFile : public testing::Test {
 protected:
  void SetUp() override {
    if (std::string(SYSTEMD_ANALYZE_PROGRAM).empty()) {
      GTEST_SKIP() << "there is no systemd-analyze on this machine";
    }
    directory_ = testing::TempDir() + "plivo-unit-XXXXXX";
    ASSERT_NE(mkdtemp(directory_.data()), nullptr);
    std::ofstream(unit()) << text_with_built_program();
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string unit() const { return directory_ + "/plivo-diald.service"; }

  // systemd looks whether the program is there, and it is not installed yet.
  static std::string text_with_built_program() {
    std::ostringstream text;
    std::ifstream file(UNIT_FILE);
    for (std::string line; std::getline(file, line);) {
      const std::string_view kStart = "ExecStart=";
      if (line.starts_with(kStart)) {
        line.replace(kStart.size(), line.find(' ') - kStart.size(), PLIVO_DIALD_PROGRAM);
      }
      text << line << "\n";
    }
    return text.str();
  }

  static CommandResult analyze(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), SYSTEMD_ANALYZE_PROGRAM);
    return run_command({std::move(arguments), {"PATH=/usr/bin:/bin", "LANG=C"}, {}, {}, ""});
  }

  std::string directory_;
};

TEST_F(UnitFile, IsUnderstoodWithoutAComplaint) {
  const CommandResult verified = analyze({"verify", "--man=no", unit()});
  EXPECT_EQ(verified.exit_code, 0);
  EXPECT_EQ(verified.output, "");
}

TEST_F(UnitFile, MistakesInItAreTold) {
  std::ofstream(unit(), std::ios::app) << "[Service]\nWatchDogSecs=60\n";
  EXPECT_NE(analyze({"verify", "--man=no", unit()}).output, "") << "then the other test is void";
}

// What configtest takes for writable, see mod_plivo_dial/check/check_server.cc.
TEST_F(UnitFile, LetsTheSpoolAndTheLogsBeWritten) {
  const std::string text = "\n" + text_with_built_program();
  EXPECT_NE(text.find("\nReadWritePaths=-/var/lib/plivo-dial\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\nLogsDirectory=plivo-dial\n"), std::string::npos) << text;
}

TEST_F(UnitFile, WaitsForTheCheckOfALargeStore) {
  EXPECT_NE(text_with_built_program().find("\nTimeoutStartSec=infinity\n"), std::string::npos);
}

TEST_F(UnitFile, LeavesHooksLittleToHarm) {
  const CommandResult judged =
      analyze({"security", "--offline=true", "--no-pager",
               "--threshold=" + std::to_string(kMostExposureInTenths), unit()});
  EXPECT_EQ(judged.exit_code, 0) << judged.output;
}

}  // namespace
}  // namespace plivo_dial::test
