// SPDX-License-Identifier: Apache-2.0
#include "lib/document/remarks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Remarks, NameValueAndRemedy) {
  const struct {
    Element element;
    std::string_view words;
  } cases[] = {
      {{"Play", {}, "http://h/a.mp3", {}}, "plays from https only"},
      {{"Play", {}, "HTTP://h/a", {}}, "plays from https only"},
      {{"Play", {}, "https://h/a.m4a?x=.mp3", {}}, "of type m4a"},
      {{"Play", {}, "https://h/a.wav?x=1&amp;y=2", {}}, "the URL holds \"&amp;\""},
      {{"Speak", {}, "Press <break time=\"1s\"/> one", {}}, "the tag \"<break time=\"1s\"/>\""},
      {{"Speak", {}, "<b>Hello", {}}, "the tag \"<b>\""},
      {{"Speak", {}, "Hello</p>", {}}, "the tag \"</p>\""},
      {{"Speak", {}, "1 < 2 <b>", {}}, "the tag \"<b>\""},
      {{"Speak", {}, "R&D; Tom &amp; Jerry", {}}, "the text holds \"&amp;\""},
      {{"Speak", {}, "Tom &amp; Jerry", {}}, "the text holds \"&amp;\""},
      {{"Speak", {}, "it&#39;s", {}}, "\"&#39;\""},
      {{"Speak", {}, "\u201CHello\u201D", {}}, "typographic quote U+201C"},
      {{"Speak", {}, "\u201EHallo\u201C", {}}, "typographic quote U+201E"},
      {{"Dial", {{"action", "https://h/?a=1&amp;b=2"}}, "", {}}, "action holds \"&amp;\""},
      {{"Dial", {{"callerName", "Tom &quot;T&quot;"}}, "", {}}, "callerName holds \"&quot;\""},
      {{"Dial", {{"callType", "whatsapp"}, {"machineDetection", "true"}}, "", {}},
       "no machine detection"},
      {{"Dial", {{"hangupOnStar", "true"}, {"digitsMatch", "99,1*"}}, "", {}},
       "digitsMatch=99,1* has a star"},
      {{"Stream", {{"contentType", "audio/mp3"}}, "wss://h/s", {}}, "none that Plivo documents"},
      {{"Stream", {}, "wss://h/" + std::string(2048, 'x'), {}}, "at most 2048"},
      {{"Stream", {{"extraHeaders", std::string(513, 'x')}}, "wss://h/s", {}}, "at most 512"},
      {{"Message", {{"src", "1"}}, "hi", {}}, "without dst"},
      {{"MultiPartyCall", {{"role", "agent"}, {"aiAgentStreamServiceUrl", "wss://h"}}, "x", {}},
       "aiAgentStreamServiceUrl has no effect"},
  };
  for (const auto& [element, words] : cases) {
    EXPECT_THAT(remarks_on(element), ElementsAre(HasSubstr(words)));
  }
}

TEST(Remarks, LeaveAloneWhatIsSound) {
  const Element sound[] = {
      {"Play", {{"loop", "2"}}, "https://h/a.MP3?x=1&y=2", {}},
      {"Play", {}, "https://sounds.example.com", {}},
      {"Play", {}, "https://h/v1.2/play", {}},
      {"Speak", {}, "Fish & chips; 3 < 4 > 2, R&D;", {}},
      {"Speak", {}, "&#; &#-1; <> </>", {}},
      {"Play", {}, "https://h/a.", {}},
      {"Stream", {}, "wss://h/" + std::string(2040, 'x'), {}},
      {"Speak", {}, "He said \u201Chello\u201D", {}},
      {"Dial", {{"callType", "whatsapp"}}, "", {{"User", {}, "sip:a@h", {}}}},
      {"Dial", {{"hangupOnStar", "false"}, {"digitsMatch", "*1"}}, "", {{"Number", {}, "1", {}}}},
      {"Dial", {{"hangupOnStar", "true"}, {"digitsMatch", "1,#"}}, "", {{"Number", {}, "1", {}}}},
      {"Dial", {{"hangupOnStar", "true"}, {"digitsMatchBLeg", "*"}}, "", {{"Number", {}, "1", {}}}},
      {"Dial", {{"action", "https://h/?a=1&b=2"}}, "", {{"Number", {}, "1", {}}}},
      {"Stream", {{"extraHeaders", std::string(512, 'x')}}, "wss://h/s", {}},
      {"Message", {{"src", "1"}, {"dst", "2<3"}}, "hi", {}},
  };
  for (const Element& element : sound) EXPECT_THAT(remarks_on(element), IsEmpty());
}

TEST(Remarks, FindWhatNeverRuns) {
  const Element speak{"Speak", {}, "x", {}};
  const Element dial{"Dial", {{"action", "https://h"}}, "", {}};
  const Element record{"Record", {{"action", "https://h"}}, "", {}};
  const Element hangup{"Hangup", {}, "", {}};
  const std::vector<Element> none = {speak, dial};
  EXPECT_THAT(remarks_on_order(none), IsEmpty());
  const std::vector<Element> all = {dial, speak, record, hangup, speak};
  std::vector<std::size_t> indexes;
  for (const OrderRemark& remark : remarks_on_order(all)) indexes.push_back(remark.index);
  EXPECT_THAT(indexes, ElementsAre(0, 2, 3));
}

}  // namespace
}  // namespace plivo_dial
