// Examples of conf/examples, each called by plivo-dialctl call: who is dialled when, and what the
// caller hears, to the word. tests/data/played/NAME.txt has the calls of NAME.conf: a line with a
// dollar sign, the path and the options, then the timeline. "= FILE TEXT" in front of a call puts a
// line into a file. {monday after ...} in an option is a date, since schedules are known for two
// years.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/httpd/httpd_server.h"
#include "tests/httpd/process.h"
#include "tests/httpd/signed_request.h"

namespace plivo_dial::test {
namespace {

constexpr const char* kCallUuid = "3c0f9d2e-1b7a-4c55-8f10-6a2d4e8b9c01";

struct PlayedCall {
  std::string example;  // "outcomes"
  std::string path;
  std::vector<std::string> options;
  std::string timeline;
  std::vector<std::pair<std::string, std::string>> files;
};

void PrintTo(const PlayedCall& call, std::ostream* out) {
  *out << call.example << " " << call.path;
  for (const std::string& option : call.options) *out << " " << option;
}

// The week before a change of clocks, and that behind it, in the words of the files.
struct NamedDay {
  std::string_view name;
  std::chrono::month month;
  unsigned sunday;  // of the month, 0: the last one
  int days;         // from that Sunday on
};
constexpr NamedDay kDays[] = {
    {"{friday-before-eu-spring}", std::chrono::March, 0, -2},
    {"{monday-after-eu-spring}", std::chrono::March, 0, 1},
    {"{friday-before-eu-autumn}", std::chrono::October, 0, -2},
    {"{monday-after-eu-autumn}", std::chrono::October, 0, 1},
    {"{friday-before-us-spring}", std::chrono::March, 2, -2},
    {"{monday-after-us-spring}", std::chrono::March, 2, 1},
    {"{friday-before-us-autumn}", std::chrono::November, 1, -2},
    {"{monday-after-us-autumn}", std::chrono::November, 1, 1},
};

std::chrono::sys_days day_in(const NamedDay& day, std::chrono::year year) {
  using std::chrono::Sunday;
  const std::chrono::year_month month = year / day.month;
  const std::chrono::sys_days sunday =
      day.sunday == 0 ? std::chrono::sys_days(month / Sunday[std::chrono::last])
                      : std::chrono::sys_days(month / Sunday[day.sunday]);
  return sunday + std::chrono::days(day.days);
}

std::string text_of(std::chrono::year_month_day date) {
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

// The next such day from tomorrow on. {next-MM-DD} is the next one of each year.
std::string with_date(std::string word) {
  using namespace std::chrono;
  const sys_days today = floor<days>(system_clock::now());
  const year this_year = year_month_day(today).year();
  for (const NamedDay& day : kDays) {
    const std::size_t at = word.find(day.name);
    if (at == std::string::npos) continue;
    sys_days date = day_in(day, this_year);
    if (date <= today) date = day_in(day, this_year + years(1));
    word.replace(at, day.name.size(), text_of(date));
  }
  constexpr std::string_view kNext = "{next-";
  if (const std::size_t at = word.find(kNext); at != std::string::npos) {
    const int month_number = std::stoi(word.substr(at + kNext.size(), 2));
    const int day_number = std::stoi(word.substr(at + kNext.size() + 3, 2));
    const month_day date = month(static_cast<unsigned>(month_number)) / day_number;
    const bool is_over = sys_days(this_year / date) <= today;
    word.replace(at, kNext.size() + 6, text_of((this_year + years(is_over ? 1 : 0)) / date));
  }
  return word;
}

// What a site with 100,000 numbers has: the map of the example, and a line for each of them.
std::string large_map() {
  std::string text = read_file(CONF_EXAMPLES_DIR "/numbers.txt");
  for (int i = 0; i < 100'000; ++i) {
    text +=
        "+1650" + std::to_string(5'000'000 + i) + " +1628" + std::to_string(5'000'000 + i) + "\n";
  }
  return text;
}

bool needs_tables(const std::string& configuration) {
  return configuration.find("PlivoSchedule") != std::string::npos ||
         configuration.find("PlivoRouteMap") != std::string::npos;
}

std::vector<PlayedCall> played_calls() {
  std::vector<PlayedCall> calls;
  for (const auto& entry : std::filesystem::directory_iterator(PLAYED_CALLS_DIR)) {
    std::vector<std::pair<std::string, std::string>> files;
    std::istringstream lines(read_file(entry.path()));
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("= ")) {
        const std::size_t end = line.find(' ', 2);
        files.emplace_back(line.substr(2, end - 2), line.substr(end + 1) + "\n");
        continue;
      }
      if (!line.starts_with("$ ")) {
        calls.back().timeline += line + "\n";
        continue;
      }
      PlayedCall& call = calls.emplace_back();
      call.files = std::exchange(files, {});
      call.example = entry.path().stem();
      std::istringstream words(line.substr(2));
      words >> call.path;
      for (std::string word; words >> word;) call.options.push_back(with_date(word));
    }
  }
  return calls;
}

class PlayedExample : public testing::TestWithParam<PlayedCall> {};

TEST_P(PlayedExample, GoesAsItIsWrittenDown) {
  const PlayedCall& call = GetParam();
  HttpdServer httpd;
  httpd.files().write_file("conf/main.token", std::string(kMainToken) + "\n", 0600);
  std::string text = read_file(CONF_EXAMPLES_DIR "/" + call.example + ".conf");
  for (const std::string_view there : {"/etc/apache2/plivo", "/var/lib/reception"}) {
    for (std::size_t at = text.find(there); at != std::string::npos; at = text.find(there)) {
      text.replace(at, there.size(), "${ROOT}/conf");
    }
  }
  httpd.files().write_file("conf/own-document.xml",
                           read_file(CONF_EXAMPLES_DIR "/own-document.xml"), 0644);
  httpd.files().write_file("conf/holidays.txt", read_file(CONF_EXAMPLES_DIR "/holidays.txt"), 0644);
  if (text.find("numbers.txt") != std::string::npos) {
    httpd.files().write_file("conf/numbers.txt", large_map(), 0644);
  }
  for (const auto& [name, content] : call.files) {
    httpd.files().write_file("conf/" + name, content, 0644);
  }
  const std::string dispatcher = needs_tables(text)
                                     ? "PlivoDispatcher On \"" PLIVO_DIALD_PROGRAM
                                       "\"\n"
                                       "PlivoEventSink file \"file:${ROOT}/events/all\"\n"
                                     : "PlivoDispatcher Off\n";
  ASSERT_TRUE(httpd.start("PlivoSpool \"${ROOT}/spool\"\n" + dispatcher + text));

  Command command;
  command.arguments = {PLIVO_DIALCTL_PROGRAM,
                       "call",
                       "--url",
                       "http://127.0.0.1:" + std::to_string(httpd.port()) + call.path,
                       "--public-url",
                       "https://pbx.example.com",
                       "--token-file",
                       httpd.root() + "/conf/main.token",
                       "--call-uuid",
                       kCallUuid};
  command.arguments.insert(command.arguments.end(), call.options.begin(), call.options.end());
  const CommandResult played = run_command(command);
  EXPECT_EQ(played.exit_code, 0);
  EXPECT_EQ(played.output, call.timeline);
}

INSTANTIATE_TEST_SUITE_P(, PlayedExample, testing::ValuesIn(played_calls()));

}  // namespace
}  // namespace plivo_dial::test
