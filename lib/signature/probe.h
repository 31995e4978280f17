// File: lib/signature/probe.h
//
// How `plivo-dialctl doctor` proves that the module answers a URL: it signs a request that has the
// parameter kProbeParameter and no CallUUID, and the reply bears a mark that only who knows the
// account's token can make. Both sides use this, so that they agree.
//
//   const std::string mark = probe_mark(challenge, body, token);    // for kMarkHeader
//   check_mark(mark, challenge, body, token)          -> ours and whole
//   check_mark(mark, challenge, "changed", token)     -> ours, not whole
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace plivo_dial {

// Its value is the challenge: words of the asker's own. No request of Plivo's has it.
inline constexpr std::string_view kProbeParameter = "plivo-dial-probe";
// The reply's header.
inline constexpr std::string_view kMarkHeader = "X-Plivo-Dial-Mark";

// The mark of a reply with `body` to `challenge`. What is signed for it is never what Plivo signs.
std::string probe_mark(std::string_view challenge, std::string_view body, std::string_view token);

struct MarkVerdict {
  bool ours = false;   // made with this token for this challenge
  bool whole = false;  // and the body is what was sent; what came behind an empty one is no matter
};

// Judges a reply with `body` that bears `mark`.
MarkVerdict check_mark(std::string_view mark, std::string_view challenge, std::string_view body,
                       std::string_view token);

}  // namespace plivo_dial
