// SPDX-License-Identifier: Apache-2.0
// PlivoRecord: the talk is recorded, and the caller told before.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/plan/answer.h"
#include "lib/plan/plan_layer.h"
#include "lib/plan/prompt_arguments.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;
using testing::Not;
using RecordWords = std::vector<std::string_view>;

std::string refusal_of_recording(const RecordWords& words) {
  const auto recording = parse_recording(words);
  return recording ? "accepted" : recording.error().message;
}

TEST(PlivoRecord, RefusesWhatHasNoMeaning) {
  const struct {
    RecordWords words;
    const char* message;
  } rows[] = {
      {{}, "write On or Off"},
      {{"Off", "say=x"}, "has no meaning behind Off"},
      {{"On", "please"}, "not of the form attribute=value"},
      {{"On", "say=a", "play=https://h/x.mp3"}, "the notice is given twice"},
      {{"On", "language=de-DE"}, "add \"say=...\""},
      {{"On", "notice=on"}, "it is notice=off"},
      {{"On", "notice=off", "say=a"}, "leave say= out"},
      {{"On", "redirect=true"}, "is set by PlivoRecord itself"},
      {{"On", "action=https://h/x"}, "is set by PlivoRecord itself"},
      {{"On", "finishOnKey=1"}, "is for messages"},
      {{"On", "fileFormat=ogg"}, "ogg"},
      {{"On", "filFormat=wav"}, "fileFormat"},
  };
  for (const auto& [words, message] : rows) {
    EXPECT_THAT(refusal_of_recording(words), HasSubstr(message));
  }
  EXPECT_FALSE(*parse_recording(RecordWords{"off"}));
}

Plan recorded_plan(const RecordWords& recording, const RecordWords& voice = {"voice=WOMAN"}) {
  PlanLines lines;
  const std::vector<std::pair<std::string_view, RecordWords>> directives = {
      {"PlivoRecord", recording},
      {"PlivoVoice", voice},
      {"PlivoDial", {"+14155550111"}},
      {"PlivoDial", {"+14155550112"}},
      {"PlivoOn", {"busy", "dial=+14155550113"}}};
  for (const auto& [directive, words] : directives) {
    const Result<void> read = read_plan_line(directive, words, {"/etc/a.conf", 7}, lines);
    EXPECT_TRUE(read) << read.error().message;
  }
  const PlanLayer layer{&lines, nullptr};
  return plan_of(&layer, "/x");
}

std::string recorded_document(const Plan& plan, std::size_t stage) {
  const AnswerUrls urls{.recording = "https://h/recording", .callback_fragment = "rc=5"};
  return *render_step(plan, urls, {Step::Kind::kDial, stage}, false, {});
}

TEST(PlivoRecord, StandsBeforeEachDialAndIsToldOnce) {
  const Plan plan = recorded_plan({"On", "fileFormat=wav"});
  const std::string record =
      "<Record recordSession=\"true\" startOnDialAnswer=\"true\" redirect=\"false\" "
      "callbackUrl=\"https://h/recording#rc=5\" fileFormat=\"wav\"/><Dial>";
  EXPECT_THAT(
      recorded_document(plan, 0),
      HasSubstr("<Response><Speak voice=\"WOMAN\">This call may be recorded.</Speak>" + record));
  EXPECT_THAT(recorded_document(plan, 1), HasSubstr("<Response>" + record));
  EXPECT_THAT(recorded_document(plan, kMaxStages), HasSubstr("<Response>" + record));
  EXPECT_THAT(recorded_document(recorded_plan({"On", "notice=off"}), 0),
              HasSubstr("<Response><Record "));
  EXPECT_THAT(recorded_document(recorded_plan({"On", "say=Hi", "voice=MAN"}), 0),
              HasSubstr("<Response><Speak voice=\"MAN\">Hi</Speak><Record "));
  EXPECT_THAT(recorded_document(recorded_plan({"Off"}), 0), Not(HasSubstr("Record")));
  EXPECT_THAT(recorded_document(
                  recorded_plan({"On", "transcriptionType=auto", "callbackUrl=https://o/x"}), 0),
              HasSubstr("transcriptionUrl=\"https://h/recording#rc=5\" "
                        "transcriptionType=\"auto\" callbackUrl=\"https://o/x\""));
}

TEST(PlivoRecord, BuiltInNoticeIsInTheLanguageOfItsVoice) {
  const RecordWords german = {"voice=Polly.Vicki", "language=de-DE", "apology=Nein."};
  EXPECT_THAT(check_notice(recorded_plan({"On"}, german)).error().message,
              HasSubstr("the built-in notice is English, and its voice speaks de-DE"));
  EXPECT_TRUE(check_notice(recorded_plan({"On", "say=Hallo"}, german)));
  EXPECT_TRUE(check_notice(recorded_plan({"On", "notice=off"}, german)));
  EXPECT_TRUE(check_notice(recorded_plan({"On"})));
}

}  // namespace
}  // namespace plivo_dial
