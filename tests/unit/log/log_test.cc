// SPDX-License-Identifier: Apache-2.0
#include "lib/log/log.h"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <string>

#include "lib/base/system_file.h"
#include "tests/unit/delivery/delivery_fixture.h"

namespace plivo_dial {
namespace {

using testing::EndsWith;
using testing::MatchesRegex;

class SyslogDaemon {
 public:
  explicit SyslogDaemon(const std::string& path)
      : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    EXPECT_EQ(bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  }

  // The next datagram; "" when there is none.
  std::string take() const {
    std::array<char, 4096> buffer{};
    const ssize_t got = recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    return got < 0 ? "" : std::string(buffer.data(), static_cast<std::size_t>(got));
  }

 private:
  Descriptor socket_;
};

class DispatcherLogTest : public DeliveryTest {
 protected:
  DispatcherLog log_;
  const int kLocal7 = 23;
};

TEST_F(DispatcherLogTest, GoesWhereItIsSent) {
  const std::string path = directory_ + "/log";
  const SyslogDaemon daemon(path);
  log_.set_facility(kLocal7, path);
  testing::internal::CaptureStderr();
  log_.write(LogLevel::kError, "PD0601", "to syslog");
  EXPECT_THAT(daemon.take(), MatchesRegex("<187>plivo-diald\\[[0-9]+\\]: PD0601: to syslog"));
  log_.write(LogLevel::kInfo, "PD0602", "less severe");
  EXPECT_THAT(daemon.take(), testing::StartsWith("<190>"));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");

  log_.set_facility(DispatcherLog::kNoFacility);
  testing::internal::CaptureStderr();
  log_.write(LogLevel::kError, "PD0603", "to standard error");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), EndsWith("PD0603: to standard error\n"));
  EXPECT_EQ(daemon.take(), "");
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
  const SyslogDaemon daemon(path);
  log_.set_facility(kLocal7, path);
  testing::internal::CaptureStderr();
  constexpr int kMany = 5000;  // far more than a socket's queue holds
  for (int i = 0; i < kMany; ++i) log_.write(LogLevel::kError, "PD0605", "line");
  EXPECT_NE(testing::internal::GetCapturedStderr(), "") << "the queue was never full";
}

}  // namespace
}  // namespace plivo_dial
