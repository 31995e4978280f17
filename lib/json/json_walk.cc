// SPDX-License-Identifier: Apache-2.0
#include "lib/json/json_walk.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lib/base/text.h"

namespace plivo_dial {
namespace {

using Library = nlohmann::json;

constexpr int kNumberOverflow = 406;  // the library's id of a number that no double can hold

// Hands on what the library's parser calls by these names.
class Pieces {
 public:
  explicit Pieces(JsonWalker& walker) : walker_(walker) {}

  bool null() { return walker_.null(); }
  bool boolean(bool value) { return walker_.flag(value); }
  // Only what begins with a minus comes here, so that a zero was written as -0.
  bool number_integer(std::int64_t value) {
    return walker_.number(value == 0 ? "-0" : std::to_string(value));
  }
  bool number_unsigned(std::uint64_t value) { return walker_.number(std::to_string(value)); }
  // The library writes the decimal point of the process's locale in place of the one it read.
  bool number_float(double, const std::string& written) {
    std::string text = written;
    std::ranges::replace_if(text, is_decimal_point, '.');
    return walker_.number(text);
  }
  bool string(std::string& value) { return walker_.text(value); }
  bool binary(Library::binary_t&) { return false; }  // never in JSON text
  bool key(std::string& name) { return walker_.key(name); }
  bool start_object(std::size_t) { return walker_.begin_object(); }
  bool end_object() { return walker_.end_object(); }
  bool start_array(std::size_t) { return walker_.begin_array(); }
  bool end_array() { return walker_.end_array(); }
  bool parse_error(std::size_t byte, const std::string&, const Library::exception& reason) {
    using Fault = JsonWalker::Fault;
    walker_.failed(reason.id == kNumberOverflow ? Fault::kTooLarge : Fault::kNoJson, byte);
    return false;
  }

 private:
  static bool is_decimal_point(char c) {
    return !is_digit(c) && c != '+' && c != '-' && c != 'e' && c != 'E';
  }

  JsonWalker& walker_;
};

}  // namespace

void walk_json(std::string_view json, JsonWalker& walker) {
  // The library takes a NUL byte for the end of the text, whatever follows.
  if (const std::size_t nul = json.find('\0'); nul != json.npos) {
    return walker.failed(JsonWalker::Fault::kNulByte, nul);
  }
  Pieces pieces(walker);
  Library::sax_parse(json.begin(), json.end(), &pieces);
}

}  // namespace plivo_dial
