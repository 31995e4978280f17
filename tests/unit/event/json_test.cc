// SPDX-License-Identifier: Apache-2.0
#include "lib/event/json.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "lib/base/utf8.h"
#include "lib/event/base64.h"
#include "tests/unit/event/event_samples.h"

namespace plivo_dial {
namespace {

using event_samples::expect_same;
using event_samples::full_event;
using event_samples::hostile_values;
using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

// Renders, checks that the line is one line of valid UTF-8 and parses, and reads it back.
void expect_round_trip(const Event& event) {
  const std::string line = to_json(event);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_TRUE(is_valid_utf8(line));
  EXPECT_TRUE(Json::accept(line)) << line;
  const Result<Event> back = event_from_json(line);
  ASSERT_TRUE(back.ok()) << back.error().message;
  expect_same(event, *back);
}

TEST(EventJson, HasTheDocumentedForm) {
  EXPECT_EQ(to_json(full_event()),
            R"({"v":1,"id":"01k9x4mq2rabcdefghjkmnpqrs","seq":18446744073709551615,)"
            R"("received":"2025-11-20T09:15:02.184467Z","event":"dial.result",)"
            R"("endpoint":"action","call":"c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21",)"
            R"("account":"main","verified":true,"node":"pbx1.example.com",)"
            R"("verified_by":"Ma-V3","token":"previous",)"
            R"("from":"14155550100","to":"+14155550199","direction":"inbound",)"
            R"("call_status":"in-progress","dial_status":"no-answer","dial_ring_status":true,)"
            R"("dial_hangup_cause":"NO_ANSWER","a_leg":"c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21",)"
            R"("b_leg":"","b_leg_to":"14155550123","b_leg_from":"+14155550199",)"
            R"("digits":"*9","digits_pressed_by":"aleg",)"
            R"("hangup_cause":"NORMAL_CLEARING","hangup_cause_name":"Normal Hangup",)"
            R"("hangup_source":"Answer XML","cause_side":"callee",)"
            R"("cause_remedy":"If it happens often, put another stage behind it.",)"
            R"("next":"voicemail","plan":"/dialstatus","hangup_cause_code":4000,)"
            R"("duration":-1,"bill_duration":60,"stage":2,)"
            R"("params":{"DialStatus":"no-answer","DialDigitsMatch":"*9","empty":""}})");
}

TEST(EventJson, FullAndBareEventsComeBack) {
  expect_round_trip(full_event());
  Event bare;
  bare.id = event_samples::kId;
  expect_round_trip(bare);
  EXPECT_THAT(to_json(bare), HasSubstr(R"("call":null)"));
  EXPECT_THAT(to_json(bare), HasSubstr(R"("params":{})"));
}

TEST(EventJson, OnlyLateEventsSayWhetherTheyAre) {
  Event event = full_event();
  EXPECT_EQ(to_json(event).find("late"), std::string::npos);
  event.late = true;
  EXPECT_THAT(to_json(event), HasSubstr(R"("node":"pbx1.example.com","late":true,)"));
  EXPECT_EQ(to_json(event).find("attempt"), std::string::npos);
  event.attempt = 2;
  EXPECT_THAT(to_json(event), HasSubstr(R"("late":true,"attempt":2,)"));
  EXPECT_EQ(event_from_json(to_json(event)).value().attempt, 1U) << "that was another delivery";
  EXPECT_EQ(delivered_event_from_json(to_json(event)).value().attempt, 2U);
  expect_round_trip(event);
}

TEST(EventJson, UnparsableNumbersAreNull) {
  Event event = full_event();
  event.duration.reset();
  event.unparsable = {"duration"};
  EXPECT_THAT(to_json(event), HasSubstr(R"("duration":null)"));
  expect_round_trip(event);
}

TEST(EventJson, HostileValuesComeBackByteForByte) {
  for (const std::string& value : hostile_values()) {
    Event event = full_event();
    event.params = {{"CallerName", value}, {value, "x"}};
    expect_round_trip(event);
    event.params = {{"CallerName", "first"}, {"CallerName", value}, {"CallerName", ""}};
    expect_round_trip(event);
    event.params = {{value, value}, {value, "x"}};
    expect_round_trip(event);
  }
}

TEST(EventJson, EachByteComesBack) {
  Event event = full_event();
  event.params.clear();
  for (int byte = 0; byte < 256; ++byte) {
    event.params.emplace_back("b" + std::to_string(byte), std::string(1, static_cast<char>(byte)));
  }
  expect_round_trip(event);
}

TEST(EventJson, RepeatedNamesMakeArrays) {
  Event event = full_event();
  event.params = {{"a", "1"}, {"b", "\xff"}, {"a", "\xfe"}, {"a", ""}};
  const Json json = Json::parse(to_json(event));
  EXPECT_EQ(json["params"].dump(), R"({"a":["1","�",""],"b":"�"})");
  EXPECT_EQ(json["params_raw"].dump(), R"({"a":[null,"/g==",null],"b":"/w=="})");
  const Result<Event> back = event_from_json(to_json(event));
  ASSERT_TRUE(back.ok());
  const std::vector<std::pair<std::string, std::string>> grouped = {
      {"a", "1"}, {"a", "\xfe"}, {"a", ""}, {"b", "\xff"}};
  EXPECT_EQ(back->params, grouped);
}

TEST(EventJson, NamesThatLookAlikeStayApart) {
  Event event = full_event();
  event.params = {{"\xff", "1"}, {"\xfe", "2"}, {"\xEF\xBF\xBD", "3"}};
  const Json json = Json::parse(to_json(event));
  EXPECT_EQ(json["params"].dump(), R"({"�":["1","2","3"]})");
  expect_round_trip(event);
}

TEST(EventJson, RawIsThereOnlyWhenNeeded) {
  EXPECT_FALSE(Json::parse(to_json(full_event())).contains("params_raw"));
}

TEST(EventJson, TextFieldsNeverBreakTheLine) {
  for (const std::string& value : hostile_values()) {
    Event event = full_event();
    event.from = value;
    event.node = value;
    event.dial_status = value;
    const std::string line = to_json(event);
    EXPECT_TRUE(Json::accept(line)) << line;
    EXPECT_TRUE(is_valid_utf8(line));
    EXPECT_EQ(line.find('\n'), std::string::npos);
  }
}

TEST(EventFromJson, PassesOverFieldsOfLaterVersions) {
  Json json = Json::parse(to_json(full_event()));
  json["v"] = 2;
  json["sentiment"] = {{"score", 0.5}};
  const Result<Event> event = event_from_json(json.dump());
  ASSERT_TRUE(event.ok()) << event.error().message;
  expect_same(*event, full_event());
}

TEST(EventFromJson, TakesWhiteSpaceAndOtherOrder) {
  const Result<Event> event =
      event_from_json(nlohmann::json::parse(to_json(full_event())).dump(2));  // sorts the names
  ASSERT_TRUE(event.ok()) << event.error().message;
  EXPECT_EQ(event->call, full_event().call);
}

TEST(EventFromJson, RefusesWhatIsNoObject) {
  for (const char* text : {"", "null", "[]", "7", "\"x\"", "{", "{}}", "{\"v\":1", "\xff",
                           "{\"v\":1}\n{\"v\":1}", "{\"id\":\"\xff\"}"}) {
    const Result<Event> event = event_from_json(text);
    EXPECT_FALSE(event.ok()) << text;
  }
}

TEST(EventFromJson, RefusesDeepNestingWithoutHarm) {
  EXPECT_FALSE(event_from_json(std::string(100'000, '[')).ok());
  EXPECT_FALSE(
      event_from_json("{\"params\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}")
          .ok());
}

TEST(EventFromJson, EveryCutLineIsRefused) {
  const std::string line = to_json(full_event());
  for (std::size_t length = 0; length < line.size(); ++length) {
    EXPECT_FALSE(event_from_json(line.substr(0, length)).ok()) << length;
  }
}

struct BrokenField {
  const char* name;
  const char* value;  // JSON; null pointer: the field is taken away
  const char* message;
};
constexpr BrokenField kBrokenFields[] = {
    {"v", nullptr, "'v' is missing"},
    {"v", "\"1\"", "'v' is not a whole number"},
    {"v", "0", "'v' is not a version"},
    {"id", nullptr, "'id' is missing"},
    {"id", "\"../../etc/passwd\"", "'id' is not an id"},
    {"id", "7", "'id' is not a string"},
    {"seq", "-1", "'seq' is not a natural number"},
    {"seq", "1.5", "'seq' is not a natural number"},
    {"received", "\"yesterday\"", "'received' is not a time"},
    {"event", nullptr, "'event' is missing"},
    {"endpoint", "null", "'endpoint' is not a string"},
    {"call", nullptr, "'call' is missing"},
    {"call", "{}", "'call' is not a string"},
    {"account", "[]", "'account' is not a string"},
    {"verified", "1", "'verified' is neither true nor false"},
    {"node", nullptr, "'node' is missing"},
    {"late", "1", "'late' is neither true nor false"},
    {"from", "14155550100", "'from' is not a string"},
    {"dial_ring_status", "\"true\"", "'dial_ring_status' is neither true nor false"},
    {"duration", "\"7\"", "'duration' is not a whole number"},
    {"duration", "1e3", "'duration' is not a whole number"},
    {"stage", "9223372036854775808", "'stage' is too large"},
    {"params", nullptr, "'params' is missing"},
    {"params", "[]", "'params' is not an object"},
    {"params", "{\"a\":1}", "'params' has a value that is not a string"},
    {"params", "{\"a\":[\"1\",2]}", "'params' has a value that is not a string"},
    {"params_raw", "[]", "'params_raw' is not an object"},
    {"params_raw", "{\"DialStatus\":\"?\"}", "'params_raw' has an entry that is not base64"},
    {"params_raw", "{\"DialStatus\":{\"name\":\"\"}}", "'params_raw' has an entry"},
    {"params_raw", "{\"DialStatus\":7}", "'params_raw' has an entry"},
};

TEST(EventFromJson, NamesTheBrokenField) {
  for (const BrokenField& row : kBrokenFields) {
    Json json = Json::parse(to_json(full_event()));
    if (row.value == nullptr) {
      json.erase(row.name);
    } else {
      json[row.name] = Json::parse(row.value);
    }
    const Result<Event> event = event_from_json(json.dump());
    ASSERT_FALSE(event.ok()) << row.name << " = " << (row.value ? row.value : "(none)");
    EXPECT_THAT(event.error().message, HasSubstr(row.message));
  }
}

TEST(EventFromJson, AnAttemptIsCountedFromOne) {
  Json json = Json::parse(to_json(full_event()));
  EXPECT_EQ(delivered_event_from_json(json.dump()).value().attempt, 1U);
  for (const Json& attempt : {Json(0), Json(-1), Json(1.5), Json(4294967296), Json("2")}) {
    json["attempt"] = attempt;
    const Result<Event> event = delivered_event_from_json(json.dump());
    ASSERT_FALSE(event.ok()) << attempt;
    EXPECT_THAT(event.error().message, HasSubstr("'attempt' is not"));
  }
}

TEST(EventFromJson, AnAttemptMayBeTheFirstAndTheLastThereIs) {
  Json json = Json::parse(to_json(full_event()));
  for (const unsigned attempt : {1U, 2U, 4294967295U}) {
    json["attempt"] = attempt;
    EXPECT_EQ(delivered_event_from_json(json.dump()).value().attempt, attempt);
  }
}

TEST(EventFromJson, RawMustMatchTheArray) {
  Json json = Json::parse(to_json(full_event()));
  json["params"] = {{"a", {"1", "2"}}};
  for (const char* raw : {R"({"a":"/w=="})", R"({"a":["/w=="]})", R"({"a":[null,null,null]})"}) {
    json["params_raw"] = Json::parse(raw);
    EXPECT_FALSE(event_from_json(json.dump()).ok()) << raw;
  }
  json["params_raw"] = Json::parse(R"({"a":[null,"/w=="]})");
  const Result<Event> event = event_from_json(json.dump());
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->params[1].second, "\xff");
}

TEST(Base64, AgreesWithRfc4648) {
  struct Row {
    const char* bytes;
    const char* text;
  };
  for (const Row& row : {Row{"", ""}, Row{"f", "Zg=="}, Row{"fo", "Zm8="}, Row{"foo", "Zm9v"},
                         Row{"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(encode_base64(row.bytes), row.text);
    EXPECT_EQ(decode_base64(row.text), row.bytes);
  }
}

TEST(Base64, RefusesOtherSpellings) {
  for (const char* text : {"Zg", "Zg=", "Zh==", "Zg==\n", " Zg==", "====", "Z===", "Zm9v=", "Zm-_",
                           "Zg==Zg==", "\xff\xff\xff\xff", "    ", "\n\n\n\n"}) {
    EXPECT_EQ(decode_base64(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace plivo_dial
