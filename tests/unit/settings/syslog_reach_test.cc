// SPDX-License-Identifier: Apache-2.0
#include "lib/settings/syslog_reach.h"

#include <gmock/gmock.h>

#include <cerrno>
#include <string>
#include <vector>

#include "lib/base/syslog_connection.h"
#include "tests/unit/base/syslog_daemons.h"
#include "tests/unit/delivery/delivery_fixture.h"

namespace plivo_dial {
namespace {

class SyslogReachTest : public DeliveryTest {
 protected:
  std::string verdict() const {
    const Result<void> reached = reach_syslog(directory_ + "/log");
    return reached ? "reached" : reached.error().message;
  }
};

TEST_F(SyslogReachTest, FindsDaemonsOfBothTypes) {
  {
    const Descriptor daemon = listen_at(directory_ + "/log");
    EXPECT_EQ(verdict(), "reached");
  }
  const StreamDaemon daemon(directory_ + "/log");
  EXPECT_EQ(verdict(), "reached");
}

TEST_F(SyslogReachTest, SaysWhyThereIsNone) {
  EXPECT_THAT(verdict(), testing::HasSubstr("takes events at '" + directory_ +
                                            "/log' (No such file or directory), and they wait"));
  listen_at(directory_ + "/log");
  EXPECT_THAT(verdict(), testing::HasSubstr("(Connection refused)"));
}

// More wait for it than it lets wait.
TEST_F(SyslogReachTest, DaemonThatIsBusyIsOne) {
  const StreamDaemon daemon(directory_ + "/log");
  std::vector<SyslogConnection> clients;
  do {
    clients.emplace_back(directory_ + "/log");
  } while (clients.back().send("x") == SyslogConnection::Sent::kYes);
  ASSERT_EQ(clients.back().error(), EAGAIN);
  EXPECT_EQ(verdict(), "reached");
}

TEST_F(SyslogReachTest, PathThatFitsIntoNoAddressIsRefusedElsewhere) {
  EXPECT_TRUE(reach_syslog("/" + std::string(107, 'x')).ok());
  EXPECT_FALSE(reach_syslog("/" + std::string(106, 'x')).ok());
}

}  // namespace
}  // namespace plivo_dial
