// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/answer.h"
#include "lib/plan/prepared_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/document/check.h"
#include "lib/plan/directive_arguments.h"
#include "lib/plan/prompt_arguments.h"
#include "lib/webhook/callback_options.h"
#include "lib/webhook/continuation.h"
#include "tests/unit/document/parsed_document.h"
#include "tests/unit/plan/prepared_text.h"

namespace plivo_dial {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

using Words = std::vector<std::string_view>;

const char kDeclaration[] = R"(<?xml version="1.0" encoding="utf-8"?>)";

AnswerUrls pbx_urls() {
  return {"https://pbx.example.com/dialstatus/action",
          "https://pbx.example.com/dialstatus/callback",
          "https://pbx.example.com/dialstatus/confirm",
          "https://pbx.example.com/dialstatus/recording",
          "",
          std::string(kDefaultCallbackFragment)};
}

Stage stage_of(const Words& words) {
  Result<Stage> stage = parse_stage(words);
  EXPECT_TRUE(stage.ok()) << stage.error().message;
  return stage ? *stage : Stage{};
}

Prompt prompt_of(Prompt::Kind kind, const Words& words) {
  return *parse_prompt(kind, words);
}

std::string rendered(const Plan& plan, const Step& step, bool with_prompts,
                     const CallFacts& facts = {}, const AnswerUrls& urls = pbx_urls()) {
  const Result<std::string> document = render_step(plan, urls, step, with_prompts, facts);
  if (!document) return "error: " + document.error().message;
  const Result<std::vector<std::string>> checked = check_document(*document);
  EXPECT_TRUE(checked.ok()) << checked.error().message << "\n" << *document;
  return *document;
}

Step dial(std::size_t stage) {
  return {Step::Kind::kDial, stage};
}

// The attributes of the Dial number `index` among the Response's children.
Attributes dial_attributes_of(std::string_view xml, std::size_t index = 0) {
  const Result<Element> root = parse_document(xml);
  if (!root) return {{"broken", root.error().message}};
  for (const Element& child : root->children) {
    if (child.name == "Dial" && index-- == 0) return child.attributes;
  }
  return {{"no", "such Dial"}};
}

std::string attribute_of(std::string_view xml, std::string_view name, std::size_t index = 0) {
  const Attributes attributes = dial_attributes_of(xml, index);
  const std::string* value = find_attribute(attributes, name);
  return value ? *value : "(none)";
}

Plan shortest_plan() {
  Plan plan;
  plan.prompts = {prompt_of(Prompt::Kind::kSpeak, {"Connecting your call.."})};
  plan.stages = {stage_of({"+14155550100"})};
  return plan;
}

TEST(RenderStep, ShortestConfigurationGivesExactlySpeakAndDial) {
  EXPECT_EQ(rendered(shortest_plan(), first_step(shortest_plan()), true),
            std::string(kDeclaration) +
                "<Response><Speak>Connecting your call..</Speak>"
                "<Dial action=\"https://pbx.example.com/dialstatus/action\" method=\"POST\" "
                "callbackUrl=\"https://pbx.example.com/dialstatus/callback#rc=5&amp;rp=ct,rt,5xx\">"
                "<Number>+14155550100</Number></Dial></Response>");
}

TEST(RenderStep, StepsWithoutDial) {
  const Plan plan = shortest_plan();
  EXPECT_EQ(rendered(plan, {Step::Kind::kHangUp}, false),
            std::string(kDeclaration) + "<Response><Hangup/></Response>");
  EXPECT_EQ(rendered(plan, {Step::Kind::kEnd}, false), std::string(kDeclaration) + "<Response/>");
  const std::string apology = "Speak{" + std::string(kApology) + "} Hangup";
  EXPECT_EQ(outline_of_document(rendered(plan, {Step::Kind::kNotReached}, false)),
            "Response(" + apology + ")");
  EXPECT_EQ(outline_of_document(rendered(plan, dial(7), false)), "Response(" + apology + ")");
}

Voicemail voicemail_of(const Words& words) {
  Result<std::optional<Voicemail>> voicemail = parse_voicemail(words);
  EXPECT_TRUE(voicemail.ok() && *voicemail) << words.size();
  return voicemail && *voicemail ? **voicemail : Voicemail{};
}

TEST(RenderStep, VoicemailGreetsAndRecords) {
  Plan plan = shortest_plan();
  plan.voicemail = voicemail_of({"On"});
  const std::string document = rendered(plan, {Step::Kind::kNotReached}, false);
  EXPECT_EQ(document,
            std::string(kDeclaration) + "<Response><Speak>" + std::string(kVoicemailGreeting) +
                "</Speak><Record action=\"https://pbx.example.com/dialstatus/recording\" "
                "method=\"POST\" callbackUrl=\"https://pbx.example.com/dialstatus/recording"
                "#rc=5&amp;rp=ct,rt,5xx\"/></Response>");
  EXPECT_EQ(rendered(plan, dial(7), false), document) << "the plan has become shorter";
  plan.stages.clear();
  EXPECT_THAT(outline_of_document(rendered(plan, first_step(plan), true)),
              StartsWith("Response(Speak{Connecting your call..} Speak{"));
}

TEST(RenderStep, VoicemailHasTheAttributesOfItsLine) {
  Plan plan;
  plan.voicemail = voicemail_of({"On", "play=https://h/greeting.mp3", "maxLength=90", "method=GET",
                                 "action=https://h/message#rc=1", "playBeep=false"});
  EXPECT_EQ(outline_of_document(rendered(plan, {Step::Kind::kNotReached}, false)),
            "Response(Play{https://h/greeting.mp3} Record[action=https://h/message#rc=1 method=GET "
            "callbackUrl=https://pbx.example.com/dialstatus/recording#rc=5&rp=ct,rt,5xx "
            "maxLength=90 playBeep=false])");
  AnswerUrls none;
  EXPECT_EQ(outline_of_document(rendered(plan, {Step::Kind::kNotReached}, false, {}, none)),
            "Response(Play{https://h/greeting.mp3} Record[action=https://h/message#rc=1 method=GET "
            "maxLength=90 playBeep=false])");
}

TEST(RenderStep, PromptsComeFirstAndOnlyWhenAsked) {
  Plan plan = shortest_plan();
  plan.prompts = {prompt_of(Prompt::Kind::kPlay, {"https://h/a.mp3", "loop=2"}),
                  prompt_of(Prompt::Kind::kWait, {"3", "silence=true"}),
                  prompt_of(Prompt::Kind::kSpeak, {"Hi", "voice=MAN"})};
  EXPECT_THAT(outline_of_document(rendered(plan, dial(0), true)),
              StartsWith("Response(Play[loop=2]{https://h/a.mp3} Wait[length=3 silence=true] "
                         "Speak[voice=MAN]{Hi} Dial["));
  EXPECT_THAT(outline_of_document(rendered(plan, dial(0), false)), StartsWith("Response(Dial["));
  plan.stages.clear();
  EXPECT_EQ(outline_of_document(rendered(plan, first_step(plan), true)),
            "Response(Play[loop=2]{https://h/a.mp3} Wait[length=3 silence=true] "
            "Speak[voice=MAN]{Hi})");
}

TEST(RenderStep, TargetsKeepOrderAndAttributes) {
  Plan plan;
  plan.stages = {stage_of({"+14155550100 sendDigits=ww1", "sip:alice@h;transport=tls",
                           "sip:b@h sipAuthUsername=u sipAuthPassword=12345678"})};
  EXPECT_THAT(outline_of_document(rendered(plan, dial(0), false)),
              HasSubstr("(Number[sendDigits=ww1]{+14155550100} User{sip:alice@h;transport=tls} "
                        "User[sipAuthUsername=u sipAuthPassword=12345678]{sip:b@h})"));
}

TEST(RenderStep, AttributesComeInTheDocumentedOrder) {
  Plan plan;
  plan.stages = {stage_of({"+14155550100", "timeout=20", "method=GET", "timeLimit=60"})};
  plan.dial_defaults = *parse_dial_defaults(
      Words{"timeout=99", "hangupOnStar=true", "callerId=+14155550199", "callbackMethod=GET"});
  EXPECT_EQ(
      dial_attributes_of(rendered(plan, dial(0), false)),
      (Attributes{{"action", "https://pbx.example.com/dialstatus/action"},
                  {"method", "GET"},
                  {"callbackUrl", "https://pbx.example.com/dialstatus/callback#rc=5&rp=ct,rt,5xx"},
                  {"callerId", "+14155550199"},
                  {"timeout", "20"},
                  {"timeLimit", "60"},
                  {"hangupOnStar", "true"},
                  {"callbackMethod", "GET"}}));
}

TEST(RenderStep, ContinuationRidesInTheUrlsFromTheSecondStageOn) {
  Plan plan;
  plan.stages = {stage_of({"+14155550100"}), stage_of({"+14155550101"}),
                 stage_of({"+14155550102"})};
  const std::string base = "https://pbx.example.com/dialstatus/";
  EXPECT_EQ(attribute_of(rendered(plan, dial(0), false), "action"), base + "action");
  EXPECT_EQ(attribute_of(rendered(plan, dial(1), false), "action"), base + "action?stage=2");
  EXPECT_EQ(attribute_of(rendered(plan, dial(2), false), "action"), base + "action?stage=3");
  EXPECT_EQ(attribute_of(rendered(plan, dial(1), false), "callbackUrl"),
            base + "callback?stage=2#rc=5&rp=ct,rt,5xx");
}

TEST(RenderStep, ARoundRidesInTheUrlsOfAllItsStages) {
  Plan plan;
  plan.stages = {stage_of({"+14155550100"}), stage_of({"+14155550101"})};
  CallFacts facts;
  facts.round = "17";
  const std::string base = "https://pbx.example.com/dialstatus/";
  EXPECT_EQ(attribute_of(rendered(plan, dial(0), true, facts), "action"), base + "action?round=17");
  EXPECT_EQ(attribute_of(rendered(plan, dial(1), false, facts), "action"),
            base + "action?stage=2&round=17");
  EXPECT_EQ(attribute_of(rendered(plan, dial(1), false, facts), "callbackUrl"),
            base + "callback?stage=2&round=17#rc=5&rp=ct,rt,5xx");
}

TEST(RoundOf, BeginsWithARedirectAndGoesOnInOurUrls) {
  const auto round = [](Endpoint endpoint, EventKind kind, std::string_view query,
                        std::string_view nonce = "") {
    const RequestParameters parameters{Form::decode(query).value(), {}};
    Webhook webhook;
    webhook.endpoint = endpoint;
    webhook.kind = kind;
    return round_of(webhook, parameters, nonce, 1795166124524000);
  };
  EXPECT_EQ(round(Endpoint::kAnswer, EventKind::kCallAnswer, "round=17"), "");
  EXPECT_EQ(round(Endpoint::kAnswer, EventKind::kCallRedirect, "round=17"), "1795166124524000")
      << "without a nonce";
  const auto of_nonce = [&](std::string_view nonce) {
    return round(Endpoint::kAnswer, EventKind::kCallRedirect, "", nonce);
  };
  EXPECT_EQ(of_nonce("12345678901234567890"), of_nonce("12345678901234567890")) << "on any node";
  EXPECT_NE(of_nonce("12345678901234567890"), of_nonce("12345678901234567891"));
  EXPECT_TRUE(round_in(Form::decode("round=" + of_nonce("a")).value())) << "as a URL brings it";
  EXPECT_EQ(round(Endpoint::kAction, EventKind::kDialResult, "stage=2&round=17"), "17");
  for (const char* none : {"", "round=", "round=1x", "round=123456789012345678901", "Round=1"}) {
    EXPECT_EQ(round(Endpoint::kAction, EventKind::kDialResult, none), "") << none;
  }
}

TEST(RenderStep, VoicemailAsksForTheTextAtOurUrlToo) {
  Plan plan;
  plan.voicemail = voicemail_of({"On", "transcriptionType=auto"});
  const Step not_reached{Step::Kind::kNotReached, 0};
  EXPECT_NE(
      rendered(plan, not_reached, false)
          .find("transcriptionUrl=\"https://pbx.example.com/dialstatus/recording#rc=5&amp;rp=ct,"
                "rt,5xx\""),
      std::string::npos);
  plan.voicemail =
      voicemail_of({"On", "transcriptionType=auto", "transcriptionUrl=https://h/text#rc=1"});
  EXPECT_NE(rendered(plan, not_reached, false).find("transcriptionUrl=\"https://h/text#rc=1\""),
            std::string::npos);
  plan.voicemail = voicemail_of({"On"});
  EXPECT_EQ(rendered(plan, not_reached, false).find("transcription"), std::string::npos);
}

TEST(RenderStep, AdministratorsUrlsAreKeptAndContinued) {
  const struct {
    std::string_view given;
    std::string_view fragment;
    std::string_view first;
    std::string_view second;
  } cases[] = {
      {"https://a/x", "", "https://a/x", "https://a/x?stage=2"},
      {"https://a/x?y=%20z", "", "https://a/x?y=%20z", "https://a/x?y=%20z&stage=2"},
      {"https://a/x#ct=500", "", "https://a/x#ct=500", "https://a/x?stage=2#ct=500"},
      {"https://a/x#ct=500", "rc=1", "https://a/x#ct=500", "https://a/x?stage=2#ct=500"},
      {"https://a/x", "rc=1", "https://a/x#rc=1", "https://a/x?stage=2#rc=1"},
      {"https://a", "", "https://a", "https://a?stage=2"},
  };
  for (const auto& c : cases) {
    for (const std::string_view name : {"action", "callbackUrl"}) {
      const std::string argument = std::string(name) + "=" + std::string(c.given);
      AnswerUrls urls = pbx_urls();
      urls.action_fragment = urls.callback_fragment = c.fragment;
      Plan by_stage;
      by_stage.stages = {stage_of({"+14155550100", argument}),
                         stage_of({"+14155550101", argument})};
      Plan by_default;
      by_default.stages = {stage_of({"+14155550100"}), stage_of({"+14155550101"})};
      by_default.dial_defaults = *parse_dial_defaults(Words{argument});
      for (const Plan& plan : {by_stage, by_default}) {
        EXPECT_EQ(attribute_of(rendered(plan, dial(0), false, {}, urls), name), c.first);
        EXPECT_EQ(attribute_of(rendered(plan, dial(1), false, {}, urls), name), c.second);
      }
    }
  }
}

TEST(RenderStep, EmptyUrlsAreLeftOut) {
  EXPECT_EQ(rendered(shortest_plan(), dial(0), false, {}, AnswerUrls{}),
            std::string(kDeclaration) +
                "<Response><Dial><Number>+14155550100</Number></Dial></Response>");
}

TEST(RenderStep, StagesWithoutRedirectShareADocument) {
  Plan plan;
  plan.stages = {stage_of({"+14155550100", "redirect=false"}),
                 stage_of({"+14155550101", "redirect=false"}), stage_of({"+14155550102"}),
                 stage_of({"+14155550103"})};
  const auto numbers = [&](std::size_t first) {
    std::string out;
    const Result<Element> root = parse_document(rendered(plan, dial(first), false));
    for (const Element& child : root->children) out += child.children.at(0).text.back();
    return out;
  };
  EXPECT_EQ(numbers(0), "012");
  EXPECT_EQ(numbers(1), "12");
  EXPECT_EQ(numbers(2), "2");
  EXPECT_EQ(numbers(3), "3");
  // Each still reports its result, under its own stage.
  const std::string xml = rendered(plan, dial(0), false);
  EXPECT_THAT(attribute_of(xml, "action", 0), ::testing::EndsWith("/action"));
  EXPECT_THAT(attribute_of(xml, "action", 1), ::testing::EndsWith("/action?stage=2"));
  EXPECT_THAT(attribute_of(xml, "action", 2), ::testing::EndsWith("/action?stage=3"));

  plan.dial_defaults = {{"redirect", "false"}};
  EXPECT_EQ(numbers(2), "23");
  plan.stages[2].attributes = {{"redirect", "true"}};
  EXPECT_EQ(numbers(0), "012");
}

TEST(RenderStep, CallerIdFollowsThePlan) {
  const CallFacts facts{"14155550777", "14155550888"};
  const struct {
    CallerId caller_id;
    CallFacts facts;
    std::string_view expected;
  } cases[] = {
      {{CallerId::Kind::kPlivo, ""}, facts, "(none)"},
      {{CallerId::Kind::kCaller, ""}, facts, "14155550777"},
      {{CallerId::Kind::kCalled, ""}, facts, "14155550888"},
      {{CallerId::Kind::kNumber, "+14155550199"}, facts, "+14155550199"},
      {{CallerId::Kind::kCaller, ""}, {}, "(none)"},
      {{CallerId::Kind::kCaller, ""}, {"anonymous", ""}, "(none)"},
      {{CallerId::Kind::kCaller, ""}, {"sip:a@phone.plivo.com", ""}, "(none)"},
      {{CallerId::Kind::kCaller, ""}, {"+1\"><Hangup/>", ""}, "(none)"},
      {{CallerId::Kind::kCalled, ""}, {"", "+"}, "(none)"},
  };
  for (const auto& c : cases) {
    Plan plan = shortest_plan();
    plan.caller_id = c.caller_id;
    EXPECT_EQ(attribute_of(rendered(plan, dial(0), false, c.facts), "callerId"), c.expected);
  }
}

TEST(RenderStep, AStagesOwnCallerIdWins) {
  Plan plan = shortest_plan();
  plan.caller_id = {CallerId::Kind::kCaller, ""};
  plan.dial_defaults = {{"callerId", "+14155550001"}};
  EXPECT_EQ(attribute_of(rendered(plan, dial(0), false, {"1", "2"}), "callerId"), "+14155550001");
  plan.stages[0].attributes = {{"callerId", "+14155550002"}};
  EXPECT_EQ(attribute_of(rendered(plan, dial(0), false, {"1", "2"}), "callerId"), "+14155550002");
}

TEST(RenderStep, HostilePromptChangesNoStructure) {
  Plan plan = shortest_plan();
  plan.prompts[0].content = "\"><Dial><Number>+1900";
  const Result<Element> root = parse_document(rendered(plan, dial(0), true));
  ASSERT_TRUE(root.ok());
  ASSERT_EQ(root->children.size(), 2u);
  EXPECT_EQ(root->children[0].text, "\"><Dial><Number>+1900");
  EXPECT_EQ(root->children[1].children.size(), 1u);
}

TEST(RenderStep, FailsOverPlivosLimit) {
  Plan plan = shortest_plan();
  plan.prompts[0].content = std::string(100'000, 'x');
  EXPECT_THAT(rendered(plan, dial(0), true), HasSubstr("Plivo takes at most 100000"));
  EXPECT_THAT(rendered(plan, dial(0), false), StartsWith("<?xml"));
}

// Whatever a request gives, the prepared document filled in is the one that is rendered for it.
TEST(PreparedAnswers, AreFilledWithWhatTheRequestGives) {
  Plan plan = shortest_plan();
  plan.caller_id = {CallerId::Kind::kCaller, ""};
  plan.dial_defaults = {{"callerName", "{{Who}} calls"}};
  plan.stages = {stage_of({"+14155550111", "callerName=Sales {{From}}", "timeout=20"}),
                 stage_of({"sip:a@h.example sipHeaders=Call={{CallUUID|alnum}},Name={{Who}}",
                           "+14155550112 callerName={{Who}}", "callerId=+14155550199"}),
                 stage_of({"+14155550113", "redirect=false"}), stage_of({"+14155550114"})};
  ASSERT_FALSE(depends_on_request(plan));
  for (const auto kind :
       {CallerId::Kind::kCaller, CallerId::Kind::kCalled, CallerId::Kind::kPlivo}) {
    plan.caller_id.kind = kind;
    const Result<PreparedAnswers> answers = PreparedAnswers::prepare(plan, pbx_urls());
    ASSERT_TRUE(answers.ok()) << answers.error().message;
    for (const char* body : {"", "From=%2B14155550111&To=14155550199&CallUUID=3c-0f&Who=Ann",
                             "From=anonymous", "From=sip:a@h&Who=%22%3E%3CHangup/%3E%26amp;",
                             "Who=%C3%A4%0A%00b&CallUUID=--", "Who={{%230}}&From={{From}}"}) {
      const RequestParameters parameters{Form::decode("").value(), Form::decode(body).value()};
      const CallFacts facts{parameters.find("From").value_or(""),
                            parameters.find("To").value_or(""),
                            "",
                            "",
                            "",
                            &parameters};
      for (std::size_t stage = 0; stage < 4; ++stage) {
        EXPECT_EQ(outline_of_document(prepared_text(*answers, dial(stage), false, facts)),
                  outline_of_document(rendered(plan, dial(stage), false, facts)))
            << body << " " << stage;
      }
    }
  }
}

TEST(PreparedAnswers, HaveNoMoreBytesThanPlivoTakesOnceTheyAreFilled) {
  Plan plan = shortest_plan();
  plan.stages = {stage_of({"sip:a@h.example sipHeaders=Name={{Who}}"})};
  plan.prompts[0].content = std::string(99'700, 'x');
  const Result<PreparedAnswers> answers = PreparedAnswers::prepare(plan, {});
  ASSERT_TRUE(answers.ok()) << answers.error().message;
  const std::string body = "Who=" + std::string(1000, 'y');
  const RequestParameters parameters{Form::decode("").value(), Form::decode(body).value()};
  const CallFacts facts{"", "", "", "", "", &parameters};
  EXPECT_THAT(prepared_text(*answers, dial(0), true, facts), HasSubstr("Plivo takes at most"));
}

TEST(PreparedAnswers, HoldWhatRenderStepMakes) {
  Plan plan = shortest_plan();
  plan.stages.push_back(stage_of({"+14155550101", "redirect=false"}));
  plan.stages.push_back(stage_of({"sip:a@h"}));
  const Result<PreparedAnswers> answers = PreparedAnswers::prepare(plan, pbx_urls());
  ASSERT_TRUE(answers.ok()) << answers.error().message;
  EXPECT_EQ(prepared_text(*answers, first_step(plan), true), rendered(plan, dial(0), true));
  for (const Step step : {dial(0), dial(1), dial(2), dial(3), Step{Step::Kind::kNotReached},
                          Step{Step::Kind::kHangUp}, Step{Step::Kind::kEnd}}) {
    EXPECT_EQ(prepared_text(*answers, step), rendered(plan, step, false));
  }
}

TEST(PreparedAnswers, HoldTheVoicemail) {
  Plan plan = shortest_plan();
  plan.voicemail = voicemail_of({"On", "say=Hello", "maxLength=90"});
  const Result<PreparedAnswers> answers = PreparedAnswers::prepare(plan, pbx_urls());
  ASSERT_TRUE(answers.ok()) << answers.error().message;
  EXPECT_EQ(prepared_text(*answers, {Step::Kind::kNotReached}),
            rendered(plan, {Step::Kind::kNotReached}, false));
}

TEST(PreparedAnswers, APlanWithoutStagesEndsAfterItsPrompts) {
  Plan plan;
  const Result<PreparedAnswers> answers = PreparedAnswers::prepare(plan, pbx_urls());
  ASSERT_TRUE(answers.ok());
  EXPECT_EQ(prepared_text(*answers, first_step(plan), true),
            std::string(kDeclaration) + "<Response/>");
}

TEST(PreparedAnswers, FailNamingTheDocument) {
  Plan plan = shortest_plan();
  plan.prompts[0].content = std::string(100'000, 'x');
  EXPECT_THAT(PreparedAnswers::prepare(plan, pbx_urls()).error().message,
              StartsWith("the answer: the Plivo document has"));
  plan = shortest_plan();
  plan.stages.push_back(stage_of({"+14155550101"}));
  plan.stages[1].attributes = {{"callerName", std::string(100'000, 'x')}};
  EXPECT_THAT(PreparedAnswers::prepare(plan, pbx_urls()).error().message,
              StartsWith("stage 2: the Plivo document has"));
}

TEST(BuiltInFallback, IsTheApology) {
  EXPECT_EQ(built_in_fallback_document(), rendered(Plan{}, {Step::Kind::kNotReached}, false));
}

// A name in front of the caller's for each group, and a key for the PBX's own record.
TEST(RenderStep, FillsPlacesOfADialFromTheRequest) {
  Plan plan;
  plan.stages = {stage_of({"+14155550111", "callerName=Sales {{From}}"}),
                 stage_of({"sip:a@h.example sipHeaders=Call={{CallUUID|alnum}},Name={{Who}}",
                           "+14155550112 callerName={{Who}}"})};
  const auto document = [&](std::size_t stage, const std::string& body) {
    const RequestParameters parameters{Form::decode("").value(), Form::decode(body).value()};
    const CallFacts facts{"", "", "", "", "", &parameters};
    return rendered(plan, {Step::Kind::kDial, stage}, false, facts);
  };
  EXPECT_THAT(document(0, "From=%2B14155550111"), HasSubstr("callerName=\"Sales +14155550111\""));
  EXPECT_THAT(document(0, ""), HasSubstr("callerName=\"Sales \""));
  EXPECT_THAT(document(0, "From=\"><Hangup/>"),
              HasSubstr("callerName=\"Sales &quot;&gt;&lt;Hangup/&gt;\""));
  EXPECT_THAT(document(0, "From=" + std::string(43, 'x') + "%C3%A4%C3%A4"),
              HasSubstr("\"Sales " + std::string(43, 'x') + "&#xE4;\""))
      << "Plivo takes 50 characters";
  EXPECT_THAT(document(1, "CallUUID=3c0f-9d&Who=a,b=c"),
              HasSubstr("<User sipHeaders=\"Call=3c0f9d,Name=abc\">"));
  EXPECT_THAT(document(1, "CallUUID=3c0f-9d"), HasSubstr("<User sipHeaders=\"Call=3c0f9d\">"));
  EXPECT_THAT(document(1, ""), HasSubstr("<User>sip:a@h.example</User><Number>+14155550112"));
}

TEST(ParseStage, JudgesPlacesBySampleValues) {
  const auto refusal = [](const Words& words) {
    const Result<Stage> stage = parse_stage(words);
    return stage ? "accepted" : stage.error().message;
  };
  EXPECT_EQ(refusal({"+14155550111", "callerName={{From}}"}), "accepted");
  EXPECT_THAT(refusal({"+14155550111", "sipHeaders=Call={{CallUUID}}"}),
              HasSubstr("with sample values: "));
  EXPECT_THAT(refusal({"+14155550111", "timeout={{Seconds}}"}),
              HasSubstr("can stand in callerName and sipHeaders of a dial only"));
  EXPECT_THAT(refusal({"+14155550111", "callerName={{From"}), HasSubstr("is no place for"));
  // Braces in a password are its own, and nobody is shown them.
  EXPECT_EQ(refusal({"sip:a@h.example sipAuthUsername=a sipAuthPassword=x{{y12345"}), "accepted");
}

}  // namespace
}  // namespace plivo_dial
