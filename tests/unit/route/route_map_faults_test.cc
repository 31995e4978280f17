// SPDX-License-Identifier: Apache-2.0
// Each fault of a map is told with its line, the value and the remedy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/route/route_map.h"
#include "tests/unit/route/route_samples.h"

namespace plivo_dial::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct MapFault {
  std::string_view line;      // the third of a map
  std::string_view sentence;  // part of what is told of it
};

constexpr MapFault kMapFaults[] = {
    // The number.
    {"14155550199 +14155550111",
     "\"14155550199\" is not a phone number in E.164; did you mean "
     "+14155550199?"},
    {"4155550199 +14155550111",
     "\"4155550199\" is not a phone number in E.164, the country code "
     "is missing; write '+', the country code and the number"},
    {"0044207946000 +14155550111", "did you mean +44207946000?"},
    {"+1 415 555 0199 +14155550111",
     "\"+1 415 555 0199\" is not a phone number in E.164; did you mean +14155550199?"},
    {"from:+1 (415) 555-0199 +14155550111", "did you mean +14155550199?"},
    {"+1415 +14155550111", "\"+1415\" is too short for a number in E.164; write +1415* for all"},
    {"+1415 - plan=sales", "\"+1415\" is too short for a number in E.164"},
    {"+1-415-555-0199 +14155550111", "did you mean +14155550199?"},
    {"+04155550199 +14155550111", "\"+04155550199\" is not a phone number in E.164"},
    {"+1415*5 +14155550111", "\"+1415*5\" has a star that is not at its end"},
    {"* +14155550111", "\"*\" stands for every number; write the digits that they begin with"},
    {"+14155550100 +14155550111",
     "\"+14155550100\" has a line already, line 1; write one line "
     "with all its targets"},
    {"+14155550199,+14155550111",
     "\"+14155550199,+14155550111\" holds ','; write a blank between "
     "the number and its targets: +14155550199 +14155550111"},
    {"+14155550199;+14155550111 x", "holds ';'; write a blank"},
    {"\"+14155550199\" +14155550111", "has quotes; write numbers without"},
    {"caller:+1415* +14155550111",
     "\"caller:+1415*\": there is no \"caller:\"; there are: from, "
     "forwarded"},
    {"form:+1415* +14155550111", "there is no \"form:\"; did you mean from?"},
    {"forwarded_from:+14155550177 +14155550111", "there is no \"forwarded_from:\""},
    {"from: +1415* +14155550111",
     "\"from:\": the number is missing; write it behind the colon "
     "without a blank: from:+1415*"},
    {"from:1415* +14155550111", "did you mean +1415*?"},
    {"from:anonymos +14155550111", "did you mean anonymous?"},
    {"forwarded:anonymous +14155550111", "\"anonymous\" is not a phone number in E.164"},
    {"default +14155550111",
     "\"default\": calls that no line is for are answered as the section says"},
    // Targets.
    {"+14155550199",
     "the targets are missing behind the number; write them, separated by commas, "
     "or - where there are none"},
    {"+14155550199 plan=sales", "the targets are missing behind the number"},
    {"+14155550199 14155550111",
     "\"14155550111\" is not a phone number in E.164; did you mean "
     "+14155550111?"},
    {"+14155550199 +14155550111,5550122",
     "\"5550122\" is not a phone number in E.164, the country "
     "code is missing"},
    {"+14155550199 alice@example.com", "sip:alice@example.com"},
    {"+14155550199 SIP:alice@example.com", "sip:alice@example.com"},
    {"+14155550199 alice", "\"alice\" is neither a phone number such as +14155550111 nor a SIP"},
    {"+14155550199 +14155550111,", "a target is missing beside a comma"},
    {"+14155550199 +14155550111, +14155550122", "a target is missing beside a comma"},
    {"+14155550199 +14155550111 +14155550122",
     "\"+14155550122\" stands apart; separate targets by "
     "commas, without blanks"},
    {"+14155550199 +14155550111 sip:a@example.com", "\"sip:a@example.com\" stands apart"},
    {"+14155550199 +14155550111,+14155550111", "\"+14155550111\" is a target twice; write it once"},
    {"+14155550199 +14155550111,+14155550199",
     "\"+14155550199\" is a target of itself, and a call "
     "would go round in a circle; take it out"},
    {"+14155550199 -", "there is nobody to call; write targets, plan=NAME or voicemail=on"},
    {"+14155550199 - voicemail=off", "there is nobody to call"},
    {"+14155550199 - schedule=office", "there is nobody to call"},
    {"+14155550199 - voicemail=on timeout=20", "timeout= and callerid= mean nothing where nobody"},
    {"+14155550199 - voicemail=on callerid=called", "mean nothing where nobody is called"},
    // Options.
    {"+14155550199 +14155550111 time=20", "\"time=20\": a route has no \"time\""},
    {"+14155550199 +14155550111 timeot=20", "did you mean timeout?"},
    {"+14155550199 +14155550111 shedule=office", "did you mean schedule?"},
    {"+14155550199 +14155550111 record=on",
     "there are: callerid, schedule, voicemail, plan, "
     "timeout"},
    {"+14155550199 +14155550111 office",
     "\"office\" is not of the form key=value; the keys are "
     "callerid, schedule, voicemail, plan or timeout"},
    {"+14155550199 +14155550111 timeout=20 timeout=20", "timeout= is given twice; write it once"},
    {"+14155550199 +14155550111 timeout=", "timeout= has no value; write it behind '='"},
    {"+14155550199 +14155550111 timeout=0", "from 1 to 86400"},
    {"+14155550199 +14155550111 timeout=20s", "\"20s\""},
    {"+14155550199 +14155550111 timeout=99999", "from 1 to 86400"},
    {"+14155550199 +14155550111 voicemail=yes",
     "voicemail=yes: write voicemail=on or "
     "voicemail=off"},
    {"+14155550199 +14155550111 schedule=ofice",
     "schedule=ofice: there is no such schedule; did "
     "you mean office?"},
    {"+14155550199 +14155550111 schedule=Office",
     "there is no such schedule; did you mean office?"},
    {"+14155550199 +14155550111 schedule=night",
     "there is no such schedule; there are: office, "
     "holidays"},
    {"+14155550199 - plan=sale", "plan=sale: there is no such plan; did you mean sales?"},
    {"+14155550199 +14155550111 callerid=4155550100",
     "callerid=: \"4155550100\" is not a phone "
     "number in E.164"},
    {"+14155550199 +14155550111 callerid=caled", "did you mean \"called\"?"},
    {"+14155550199 +14155550111 callerid=anonymous", "caller and called"},
    {"+14155550199 +14155550111 timeout = 20", "write no blanks around '=': timeout=20"},
    {"+14155550199 +14155550111 timeout=20 voicemail= on", "around '=': voicemail=on"},
    {"+14155550199 +14155550111 timeout=\"20\"", "leave the quotes out: timeout=20"},
    // The file.
    {"+14155550199 +14155550111 caf\xE9", "the line is not UTF-8"},
    {"+14155550199\x01 +14155550111", "the line holds the control character U+0001"},
};

TEST(RouteMapFaults, AreEachToldWithLineValueAndRemedy) {
  for (const auto& [line, sentence] : kMapFaults) {
    const ReadRouteMap read = read_map("+14155550100 +14155550111\n# next\n" + std::string(line) +
                                       "\n+14155550101 +14155550111\n");
    const std::string told = sentences_of(read.faults);
    EXPECT_THAT(told, AllOf(StartsWith("map:3: "), HasSubstr(sentence))) << line;
    EXPECT_EQ(read.map.lines.size(), 2u) << "the others are read: " << line;
  }
}

TEST(RouteMapFaults, OfOneLineAreAllTold) {
  const ReadRouteMap read =
      read_map("4155550199 +14155550111,14155550122 timeout=x plan=sale colour=red voicemail=on\n");
  EXPECT_EQ(read.faults.count(), 5u) << sentences_of(read.faults);
}

TEST(RouteMapFaults, SayWhereThereAreNoNamesAtAll) {
  const ConfiguredNames none;
  const ReadRouteMap read = read_route_map("+14155550199 - plan=sales", &none);
  EXPECT_EQ(
      sentences_of(read.faults),
      "map:1: plan=sales: there is no such plan, and none at all in the configuration; define "
      "it, or leave plan= out\n");
}

TEST(RouteMapFaults, OfADuplicateNameTheFirstLineThoughItIsFaulty) {
  const ReadRouteMap read = read_map("+14155550199 5550111\n\n+14155550199 +14155550111\n");
  EXPECT_THAT(sentences_of(read.faults), HasSubstr("map:3: \"+14155550199\" has a line already, "
                                                   "line 1"));
}

TEST(RouteMapFaults, AreNotMadeOfTheSameNumberInAnotherRole) {
  const ReadRouteMap read = read_map(
      "+14155550199 +14155550111\nfrom:+14155550199 +14155550111\nfrom:+14155550199* "
      "+14155550111\nforwarded:+14155550199 +14155550199\n");
  EXPECT_TRUE(read.faults.empty()) << sentences_of(read.faults);
}

}  // namespace
}  // namespace plivo_dial::test
