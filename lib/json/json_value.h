// File: lib/json/json_value.h
//
// Reads JSON (RFC 8259): a document is parsed as a whole, and its values are looked at.
//
//   const std::optional<JsonDocument> document = JsonDocument::parse(text);
//   if (!document || !document->root().is_object()) return Error{"is no JSON object"};
//   const JsonValue root = document->root();
//   const std::string name(root["name"].text().value_or(""));
//   for (const JsonValue& sink : root["sinks"].elements()) ...
//
// A JsonValue is a view, and of nothing when what was asked for is not there: then all its
// questions are answered with no. It lives as long as its document, which must outlive it.
// Documents may be read by several threads at once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/json/json_writer.h"

namespace plivo_dial {

class JsonValue {
 public:
  JsonValue() = default;
  explicit JsonValue(const nlohmann::ordered_json& value) : value_(&value) {}

  // Whether there is a value at all.
  explicit operator bool() const { return value_ != nullptr; }

  bool is_null() const;  // the word null
  bool is_object() const;
  bool is_array() const;

  // What it is, or nothing when it is of another type. The text is UTF-8 and may hold NUL.
  std::optional<std::string_view> text() const;
  std::optional<bool> flag() const;
  std::optional<std::uint64_t> natural() const;  // written without a sign, a point and an exponent
  std::optional<std::int64_t> integer() const;   // the same with a sign, and within these 64 bits
  bool is_number() const;                        // of whichever form

  // The member of an object; of two with one name the last one.
  JsonValue operator[](std::string_view name) const;
  // The members of an object, in the order in which they came; none of what is no object.
  std::vector<std::pair<std::string_view, JsonValue>> members() const;

  // Those of an array, in order; none of what is no array.
  std::vector<JsonValue> elements() const;

  // JSON again: on one line; or over several, with an indent of so many blanks to each level.
  std::string print(JsonWriter::Charset charset = JsonWriter::Charset::kUtf8) const;
  std::string print_indented(int blanks) const;

 private:
  const nlohmann::ordered_json* value_ = nullptr;
};

class JsonDocument {
 public:
  // Nothing when `text` is no JSON, as a whole.
  static std::optional<JsonDocument> parse(std::string_view text);

  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  JsonValue root() const { return JsonValue(*root_); }

 private:
  explicit JsonDocument(std::unique_ptr<const nlohmann::ordered_json> root);

  std::unique_ptr<const nlohmann::ordered_json> root_;
};

}  // namespace plivo_dial
