// SPDX-License-Identifier: Apache-2.0
// The endpoint `event`: whatever the HTTP Request node of a PHLO flow sends becomes one event, if
// it brings the secret along; and nothing else does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/event/base64.h"
#include "lib/form/form.h"
#include "tests/httpd/polling.h"
#include "tests/httpd/trust.h"

namespace plivo_dial::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kBoundary = "------flow-4f1c";
const std::string kBearer = "Authorization: Bearer " + std::string(kEventSecret);

// A flow with each way to send the secret, and one Location whose event endpoint has none.
const std::string kConfiguration = signed_configuration() + R"(
<Location "/flow">
    SetHandler plivo-dial
    PlivoEndpoint event
    PlivoEventSecret "file:${ROOT}/conf/event.secret"
</Location>
<Location "/header">
    SetHandler plivo-dial
    PlivoEndpoint event
    PlivoEventSecret "file:${ROOT}/conf/event.secret" header=X-Flow-Secret
</Location>
<Location "/open">
    SetHandler plivo-dial
    PlivoEndpoint event
    PlivoSignature Off
</Location>
<Location "/checked">
    SetHandler plivo-dial
    PlivoEndpoint event
    PlivoSignature Off
    PlivoEventSecret "file:${ROOT}/conf/event.secret"
</Location>
)";

std::string as_form(const Pairs& pairs) {
  std::string form;
  for (const auto& [name, value] : pairs) append_form_pair(name, value, form);
  return form;
}

std::string as_json(const Pairs& pairs) {
  json object = json::object();
  for (const auto& [name, value] : pairs) object[name] = value;
  return object.dump();
}

std::string as_multipart(const Pairs& pairs) {
  std::string body;
  for (const auto& [name, value] : pairs) {
    body += std::string("--") + kBoundary + "\r\nContent-Disposition: form-data; name=\"" + name +
            "\"\r\n\r\n" + value + "\r\n";
  }
  return body + "--" + kBoundary + "--\r\n";
}

const std::string kMultipart = std::string("multipart/form-data; boundary=") + kBoundary;

HttpRequest flow_request(const std::string& method, const std::string& content_type,
                         const std::string& body, const std::string& path = "/flow") {
  return {.method = method,
          .path = path,
          .body = body,
          .headers = {"Content-Type: " + content_type, kBearer}};
}

HttpRequest flow_get(const Pairs& pairs, const std::string& path = "/flow") {
  return {.path = path + "?" + as_form(pairs), .headers = {kBearer}};
}

struct Format {
  std::string name;
  HttpRequest (*request)(const Pairs& pairs);
};

void PrintTo(const Format& format, std::ostream* out) {
  *out << format.name;
}

class EveryFormat : public testing::TestWithParam<Format> {
 protected:
  void SetUp() override { ASSERT_TRUE(server_.start(kConfiguration)); }

  // Sends the pairs, and gives the one event that they become.
  json event_of(const Pairs& pairs) {
    const HttpReply reply = server_.client().send(GetParam().request(pairs));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "");
    const auto events = server_.events();
    EXPECT_THAT(events, SizeIs(1));
    return events.empty() ? json::object() : events[0];
  }

  TrustServer server_;
};

TEST_P(EveryFormat, TheFiveKeysAreOneDialResult) {
  const std::string a_leg = new_uuid();
  const json event = event_of({{"DialALegUUID", a_leg},
                               {"DialBLegUUID", ""},
                               {"DialHangupCause", "NO_ANSWER"},
                               {"DialRingStatus", "true"},
                               {"DialStatus", "No Answer"}});
  EXPECT_EQ(event.value("event", ""), "dial.result");
  EXPECT_EQ(event.value("endpoint", ""), "event");
  EXPECT_EQ(event.value("call", ""), a_leg);
  EXPECT_EQ(event.value("a_leg", ""), a_leg);
  EXPECT_EQ(event.value("b_leg", "absent"), "");
  EXPECT_EQ(event.value("dial_status", ""), "no-answer");
  EXPECT_EQ(event.value("dial_ring_status", false), true);
  EXPECT_EQ(event.value("dial_hangup_cause", ""), "NO_ANSWER");
  EXPECT_EQ(event["params"].value("DialStatus", ""), "No Answer");
  EXPECT_EQ(event.value("verified", false), true);
  EXPECT_EQ(event.value("verified_by", ""), "secret");
  EXPECT_EQ(event.value("account", "absent"), "");
  EXPECT_FALSE(event.contains("token"));
}

TEST_P(EveryFormat, AnySubsetWillDoAndTemplatesStay) {
  const json event =
      event_of({{"DialStatus", "{{Call_Forward_1.status}}"}, {"Note", "a b&c=\"d\""}});
  EXPECT_EQ(event.value("event", ""), "dial.result");
  EXPECT_EQ(event.value("dial_status", ""), "{{Call_Forward_1.status}}");
  EXPECT_EQ(event["params"].value("Note", ""), "a b&c=\"d\"");
  ASSERT_TRUE(event.contains("call"));
  EXPECT_TRUE(event["call"].is_null());
}

TEST_P(EveryFormat, WithoutDialStatusItIsAnotherEvent) {
  const std::string uuid = new_uuid();
  const json event = event_of({{"CallUUID", uuid}, {"Step", "caf\xC3\xA9"}});
  EXPECT_EQ(event.value("event", ""), "other");
  EXPECT_EQ(event.value("call", ""), uuid);
  EXPECT_EQ(event["params"].value("Step", ""), "caf\xC3\xA9");
}

INSTANTIATE_TEST_SUITE_P(
    , EveryFormat,
    testing::Values(Format{"QueryOfGet", [](const Pairs& pairs) { return flow_get(pairs); }},
                    Format{"QueryOfPost",
                           [](const Pairs& pairs) {
                             HttpRequest request = flow_get(pairs);
                             request.method = "POST";
                             request.headers.push_back("Content-Type:");
                             return request;
                           }},
                    Format{"FormOfPost",
                           [](const Pairs& pairs) {
                             return flow_request("POST", std::string(kFormType), as_form(pairs));
                           }},
                    Format{"FormOfPut",
                           [](const Pairs& pairs) {
                             return flow_request("PUT", std::string(kFormType) + "; charset=UTF-8",
                                                 as_form(pairs));
                           }},
                    Format{"MultipartOfPost",
                           [](const Pairs& pairs) {
                             return flow_request("POST", kMultipart, as_multipart(pairs));
                           }},
                    Format{"MultipartOfPut",
                           [](const Pairs& pairs) {
                             return flow_request("PUT", kMultipart, as_multipart(pairs));
                           }},
                    Format{"JsonOfPost",
                           [](const Pairs& pairs) {
                             return flow_request("POST", "application/json", as_json(pairs));
                           }},
                    Format{"JsonOfPut",
                           [](const Pairs& pairs) {
                             return flow_request("PUT", "application/json;charset=utf-8",
                                                 as_json(pairs));
                           }}),
    [](const testing::TestParamInfo<Format>& format) { return format.param.name; });

TEST(Flow, TheExamplesAreEventsWithTheStatusThatIsMeant) {
  TrustServer server;
  ASSERT_TRUE(server.start(kConfiguration));
  std::vector<std::string> expected;
  for (const auto& [id, status] : std::vector<std::pair<std::string, std::string>>{
           {"P1", "completed"}, {"P2", "no-answer"}, {"P3", "busy"}}) {
    SCOPED_TRACE(id);
    const Example one = example(id);
    HttpRequest request = webhook_request("/flow", one);
    if (id == "P3") request.headers = {"Content-Type: application/json"};
    request.headers.push_back(kBearer);
    EXPECT_EQ(server.client().send(request).status, 200);
    expected.push_back(status);
  }
  std::vector<std::string> statuses;
  for (const json& event : server.events()) {
    EXPECT_EQ(event.value("event", ""), "dial.result") << event;
    EXPECT_EQ(event.value("call", ""), "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21") << event;
    statuses.push_back(event.value("dial_status", ""));
  }
  EXPECT_THAT(statuses, testing::UnorderedElementsAreArray(expected));
}

TEST(Flow, JsonValuesOfEveryKindKeepTheirText) {
  TrustServer server;
  ASSERT_TRUE(server.start(kConfiguration));
  const HttpRequest request =
      flow_request("POST", "application/json",
                   R"({"Number":-12.50,"Big":12345678901234567890,"True":true,"Null":null,)"
                   R"("List":[1,{"a":"b"}],"Text":"\u00e9\n"})");
  EXPECT_EQ(server.client().send(request).status, 200);
  const auto events = server.events();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0]["params"], (json{{"Number", "-12.50"},
                                       {"Big", "12345678901234567890"},
                                       {"True", "true"},
                                       {"List", "[1,{\"a\":\"b\"}]"},
                                       {"Text", "\xC3\xA9\n"}}));
}

// ---- The secret.

const Pairs kPairs = {{"DialStatus", "busy"}, {"Mark", "Mark-of-the-flow-9Tz"}};

struct Knock {
  std::string name;
  std::string path;
  std::string header;  // "": none
  int status;
  std::string words = {};  // in the line of a refused one
};

void PrintTo(const Knock& knock, std::ostream* out) {
  *out << knock.name;
}

class EventSecret : public testing::TestWithParam<Knock> {};

TEST_P(EventSecret, OpensAndNothingElseDoes) {
  const Knock& knock = GetParam();
  TrustServer server;
  if (knock.status != 200) server.httpd.expect_log("PD0209: refused with 403: ");
  ASSERT_TRUE(server.start(kConfiguration));
  HttpRequest request = form_post(knock.path, as_form(kPairs));
  if (!knock.header.empty()) request.headers.push_back(knock.header);
  const HttpReply reply = server.client().send(request);
  EXPECT_EQ(reply.status, knock.status);
  expect_discreet(reply.body, request);
  const bool refused = knock.status != 200;
  const auto lines = server.refusals();
  ASSERT_THAT(lines, SizeIs(refused ? 1 : 0));
  EXPECT_THAT(server.events(), SizeIs(refused ? 0 : 1));
  if (!refused) return;
  EXPECT_THAT(lines[0], HasSubstr("[plivo_dial:warn]"));
  EXPECT_THAT(lines[0], HasSubstr(knock.words));
  expect_discreet(lines[0], request);
  EXPECT_THAT(lines[0], Not(HasSubstr("Mark-of")));
  const std::string presented = knock.header.substr(knock.header.rfind(' ') + 1);
  if (!presented.empty()) {
    EXPECT_THAT(lines[0], Not(HasSubstr(presented)));
  }
  EXPECT_EQ(server.client().send(flow_get(kPairs)).status, 200);
  EXPECT_THAT(server.events(), SizeIs(1));
}

std::string basic(const std::string& credentials) {
  return "Authorization: Basic " + encode_base64(credentials);
}

const std::string kSecret = std::string(kEventSecret);
std::string nearly_right() {
  std::string secret = kSecret;
  secret.back() = secret.back() == '1' ? '2' : '1';
  return secret;
}

INSTANTIATE_TEST_SUITE_P(
    , EventSecret,
    testing::Values(Knock{"Bearer", "/flow", kBearer, 200},
                    Knock{"BearerInLowerCase", "/flow", "authorization: bearer " + kSecret, 200},
                    Knock{"Basic", "/flow", basic("plivo:" + kSecret), 200},
                    Knock{"BasicWithoutUser", "/flow", basic(":" + kSecret), 200},
                    Knock{"Header", "/header", "x-flow-secret: " + kSecret, 200},
                    Knock{"OpenWithoutSecret", "/open", "", 200},
                    Knock{"OffWithItsSecret", "/checked", kBearer, 200},
                    Knock{"None", "/flow", "", 403, "Authorization"},
                    Knock{"EmptyBearer", "/flow", "Authorization: Bearer ", 403, "Authorization"},
                    Knock{"WrongBearer", "/flow", "Authorization: Bearer " + nearly_right(), 403,
                          "PlivoEventSecret"},
                    Knock{"LongerBearer", "/flow", kBearer + "x", 403, "PlivoEventSecret"},
                    Knock{"BareSecret", "/flow", "Authorization: " + kSecret, 403},
                    Knock{"OtherScheme", "/flow", "Authorization: Digest " + kSecret, 403},
                    Knock{"SecretAsUser", "/flow", basic(kSecret + ":"), 403, "PlivoEventSecret"},
                    Knock{"WrongPassword", "/flow", basic("plivo:" + nearly_right()), 403,
                          "PlivoEventSecret"},
                    Knock{"BasicIsNotBase64", "/flow", "Authorization: Basic !!" + kSecret, 403},
                    Knock{"WrongHeader", "/header", "X-Flow-Secret: " + nearly_right(), 403,
                          "PlivoEventSecret"},
                    Knock{"BearerWhereAHeaderIsAsked", "/header", kBearer, 403, "X-Flow-Secret"},
                    Knock{"NotConfigured", "/dialstatus/event", kBearer, 403, "PlivoEventSecret"},
                    Knock{"OffDoesNotOpenWhatHasASecret", "/checked", "", 403}),
    [](const testing::TestParamInfo<Knock>& knock) { return knock.param.name; });

// A signature is no secret: a flow's requests have none, and others have no business here.
TEST(EventSecrets, AreNotReplacedByASignature) {
  TrustServer server;
  server.httpd.expect_log("PD0209: refused with 403: ");
  ASSERT_TRUE(server.start(kConfiguration));
  const HttpRequest request = form_post("/flow", as_form(kPairs));
  EXPECT_EQ(server.client().send(sign_request(request)).status, 403);
  EXPECT_THAT(server.refusals(), SizeIs(1));
  EXPECT_THAT(server.events(), SizeIs(0));
}

// ---- Bodies that are refused.

struct BadBody {
  std::string name;
  std::string content_type;
  std::string body;
  int status;
  std::string id;
};

void PrintTo(const BadBody& bad, std::ostream* out) {
  *out << bad.name;
}

class FlowBody : public testing::TestWithParam<BadBody> {};

TEST_P(FlowBody, IsRefusedWithALine) {
  const BadBody& bad = GetParam();
  const std::string refusal = bad.id + ": refused with " + std::to_string(bad.status) + ": ";
  TrustServer server;
  server.httpd.expect_log(refusal);
  ASSERT_TRUE(server.start(kConfiguration));
  HttpRequest request = flow_request("POST", bad.content_type, bad.body);
  const HttpReply reply = server.client().send(request);
  EXPECT_EQ(reply.status, bad.status);
  auto lines = server.refusals();
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0], HasSubstr(refusal));
  for (const std::string& text : {lines[0], reply.body}) {
    EXPECT_THAT(text, Not(HasSubstr("Leaked")));
    expect_discreet(text, request);
  }
  EXPECT_EQ(server.client().send(flow_get(kPairs)).status, 200);
  EXPECT_THAT(server.events(), SizeIs(1));
}

std::string repeated(std::size_t count, const std::string& part) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += part;
  return text;
}

const std::string kJson = "application/json";
const std::string kOnePart = as_multipart({{"DialStatus", "Leaked"}});

INSTANTIATE_TEST_SUITE_P(
    , FlowBody,
    testing::Values(
        BadBody{"JsonCut", kJson, R"({"DialStatus":"Leaked)", 400, "PD0409"},
        BadBody{"JsonNoObject", kJson, R"(["Leaked"])", 400, "PD0409"},
        BadBody{"JsonString", kJson, R"("Leaked")", 400, "PD0409"},
        BadBody{"JsonTwoObjects", kJson, R"({"a":"Leaked"}{"b":1})", 400, "PD0409"},
        BadBody{"JsonTrailingComma", kJson, R"({"a":"Leaked",})", 400, "PD0409"},
        BadBody{"JsonNotUtf8", kJson, "{\"a\":\"Leaked\xFF\"}", 400, "PD0409"},
        BadBody{"JsonNestedDeeply", kJson, "{\"Leaked\":" + repeated(30000, "["), 400, "PD0409"},
        BadBody{"JsonNestedAndClosed", kJson,
                "{\"Leaked\":" + repeated(20, "[") + repeated(20, "]") + "}", 400, "PD0409"},
        BadBody{"JsonNumberBeyondAllBounds", kJson, R"({"Leaked":1e999999})", 400, "PD0409"},
        BadBody{"JsonNumberOfManyDigits", kJson, "{\"Leaked\":" + repeated(5000, "9") + "}", 400,
                "PD0409"},
        BadBody{"JsonNul", kJson, std::string("{\"a\":\"Leaked\"}\0{}", 17), 400, "PD0409"},
        BadBody{"JsonEscapedNul", kJson, R"({"a":"Leaked\u0000b"})", 400, "PD0405"},
        BadBody{"JsonTooManyPairs", kJson,
                [] {
                  std::string body = "{\"a\":\"Leaked\"";
                  for (int i = 0; i < 200; ++i) body += ",\"k" + std::to_string(i) + "\":1";
                  return body + "}";
                }(),
                400, "PD0404"},
        BadBody{"JsonLongValue", kJson, "{\"a\":\"" + repeated(8193, "x") + "\"}", 400, "PD0404"},
        BadBody{"MultipartWithoutEnd", kMultipart, kOnePart.substr(0, kOnePart.size() - 4), 400,
                "PD0409"},
        BadBody{"MultipartWithOtherBoundary", std::string("multipart/form-data; boundary=other"),
                kOnePart, 400, "PD0409"},
        BadBody{"MultipartTooManyPairs", kMultipart, as_multipart(Pairs(201, {"a", "Leaked"})), 400,
                "PD0404"},
        BadBody{"FormWithBrokenEscape", std::string(kFormType), "a=Leaked%", 400, "PD0405"},
        BadBody{"FormOverTheCap", std::string(kFormType), "a=" + repeated(65536, "x"), 413,
                "PD0401"},
        BadBody{"MultipartWithoutBoundary", "multipart/form-data", kOnePart, 415, "PD0402"},
        BadBody{"Xml", "application/xml", "<a>Leaked</a>", 415, "PD0402"},
        BadBody{"Text", "text/plain", "Leaked", 415, "PD0402"},
        BadBody{"JsonInUtf16", "application/json; charset=utf-16", "{}", 415, "PD0402"},
        BadBody{"NoContentType", "", "DialStatus=Leaked", 415, "PD0402"}),
    [](const testing::TestParamInfo<BadBody>& bad) { return bad.param.name; });

// Nobody is told what is wrong with a body before the secret is known to be right.
TEST(FlowBodies, AreNotLookedAtWithoutTheSecret) {
  TrustServer server;
  server.httpd.expect_log("PD0209: refused with 403: ");
  ASSERT_TRUE(server.start(kConfiguration));
  HttpRequest request = flow_request("POST", kJson, "{broken");
  request.headers.pop_back();
  EXPECT_EQ(server.client().send(request).status, 403);
  EXPECT_THAT(server.refusals(), SizeIs(1));
  EXPECT_THAT(server.events(), SizeIs(0));
}

// Two calls that end alike are two events, though nothing tells them apart; the same call told
// twice is one.
TEST(Repeats, AreOneEventWhereTheyNameTheirCall) {
  SignedServer server;
  write_event_secret(server.httpd.files());
  server.httpd.expect_log("PD0527");
  ASSERT_TRUE(server.start(kConfiguration));
  const auto report = [&](const std::string& body) {
    EXPECT_EQ(server.client().send(flow_request("POST", "application/json", body)).status, 200);
  };
  for (int call = 0; call < 3; ++call) report(R"({"DialStatus":"Busy"})");
  const std::string named = R"({"DialStatus":"Busy","DialALegUUID":")" + new_uuid() + "\"}";
  for (int time = 0; time < 3; ++time) report(named);
  report(R"({"DialStatus":"Completed"})");
  EXPECT_TRUE(wait_for([&] { return lines_with(server.httpd.error_log(), "PD0527").size() == 2; }));
  EXPECT_THAT(lines_with(server.httpd.error_log(), "PD0527").at(0),
              HasSubstr("it gives both the id of one"))
      << "the author of the flow hears of an id that is always the same";
  server.sinks.expect_events(5);
}

}  // namespace
}  // namespace plivo_dial::test
