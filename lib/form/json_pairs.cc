// SPDX-License-Identifier: Apache-2.0
#include "lib/form/json_pairs.h"

#include <cstddef>
#include <string>
#include <utility>

#include "lib/base/result.h"
#include "lib/json/json_walk.h"
#include "lib/json/json_writer.h"

namespace plivo_dial {
namespace {

class PairReader final : public JsonWalker {
 public:
  explicit PairReader(FormBuilder& pairs) : pairs_(pairs) {}

  std::optional<EventBodyError> take_error() { return std::move(error_); }

  // A member without value is none: its text would be taken for a word.
  bool null() override { return depth_ == 1 || literal("null"); }
  bool flag(bool value) override { return literal(value ? "true" : "false"); }
  bool number(std::string_view written) override {
    if (written.size() > kMaxJsonNumber) {
      return refuse("has a number of more than " + std::to_string(kMaxJsonNumber) + " characters");
    }
    return literal(written);
  }
  bool text(std::string& value) override {
    if (depth_ == 0) return refuse_top_level();
    if (depth_ == 1) return add(value);
    nested_.value(value);
    return true;
  }
  bool key(std::string& name) override {
    if (depth_ == 1) {
      name_ = std::move(name);
    } else {
      nested_.key(name);
    }
    return true;
  }
  bool begin_object() override {
    if (!go_deeper()) return false;
    if (depth_ > 1) nested_.begin_object();
    return true;
  }
  bool begin_array() override {
    if (depth_ == 0) return refuse_top_level();
    if (!go_deeper()) return false;
    nested_.begin_array();
    return true;
  }
  bool end_object() override {
    if (depth_ > 1) nested_.end_object();
    return go_back();
  }
  bool end_array() override {
    nested_.end_array();
    return go_back();
  }

  void failed(Fault fault, std::size_t byte) override {
    const std::string place = " (at byte " + std::to_string(byte) + ")";
    switch (fault) {
      case Fault::kTooLarge:
        return static_cast<void>(refuse("has a number beyond all bounds" + place));
      case Fault::kNulByte:
        return static_cast<void>(refuse("is no valid JSON: it has a NUL byte" + place));
      case Fault::kNoJson:
        break;
    }
    refuse("is no valid JSON in UTF-8" + place);
  }

 private:
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
    nested_.raw(text);
    return true;
  }

  bool go_deeper() {
    if (depth_ > kMaxJsonDepth) {
      return refuse("is nested more than " + std::to_string(kMaxJsonDepth) + " deep");
    }
    ++depth_;
    return true;
  }

  // At the end of an object or array: the value of a member is whole.
  bool go_back() { return --depth_ != 1 || add(nested_.take()); }

  FormBuilder& pairs_;
  int depth_ = 0;      // of open brackets
  std::string name_;   // of the member of the top level that is read
  JsonWriter nested_;  // the value of it so far, when that is an object or array
  std::optional<EventBodyError> error_;
};

}  // namespace

std::optional<EventBodyError> read_json_pairs(std::string_view body, FormBuilder& pairs) {
  PairReader reader(pairs);
  walk_json(body, reader);
  return reader.take_error();
}

}  // namespace plivo_dial
