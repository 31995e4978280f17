// SPDX-License-Identifier: Apache-2.0
#include "lib/form/json_pairs.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "lib/base/result.h"

namespace plivo_dial {
namespace {

using Json = nlohmann::json;

constexpr int kNumberOverflow = 406;  // the library's id of a number that no double can hold

// Receives the object from the library's parser, piece by piece; each function returns whether the
// parser shall go on.
class PairReader {
 public:
  explicit PairReader(FormBuilder& pairs) : pairs_(pairs) {}

  std::optional<EventBodyError> take_error() { return std::move(error_); }

  // A member without value is none: its text would be taken for a word.
  bool null() { return depth_ == 1 || literal("null"); }
  bool boolean(bool value) { return literal(value ? "true" : "false"); }
  // Only what begins with a minus comes here, so that a zero was written as -0.
  bool number_integer(std::int64_t value) {
    return literal(value == 0 ? "-0" : std::to_string(value));
  }
  bool number_unsigned(std::uint64_t value) { return literal(std::to_string(value)); }
  bool number_float(double, const std::string& written) {
    if (written.size() > kMaxJsonNumber) {
      return refuse("has a number of more than " + std::to_string(kMaxJsonNumber) + " characters");
    }
    std::string text = written;
    std::ranges::replace_if(text, is_decimal_point, '.');
    return literal(text);
  }
  bool string(std::string& value) {
    if (depth_ == 0) return refuse_top_level();
    if (depth_ == 1) return add(value);
    append_element(json_string(value));
    return true;
  }
  bool binary(Json::binary_t&) { return refuse("is no text"); }  // never in JSON text

  bool key(std::string& name) {
    if (depth_ == 1) {
      name_ = std::move(name);
    } else {
      append_element(json_string(name));
      text_.push_back(':');
    }
    return true;
  }
  bool start_object(std::size_t) { return depth_ == 0 ? (++depth_, true) : start('{'); }
  bool start_array(std::size_t) { return depth_ == 0 ? refuse_top_level() : start('['); }
  bool end_object() { return end('}'); }
  bool end_array() { return end(']'); }

  bool parse_error(std::size_t offset, const std::string&, const Json::exception& reason) {
    return refuse((reason.id == kNumberOverflow ? "has a number beyond all bounds (at byte "
                                                : "is no valid JSON in UTF-8 (at byte ") +
                  std::to_string(offset) + ")");
  }

 private:
  // The library writes the decimal point of the process's locale in place of the one it read.
  static bool is_decimal_point(char c) {
    return !(c >= '0' && c <= '9') && c != '+' && c != '-' && c != 'e' && c != 'E';
  }

  static std::string json_string(const std::string& text) { return Json(text).dump(); }

  bool refuse(std::string_view rule) {
    error_ = {EventBodyError::Kind::kMalformed, "the body " + std::string(rule)};
    return false;
  }
  bool refuse_top_level() { return refuse("is no JSON object: it must begin with '{'"); }

  bool add(std::string_view value) {
    const Result<void> added = pairs_.add(name_, value);
    if (!added) error_ = {EventBodyError::Kind::kOverLimit, added.error().message};
    return added.ok();
  }

  bool literal(std::string_view text) {
    if (depth_ == 0) return refuse_top_level();
    if (depth_ == 1) return add(text);
    append_element(text);
    return true;
  }

  // Appends to the text of a nested value. What ends with one of these three is structure, since a
  // string ends with its quote.
  void append_element(std::string_view text) {
    const bool first = text_.empty() || std::string_view("[{:").find(text_.back()) != text_.npos;
    if (!first) text_.push_back(',');
    text_.append(text);
  }

  bool start(char bracket) {
    if (depth_ > kMaxJsonDepth) {
      return refuse("is nested more than " + std::to_string(kMaxJsonDepth) + " deep");
    }
    ++depth_;
    append_element(std::string_view(&bracket, 1));
    return true;
  }

  bool end(char bracket) {
    if (--depth_ == 0) return true;
    text_.push_back(bracket);
    if (depth_ > 1) return true;
    return add(std::exchange(text_, std::string()));
  }

  FormBuilder& pairs_;
  int depth_ = 0;     // of open brackets
  std::string name_;  // of the member of the top level that is read
  std::string text_;  // of a nested value so far
  std::optional<EventBodyError> error_;
};

}  // namespace

std::optional<EventBodyError> read_json_pairs(std::string_view body, FormBuilder& pairs) {
  // The library takes a NUL byte for the end of the text, whatever follows.
  if (const std::size_t nul = body.find('\0'); nul != std::string_view::npos) {
    return EventBodyError{
        EventBodyError::Kind::kMalformed,
        "the body is no valid JSON: it has a NUL byte (at byte " + std::to_string(nul) + ")"};
  }
  PairReader reader(pairs);
  Json::sax_parse(body.begin(), body.end(), &reader);
  return reader.take_error();
}

}  // namespace plivo_dial
