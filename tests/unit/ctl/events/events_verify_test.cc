// SPDX-License-Identifier: Apache-2.0
// `plivo-dialctl events verify` beside running writers and a running dispatcher, and what it finds
// when the store and the files differ; and whom the files belong to when root runs it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "lib/delivery/dispatcher.h"
#include "lib/settings/sink_arguments.h"
#include "lib/spool/segment_format.h"
#include "mod_plivo_dial/ctl/events/events_command.h"
#include "mod_plivo_dial/ctl/events/events_spool.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "tests/unit/ctl/command_runner.h"
#include "tests/unit/delivery/delivery_fixture.h"

namespace plivo_dial::ctl {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;
using testing::SizeIs;

constexpr uid_t kHttpdUser = 54321;  // nobody's

class EventsVerify : public DeliveryTest {
 protected:
  void TearDown() override {
    dispatcher_.reset();
    DeliveryTest::TearDown();
  }

  void start(const std::string& target, std::chrono::seconds keep = std::chrono::hours(1)) {
    DispatcherConfig config;
    config.spool = spool_;
    config.keep = keep;
    const std::vector<std::string_view> words = {"crm", target};
    const Result<SinkConfig> sink = parse_sink(words);
    ASSERT_TRUE(sink.ok()) << sink.error().message;
    config.sinks = {*sink};
    Result<std::unique_ptr<Dispatcher>> started = Dispatcher::start(config, log_);
    ASSERT_TRUE(started.ok()) << started.error().message;
    dispatcher_ = std::move(*started);
  }
  void stop() {
    dispatcher_->stop(std::chrono::milliseconds(3000));
    dispatcher_.reset();
  }
  std::string out() const { return directory_ + "/out"; }
  void deliver(int first, int count) {
    start("file:" + out());
    spool_events(first, count);
    ASSERT_TRUE(eventually([&] { return told()["delivered"] == first + count - 1; }));
    stop();
  }

  Ran events(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--spool", spool_});
    return run_subcommand(add_events_command, "events", std::move(arguments));
  }
  json told() { return json::parse(events({"verify", "--json"}).out, nullptr, false); }
  std::string segment() const {
    for (const auto& entry : std::filesystem::directory_iterator(spool_ + "/in")) {
      if (entry.path().extension() == ".seg") return entry.path();
    }
    return "";
  }
  void change_store(const std::string& sql) {
    auto store = Database::open(spool_ + "/dispatch/queue.db", Database::Access::kChange);
    ASSERT_TRUE(store.ok());
    (*store)->run_script(sql);
    ASSERT_TRUE((*store)->take_error().ok());
  }

  std::unique_ptr<Dispatcher> dispatcher_;
};

TEST_F(EventsVerify, PrintsTheEquation) {
  const std::string hook =
      write_hook("hook", "[ $PLIVO_EVENT_ID = " + id_of(2) + " ] && exit 65; cat >> " + out());
  start("exec:" + hook);
  spool_events(1, 3);
  ASSERT_TRUE(eventually([&] { return told()["delivered"] == 2 && told()["dead"] == 1; }));
  stop();
  spool_events(4, 2);
  const Ran ran = events({"verify"});
  EXPECT_EQ(ran.status, kExitOk) << ran.out;
  EXPECT_THAT(ran.out,
              AllOf(HasSubstr("accepted 5 = delivered 2 + duplicates 0 + pending 2 + dead 1\n"),
                    HasSubstr("pending: 0 in the store, 2 in segments and not yet in the store\n"),
                    HasSubstr("sink crm: taken 3 = delivered 2 + pending 0 + dead 1 + dropped 0\n"),
                    HasSubstr("Nothing differs.\n")));
}

TEST_F(EventsVerify, TellsWhatNoSinkThatTakesItEverGot) {
  deliver(1, 3);
  EXPECT_EQ(told()["sinks"][0]["not_given"], 0);
  change_store(
      "UPDATE span SET last_seq = 1; UPDATE sink SET taken = 1, delivered = 1;"
      "INSERT INTO span(sink, first_seq, last_seq, events) "
      "SELECT sink, 4, 9223372036854775807, events FROM span");
  const Ran ran = events({"verify"});
  EXPECT_EQ(ran.status, kExitOk) << "the sink may be younger than they: " << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("2 kept events of those that crm takes never went there"));
  EXPECT_EQ(told()["sinks"][0]["not_given"], 2);
  change_store("UPDATE span SET events = 'call.hangup,other'");
  EXPECT_EQ(told()["sinks"][0]["not_given"], 0) << "it takes none of them";
}

TEST_F(EventsVerify, IsRightWhileEventsComeAndGo) {
  start("file:" + out(), std::chrono::seconds(0));  // segments are removed as soon as may be
  std::atomic<bool> enough{false};
  int written = 0;
  std::thread writing([&] {
    while (!enough) {
      spool_events(written + 1, 25);
      written += 25;
    }
  });
  int looks = 0;
  std::uint64_t accepted = 0;
  for (; looks < 20; ++looks) {
    const Ran ran = events({"verify", "--json"});
    const json sums = json::parse(ran.out, nullptr, false);
    ASSERT_EQ(ran.status, kExitOk) << ran.out << ran.err;
    EXPECT_EQ(sums["accepted"],
              sums["delivered"].get<std::uint64_t>() + sums["pending"].get<std::uint64_t>());
    EXPECT_GE(sums["accepted"], accepted) << "some were lost from sight";
    accepted = sums["accepted"];
  }
  enough = true;
  writing.join();
  EXPECT_TRUE(eventually([&] { return told()["delivered"] == written; }));
  EXPECT_EQ(told()["accepted"], written);
}

TEST_F(EventsVerify, FileThatIsGoneTooEarlyIsALoss) {
  deliver(1, 3);
  change_store("UPDATE segment SET ended = 0");
  std::filesystem::remove(segment());
  const Ran ran = events({"verify"});
  EXPECT_EQ(ran.status, kExitDiffers);
  EXPECT_THAT(ran.out, HasSubstr("is gone, and the store had not seen its end"));
}

TEST_F(EventsVerify, FileThatWasTakenInWholeMayGo) {
  deliver(1, 3);
  std::filesystem::remove(segment());
  EXPECT_EQ(events({"verify"}).status, kExitOk);
}

TEST_F(EventsVerify, FileThatWasCutIsTold) {
  deliver(1, 3);
  std::filesystem::resize_file(segment(), 100);
  const Ran ran = events({"verify"});
  EXPECT_EQ(ran.status, kExitDiffers);
  EXPECT_THAT(ran.out, HasSubstr("has 100 bytes, but the store has taken in"));
}

// Its sync failed after the dispatcher had read it; the events stand in the next one, too.
TEST_F(EventsVerify, FileThatItsWriterCutDiffersInNothing) {
  deliver(1, 3);
  std::filesystem::resize_file(segment(), kSegmentHeaderSize);
  std::ofstream(segment(), std::ios::app | std::ios::binary) << encode_seal(kCutSequence, 1);
  const Ran ran = events({"verify"});
  EXPECT_EQ(ran.status, kExitOk) << ran.out;
}

TEST_F(EventsVerify, EventsThatWerePassedOverAreTold) {
  deliver(1, 3);
  change_store("UPDATE segment SET frames = 2; UPDATE counter SET value = 2 WHERE name = 'frames'");
  const json sums = told();
  ASSERT_THAT(sums["differences"], SizeIs(2));
  EXPECT_THAT(sums["differences"][0].get<std::string>(), HasSubstr("frames taken in are 2"));
  EXPECT_THAT(sums["differences"][1].get<std::string>(),
              AllOf(HasSubstr("holds 3 events before offset"), HasSubstr("taken in 2 of them")));
}

TEST_F(EventsVerify, EventsBehindTheEndAreTold) {
  deliver(1, 3);
  change_store("UPDATE segment SET offset = " + std::to_string(kSegmentHeaderSize) +
               ", frames = 0");
  EXPECT_THAT(events({"verify"}).out, HasSubstr("is at its end for the store, but holds 3 more"));
}

TEST_F(EventsVerify, SegmentThatCannotBeReadIsTold) {
  deliver(1, 3);
  const std::string other = spool_ + "/in/0123abcd-1-2-3.seg";
  std::filesystem::create_symlink(segment(), other);
  EXPECT_THAT(events({"verify"}).out, HasSubstr("is a symbolic link"));
}

TEST_F(EventsVerify, LookingAfterwardsLeavesASpoolThatStartsAgain) {
  deliver(1, 3);
  EXPECT_EQ(events({"status"}).status, kExitOk);
  EXPECT_EQ(events({"list"}).status, kExitOk);
  deliver(4, 2);
  EXPECT_THAT(log_.lines(), IsEmpty());
}

TEST_F(EventsVerify, RunningDispatcherTakesUpWhatIsSentAgain) {
  const std::string flag = directory_ + "/works";
  const std::string hook =
      write_hook("hook", "[ -e " + flag + " ] || exit 65; echo $PLIVO_ATTEMPT >> " + out());
  start("exec:" + hook);
  spool_events(1, 2);
  ASSERT_TRUE(eventually([&] { return told()["dead"] == 2; }));
  std::ofstream(flag) << "";
  const Ran one = events({"dead", "retry", id_of(1)});
  EXPECT_EQ(one.status, kExitOk) << one.err;
  ASSERT_TRUE(eventually([&] { return told()["delivered"] == 1; }));
  EXPECT_EQ(events({"dead", "retry", "--all", "--sink", "crm"}).status, kExitOk);
  ASSERT_TRUE(eventually([&] { return told()["delivered"] == 2; }));
  EXPECT_EQ(read_text(out()), "2\n2\n");
  EXPECT_EQ(events({"replay", "--since", "2026-01-01T00:00:00Z", "--sink", "crm"}).status, kExitOk);
  EXPECT_TRUE(eventually([&] { return read_text(out()) == "2\n2\n3\n3\n"; })) << read_text(out());
}

// ---- As root.

// The exit status of plivo-dialctl, which gives its identity away. Its words go to `errors`.
int events_of_child(const std::string& spool, std::vector<std::string> arguments,
                    const std::string& errors = "/dev/null") {
  arguments.insert(arguments.begin(), {PLIVO_DIALCTL, "events"});
  arguments.insert(arguments.end(), {"--spool", spool});
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    dup2(open(errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), STDERR_FILENO);
    execv(words[0], words.data());
    _exit(127);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void give_away(const std::string& path, uid_t owner) {
  ASSERT_EQ(lchown(path.c_str(), owner, owner), 0);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    ASSERT_EQ(lchown(entry.path().c_str(), owner, owner), 0);
  }
}

void expect_all_of(const std::string& path, uid_t owner) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    struct stat file {};
    ASSERT_EQ(lstat(entry.path().c_str(), &file), 0);
    EXPECT_EQ(file.st_uid, owner) << entry.path();
  }
}

TEST_F(EventsVerify, FilesStayHttpdsWhenRootRunsIt) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can show it";
  deliver(1, 3);
  ASSERT_EQ(chmod(directory_.c_str(), 0755), 0);
  give_away(spool_, kHttpdUser);
  for (const char* const name : {"-wal", "-shm"}) {
    std::filesystem::remove(spool_ + "/dispatch/queue.db" + name);
  }
  EXPECT_EQ(events_of_child(spool_, {"status"}), kExitOk);
  expect_all_of(spool_, kHttpdUser);
  EXPECT_EQ(events_of_child(spool_, {"replay", "--since", "2026-01-01T00:00:00Z", "--sink", "crm"}),
            kExitOk);
  expect_all_of(spool_, kHttpdUser);
  EXPECT_EQ(events_of_child(spool_, {"verify"}), kExitOk);
  expect_all_of(spool_, kHttpdUser);
  ASSERT_EQ(chown((spool_ + "/dispatch/queue.db").c_str(), 0, 0), 0);
  ASSERT_EQ(chmod((spool_ + "/dispatch/queue.db").c_str(), 0600), 0);
  EXPECT_EQ(events_of_child(spool_, {"status"}, directory_ + "/errors"), kExitNoAccess)
      << "root has not become httpd";
  EXPECT_THAT(read_text(directory_ + "/errors"), HasSubstr("he is refused: chown -R"));
}

TEST_F(EventsVerify, HookRunsAsTheSpoolsOwner) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can show it";
  ASSERT_EQ(chmod(directory_.c_str(), 0755), 0);
  give_away(spool_, kHttpdUser);
  const std::string is_httpd = "test $(id -u) = " + std::to_string(kHttpdUser) +
                               " && test \"$(id -G)\" = " + std::to_string(kHttpdUser);
  const std::string hook = write_hook("hook", is_httpd);
  EXPECT_EQ(events_of_child(spool_, {"hook-test", hook}), kExitOk);
  EXPECT_EQ(events_of_child(spool_, {"hook-test", "--user", "root", hook}), kExitDiffers);
}

TEST_F(EventsVerify, RootsSpoolWithHttpdsDirectoriesIsUsedAsHttpd) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can show it";
  deliver(1, 3);
  ASSERT_EQ(chmod(directory_.c_str(), 0755), 0);
  give_away(spool_, kHttpdUser);
  ASSERT_EQ(chown(spool_.c_str(), 0, kHttpdUser), 0);
  ASSERT_EQ(chmod(spool_.c_str(), 0770), 0);
  EXPECT_EQ(events_of_child(spool_, {"replay", "--since", "2026-01-01T00:00:00Z", "--sink", "crm"}),
            kExitOk);
  expect_all_of(spool_, kHttpdUser);
}

// All of it is root's, and somebody else may put there what he likes.
TEST_F(EventsVerify, RootDoesNotWorkWhereOthersMayWrite) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can show it";
  deliver(1, 3);
  ASSERT_EQ(chmod(directory_.c_str(), 0755), 0);
  const std::string errors = directory_ + "/errors";
  for (const char* const open : {"", "/dispatch"}) {
    ASSERT_EQ(chmod((spool_ + open).c_str(), 0770), 0);
    EXPECT_EQ(events_of_child(spool_, {"status"}, errors), kExitNoAccess) << open;
    EXPECT_THAT(read_text(errors), AllOf(HasSubstr("root does not work in it"),
                                         HasSubstr("chown -R"), HasSubstr(spool_ + open + "\"")));
    ASSERT_EQ(chmod((spool_ + open).c_str(), 0750), 0);
  }
  EXPECT_EQ(events_of_child(spool_, {"status"}), kExitOk);
}

// Whom sudo made root needs no sudo.
TEST_F(EventsVerify, RootIsToldWhomASpoolMustBelongTo) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can show it";
  deliver(1, 3);
  ASSERT_EQ(chmod(directory_.c_str(), 0755), 0);
  give_away(spool_, kHttpdUser);
  ASSERT_EQ(chown(spool_.c_str(), 0, 0), 0);
  ASSERT_EQ(chmod(spool_.c_str(), 0700), 0);
  const std::string errors = directory_ + "/errors";
  for (const char* const command : {"status", "verify", "list"}) {
    EXPECT_EQ(events_of_child(spool_, {command}, errors), kExitNoAccess) << command;
    EXPECT_THAT(read_text(errors), AllOf(HasSubstr("he is refused: chown -R"), HasSubstr(spool_),
                                         Not(HasSubstr("sudo"))))
        << command;
  }
}

TEST_F(EventsVerify, AnotherUserIsToldWhoMay) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  deliver(1, 3);
  ASSERT_EQ(chmod(directory_.c_str(), 0755), 0);
  const pid_t child = fork();
  if (child == 0) {
    if (setresgid(kHttpdUser, kHttpdUser, kHttpdUser) != 0) _exit(98);
    if (setresuid(kHttpdUser, kHttpdUser, kHttpdUser) != 0) _exit(98);
    EventsOptions options;
    options.spool = spool_;
    const auto store = open_events_store_of(options, Database::Access::kChange);
    const std::string message = store ? "" : store.error().message;
    _exit(message.find("run it with sudo") != std::string::npos ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace plivo_dial::ctl
