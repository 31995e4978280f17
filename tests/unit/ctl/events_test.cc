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
  // The rows of sinks of all events.
  std::size_t rows(std::vector<std::string> arguments) {
    std::size_t count = 0;
    for (const json& event : listed(std::move(arguments))) count += event["sinks"].size();
    return count;
  }
  json listed(std::vector<std::string> arguments) {
    arguments.push_back("--json");
    return json::parse(events(std::move(arguments)).out, nullptr, false)["events"];
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
  EXPECT_EQ(count_of(all.out, "\n"), 5u) << all.out;
  EXPECT_THAT(all.out, AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\u202e")),
                             HasSubstr("\\x1b[2Jevil\\u202e"), HasSubstr("2026-11-18T11:06:")));
  EXPECT_LT(all.out.find(id_of(4)), all.out.find(id_of(1))) << "newest first";
  EXPECT_EQ(rows({"list", "--state", "waiting"}), 4u);
  EXPECT_EQ(rows({"list", "--state", "waiting", "--sink", "a"}), 2u);
  EXPECT_EQ(rows({"list", "--state", "dead"}), 1u);
  EXPECT_EQ(rows({"list", "--call", "c"}), 3u);
  EXPECT_EQ(rows({"list", "--since", time_text(kStartUs + 2 * kSecondUs)}), 4u);
  EXPECT_THAT(events({"list", "--limit", "2"}).out, HasSubstr("--limit gives more"));
  EXPECT_EQ(listed({"list", "--limit", "2"}).size(), 2u);
  const Ran none = events({"list", "--call", "nobody"});
  EXPECT_EQ(none.status, kExitDiffers);
  EXPECT_THAT(none.err, HasSubstr("no event fits"));
  const json row = listed({"list", "--state", "waiting", "--sink", "a", "--call", kEvil})[0];
  EXPECT_EQ(row["id"], id_of(3));
  ASSERT_THAT(row["sinks"], SizeIs(1));
  EXPECT_EQ(row["sinks"][0]["attempts"], 1);
  EXPECT_EQ(row["sinks"][0]["next"], "2026-11-18T11:07:40.000000Z");
  EXPECT_EQ(row["sinks"][0]["error"], std::string("it said ") + kEvil);
}

TEST_F(EventsCommand, ListSaysInJsonThatItIsEmpty) {
  const json none = events_json({"list", "--call", "nobody"}, kExitDiffers);
  EXPECT_EQ(none["events"], json::array());
  EXPECT_EQ(none["more"], false);
  EXPECT_EQ(none["command"], "events list");
  EXPECT_EQ(events_json({"list", "--limit", "1"})["more"], true);
}

// Calls between known parties, behind the four of the fixture.
class EventsOfCalls : public EventsCommand {
 protected:
  void SetUp() override {
    EventsCommand::SetUp();
    take_in({frame_of(dialled(5, "c3f2b0d4-1111-4222-8333-444455556666", "14155550111",
                              "14155550199", "busy")),
             frame_of(dialled(6, "c3f2b0d5-1111-4222-8333-444455556666", "+14155550112",
                              "14155550199", "completed")),
             frame_of(dialled(7, "e7000000-1111-4222-8333-444455556666",
                              "sip:alice@phone.plivo.com", "14155550188", ""))});
  }

  static Event dialled(int number, const std::string& call, const std::string& from,
                       const std::string& to, const std::string& status) {
    Event event = event_of_call(number, "other", call, 10 * kSecondUs);
    event.from = from;
    event.to = to;
    event.call_status = "in-progress";
    event.dial_status = status.empty() ? Event::Text() : Event::Text(status);
    return event;
  }
  std::size_t found(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "list");
    return listed(std::move(arguments)).size();
  }
};

TEST_F(EventsOfCalls, HaveALineWithWhoCalledWhomAndWhatCameOfIt) {
  const std::string out = events({"list", "--call", "c3f2b0d4"}).out;
  EXPECT_EQ(count_of(out, "\n"), 2u) << out;
  EXPECT_THAT(out, HasSubstr("FROM"));
  EXPECT_THAT(out,
              HasSubstr("  14155550111  14155550199  busy    c3f2b0d4  a waiting; b waiting\n"));
  const json event = listed({"list", "--call", "e7000000"})[0];
  EXPECT_EQ(event["from"], "sip:alice@phone.plivo.com");
  EXPECT_EQ(event["status"], "in-progress") << "of the call, where nobody was dialled";
  EXPECT_EQ(event["call"], "e7000000-1111-4222-8333-444455556666");
}

TEST_F(EventsOfCalls, AreFoundByPartiesAndTheBeginningOfTheCall) {
  EXPECT_EQ(found({"--from", "14155550111"}), 1u);
  EXPECT_EQ(found({"--from", "+14155550111"}), 1u);
  EXPECT_EQ(found({"--from", "14155550112"}), 1u) << "with + in the event";
  EXPECT_EQ(found({"--from", "sip:alice@phone.plivo.com"}), 1u);
  EXPECT_EQ(found({"--to", "+14155550199"}), 2u);
  EXPECT_EQ(found({"--to", "+14155550199", "--from", "14155550112"}), 1u);
  EXPECT_EQ(found({"--to", "+14155550199", "--limit", "1"}), 1u) << "the limit is of what fits";
  EXPECT_EQ(found({"--to", "+1415555019"}), 0u) << "a number is whole";
  EXPECT_EQ(found({"--call", "c3f2"}), 2u);
  EXPECT_EQ(found({"--call", "c3f2b0d5-1111-4222-8333-444455556666"}), 1u);
  EXPECT_EQ(found({"--call", "3f2b"}), 0u);
  EXPECT_EQ(found({"--call", "%"}), 0u);
}

TEST_F(EventsOfCalls, ThatNameNobodyAreFoundByThePartiesOfTheirCall) {
  const std::string call = "c3f2b0d4-1111-4222-8333-444455556666";
  Event answered = event_of_call(8, "dial.answered", call, 11 * kSecondUs);
  Event foreign =
      event_of_call(9, "dial.answered", "e7000001-1111-4222-8333-444455556666", 12 * kSecondUs);
  for (Event* event : {&answered, &foreign}) event->from = event->to = std::nullopt;
  take_in({frame_of(answered), frame_of(foreign)});
  EXPECT_EQ(found({"--to", "14155550199", "--from", "14155550111"}), 2u);
  const json event = listed({"list", "--call", call})[0];
  EXPECT_EQ(event["event"], "dial.answered");
  EXPECT_EQ(event["from"], "14155550111");
  EXPECT_EQ(event["to"], "14155550199");
  EXPECT_TRUE(listed({"list", "--call", "e7000001"})[0]["to"].is_null());
}

TEST_F(EventsOfCalls, RefuseANumberThatNoEventCanHave) {
  const Ran national = events({"list", "--to", "03012345678"});
  EXPECT_EQ(national.status, kExitUsage);
  EXPECT_THAT(national.err, HasSubstr("--to: \"03012345678\" begins with 0; Plivo names numbers "
                                      "with their country code"));

  const Ran ran = events({"list", "--from", "+1 415 555 0111"});
  EXPECT_EQ(ran.status, kExitUsage);
  EXPECT_THAT(ran.err, HasSubstr("--from: \"+1 415 555 0111\" is not a phone number in E.164; did "
                                 "you mean +14155550111?"));
  EXPECT_EQ(events({"dead", "list", "--to", "+1(415)5550199"}).status, kExitUsage);
}

TEST_F(EventsOfCalls, OfAnEmptyValueAreNotAll) {
  for (const char* option : {"--call", "--from", "--to", "--sink"}) {
    const Ran ran = events({"list", option, ""});
    EXPECT_EQ(ran.status, kExitUsage) << option;
    EXPECT_THAT(ran.err, AllOf(HasSubstr(option), HasSubstr("the value is empty")));
    EXPECT_EQ(ran.out, "");
  }
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
  EXPECT_EQ((*store_->waiting(store_->id_of("a"), 2, 1))[0].next_ms, 0);
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
  EXPECT_NE((*store_->waiting(store_->id_of("a"), 2, 1))[0].next_ms, 0) << "that one waits";
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
  EXPECT_EQ(pretty_json("\x7f\\x7f\u0085"), "\"\\u007f\\\\x7f\\u0085\"\n");
}

}  // namespace
}  // namespace plivo_dial::ctl
