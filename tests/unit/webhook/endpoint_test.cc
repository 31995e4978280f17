// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "lib/webhook/webhook.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kLocations[] = {"", "/dialstatus", "/a/b"};

TEST(Endpoint, WordsParseBack) {
  std::string words;
  for (std::size_t i = 0; i < kEndpointCount; ++i) {
    const auto endpoint = static_cast<Endpoint>(i);
    EXPECT_EQ(parse_endpoint(to_string(endpoint)), endpoint);
    words += std::string(to_string(endpoint)) + (wants_document(endpoint) ? "+ " : " ");
  }
  EXPECT_EQ(words,
            "answer+ action+ callback ring hangup fallback+ confirm+ music+ recording+ event ");
  for (const std::string_view word : {"", "Answer", "auto", "answer "}) {
    EXPECT_EQ(parse_endpoint(word), std::nullopt) << word;
  }
}

TEST(EventKind, WordsParseBack) {
  std::string words;
  for (int i = 0; i <= static_cast<int>(EventKind::kOther); ++i) {
    const auto kind = static_cast<EventKind>(i);
    EXPECT_EQ(parse_event_kind(to_string(kind)), kind);
    words += std::string(to_string(kind)) + " ";
  }
  EXPECT_EQ(words,
            "call.answer call.redirect dial.answered dial.connected dial.digits dial.ended "
            "dial.result call.ring call.hangup call.fallback dial.confirm dial.music recording "
            "recording.transcription other ");
  EXPECT_EQ(parse_event_kind("dial.Result"), std::nullopt);
}

TEST(EventKind, IsReportedAtTheUrlThatIsForIt) {
  for (std::size_t i = 0; i < kEndpointCount; ++i) {
    const auto endpoint = static_cast<Endpoint>(i);
    const EventKind kind = kind_by_url(endpoint);
    if (kind != EventKind::kOther) {
      EXPECT_EQ(usual_endpoint(kind), endpoint) << to_string(endpoint);
    }
  }
  EXPECT_EQ(usual_endpoint(EventKind::kCallRedirect), Endpoint::kAnswer);
  EXPECT_EQ(usual_endpoint(EventKind::kTranscription), Endpoint::kRecording);
  EXPECT_EQ(usual_endpoint(EventKind::kDialEnded), Endpoint::kCallback);
}

TEST(Endpoint, FlowsMayUseMoreMethods) {
  for (std::size_t i = 0; i < kEndpointCount; ++i) {
    const auto endpoint = static_cast<Endpoint>(i);
    EXPECT_STREQ(allowed_methods(endpoint),
                 endpoint == Endpoint::kEvent ? "GET, POST, PUT, DELETE" : "GET, POST");
  }
}

TEST(Endpoint, HasItsUrlBelowTheAnswers) {
  EXPECT_EQ(url_of_endpoint("https://h/dial", Endpoint::kAnswer), "https://h/dial");
  EXPECT_EQ(url_of_endpoint("https://h/dial", Endpoint::kHangup), "https://h/dial/hangup");
}

TEST(EndpointForPath, KnowsSegmentsDirectlyBelowTheLocation) {
  for (const std::string_view location : kLocations) {
    for (std::size_t i = 1; i < kEndpointCount; ++i) {
      const auto endpoint = static_cast<Endpoint>(i);
      const std::string path = std::string(location) + "/" + std::string(to_string(endpoint));
      for (const std::string& variant : {path, path + "/"}) {
        EXPECT_EQ(endpoint_for_path(location, variant, Endpoint::kAnswer), endpoint) << variant;
        EXPECT_EQ(endpoint_for_path(location, variant, Endpoint::kRing), endpoint) << variant;
      }
    }
  }
}

TEST(EndpointForPath, LeavesEveryOtherPathToTheDirective) {
  for (const std::string_view location : kLocations) {
    for (const std::string_view rest :
         {"", "/", "/answer", "/answer/", "/action/x", "/action//", "//action", "/x/action",
          "/Action", "/actions", "/actio", "/action%20", "/desk", "action"}) {
      const std::string path = std::string(location) + std::string(rest);
      EXPECT_EQ(endpoint_for_path(location, path, Endpoint::kAnswer), Endpoint::kAnswer) << path;
      EXPECT_EQ(endpoint_for_path(location, path, Endpoint::kHangup), Endpoint::kHangup) << path;
    }
  }
  EXPECT_EQ(endpoint_for_path("/dialstatus", "/other/action", Endpoint::kAnswer),
            Endpoint::kAnswer);
  EXPECT_EQ(endpoint_for_path("/dialstatus", "/dialstatusx/action", Endpoint::kAnswer),
            Endpoint::kAnswer);
}

}  // namespace
}  // namespace plivo_dial
