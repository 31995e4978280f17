// SPDX-License-Identifier: Apache-2.0
// `plivo-dialctl events` on a store whose events stand in every way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "lib/delivery/dead_letter.h"
#include "lib/delivery/spool_lock.h"
#include "mod_plivo_dial/ctl/call_command.h"
#include "mod_plivo_dial/ctl/events_command.h"
#include "mod_plivo_dial/ctl/events_spool.h"
#include "mod_plivo_dial/ctl/events_text.h"
#include "tests/unit/ctl/command_runner.h"
#include "tests/unit/delivery/store_fixture.h"

namespace plivo_dial::ctl {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr char kEvil[] = "\x1b[2Jevil\u202e";

// Four events; 1 is delivered at `a` and dead at `b`, 2 is delivered, 3 waits for its second
// attempt at `a`, 4 waits at both.
class EventsCommand : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    open_store({sink("a"), sink("b", {"other"})});
    ASSERT_TRUE(store_->end_catching_up().ok());
    Event evil = event_of_call(3, "other", kEvil, 2 * kSecondUs);
    evil.params = {{"Evil", kEvil}};
    take_in({frame_of(event_of_call(1, "other", "c")),
             frame_of(event_of_call(2, "recording", "c", kSecondUs)), frame_of(evil),
             frame_of(event_of_call(4, "other", "", 3 * kSecondUs))});
    record(1, DeliveryState::kDelivered);
    record(2, DeliveryState::kDelivered);
    make_dead(1, "b");
    fail(3, "a");
  }

  void make_dead(int number, const std::string& name) {
    ASSERT_TRUE(write_dead_letters(spool_, {{id_of(number), name, "it failed", 1, kStartUs,
                                             to_json(event_of(number))}})
                    .ok());
    record(static_cast<std::uint64_t>(number), DeliveryState::kDead, name);
  }
  void fail(std::uint64_t seq, const std::string& name) {
    DeliveryChange change;
    change.seq = seq;
    change.attempts = 1;
    change.failures = 1;
    change.next_ms = kStartUs / 1000 + 60'000;
    change.error = std::string("it said ") + kEvil;
    ASSERT_TRUE(store_->record(store_->id_of(name), {change}).ok());
  }

  Ran events(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--spool", spool_});
    return run_subcommand(add_events_command, "events", std::move(arguments));
  }
  json events_json(std::vector<std::string> arguments, int status = kExitOk) {
    arguments.push_back("--json");
    const Ran ran = events(std::move(arguments));
    EXPECT_EQ(ran.status, status) << ran.err;
    return json::parse(ran.out, nullptr, false);
  }
  std::size_t lines(std::vector<std::string> arguments) {
    arguments.push_back("--json");
    return count_of(events(std::move(arguments)).out, "\n");
  }
};

TEST_F(EventsCommand, StatusTellsHowItStandsAndWhatNeedsAnOperator) {
  spool_events(10, 2);
  const json told = events_json({"status"});
  EXPECT_EQ(told["spool"], spool_);
  EXPECT_EQ(told["dispatcher"]["running"], false);
  EXPECT_EQ(told["events"], 4);
  EXPECT_EQ(told["new_events"], 2);
  EXPECT_GT(told["new_bytes"], 500);
  EXPECT_GT(told["used_bytes"], 1000);
  EXPECT_GT(told["free_bytes"], 0);
  ASSERT_THAT(told["sinks"], SizeIs(2));
  const json& a = told["sinks"][0];
  EXPECT_EQ(a["waiting"], 2);
  EXPECT_EQ(a["retrying"], 1);
  EXPECT_EQ(a["delivered"], 2);
  EXPECT_EQ(told["sinks"][1]["dead"], 1);
  const Ran ran = events({"status"});
  EXPECT_EQ(ran.status, kExitOk);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("not running"), HasSubstr("Needs an operator:"),
                             HasSubstr("1 dead letter at sink b: see plivo-dialctl events dead "
                                       "list --sink b\n")));
}

TEST_F(EventsCommand, StatusKnowsARunningDispatcher) {
  const auto lock = SpoolLock::take(spool_, std::chrono::milliseconds(0));
  ASSERT_TRUE(lock.ok() && *lock);
  EXPECT_EQ(events_json({"status"})["dispatcher"]["pid"], getpid());
  EXPECT_THAT(events({"status"}).out, AllOf(HasSubstr("running, pid " + std::to_string(getpid())),
                                            Not(HasSubstr("plivo-diald is not running"))));
}

TEST_F(EventsCommand, StatusOfANewSpoolNeedsNoStore) {
  store_.reset();
  std::filesystem::remove_all(spool_ + "/dispatch");
  spool_events(10, 2);
  const json told = events_json({"status"});
  EXPECT_EQ(told["store"], false);
  EXPECT_EQ(told["new_events"], 2);
  EXPECT_FALSE(std::filesystem::exists(spool_ + "/dispatch")) << "made by a look";
  const Ran ran = events({"list"});
  EXPECT_EQ(ran.status, kExitNoAccess);
  EXPECT_THAT(ran.err, HasSubstr("has no store yet: plivo-diald has never run on it"));
}

TEST_F(EventsCommand, ListFiltersAndIsSafeForATerminal) {
  const Ran all = events({"list"});
  EXPECT_EQ(all.status, kExitOk) << all.err;
  EXPECT_EQ(count_of(all.out, "\n"), 8u) << all.out;
  EXPECT_THAT(all.out, AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\u202e")),
                             HasSubstr("\\x1b[2Jevil\\u202e"), HasSubstr("2026-11-18T11:06:")));
  EXPECT_LT(all.out.find(id_of(4)), all.out.find(id_of(1))) << "newest first";
  EXPECT_EQ(lines({"list", "--state", "waiting"}), 4u);
  EXPECT_EQ(lines({"list", "--state", "waiting", "--sink", "a"}), 2u);
  EXPECT_EQ(lines({"list", "--state", "dead"}), 1u);
  EXPECT_EQ(lines({"list", "--call", "c"}), 3u);
  EXPECT_EQ(lines({"list", "--since", time_text(kStartUs + 2 * kSecondUs)}), 4u);
  EXPECT_THAT(events({"list", "--limit", "2"}).out, HasSubstr("--limit gives more"));
  EXPECT_EQ(lines({"list", "--limit", "2"}), 2u);
  const Ran none = events({"list", "--call", "nobody"});
  EXPECT_EQ(none.status, kExitDiffers);
  EXPECT_THAT(none.err, HasSubstr("no event fits"));
  const json row = events_json({"list", "--state", "waiting", "--sink", "a", "--call", kEvil});
  EXPECT_EQ(row["id"], id_of(3));
  EXPECT_EQ(row["attempts"], 1);
  EXPECT_EQ(row["next"], "2026-11-18T11:07:40.000000Z");
  EXPECT_EQ(row["error"], std::string("it said ") + kEvil);
}

TEST_F(EventsCommand, ShowTellsEventAndSinks) {
  const json shown = events_json({"show", id_of(3)});
  EXPECT_EQ(shown["event"]["id"], id_of(3));
  EXPECT_EQ(shown["event"]["seq"], 3);
  ASSERT_THAT(shown["sinks"], SizeIs(2));
  EXPECT_EQ(shown["sinks"][0]["state"], "waiting");
  const Ran ran = events({"show", id_of(3)});
  EXPECT_THAT(ran.out, AllOf(HasSubstr("  \"id\": \"" + id_of(3)), HasSubstr("it said"),
                             Not(HasSubstr("\x1b")), Not(HasSubstr("\u202e"))));
}

TEST_F(EventsCommand, BeginningOfAnIdIsEnough) {
  take_in({frame_of([] {
    Event event = event_of_call(1, "other", "z");
    event.id = "01zz" + event.id.substr(4);
    return event;
  }())});
  EXPECT_EQ(events({"show", "01zz8w3v"}).status, kExitOk);
  const Ran several = events({"show", id_of(1).substr(0, 10)});
  EXPECT_EQ(several.status, kExitDiffers);
  EXPECT_THAT(several.err, AllOf(HasSubstr("several event IDs"), HasSubstr(id_of(4))));
  EXPECT_THAT(events({"show", "01zz8w3"}).err, HasSubstr("first 8 or more are enough"));
  const Ran none = events({"show", "01zz8w3v9k2m4n6p8r0s999999"});
  EXPECT_EQ(none.status, kExitDiffers);
  EXPECT_THAT(none.err, HasSubstr("no event \"01zz8w3v9k2m4n6p8r0s999999\" is kept"));
}

TEST_F(EventsCommand, RetrySendsNow) {
  const Ran ran = events({"retry", id_of(3)});
  EXPECT_EQ(ran.status, kExitOk) << ran.err;
  EXPECT_EQ(ran.out, "event " + id_of(3) +
                         " is tried now at 2 sinks; plivo-diald is not running, "
                         "it sends when it runs.\n");
  EXPECT_EQ((*store_->waiting(store_->id_of("a"), 2, 1))[0].next_ms, 0);
  const Ran delivered = events({"retry", id_of(2)});
  EXPECT_EQ(delivered.status, kExitDiffers);
  EXPECT_THAT(delivered.out, HasSubstr("events replay"));
  EXPECT_EQ(events_json({"retry", id_of(1), "--sink", "b"})["count"], 1);
  EXPECT_THAT(waiting("b"), ElementsAre(1, 3, 4));
}

TEST_F(EventsCommand, UnknownSinkIsNamedAndOneProposed) {
  open_store({sink("archive"), sink("hook")});
  const Ran ran = events({"replay", "--since", "2h", "--sink", "arhive"});
  EXPECT_EQ(ran.status, kExitUsage);
  EXPECT_THAT(ran.err, HasSubstr("no sink is named \"arhive\"; did you mean archive?"));
  EXPECT_THAT(events({"list", "--sink", "nobody"}).err,
              HasSubstr("there are: a, archive, b, hook"));
}

TEST_F(EventsCommand, ReplayCountsOrSends) {
  const std::vector<std::string> replay = {"replay", "--since", time_text(kStartUs), "--sink", "a"};
  std::vector<std::string> dry = replay;
  dry.push_back("--dry-run");
  const Ran counted = events(dry);
  EXPECT_EQ(counted.status, kExitOk) << counted.err;
  EXPECT_THAT(counted.out, HasSubstr("2 events accepted since 2026-11-18T11:06:40Z would go"));
  EXPECT_THAT(waiting(), ElementsAre(3, 4));
  std::vector<std::string> first = replay;
  first.insert(first.end(), {"--until", time_text(kStartUs + kSecondUs)});
  EXPECT_EQ(events_json(first)["count"], 1);
  EXPECT_THAT(waiting(), ElementsAre(1, 3, 4));
  EXPECT_EQ(events_json(replay)["count"], 1);
  EXPECT_EQ(events(replay).status, kExitDiffers) << "all of them wait";
  EXPECT_EQ(events({"replay", "--since", "1h", "--until", "2h", "--sink", "a"}).status, kExitUsage);
  EXPECT_THAT(events({"replay", "--since", "yesterday", "--sink", "a"}).err,
              HasSubstr("--since: \"yesterday\" is no time"));
}

TEST_F(EventsCommand, DeadLettersAreListedSentAndDropped) {
  make_dead(3, "b");
  EXPECT_EQ(lines({"dead", "list"}), 2u);
  EXPECT_EQ(events({"dead", "drop"}).status, kExitUsage) << "--all must be said";
  EXPECT_EQ(events({"dead", "drop", id_of(1), "--all"}).status, kExitUsage);
  EXPECT_EQ(events_json({"dead", "retry", id_of(3)})["count"], 1);
  EXPECT_NE((*store_->waiting(store_->id_of("a"), 2, 1))[0].next_ms, 0) << "that one waits";
  EXPECT_EQ(lines({"dead", "list"}), 1u);
  EXPECT_EQ(events({"dead", "drop", id_of(4)}).status, kExitDiffers) << "waits, is no dead letter";
  const Ran dropped = events({"dead", "drop", "--all", "--sink", "b"});
  EXPECT_EQ(dropped.out, "1 dead letter at sink b is removed.\n");
  const Ran none = events({"dead", "list"});
  EXPECT_EQ(none.status, kExitDiffers);
  EXPECT_THAT(none.err, HasSubstr("there is no dead letter"));
  EXPECT_EQ(list_dead_letters(spool_)->size(), 1u) << "of the one that waits again";
  EXPECT_EQ(balance().sinks[1].dropped, 1u);
  make_dead(3, "b");
  make_dead(4, "b");
  EXPECT_EQ(events_json({"dead", "retry", "--all"})["count"], 2);
  EXPECT_EQ(events({"dead", "retry", "--all"}).status, kExitDiffers);
}

TEST_F(EventsCommand, SpoolThatIsNotThereIsNamed) {
  const Ran ran =
      run_subcommand(add_events_command, "events", {"status", "--spool", directory_ + "/none"});
  EXPECT_EQ(ran.status, kExitNoAccess);
  EXPECT_THAT(ran.err, HasSubstr("none\" does not exist; name the directory of PlivoSpool"));
}

TEST_F(EventsCommand, LockedStoreIsToldWithARemedy) {
  auto other = Database::open(database(), Database::Access::kChange);
  ASSERT_TRUE(other.ok());
  (*other)->run_script("BEGIN IMMEDIATE");
  const Ran ran = events({"retry", id_of(3)});
  EXPECT_EQ(ran.status, kExitNoAccess);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("is locked"), HasSubstr("try again")));
  EXPECT_EQ(events({"list"}).status, kExitOk) << "reading needs no lock";
}

TEST_F(EventsCommand, HarmedStoreIsToldWithARemedy) {
  store_.reset();
  std::ofstream(database(), std::ios::binary) << std::string(8192, 'x');
  const Ran ran = events({"status"});
  EXPECT_EQ(ran.status, kExitNoAccess);
  EXPECT_THAT(ran.err, HasSubstr("queue.db"));
}

TEST(EventsText, TimesAreReadAsPeopleWriteThem) {
  constexpr std::int64_t kNow = 1'795'000'000'000'000;
  EXPECT_EQ(*parse_time("90s", kNow), kNow - 90'000'000);
  EXPECT_EQ(*parse_time("15m", kNow), kNow - 900'000'000);
  EXPECT_EQ(*parse_time("2h", kNow), kNow - 7'200'000'000);
  EXPECT_EQ(*parse_time("3d", kNow), kNow - 3 * 86'400'000'000);
  EXPECT_EQ(*parse_time("2026-11-18T11:06:40Z", kNow), kNow);
  for (const char* const wrong :
       {"", "5", "m", "-5m", "5 m", "5w", "1.5h", "99999999999999d", "999999999999999999999s",
        "2026-11-18", "2026-11-18T11:06:40+01:00"}) {
    EXPECT_FALSE(parse_time(wrong, kNow).ok()) << wrong;
  }
}

TEST(EventsText, TimesSizesAndTablesForPeople) {
  constexpr std::int64_t kNow = 1'795'000'000'000'000;
  EXPECT_EQ(time_text(kNow - 180'000'000, kNow), "2026-11-18T11:03:40Z (3 min ago)");
  EXPECT_EQ(time_text(kNow + 20'000'000, kNow), "2026-11-18T11:07:00Z (in 20 s)");
  EXPECT_EQ(size_text(1023), "1023 bytes");
  EXPECT_EQ(size_text(1536), "1.5 KiB");
  TextTable table({"A", "B"});
  table.add({"\u00e9\x1b", "x"});
  table.add({"longer", ""});
  EXPECT_EQ(table.text(), "A       B\n\u00e9\\x1b   x\nlonger\n");
  EXPECT_EQ(pretty_json("\x7f\\x7f\u0085"), "\"\\u007f\\\\x7f\\u0085\"\n");
}

}  // namespace
}  // namespace plivo_dial::ctl
