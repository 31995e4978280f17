// SPDX-License-Identifier: Apache-2.0
// Plans made at random from arguments that the directives accept, with a fixed seed: each document
// parses again, has the structure of its plan, and carries only URLs that Plivo can dial.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "lib/base/utf8.h"
#include "lib/document/check.h"
#include "lib/document/element.h"
#include "lib/plan/answer.h"
#include "lib/plan/directive_arguments.h"
#include "lib/plan/prompt_arguments.h"
#include "tests/unit/document/parsed_document.h"

namespace plivo_dial {
namespace {

class PlanMaker {
 public:
  explicit PlanMaker(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }
  bool chance() { return below(2) == 0; }

  // Text of any characters, XML's own and those that XML cannot hold too.
  std::string text() {
    std::string out = "x";
    for (std::size_t i = below(40); i > 0; --i) {
      switch (below(4)) {
        case 0:
          out += "<>&\"'];-= "[below(10)];
          break;
        case 1:
          append_utf8(static_cast<char32_t>(below(0x80)), out);
          break;
        case 2:
          append_utf8(static_cast<char32_t>(0xE000 + below(0x2000)), out);
          break;
        default:
          append_utf8(static_cast<char32_t>(0x10000 + below(0x100000)), out);
      }
    }
    return out;
  }

  std::string url() {
    std::string out = chance() ? "https://" : "http://";
    out += chance() ? "pbx.example.com/" : "[2001:db8::1]:8443?";
    constexpr std::string_view kPieces[] = {"/",   "a", "b", "?",   "&", "=",
                                            "%25", ";", "'", "%3C", "~"};
    for (std::size_t i = below(12); i > 0; --i) out += kPieces[below(std::size(kPieces))];
    if (chance()) out += "#ct=" + std::to_string(100 + below(9000));
    return out;
  }

  std::string number() { return "+1" + std::to_string(2'000'000'000 + below(7'000'000'000)); }

  std::string target() {
    if (chance()) return number() + (chance() ? " sendDigits=ww12#" : "");
    return "sip:u" + std::to_string(below(1'000'000)) + "@h" + (chance() ? ";transport=tls" : "") +
           (chance() ? " sipHeaders=a=b" : "");
  }

  std::vector<std::string> attributes() {
    const std::string all[] = {"action=" + url(),
                               "callbackUrl=" + url(),
                               "callerName=" + text(),
                               "method=GET",
                               "redirect=" + std::string(chance() ? "true" : "false"),
                               "timeout=" + std::to_string(1 + below(100)),
                               "callerId=" + number(),
                               "dialMusic=" + (chance()   ? url()
                                               : chance() ? "say=" + text()
                                                          : "real")};
    std::vector<std::string> out;
    for (const std::string& attribute : all) {
      if (below(3) == 0) out.push_back(attribute);
    }
    return out;
  }

  Plan plan() {
    Plan plan;
    for (std::size_t i = below(3); i > 0; --i) add_prompt(plan);
    for (std::size_t i = below(4); i > 0; --i) add_stage(plan);
    if (const std::vector<std::string> words = attributes(); !words.empty()) {
      const Result<Attributes> defaults = parse_dial_defaults(views(words));
      EXPECT_TRUE(defaults.ok()) << defaults.error().message;
      plan.dial_defaults = *defaults;
    }
    plan.caller_id.kind = static_cast<CallerId::Kind>(below(3));
    if (chance()) add_voicemail(plan);
    return plan;
  }

 private:
  static std::vector<std::string_view> views(const std::vector<std::string>& words) {
    return {words.begin(), words.end()};
  }

  void add_prompt(Plan& plan) {
    const auto kind = static_cast<Prompt::Kind>(below(3));
    const std::string content = kind == Prompt::Kind::kSpeak  ? text()
                                : kind == Prompt::Kind::kPlay ? url()
                                                              : std::to_string(1 + below(9));
    const std::vector<std::string> words = {content};
    const Result<Prompt> prompt = parse_prompt(kind, views(words));
    ASSERT_TRUE(prompt.ok()) << prompt.error().message;
    plan.prompts.push_back(*prompt);
  }

  void add_voicemail(Plan& plan) {
    const std::string all[] = {"action=" + url(), "callbackUrl=" + url(),
                               "maxLength=" + std::to_string(1 + below(600)), "fileFormat=wav",
                               "finishOnKey=*"};
    std::vector<std::string> words = {"On", chance() ? "say=" + text() : "play=" + url()};
    for (const std::string& attribute : all) {
      if (below(3) == 0) words.push_back(attribute);
    }
    Result<std::optional<Voicemail>> voicemail = parse_voicemail(views(words));
    ASSERT_TRUE(voicemail.ok()) << voicemail.error().message;
    plan.voicemail = std::move(voicemail).value();
  }

  void add_stage(Plan& plan) {
    std::vector<std::string> words = attributes();
    for (std::size_t i = 1 + below(3); i > 0; --i) words.push_back(target());
    const Result<Stage> stage = parse_stage(views(words));
    ASSERT_TRUE(stage.ok()) << stage.error().message;
    plan.stages.push_back(*stage);
  }

  std::mt19937 random_;
};

bool is_dialable(std::string_view url) {
  return (url.starts_with("https://") || url.starts_with("http://")) &&
         url.find_first_of(" \t\r\n") == std::string_view::npos;
}

void expect_dialable_urls(const Element& element) {
  for (const Attribute& attribute : element.attributes) {
    const bool is_url = attribute.name == "action" || attribute.name == "callbackUrl" ||
                        (attribute.name == "dialMusic" && attribute.value != "real");
    EXPECT_TRUE(!is_url || is_dialable(attribute.value)) << attribute.value;
  }
  EXPECT_TRUE(element.name != "Play" || is_dialable(element.text)) << element.text;
  for (const Element& child : element.children) expect_dialable_urls(child);
}

// The targets of a Dial as read back are those of the stage.
void expect_targets(const Element& dial, const Stage& stage) {
  ASSERT_EQ(dial.children.size(), stage.targets.size());
  for (std::size_t i = 0; i < stage.targets.size(); ++i) {
    EXPECT_EQ(dial.children[i].text, stage.targets[i].address);
    EXPECT_EQ(dial.children[i].attributes, stage.targets[i].attributes);
  }
}

void expect_sound(const Plan& plan, const Step& step, bool with_prompts) {
  const AnswerUrls urls{"https://pbx.example.com/x/action",
                        "https://pbx.example.com/x/callback",
                        "https://pbx.example.com/x/confirm",
                        "https://pbx.example.com/x/recording",
                        "ct=500",
                        "rc=5&rp=ct,rt,5xx",
                        "https://pbx.example.com/x/music"};
  const CallFacts facts{"14155550123", "+14155550199"};
  const Result<std::string> document = render_step(plan, urls, step, with_prompts, facts);
  ASSERT_TRUE(document.ok()) << document.error().message;
  const Result<Element> root = parse_document(*document);
  ASSERT_TRUE(root.ok()) << root.error().message << "\n" << *document;
  const Result<std::vector<std::string>> checked = check_document(*document);
  EXPECT_TRUE(checked.ok()) << checked.error().message << "\n" << *document;
  expect_dialable_urls(*root);

  std::size_t next = 0;
  for (std::size_t i = 0; with_prompts && i < plan.prompts.size(); ++i, ++next) {
    ASSERT_LT(next, root->children.size());
    if (plan.prompts[i].kind != Prompt::Kind::kWait) {
      EXPECT_EQ(root->children[next].text, xml_text(plan.prompts[i].content));
    }
  }
  std::size_t stage = step.stage;
  for (; step.kind == Step::Kind::kDial && next < root->children.size(); ++next, ++stage) {
    ASSERT_LT(stage, plan.stages.size());
    EXPECT_EQ(root->children[next].name, "Dial");
    expect_targets(root->children[next], plan.stages[stage]);
  }
}

TEST(RandomPlans, RenderToSoundDocuments) {
  for (unsigned seed = 0; seed < 3'000; ++seed) {
    SCOPED_TRACE(seed);
    const Plan plan = PlanMaker(seed).plan();
    expect_sound(plan, first_step(plan), true);
    for (std::size_t i = 0; i < plan.stages.size(); ++i) {
      expect_sound(plan, {Step::Kind::kDial, i}, false);
    }
    expect_sound(plan, {Step::Kind::kNotReached}, false);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace plivo_dial
