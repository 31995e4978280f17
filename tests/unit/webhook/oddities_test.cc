// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/oddities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

using OddityKind = Oddity::Kind;

std::vector<std::pair<OddityKind, std::string>> oddities(std::string_view query,
                                                         std::string_view body,
                                                         Endpoint path = Endpoint::kCallback) {
  const RequestParameters parameters{Form::decode(query).value(), Form::decode(body).value()};
  const Webhook webhook = read_webhook(path, parameters);
  std::vector<std::pair<OddityKind, std::string>> all;
  for (const Oddity& oddity : oddities_of(webhook, parameters)) {
    all.emplace_back(oddity.kind, oddity.name);
  }
  return all;
}

TEST(OdditiesTest, AnOrdinaryWebhookHasNone) {
  EXPECT_THAT(oddities("stage=2", "CallUUID=1&DialAction=hangup&DialBLegDuration=37&Name=a%C3%A9"),
              IsEmpty());
  EXPECT_THAT(oddities("", "DialAction=answer&Duration="), IsEmpty());
}

TEST(OdditiesTest, EachIsToldOnceForAName) {
  EXPECT_THAT(oddities("Name=a", "DialAction=answer&Name=%FF&Name=%FE&%FF=1"),
              ElementsAre(Pair(OddityKind::kNotUtf8, "Name"), Pair(OddityKind::kRepeated, "Name"),
                          Pair(OddityKind::kNotUtf8, "\xFF")));
}

TEST(OdditiesTest, NumbersOfPlivosAreNumbers) {
  EXPECT_THAT(oddities("",
                       "DialAction=hangup&DialBLegDuration=1e99&BillDuration=18446744073709551616"
                       "&HangupCauseCode=4000x&Note=x"),
              ElementsAre(Pair(OddityKind::kNotANumber, "DialBLegDuration"),
                          Pair(OddityKind::kNotANumber, "BillDuration"),
                          Pair(OddityKind::kNotANumber, "HangupCauseCode")));
}

TEST(OdditiesTest, AnUnknownReportIsOddExceptFromAFlow) {
  EXPECT_THAT(oddities("", "DialAction=wink"), ElementsAre(Pair(OddityKind::kUnknownKind, "")));
  EXPECT_THAT(oddities("", "Anything=1", Endpoint::kEvent), IsEmpty());
}

}  // namespace
}  // namespace plivo_dial
