// SPDX-License-Identifier: Apache-2.0
#include "lib/json/json_value.h"

#include <limits>
#include <nlohmann/json.hpp>

namespace plivo_dial {
namespace {

using Tree = nlohmann::ordered_json;

std::string printed(const Tree& value, int indent, bool ascii) {
  return value.dump(indent, ' ', ascii, Tree::error_handler_t::replace);
}

template <class Type>
std::optional<Type> as(const Tree* value) {
  const auto* const found = value == nullptr ? nullptr : value->get_ptr<const Type*>();
  return found == nullptr ? std::nullopt : std::optional<Type>(*found);
}

}  // namespace

bool JsonValue::is_null() const {
  return value_ != nullptr && value_->is_null();
}

bool JsonValue::is_object() const {
  return value_ != nullptr && value_->is_object();
}

bool JsonValue::is_array() const {
  return value_ != nullptr && value_->is_array();
}

bool JsonValue::is_number() const {
  return value_ != nullptr && value_->is_number();
}

std::optional<std::string_view> JsonValue::text() const {
  const auto* const found = value_ == nullptr ? nullptr : value_->get_ptr<const Tree::string_t*>();
  return found == nullptr ? std::nullopt : std::optional<std::string_view>(*found);
}

std::optional<bool> JsonValue::flag() const {
  return as<Tree::boolean_t>(value_);
}

std::optional<std::uint64_t> JsonValue::natural() const {
  return as<Tree::number_unsigned_t>(value_);
}

std::optional<std::int64_t> JsonValue::integer() const {
  // The library counts a natural number as an integer, too, and would let it overflow.
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (const auto found = natural()) {
    return *found > kMost ? std::nullopt : std::optional(static_cast<std::int64_t>(*found));
  }
  return as<Tree::number_integer_t>(value_);
}

JsonValue JsonValue::operator[](std::string_view name) const {
  if (!is_object()) return {};
  const auto found = value_->find(std::string(name));
  return found == value_->end() ? JsonValue() : JsonValue(*found);
}

std::vector<std::pair<std::string_view, JsonValue>> JsonValue::members() const {
  std::vector<std::pair<std::string_view, JsonValue>> all;
  if (!is_object()) return all;
  const auto& object = value_->get_ref<const Tree::object_t&>();
  all.reserve(object.size());
  for (const auto& [name, value] : object) all.emplace_back(name, JsonValue(value));
  return all;
}

std::vector<JsonValue> JsonValue::elements() const {
  std::vector<JsonValue> all;
  if (!is_array()) return all;
  all.reserve(value_->size());
  for (const Tree& value : *value_) all.emplace_back(value);
  return all;
}

std::string JsonValue::print(JsonWriter::Charset charset) const {
  if (value_ == nullptr) return "null";
  return printed(*value_, -1, charset == JsonWriter::Charset::kAscii);
}

std::string JsonValue::print_indented(int blanks) const {
  return value_ == nullptr ? "null" : printed(*value_, blanks, false);
}

std::optional<JsonDocument> JsonDocument::parse(std::string_view text) {
  // The library takes a NUL byte for the end of the text, whatever follows.
  if (text.find('\0') != text.npos) return std::nullopt;
  Tree tree = Tree::parse(text, nullptr, /*allow_exceptions=*/false);
  if (tree.is_discarded()) return std::nullopt;
  return JsonDocument(std::make_unique<const Tree>(std::move(tree)));
}

JsonDocument::JsonDocument(std::unique_ptr<const nlohmann::ordered_json> root)
    : root_(std::move(root)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

}  // namespace plivo_dial
