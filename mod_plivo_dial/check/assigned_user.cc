// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/assigned_user.h"

#include <pwd.h>

#include <charconv>

#include "mod_plivo_dial/config/directive_lines.h"

namespace plivo_dial {
namespace {

// The strongest line of the directive for requests at the section: a Location's beats a server's.
const ap_directive_t* strongest_line(apr_pool_t* pool, const std::vector<DirectiveLine>& lines,
                                     const Section& section) {
  const ap_directive_t* of_server = nullptr;
  const ap_directive_t* of_location = nullptr;
  for (const DirectiveLine* line : in_order_of_merging(lines, section.server)) {
    if (line->location == nullptr) {
      of_server = line->line;
    } else if (covers(pool, line->location, section.path)) {
      of_location = line->line;
    }
  }
  return of_location != nullptr ? of_location : of_server;
}

std::optional<uid_t> uid_of(const std::string& name) {
  if (name.starts_with('#')) {
    uid_t uid = 0;
    const char* const end = name.data() + name.size();
    const bool whole = std::from_chars(name.data() + 1, end, uid).ptr == end;
    return whole ? std::optional(uid) : std::nullopt;
  }
  const passwd* const found = getpwnam(name.c_str());
  return found == nullptr ? std::nullopt : std::optional(found->pw_uid);
}

AssignedUser describe(const ap_directive_t* line) {
  return {std::string(line->directive) + " " + line->args, {}, position_of(line)};
}

}  // namespace

std::optional<AssignedUser> assigned_user(apr_pool_t* scratch, const Section& section) {
  const std::vector<DirectiveLine> expressions = directive_lines(scratch, "AssignUserIDExpr");
  if (const auto* line = strongest_line(scratch, expressions, section)) return describe(line);
  const std::vector<DirectiveLine> names = directive_lines(scratch, "AssignUserID");
  const ap_directive_t* const line = strongest_line(scratch, names, section);
  if (line == nullptr) return std::nullopt;
  AssignedUser assigned = describe(line);
  const char* arguments = line->args;
  assigned.uid = uid_of(ap_getword_conf(scratch, &arguments));
  return assigned;
}

}  // namespace plivo_dial
