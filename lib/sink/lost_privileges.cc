// SPDX-License-Identifier: Apache-2.0
#include "lib/sink/lost_privileges.h"

#include <algorithm>

namespace plivo_dial {
namespace {

// Both stand in one line.
struct Trace {
  std::string_view one;
  std::string_view other;
};

constexpr Trace kTraces[] = {
    {"postdrop", "ermission denied"},      // Postfix, which then waits and tries again for ever
    {"maildrop", "ermission denied"},      // the same
    {"exim", "ermission denied"},          // Exim's log and spool
    {"/var/spool/", "ermission denied"},   // other queues of mail
    {"sendmail", "special privileges"},    // Sendmail
    {"sendmail", "ermission denied"},      // the same
    {"sudo", "no new privileges"},         // sudo since 1.8.30
    {"sudo", "effective uid is not 0"},    // before
    {"su: ", "cannot set groups"},         // util-linux
    {"su: ", "uthentication failure"},     // PAM, which can't read passwords then
    {"must be ", "setuid"},                // many others
    {"not installed ", "setuid"},          // doas
    {"setuid", "peration not permitted"},  // many others
    {"setgid", "peration not permitted"},
};

bool tells(std::string_view line) {
  return std::ranges::any_of(kTraces, [&](const Trace& trace) {
    return line.find(trace.one) != line.npos && line.find(trace.other) != line.npos;
  });
}

}  // namespace

std::string_view hint_at_lost_privileges(std::string_view output) {
  while (!output.empty()) {
    const std::size_t end = std::min(output.find('\n'), output.size());
    if (tells(output.substr(0, end))) {
      return "set-uid and set-gid programs do not work in hooks: mail, sendmail, sudo and su get "
             "no privileges there; send mail over SMTP, as plivo-events(7) shows";
    }
    output.remove_prefix(std::min(end + 1, output.size()));
  }
  return "";
}

}  // namespace plivo_dial
