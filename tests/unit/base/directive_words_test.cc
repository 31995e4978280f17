// SPDX-License-Identifier: Apache-2.0
#include "lib/base/directive_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(DirectiveWords, AreWrittenAsHttpdReadsThem) {
  const std::vector<std::string> words = {"crm", "exec:/usr/local/bin/hook --crm", "events=other"};
  EXPECT_EQ(directive_line(words), R"(crm "exec:/usr/local/bin/hook --crm" events=other)");
  EXPECT_EQ(directive_line({}), "");
}

TEST(DirectiveWords, ComeBackAsTheyWere) {
  const std::vector<std::string> words = {"a b",       "",     R"(it's "two" \ words)", "\\", "\"",
                                          "tab\there", "\\\\n"};
  EXPECT_EQ(words_of_directive(directive_line(words)), words);
}

TEST(DirectiveWords, AreReadAsAnAdministratorWritesThem) {
  EXPECT_THAT(words_of_directive(R"(  one 'two "2"'	"three\"3\"" fo\ur )"),
              ElementsAre("one", "two \"2\"", "three\"3\"", "fo\\ur"));
  EXPECT_THAT(words_of_directive("\"broken off"), ElementsAre("broken off"));
  EXPECT_THAT(words_of_directive(R"('a\"b' "a\'b" 'a\'b')"),
              ElementsAre(R"(a\"b)", R"(a\'b)", "a'b"));
  EXPECT_THAT(words_of_directive(std::string_view(R"("a\"b)", 3)), ElementsAre("a\\"))
      << "the line ends before the second quote";
  EXPECT_THAT(words_of_directive(" \t"), IsEmpty());
}

}  // namespace
}  // namespace plivo_dial
