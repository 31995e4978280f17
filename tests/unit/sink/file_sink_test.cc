// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

#include "lib/settings/sink_arguments.h"
#include "lib/sink/make_sink.h"
#include "lib/sink/sink.h"
#include "tests/unit/delivery/delivery_fixture.h"

namespace plivo_dial {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class FileSinkTest : public DeliveryTest {
 protected:
  SinkConfig config(const std::string& target, const std::string& option) {
    const std::vector<std::string_view> words = {"x", target, option};
    Result<SinkConfig> sink = parse_sink(words);
    EXPECT_TRUE(sink.ok()) << sink.error().message;
    return *sink;
  }

  Stop stop_;
};

using Outcome = Attempt::Outcome;

TEST_F(FileSinkTest, FileGetsOneLineForEachEvent) {
  const std::string path = directory_ + "/calls";
  const auto sink = make_file_sink(config("file:" + path, "format=json"), log_);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(sink->attempt(event_of(i), stop_).outcome, Outcome::kDone);
  }
  EXPECT_EQ(read_text(path), to_json(event_of(0)) + "\n" + to_json(event_of(1)) + "\n" +
                                 to_json(event_of(2)) + "\n");
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777 & ~0640u, 0u);
}

TEST_F(FileSinkTest, FileInKeyValueFormHasTheTime) {
  const std::string path = directory_ + "/calls";
  const auto sink = make_file_sink(config("file:" + path, "format=kv"), log_);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  EXPECT_THAT(read_text(path),
              StartsWith("received=2026-11-18T11:06:40.000000Z event=dial.result"));
  EXPECT_THAT(read_text(path), EndsWith("\n"));
}

TEST_F(FileSinkTest, FileFollowsLogrotate) {
  const std::string path = directory_ + "/calls";
  const auto sink = make_file_sink(config("file:" + path, "format=json"), log_);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  std::filesystem::rename(path, path + ".1");
  EXPECT_EQ(sink->attempt(event_of(2), stop_).outcome, Outcome::kDone);
  std::filesystem::remove(path);
  EXPECT_EQ(sink->attempt(event_of(3), stop_).outcome, Outcome::kDone);
  EXPECT_EQ(read_text(path + ".1"), to_json(event_of(1)) + "\n");
  EXPECT_EQ(read_text(path), to_json(event_of(3)) + "\n");
}

// Whoever wrote it was killed, or its disk was full.
TEST_F(FileSinkTest, FileThatEndsInTheMiddleOfALineGetsALineBreakFirst) {
  const std::string path = directory_ + "/calls";
  std::ofstream(path) << "{\"v\":1,\"id\":\"01k9x4mq2r8f3c5t7v";
  const auto sink = make_file_sink(config("file:" + path, "format=json"), log_);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  EXPECT_EQ(sink->attempt(event_of(2), stop_).outcome, Outcome::kDone);
  EXPECT_EQ(read_text(path), "{\"v\":1,\"id\":\"01k9x4mq2r8f3c5t7v\n" + to_json(event_of(1)) +
                                 "\n" + to_json(event_of(2)) + "\n");
}

TEST_F(FileSinkTest, FileThatCannotBeOpenedIsTriedAgain) {
  const std::string path = directory_ + "/later/calls";
  const auto sink = make_file_sink(config("file:" + path, "format=json"), log_);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kWait);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kWait);
  EXPECT_EQ(count_of(log_.lines(), "PD0621"), 1u);
  std::filesystem::create_directory(directory_ + "/later");
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  EXPECT_THAT(log_.lines(), HasSubstr("PD0622"));
}

// What can't be synced may be lost, though a later sync succeeds: it must be
// written again.
TEST_F(FileSinkTest, FileThatCannotBeSyncedIsOpenedAgain) {
  const std::string path = directory_ + "/calls";
  const auto sink = make_file_sink(config("file:" + path, "format=json"), log_);
  EXPECT_TRUE(sink->settle(stop_).ok()) << "nothing to sync";
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  EXPECT_TRUE(sink->settle(stop_).ok());
  int victim = -1;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code error;
    if (std::filesystem::read_symlink(entry.path(), error) == path) {
      victim = std::stoi(entry.path().filename());
    }
  }
  ASSERT_GE(victim, 0);
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  dup3(ends[1], victim, O_CLOEXEC);  // fdatasync of a pipe fails
  EXPECT_THAT(sink->settle(stop_).error().message, HasSubstr("cannot sync '" + path));
  EXPECT_TRUE(sink->settle(stop_).ok());
  EXPECT_EQ(sink->attempt(event_of(2), stop_).outcome, Outcome::kDone);
  EXPECT_EQ(read_text(path), to_json(event_of(1)) + "\n" + to_json(event_of(2)) + "\n");
  close(ends[0]);
  close(ends[1]);
}

// As logrotate's copytruncate does, and a shell's `>`.
TEST_F(FileSinkTest, FileThatShrinksIsSaid) {
  const std::string path = directory_ + "/calls";
  const auto sink = make_file_sink(config("file:" + path, "format=json"), log_);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  EXPECT_TRUE(sink->settle(stop_).ok());
  const auto size = std::filesystem::file_size(path);
  std::filesystem::resize_file(path, 0);
  EXPECT_EQ(sink->attempt(event_of(2), stop_).outcome, Outcome::kDone);
  EXPECT_THAT(log_.lines(), StartsWith("PD0623 sink x: '" + path + "' shrank from " +
                                       std::to_string(size) + " to 0 bytes"));
  EXPECT_THAT(log_.lines(), HasSubstr("'create'"));
  EXPECT_TRUE(sink->settle(stop_).ok()) << "no line was on its way when it shrank";
  EXPECT_EQ(read_text(path), to_json(event_of(2)) + "\n") << "no hole where the old lines were";
}

TEST_F(FileSinkTest, LinesThatWereCutBeforeTheyWereRecordedComeAgain) {
  const std::string path = directory_ + "/calls";
  const auto sink = make_file_sink(config("file:" + path, "format=json"), log_);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  std::filesystem::resize_file(path, 0);
  EXPECT_THAT(sink->settle(stop_).error().message, HasSubstr("shrank from "));
  EXPECT_TRUE(sink->settle(stop_).ok()) << "they are asked for once";
  // Found before the next line, too, and that comes again with them.
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  std::filesystem::resize_file(path, 0);
  EXPECT_EQ(sink->attempt(event_of(2), stop_).outcome, Outcome::kDone);
  EXPECT_FALSE(sink->settle(stop_).ok());
  EXPECT_EQ(count_of(log_.lines(), "PD0623"), 2u) << log_.lines();
}

TEST_F(FileSinkTest, FileThatIsCutInALineGetsALineBreakFirst) {
  const std::string path = directory_ + "/calls";
  const auto sink = make_file_sink(config("file:" + path, "format=json"), log_);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  std::filesystem::resize_file(path, 10);
  EXPECT_EQ(sink->attempt(event_of(2), stop_).outcome, Outcome::kDone);
  EXPECT_EQ(read_text(path),
            to_json(event_of(1)).substr(0, 10) + "\n" + to_json(event_of(2)) + "\n");
  EXPECT_THAT(log_.lines(), HasSubstr(" to 10 bytes"));
}

// Nobody has to call before it is said.
TEST_F(FileSinkTest, WhatHappensToAFileIsSeenWithoutAnEvent) {
  const std::string path = directory_ + "/calls";
  const auto sink = make_file_sink(config("file:" + path, "format=json"), log_);
  sink->look_after(stop_);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  EXPECT_TRUE(sink->settle(stop_).ok());
  sink->look_after(stop_);
  EXPECT_EQ(log_.lines(), "");
  std::filesystem::resize_file(path, 1);
  sink->look_after(stop_);
  sink->look_after(stop_);
  EXPECT_EQ(count_of(log_.lines(), "PD0623"), 1u) << log_.lines();
  std::filesystem::remove(path);
  sink->look_after(stop_);
  sink->look_after(stop_);
  EXPECT_EQ(count_of(log_.lines(), "PD0624"), 1u) << log_.lines();
  EXPECT_THAT(log_.lines(), HasSubstr("was removed"));
}

TEST_F(FileSinkTest, FileThatIsRemovedOrReplacedIsSaid) {
  const std::string path = directory_ + "/calls";
  const auto sink = make_file_sink(config("file:" + path, "format=json"), log_);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  std::filesystem::remove(path);
  EXPECT_FALSE(sink->settle(stop_).ok()) << "line 1 must come again";
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  EXPECT_TRUE(sink->settle(stop_).ok());
  EXPECT_THAT(log_.lines(), HasSubstr("PD0624 sink x: '" + path + "' was removed"));
  // As `sed -i` and editors do.
  std::ofstream(path + ".new") << "edited\n";
  std::filesystem::rename(path + ".new", path);
  EXPECT_EQ(sink->attempt(event_of(2), stop_).outcome, Outcome::kDone);
  EXPECT_TRUE(sink->settle(stop_).ok());
  EXPECT_THAT(log_.lines(), HasSubstr("was replaced by something else"));
  EXPECT_EQ(read_text(path), "edited\n" + to_json(event_of(2)) + "\n");
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  EXPECT_EQ(sink->attempt(event_of(3), stop_).outcome, Outcome::kWait);
  EXPECT_THAT(log_.lines(), HasSubstr("PD0621 sink x: cannot open '" + path + "': Is a directory"));
  std::filesystem::remove(path);
  EXPECT_EQ(sink->attempt(event_of(3), stop_).outcome, Outcome::kDone);
  EXPECT_EQ(read_text(path), to_json(event_of(3)) + "\n");
}

// A rotation that renames, makes a new file, compresses and removes the old one
// is no news; what the old one got last may have come too late for the copy.
TEST_F(FileSinkTest, FileThatWasRotatedAndCompressedIsNoNews) {
  const std::string path = directory_ + "/calls";
  const auto sink = make_file_sink(config("file:" + path, "format=json"), log_);
  const auto rotate = [&] {
    std::filesystem::rename(path, path + ".1");
    std::ofstream{path};
    std::filesystem::remove(path + ".1");
  };
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  EXPECT_TRUE(sink->settle(stop_).ok());
  rotate();
  EXPECT_EQ(sink->attempt(event_of(2), stop_).outcome, Outcome::kDone);
  EXPECT_TRUE(sink->settle(stop_).ok());
  EXPECT_EQ(read_text(path), to_json(event_of(2)) + "\n");
  EXPECT_EQ(sink->attempt(event_of(3), stop_).outcome, Outcome::kDone);
  rotate();
  EXPECT_FALSE(sink->settle(stop_).ok()) << "line 3 comes again";
  std::filesystem::rename(path, path + ".2");
  sink->look_after(stop_);
  std::filesystem::remove(path + ".2");
  sink->look_after(stop_);
  EXPECT_EQ(log_.lines(), "");
}

TEST_F(FileSinkTest, LinesThatAreShortenedAreSaidOnce) {
  const std::string path = directory_ + "/calls";
  const auto sink = make_file_sink(config("file:" + path, "format=kv"), log_);
  Event event = event_of(1);
  event.from = event.to = std::string(8000, '7');
  EXPECT_EQ(sink->attempt(event, stop_).outcome, Outcome::kDone);
  EXPECT_EQ(sink->attempt(event, stop_).outcome, Outcome::kDone);
  EXPECT_THAT(log_.lines(), StartsWith("PD0655 sink x: event " + event.id + " "));
  EXPECT_THAT(log_.lines(), HasSubstr("to, from; 'plivo-dialctl events show " + event.id + "'"));
  EXPECT_EQ(count_of(log_.lines(), "PD0655"), 1u);
  EXPECT_EQ(count_of(read_text(path), " truncated=true "), 2u);
}

TEST_F(FileSinkTest, FileMustBeRegular) {
  const auto sink = make_file_sink(config("file:/dev/null", "format=json"), log_);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kWait);
  EXPECT_THAT(log_.lines(), HasSubstr("is not a regular file"));
}

}  // namespace
}  // namespace plivo_dial
