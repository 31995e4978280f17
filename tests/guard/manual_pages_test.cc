// The manual as it was built: man pages that render without a warning, HTML that is valid, leads
// nowhere that is not there, and needs no network.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "lib/document/vocabulary.h"
#include "tests/guard/manual_names.h"
#include "tests/httpd/process.h"

namespace plivo_dial::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// What a shell command says on both outputs, and whether it fails.
CommandResult shell(const std::string& text) {
  Command command;
  command.arguments = {"/bin/sh", "-c", text};
  command.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "MANWIDTH=80", "HOME=/"};
  return run_command(command);
}

std::string warnings_of_man(const std::string& page) {
  return shell("man --warnings -l '" + page + "' > /dev/null").output;
}

CommandResult tidy(const std::string& page) {
  return shell("tidy -q -e '" + page + "'");
}

// name -> text of each page. Throws std::runtime_error when there are none.
using Pages = std::map<std::string, std::string>;
Pages html_pages() {
  Pages pages;
  for (const auto& entry : std::filesystem::directory_iterator(MANUAL_DIR "/html")) {
    pages[entry.path().filename()] = read_file(entry.path());
  }
  if (pages.size() < 10) throw std::runtime_error("the HTML manual has not been built");
  return pages;
}

Names attribute_values(const std::string& name, const std::string& text) {
  Names values;
  const std::string opening = " " + name + "=\"";
  for (std::size_t at = text.find(opening); at != std::string::npos;
       at = text.find(opening, at + 1)) {
    const std::size_t begin = at + opening.size();
    values.insert(text.substr(begin, text.find('"', begin) - begin));
  }
  return values;
}

bool leads_somewhere(const std::string& from, const std::string& link, const Pages& pages) {
  const std::size_t hash = link.find('#');
  std::string file = link.substr(0, hash);
  if (file.starts_with("./")) file.erase(0, 2);
  const auto page = pages.find(file.empty() ? from : file);
  if (page == pages.end()) return false;
  return hash == std::string::npos ||
         attribute_values("id", page->second).contains(link.substr(hash + 1));
}

// A complaint for each link that leads nowhere, and for all that would be fetched from elsewhere.
std::vector<std::string> faults_of_links(const Pages& pages) {
  std::vector<std::string> faults;
  for (const auto& [name, text] : pages) {
    for (const char* fetched : {"<script", "<img", "<iframe", "@import", "url(", " src="}) {
      if (text.find(fetched) != std::string::npos) faults.push_back(name + " has " + fetched);
    }
    for (const std::string& link : attribute_values("href", text)) {
      if (!leads_somewhere(name, link, pages)) faults.push_back(name + " leads to " + link);
    }
  }
  return faults;
}

TEST(ManPages, RenderWithoutAWarning) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(MANUAL_DIR "/man")) {
    EXPECT_EQ(warnings_of_man(entry.path()), "") << entry.path();
    ++count;
  }
  EXPECT_GE(count, 6U);
}

TEST(ManPages, AWarningIsSeen) {
  const std::string page = testing::TempDir() + "broken.7";
  std::ofstream(page) << ".TH X 7\n.SH NAME\nx \\- y\n.NOSUCHMACRO\n\\[nosuchcharacter]\n";
  EXPECT_NE(warnings_of_man(page), "");
}

TEST(HtmlManual, IsValid) {
  for (const auto& [name, text] : html_pages()) {
    if (!name.ends_with(".html")) continue;
    const CommandResult result = tidy(MANUAL_DIR "/html/" + name);
    EXPECT_EQ(result.exit_code, 0) << name;
    EXPECT_EQ(result.output, "") << name;
  }
}

TEST(HtmlManual, AFaultOfThePageIsSeen) {
  const std::string page = testing::TempDir() + "broken.html";
  std::ofstream(page) << "<!DOCTYPE html><html><body><h1>No title<p></b></body></html>";
  EXPECT_NE(tidy(page).exit_code, 0);
}

TEST(HtmlManual, LinksLeadSomewhereAndNothingNeedsTheNetwork) {
  EXPECT_THAT(faults_of_links(html_pages()), IsEmpty());
}

TEST(HtmlManual, BrokenLinksAndForeignThingsAreSeen) {
  Pages pages = html_pages();
  EXPECT_THAT(faults_of_links({{"a.html", "<a href=\"b.html\">"}}),
              ElementsAre("a.html leads to b.html"));
  pages["a.html"] = "<a href=\"plivo-events.html#nothing\">";
  EXPECT_THAT(faults_of_links(pages), Contains("a.html leads to plivo-events.html#nothing"));
  pages["a.html"] = "<link href=\"https://example.com/x.css\">";
  EXPECT_THAT(faults_of_links(pages), Contains("a.html leads to https://example.com/x.css"));
  pages["a.html"] = "<script>";
  EXPECT_THAT(faults_of_links(pages), Contains("a.html has <script"));
}

// What the pages take from the program has arrived there.
TEST(HtmlManual, HasTheProgramsOwnTables) {
  const Names directives = attribute_values("id", html_pages().at("mod_plivo_dial.html"));
  for (const std::string_view element : {"Speak", "Play", "Wait", "Dial", "Number", "User"}) {
    for (const std::string_view attribute : attribute_names(*find_element_rule(element))) {
      EXPECT_THAT(directives,
                  Contains("attribute-" + std::string(element) + "-" + std::string(attribute)));
    }
  }
  for (const auto& [name, text] : html_pages()) {
    EXPECT_EQ(text.find("[["), std::string::npos) << name << " has an anchor that is none";
  }
}

// The page that a link with this rel leads to; "" without one.
std::string page_by(const std::string& rel, const std::string& text) {
  const std::regex link("<a rel=\"" + rel + "\" href=\"([^\"]*)\"");
  std::smatch found;
  return std::regex_search(text, found, link) ? found[1].str() : "";
}

TEST(HtmlManual, IsReadFromPageToPageForthAndBack) {
  const Pages pages = html_pages();
  std::string page = "guide-first-call.html";
  std::size_t count = 1;
  EXPECT_EQ(page_by("prev", pages.at(page)), "");
  for (std::string next; !(next = page_by("next", pages.at(page))).empty(); page = next) {
    ASSERT_EQ(page_by("prev", pages.at(next)), page);
    ASSERT_LT(++count, pages.size());
  }
  // All but the index and the style sheet.
  EXPECT_EQ(count, pages.size() - 2) << "a page is not in reading_order of manual/CMakeLists.txt";
}

TEST(HtmlManual, LeadsToTheIndexExceptFromTheIndex) {
  for (const auto& [name, text] : html_pages()) {
    if (!name.ends_with(".html")) continue;
    const bool leads = text.find("href=\"index.html\"") != std::string::npos;
    EXPECT_EQ(leads, name != "index.html") << name;
  }
}

TEST(HtmlManual, HasCommandsAsTheyAreTyped) {
  const std::string page = html_pages().at("plivo-dialctl.html");
  EXPECT_THAT(page, HasSubstr("events hook-test -- PROGRAM"));
  for (const auto& [name, text] : html_pages()) {
    for (const char* dash : {"&#8212;", "&#8211;"}) {
      EXPECT_EQ(text.find(dash), std::string::npos) << name << " has a dash that was hyphens";
    }
  }
}

// Browsers take a smaller size for what is monospace once.
TEST(HtmlManual, HasCodeInTheSizeOfItsText) {
  EXPECT_TRUE(std::regex_search(
      html_pages().at("manual.css"),
      std::regex(R"(code, pre \{ font-family: monospace, monospace; font-size: 1em; \})")));
}

// The names in braces that Asciidoctor has left as they are, as it does between plus signs. What
// stands in man pages has backslashes before hyphens, and shell variables have a dollar sign.
std::vector<std::string> unresolved_attributes(std::string text) {
  std::erase(text, '\\');
  const std::regex attribute(R"((^|[^$])(\{[a-z][a-z0-9-]*\}))");
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), attribute), end; match != end;
       ++match) {
    found.push_back((*match)[2]);
  }
  return found;
}

TEST(HtmlManual, AndTheManPagesHaveNoAttributeThatWasNotReplaced) {
  for (const char* directory : {MANUAL_DIR "/html", MANUAL_DIR "/man"}) {
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
      if (entry.path().extension() == ".css") continue;
      EXPECT_THAT(unresolved_attributes(read_file(entry.path())), IsEmpty()) << entry.path();
    }
  }
}

TEST(HtmlManual, AnAttributeThatWasNotReplacedIsSeen) {
  EXPECT_THAT(unresolved_attributes("On {default\\-diald} ${root} {help-x}, {}"),
              ElementsAre("{default-diald}", "{help-x}"));
}

}  // namespace
}  // namespace plivo_dial::test
