// File: lib/store/dead_letter.h
//
// Events that a sink did not take and is not asked to take again, as files that outlive everything
// else: `<spool>/dead/<event id>.<sink>.json`, one JSON object
//   {"sink":"crm","reason":"...","attempts":7,"died":"2026-11-20T09:15:02.184467Z","event":{...}}
// An operator sends them again or removes them, by plivo-dialctl or by hand.
//
//   dead_letter_path("/var/lib/plivo-dial", "01m7w3srn854ssqv6fe8sy2yjk", "crm")
//       -> "/var/lib/plivo-dial/dead/01m7w3srn854ssqv6fe8sy2yjk.crm.json"
//
//   const Result<std::vector<std::string>> paths = list_dead_letters("/var/lib/plivo-dial");
//   if (!paths) return paths.error();
//   for (const std::string& path : *paths) show(read_dead_letter(path));
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial {

struct DeadLetter {
  std::string event_id;
  std::string sink;
  std::string reason;
  unsigned attempts = 0;
  std::int64_t died_us = 0;  // microseconds since 1970-01-01 UTC
  std::string event;         // its JSON, as the sink would have got it
};

// Below `<spool>/dead`, whatever the two are, which may come from a store that others have written:
// each is cut to its first 64 bytes, and what has no place in a file's name becomes '_', as does a
// '.' at the front.
std::string dead_letter_path(const std::string& spool, const std::string& event_id,
                             const std::string& sink);

// Writes each as a file, in place of one that is there; all of them are durable on return.
Result<void> write_dead_letters(const std::string& spool, const std::vector<DeadLetter>& letters);

// Reads one; fails when it is missing or no dead letter.
Result<DeadLetter> read_dead_letter(const std::string& path);

// Removes one; that it is missing is no error.
Result<void> remove_dead_letter(const std::string& spool, const std::string& event_id,
                                const std::string& sink);

// The paths of all, sorted.
Result<std::vector<std::string>> list_dead_letters(const std::string& spool);

}  // namespace plivo_dial
