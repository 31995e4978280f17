// The manual describes what the program has, and nothing else.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "tests/guard/manual_names.h"

namespace plivo_dial::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class ManualGuard : public testing::TestWithParam<Subject> {};

TEST_P(ManualGuard, DescribesAllAndNothingElse) {
  const Names program = GetParam().program();
  EXPECT_GE(program.size(), 3U) << "the guard no longer reads the program";
  EXPECT_THAT(differences(program, names_behind(GetParam().opening, text_of(GetParam()))),
              IsEmpty());
}

TEST_P(ManualGuard, SeesEachNameThatIsTakenOutOfTheManual) {
  const std::string text = text_of(GetParam());
  const Names program = GetParam().program();
  std::size_t removed = 0;
  for (const std::string& name : program) {
    std::string without = text;
    const std::string mark = std::string(GetParam().opening) + name + "]";
    const std::size_t at = without.find(mark);
    if (at == std::string::npos) continue;  // the test above complains
    ++removed;
    without.erase(at, mark.size());
    EXPECT_THAT(differences(program, names_behind(GetParam().opening, without)),
                Contains(name + " is missing in the manual"));
  }
  EXPECT_GE(removed, 3U);
}

TEST_P(ManualGuard, SeesWhatTheProgramDoesNotHave) {
  const std::string text = text_of(GetParam()) + std::string(GetParam().opening) + "invented]";
  EXPECT_THAT(differences(GetParam().program(), names_behind(GetParam().opening, text)),
              Contains("invented is in the manual, and not in the program"));
}

INSTANTIATE_TEST_SUITE_P(, ManualGuard, testing::ValuesIn(subjects()),
                         [](const testing::TestParamInfo<Subject>& subject) {
                           return std::string(subject.param.name);
                         });

// The words of `text` that look like directives, and are none.
Names false_directives(const std::string& text, const Names& directives) {
  Names found;
  constexpr std::string_view kPrefix = "Plivo";
  for (std::size_t at = text.find(kPrefix); at != std::string::npos;
       at = text.find(kPrefix, at + 1)) {
    std::size_t end = at;
    while (end < text.size() && std::isalpha(static_cast<unsigned char>(text[end])) != 0) ++end;
    const std::string word = text.substr(at, end - at);
    const bool begins = at == 0 || std::isalnum(static_cast<unsigned char>(text[at - 1])) == 0;
    const bool is_like_one = begins && word.size() > kPrefix.size() &&
                             std::isupper(static_cast<unsigned char>(word[kPrefix.size()])) != 0;
    if (is_like_one && directives.count(word) == 0) found.insert(word);
  }
  return found;
}

// Advice to use a directive that is not there helps nobody.
TEST(Texts, NameNoDirectiveThatIsNone) {
  const Names directives = subjects()[0].program();
  EXPECT_THAT(false_directives("see PlivoNone, PlivoDial and XPlivoY", directives),
              testing::ElementsAre("PlivoNone"));
  for (const char* place : {"lib", "mod_plivo_dial", "conf", "README.md"}) {
    const std::filesystem::path path = std::filesystem::path(SOURCE_DIR) / place;
    std::vector<std::filesystem::path> files = {path};
    if (is_directory(path)) {
      files.assign(std::filesystem::recursive_directory_iterator(path), {});
    }
    for (const std::filesystem::path& file : files) {
      if (!is_regular_file(file)) continue;
      EXPECT_THAT(false_directives(source(std::filesystem::relative(file, SOURCE_DIR)), directives),
                  IsEmpty())
          << file;
    }
  }
}

TEST(ManualOfDirectives, EachPageHasAllParts) {
  const std::string directory = std::string(SOURCE_DIR) + "/mod_plivo_dial/manual/directives";
  const std::string whole = source("mod_plivo_dial/manual/mod_plivo_dial.adoc");
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::string name = entry.path().stem();
    SCOPED_TRACE(name);
    const std::string text = source("mod_plivo_dial/manual/directives/" + name + ".adoc");
    EXPECT_THAT(text, testing::StartsWith("[#" + name + "]\n"));
    // What the command table says too.
    EXPECT_THAT(text, HasSubstr("\nDescription:: Takes {help-" + name + "}.\n"));
    for (const char* part : {"\nSyntax:: ", "\nDefault:: ", "\nContext:: ", "\nMerge:: ",
                             "\nSince:: ", "\nRefuses:: ", "\n[source,apache,test=config]\n"}) {
      EXPECT_THAT(text, HasSubstr(part));
    }
    EXPECT_THAT(whole, HasSubstr("include::directives/" + name + ".adoc[]"));
  }
}

TEST(ManualOfMessages, EachHasLevelMeaningCauseAndRemedy) {
  const std::string text = source("mod_plivo_dial/manual/plivo-messages.adoc");
  std::size_t count = 0;
  for (std::size_t at = text.find("[#PD"); at != std::string::npos; ++count) {
    const std::size_t next = text.find("[#PD", at + 1);
    const std::string message = text.substr(at, next - at);
    const std::string id = message.substr(2, 6);
    EXPECT_THAT(message, HasSubstr("\n=== " + id + ": "));
    for (const char* part : {"\nLevel:: ", "\nMeaning:: ", "\nCause:: ", "\nRemedy:: "}) {
      EXPECT_THAT(message, HasSubstr(part)) << id;
    }
    at = next;
  }
  EXPECT_GT(count, 50U);
}

// The list of the ids, as it stands there: {"kMethod", "PD0101"} and so on.
std::vector<std::pair<std::string, std::string>> log_ids() {
  const std::string text = source("lib/log/log_id.h");
  static const std::regex kLine("const char\\* (k[A-Za-z0-9]+) = \"(PD[0-9]{4})\";");
  std::vector<std::pair<std::string, std::string>> ids;
  for (std::sregex_iterator line(text.begin(), text.end(), kLine), end; line != end; ++line) {
    ids.emplace_back((*line)[1], (*line)[2]);
  }
  return ids;
}

std::vector<std::string> product_sources() {
  std::vector<std::string> texts;
  for (const char* top : {"lib", "mod_plivo_dial"}) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::string(SOURCE_DIR) + "/" + top)) {
      const std::string path = entry.path().lexically_relative(SOURCE_DIR);
      // That one looks for lines of the others.
      if (!path.ends_with(".cc") || path.starts_with("mod_plivo_dial/ctl/")) continue;
      texts.push_back(source(path));
    }
  }
  return texts;
}

TEST(LogIds, EachHasItsOwnNumberAndIsWritten) {
  static const std::regex kUse("\\blog_id::(k[A-Za-z0-9]+)");
  Names used;
  for (const std::string& text : product_sources()) {
    for (std::sregex_iterator at(text.begin(), text.end(), kUse), end; at != end; ++at) {
      used.insert((*at)[1]);
    }
  }
  std::string before;
  const auto ids = log_ids();
  EXPECT_GT(ids.size(), 90U) << "the guard no longer reads the list";
  for (const auto& [name, id] : ids) {
    EXPECT_LT(before, id) << name << " has another's number, or does not stand in its place";
    EXPECT_THAT(used, Contains(name)) << "nobody writes " << id;
    before = id;
  }
}

// The levels that the program gives to messages, where one statement has both: id -> httpd's words.
std::map<std::string, Names> levels_of_program() {
  const std::map<std::string, std::string> words = {
      {"Error", "error"}, {"Warning", "warn"}, {"Notice", "notice"}, {"Info", "info"},
      {"CRIT", "crit"},   {"ERR", "error"},    {"WARNING", "warn"},  {"NOTICE", "notice"},
      {"INFO", "info"},   {"DEBUG", "debug"}};
  std::map<std::string, std::string> ids;
  for (const auto& [name, id] : log_ids()) ids.emplace(name, id);
  static const std::regex kDispatcher("LogLevel::k([A-Za-z]+),\\s*log_id::(k[A-Za-z0-9]+)");
  // Between the two of a call stands its format, which may have a semicolon.
  static const std::regex kModule(
      "APLOG_(?!MARK)([A-Z]+),(?:[^;\"]|\"(?:[^\"\\\\]|\\\\.)*\")*?\\blog_id::(k[A-Za-z0-9]+)");
  std::map<std::string, Names> levels;
  for (const std::string& text : product_sources()) {
    for (const std::regex* way : {&kDispatcher, &kModule}) {
      for (std::sregex_iterator at(text.begin(), text.end(), *way), end; at != end; ++at) {
        levels[ids.at((*at)[2])].insert(words.at((*at)[1]));
      }
    }
  }
  return levels;
}

TEST(ManualOfMessages, EachHasTheLevelOfTheProgram) {
  const std::string text = source("mod_plivo_dial/manual/plivo-messages.adoc");
  const auto levels = levels_of_program();
  EXPECT_GT(levels.size(), 50U) << "the guard no longer reads the program";
  for (const auto& [id, of_program] : levels) {
    const std::size_t begin = text.find("\nLevel:: ", text.find("[#" + id + "]"));
    ASSERT_NE(begin, std::string::npos) << id;
    const std::string line = text.substr(begin + 9, text.find('\n', begin + 1) - begin - 9);
    for (const std::string& level : of_program) EXPECT_THAT(line, HasSubstr(level)) << id;
    if (of_program.size() == 1) {
      EXPECT_EQ(line, *of_program.begin()) << id;
    }
  }
}

}  // namespace
}  // namespace plivo_dial::test
