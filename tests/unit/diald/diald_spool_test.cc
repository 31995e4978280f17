// SPDX-License-Identifier: Apache-2.0
// plivo-diald on a spool whose directory goes, and under a limit on the size of files.
#include <gmock/gmock.h>

#include "lib/spool/spool_lock.h"
#include "tests/unit/diald/diald_fixture.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;

// Row 40 of the fault table. Who looks at the new directory finds a dispatcher there, and nothing
// of the old one is lost.
TEST_F(DialdTest, DirectoryThatTakesTheSpoolsPlaceIsServed) {
  const std::string old = spool_ + ".old";
  add_sink({"a", "file:" + out("later") + "/a"});
  start_and_configure();
  spool_events(1, 3);
  ASSERT_TRUE(logs("cannot open"));
  std::filesystem::rename(spool_, old);
  ASSERT_TRUE(logs("PD0610: the spool is gone, its directory is now '" + old + "'"));
  ASSERT_TRUE(logs("mkdir -p"));
  std::filesystem::create_directory(spool_);
  ASSERT_TRUE(logs("is another directory now; the one before it is now '" + old + "'"));
  ASSERT_TRUE(eventually([&] { return count_of(log_text(), "PD0601") == 2; }));
  const auto holder = SpoolLock::holder(spool_);
  ASSERT_TRUE(holder.ok() && holder->has_value());
  EXPECT_EQ((*holder)->pid, process_);
  spool_events(4, 2);
  std::filesystem::create_directory(out("later"));
  EXPECT_TRUE(eventually([&] { return count_of(read_text(out("later/a")), "\n") == 2; }));
  close_input();
  EXPECT_EQ(end_soon(), 0);
  EXPECT_EQ(count_of(log_text(), "PD0610"), 2u) << "each is said once:\n" << log_text();
  EXPECT_EQ(count_of(log_text(), "PD05"), 0u) << log_text();

  config_.spool = old;
  start();
  send(to_json(config_));
  EXPECT_TRUE(eventually([&] { return count_of(read_text(out("later/a")), "\n") == 5; }));
}

// A copy has the same store and segments: what the first has delivered does not come again.
TEST_F(DialdTest, CopyThatTakesTheSpoolsPlaceGoesOnWithIt) {
  add_sink({"a", "file:" + out("a")});
  start_and_configure();
  spool_events(1, 3);
  ASSERT_TRUE(eventually([&] { return count_of(read_text(out("a")), "\n") == 3; }));
  ASSERT_TRUE(eventually([&] { return segments_left() == 0; }));
  std::filesystem::copy(spool_, spool_ + ".copy", std::filesystem::copy_options::recursive);
  std::filesystem::rename(spool_, spool_ + ".old");
  std::filesystem::rename(spool_ + ".copy", spool_);
  ASSERT_TRUE(eventually([&] { return count_of(log_text(), "PD0601") == 2; }));
  spool_events(4, 2);
  EXPECT_TRUE(eventually([&] { return count_of(read_text(out("a")), "\n") >= 5; }));
  const std::string got = read_text(out("a"));
  for (int i = 4; i < 6; ++i) EXPECT_EQ(count_of(got, id_of(i)), 1u) << got;
}

TEST_F(DialdTest, DirectoryThatIsRemovedAndMadeAnewIsServed) {
  add_sink({"a", "file:" + out("a")});
  start_and_configure();
  std::filesystem::remove_all(spool_);
  std::filesystem::create_directory(spool_);
  ASSERT_TRUE(logs("the one before it was removed"));
  spool_events(1, 2);
  EXPECT_TRUE(eventually([&] { return count_of(read_text(out("a")), "\n") == 2; }));
}

TEST_F(DialdTest, LockThatIsRemovedIsTakenAnew) {
  add_sink({"a", "file:" + out("a")});
  start_and_configure();
  std::filesystem::remove(spool_ + "/dispatcher.lock");
  ASSERT_TRUE(logs("PD0610: dispatcher.lock of the spool"));
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(spool_ + "/dispatcher.lock"); }));
  const auto holder = SpoolLock::holder(spool_);
  EXPECT_TRUE(holder.ok() && holder->has_value());
  spool_events(1, 2);
  EXPECT_TRUE(eventually([&] { return count_of(read_text(out("a")), "\n") == 2; }));
}

// Row 41 of the fault table: ulimit -f, LimitFSIZE=.
TEST_F(DialdTest, LimitOnFileSizesIsAFullDiskThatIsNamed) {
  constexpr int kEvents = 1500;
  constexpr int kLimit = 256 * 1024;
  add_sink({"a", "file:" + out("a")});
  add_sink({"b", "file:" + out("b")});
  std::ofstream(out("b")) << std::string(kLimit - 1, 'x') << "\n";
  file_size_limit_ = kLimit;
  start_and_configure();
  const std::string limit = "may write no file beyond 262144 bytes: raise the limit, LimitFSIZE=";
  spool_events(1, 10);
  EXPECT_TRUE(logs("PD0621: sink b: cannot write '" + out("b") +
                   "': File too large; this process " + limit));
  spool_events(11, kEvents - 10);
  EXPECT_TRUE(logs("PD0525: '" + spool_ + "/dispatch/queue.db' can't grow: this process " + limit));
  EXPECT_EQ(waitpid(process_, nullptr, WNOHANG), 0) << "it lives";
  kill(process_, SIGTERM);
  EXPECT_EQ(end_soon(), 0);

  file_size_limit_ = RLIM_INFINITY;
  start();
  send(to_json(config_));
  const auto has_all = [&] {
    const std::string got = read_text(out("a"));
    if (count_of(got, "\n") < kEvents) return false;
    for (int i = 1; i <= kEvents; ++i) {
      if (count_of(got, id_of(i)) == 0) return false;
    }
    return true;
  };
  EXPECT_TRUE(eventually(has_all)) << log_text();
}

TEST_F(DialdTest, LimitThatLeavesNoRoomForTheStoreIsNamed) {
  file_size_limit_ = 16 * 1024;
  start();
  send(to_json(config_));
  EXPECT_EQ(wait_for_end(), 1);
  EXPECT_THAT(log_text(), HasSubstr("PD0604: plivo-diald cannot start"));
  EXPECT_THAT(log_text(), HasSubstr("may write no file beyond 16384 bytes"));
}

}  // namespace
}  // namespace plivo_dial
