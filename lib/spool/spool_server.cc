// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/spool_server.h"

#include <charconv>

#include "lib/base/system_file.h"
#include "lib/spool/spool_lock.h"

namespace plivo_dial {
namespace {

std::string proc_file(pid_t pid, const char* name) {
  Result<std::string> text = read_file("/proc/" + std::to_string(pid) + "/" + name);
  return text ? std::move(*text) : std::string();
}

// Field 4 of proc(5)'s stat. The name in field 2 may hold anything, so that counting begins behind
// its last parenthesis: ") S 123 ".
pid_t parent_of(pid_t pid) {
  const std::string stat = proc_file(pid, "stat");
  const std::size_t name_end = stat.rfind(')');
  constexpr std::size_t kStateAndBlanks = 4;
  if (name_end == std::string::npos || name_end + kStateAndBlanks >= stat.size()) return 0;
  pid_t parent = 0;
  std::from_chars(stat.data() + name_end + kStateAndBlanks, stat.data() + stat.size(), parent);
  return parent;
}

}  // namespace

std::string process_name(pid_t pid) {
  std::string name = proc_file(pid, "comm");
  if (!name.empty() && name.back() == '\n') name.pop_back();
  return name;
}

std::optional<SpoolServer> server_of_spool(const std::string& spool) {
  const Result<std::optional<SpoolLock::Holder>> holder = SpoolLock::holder(spool);
  if (!holder || !*holder) return std::nullopt;
  SpoolServer server{(*holder)->pid, (*holder)->ending, 0, ""};
  // In another container the number may be anybody's.
  if (server.pid > 0 && process_name(server.pid) == "plivo-diald") {
    server.parent = parent_of(server.pid);
    if (server.parent > 0) server.parent_name = process_name(server.parent);
  }
  return server;
}

std::string describe(const SpoolServer& server) {
  std::string text = "plivo-diald";
  if (server.pid > 0) text += " (pid " + std::to_string(server.pid) + ")";
  if (server.parent <= 0) return text + ", which runs elsewhere, perhaps in another container";
  text += ", which pid " + std::to_string(server.parent);
  if (!server.parent_name.empty()) text += " (" + server.parent_name + ")";
  return text + " started";
}

std::string other_server_remedy() {
  return "takes all events to the sinks of its own configuration, and those of this one get "
         "nothing: give each httpd a PlivoSpool of its own, or write PlivoDispatcher Off into "
         "the one whose sinks shall get nothing; with a unit, PlivoDispatcher External";
}

}  // namespace plivo_dial
