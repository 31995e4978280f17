// SPDX-License-Identifier: Apache-2.0
#include "lib/document/places.h"

#include <algorithm>
#include <iterator>

#include "lib/base/in_quotes.h"
#include "lib/base/text.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kPlaceBegin = "{{";
constexpr std::string_view kPlaceEnd = "}}";
constexpr std::string_view kAlnum = "alnum";

bool is_parameter_name(std::string_view text) {
  const auto fits = [](char c) { return is_letter_or_digit(c) || c == '_'; };
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, fits);
}

}  // namespace

std::string Place::shown(std::string_view value) const {
  if (!alphanumeric) return std::string(value);
  std::string kept;
  std::ranges::copy_if(value, std::back_inserter(kept), is_letter_or_digit);
  return kept;
}

bool has_places(std::string_view text) {
  return text.find(kPlaceBegin) != std::string_view::npos;
}

Result<std::vector<Place>, PlaceFault> split_places(std::string_view text) {
  std::vector<Place> places;
  std::string_view rest = text;
  for (;;) {
    const std::size_t begin = rest.find(kPlaceBegin);
    Place& place = places.emplace_back();
    place.before = rest.substr(0, begin);
    if (begin == std::string_view::npos) return places;
    const std::string_view inside = rest.substr(begin + kPlaceBegin.size());
    const std::size_t end = inside.find(kPlaceEnd);
    std::string_view name = inside.substr(0, end);
    const std::size_t bar = name.find('|');
    place.alphanumeric = bar != std::string_view::npos && name.substr(bar + 1) == kAlnum;
    if (place.alphanumeric) name = name.substr(0, bar);
    if (end == std::string_view::npos || !is_parameter_name(name)) {
      const auto offset = text.size() - rest.size() + begin;
      return PlaceFault{offset, in_quotes(text.substr(offset, 40)) +
                                    " is no place for a parameter: write {{From}}, or "
                                    "{{CallUUID|alnum}}"};
    }
    place.name = name;
    rest = inside.substr(end + kPlaceEnd.size());
  }
}

std::string sample_value(std::string_view name) {
  if (name == "From" || name == "To" || name == "ForwardedFrom") return "14155550111";
  if (name.ends_with("UUID")) return "3c0f9d2e-1b7a-4c55-8f10-6a2d4e8b9c01";
  return "1";
}

std::string with_values(std::string_view text, const ParameterValue& value_of) {
  const auto places = split_places(text);
  if (!places) return std::string(text);
  std::string out;
  for (const Place& place : *places) {
    out += place.before;
    if (!place.name.empty()) out += place.shown(value_of(place.name));
  }
  return out;
}

}  // namespace plivo_dial
