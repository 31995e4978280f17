// SPDX-License-Identifier: Apache-2.0
#include "lib/document/voices.h"

#include <algorithm>
#include <span>
#include <vector>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kPolly = "Polly.";
constexpr std::string_view kDefaultVoice = "WOMAN";
constexpr std::string_view kDefaultLanguage = "en-US";

// A language of Plivo's own voices.
struct OwnLanguage {
  std::string_view language;
  bool woman;
  bool man;
};

constexpr OwnLanguage kOwnLanguages[] = {
    {"da-DK", true, false}, {"nl-NL", true, true}, {"en-AU", true, true},  {"en-GB", true, true},
    {"en-US", true, true},  {"fr-FR", true, true}, {"fr-CA", true, false}, {"de-DE", true, true},
    {"it-IT", true, true},  {"pl-PL", true, true}, {"pt-PT", false, true}, {"pt-BR", true, true},
    {"ru-RU", true, false}, {"es-ES", true, true}, {"es-US", true, true},  {"sv-SE", true, false},
};

// A voice of Amazon Polly, without the prefix that Plivo wants. One that speaks two languages has
// two rows.
struct PollyVoice {
  std::string_view language;
  std::string_view name;
};

constexpr PollyVoice kPollyVoices[] = {
    {"arb", "Zeina"},      {"cmn-CN", "Zhiyu"},      {"da-DK", "Naja"},    {"da-DK", "Mads"},
    {"nl-NL", "Lotte"},    {"nl-NL", "Ruben"},       {"en-AU", "Nicole"},  {"en-AU", "Russell"},
    {"en-GB", "Amy"},      {"en-GB", "Emma"},        {"en-GB", "Brian"},   {"en-IN", "Raveena"},
    {"en-IN", "Aditi"},    {"en-US", "Joanna"},      {"en-US", "Ivy"},     {"en-US", "Kendra"},
    {"en-US", "Kimberly"}, {"en-US", "Salli"},       {"en-US", "Joey"},    {"en-US", "Justin"},
    {"en-US", "Matthew"},  {"en-GB-WLS", "Geraint"}, {"fr-FR", "Celine"},  {"fr-FR", "Lea"},
    {"fr-FR", "Mathieu"},  {"fr-CA", "Chantal"},     {"de-DE", "Marlene"}, {"de-DE", "Vicki"},
    {"de-DE", "Hans"},     {"hi-IN", "Aditi"},       {"is-IS", "Dora"},    {"is-IS", "Karl"},
    {"it-IT", "Carla"},    {"it-IT", "Bianca"},      {"it-IT", "Giorgio"}, {"ja-JP", "Mizuki"},
    {"ja-JP", "Takumi"},   {"ko-KR", "Seoyeon"},     {"nb-NO", "Liv"},     {"pl-PL", "Ewa"},
    {"pl-PL", "Maja"},     {"pl-PL", "Jacek"},       {"pl-PL", "Jan"},     {"pt-BR", "Camila"},
    {"pt-BR", "Vitoria"},  {"pt-BR", "Ricardo"},     {"pt-PT", "Ines"},    {"pt-PT", "Cristiano"},
    {"ro-RO", "Carmen"},   {"ru-RU", "Tatyana"},     {"ru-RU", "Maxim"},   {"es-ES", "Conchita"},
    {"es-ES", "Lucia"},    {"es-ES", "Enrique"},     {"es-MX", "Mia"},     {"es-US", "Lupe"},
    {"es-US", "Penelope"}, {"es-US", "Miguel"},      {"sv-SE", "Astrid"},  {"tr-TR", "Filiz"},
    {"cy-GB", "Gwyneth"},
};

// Languages whose voices Polly has added since; Plivo's table may have them by now.
constexpr std::string_view kNewerPollyLanguages[] = {"ar-AE", "ca-ES", "cs-CZ", "de-AT", "de-CH",
                                                     "en-IE", "en-NZ", "en-SG", "en-ZA", "fi-FI",
                                                     "fr-BE", "nl-BE", "yue-CN"};

const OwnLanguage* own_language(std::string_view language) {
  const auto* const found = std::ranges::find(kOwnLanguages, language, &OwnLanguage::language);
  return found == std::end(kOwnLanguages) ? nullptr : found;
}

// The first voice for `language`, or null.
const PollyVoice* polly_voice_for(std::string_view language) {
  const auto* const found = std::ranges::find(kPollyVoices, language, &PollyVoice::language);
  return found == std::end(kPollyVoices) ? nullptr : found;
}

// The first row of the voice called `name`, or null.
const PollyVoice* polly_voice(std::string_view name) {
  const auto* const found = std::ranges::find(kPollyVoices, name, &PollyVoice::name);
  return found == std::end(kPollyVoices) ? nullptr : found;
}

bool is_known(std::string_view language) {
  return own_language(language) != nullptr || polly_voice_for(language) != nullptr ||
         std::ranges::find(kNewerPollyLanguages, language) != std::end(kNewerPollyLanguages);
}

Error unknown_language(std::string_view language) {
  std::vector<std::string_view> known;
  for (const OwnLanguage& own : kOwnLanguages) known.push_back(own.language);
  for (const PollyVoice& voice : kPollyVoices) known.push_back(voice.language);
  const std::string start = "language=" + in_quotes(language) + " is spoken by no voice of Plivo's";
  if (const auto meant = nearest_word(language, known)) {
    return Error{start + "; did you mean " + in_quotes(*meant) + "?"};
  }
  return Error{start + ", and a call that comes to it is lost; write one such as en-US"};
}

std::string value_or(const Attributes& attributes, std::string_view name, std::string_view other) {
  const std::string* value = find_attribute(attributes, name);
  return value ? *value : std::string(other);
}

// Voices in a sentence: "Polly.Marlene, Polly.Vicki or Polly.Hans".
std::string polly_voices_of(std::string_view language) {
  std::string out;
  for (const PollyVoice& voice : kPollyVoices) {
    if (voice.language != language) continue;
    out += (out.empty() ? "" : ", ") + std::string(kPolly) + std::string(voice.name);
  }
  const std::size_t last = out.rfind(", ");
  return last == std::string::npos ? out : out.substr(0, last) + " or " + out.substr(last + 2);
}

bool speaks(std::string_view name, std::string_view language) {
  return std::ranges::any_of(kPollyVoices, [&](const PollyVoice& voice) {
    return voice.name == name && voice.language == language;
  });
}

}  // namespace

std::string_view spoken_language(const Attributes& attributes) {
  if (const std::string* language = find_attribute(attributes, "language")) return *language;
  const std::string* voice = find_attribute(attributes, "voice");
  if (!voice || !voice->starts_with(kPolly)) return kDefaultLanguage;
  const PollyVoice* known = polly_voice(std::string_view(*voice).substr(kPolly.size()));
  return known ? known->language : kDefaultLanguage;
}

Result<void> check_spoken_language(const Attributes& attributes) {
  const std::string* language = find_attribute(attributes, "language");
  if (!language) return {};
  if (!is_known(*language)) return unknown_language(*language);
  const std::string voice = value_or(attributes, "voice", kDefaultVoice);
  if (voice.starts_with(kPolly) || own_language(*language)) return {};
  const PollyVoice* speaker = polly_voice_for(*language);
  return Error{"language=" + in_quotes(*language) + " is not spoken by the voice " + voice +
               ", and a call that comes to it is lost (hangup code 8011); add voice=" +
               (speaker ? std::string(kPolly) + std::string(speaker->name)
                        : std::string("Polly.<Name> with a voice of Amazon Polly that speaks it"))};
}

std::optional<std::string> doubt_of_voice(const Attributes& attributes) {
  const std::string voice = value_or(attributes, "voice", kDefaultVoice);
  const std::string language = value_or(attributes, "language", "");
  if (language.empty()) return std::nullopt;
  const std::string start = "voice=" + voice + " does not speak " + language;
  if (voice.starts_with(kPolly)) {
    const std::string_view name = std::string_view(voice).substr(kPolly.size());
    const PollyVoice* known = polly_voice(name);
    if (!known || speaks(name, language)) return std::nullopt;
    const std::string others = polly_voices_of(language);
    return start + " but " + std::string(known->language) +
           (others.empty() ? "; write a voice that does" : "; write voice=" + others);
  }
  const OwnLanguage* own = own_language(language);
  if (!own || (voice == kDefaultVoice ? own->woman : own->man)) return std::nullopt;
  return start + " by Plivo's table, and Plivo may end the call (hangup code 8011); write voice=" +
         (own->woman ? "WOMAN" : "MAN") + " or voice=" + polly_voices_of(language);
}

}  // namespace plivo_dial
