// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/webhook_key.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <set>
#include <string>
#include <utility>

namespace plivo_dial {
namespace {

struct Request {
  std::string account = "main";
  std::string nonce = "19274650183746550192";
  Endpoint path = Endpoint::kAction;
  std::string query = "stage=2";
  std::string body =
      "CallUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c&CallStatus=in-progress&DialStatus=no-answer&"
      "DialALegUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c"
      "&DialBLegUUID=&DialHangupCause=NO_ANSWER&DialRingStatus=true";
};

WebhookKeys keys_of(const Request& request) {
  RequestParameters parameters{Form::decode(request.query).value(),
                               Form::decode(request.body).value()};
  const Webhook webhook = read_webhook(request.path, parameters);
  return webhook_keys(request.account, request.nonce, webhook, parameters);
}

Request with_body(std::string body, Endpoint path = Endpoint::kAction) {
  Request request;
  request.path = path;
  request.body = std::move(body);
  return request;
}

Request fresh_nonce(Request request) {
  request.nonce = "2";
  return request;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t position = text.find(from);
  EXPECT_NE(position, std::string::npos) << from;
  return text.replace(position, from.size(), to);
}

TEST(WebhookKeyTest, TheOrderOfPairsDoesNotMatter) {
  const WebhookKeys one = keys_of(with_body("CallUUID=1deadbeef&DialStatus=busy&x=1&x=2"));
  const WebhookKeys other = keys_of(with_body("x=2&DialStatus=busy&x=1&CallUUID=%31deadbeef"));
  EXPECT_EQ(one.request, other.request);
  EXPECT_EQ(one.occurrence, other.occurrence);
}

TEST(WebhookKeyTest, EverythingElseMakesAnotherRequestKey) {
  std::set<WebhookKey> seen;
  const auto is_new = [&](const Request& request) {
    return seen.insert(keys_of(request).request.value()).second;
  };
  Request request;
  EXPECT_TRUE(is_new(request));
  EXPECT_FALSE(is_new(request));
  EXPECT_TRUE(is_new(fresh_nonce(request)));
  request.account = "sub";
  EXPECT_TRUE(is_new(request));
  request.path = Endpoint::kEvent;
  EXPECT_TRUE(is_new(request));
  request.query = "";
  EXPECT_TRUE(is_new(request));
  request.nonce = "";
  EXPECT_TRUE(is_new(request));
  // Texts that would be one if fields were only joined.
  for (const char* body : {"a=bc", "ab=c", "abc=", "abc", "a=b&c=", "a=&bc=", "=abc", "a=b&a=c"}) {
    if (std::string_view(body) == "abc") continue;  // the same pair as "abc="
    EXPECT_TRUE(is_new(with_body(body))) << body;
  }
  Request in_query = with_body("");
  in_query.query = "a=bc";
  EXPECT_TRUE(is_new(in_query));
}

TEST(WebhookKeyTest, ARetryWithAFreshNonceIsTheSameOccurrence) {
  constexpr std::string_view kCallback =
      "CallUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c&DialALegUUID=6f1d4a92-8a1e-4c53-9f27-"
      "5d6e7f8a9b0c&DialBLegUUID=8e41c6aa&DialBLegTo=1";
  const std::string callback(kCallback);
  const Request once[] = {
      Request{},
      with_body("CallUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c&CallStatus=ringing&Event=StartApp",
                Endpoint::kAnswer),
      with_body("CallUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c&CallStatus=ringing&Event=Ring",
                Endpoint::kRing),
      with_body(
          "CallUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c&HangupCause=NORMAL_CLEARING&Event=Hangup",
          Endpoint::kHangup),
      with_body(callback + "&DialAction=answer", Endpoint::kCallback),
      with_body(callback + "&DialAction=connected", Endpoint::kCallback),
      with_body(callback + "&DialAction=hangup", Endpoint::kCallback),
  };
  std::set<WebhookKey> seen;
  for (const Request& request : once) {
    SCOPED_TRACE(request.body);
    const WebhookKeys first = keys_of(request);
    Request retry = fresh_nonce(request);
    retry.body += "&SessionStart=2026-11-20";  // says nothing about status or cause
    const WebhookKeys second = keys_of(retry);
    EXPECT_NE(first.request, second.request);
    ASSERT_TRUE(first.occurrence);
    EXPECT_EQ(first.occurrence, second.occurrence);
    EXPECT_NE(*first.occurrence, first.request);
    EXPECT_TRUE(seen.insert(*first.occurrence).second);
  }
}

TEST(WebhookKeyTest, WhatSaysSomethingElseIsAnotherOccurrence) {
  const Request original;
  std::set<WebhookKey> seen = {*keys_of(original).occurrence};
  const auto is_new = [&](const Request& request) {
    const auto key = keys_of(request).occurrence;
    return key && seen.insert(*key).second;
  };
  struct Change {
    std::string_view from, to;
  };
  constexpr Change kChanges[] = {
      {"DialALegUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c",
       "DialALegUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0d"},
      {"DialBLegUUID=", "DialBLegUUID=8e41c6aa"},
      {"no-answer", "busy"},
      {"no-answer", "no-one"},
      {"no-answer", ""},
      {"NO_ANSWER", "USER_BUSY"},
  };
  for (const Change& change : kChanges) {
    EXPECT_TRUE(is_new(with_body(replaced(original.body, change.from, change.to)))) << change.from;
  }
  Request other_stage;
  other_stage.query = "stage=3";
  EXPECT_TRUE(is_new(other_stage));
  Request other_account;
  other_account.account = "sub";
  EXPECT_TRUE(is_new(other_account));

  // A call that was sent back to its plan goes through its stages a second time.
  // A menu that leads to the same dial again.
  for (const char* walk : {"2", "4", "12"}) {
    Request other_walk = original;
    other_walk.query = std::string("stage=2&walk=") + walk;
    EXPECT_TRUE(is_new(other_walk));
    EXPECT_FALSE(is_new(fresh_nonce(other_walk)));
  }
  for (const char* round : {"1795166124524000", "1795166124524001"}) {
    Request other_round;
    other_round.query = std::string("stage=2&round=") + round;
    EXPECT_TRUE(is_new(other_round));
    EXPECT_FALSE(is_new(fresh_nonce(other_round)));
  }

  Request unrelated;
  unrelated.query = "stage=2&unrelated=1&round=none";
  EXPECT_FALSE(is_new(unrelated));
}

TEST(WebhookKeyTest, DigitsGoByTheNonceAlone) {
  const Request digits = with_body(
      "CallUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c&DialALegUUID=6f1d4a92-8a1e-4c53-9f27-"
      "5d6e7f8a9b0c&DialBLegUUID=8e41c6aa&DialAction=digits"
      "&DialDigitsMatch=1",
      Endpoint::kCallback);
  const auto first = keys_of(digits).occurrence;
  ASSERT_TRUE(first);
  EXPECT_NE(first, keys_of(fresh_nonce(digits)).occurrence);

  // The signed string of a POST doesn't say where a name ends: cut otherwise it is still that
  // nonce.
  Request cut_otherwise = digits;
  cut_otherwise.body = replaced(digits.body, "DialDigitsMatch=1", "DialDigitsMatch1=");
  EXPECT_EQ(first, keys_of(cut_otherwise).occurrence);

  Request unsigned_digits = digits;
  unsigned_digits.nonce = "";
  EXPECT_FALSE(keys_of(unsigned_digits).occurrence);
  EXPECT_FALSE(keys_of(unsigned_digits).request) << "it may have been pressed twice";
}

TEST(WebhookKeyTest, WhatCanRepeatHasNoOccurrence) {
  const std::string call = "CallUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c&CallStatus=in-progress";
  Request without_nonce;
  without_nonce.nonce = "";
  Request bad_stage;
  bad_stage.query = "stage=0";
  const Request cases[] = {
      without_nonce,
      bad_stage,
      with_body(call, Endpoint::kFallback),
      with_body(call, Endpoint::kConfirm),
      with_body(call, Endpoint::kMusic),
      with_body(call + "&RecordUrl=&RecordingID=", Endpoint::kRecording),
      with_body(call + "&Event=Redirect", Endpoint::kAnswer),
      with_body(call + "&Digits=1"),
      with_body(call + "&DialStatus=busy", Endpoint::kEvent),
      with_body(call + "&DialBLegUUID=8e&DialAction=unheard-of", Endpoint::kCallback),
      with_body(call + "&DialBLegUUID=&DialBLegTo=&DialAction=hangup", Endpoint::kCallback),
      with_body("DialStatus=busy"),
  };
  for (const Request& request : cases) EXPECT_FALSE(keys_of(request).occurrence) << request.body;
}

// Plivo repeats a report when it had no answer in time: by then the caller may have left, and a
// proxy may have changed the case of ids.
TEST(WebhookKeyTest, ASpellingAndAMomentMakeNoOtherOutcome) {
  const Request original;
  const auto key = keys_of(original).occurrence;
  ASSERT_TRUE(key);
  struct Change {
    std::string_view from, to;
  };
  constexpr Change kChanges[] = {
      {"CallStatus=in-progress", "CallStatus=completed"},
      {"CallStatus=in-progress&", ""},
      {"DialBLegUUID=&", ""},
      {"no-answer", "No+Answer"},
      {"no-answer", "NO_ANSWER"},
      {"DialRingStatus=true", "DialRingStatus=false"},
      {"&DialRingStatus=true", "&Event=Redirect"},
      {"DialALegUUID=6f1d4a92-8a1e-4c53", "DialALegUUID=6F1D4A92-8A1E-4C53"},
  };
  for (const Change& change : kChanges) {
    const Request again = fresh_nonce(with_body(replaced(original.body, change.from, change.to)));
    EXPECT_EQ(keys_of(again).occurrence, key) << change.to;
  }

  const auto ended = [](std::string_view leg) {
    return keys_of(with_body("CallUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c&DialAction=hangup&"
                             "DialBLegUUID=" +
                                 std::string(leg),
                             Endpoint::kCallback))
        .occurrence;
  };
  ASSERT_TRUE(ended("8e41c6aa"));
  EXPECT_EQ(ended("8e41c6aa"), ended("8E41C6AA"));

  // A word that nobody knows is compared as it is, but for case; an answered leg says completed.
  const auto of_word = [](std::string_view word, std::string_view leg) {
    return keys_of(with_body("CallUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c&DialStatus=" +
                             std::string(word) + "&DialBLegUUID=" + std::string(leg)))
        .occurrence;
  };
  EXPECT_EQ(of_word("Unheard", ""), of_word("unheard", ""));
  EXPECT_NE(of_word("unheard", ""), of_word("unseen", ""));
  EXPECT_EQ(of_word("unheard", "8e41c6aa"), of_word("completed", "8e41c6aa"));
}

// Of what begins or is answered once, nothing counts but the leg: by Plivo's second try the caller
// may have left.
TEST(WebhookKeyTest, WhatHappensOnceIsOneWhateverHasBecomeOfTheCaller) {
  const std::string call = "CallUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c";
  const std::string leg = call + "&DialBLegUUID=8e41c6aa&DialAction=";
  const struct {
    Endpoint path;
    std::string first, again;
  } rows[] = {
      {Endpoint::kAnswer, call + "&Event=StartApp&CallStatus=ringing",
       call + "&Event=StartApp&CallStatus=completed&HangupCause=ORIGINATOR_CANCEL"},
      {Endpoint::kRing, call + "&Event=Ring&CallStatus=ringing",
       call + "&Event=Ring&CallStatus=in-progress"},
      {Endpoint::kCallback, leg + "answer&CallStatus=in-progress",
       leg + "answer&CallStatus=completed&HangupCause=NORMAL_CLEARING&Duration=3"},
      {Endpoint::kCallback, leg + "connected", leg + "connected&CallStatus=completed"},
      {Endpoint::kCallback, call + "&DialBLegUUID=&DialBLegTo=14155550100&DialAction=hangup",
       call + "&DialBLegUUID=&DialBLegTo=14155550100&DialAction=hangup&x=1"},
  };
  for (const auto& row : rows) {
    const auto first = keys_of(with_body(row.first, row.path)).occurrence;
    ASSERT_TRUE(first) << row.first;
    EXPECT_EQ(keys_of(fresh_nonce(with_body(row.again, row.path))).occurrence, first) << row.again;
  }
  const auto unanswered = [&](std::string_view number) {
    return keys_of(with_body(
                       call + "&DialBLegUUID=&DialAction=hangup&DialBLegTo=" + std::string(number),
                       Endpoint::kCallback))
        .occurrence;
  };
  EXPECT_NE(unanswered("14155550100"), unanswered("14155550122")) << "two legs of one stage";
  EXPECT_NE(keys_of(with_body(call + "&CallStatus=ringing", Endpoint::kAnswer)).occurrence,
            keys_of(with_body(call + "&CallStatus=in-progress", Endpoint::kAnswer)).occurrence)
      << "a call that had rung was sent here again";
}

// The stage belongs to what Dial reports; in a URL that people entered it is chance.
TEST(WebhookKeyTest, AStageInTheUrlOfTheCallSaysNothing) {
  Request hangup = with_body(
      "CallUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c&Event=Hangup&HangupCause=NORMAL_CLEARING",
      Endpoint::kHangup);
  hangup.query = "";
  const auto key = keys_of(hangup).occurrence;
  ASSERT_TRUE(key);
  for (const char* query :
       {"stage=2", "round=1795166124524000", "stage=3&round=7", "stage=prod", "stage="}) {
    hangup.query = query;
    EXPECT_EQ(keys_of(hangup).occurrence, key) << query;
  }
}

// What the end of a call says in numbers counts as its words do.
TEST(WebhookKeyTest, EndsThatDifferInANumberAreTwo) {
  const auto key_of = [](const std::string& more, const char* nonce) {
    Request request = with_body(
        "CallUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c&Event=Hangup&HangupCauseCode=4000" + more,
        Endpoint::kHangup);
    request.query = "";
    request.nonce = nonce;
    return keys_of(request).occurrence.value();
  };
  std::set<WebhookKey> seen;
  for (const char* more :
       {"", "&Duration=54", "&Duration=55", "&Duration=", "&BillDuration=60", "&TotalCost=0.00850",
        "&EndTime=2026-11-20+14%3A45%3A59", "&AnswerTime=2026-11-20+14%3A45%3A59"}) {
    EXPECT_TRUE(seen.insert(key_of(more, "1")).second) << more;
    EXPECT_FALSE(seen.insert(key_of(more, "2")).second) << more;
  }
}

TEST(WebhookKeyTest, ReportsOfARecordingAreOneForEachThingTheySay) {
  const std::string call =
      "CallUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c&RecordUrl=u&RecordingID=r1";
  const std::string lower = "call_uuid=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c&recording_id=r1";
  std::set<WebhookKey> seen;
  for (const std::string& body :
       {std::string("call_uuid=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c&record_url=the-file"),
        call + "&RecordingDuration=17&Digits=%23&CallStatus=in-progress",
        call + "&RecordingDuration=17", call + "&RecordingDuration=17&CallStatus=in-progress",
        call + "&RecordingDuration=-1", call + "x&RecordingDuration=17",
        lower + "&transcription=hello", lower + "&transcription=", lower + "&error=too+short",
        lower + "&record_url=u", lower + "&record_url=u&recording_duration=3"}) {
    Request request = with_body(body, Endpoint::kRecording);
    request.query = "";
    const auto first = keys_of(request).occurrence;
    ASSERT_TRUE(first) << body;
    EXPECT_TRUE(seen.insert(*first).second) << body;
    request.body += "&SessionStart=2026-11-20";
    EXPECT_EQ(keys_of(fresh_nonce(request)).occurrence, first) << body;
  }
}

TEST(WebhookKeyTest, AFlowThatNamesNoCallSaysNothingTwice) {
  const auto of_flow = [](const std::string& pairs) {
    Request request = with_body(pairs, Endpoint::kEvent);
    request.nonce = "";
    return keys_of(request);
  };
  EXPECT_FALSE(of_flow("DialStatus=busy").request);
  EXPECT_FALSE(of_flow("DialStatus=busy&DialALegUUID=&CallUUID=").request);
  for (const char* text : {"{{Start.uuid}}", "undefined", "-", "null", "14155550100",
                           "00000000-0000-0000-0000-000000000000"}) {
    EXPECT_FALSE(of_flow(std::string("DialStatus=busy&CallUUID=") + text).request) << text;
    EXPECT_FALSE(of_flow(std::string("DialStatus=busy&DialALegUUID=") + text).request) << text;
  }
  EXPECT_TRUE(of_flow("DialStatus=busy&CallUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c").request);
  EXPECT_EQ(of_flow("DialStatus=busy&DialALegUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c").request,
            of_flow("DialALegUUID=6f1d4a92-8a1e-4c53-9f27-5d6e7f8a9b0c&DialStatus=busy").request);
}

TEST(WebhookKeyTest, KeysStayWhatTheyAre) {
  // Keys lie in databases: this fails when an upgrade would forget what was seen. The values were
  // computed by another program.
  const auto hex = [](const WebhookKey& key) {
    std::string text;
    for (const std::uint8_t byte : key) {
      text += "0123456789abcdef"[byte >> 4];
      text += "0123456789abcdef"[byte & 15];
    }
    return text;
  };
  const WebhookKeys keys = keys_of(Request{});
  EXPECT_EQ(hex(*keys.request), "d355124de9baef519479d7c5e163966bdea86dc09fa40c013caac643b0cac30e");
  EXPECT_EQ(hex(*keys.occurrence),
            "e53454019ee7d520188c20f61c3ea7138b11eaa1e94dbdef07a648993a618a73");
  EXPECT_EQ(ERR_peek_error(), 0ul);
}

TEST(WebhookKeyTest, TheSignedStringHasAKeyOfItsOwn) {
  const WebhookKey key = signed_string_key("main", "https://h/p?a=b.1");
  EXPECT_EQ(key, signed_string_key("main", "https://h/p?a=b.1"));
  EXPECT_NE(key, signed_string_key("main", "https://h/p?a=b.2"));
  EXPECT_NE(key, signed_string_key("other", "https://h/p?a=b.1"));
  EXPECT_NE(signed_string_key("ma", "in"), signed_string_key("m", "ain"));
}

}  // namespace
}  // namespace plivo_dial
