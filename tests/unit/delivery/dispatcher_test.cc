// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/dispatcher.h"

#include <gmock/gmock.h>

#include <future>

#include <nlohmann/json.hpp>

#include "lib/settings/sink_arguments.h"
#include "lib/sink/detached_sink.h"
#include "lib/spool/segment_format.h"
#include "lib/spool/spool_lock.h"
#include "lib/store/database.h"
#include "lib/store/dead_letter.h"
#include "tests/unit/books/store_fixture.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class DispatcherTest : public DeliveryTest {
 protected:
  static SinkConfig sink(const std::vector<std::string>& words) {
    Result<SinkConfig> parsed =
        parse_sink(std::vector<std::string_view>(words.begin(), words.end()));
    EXPECT_TRUE(parsed.ok()) << parsed.error().message;
    return *parsed;
  }
  SinkConfig file_sink(const std::string& name) const { return sink({name, "file:" + out(name)}); }
  std::string out(const std::string& name) const { return directory_ + "/" + name; }
  std::string marks() const { return spool_ + "/dispatch/delivered.json"; }

  DispatcherConfig config_of(const std::vector<SinkConfig>& sinks) const {
    DispatcherConfig config;
    config.spool = spool_;
    config.sinks = sinks;
    config.keep = std::chrono::seconds(0);
    return config;
  }
  // Returns when it is in force.
  void apply(const std::vector<SinkConfig>& sinks) {
    const std::size_t before = count_of(log_.lines(), "PD0605");
    dispatcher_->apply(config_of(sinks));
    ASSERT_TRUE(eventually([&] { return count_of(log_.lines(), "PD0605") > before; }));
  }
  void start(const std::vector<SinkConfig>& sinks) {
    Result<std::unique_ptr<Dispatcher>> started = Dispatcher::start(config_of(sinks), log_);
    ASSERT_TRUE(started.ok()) << started.error().message;
    dispatcher_ = std::move(*started);
  }
  void stop() {
    dispatcher_->stop(milliseconds(3000));
    dispatcher_.reset();
  }
  void TearDown() override {
    dispatcher_.reset();
    DeliveryTest::TearDown();
  }

  // "seq id" of each line of a file sink.
  std::vector<std::string> delivered(const std::string& name) const {
    std::vector<std::string> lines;
    std::istringstream text(read_text(out(name)));
    for (std::string line; std::getline(text, line);) {
      const auto event = nlohmann::json::parse(line);
      lines.push_back(std::to_string(event["seq"].get<int>()) + " " +
                      event["id"].get<std::string>());
    }
    return lines;
  }
  bool arrives(const std::string& name, std::size_t count) const {
    return eventually([&] { return count_of(read_text(out(name)), "\n") >= count; });
  }

  std::unique_ptr<Dispatcher> dispatcher_;
};

TEST_F(DispatcherTest, EverySinkGetsEveryEventInOrderWithTheSameNumber) {
  start({file_sink("a"), file_sink("b")});
  spool_events(1, 20);
  ASSERT_TRUE(arrives("a", 20) && arrives("b", 20));
  const std::vector<std::string> events = delivered("a");
  ASSERT_EQ(events.size(), 20u);
  for (int i = 1; i <= 20; ++i) {
    EXPECT_EQ(events[static_cast<std::size_t>(i) - 1], std::to_string(i) + " " + id_of(i));
  }
  EXPECT_EQ(delivered("b"), events);
  EXPECT_TRUE(eventually([&] { return segments_left() == 0; }));
  EXPECT_EQ(log_.lines(), "");
}

TEST_F(DispatcherTest, DeliversWhileTheWriterLives) {
  start({file_sink("a")});
  Result<std::unique_ptr<SpoolWriter>> writer = SpoolWriter::open(spool_);
  ASSERT_TRUE(writer.ok());
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE((*writer)->append(to_json(event_of(i))).ok());
    ASSERT_TRUE(arrives("a", static_cast<std::size_t>(i)));
  }
  EXPECT_GE(segments_left(), 1u);
  (*writer).reset();
  EXPECT_TRUE(eventually([&] { return segments_left() == 0; }));
}

// The look at all segments comes once a second, so that ten events that wait for one another and
// for the look would need nine seconds.
TEST_F(DispatcherTest, IsToldOfChangesByTheKernelAndDoesNotWaitForItsNextLook) {
  start({file_sink("a")});
  Result<std::unique_ptr<SpoolWriter>> writer = SpoolWriter::open(spool_);
  ASSERT_TRUE(writer.ok());
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 1; i <= 10; ++i) {
    ASSERT_TRUE((*writer)->append(to_json(event_of(i))).ok());
    ASSERT_TRUE(arrives("a", static_cast<std::size_t>(i)));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(9));
}

TEST_F(DispatcherTest, FilterDecidesWhichEventsGoThere) {
  start({file_sink("all"), sink({"some", "file:" + out("some"), "events=call.hangup"})});
  {
    Result<std::unique_ptr<SpoolWriter>> writer = SpoolWriter::open(spool_);
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE((*writer)->append(to_json(event_of(1, "dial.result"))).ok());
    ASSERT_TRUE((*writer)->append(to_json(event_of(2, "call.hangup"))).ok());
  }
  ASSERT_TRUE(arrives("all", 2));
  EXPECT_TRUE(eventually([&] { return segments_left() == 0; }));
  EXPECT_THAT(delivered("some"), testing::ElementsAre("2 " + id_of(2)));
}

// As one whose file system does not answer: nothing ends it.
class HangingSink : public Sink {
 public:
  explicit HangingSink(std::shared_future<void> released) : released_(std::move(released)) {}
  Attempt attempt(const SinkEvent& /*event*/, const Stop& /*stop*/) override {
    released_.wait();
    return {};
  }

 private:
  const std::shared_future<void> released_;
};

TEST_F(DispatcherTest, SinkThatHangsForEverHoldsUpNoOtherNoReloadAndNoEnd) {
  std::promise<void> release;
  const std::shared_future<void> released(release.get_future());
  const auto make = [&](const SinkConfig& config, Log& log) {
    if (config.name != "hung") return make_sink(config, log);
    return detach_sink([&](Log&) { return std::make_unique<HangingSink>(released); },
                       {"hung", "it", milliseconds(100)}, log);
  };
  const SinkConfig hung = file_sink("hung");
  Result<std::unique_ptr<Dispatcher>> started =
      Dispatcher::start(config_of({hung, file_sink("a")}), log_, make);
  ASSERT_TRUE(started.ok()) << started.error().message;
  dispatcher_ = std::move(*started);
  spool_events(1, 10);
  EXPECT_TRUE(arrives("a", 10));
  EXPECT_TRUE(eventually([&] { return count_of(log_.lines(), "PD0656") == 1; }));
  // Under its name there is another one when the first is given up, and no sooner.
  const auto begin = std::chrono::steady_clock::now();
  apply({sink({"hung", "file:" + out("hung"), "format=kv"}), file_sink("a")});
  spool_events(11, 10);
  EXPECT_TRUE(arrives("a", 20));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kGiveUp) << "it was waited for";
  EXPECT_TRUE(eventually([&] { return count_of(log_.lines(), "PD0656") == 2; }));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, kGiveUp);
  const auto end = std::chrono::steady_clock::now();
  dispatcher_->stop(milliseconds(0));
  dispatcher_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - end, 3 * kGiveUp);
  EXPECT_TRUE(any_sink_was_given_up());
  release.set_value();
  EXPECT_TRUE(eventually([] { return !any_sink_was_given_up(); }));
}

TEST_F(DispatcherTest, HookThatHangsHoldsUpNoOtherSink) {
  const std::string hook = write_hook("hook", "echo > " + out("began") + "; sleep 1000");
  start({sink({"crm", "exec:" + hook}), file_sink("a")});
  spool_events(1, 10);
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(out("began")); }));
  EXPECT_TRUE(arrives("a", 10));
  EXPECT_EQ(segments_left(), 1u) << "the hook has not had them";
  dispatcher_->stop(milliseconds(0));
}

TEST_F(DispatcherTest, NothingIsRepeatedOrSkippedOverRestarts) {
  for (int round = 0; round < 4; ++round) {
    start({file_sink("a"), sink({"crm", "exec:" + write_hook("hook", "cat >> " + out("crm"))})});
    spool_events(1 + 5 * round, 5);
    if (round % 2 == 0) {
      ASSERT_TRUE(arrives("crm", static_cast<std::size_t>(5 * round + 2)));
    }
    stop();
  }
  start({file_sink("a"), sink({"crm", "exec:" + write_hook("hook", "cat >> " + out("crm"))})});
  ASSERT_TRUE(arrives("a", 20) && arrives("crm", 20));
  EXPECT_TRUE(eventually([&] { return segments_left() == 0; }));
  EXPECT_EQ(delivered("a").size(), 20u);
  EXPECT_EQ(delivered("crm"), delivered("a"));
  EXPECT_EQ(delivered("a").back(), "20 " + id_of(20));
}

TEST_F(DispatcherTest, RefusedEventBecomesADeadLetter) {
  const std::string hook =
      write_hook("hook", "[ $PLIVO_EVENT_ID = " + id_of(2) + " ] && exit 65; cat >> " + out("crm"));
  start({sink({"crm", "exec:" + hook})});
  spool_events(1, 3);
  ASSERT_TRUE(arrives("crm", 2));
  EXPECT_TRUE(eventually([&] { return segments_left() == 0; }));
  EXPECT_EQ(count_of(log_.lines(), "PD0633"), 1u);
  const Result<DeadLetter> letter = read_dead_letter(spool_ + "/dead/" + id_of(2) + ".crm.json");
  ASSERT_TRUE(letter.ok()) << letter.error().message;
  EXPECT_THAT(letter->reason, HasSubstr("exited with 65"));
}

TEST_F(DispatcherTest, HookThatFailsGetsTheEventAgainWithItsAttempt) {
  const std::string hook =
      write_hook("hook", "echo $PLIVO_ATTEMPT >> " + out("tries") + "; [ $PLIVO_ATTEMPT = 2 ]");
  start({sink({"crm", "exec:" + hook})});
  spool_events(1, 1);
  EXPECT_TRUE(eventually([&] { return segments_left() == 0; }));
  EXPECT_EQ(read_text(out("tries")), "1\n2\n");
}

TEST_F(DispatcherTest, NewSinkGetsWhatCameJustBefore) {
  const std::string hook = write_hook("hook", "sleep 1000");
  start({sink({"crm", "exec:" + hook}), file_sink("a")});
  spool_events(1, 5);
  ASSERT_TRUE(arrives("a", 5));
  apply({sink({"crm", "exec:" + hook}), file_sink("a"), file_sink("b")});
  ASSERT_TRUE(arrives("b", 5));
  EXPECT_EQ(delivered("b"), delivered("a"));
  dispatcher_->stop(milliseconds(0));
}

TEST_F(DispatcherTest, ChangedSinkGoesOnWhereItWas) {
  start({file_sink("a"), file_sink("b")});
  spool_events(1, 5);
  ASSERT_TRUE(arrives("a", 5) && arrives("b", 5));
  apply({sink({"a", "file:" + out("c")}), file_sink("b")});
  spool_events(6, 5);
  ASSERT_TRUE(arrives("c", 5) && arrives("b", 10));
  EXPECT_EQ(delivered("c").front(), "6 " + id_of(6));
  EXPECT_EQ(delivered("a").size(), 5u);
  EXPECT_EQ(delivered("b").size(), 10u);
}

TEST_F(DispatcherTest, HarmedBytesAreReportedOnceAndSetAside) {
  spool_events(1, 3);
  std::string segment;
  for (const auto& entry : std::filesystem::directory_iterator(spool_ + "/in")) {
    segment = entry.path().filename();
  }
  const std::string path = spool_ + "/in/" + segment;
  const std::string frame = to_json(event_of(1));
  std::string bytes = read_text(path);
  const std::size_t second = kSegmentHeaderSize + kFrameHeaderSize + frame.size();
  bytes[second + 40] = '\x01';
  std::ofstream(path, std::ios::binary) << bytes;

  const std::string hook = write_hook("hook", "sleep 1000");
  for (int i = 0; i < 2; ++i) {
    start({file_sink("a"), sink({"crm", "exec:" + hook})});
    ASSERT_TRUE(arrives("a", 2));
    dispatcher_->stop(milliseconds(0));
    dispatcher_.reset();
  }
  EXPECT_EQ(count_of(log_.lines(), "PD0501"), 1u) << log_.lines();
  EXPECT_THAT(log_.lines(),
              HasSubstr("'" + path + "' is harmed at offset " + std::to_string(second)));
  EXPECT_EQ(read_text(spool_ + "/quarantine/" + segment + "-" + std::to_string(second)),
            bytes.substr(second, kFrameHeaderSize + frame.size()));
  EXPECT_EQ(delivered("a").size(), 2u);
}

TEST_F(DispatcherTest, FrameThatHoldsNoEventIsSetAside) {
  start({file_sink("a")});
  {
    Result<std::unique_ptr<SpoolWriter>> writer = SpoolWriter::open(spool_);
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE((*writer)->append("no event\n").ok());
    ASSERT_TRUE((*writer)->append(to_json(event_of(1))).ok());
  }
  ASSERT_TRUE(arrives("a", 1));
  EXPECT_EQ(count_of(log_.lines(), "PD0506"), 1u) << log_.lines();
  EXPECT_TRUE(eventually([&] { return segments_left() == 0; }));
}

TEST_F(DispatcherTest, ForeignFilesAreLeftAlone) {
  std::filesystem::create_directory(spool_ + "/in");
  std::filesystem::create_symlink("/etc/passwd", spool_ + "/in/0123abcd-1-2-3.seg");
  std::ofstream(spool_ + "/in/notes.txt") << "x";
  start({file_sink("a")});
  spool_events(1, 1);
  ASSERT_TRUE(arrives("a", 1));
  EXPECT_EQ(count_of(log_.lines(), "PD0502"), 1u);
  EXPECT_TRUE(std::filesystem::exists(spool_ + "/in/notes.txt"));
}

// Else httpd would refuse new events for want of the space that delivered ones take.
TEST_F(DispatcherTest, DeliveredSegmentsAreKeptWhileThereIsSpace) {
  DispatcherConfig config = config_of({file_sink("a")});
  config.keep = std::chrono::hours(1);
  config.min_free = 0;
  dispatcher_ = std::move(Dispatcher::start(config, log_)).value();
  spool_events(1, 1);
  ASSERT_TRUE(arrives("a", 1));
  std::this_thread::sleep_for(milliseconds(2500));  // it tidies up once a second
  EXPECT_EQ(segments_left(), 1u);
  config.min_free = std::uint64_t{1} << 60;
  dispatcher_->apply(config);
  EXPECT_TRUE(eventually([&] { return segments_left() == 0; }));
}

TEST_F(DispatcherTest, SegmentThatSomebodyRemovedIsTold) {
  start({file_sink("a")});
  Result<std::unique_ptr<SpoolWriter>> writer = SpoolWriter::open(spool_);
  ASSERT_TRUE(writer.ok());
  ASSERT_TRUE((*writer)->append(to_json(event_of(1))).ok());
  ASSERT_TRUE(arrives("a", 1));
  std::filesystem::remove_all(spool_ + "/in");
  std::filesystem::create_directory(spool_ + "/in");
  EXPECT_TRUE(eventually([&] { return log_.lines().find("PD0508") != std::string::npos; }));
  ASSERT_TRUE((*writer)->append(to_json(event_of(2))).ok());
  EXPECT_TRUE(arrives("a", 2));
  EXPECT_EQ(count_of(log_.lines(), "PD0508"), 1u) << log_.lines();
}

// Row 33 of the fault table, in the minute before the first look back at what was delivered.
TEST_F(DispatcherTest, StoreThatIsRemovedWhileAHookFailsCostsNoEvent) {
  const std::string hook =
      write_hook("hook", "[ -e " + out("mended") + " ] && cat >> " + out("crm") +
                             " && exit 0; echo >> " + out("tries") + "; exit 1");
  start({sink({"crm", "exec:" + hook, "retry=1"})});
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(marks()); }));
  spool_old_events(1, 5);
  ASSERT_TRUE(eventually([&] { return count_of(read_text(out("tries")), "\n") > 0; }));
  std::filesystem::remove(spool_ + "/dispatch/queue.db");
  ASSERT_TRUE(eventually([&] { return count_of(log_.lines(), "PD0522") == 1; }));
  std::ofstream(out("mended")) << "now";
  EXPECT_TRUE(arrives("crm", 5)) << log_.lines();
}

// An operator's, of a moment at which all was in order.
TEST_F(DispatcherTest, WhatACopyOfTheStoreDoesNotKnowSaysThatItMayComeAgain) {
  const std::string store = spool_ + "/dispatch/queue.db";
  DispatcherConfig config = config_of({file_sink("a")});
  config.keep = std::chrono::hours(24);
  const auto begin = [&] { dispatcher_ = std::move(Dispatcher::start(config, log_)).value(); };
  begin();
  spool_events(1, 3);
  ASSERT_TRUE(arrives("a", 3));
  stop();
  std::filesystem::copy_file(store, out("copy"));
  begin();
  spool_events(4, 3);
  ASSERT_TRUE(arrives("a", 6));
  EXPECT_EQ(count_of(read_text(out("a")), "\"attempt\""), 0u);
  std::filesystem::rename(out("copy"), store);
  for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(store + suffix);
  ASSERT_TRUE(eventually([&] { return count_of(log_.lines(), "PD0522") == 1; }));
  ASSERT_TRUE(arrives("a", 9)) << log_.lines();
  EXPECT_EQ(count_of(read_text(out("a")), "\"attempt\":2"), 3u);
}

TEST_F(DispatcherTest, SinkIsKnownToTheMarksBeforeItGetsAnything) {
  start({file_sink("a")});
  ASSERT_TRUE(eventually([&] { return count_of(read_text(marks()), "\"a\"") == 1; }));
  apply({file_sink("a"), file_sink("b")});
  EXPECT_TRUE(eventually([&] { return count_of(read_text(marks()), "\"b\"") == 1; }));
}

// More at once than a busy server makes in ten seconds, after which it is done again.
TEST_F(DispatcherTest, KeysAreForgottenAsFastAsTheyCome) {
  start({file_sink("a")});
  stop();
  const auto store = Database::open(spool_ + "/dispatch/queue.db", Database::Access::kChange);
  (*store)->run_script(
      "INSERT INTO key_run(number, pages, age_us, last_seq, filter) "
      "VALUES(1, 1000, -1000000000000, 0, x''), (2, 1000, -1000000000000, 0, x'');"
      "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999) "
      "INSERT INTO key_page(number, entries) "
      "SELECT 4096 + i, x'' FROM n UNION ALL SELECT 8192 + i, x'' FROM n");
  ASSERT_TRUE((*store)->take_error().ok());
  spool_events(1, 1);
  DispatcherConfig config = config_of({file_sink("a")});
  config.keep = std::chrono::hours(1);
  dispatcher_ = std::move(Dispatcher::start(config, log_)).value();
  EXPECT_TRUE(eventually([&] { return (*store)->number("SELECT count(*) FROM key_page") == 0; }));
}

TEST_F(DispatcherTest, RecordsOfCallsAreKeptAsLongAsItIsTold) {
  start({});
  stop();
  const auto store = Database::open(spool_ + "/dispatch/queue.db", Database::Access::kChange);
  (*store)->run_script(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
      "INSERT INTO record(call, closed_us, body) "
      "SELECT 'c' || i, strftime('%s', 'now') * 1000000 - i * 86400000000, '{}' FROM n");
  ASSERT_TRUE((*store)->take_error().ok());
  DispatcherConfig config = config_of({});
  config.record_keep = std::chrono::days(7) + std::chrono::hours(1);
  dispatcher_ = std::move(Dispatcher::start(config, log_)).value();
  EXPECT_TRUE(eventually([&] { return (*store)->number("SELECT count(*) FROM record") == 7; }));
  stop();
  EXPECT_EQ((*store)->number("SELECT count(*) FROM record"), 7);
}

TEST_F(DispatcherTest, WithoutSinksTheSpoolIsEmptied) {
  start({});
  spool_events(1, 3);
  EXPECT_TRUE(eventually([&] { return segments_left() == 0; }));
}

TEST_F(DispatcherTest, OnlyOneCanHaveTheLock) {
  Result<std::optional<SpoolLock>> first = SpoolLock::take(spool_, milliseconds(0));
  ASSERT_TRUE(first.ok() && first->has_value());
  Result<std::optional<SpoolLock>> second = SpoolLock::take(spool_, milliseconds(60000));
  ASSERT_TRUE(second.ok());
  EXPECT_FALSE(second->has_value()) << "at once, since the first is not ending";
  (*first)->announce_end();
  std::thread ending([&] { first->reset(); });
  second = SpoolLock::take(spool_, milliseconds(60000));
  ending.join();
  EXPECT_TRUE(second.ok() && second->has_value());
}

class HeldEventsTest : public StoreTest {};

// Events that a dispatcher held when it was killed, for one that should come before them.
TEST_F(HeldEventsTest, GoToTheSinksAlsoAfterADispatcherThatEndsBeforeItKnowsThem) {
  constexpr int kEvents = 20;
  DispatcherConfig config;
  config.spool = spool_;
  config.sinks = {sink("a")};
  config.sinks[0].path = directory_ + "/a";
  for (int i = 1; i <= kEvents; ++i) {
    open_store(config.sinks);
    take_in({frame_of(event_of_call(i, "dial.ended", "call-" + std::to_string(i)))});
    ASSERT_TRUE(store_->intake().next_release().has_value());
    store_.reset();
    Result<std::unique_ptr<Dispatcher>> started = Dispatcher::start(config, log_);
    ASSERT_TRUE(started.ok()) << started.error().message;
    (*started)->stop(milliseconds(0));
  }
  Result<std::unique_ptr<Dispatcher>> started = Dispatcher::start(config, log_);
  ASSERT_TRUE(started.ok()) << started.error().message;
  EXPECT_TRUE(eventually([&] { return count_of(read_text(directory_ + "/a"), "\n") == kEvents; }))
      << read_text(directory_ + "/a");
}

}  // namespace
}  // namespace plivo_dial
