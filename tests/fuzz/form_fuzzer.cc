// SPDX-License-Identifier: Apache-2.0
//
// Input: an encoded form, as a body or a query.
#include <algorithm>
#include <limits>
#include <string>

#include "lib/form/form.h"
#include "tests/fuzz/fuzz_target.h"

using plivo_dial::Form;
using plivo_dial::FormLimits;
using plivo_dial::Parameter;
using plivo_dial::Result;
using plivo_dial::test::require;

namespace {

constexpr auto kUnlimited = std::numeric_limits<std::size_t>::max();

void check_limits(std::string_view input, const Form& unlimited) {
  const FormLimits limits{5, 10, 20};
  const auto pairs = unlimited.parameters();
  const bool within =
      pairs.size() <= limits.pairs && std::ranges::all_of(pairs, [&](const Parameter& pair) {
        return pair.name.size() <= limits.name_bytes && pair.value.size() <= limits.value_bytes;
      });
  const Result<Form> limited = Form::decode(input, limits);
  require(limited.ok() == within, "a form is refused exactly when it exceeds a limit");
}

void check_round_trip(const Form& form) {
  std::string encoded;
  for (const Parameter& pair : form.parameters()) {
    plivo_dial::append_form_pair(pair.name, pair.value, encoded);
  }
  const Result<Form> again = Form::decode(encoded, {kUnlimited, kUnlimited, kUnlimited});
  require(again.ok(), "what was encoded decodes");
  require(std::ranges::equal(again->parameters(), form.parameters()), "to the same pairs");
  require(!again->has_malformed_escape(), "without a malformed escape");
  require(again->has_nul() == form.has_nul(), "with the same NULs");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = plivo_dial::test::text_of(data, size);
  const Result<Form> decoded = Form::decode(input, {kUnlimited, kUnlimited, kUnlimited});
  require(decoded.ok(), "without limits everything decodes");
  std::size_t bytes = 0;
  bool nul = false;
  for (const Parameter& pair : decoded->parameters()) {
    bytes += pair.name.size() + pair.value.size();
    nul = nul || pair.name.find('\0') != std::string_view::npos ||
          pair.value.find('\0') != std::string_view::npos;
    require(decoded->find(pair.name).has_value(), "every pair is found by its name");
  }
  require(bytes <= size, "decoding never lengthens");
  require(nul == decoded->has_nul(), "a NUL is reported");
  check_limits(input, *decoded);
  check_round_trip(*decoded);
  return 0;
}
