// SPDX-License-Identifier: Apache-2.0
// `plivo-dialctl events` on a store whose events stand in every way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "lib/spool/spool_lock.h"
#include "lib/store/dead_letter.h"
#include "mod_plivo_dial/ctl/events/events_command.h"
#include "mod_plivo_dial/ctl/events/events_spool.h"
#include "mod_plivo_dial/ctl/events_text.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "tests/unit/ctl/events/events_fixture.h"

namespace plivo_dial::ctl {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

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
  EXPECT_EQ(told["new_events"], 4 + 2) << "none of them is taken in any more";
  EXPECT_FALSE(std::filesystem::exists(spool_ + "/dispatch")) << "made by a look";
  const Ran ran = events({"list"});
  EXPECT_EQ(ran.status, kExitNoAccess);
  EXPECT_THAT(ran.err, HasSubstr("has no store yet: plivo-diald has never run on it"));
}

// What `status --check` says, but for the numbers.
class EventsCheck : public EventsCommand {
 protected:
  void SetUp() override {
    EventsCommand::SetUp();
    take_in({}, kSegment, true);  // a segment that has ended may be gone
  }
  Ran check(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"status", "--check"});
    return events(std::move(more));
  }
  // Nothing waits, and nothing is dead.
  void settle() {
    record_all_delivered("a");
    record_all_delivered("b");
    ASSERT_EQ(events({"dead", "drop", "--all"}).status, kExitOk);
  }
};

TEST_F(EventsCheck, IsCriticalWithoutADispatcher) {
  const Ran ran = check();
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(count_of(ran.out, "\n"), 1u) << ran.out;
  EXPECT_THAT(ran.out, testing::StartsWith("PLIVO_DIAL CRITICAL - plivo-diald is not running"));
  EXPECT_THAT(ran.out, AllOf(HasSubstr("; 1 dead letter at sink b"), HasSubstr(" | waiting=4;;;0 "),
                             HasSubstr(" dead=1;0;;0 "), HasSubstr("s;600;;0 ")));
}

TEST_F(EventsCheck, WarnsOfWhatCanWaitAndIsOkOtherwise) {
  const auto lock = SpoolLock::take(spool_, std::chrono::milliseconds(0));
  ASSERT_TRUE(lock.ok() && *lock);
  const Ran warned = check();
  EXPECT_EQ(warned.status, 1) << warned.out;
  EXPECT_THAT(
      warned.out,
      AllOf(testing::StartsWith("PLIVO_DIAL WARNING - "), HasSubstr("dead letter"),
            HasSubstr("has not taken its oldest event for"), HasSubstr("more than 10 min")));
  settle();
  const Ran good = check();
  EXPECT_EQ(good.status, 0) << good.out;
  EXPECT_THAT(good.out, testing::StartsWith(
                            "PLIVO_DIAL OK - nothing needs an operator, 0 events waiting | "));
}

TEST_F(EventsCheck, WaitsAsLongAsItIsTold) {
  const auto lock = SpoolLock::take(spool_, std::chrono::milliseconds(0));
  ASSERT_TRUE(lock.ok() && *lock);
  ASSERT_EQ(events({"dead", "drop", "--all"}).status, kExitOk);
  EXPECT_EQ(check().status, 1);
  const Ran patient = check({"--max-wait", "36000d"});
  EXPECT_EQ(patient.status, 0) << patient.out;
  EXPECT_THAT(patient.out, HasSubstr("s;3110400000;;0 "));
  EXPECT_THAT(events({"status", "--max-wait", "3h"}).out, HasSubstr("(more than 3 h)"));
  for (const char* wrong : {"10", "ten minutes", "-5m"}) {
    EXPECT_EQ(events({"status", "--check", "--max-wait=" + std::string(wrong)}).status, kExitUsage)
        << wrong;
  }
}

TEST_F(EventsCheck, IsUnknownWhereNothingCanBeSeen) {
  const Ran ran = run_subcommand(add_events_command, "events",
                                 {"status", "--check", "--spool", directory_ + "/no|ne"});
  EXPECT_EQ(ran.status, 3);
  EXPECT_EQ(count_of(ran.out, "\n"), 1u);
  EXPECT_THAT(ran.out,
              AllOf(testing::StartsWith("PLIVO_DIAL UNKNOWN - the spool "), Not(HasSubstr("|"))));
}

TEST_F(EventsCheck, ToldInJsonHasTheSameStatus) {
  const json told = events_json({"status", "--check"}, 2);
  EXPECT_EQ(told["state"], "critical");
  EXPECT_EQ(told["max_wait"], 600);
  EXPECT_EQ(told["critical"].size(), 1u);
  EXPECT_GT(told["needs_operator"].size(), 1u);
  // For programs, which read no sentences: each with its code.
  ASSERT_EQ(told["concerns"].size(), told["needs_operator"].size());
  std::vector<std::string> critical;
  for (std::size_t at = 0; at < told["concerns"].size(); ++at) {
    const json& concern = told["concerns"][at];
    EXPECT_EQ(concern["sentence"], told["needs_operator"][at]);
    EXPECT_NE(concern["code"], "");
    if (concern["critical"].get<bool>()) critical.push_back(concern["code"]);
  }
  EXPECT_THAT(critical, ElementsAre("dispatcher"));
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
  const Ran shorter = events({"show", "01zz8w3"});
  EXPECT_EQ(shorter.status, kExitUsage);
  EXPECT_THAT(shorter.err, HasSubstr("first 8 or more are enough"));
  EXPECT_EQ(events({"retry", "x"}).status, kExitUsage);
  const Ran none = events({"show", "01zz8w3v9k2m4n6p8r0s999999"});
  EXPECT_EQ(none.status, kExitDiffers);
  EXPECT_THAT(none.err, HasSubstr("no event \"01zz8w3v9k2m4n6p8r0s999999\" is kept"));
}

TEST_F(EventsCommand, TheCallInPlaceOfAnEventLeadsToItsList) {
  const std::string call = "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21";
  take_in({frame_of(event_of_call(5, "other", call))});
  for (const std::string& text : {call, call.substr(0, 8)}) {
    for (const char* command : {"show", "retry"}) {
      const Ran ran = events({command, text});
      EXPECT_EQ(ran.status, kExitDiffers) << command;
      EXPECT_THAT(ran.err, HasSubstr("plivo-dialctl events list --call " + text + "\n"));
    }
  }
}

TEST_F(EventsCommand, RetrySendsNow) {
  const Ran ran = events({"retry", id_of(3)});
  EXPECT_EQ(ran.status, kExitOk) << ran.err;
  EXPECT_EQ(ran.out, "event " + id_of(3) +
                         " is tried now at 2 sinks; plivo-diald is not running, "
                         "it sends when it runs.\n");
  EXPECT_EQ((*store_->delivery().waiting(store_->intake().id_of("a"), 2, 1))[0].next_ms, 0);
  const Ran delivered = events({"retry", id_of(2)});
  EXPECT_EQ(delivered.status, kExitDiffers);
  EXPECT_THAT(delivered.err,
              AllOf(HasSubstr("plivo-dialctl events retry: event "), HasSubstr("events replay")));
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
  EXPECT_EQ(rows({"dead", "list"}), 2u);
  EXPECT_EQ(events({"dead", "drop"}).status, kExitUsage) << "--all must be said";
  EXPECT_EQ(events({"dead", "drop", id_of(1), "--all"}).status, kExitUsage);
  EXPECT_EQ(events_json({"dead", "retry", id_of(3)})["count"], 1);
  EXPECT_NE((*store_->delivery().waiting(store_->intake().id_of("a"), 2, 1))[0].next_ms, 0)
      << "that one waits";
  EXPECT_EQ(rows({"dead", "list"}), 1u);
  EXPECT_EQ(events({"dead", "drop", id_of(4)}).status, kExitDiffers) << "waits, is no dead letter";
  const Ran dropped = events({"dead", "drop", "--all", "--sink", "b"});
  EXPECT_EQ(dropped.out, "1 dead letter at sink b is removed.\n");
  const Ran none = events({"dead", "list"});
  EXPECT_EQ(none.status, kExitDiffers);
  EXPECT_THAT(none.err, HasSubstr("there is no dead letter"));
  const Ran no_more = events({"dead", "drop", "--all", "--sink", "b"});
  EXPECT_EQ(no_more.status, kExitDiffers);
  EXPECT_EQ(no_more.err, "plivo-dialctl events dead drop: there is no dead letter at sink b\n");
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
  std::filesystem::create_directory(spool_ + "/other");
  const Ran other = run_subcommand(add_events_command, "events",
                                   {"status", "--check", "--spool", spool_ + "/other"});
  EXPECT_EQ(other.status, kExitNoAccess);
  EXPECT_THAT(other.out, AllOf(HasSubstr("PLIVO_DIAL UNKNOWN"),
                               HasSubstr("is it the directory of PlivoSpool?")));
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
  TextTable coloured({"A", "B"});
  coloured.add({TableCell("x", Colour::kRed), TableCell("", Colour::kRed)});
  EXPECT_EQ(coloured.text(true), "A  B\n\033[31mx\033[0m\n");
  EXPECT_EQ(coloured.text(false), "A  B\nx\n");
  EXPECT_EQ(*parse_span("10m"), 600'000'000);
  EXPECT_THAT(parse_span("10").error().message, HasSubstr("\"10\" is no span of time"));
  EXPECT_EQ(pretty_json("\"\x7f\\\\x7f\u0085\""), "\"\\u007f\\\\x7f\\u0085\"\n");
}

}  // namespace
}  // namespace plivo_dial::ctl
