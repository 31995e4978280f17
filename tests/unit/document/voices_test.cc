// SPDX-License-Identifier: Apache-2.0
#include "lib/document/voices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

using ::testing::HasSubstr;

std::string verdict_of(const Attributes& attributes) {
  const Result<void> result = check_spoken_language(attributes);
  return result ? "accepted" : result.error().message;
}

TEST(Voices, SpeakTheLanguagesOfPlivosTable) {
  EXPECT_EQ(verdict_of({}), "accepted");
  EXPECT_EQ(verdict_of({{"voice", "MAN"}}), "accepted");
  for (const char* language :
       {"da-DK", "nl-NL", "en-AU", "en-GB", "en-US", "fr-FR", "fr-CA", "de-DE", "it-IT", "pl-PL",
        "pt-PT", "pt-BR", "ru-RU", "es-ES", "es-US", "sv-SE"}) {
    EXPECT_EQ(verdict_of({{"language", language}}), "accepted") << language;
  }
}

// A call was lost by the first of these.
TEST(Voices, NeedPollyForOtherLanguages) {
  const struct {
    Attributes attributes;
    std::string_view words;
  } cases[] = {
      {{{"language", "hi-IN"}}, "not spoken by the voice WOMAN"},
      {{{"language", "hi-IN"}, {"voice", "MAN"}}, "add voice=Polly.Aditi"},
      {{{"language", "en-IN"}}, "add voice=Polly.Raveena"},
      {{{"language", "ja-JP"}, {"voice", "WOMAN"}}, "hangup code 8011"},
      {{{"language", "tr-TR"}, {"voice", "Polly.Filiz"}}, "accepted"},
      {{{"language", "cs-CZ"}}, "add voice=Polly.<Name>"},
      {{{"language", "cs-CZ"}, {"voice", "Polly.Jitka-Neural"}}, "accepted"},
      {{{"language", "zz-ZZ"}}, "is spoken by no voice of Plivo's"},
      {{{"language", "zz-ZZ"}, {"voice", "Polly.Amy"}}, "is spoken by no voice of Plivo's"},
      {{{"language", "de-de"}}, "did you mean \"de-DE\"?"},
      {{{"language", "en-UK"}}, "did you mean \"en-"},
  };
  for (const auto& [attributes, words] : cases)
    EXPECT_THAT(verdict_of(attributes), HasSubstr(words));
}

TEST(Voices, AreDoubtedWhereTheyDoNotFit) {
  const struct {
    Attributes attributes;
    std::string_view words;
  } cases[] = {
      {{{"voice", "MAN"}, {"language", "da-DK"}}, "write voice=WOMAN or voice=Polly.Naja"},
      {{{"voice", "MAN"}, {"language", "fr-CA"}}, "write voice=WOMAN"},
      {{{"voice", "MAN"}, {"language", "sv-SE"}}, "write voice=WOMAN"},
      {{{"voice", "MAN"}, {"language", "ru-RU"}}, "write voice=WOMAN"},
      {{{"language", "pt-PT"}}, "voice=WOMAN does not speak pt-PT"},
      {{{"voice", "Polly.Joanna"}, {"language", "de-DE"}},
       "write voice=Polly.Marlene, Polly.Vicki or Polly.Hans"},
  };
  for (const auto& [attributes, words] : cases) {
    EXPECT_THAT(doubt_of_voice(attributes).value_or("no doubt"), HasSubstr(words));
  }
  const Attributes fitting[] = {
      {},
      {{"voice", "MAN"}},
      {{"voice", "Polly.Joanna"}},
      {{"voice", "MAN"}, {"language", "pt-PT"}},
      {{"language", "fr-CA"}},
      {{"voice", "Polly.Aditi"}, {"language", "en-IN"}},
      {{"voice", "Polly.Newest"}, {"language", "de-DE"}},
  };
  for (const Attributes& attributes : fitting) EXPECT_EQ(doubt_of_voice(attributes), std::nullopt);
}

TEST(Voices, KnowTheirLanguage) {
  EXPECT_EQ(spoken_language({}), "en-US");
  EXPECT_EQ(spoken_language({{"voice", "MAN"}}), "en-US");
  EXPECT_EQ(spoken_language({{"voice", "Polly.Hans"}}), "de-DE");
  EXPECT_EQ(spoken_language({{"voice", "Polly.Newest"}}), "en-US");
  EXPECT_EQ(spoken_language({{"voice", "Polly.Hans"}, {"language", "fr-FR"}}), "fr-FR");
}

}  // namespace
}  // namespace plivo_dial
