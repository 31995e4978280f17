// SPDX-License-Identifier: Apache-2.0
#include "lib/status/status_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>

#include "lib/base/system_file.h"
#include "lib/status/refused_events.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;

constexpr std::string_view kSpool = "/var/lib/plivo-dial";

class StatusFileTest : public testing::Test {
 protected:
  StatusFileTest() {
    EXPECT_NE(mkdtemp(directory_.data()), nullptr);
    path_ = directory_ + "/" + status_file_name(kSpool);
  }
  ~StatusFileTest() override {
    close_status(status_);
    std::filesystem::remove_all(directory_);
  }

  StatusFile& open() {
    publish_status(status_);
    close_status(status_);
    const Result<ServerStatus> opened = open_status_file(path_, kSpool);
    EXPECT_TRUE(opened) << opened.error().message;
    status_ = *opened;
    return *status_.memory;
  }

  StatusReport read() const {
    publish_status(status_);
    const Result<StatusReport> report = read_status_file(path_);
    EXPECT_TRUE(report) << report.error().message;
    return report ? *report : StatusReport();
  }

  std::string directory_ = testing::TempDir() + "/status-XXXXXX";
  std::string path_;
  ServerStatus status_;
};

TEST_F(StatusFileTest, TellsNothingAtFirst) {
  open();
  const StatusReport report = read();
  EXPECT_EQ(report.spool, kSpool);
  EXPECT_EQ(report.dispatcher, 0);
  EXPECT_TRUE(report.refused_events.empty());
  struct stat status {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0644U);
  EXPECT_EQ(status.st_size, static_cast<off_t>(sizeof(StatusFile)));
}

TEST_F(StatusFileTest, CountsByUserAndForgetsTheTroubleOfHimWhoStores) {
  StatusFile& status = open();
  note_not_stored(status, 33, LostEvent::kRefused, "full", 1'000'000);
  note_not_stored(status, 33, LostEvent::kLogged, "read-only", 2'000'000);
  note_not_stored(status, 1001, LostEvent::kRefused, "denied", 3'000'000);
  note_not_stored(status, 1001, LostEvent::kTrial, "denied", 4'000'000);
  std::vector<RefusedEventsReport> found = read().refused_events;
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].user, 33U);
  EXPECT_EQ(found[0].refused, 1U);
  EXPECT_EQ(found[0].logged, 1U);
  EXPECT_EQ(found[0].since_us, 1'000'000);
  EXPECT_EQ(found[0].last_us, 2'000'000);
  EXPECT_EQ(found[0].reason, "read-only");
  EXPECT_EQ(found[1].failed_trials, 1U);
  EXPECT_TRUE(note_stored(status, 33));
  EXPECT_FALSE(note_stored(status, 33)) << "there is no trouble any more";
  EXPECT_FALSE(note_stored(status, 12345)) << "has no entry, and gets none";
  EXPECT_TRUE(note_stored(status, 1001)) << "whose entry is the second";
  note_not_stored(status, 1001, LostEvent::kRefused, "denied", 3'000'000);
  found = read().refused_events;
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].since_us, 0) << "it stores again";
  EXPECT_EQ(found[0].refused, 1U) << "what was counted stays";
  EXPECT_EQ(found[1].since_us, 3'000'000) << "the other user's trouble goes on";
  note_not_stored(status, 33, LostEvent::kRefused, "full", 9'000'000);
  EXPECT_EQ(read().refused_events[0].since_us, 9'000'000);
}

TEST_F(StatusFileTest, MoreUsersThanEntriesShareTheLast) {
  StatusFile& status = open();
  for (uid_t user = 0; user < 20; ++user) {
    note_not_stored(status, user, LostEvent::kRefused, "x", 1);
  }
  std::uint64_t sum = 0;
  for (const RefusedEventsReport& one : read().refused_events) sum += one.refused;
  EXPECT_EQ(read().refused_events.size(), kStatusUsers);
  EXPECT_EQ(sum, 20U);
}

TEST_F(StatusFileTest, WhoHasNoEntryAmongManyEndsNobodysTrouble) {
  StatusFile& status = open();
  for (uid_t user = 1; user <= kStatusUsers; ++user) {
    note_not_stored(status, user, LostEvent::kRefused, "x", 1);
  }
  EXPECT_FALSE(note_stored(status, 99));
  for (const RefusedEventsReport& one : read().refused_events) EXPECT_EQ(one.since_us, 1);
}

// Another version may have counters there.
TEST_F(StatusFileTest, SpareRoomIsLeftAlone) {
  StatusFile& status = open();
  StatusRefusedEvents& entry = status.refused_events[0];
  for (StatusNumber& one : entry.spare) one = 5;
  entry.spare_number = 6;
  for (const std::size_t length : {0, 1, 8, 703, 704, 705, 5000}) {
    note_not_stored(status, 33, LostEvent::kLogged, std::string(length, 'x'), 1);
  }
  for (const StatusNumber& one : entry.spare) EXPECT_EQ(one, 5U);
  EXPECT_EQ(entry.spare_number, 6U);
}

// The file of a server that has just begun tells what the one before counted.
TEST_F(StatusFileTest, IsWholeBeforeAnyProcessWritesToIt) {
  const Result<ServerStatus> opened = open_status_file(path_, kSpool);
  ASSERT_TRUE(opened);
  status_ = *opened;
  const Result<StatusReport> report = read_status_file(path_);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->spool, kSpool);
}

TEST_F(StatusFileTest, GivesMemoryAndDescriptorBack) {
  const Descriptor standard_input(dup(0));
  close(0);
  void* const memory = &open();
  EXPECT_EQ(status_.file, 0) << "the lowest number that is free";
  status_.memory->server.dispatcher = 4711;
  EXPECT_EQ(read().dispatcher, 4711) << "it is written to, whatever its number";
  close_status(status_);
  EXPECT_EQ(msync(memory, sizeof(StatusFile), MS_ASYNC), -1) << "no memory there any more";
  EXPECT_EQ(fcntl(0, F_GETFD), -1);
  std::ofstream(path_) << "no status";
  open();
  EXPECT_EQ(status_.file, 0) << "the file that was no good is closed";
  close_status(status_);
  if (standard_input.valid()) dup2(standard_input.get(), 0);
  EXPECT_EQ(status_.memory, nullptr);
  EXPECT_EQ(status_.file, -1);
  publish_status(status_);
  close_status(status_);
}

// As on a full disk: the space is asked for at once.
TEST_F(StatusFileTest, WhatHasNoRoomLeavesNothingBehind) {
  const auto open_without_room = [this] {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit most{100, 100};
    setrlimit(RLIMIT_FSIZE, &most);
    const Result<ServerStatus> opened = open_status_file(path_, kSpool);
    if (!opened) std::fputs(opened.error().message.c_str(), stderr);
    _exit(opened ? 1 : 0);
  };
  EXPECT_EXIT(open_without_room(), testing::ExitedWithCode(0),
              "cannot write '.*\\.status\\.new': File too large");
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(StatusFileTest, KeepsWhatWasCountedOverReloads) {
  note_not_stored(open(), 33, LostEvent::kRefused, "full", 5);
  struct stat first {};
  ASSERT_EQ(stat(path_.c_str(), &first), 0);
  note_not_stored(open(), 33, LostEvent::kRefused, "full", 6);
  struct stat second {};
  ASSERT_EQ(stat(path_.c_str(), &second), 0);
  EXPECT_EQ(first.st_ino, second.st_ino) << "processes of the generation before count in it too";
  EXPECT_EQ(read().refused_events[0].refused, 2U);
}

// As after an upgrade by graceful, to a version with another layout and back.
TEST_F(StatusFileTest, AnotherLayoutIsReplacedAndNeverWrittenTo) {
  note_not_stored(open(), 33, LostEvent::kRefused, "full", 5);
  publish_status(status_);
  ServerStatus old_generation = std::exchange(status_, ServerStatus());
  {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    StatusHead head = status_head();
    head.sections[2] = {static_cast<StatusSection>(77), 0, 8, 1};
    file.write(reinterpret_cast<const char*>(&head), sizeof head);
  }
  open();
  EXPECT_EQ(read().refused_events.at(0).refused, 1U) << "what both have is taken over";
  note_not_stored(*old_generation.memory, 33, LostEvent::kRefused, "full", 6);
  publish_status(old_generation);
  EXPECT_EQ(read().refused_events.at(0).refused, 1U) << "the old one has no name any more";
  close_status(old_generation);
}

// The server's section had another size; the other one is as it was.
TEST_F(StatusFileTest, SectionsOfOneSizeAreTakenOver) {
  note_not_stored(open(), 33, LostEvent::kRefused, "full", 5);
  status_.memory->server.dispatcher = 7;
  status_.memory->head.sections[0].entry_size = 1024 + 64;
  open();
  const StatusReport report = read();
  EXPECT_EQ(report.spool, kSpool);
  EXPECT_EQ(report.dispatcher, 0);
  EXPECT_EQ(report.refused_events.at(0).refused, 1U);
}

TEST_F(StatusFileTest, WithFewerEntriesIsTakenOverAsFarAsItGoes) {
  StatusFile& status = open();
  for (uid_t user = 1; user <= 3; ++user) {
    note_not_stored(status, user, LostEvent::kRefused, "x", 1);
  }
  status.head.sections[1].entries = 2;
  open();
  EXPECT_EQ(read().refused_events.size(), 2U);
}

TEST_F(StatusFileTest, AnotherVersionTellsNothingAndIsReplaced) {
  note_not_stored(open(), 33, LostEvent::kRefused, "full", 5);
  status_.memory->head.version = 2;
  publish_status(status_);
  const Result<StatusReport> report = read_status_file(path_);
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("has version 2"));
  open();
  EXPECT_TRUE(read().refused_events.empty());
}

TEST_F(StatusFileTest, OfAnotherSpoolIsReplaced) {
  note_not_stored(open(), 33, LostEvent::kRefused, "full", 5);
  std::strcpy(status_.memory->server.spool.data(), "/elsewhere");
  open();
  EXPECT_EQ(read().spool, kSpool);
  EXPECT_TRUE(read().refused_events.empty());
}

// A file that shrinks, or whose disk dies, must not take the server with it: its processes count in
// memory of their own, and what they write next makes the file whole again.
TEST_F(StatusFileTest, IsNoGroundThatProcessesStandOn) {
  StatusFile& status = open();
  std::filesystem::resize_file(path_, 0);
  note_not_stored(status, 33, LostEvent::kRefused, "full", 5);
  EXPECT_EQ(read().refused_events.at(0).refused, 1U);
  std::ofstream(path_, std::ios::binary | std::ios::in | std::ios::out) << "not a head";
  note_not_stored(status, 33, LostEvent::kRefused, "full", 6);
  EXPECT_EQ(read().refused_events.at(0).refused, 2U);
}

TEST_F(StatusFileTest, IsNamedAlikeWithASlashBehindTheSpool) {
  EXPECT_EQ(status_file_name("/a/spool/"), status_file_name("/a/spool"));
  EXPECT_EQ(status_file_name("/a/spool//"), status_file_name("/a/spool"));
  EXPECT_NE(status_file_name("/a/spool2"), status_file_name("/a/spool"));
  EXPECT_NE(status_file_name("/"), status_file_name(""));
}

// Tools and servers of different versions must find each other.
TEST(StatusFileName, StaysWhatItIs) {
  EXPECT_EQ(status_file_name(kSpool), "plivo-dial.be594abd.status");
  EXPECT_EQ(status_file_name("/"), "plivo-dial.2a0c975e.status");
}

TEST_F(StatusFileTest, LongPathOfASpoolIsCut) {
  const std::string spool = "/" + std::string(2000, 'x');
  status_ = anonymous_status(spool);
  publish_status(status_);
  const std::size_t room = status_.memory->server.spool.size();
  EXPECT_EQ(status_.memory->server.spool.back(), '\0');
  EXPECT_EQ(status_.memory->server.spool.data(), spool.substr(0, room - 1));
}

// Somebody else could write to it, or has it under a name of his own.
TEST_F(StatusFileTest, WhatOthersHaveAHandInIsReplaced) {
  open();
  const auto is_replaced = [this] {
    struct stat before {};
    struct stat after {};
    EXPECT_EQ(stat(path_.c_str(), &before), 0);
    const Descriptor keeps_the_number(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    open();
    EXPECT_EQ(stat(path_.c_str(), &after), 0);
    return before.st_ino != after.st_ino;
  };
  EXPECT_FALSE(is_replaced());
  chmod(path_.c_str(), 0646);
  EXPECT_TRUE(is_replaced());
  std::filesystem::create_hard_link(path_, directory_ + "/other");
  EXPECT_TRUE(is_replaced());
  EXPECT_FALSE(is_replaced());
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  EXPECT_EQ(chown(path_.c_str(), 54395, 54395), 0);
  EXPECT_TRUE(is_replaced());
}

TEST_F(StatusFileTest, WhatCannotBeNamedLeavesNothingBehind) {
  std::filesystem::create_directories(path_ + "/full");
  const Result<ServerStatus> opened = open_status_file(path_, kSpool);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("cannot name '" + path_ + "'"));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

// Of a version whose entries have other sizes: what they have is read, and no more.
TEST_F(StatusFileTest, EntriesOfOtherSizesAreReadAsFarAsTheyGo) {
  StatusRefusedEvents entry{};
  entry.user = 1 + 33;
  entry.refused = 7;
  entry.last_us = 9;
  std::size_t room = 64;
  const auto written = [&](std::uint32_t entry_size, std::uint32_t entries) {
    StatusHead head = status_head();
    head.sections = {};
    head.sections[0] = {StatusSection::kRefusedEvents, sizeof head, entry_size, entries};
    std::string bytes(sizeof head + room, '\0');
    head.size = static_cast<std::uint32_t>(bytes.size());
    std::memcpy(bytes.data(), &head, sizeof head);
    for (std::size_t i = 0; i < room; i += 64) {
      std::memcpy(bytes.data() + sizeof head + i, static_cast<const void*>(&entry), 64);
    }
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
    const Result<StatusReport> report = read_status_file(path_);
    EXPECT_TRUE(report) << report.error().message;
    return report ? report->refused_events : std::vector<RefusedEventsReport>();
  };
  const std::vector<RefusedEventsReport> found = written(64, 1);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].user, 33U);
  EXPECT_EQ(found[0].refused, 7U);
  EXPECT_EQ(found[0].reason, "");
  EXPECT_TRUE(written(65, 1).empty()) << "more than the file has";
  EXPECT_TRUE(written(0, 1).empty());
  EXPECT_TRUE(written(64, 0).empty());
  EXPECT_TRUE(written(0, 0xffffffff).empty());
  EXPECT_TRUE(written(0xffffffff, 0xffffffff).empty());
  room = 256;
  EXPECT_EQ(written(64, 3).size(), 3U) << "and not what lies behind them";
}

// Whatever lies there is not read into memory whole.
TEST_F(StatusFileTest, HugeFilesAreNone) {
  for (const std::size_t size : {std::size_t{1} << 20, (std::size_t{1} << 20) + 1}) {
    StatusHead head = status_head();
    head.size = static_cast<std::uint32_t>(size);
    std::string bytes(size, '\0');
    std::memcpy(bytes.data(), &head, sizeof head);
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
    EXPECT_EQ(read_status_file(path_).ok(), size == std::size_t{1} << 20) << size;
  }
}

TEST_F(StatusFileTest, WhatIsNoWholeFileIsReplacedAndReadAsAnError) {
  for (const std::string& content :
       {std::string(), std::string("x"), std::string(sizeof(StatusHead), '\0'),
        std::string(sizeof(StatusFile) - 1, '\0'), std::string(sizeof(StatusFile), 'x'),
        std::string(2 << 20, '\0')}) {
    close_status(status_);
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << content;
    EXPECT_FALSE(read_status_file(path_)) << content.size();
    open();
    EXPECT_EQ(read().spool, kSpool);
  }
  // A head that tells the truth of its size, and sections that lie outside.
  StatusHead head = status_head();
  head.size = sizeof head;
  close_status(status_);
  std::ofstream(path_, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(&head), sizeof head);
  EXPECT_TRUE(read().refused_events.empty());
  open();
}

TEST_F(StatusFileTest, FollowsNoLinkAndTakesNoDirectory) {
  const std::string victim = directory_ + "/victim";
  std::ofstream(victim) << "precious";
  std::filesystem::create_symlink(victim, path_);
  open();
  EXPECT_EQ(std::filesystem::file_size(victim), 8U);
  EXPECT_TRUE(std::filesystem::is_regular_file(std::filesystem::symlink_status(path_)));
  const Result<ServerStatus> none = open_status_file(directory_ + "/no/where", kSpool);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("/no/where.new"));
  EXPECT_FALSE(read_status_file(directory_));
}

TEST_F(StatusFileTest, ProcessesThatWereForkedCountTogether) {
  StatusFile& status = open();
  std::vector<pid_t> children;
  for (int child = 0; child < 4; ++child) {
    const pid_t pid = fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
      for (int i = 0; i < 1000; ++i) {
        const std::string reason = "reason " + std::to_string(i % 3) + std::string(300, 'x');
        note_not_stored(status, 33, LostEvent::kRefused, reason, i + 1);
        publish_status(status_);
      }
      _exit(0);
    }
    children.push_back(pid);
  }
  // A reader never sees half of two reasons.
  for (int i = 0; i < 200; ++i) {
    for (const RefusedEventsReport& one : read().refused_events) {
      EXPECT_TRUE(one.reason.empty() || one.reason.size() == 308U) << one.reason;
    }
  }
  for (const pid_t pid : children) waitpid(pid, nullptr, 0);
  EXPECT_EQ(read().refused_events.at(0).refused, 4000U);
}

TEST_F(StatusFileTest, TellsWhatIsToStayFree) {
  EXPECT_FALSE((open(), read().min_free));
  status_.memory->server.min_free = 1;
  EXPECT_EQ(read().min_free, 0U);
  status_.memory->server.min_free = 1 + 4096;
  EXPECT_EQ(read().min_free, 4096U);
}

TEST_F(StatusFileTest, ALongReasonIsCut) {
  note_not_stored(open(), 1, LostEvent::kRefused, std::string(5000, 'r'), 1);
  EXPECT_EQ(read().refused_events.at(0).reason, std::string(StatusText::kBytes, 'r'));
}

TEST_F(StatusFileTest, OneOfManyProcessesTriesTheSpool) {
  StatusFile& status = open();
  EXPECT_TRUE(trial_is_due(status, 33, 100, 50));
  EXPECT_FALSE(trial_is_due(status, 33, 100, 50));
  EXPECT_FALSE(trial_is_due(status, 33, 149, 50));
  EXPECT_TRUE(trial_is_due(status, 34, 149, 50));
  EXPECT_TRUE(trial_is_due(status, 33, 150, 50));
  EXPECT_TRUE(trial_is_due(status, 33, 10, 50)) << "the clock was set back";
}

}  // namespace
}  // namespace plivo_dial
