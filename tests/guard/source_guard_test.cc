// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <sstream>

#include "tests/guard/include_graph.h"
#include "tests/guard/rooms.h"
#include "tests/guard/source_rules.h"
#include "tests/guard/unity_rules.h"

namespace plivo_dial::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

bool is_source(const std::filesystem::path& path) {
  const std::string extension = path.extension();
  return extension == ".h" || extension == ".cc" || extension == ".c" || extension == ".inc";
}

TEST(SourceGuard, TheWholeTreeKeepsTheRules) {
  std::vector<std::string> violations;
  UnityRules unity;
  IncludeGraph graph;
  std::size_t files = 0;
  for (const char* top : {"lib", "mod_plivo_dial", "tests"}) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::string(SOURCE_DIR) + "/" + top)) {
      if (!entry.is_regular_file() || !is_source(entry.path())) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      const std::string path = entry.path().lexically_relative(SOURCE_DIR);
      for (std::string& violation : check_source(path, text)) {
        violations.push_back(std::move(violation));
      }
      // Each of these is a program of its own.
      if (!path.starts_with("tests/fuzz/")) unity.add(path, text);
      if (!path.starts_with("tests/")) graph.add(path, text);
      ++files;
    }
  }
  for (std::string& violation : unity.violations()) violations.push_back(std::move(violation));
  for (std::string& violation : graph.violations()) violations.push_back(std::move(violation));
  EXPECT_THAT(violations, IsEmpty());
  EXPECT_GT(files, 50U) << "the guard has looked at the wrong tree: " << SOURCE_DIR;
}

constexpr std::string_view kLicense = "// SPDX-License-Identifier: Apache-2.0\n";

struct Violation {
  const char* name;
  const char* path;
  const char* line;
  const char* complaint;
};

void PrintTo(const Violation& violation, std::ostream* out) {
  *out << violation.path;
}

class SourceRule : public testing::TestWithParam<Violation> {};

TEST_P(SourceRule, IsSeenToBeBroken) {
  const std::string text = std::string(kLicense) + GetParam().line + "\n";
  EXPECT_THAT(check_source(GetParam().path, text), ElementsAre(HasSubstr(GetParam().complaint)));
}

INSTANTIATE_TEST_SUITE_P(
    , SourceRule,
    testing::Values(
        Violation{"WebhookKnowsPlan", "lib/webhook/a.cc", "#include \"lib/plan/plan.h\"",
                  "a.cc:2: lib/webhook includes lib/plan/plan.h: is not below it"},
        Violation{"BaseKnowsEvent", "lib/base/a.cc", "#include \"lib/event/event.h\"",
                  "lib/base includes lib/event/event.h"},
        Violation{"SpoolKnowsDelivery", "lib/spool/a.cc", "  # include \"lib/delivery/a.h\"",
                  "lib/spool includes lib/delivery/a.h"},
        Violation{"StoreKnowsSink", "lib/store/a.cc", "#include \"lib/sink/sink.h\"",
                  "lib/store includes lib/sink/sink.h"},
        Violation{"RequestKnowsDispatcher", "mod_plivo_dial/request/a.cc",
                  "#include \"mod_plivo_dial/dispatcher/dispatcher_file.h\"", "is not below it"},
        Violation{"ModuleKnowsStore", "mod_plivo_dial/check/a.cc",
                  "#include \"lib/store/database.h\"", "is not for httpd's process"},
        Violation{"ToolsKnowModule", "mod_plivo_dial/ctl/doctor/a.cc",
                  "#include \"mod_plivo_dial/config/config.h\"", "is another program's"},
        Violation{"ModuleKnowsCommandLines", "mod_plivo_dial/check/a.cc",
                  "#include \"mod_plivo_dial/command/command.h\"", "is another program's"},
        Violation{"CommandLinesKnowAccess", "mod_plivo_dial/command/a.cc",
                  "#include \"lib/access/secret_file.h\"", "is not below it"},
        Violation{"CommandLinesKnowTools", "mod_plivo_dial/command/a.cc",
                  "#include \"mod_plivo_dial/ctl/printable.h\"", "is another program's"},
        Violation{"ToolsKnowParser", "mod_plivo_dial/ctl/call/a.cc", "#include <CLI/CLI.hpp>",
                  "mod_plivo_dial/command/ declares command lines"},
        Violation{"TestsKnowParser", "tests/unit/ctl/a.cc", "#include <CLI/App.hpp>",
                  "mod_plivo_dial/command/ declares command lines"},
        Violation{"ToolsKnowJsonLibrary", "mod_plivo_dial/ctl/a.cc", "#include <nlohmann/json.hpp>",
                  "lib/json/ reads and prints JSON"},
        Violation{"ConfigKnowsRequests", "mod_plivo_dial/config/a.cc",
                  "int look(const request_rec* r);",
                  "mod_plivo_dial/request/ alone knows requests"},
        Violation{"CallKnowsDoctor", "mod_plivo_dial/ctl/call/a.cc",
                  "#include \"mod_plivo_dial/ctl/doctor/doctor_probe.h\"", "is not below it"},
        Violation{"DocumentKnowsWebhook", "lib/document/a.cc", "#include \"lib/signature/url.h\"",
                  "is not below it"},
        Violation{"LibKnowsModule", "lib/plan/a.cc", "#include \"mod_plivo_dial/guard.h\"",
                  "lib/ includes by"},
        Violation{"NewFolder", "lib/extra/a.cc", "#include \"lib/base/result.h\"",
                  "no room lib/extra"},
        Violation{"LibKnowsHttpd", "lib/event/a.cc", "#include <httpd.h>", "neither httpd nor APR"},
        Violation{"LibKnowsApr", "lib/delivery/a.cc", "#include <apr_pools.h>",
                  "neither httpd nor APR"},
        Violation{"Getenv", "lib/plan/a.cc", "x = std::getenv(\"TZ\");", "getenv()"},
        Violation{"GetenvInSettings", "lib/settings/a.cc", "x = getenv(\"TZ\");", "getenv()"},
        Violation{"RegexInSettings", "lib/settings/a.cc", "std::regex pattern(\"x\");",
                  "std::regex"},
        Violation{"WaitInRequest", "mod_plivo_dial/request/a.cc", "waitpid(-1, &status, 0);",
                  "waitpid(-1"},
        Violation{"ComparesASentence", "mod_plivo_dial/ctl/doctor/a.cc",
                  "if (text.starts_with(\"plivo-diald is not running\")) {", "compares a sentence"},
        Violation{"SearchesForASentence", "mod_plivo_dial/diald/a.cc",
                  "x = said.find(\"run configtest as root\") != said.npos;", "compares a sentence"},
        Violation{"EqualsASentence", "mod_plivo_dial/ctl/a.cc",
                  "return reason == \"sink no longer configured\";", "compares a sentence"},
        Violation{"ProductNamedAsATest", "mod_plivo_dial/ctl/a_test.cc", "int x;",
                  "is named as a test is"},
        Violation{"Openlog", "mod_plivo_dial/a.cc", "openlog(\"x\", 0, 0);", "openlog()"},
        Violation{"Syslog", "mod_plivo_dial/a.cc", "::syslog(1, \"x\");", "syslog()"},
        Violation{"Signal", "lib/spool/a.cc", "signal (SIGPIPE, SIG_IGN);", "signal()"},
        Violation{"WaitForAny", "mod_plivo_dial/a.cc", "while (waitpid(-1, &status, 0) > 0) {",
                  "waitpid(-1"},
        Violation{"Cleanup", "lib/document/a.cc", "xmlCleanupParser();", "xmlCleanupParser()"},
        Violation{"Localtime", "lib/event/a.cc", "auto* t = localtime(&now);", "localtime()"},
        Violation{"Regex", "lib/webhook/a.cc", "std::regex pattern(\"x\");", "std::regex"},
        Violation{"MakeShared", "lib/webhook/a.cc", "auto p = std::make_shared<int>(1);",
                  "std::make_shared"},
        Violation{"ThreadLocal", "mod_plivo_dial/a.cc", "thread_local std::string s;",
                  "thread_local"},
        Violation{"Fork", "mod_plivo_dial/a.cc", "const pid_t child = fork();", "fork()"},
        Violation{"Forker", "mod_plivo_dial/a.cc", "#include \"lib/base/ask_within.h\"", "forks"},
        Violation{"Iostream", "lib/plan/a.cc", "#include <iostream>", "<iostream>"},
        Violation{"Quoted", "lib/base/a.cc", "std::string quoted(std::string_view value) {",
                  "std has a function quoted"},
        Violation{"Exchange", "mod_plivo_dial/ctl/a.cc", "const Reply& exchange(Request& request);",
                  "std has a function exchange"},
        Violation{"Mutex", "lib/delivery/a.cc", "  std::mutex mutex_;",
                  "std::mutex: lib/base/mutex.h"},
        Violation{"SharedMutex", "lib/spool/a.cc", "std::shared_mutex mutex;", "std::shared_mutex"},
        Violation{"LockGuard", "mod_plivo_dial/a.cc", "const std::lock_guard lock(mutex);",
                  "std::lock_guard"},
        Violation{"UniqueLock", "lib/sink/a.cc", "void f(std::unique_lock<Mutex>& lock);",
                  "std::unique_lock"},
        Violation{"MutexHeader", "mod_plivo_dial/ctl/a.cc", "#include <mutex>", "<mutex>"},
        Violation{"Condition", "lib/base/a.cc", "std::condition_variable changed_;",
                  "std::condition_variable"},
        Violation{"PosixMutex", "lib/spool/a.cc", "pthread_mutex_lock(&mutex);", "pthread_mutex_"},
        Violation{"IdInAFormat", "mod_plivo_dial/request/a.cc",
                  "  \"PD0511: it can't be stored: %s\",",
                  "writes PD0511 itself: lib/log/log_id.h"},
        Violation{"IdBehindAnAddress", "mod_plivo_dial/ctl/a.cc",
                  "say(\"https://127.0.0.1\", \"see \\\"error\\\" (PD0512)\");  // of PD0511",
                  "writes PD0512 itself"},
        Violation{"IdInATable", "lib/status/a.cc", "{Kind::kNonce, \"PD0202\"},",
                  "writes PD0202 itself"},
        Violation{"HeaderWithoutFileLine", "lib/plan/a.h", "int x;", "does not open with"}),
    [](const testing::TestParamInfo<Violation>& violation) {
      return std::string(violation.param.name);
    });

TEST(SourceGuard, NamesThatACompilerMayTakeForOneAnotherAreSeen) {
  const auto violations = [](const std::string& path, const std::string& function) {
    UnityRules rules;
    rules.add("lib/a/a.cc",
              "namespace {\nstd::string shown(const std::string& text) {\n}\n"
              "}  // namespace\nint open(int number) {\n");
    rules.add("lib/a/a.h", "inline constexpr int kMost = 7;\nstd::string at(const char* place);\n");
    rules.add("mod_plivo_dial/a.h",
              "namespace ids {\ninline constexpr int kOwn = 7;\n}  // namespace ids\n"
              "inline constexpr const char* kUrl = \"\";\n");
    rules.add(path, "namespace {\n" + function + "\n");
    return rules.violations();
  };
  EXPECT_THAT(violations("lib/a/b.cc", "std::string shown(std::string_view text) {"),
              ElementsAre(HasSubstr("lib/a/b.cc:2: shown is the name of lib/a/a.cc:2, too")));
  EXPECT_THAT(violations("lib/a/b.cc", "bool shown(const fs::path& path) {"), SizeIs(1));
  EXPECT_THAT(violations("lib/a/b.cc", "bool shown(std::int64_t number, char letter) {"),
              SizeIs(1));
  EXPECT_THAT(violations("lib/a/b.cc", "std::string shown(const Event& event) {"), IsEmpty());
  EXPECT_THAT(violations("lib/b/b.cc", "std::string shown(std::string_view text) {"), IsEmpty());
  EXPECT_THAT(violations("lib/a/b.cc", "int open(int number) {"), IsEmpty());
  EXPECT_THAT(violations("tests/httpd/b.cc", "constexpr std::size_t kMost{8};"), SizeIs(1));
  EXPECT_THAT(violations("mod_plivo_dial/b.cc", "std::string at(std::size_t place) {"), SizeIs(1));
  EXPECT_THAT(violations("mod_plivo_dial/b.cc", "const std::string kUrl = \"x\";"), SizeIs(1));
  EXPECT_THAT(violations("mod_plivo_dial/b.cc", "const int kOwn = 8;"), IsEmpty());
  EXPECT_THAT(violations("lib/a/b.cc", "const std::string kUrl = \"x\";"), IsEmpty());
}

TEST(SourceGuard, CirclesOfIncludesAreSeen) {
  IncludeGraph graph;
  graph.add("lib/a/a.h", "#include \"lib/a/b.h\"\n");
  graph.add("lib/a/b.h", "#include \"lib/a/c.h\"\n");
  graph.add("lib/a/c.h", "#include <a.h>\n");
  EXPECT_THAT(graph.violations(), IsEmpty());
  graph.add("lib/a/c.cc", "#include \"lib/a/c.h\"\n#include \"lib/a/a.h\"\n");
  EXPECT_THAT(graph.violations(), ElementsAre("a circle of includes: lib/a/a lib/a/b lib/a/c"));
}

TEST(SourceGuard, OvergrownRoomsAndSourcesWithoutAHeaderAreSeen) {
  IncludeGraph graph;
  for (std::size_t i = 0; i < IncludeGraph::kMostFiles; ++i) {
    graph.add("mod_plivo_dial/ctl/a" + std::to_string(i) + ".cc", "");
  }
  EXPECT_THAT(graph.violations(), IsEmpty());
  graph.add("mod_plivo_dial/ctl/a.cc", "");
  EXPECT_THAT(graph.violations(), ElementsAre(HasSubstr("mod_plivo_dial/ctl has 41 files")));
  IncludeGraph halves;
  halves.add("lib/plan/a.cc", "");
  halves.add("lib/plan/b.cc", "");
  halves.add("lib/plan/b.h", "");
  EXPECT_THAT(halves.violations(), ElementsAre("lib/plan/a.cc has no header of its own"));
}

// Each row of the page for people: | `room` | ... | `base` `form` | yes |
TEST(Rooms, ArePaintedAsTheGuardKnowsThem) {
  std::ifstream page(std::string(SOURCE_DIR) + "/lib/README.md");
  std::vector<std::string> painted;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `")) continue;
    std::erase(line, '`');
    std::vector<std::string> cells;
    std::istringstream row(line.substr(1));
    for (std::string cell; std::getline(row, cell, '|');) {
      const std::size_t first = cell.find_first_not_of(' ');
      if (first == std::string::npos) cell.clear();
      cells.push_back(cell.empty() ? ""
                                   : cell.substr(first, cell.find_last_not_of(' ') + 1 - first));
    }
    ASSERT_EQ(cells.size(), 4u) << line;
    painted.push_back("lib/" + cells[0] + ": " + cells[2] + ": " + cells[3]);
  }
  std::vector<std::string> known;
  for (const Room& room : all_rooms()) {
    if (!room.folder.starts_with("lib/")) continue;
    known.push_back(std::string(room.folder) + ": " + std::string(room.may_include) + ": " +
                    (room.runs_in_httpd ? "yes" : "no"));
  }
  EXPECT_EQ(painted, known);
}

TEST(SourceGuard, LongFilesAreRefused) {
  std::string text{kLicense};
  for (int line = 0; line < 499; ++line) text += "int a;\n";
  EXPECT_THAT(check_source("lib/plan/a.cc", text), IsEmpty());
  text += "int a;\n";
  EXPECT_THAT(check_source("lib/plan/a.cc", text), ElementsAre(HasSubstr("longer than 500")));
}

TEST(SourceGuard, FilesWithoutLicenseAreRefused) {
  EXPECT_THAT(check_source("lib/plan/a.cc", "int a;\n"), ElementsAre(HasSubstr("SPDX")));
}

TEST(SourceGuard, InnocentLinesPass) {
  for (const char* line :
       {"#include \"lib/webhook/webhook.h\"", "// calls openlog() never", "sink.signal(3);",
        "localtime_r(&now, &parts);", "to_syslog(event);", "waitpid(pid, &status, 0);",
        "#include <string>", "  bool next();", "bool Rows::next() {", "bool next_row(Rows& rows);",
        "  const MutexLock lock(mutex_);", "// as a std::mutex does",
        "f(\"http://a\");  // \"PD0102: error\"", "// says \"PD0102\"", "\"PD0\", \"PDF 1234\"",
        "if (a / b) f();  // \"PD0102\""}) {
    EXPECT_THAT(check_source("lib/plan/a.cc", std::string(kLicense) + line + "\n"), IsEmpty())
        << line;
  }
  EXPECT_THAT(check_source("tests/unit/a.cc", std::string(kLicense) + "std::mutex mutex;\n"),
              IsEmpty());
  EXPECT_THAT(check_source("tests/httpd/a.cc", std::string(kLicense) + "find(\"PD0511: \");\n"),
              IsEmpty());
  for (const char* line : {"#include <CLI/CLI.hpp>", "#include \"lib/base/result.h\""}) {
    EXPECT_THAT(check_source("mod_plivo_dial/command/a.cc", std::string(kLicense) + line + "\n"),
                IsEmpty());
  }
  for (const char* path : {"mod_plivo_dial/ctl/call/a.cc", "mod_plivo_dial/diald/a.cc"}) {
    const std::string line = "#include \"mod_plivo_dial/command/command.h\"\n";
    EXPECT_THAT(check_source(path, std::string(kLicense) + line), IsEmpty());
  }
  // The dispatcher's engine is a process of its own.
  EXPECT_THAT(check_source("lib/delivery/a.cc", std::string(kLicense) + "umask(027);\n"),
              IsEmpty());
}

}  // namespace
}  // namespace plivo_dial::test
