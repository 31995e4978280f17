// SPDX-License-Identifier: Apache-2.0
// `plivo-dialctl events list` by all its filters.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

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

}  // namespace
}  // namespace plivo_dial::ctl
