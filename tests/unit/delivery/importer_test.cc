// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/importer.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "lib/spool/segment_format.h"
#include "tests/unit/books/store_fixture.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kFirst[] = "0123abcd-1-2-1.seg";
constexpr char kSecond[] = "0123abcd-1-2-2.seg";
constexpr std::uint64_t kStartNs = 1'795'000'000'000'000'000;

std::atomic<off_t> unreadable_at{-1};  // a byte that no pread gives

class ImporterTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    std::filesystem::create_directory(spool_ + "/in");
    open_store();
    importer_ = std::make_unique<Importer>(spool_, *store_, log_);
    ASSERT_TRUE(importer_->load().ok());
  }

  // A writer appends an event at that time.
  void append(const std::string& segment, int number, std::uint64_t time_ns) {
    const std::string path = path_of(segment);
    const std::string header = std::filesystem::exists(path) ? "" : encode_segment_header();
    std::ofstream(path, std::ios::app | std::ios::binary)
        << header
        << encode_frame(static_cast<std::uint64_t>(number), time_ns, to_json(large_event(number)));
  }
  // Almost a page of the disk.
  static Event large_event(int number) {
    Event event = event_of(number, "other");
    event.params = {{"Large", std::string(3000, 'x')}};
    return event;
  }
  std::string path_of(const std::string& segment) const { return spool_ + "/in/" + segment; }

  Importer::Round import(const std::set<std::string>& names, std::uint64_t until_ns) {
    const Importer::Moment until{static_cast<std::int64_t>(until_ns), until_ns};
    return importer_->import(names, until, [] { return true; });
  }

  // Whether it gives up a disk that does not give all, after a number of looks.
  bool comes_to_an_end() {
    for (int look = 0; look < 100; ++look) {
      if (importer_->import_all([] { return true; }).complete) return true;
    }
    return false;
  }

  // The numbers of the events that the store has, in its order.
  std::vector<std::string> taken_in() {
    std::vector<std::string> ids;
    for (const std::uint64_t seq : waiting()) ids.push_back(event(seq)->id);
    return ids;
  }

  std::unique_ptr<Importer> importer_;
};

// The second segment's change was not known yet when the first one's was.
TEST_F(ImporterTest, WhatIsYoungerThanTheKnownChangesWaits) {
  append(kSecond, 1, kStartNs + 10);
  append(kFirst, 2, kStartNs + 30);
  const Importer::Round early = import({kFirst}, kStartNs + 20);
  EXPECT_THAT(early.more, ElementsAre(kFirst));
  EXPECT_TRUE(early.complete);
  EXPECT_THAT(taken_in(), IsEmpty());
  const Importer::Round late = import({kFirst, kSecond}, kStartNs + 40);
  EXPECT_THAT(late.more, IsEmpty());
  EXPECT_THAT(taken_in(), ElementsAre(id_of(1), id_of(2)));
}

// Its writer was killed, and could not give back what it had reserved.
TEST_F(ImporterTest, SegmentOfADeadWriterIsCutToWhatItHolds) {
  append(kFirst, 1, kStartNs);
  const auto used = std::filesystem::file_size(path_of(kFirst));
  std::filesystem::resize_file(path_of(kFirst), 1024 * 1024);
  EXPECT_TRUE(importer_->import_all([] { return true; }).complete);
  EXPECT_EQ(std::filesystem::file_size(path_of(kFirst)), used);
  EXPECT_THAT(taken_in(), ElementsAre(id_of(1)));
  EXPECT_TRUE(importer_->import_all([] { return true; }).complete);
  EXPECT_EQ(log_.lines(), "");
}

TEST_F(ImporterTest, SegmentThatIsGoneIsForgottenWithoutAWord) {
  append(kFirst, 1, kStartNs);
  EXPECT_TRUE(importer_->import_all([] { return true; }).complete);
  record_all_delivered();
  std::filesystem::remove(path_of(kFirst));
  while (importer_->remove_some_finished(std::chrono::microseconds(0))) {
  }
  EXPECT_THAT(*store_->intake().segments(), IsEmpty());
  EXPECT_EQ(log_.lines(), "");
}

TEST_F(ImporterTest, SegmentThatCanNotBeRemovedIsToldOnceAndNotForgotten) {
  append(kFirst, 1, kStartNs);
  EXPECT_TRUE(importer_->import_all([] { return true; }).complete);
  record_all_delivered();
  std::filesystem::remove(path_of(kFirst));
  std::filesystem::create_directory(path_of(kFirst));
  EXPECT_FALSE(importer_->remove_some_finished(std::chrono::microseconds(0)));
  EXPECT_FALSE(importer_->remove_some_finished(std::chrono::microseconds(0)));
  EXPECT_EQ(count_of(log_.lines(), "cannot remove '" + path_of(kFirst) + "': Is a directory"), 1u);
  EXPECT_EQ(store_->intake().segments()->size(), 1u);
}

TEST_F(ImporterTest, SegmentOfALivingWriterIsNotCut) {
  append(kFirst, 1, kStartNs);
  std::filesystem::resize_file(path_of(kFirst), 1024 * 1024);
  const int writer = open(path_of(kFirst).c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(writer, LOCK_EX), 0);
  EXPECT_TRUE(importer_->import_all([] { return true; }).complete);
  EXPECT_EQ(std::filesystem::file_size(path_of(kFirst)), 1024U * 1024U);
  close(writer);
}

// inotify tells of a segment's changes from before it has its name on.
TEST_F(ImporterTest, SegmentThatGetsItsNameWhileItIsLookedForIsNoFault) {
  constexpr int kSegments = 100;
  const auto name_of = [](int i) { return "0123abcd-1-2-" + std::to_string(i) + ".seg"; };
  for (int i = 0; i < kSegments; ++i) append(unfinished_segment_name(name_of(i)), i, kStartNs);
  std::atomic<int> looked_for{-1};
  std::thread writer([&] {
    for (int i = 0; i < kSegments; ++i) {
      while (looked_for < i) std::this_thread::yield();
      std::filesystem::rename(path_of(unfinished_segment_name(name_of(i))), path_of(name_of(i)));
    }
  });
  for (int i = 0; i < kSegments; ++i) {
    looked_for = i;
    while (!std::filesystem::exists(path_of(name_of(i)))) import({name_of(i)}, kStartNs + 1);
    import({name_of(i)}, kStartNs + 1);
  }
  writer.join();
  EXPECT_EQ(log_.lines(), "");
  EXPECT_EQ(taken_in().size(), static_cast<std::size_t>(kSegments));
}

// The disk has lost a page, and may yet find it.
TEST_F(ImporterTest, WhatTheDiskDoesNotGiveHoldsUpNothingElseForLong) {
  for (int i = 1; i <= 4; ++i) append(kFirst, i, kStartNs);
  unreadable_at = 4096 + 10;
  EXPECT_FALSE(importer_->import_all([] { return true; }).complete);
  EXPECT_THAT(taken_in(), IsEmpty());
  EXPECT_TRUE(comes_to_an_end());
  unreadable_at = -1;
  EXPECT_THAT(taken_in(), ElementsAre(id_of(1), id_of(4)));
  EXPECT_EQ(count_of(log_.lines(), "PD0503"), 1u) << log_.lines();
  EXPECT_EQ(count_of(log_.lines(), "PD0501"), 1u) << log_.lines();
  EXPECT_EQ(read_text(spool_ + "/quarantine/" + kFirst), read_text(path_of(kFirst)));
}

TEST_F(ImporterTest, WhatStandsBehindALostHeaderIsFound) {
  for (int i = 1; i <= 4; ++i) append(kFirst, i, kStartNs);
  unreadable_at = 10;
  EXPECT_TRUE(comes_to_an_end());
  unreadable_at = -1;
  EXPECT_THAT(taken_in(), ElementsAre(id_of(3), id_of(4)));
  EXPECT_EQ(count_of(log_.lines(), "PD0503"), 1u) << log_.lines();
  EXPECT_TRUE(std::filesystem::exists(spool_ + "/quarantine/" + kFirst));
}

// No file can be opened while it lives.
class NoDescriptors {
 public:
  NoDescriptors() {
    EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &files_), 0);
    const rlimit none{0, files_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  }
  ~NoDescriptors() { EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &files_), 0); }

 private:
  rlimit files_{};
};

// A store that is made anew must not forget yet what had been delivered.
TEST_F(ImporterTest, SegmentThatCannotBeOpenedNowIsNotAllThereIs) {
  append(kFirst, 1, kStartNs);
  append(kSecond, 2, kStartNs + 1);
  std::filesystem::create_symlink("/etc/passwd", path_of("0123abcd-1-2-3.seg"));
  {
    const NoDescriptors now;
    EXPECT_FALSE(import({kFirst, kSecond}, kStartNs + 9).complete);
  }
  EXPECT_TRUE(importer_->import_all([] { return true; }).complete)
      << "what is refused for good is no reason to wait";
  EXPECT_THAT(taken_in(), ElementsAre(id_of(1), id_of(2)));
}

// Or it would do so for ever where somebody put a file that only root can read.
TEST_F(ImporterTest, SegmentThatCannotBeOpenedForAMinuteIsWaitedForNoLonger) {
  const int socket_of_nobody = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path_of(kFirst).copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(bind(socket_of_nobody, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  const auto go_on = [] { return true; };
  for (int i = 0; i < 200; ++i) {
    EXPECT_FALSE(import({kFirst}, kStartNs).complete) << "that is no second";
  }
  int seconds = 1;
  while (!importer_->import_all(go_on).complete) ASSERT_LT(++seconds, 100);
  EXPECT_GE(seconds, 60);
  close(socket_of_nobody);
  std::filesystem::remove(path_of(kFirst));
  append(kFirst, 1, kStartNs);
  importer_->import_all(go_on);
  EXPECT_THAT(taken_in(), ElementsAre(id_of(1))) << "it is taken in when it can be opened";
  EXPECT_EQ(count_of(log_.lines(), "PD0502"), 1u) << log_.lines();
}

TEST_F(ImporterTest, SaysThatItWorksWhileItReads) {
  constexpr int kSegments = 20;
  for (int i = 1; i <= kSegments; ++i) {
    append("0123abcd-1-2-" + std::to_string(i) + ".seg", i, kStartNs);
  }
  int signs = 0;
  EXPECT_TRUE(importer_->import_all([&] { return ++signs > 0; }).complete);
  EXPECT_GE(signs, kSegments);
  signs = 0;
  EXPECT_TRUE(importer_->import_all([&] { return ++signs > 0; }).complete);
  EXPECT_LE(signs, 1) << "nothing is new";
}

}  // namespace
}  // namespace plivo_dial

extern "C" {
ssize_t __real_pread(int, void*, size_t, off_t);

ssize_t __wrap_pread(int file, void* bytes, size_t length, off_t offset) {
  const off_t lost = plivo_dial::unreadable_at;
  if (lost < 0 || lost < offset || lost >= offset + static_cast<off_t>(length)) {
    return __real_pread(file, bytes, length, offset);
  }
  errno = EIO;
  return -1;
}
}
