// SPDX-License-Identifier: Apache-2.0
#include "lib/log/log.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "tests/unit/base/syslog_daemons.h"
#include "tests/unit/delivery/delivery_fixture.h"

namespace plivo_dial {
namespace {

using testing::EndsWith;
using testing::MatchesRegex;

class DispatcherLogTest : public DeliveryTest {
 protected:
  DispatcherLog log_;
  const int kLocal7 = 23;
};

TEST_F(DispatcherLogTest, GoesWhereItIsSent) {
  const std::string path = directory_ + "/log";
  const Descriptor daemon = listen_at(path);
  log_.set_facility(kLocal7, path);
  testing::internal::CaptureStderr();
  log_.write(LogLevel::kError, "PD0601", "to syslog");
  EXPECT_THAT(receive(daemon), MatchesRegex("<187>plivo-diald\\[[0-9]+\\]: PD0601: to syslog"));
  log_.write(LogLevel::kInfo, "PD0602", "less severe");
  EXPECT_THAT(receive(daemon), testing::StartsWith("<190>"));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");

  log_.set_facility(DispatcherLog::kNoFacility);
  testing::internal::CaptureStderr();
  log_.write(LogLevel::kError, "PD0603", "to standard error");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), EndsWith("PD0603: to standard error\n"));
  EXPECT_EQ(receive(daemon), "");
}

// Whatever a call before left in errno.
TEST_F(DispatcherLogTest, EachLineIsWrittenOnce) {
  testing::internal::CaptureStderr();
  errno = EINTR;
  log_.write(LogLevel::kError, "PD0606", "once");
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              MatchesRegex("\\[[^\n]*\\] \\[plivo_dial:error\\] \\[pid [0-9]+\\] PD0606: once\n"));
}

TEST_F(DispatcherLogTest, LeavesOutWhatIsLessSevereThanItsLevel) {
  testing::internal::CaptureStderr();
  log_.write(LogLevel::kInfo, "PD0608", "at first nothing");
  log_.set_level(LogLevel::kWarning);
  log_.write(LogLevel::kNotice, "PD0609", "left out");
  log_.write(LogLevel::kWarning, "PD0610", "written");
  log_.write(LogLevel::kError, "PD0611", "written");
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              MatchesRegex("[^\n]*PD0608[^\n]*\n[^\n]*PD0610[^\n]*\n[^\n]*PD0611[^\n]*\n"));
}

TEST_F(DispatcherLogTest, WithoutStandardErrorIsNotWaitedFor) {
  const auto write_nowhere = [this] {
    close(STDERR_FILENO);
    log_.write(LogLevel::kError, "PD0607", "nowhere");
    _exit(0);
  };
  EXPECT_EXIT(write_nowhere(), testing::ExitedWithCode(0), "");
}

TEST_F(DispatcherLogTest, NoDaemonLosesNoLine) {
  const std::string path = directory_ + "/log";
  log_.set_facility(kLocal7, path);
  testing::internal::CaptureStderr();
  log_.write(LogLevel::kError, "PD0604", "nobody listens");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), EndsWith("PD0604: nobody listens\n"));
}

TEST_F(DispatcherLogTest, ADaemonThatReadsNothingHoldsNobodyUp) {
  const std::string path = directory_ + "/log";
  const Descriptor daemon = listen_at(path);
  log_.set_facility(kLocal7, path);
  testing::internal::CaptureStderr();
  constexpr int kMany = 5000;  // far more than a socket's queue holds
  for (int i = 0; i < kMany; ++i) log_.write(LogLevel::kError, "PD0605", "line");
  EXPECT_NE(testing::internal::GetCapturedStderr(), "") << "the queue was never full";
}

}  // namespace
}  // namespace plivo_dial
