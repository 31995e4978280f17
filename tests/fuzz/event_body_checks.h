// File: tests/fuzz/event_body_checks.h
//
// What holds for every body of the endpoint `event`, in each format. Include it in a fuzz target
// that decodes such bodies.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "lib/form/event_body.h"
#include "lib/form/form.h"
#include "tests/fuzz/fuzz_target.h"

namespace plivo_dial::test {

inline constexpr auto kUnlimited = std::numeric_limits<std::size_t>::max();
inline constexpr FormLimits kNoLimits{kUnlimited, kUnlimited, kUnlimited};

inline bool is_within(const Form& form, const FormLimits& limits) {
  const auto pairs = form.parameters();
  return pairs.size() <= limits.pairs && std::ranges::all_of(pairs, [&](const Parameter& pair) {
           return pair.name.size() <= limits.name_bytes && pair.value.size() <= limits.value_bytes;
         });
}

inline void check_error(const EventBodyError& error) {
  require(!error.message.empty() && error.message.size() < 200, "a refusal has a short reason");
  require(std::ranges::all_of(error.message, [](char c) { return c >= 0x20 && c <= 0x7E; }),
          "in printable ASCII");
}

inline void check_limits(const EventBodyType& type, std::string_view body,
                         const std::optional<Form>& unlimited) {
  const FormLimits limits{5, 10, 20};
  EventBodyError error;
  const auto limited = decode_event_body(type, body, error, limits);
  require(limited.has_value() == (unlimited && is_within(*unlimited, limits)),
          "a body is taken exactly when it is well-formed and within the limits");
  if (limited) {
    require(std::ranges::equal(limited->parameters(), unlimited->parameters()),
            "limits change no pair");
    return;
  }
  check_error(error);
  require(!unlimited || error.kind == EventBodyError::Kind::kOverLimit,
          "a well-formed body that is refused is over a limit");
}

inline void check_form(const Form& form, std::size_t size) {
  std::size_t bytes = 0;
  bool nul = false;
  std::string encoded;
  for (const Parameter& pair : form.parameters()) {
    bytes += pair.name.size() + pair.value.size();
    nul = nul || pair.name.find('\0') != std::string_view::npos ||
          pair.value.find('\0') != std::string_view::npos;
    append_form_pair(pair.name, pair.value, encoded);
  }
  require(bytes <= size, "decoding never lengthens");
  require(nul == form.has_nul(), "a NUL is reported");
  const Result<Form> again = Form::decode(encoded, kNoLimits);
  require(again.ok() && std::ranges::equal(again->parameters(), form.parameters()),
          "as an urlencoded form the pairs are the same");
}

// Decodes `body` without limits and checks all of the above.
inline std::optional<Form> decode_and_check(const EventBodyType& type, std::string_view body) {
  EventBodyError error;
  auto form = decode_event_body(type, body, error, kNoLimits);
  require(form || error.kind == EventBodyError::Kind::kMalformed,
          "without limits only malformed bodies are refused");
  if (form) {
    check_form(*form, body.size());
  } else {
    check_error(error);
  }
  check_limits(type, body, form);
  return form;
}

}  // namespace plivo_dial::test
