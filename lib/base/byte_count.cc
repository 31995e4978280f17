// SPDX-License-Identifier: Apache-2.0
#include "lib/base/byte_count.h"

#include <charconv>
#include <limits>
#include <system_error>

#include "lib/base/in_quotes.h"

namespace plivo_dial {
namespace {

// 0 for what is no unit.
std::uint64_t factor_of(std::string_view unit) {
  if (unit.empty()) return 1;
  if (unit == "K" || unit == "k") return 1024;
  if (unit == "M" || unit == "m") return 1024 * 1024;
  if (unit == "G" || unit == "g") return 1024 * 1024 * 1024;
  return 0;
}

}  // namespace

Result<std::uint64_t> parse_byte_count(std::string_view text) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc::invalid_argument) {
    return Error{in_quotes(text) + " is no number of bytes, such as 65536 or 64K"};
  }
  const std::string_view unit(stopped, static_cast<std::size_t>(end - stopped));
  const std::uint64_t factor = factor_of(unit);
  if (factor == 0) {
    return Error{in_quotes(text) + ": " + in_quotes(unit) +
                 " is no unit; write bytes, or K, M or G, such as 64K"};
  }
  if (error != std::errc() || value > std::numeric_limits<std::uint64_t>::max() / factor) {
    return Error{in_quotes(text) + " is more bytes than any disk has"};
  }
  return value * factor;
}

}  // namespace plivo_dial
