// SPDX-License-Identifier: Apache-2.0
#include "lib/base/syslog_connection.h"

#include <gmock/gmock.h>
#include <sys/un.h>

#include <cerrno>

#include "tests/unit/base/syslog_daemons.h"
#include "tests/unit/delivery/delivery_fixture.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using Sent = SyslogConnection::Sent;

class SyslogConnectionTest : public DeliveryTest {
 protected:
  void SetUp() override {
    DeliveryTest::SetUp();
    path_ = directory_ + "/log";
  }

  std::string path_;
};

TEST_F(SyslogConnectionTest, HandsOverOneMessageAfterTheOther) {
  const Descriptor daemon = listen_at(path_);
  SyslogConnection connection(path_);
  EXPECT_EQ(connection.send("one"), Sent::kYes);
  EXPECT_EQ(connection.send("other"), Sent::kYes);
  EXPECT_EQ(receive(daemon), "one");
  EXPECT_EQ(receive(daemon), "other");
  EXPECT_EQ(receive(daemon), "");
}

TEST_F(SyslogConnectionTest, SaysWhyItReachesNobody) {
  SyslogConnection connection(path_);
  EXPECT_EQ(connection.send("x"), Sent::kNo);
  EXPECT_EQ(connection.error(), ENOENT);
  listen_at(path_);
  EXPECT_EQ(connection.send("x"), Sent::kNo);
  EXPECT_EQ(connection.error(), ECONNREFUSED);
}

TEST_F(SyslogConnectionTest, PathThatFitsIntoNoAddressReachesNobody) {
  sockaddr_un address{};
  const std::string longest = "/" + std::string(sizeof address.sun_path - 2, 'x');
  SyslogConnection fits(longest);
  EXPECT_EQ(fits.send("x"), Sent::kNo);
  EXPECT_EQ(fits.error(), ENOENT);
  SyslogConnection too_long(longest + "x");
  EXPECT_EQ(too_long.send("x"), Sent::kNo);
  EXPECT_EQ(too_long.error(), ENAMETOOLONG);
}

TEST_F(SyslogConnectionTest, FindsTheSuccessorOfEitherType) {
  SyslogConnection connection(path_);
  Descriptor daemon = listen_at(path_);
  EXPECT_EQ(connection.send("one"), Sent::kYes);
  daemon = listen_at(path_);
  EXPECT_EQ(connection.send("two"), Sent::kYes);
  EXPECT_EQ(receive(daemon), "two");
  {
    daemon.reset();
    StreamDaemon stream(path_);
    EXPECT_EQ(connection.send("three"), Sent::kYes);
    EXPECT_THAT(stream.messages(), ElementsAre("three"));
  }
  daemon = listen_at(path_);
  EXPECT_EQ(connection.send("four"), Sent::kYes);
  EXPECT_EQ(receive(daemon), "four");
}

TEST_F(SyslogConnectionTest, ClosedItGoesToWhoListensThen) {
  const Descriptor old = listen_at(path_);
  SyslogConnection connection(path_);
  EXPECT_EQ(connection.send("one"), Sent::kYes);
  const Descriptor daemon = listen_at(path_);
  EXPECT_EQ(connection.send("two"), Sent::kYes);
  EXPECT_EQ(receive(daemon), "") << "the old one lives";
  connection.close();
  EXPECT_EQ(connection.send("three"), Sent::kYes);
  EXPECT_EQ(receive(daemon), "three");
}

TEST_F(SyslogConnectionTest, WaitsForRoomWithADaemonThatIsBusy) {
  const Descriptor daemon = listen_at(path_);
  SyslogConnection connection(path_);
  int sent = 0;
  while (connection.send("x") == Sent::kYes) ++sent;
  EXPECT_EQ(connection.send("x"), Sent::kFull);
  EXPECT_EQ(connection.error(), EAGAIN);
  EXPECT_FALSE(connection.wait_for_room(milliseconds(0)));
  while (!receive(daemon).empty()) --sent;
  EXPECT_EQ(sent, 0) << "nothing is lost";
  EXPECT_TRUE(connection.wait_for_room(milliseconds(60'000)));
  EXPECT_EQ(connection.send("x"), Sent::kYes);
}

TEST_F(SyslogConnectionTest, StreamHasAnEndBehindEachMessage) {
  StreamDaemon daemon(path_);
  SyslogConnection connection(path_);
  EXPECT_EQ(connection.send("one"), Sent::kYes);
  EXPECT_EQ(connection.send("one"), Sent::kYes);
  EXPECT_EQ(connection.send("other"), Sent::kYes);
  EXPECT_THAT(daemon.messages(), ElementsAre("one", "one", "other"));
  EXPECT_EQ(daemon.begun(), "");
}

// Far more than a socket's buffer holds.
TEST_F(SyslogConnectionTest, StreamGetsTheRestOfAMessageBeforeTheNext) {
  const std::string one(10'000'000, '1');
  const std::string other(10'000'000, '2');
  StreamDaemon daemon(path_);
  SyslogConnection connection(path_);
  EXPECT_EQ(connection.send(one), Sent::kFull);
  std::vector<std::string> got;
  const auto take = [&] {
    for (std::string& message : daemon.messages()) got.push_back(std::move(message));
  };
  while (connection.send(one) == Sent::kFull) take();
  while (connection.send(other) == Sent::kFull) take();
  take();
  EXPECT_EQ(connection.send("last"), Sent::kYes);
  take();
  EXPECT_THAT(got, ElementsAre(one, other, "last"));

  EXPECT_EQ(connection.send(one), Sent::kFull);
  Sent sent = Sent::kFull;
  while ((sent = connection.send("instead")) == Sent::kFull) take();
  EXPECT_EQ(sent, Sent::kYes);
  take();
  ASSERT_EQ(got.size(), 5u);
  EXPECT_EQ(got[3], one) << "which it had begun";
  EXPECT_EQ(got[4], "instead");
}

TEST_F(SyslogConnectionTest, WhatAFullStreamTookNothingOfIsForgotten) {
  StreamDaemon daemon(path_);
  SyslogConnection connection(path_);
  std::size_t sent = 0;
  while (connection.send("line") == Sent::kYes) ++sent;
  EXPECT_EQ(connection.send("forgotten"), Sent::kFull);
  EXPECT_THAT(daemon.messages(), testing::AllOf(testing::SizeIs(sent), testing::Each("line")));
  EXPECT_EQ(connection.send("next"), Sent::kYes);
  EXPECT_THAT(daemon.messages(), ElementsAre("next"));
}

TEST_F(SyslogConnectionTest, SuccessorOfAStreamGetsTheMessageFromItsBeginning) {
  const std::string message(10'000'000, '1');
  SyslogConnection connection(path_);
  {
    StreamDaemon daemon(path_);
    EXPECT_EQ(connection.send(message), Sent::kFull);
    EXPECT_THAT(daemon.messages(), testing::IsEmpty());
    EXPECT_NE(daemon.begun(), "");
  }
  StreamDaemon daemon(path_);
  std::vector<std::string> got;
  while (connection.send(message) == Sent::kFull) got = daemon.messages();
  if (got.empty()) got = daemon.messages();
  EXPECT_THAT(got, ElementsAre(message));
}

}  // namespace
}  // namespace plivo_dial
