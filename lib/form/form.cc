// SPDX-License-Identifier: Apache-2.0
#include "lib/form/form.h"

#include <algorithm>
#include <utility>

#include "lib/base/text.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kPercentHexDigits = "0123456789ABCDEF";

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

struct Flags {
  bool malformed_escape = false;
  bool nul = false;
};

// Decodes `encoded` to `out`, which has room for as many bytes, and returns the end.
char* decode_component(std::string_view encoded, char* out, Flags& flags) {
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    char byte = encoded[i];
    if (byte == '+') {
      byte = ' ';
    } else if (byte == '%') {
      const bool whole = i + 2 < encoded.size();
      const int high = whole ? hex_value(encoded[i + 1]) : -1;
      const int low = whole ? hex_value(encoded[i + 2]) : -1;
      if (high >= 0 && low >= 0) {
        byte = static_cast<char>(high * 16 + low);
        i += 2;
      } else {
        flags.malformed_escape = true;
      }
    }
    if (byte == '\0') flags.nul = true;
    *out++ = byte;
  }
  return out;
}

Error over_limit(std::string_view what, std::size_t limit) {
  return Error{"the form has " + std::string(what) + " (the limit is " + std::to_string(limit) +
               ")"};
}

// The limit that one more pair would exceed, or nothing.
std::optional<Error> exceeded_limit(std::size_t pairs_before, const Parameter& pair,
                                    const FormLimits& limits) {
  if (pairs_before >= limits.pairs) return over_limit("too many pairs", limits.pairs);
  if (pair.name.size() > limits.name_bytes) {
    return over_limit("a parameter name with too many bytes", limits.name_bytes);
  }
  if (pair.value.size() > limits.value_bytes) {
    return over_limit("a parameter value with too many bytes", limits.value_bytes);
  }
  return std::nullopt;
}

bool is_unreserved(char c) {
  return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

void append_component(std::string_view text, std::string& out) {
  for (const char c : text) {
    if (is_unreserved(c)) {
      out.push_back(c);
    } else if (c == ' ') {
      out.push_back('+');
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(kPercentHexDigits[byte >> 4]);
      out.push_back(kPercentHexDigits[byte & 0x0F]);
    }
  }
}

// The longest ones share a bit.
std::uint64_t bit_of_size(std::string_view name) {
  return std::uint64_t{1} << std::min<std::size_t>(name.size(), 63);
}

}  // namespace

Result<Form> Form::decode(std::string_view encoded, const FormLimits& limits) {
  Form form;
  if (encoded.empty()) return form;

  // Decoding never lengthens, so the input's size is room enough and no view ever moves.
  form.bytes_ = std::make_unique_for_overwrite<char[]>(encoded.size());
  const auto separators = static_cast<std::size_t>(std::ranges::count(encoded, '&'));
  form.parameters_.reserve(std::min(separators + 1, limits.pairs));

  Flags flags;
  char* out = form.bytes_.get();
  for (std::size_t start = 0; start < encoded.size();) {
    const std::size_t end = std::min(encoded.find('&', start), encoded.size());
    const std::string_view segment = encoded.substr(start, end - start);
    start = end + 1;
    if (segment.empty()) continue;
    const std::size_t equals = std::min(segment.find('='), segment.size());
    char* const name = out;
    char* const value = decode_component(segment.substr(0, equals), name, flags);
    out = value;
    if (equals < segment.size()) out = decode_component(segment.substr(equals + 1), value, flags);

    const Parameter pair{{name, static_cast<std::size_t>(value - name)},
                         {value, static_cast<std::size_t>(out - value)}};
    if (auto error = exceeded_limit(form.parameters_.size(), pair, limits)) {
      return *std::move(error);
    }
    form.parameters_.push_back(pair);
    form.name_sizes_ |= bit_of_size(pair.name);
  }
  form.has_malformed_escape_ = flags.malformed_escape;
  form.has_nul_ = flags.nul;
  return form;
}

std::optional<std::string_view> Form::find(std::string_view name) const {
  if ((name_sizes_ & bit_of_size(name)) == 0) return std::nullopt;
  const auto found = std::ranges::find(parameters_, name, &Parameter::name);
  if (found == parameters_.end()) return std::nullopt;
  return found->value;
}

FormBuilder::FormBuilder(const FormLimits& limits) : limits_(limits) {}

Result<void> FormBuilder::add(std::string_view name, std::string_view value) {
  if (auto error = exceeded_limit(lengths_.size() / 2, {name, value}, limits_)) {
    return *std::move(error);
  }
  bytes_.append(name).append(value);
  lengths_.push_back(name.size());
  lengths_.push_back(value.size());
  return {};
}

Form FormBuilder::build() {
  Form form;
  form.bytes_ = std::make_unique_for_overwrite<char[]>(bytes_.size());
  std::ranges::copy(bytes_, form.bytes_.get());
  form.has_nul_ = bytes_.find('\0') != std::string::npos;
  form.parameters_.reserve(lengths_.size() / 2);
  const char* at = form.bytes_.get();
  for (std::size_t i = 0; i < lengths_.size(); i += 2) {
    form.parameters_.push_back({{at, lengths_[i]}, {at + lengths_[i], lengths_[i + 1]}});
    form.name_sizes_ |= bit_of_size(form.parameters_.back().name);
    at += lengths_[i] + lengths_[i + 1];
  }
  bytes_.clear();
  lengths_.clear();
  return form;
}

void append_form_pair(std::string_view name, std::string_view value, std::string& out) {
  if (!out.empty()) out.push_back('&');
  append_component(name, out);
  out.push_back('=');
  append_component(value, out);
}

}  // namespace plivo_dial
