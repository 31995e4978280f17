// File: lib/json/json_writer.h
//
// Prints JSON straight into one text, member by member, without a tree in between. Use it for all
// JSON that we write; what others wrote is read by json_value.h.
//
//   JsonWriter json;
//   json.begin_object().member("id", id).member("late", false);
//   json.member("call", call);               // std::optional: null when it is empty
//   json.key("sinks").begin_array();
//   for (const std::string& name : names) json.value(name);
//   json.end_array().end_object();
//   send(json.take());                       // {"id":"...","late":false,"call":null,"sinks":[]}
//
// The caller opens and closes in order, writes a value behind each key, and no key twice: nothing
// checks it. Texts may hold any bytes: those that are not UTF-8 become U+FFFD, as base/utf8.h says.
// For one thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>

namespace plivo_dial {

class JsonWriter {
 public:
  enum class Charset {
    kUtf8,   // characters as they are
    kAscii,  // \u and four digits for what is not ASCII, a pair of them above U+FFFF
  };

  explicit JsonWriter(Charset charset = Charset::kUtf8) : charset_(charset) {}

  JsonWriter& begin_object() { return begin('{'); }
  JsonWriter& end_object() { return end('}'); }
  JsonWriter& begin_array() { return begin('['); }
  JsonWriter& end_array() { return end(']'); }

  // The name of a member, whose value is written next.
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(std::nullptr_t) { return raw("null"); }
  JsonWriter& value(std::same_as<bool> auto flag) { return raw(flag ? "true" : "false"); }
  template <std::unsigned_integral Number>
  requires(!std::same_as<Number, bool>) JsonWriter& value(Number number) { return natural(number); }
  JsonWriter& value(std::signed_integral auto number) { return integer(number); }

  // null when there is none.
  template <class Value>
  JsonWriter& value(const std::optional<Value>& optional) {
    return optional ? value(*optional) : value(nullptr);
  }

  // An array.
  template <std::ranges::input_range Values>
  requires(!std::convertible_to<Values, std::string_view>) JsonWriter& value(const Values& values) {
    begin_array();
    for (const auto& one : values) value(one);
    return end_array();
  }

  // Of an object.
  template <class Value>
  JsonWriter& member(std::string_view name, const Value& what) {
    return key(name).value(what);
  }

  // `json`, a whole value, as it is: of this charset, on one line.
  JsonWriter& raw(std::string_view json);

  // What was written so far; the writer is empty afterwards.
  std::string take() {
    first_ = true;
    return std::exchange(text_, std::string());
  }

 private:
  JsonWriter& begin(char bracket);
  JsonWriter& end(char bracket);
  JsonWriter& natural(std::uint64_t number);
  JsonWriter& integer(std::int64_t number);
  void separate();
  void put_text(std::string_view text);

  std::string text_;
  const Charset charset_;
  bool first_ = true;  // nothing stands before the next value or key: no comma
};

// An empty text as null, which many members of ours say for "there is none".
inline std::optional<std::string_view> text_or_null(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace plivo_dial
