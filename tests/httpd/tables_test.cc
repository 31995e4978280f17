// SPDX-License-Identifier: Apache-2.0
// Schedules and route maps in a real httpd: files of the administrator's become tables, calls are
// looked up in them, and a file that goes bad changes nothing but the log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "tests/httpd/configuration_mistake.h"
#include "tests/httpd/dates.h"
#include "tests/httpd/http_client.h"
#include "tests/httpd/httpd_server.h"
#include "tests/httpd/polling.h"
#include "tests/httpd/process.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;

const std::string kCalled = "14155550199";

class TablesInHttpd : public testing::Test {
 protected:
  // As people save: beside, then renamed.
  void save(const std::string& name, const std::string& content) {
    server_.files().write_file("conf/new", content, 0644);
    std::filesystem::rename(server_.root() + "/conf/new", server_.root() + "/conf/" + name);
  }

  static std::string whole(const std::string& server, const std::string& directives) {
    return "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher On \"" PLIVO_DIALD_PROGRAM
           "\"\n"
           "PlivoEventSink file \"file:${ROOT}/events/all\"\n" +
           server + in_location(directives);
  }
  bool start(const std::string& server, const std::string& directives) {
    return server_.start(whole(server, directives));
  }

  std::string ask(const std::string& path, const std::string& from, const std::string& to,
                  const std::string& more = "") {
    const HttpReply reply = HttpClient(server_.port())
                                .post(path,
                                      "CallUUID=3c0f9d2e-1b7a-4c55-8f10-6a2d4e8b9c01&"
                                      "Direction=inbound&CallStatus=in-progress&From=" +
                                          from + "&To=" + to + more);
    EXPECT_EQ(reply.status, 200);
    return reply.body;
  }
  std::string answer(const std::string& to, const std::string& from = "14155550111",
                     const std::string& more = "") {
    return ask("/dialstatus", from, to, more);
  }
  std::string after(const std::string& status, const std::string& to) {
    return ask("/dialstatus/action", "14155550111", to, "&DialStatus=" + status);
  }
  bool soon(const std::string& to, const std::string& part) {
    return wait_for([&] { return answer(to).find(part) != std::string::npos; });
  }

  HttpdServer server_;
};

constexpr const char* kMap = R"(
+14155550199             +14155550101,sip:desk@phone.plivo.com  callerid=called timeout=20
+14155550188             -                  voicemail=on
+1415777*                -                  plan=sales
+14157770001             +14155550105       plan=sales
from:+4930*              +14155550106
forwarded:+442079460000  +14155550107
)";

constexpr const char* kPlans = R"(
PlivoRouteMap txt:${ROOT}/conf/numbers.txt
PlivoSpeak "Welcome."
PlivoDial +14155550100
PlivoVoicemail Off
<PlivoPlan sales>
    PlivoSpeak "Sales."
    PlivoDial +14155550103
    PlivoDial +14155550104
</PlivoPlan>
<PlivoNumber +14155550177>
    PlivoDial +14155550108
</PlivoNumber>
)";

TEST_F(TablesInHttpd, CallsGoByTheLineThatIsForThem) {
  save("numbers.txt", kMap);
  ASSERT_TRUE(start("", kPlans));
  EXPECT_THAT(
      answer(kCalled),
      AllOf(HasSubstr("<Speak>Welcome.</Speak><Dial "), HasSubstr("callerId=\"14155550199\""),
            HasSubstr("timeout=\"20\"><Number>+14155550101</Number>"
                      "<User>sip:desk@phone.plivo.com</User></Dial></Response>")));
  EXPECT_THAT(after("busy", kCalled), HasSubstr("nobody can take your call right now"));
  EXPECT_THAT(answer("14155550188"), HasSubstr("<Record "));
  EXPECT_THAT(answer("14157771234"), AllOf(HasSubstr("Sales."), HasSubstr("+14155550103")));
  EXPECT_THAT(after("busy", "14157771234"), HasSubstr("+14155550104"));
  EXPECT_THAT(answer("14157770001"), AllOf(HasSubstr("Sales."), HasSubstr("+14155550105")));
  EXPECT_THAT(answer(kCalled, "493012345678"), HasSubstr("+14155550106"));
  EXPECT_THAT(answer(kCalled, "14155550111", "&ForwardedFrom=%2B442079460000"),
              HasSubstr("+14155550107"));
  EXPECT_THAT(answer("14155550166"), AllOf(HasSubstr("Welcome."), HasSubstr("+14155550100")));
  EXPECT_THAT(answer("14155550177"), HasSubstr("+14155550108"));
  EXPECT_THAT(answer("14155550177", "493012345678"), HasSubstr("+14155550108"))
      << "a number with a section is not looked up";
}

// Who picks up a call of a plan hears that plan's prompt, whatever number Plivo names then.
TEST_F(TablesInHttpd, ConfirmationIsOfThePlanOfTheLine) {
  save("numbers.txt", "+14155550199 - plan=sales\n+14155550188 +14155550101\n");
  ASSERT_TRUE(start("", R"(
PlivoRouteMap txt:${ROOT}/conf/numbers.txt
PlivoConfirm 1 "say=A call for us."
<PlivoPlan sales>
    PlivoConfirm 2 "say=A call for sales."
    PlivoDial +14155550103
</PlivoPlan>
)"));
  EXPECT_THAT(answer(kCalled),
              AllOf(HasSubstr("/dialstatus/confirm?plan=sales\""), HasSubstr("confirmKey=\"2\"")));
  EXPECT_THAT(answer("14155550188"), HasSubstr("/dialstatus/confirm?number=%2B00\""));
  EXPECT_THAT(ask("/dialstatus/confirm?plan=sales", "1", "14155550103"), HasSubstr("for sales."));
  EXPECT_THAT(ask("/dialstatus/confirm?number=%2B00", "1", "14155550101"), HasSubstr("for us."));
}

// A stage of a map has no line, so it has what the Location's PlivoDialDefault says, and not what
// the Location's line with the same number does.
TEST_F(TablesInHttpd, RingbackIsOfThePlanOfTheLine) {
  save("numbers.txt",
       "+14155550199 - plan=sales\n+14155550188 +14155550101\nfrom:+4930* - plan=sales\n");
  ASSERT_TRUE(start("", R"(
PlivoRouteMap txt:${ROOT}/conf/numbers.txt
PlivoDialDefault "dialMusic=say=Please hold."
PlivoDial +14155550100 "dialMusic=say=The desk rings."
<PlivoPlan sales>
    PlivoDial +14155550103 "dialMusic=say=Sales rings."
</PlivoPlan>
)"));
  EXPECT_THAT(answer(kCalled), HasSubstr("/dialstatus/music?plan=sales&amp;stage=1\""));
  EXPECT_THAT(answer("14155550188"), HasSubstr("/dialstatus/music?number=%2B00\""));
  EXPECT_THAT(answer("14155550177"), HasSubstr("/dialstatus/music?number=%2B00&amp;stage=1\""));
  const auto heard = [&](const std::string& query, const std::string& caller = "14155550111") {
    return ask("/dialstatus/music?" + query, caller, "14155550103");
  };
  EXPECT_THAT(heard("plan=sales&stage=1"), HasSubstr(">Sales rings.<"));
  EXPECT_THAT(heard("number=%2B00"), HasSubstr(">Please hold.<"));
  EXPECT_THAT(heard("number=%2B00&stage=1"), HasSubstr(">The desk rings.<"));
  EXPECT_THAT(heard("number=%2B00&stage=1", "493012345678"), HasSubstr(">The desk rings.<"))
      << "the URL says whose sound it is, and no line of the map";
}

// A line without a plan stands on that of the Location, and not on the one for other numbers.
TEST_F(TablesInHttpd, ConfirmationIsOfTheLocationWhereTheLineNamesNoPlan) {
  save("numbers.txt", "+14155550188 +14155550101\n");
  ASSERT_TRUE(start("", R"(
PlivoRouteMap txt:${ROOT}/conf/numbers.txt
PlivoConfirm 1 "say=A call for us."
<PlivoNumber default>
    PlivoConfirm 2 "say=A call for others."
    PlivoDial +14155550103
</PlivoNumber>
)"));
  EXPECT_THAT(answer("14155550188"),
              AllOf(HasSubstr("/confirm?number=%2B00\""), HasSubstr("confirmKey=\"1\"")));
  EXPECT_THAT(ask("/dialstatus/confirm?number=%2B00", "1", "2"), HasSubstr("for us."));
  EXPECT_THAT(answer("14155550199"),
              AllOf(HasSubstr("/confirm?number=%2B0\""), HasSubstr("confirmKey=\"2\"")));
  EXPECT_THAT(ask("/dialstatus/confirm?number=%2B0", "1", "2"), HasSubstr("for others."));
}

TEST_F(TablesInHttpd, TimeAndHoursOfALineAreForThePlanThatItNames) {
  save("numbers.txt", "+14155550199 - plan=sales timeout=7 schedule=always\n");
  ASSERT_TRUE(
      start("PlivoSchedule always Etc/UTC \"Mon-Sun 00:00-24:00\" "
            "\"override=${ROOT}/conf/override\"\n",
            R"(
PlivoRouteMap txt:${ROOT}/conf/numbers.txt
PlivoVoicemail On
<PlivoPlan sales>
    PlivoDial +14155550103 timeout=30 when=!always
    PlivoDial +14155550104 timeout=30
</PlivoPlan>
)"));
  EXPECT_THAT(answer(kCalled), AllOf(HasSubstr("+14155550104"), HasSubstr("timeout=\"7\"")));
  save("override", "closed\n");
  EXPECT_TRUE(soon(kCalled, "<Record "))
      << "neither rings: one by its own hours, both by the line's";
}

// A file that could not be read is tried again when that has changed.
TEST_F(TablesInHttpd, FileThatIsReadableAgainIsTaken) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, whose files httpd's user can't read";
  server_.expect_log("PD0614: ");
  save("numbers.txt", "+14155550199 +14155550101\n");
  ASSERT_TRUE(start("", "PlivoRouteMap txt:${ROOT}/conf/numbers.txt\nPlivoDial +14155550100"));
  server_.files().write_file("conf/new", "+14155550199 +14155550102\n", 0600);
  std::filesystem::rename(server_.root() + "/conf/new", server_.root() + "/conf/numbers.txt");
  EXPECT_TRUE(
      wait_for([&] { return server_.error_log().find("numbers.txt") != std::string::npos; }));
  std::filesystem::permissions(server_.root() + "/conf/numbers.txt",
                               std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  EXPECT_TRUE(soon(kCalled, "+14155550102"));
}

// What is wrong with a file since yesterday is no reason to leave all calls unanswered.
TEST_F(TablesInHttpd, StartsWithTheTablesBeforeWhereAFileHasAFault) {
  server_.allow_log("PD0614: ");
  server_.allow_log("PD0104: ");
  save("numbers.txt", "+14155550199 +14155550101\n");
  const std::string directives =
      "PlivoRouteMap txt:${ROOT}/conf/numbers.txt\nPlivoDial +14155550100";
  ASSERT_TRUE(start("", directives));
  server_.stop();
  save("numbers.txt", "4155550199 +14155550102\n");
  EXPECT_NE(server_.configtest(whole("", directives)).exit_code, 0);
  ASSERT_TRUE(start("", directives));
  EXPECT_THAT(answer(kCalled), HasSubstr("+14155550101"));
}

TEST_F(TablesInHttpd, FileThatChangesIsTakenWithinSecondsAndAFaultChangesNothing) {
  server_.expect_log("PD0614: ");
  save("numbers.txt", "+14155550199 +14155550101\n");
  ASSERT_TRUE(start("", "PlivoRouteMap txt:${ROOT}/conf/numbers.txt\nPlivoDial +14155550100"));
  EXPECT_THAT(answer(kCalled), HasSubstr("+14155550101"));
  save("numbers.txt", "+14155550199 +14155550102\n");
  EXPECT_TRUE(soon(kCalled, "+14155550102"));
  save("numbers.txt", "+14155550188 +14155550103\n\n4155550199 +14155550104\n");
  EXPECT_TRUE(wait_for([&] {
    // A process that looked within the last second may still have the first one.
    EXPECT_THAT(answer(kCalled), AnyOf(HasSubstr("+14155550102"), HasSubstr("+14155550101")));
    return server_.error_log().find("numbers.txt:3: ") != std::string::npos;
  }));
  EXPECT_THAT(answer("14155550188"), HasSubstr("+14155550100"));
  save("numbers.txt", "+14155550199 +14155550105\n");
  EXPECT_TRUE(soon(kCalled, "+14155550105"));
}

TEST_F(TablesInHttpd, ListOfCallersIsFollowed) {
  save("spam.txt", "+14155550111\n");
  ASSERT_TRUE(start("",
                    "PlivoDenyFrom \"file:${ROOT}/conf/spam.txt\" action=busy\n"
                    "PlivoDial +14155550100"));
  EXPECT_THAT(answer(kCalled), HasSubstr("reason=\"busy\""));
  EXPECT_THAT(answer(kCalled, "14155550112"), HasSubstr("+14155550100"));
  save("spam.txt", "+14155550112\n");
  EXPECT_TRUE(soon(kCalled, "+14155550100"));
}

// As plivo-dialctl call --at asks.
TEST_F(TablesInHttpd, PlanIsThatOfTheTimeAskedFor) {
  ASSERT_TRUE(start("PlivoSchedule office Europe/London \"Mon-Fri 09:00-18:00\"\n",
                    "PlivoDial +14155550101 when=office\nPlivoDial +14155550102 when=!office"));
  const auto at = [&](const std::string& time) {
    return answer(kCalled, "14155550111", "&DialctlAt=" + time);
  };
  EXPECT_THAT(at(monday_next() + "T09:00"), HasSubstr("+14155550101"));
  EXPECT_THAT(at(monday_next() + "T08:59"), HasSubstr("+14155550102"));
  EXPECT_THAT(at(monday_next() + "T18:00"), HasSubstr("+14155550102"));
}

TEST_F(TablesInHttpd, HoursDecideWhoRings) {
  ASSERT_TRUE(
      start("PlivoSchedule always Etc/UTC \"Mon-Sun 00:00-24:00\" "
            "\"override=${ROOT}/conf/override\"\n",
            "PlivoDial +14155550101 when=always\n"
            "PlivoDial +14155550102 when=!always\n"
            "PlivoDial +14155550103"));
  EXPECT_THAT(answer(kCalled), HasSubstr("+14155550101"));
  EXPECT_THAT(after("busy", kCalled), HasSubstr("+14155550103"));
  save("override", "closed\n");
  EXPECT_TRUE(soon(kCalled, "+14155550102"));
  save("override", "auto\n");
  EXPECT_TRUE(soon(kCalled, "+14155550101"));
}

// Whatever process is asked, also one that never saw the file without its fault.
TEST_F(TablesInHttpd, OverrideThatGoesBadGoesOnInAllProcesses) {
  server_.allow_log("PD0304: ");
  save("override", "closed\n");
  ASSERT_TRUE(
      start("PlivoSchedule always Etc/UTC \"Mon-Sun 00:00-24:00\" "
            "\"override=${ROOT}/conf/override\"\n",
            "PlivoDial +14155550101 when=always\nPlivoDial +14155550102 when=!always"));
  EXPECT_THAT(answer(kCalled), HasSubstr("+14155550102"));
  EXPECT_TRUE(wait_for(
      [&] { return std::filesystem::exists(server_.root() + "/spool/tables.overrides"); }));
  save("override", "clsed\n");
  ASSERT_TRUE(server_.replace_children());
  for (int i = 0; i < 40; ++i) EXPECT_THAT(answer(kCalled), HasSubstr("+14155550102"));
}

TEST_F(TablesInHttpd, LineOfAMapHoldsByItsHours) {
  save("numbers.txt", "+14155550199 +14155550101 schedule=always voicemail=on\n");
  ASSERT_TRUE(
      start("PlivoSchedule always Etc/UTC \"Mon-Sun 00:00-24:00\" "
            "\"override=${ROOT}/conf/override\"\n",
            "PlivoRouteMap txt:${ROOT}/conf/numbers.txt\nPlivoDial +14155550100"));
  EXPECT_THAT(answer(kCalled), HasSubstr("+14155550101"));
  save("override", "closed");
  EXPECT_TRUE(soon(kCalled, "</Speak><Record "));
}

// Whoever was there before has none of the new schedules, and goes on by the old ones.
TEST_F(TablesInHttpd, ReloadWithOtherSchedulesServesByThem) {
  const auto configuration = [](const std::string& name, const std::string& hours) {
    return whole("PlivoSchedule " + name + " Etc/UTC \"Mon-Sun " + hours + "\"\n",
                 "PlivoDial +14155550101 when=" + name + "\nPlivoDial +14155550102 when=!" + name);
  };
  ASSERT_TRUE(server_.start(configuration("always", "00:00-24:00")));
  EXPECT_THAT(answer(kCalled), HasSubstr("+14155550101"));
  server_.reconfigure(configuration("seldom", "00:00-00:01\" \"except=${ROOT}/conf/closed"));
  save("closed", "2000-01-01..2000-12-30 closed\n");
  ASSERT_TRUE(server_.restart_gracefully());
  EXPECT_TRUE(soon(kCalled, "+14155550102"));
}

TEST_F(TablesInHttpd, ManifestShowsSchedulesAndMap) {
  save("numbers.txt", kMap);
  const CommandResult shown = server_.configtest(
      whole("PlivoSchedule office Europe/London \"Mon-Fri 09:00-18:00\"\n", kPlans),
      {"-D", "DUMP_PLIVO"});
  EXPECT_EQ(shown.exit_code, 0) << shown.output;
  EXPECT_THAT(shown.output,
              AllOf(HasSubstr("  PlivoSchedule office Europe/London \"Mon-Fri 09:00-18:00\"  ("),
                    HasSubstr("    route map " + server_.root() + "/conf/numbers.txt  ("),
                    HasSubstr("    plan sales  (")));
}

struct TablesMistake {
  const char* name;
  const char* server;
  const char* directives;
  std::vector<std::string> words;
};
void PrintTo(const TablesMistake& mistake, std::ostream* out) {
  *out << mistake.name;
}

class TablesConfigtest : public TablesInHttpd, public testing::WithParamInterface<TablesMistake> {};

TEST_P(TablesConfigtest, RefusesWithDirectiveValueAndRemedy) {
  const TablesMistake& mistake = GetParam();
  save("bad.txt", "+14155550199 +14155550101\n4155550188 +14155550102\n");
  const CommandResult result = server_.configtest(whole(mistake.server, mistake.directives));
  EXPECT_NE(result.exit_code, 0);
  for (const std::string& word : mistake.words) EXPECT_THAT(result.output, HasSubstr(word));
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, TablesConfigtest,
    testing::Values(
        TablesMistake{"UnknownSchedule",
                      "PlivoSchedule office Europe/London \"Mon-Fri 09:00-18:00\"\n",
                      "PlivoDial +14155550101 when=offic",
                      {"when=offic", "did you mean office?"}},
        TablesMistake{"NoScheduleAtAll",
                      "",
                      "PlivoAnswer voicemail when=!night\nPlivoVoicemail On",
                      {"when=night", "add PlivoSchedule night"}},
        TablesMistake{"ScheduleTwice",
                      "PlivoSchedule a Etc/UTC \"Mon 09:00-10:00\"\n"
                      "PlivoSchedule a Etc/UTC \"Tue 09:00-10:00\"\n",
                      "",
                      {"PlivoSchedule", "\"a\" is there already", "another name"}},
        TablesMistake{"ZoneThatIsNone",
                      "PlivoSchedule office Europe/Lodnon \"Mon-Fri 09:00-18:00\"\n",
                      "PlivoDial +14155550101 when=office",
                      {"Europe/Lodnon", "did you mean Europe/London?"}},
        TablesMistake{
            "NoHours", "PlivoSchedule office Europe/London\n", "", {"PlivoSchedule", "never open"}},
        TablesMistake{"MissingFile",
                      "PlivoSchedule office Europe/London \"Mon 09:00-18:00\" except=/gone\n",
                      "PlivoDial +14155550101 when=office",
                      {"/gone"}},
        TablesMistake{"ScheduleInALocation",
                      "",
                      "PlivoSchedule office Europe/London \"Mon 09:00-18:00\"",
                      {"PlivoSchedule", "outside of all sections"}},
        TablesMistake{"MapWithAFault",
                      "",
                      "PlivoRouteMap txt:${ROOT}/conf/bad.txt",
                      {"bad.txt:2: ", "4155550188", "country code"}},
        TablesMistake{"MapWithoutItsType",
                      "",
                      "PlivoRouteMap ${ROOT}/conf/bad.txt",
                      {"PlivoRouteMap", "txt:"}},
        TablesMistake{
            "MapThatIsMissing", "", "PlivoRouteMap txt:/gone/numbers.txt", {"/gone/numbers.txt"}},
        TablesMistake{"ListThatIsMissing",
                      "",
                      "PlivoDial +14155550100\nPlivoDenyFrom file:/gone/spam.txt",
                      {"/gone/spam.txt"}},
        TablesMistake{"ListWithAFault",
                      "",
                      "PlivoDial +14155550100\nPlivoAllowFrom \"file:${ROOT}/conf/bad.txt\"",
                      {"bad.txt:1: ", "line"}},
        TablesMistake{"PlanWithADigitFirst",
                      "",
                      "<PlivoPlan 1st>\nPlivoDial +14155550101\n</PlivoPlan>",
                      {"PlivoPlan", "begins with a letter"}},
        TablesMistake{"PlanTwice",
                      "",
                      "<PlivoPlan a>\nPlivoDial +14155550101\n</PlivoPlan>\n"
                      "<PlivoPlan a>\nPlivoDial +14155550102\n</PlivoPlan>",
                      {"PlivoPlan", "the plan a has a section already"}},
        TablesMistake{"TrustInAPlan",
                      "",
                      "<PlivoPlan a>\nPlivoSignature Off\n</PlivoPlan>",
                      {"not allowed in <PlivoPlan>", "move it to the <Location>"}}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace plivo_dial::test
