// SPDX-License-Identifier: Apache-2.0
#include "tests/guard/source_rules.h"

#include <algorithm>
#include <regex>

#include "tests/guard/rooms.h"

namespace plivo_dial::test {
namespace {

constexpr std::size_t kMostLines = 500;

// These change or read what belongs to the whole process, start others, or are not safe in threads.
// httpd, PHP and other modules live in the same process.
constexpr std::string_view kForbiddenCalls =
    "(^|[^A-Za-z0-9_.>])(xmlCleanupParser|xmlMemSetup|xmlSetGenericErrorFunc|"
    "xmlSetStructuredErrorFunc|openlog|closelog|setlogmask|syslog|setenv|unsetenv|putenv|clearenv|"
    "getenv|tzset|setlocale|signal|sigaction|umask|chdir|system|popen|strtok|localtime|gmtime|"
    "srand|rand|fork|execve?|waitpid[ ]*\\([ ]*-1)[ ]*(\\(|,)";

// It forks, which only a process with one thread may: httpd's parent while it checks its
// configuration, and nobody else.
constexpr std::string_view kForker = "lib/base/ask_within";
constexpr std::string_view kMayFork = "mod_plivo_dial/check/check_server.cc";

// Each pins the module in memory over httpd's reloads, or runs code at load and unload.
constexpr std::string_view kForbiddenConstructs =
    "std::(regex|make_shared|call_once|locale)|<(iostream|regex|locale)>|thread_local";

// Functions at namespace scope that are called like templates of std. A call with a std::string or
// a vector finds those by its argument, in whichever header of the next compiler brings them, and
// they fit better than ours.
constexpr std::string_view kNamesOfStd =
    "^[A-Za-z_][A-Za-z0-9_:<>,*& ]*[ "
    "*&](quoted|format|merge|mismatch|move|swap|exchange|"
    "get|size|data|empty|begin|end|next|prev|advance|apply|invoke|visit|erase|erase_if|getline|"
    "bind)\\(";

// Programs tell each other things by codes; a sentence is for people, and may be put otherwise.
constexpr std::string_view kComparedSentence =
    "((find|starts_with|ends_with|contains|compare|equals_ignoring_case)\\(|[=!]= )"
    "\"[^\" ]+ [^\" ]+ [^\" ]+[^\"]*\"";

// What belongs to one place of the product, where everybody else finds it under names of ours.
struct Confined {
  const char* pattern;      // in a line without its comment
  std::string_view place;   // a file or a folder
  std::string_view advice;  // behind what was found
  bool also_in_tests;
};
constexpr Confined kConfined[] = {
    // Of these no compiler knows what they guard.
    {"std::([a-z_]*mutex|[a-z]+_lock|lock_guard|condition_variable(_any)?|[a-z]+_semaphore)\\b|"
     "<(mutex|shared_mutex|condition_variable|semaphore)>|pthread_(mutex|rwlock|cond|spin)_|"
     "apr_thread_(mutex|rwlock|cond)_",
     "lib/base/mutex.h", "has what the compiler understands", false},
    // These cost a compiler seconds in each source that includes them.
    {"^\\s*#\\s*include\\s*[<\"]CLI/", "mod_plivo_dial/command/", "declares command lines", true},
    {"<nlohmann/json.hpp>", "lib/json/", "reads and prints JSON", false},
    {"\\brequest_rec\\b", "mod_plivo_dial/request/", "alone knows requests", false},
};

// An id of the log's lines in a literal; comments may name them.
constexpr std::string_view kWrittenId =
    R"re(^([^"/]|/(?!/)|"([^"\\]|\\.)*")*"([^"\\]|\\.)*(PD[0-9]{4}))re";
constexpr std::string_view kIds = "lib/log/log_id.h";

constexpr std::string_view kServerHeaders = "[<\"](httpd|http_|apr_|apr\\.h|ap_|util_|unixd|mpm_)";

// Whether code of this file runs inside httpd.
bool runs_in_httpd(std::string_view path) {
  const Room* const room = room_of(path);
  return room != nullptr && room->runs_in_httpd;
}

// The file that `line` includes with quotes; "" when it does not.
std::string included_file(const std::string& line) {
  static const std::regex kInclude("^\\s*#\\s*include\\s*\"([^\"]+)\"");
  std::smatch match;
  return std::regex_search(line, match, kInclude) ? match[1].str() : "";
}

// What is wrong with including `file` from the file at `path`; "" when nothing is.
std::string judge_include(std::string_view path, std::string_view file) {
  if (path.starts_with("tests/")) return "";
  const Room* const room = room_of(path);
  const std::string folder(path.substr(0, path.rfind('/')));
  if (room == nullptr) return "no room " + folder + ": enter it in tests/guard/rooms.cc";
  const std::string_view wrong = judge_direction(*room, file);
  return wrong.empty() ? "" : folder + " includes " + std::string(file) + ": " + std::string(wrong);
}

class Judge {
 public:
  explicit Judge(std::string_view path) : path_(path) {}

  void read_line(const std::string& line) {
    ++line_;
    static const std::regex kServer("^\\s*#\\s*include\\s*" + std::string(kServerHeaders));
    const std::string code = line.substr(0, line.find("//"));
    const bool forks = included_file(line) == std::string(kForker) + ".h";
    if (forks && runs_in_httpd(path_) && path_ != kMayFork && !path_.starts_with(kForker)) {
      complain("forks: only " + std::string(kMayFork) + " may");
    }
    const std::string file = included_file(line);
    const std::string wrong = file.empty() ? "" : judge_include(path_, file);
    if (!wrong.empty()) complain(wrong);
    if (path_.starts_with("lib/") && std::regex_search(code, kServer)) {
      complain("lib/ knows neither httpd nor APR");
    }
    static const std::regex kStd{std::string(kNamesOfStd)};
    std::smatch match;
    if (!path_.starts_with("tests/") && std::regex_search(code, match, kStd)) {
      complain("std has a function " + match[1].str() +
               ", which calls may find: name it otherwise");
    }
    judge_places(code);
    static const std::regex kId{std::string(kWrittenId)};
    if (!path_.starts_with("tests/") && path_ != kIds && std::regex_search(line, match, kId)) {
      complain("writes " + match[4].str() + " itself: " + std::string(kIds) + " has the ids");
    }
    if (runs_in_httpd(path_)) judge_code(code);
    if (path_.starts_with("mod_plivo_dial/ctl/") || path_.starts_with("mod_plivo_dial/diald/") ||
        path_.starts_with("mod_plivo_dial/command/")) {
      static const std::regex kSentence{std::string(kComparedSentence)};
      if (std::regex_search(line, kSentence)) complain("compares a sentence: give it a code");
    }
  }

  void end(std::string_view text) {
    if (line_ > kMostLines) complain("longer than " + std::to_string(kMostLines) + " lines");
    constexpr std::string_view kLicense = " SPDX-License-Identifier: Apache-2.0";
    const std::size_t license = text.find(kLicense);
    // On a line of its own: formatters join it to the sentence before.
    const std::size_t line = license == std::string_view::npos ? 0 : text.rfind('\n', license) + 1;
    const bool alone = license - line <= 2;
    if (license == std::string_view::npos || !alone) {
      complain("has no SPDX-License-Identifier: Apache-2.0");
    }
    const bool is_product = !path_.starts_with("tests/");
    const std::string opening = " File: " + path_ + "\n";
    const bool opens = text.starts_with("//" + opening) || text.starts_with("/*" + opening);
    if (is_product && path_.ends_with(".h") && !opens) {
      complain("does not open with \"// File: " + path_ + "\"");
    }
    if (is_product && path_.ends_with("_test.cc")) {
      complain("is named as a test is, and belongs to the product");
    }
  }

  std::vector<std::string> take() { return std::move(violations_); }

 private:
  void judge_code(const std::string& code) {
    static const std::regex kCalls{std::string(kForbiddenCalls)};
    static const std::regex kConstructs{std::string(kForbiddenConstructs)};
    std::smatch match;
    const bool calls = std::regex_search(code, match, kCalls);
    if (calls && !(match[2] == "fork" && path_.starts_with(kForker))) {
      complain("forbidden inside httpd: " + match[2].str() + "()");
    }
    if (std::regex_search(code, match, kConstructs)) {
      complain("forbidden inside httpd: " + match[0].str());
    }
  }

  void judge_places(const std::string& code) {
    static const std::vector<std::regex> kPatterns = [] {
      std::vector<std::regex> patterns;
      for (const Confined& confined : kConfined) patterns.emplace_back(confined.pattern);
      return patterns;
    }();
    const bool is_test = path_.starts_with("tests/");
    for (std::size_t i = 0; i < kPatterns.size(); ++i) {
      const Confined& confined = kConfined[i];
      if (path_.starts_with(confined.place) || (is_test && !confined.also_in_tests)) continue;
      std::smatch match;
      if (!std::regex_search(code, match, kPatterns[i])) continue;
      complain(match[0].str() + ": " + std::string(confined.place) + " " +
               std::string(confined.advice));
    }
  }

  void complain(const std::string& what) {
    violations_.push_back(path_ + ":" + std::to_string(line_) + ": " + what);
  }

  std::string path_;
  std::size_t line_ = 0;
  std::vector<std::string> violations_;
};

}  // namespace

std::vector<std::string> check_source(std::string_view path, std::string_view text) {
  Judge judge(path);
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    judge.read_line(std::string(line));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  judge.end(text);
  return judge.take();
}

}  // namespace plivo_dial::test
