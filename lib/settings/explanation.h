// File: lib/settings/explanation.h
//
// What decides about one call, as httpd -t tells it to plivo-dialctl explain: the question is a
// definition on httpd's command line, the answer a line of JSON in its output. Plain data.
//
//   httpd -t -D 'PLIVO_EXPLAIN:To=14155550199&From=14155550111&At=2026-12-25T10:00'
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial {

inline constexpr std::string_view kExplainDefine = "PLIVO_EXPLAIN:";

// "" for what is not known, `at` for now.
struct CallQuestion {
  std::string to;
  std::string from;
  std::string forwarded;
  std::string at;  // "2026-12-25T10:00", or with a Z in UTC
};

struct ExplainedStep {
  // map, section, caller, schedule, prompt, skipped, stage, leads_to, menu, not_reached, on, ends
  // or fault
  std::string what;
  std::string text;
  std::string position;  // "/etc/apache2/x.conf:12"; "" for what nobody wrote
};

// A call to one Location that answers calls, as far as nobody takes it.
struct ExplainedCall {
  std::string server;
  std::string path;
  std::string position;
  std::vector<ExplainedStep> steps;
};

// The definition that asks `question`, and the question that one asks; nothing for another one.
std::string define_of(const CallQuestion& question);
std::optional<CallQuestion> question_in(std::string_view define);

// One line, and the calls that the output of a program has in one of its lines; nothing where no
// line is one.
std::string to_json(const std::vector<ExplainedCall>& calls);
std::optional<std::vector<ExplainedCall>> find_explanation(std::string_view output);

}  // namespace plivo_dial
