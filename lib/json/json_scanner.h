// File: lib/json/json_scanner.h
//
// Reads what JsonWriter wrote in UTF-8, where it stands: the caller knows what comes next, nothing
// is copied, and nothing is taken that JsonWriter would have written otherwise, such as white
// space, an escape that is not needed, or 1.0 for 1. Use it for lines of our own that are read
// often, in front of json_value.h, which reads all that the scanner refuses.
//
//   JsonScanner scanner(line);
//   std::string_view id;
//   if (!scanner.skip("{\"id\":") || !scanner.text(id) || !scanner.skip("}") || !scanner.at_end())
//   {
//     return read_with_json_value(line);
//   }
//
// A function that returns false leaves the scanner anywhere: give it up then. Of `json` it has a
// view. For one thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace plivo_dial {

class JsonScanner {
 public:
  explicit JsonScanner(std::string_view json) : json_(json) {}

  // Whether `piece` comes next; then it is passed over.
  bool skip(std::string_view piece) {
    if (!json_.substr(place_).starts_with(piece)) return false;
    place_ += piece.size();
    return true;
  }

  // A text, valid UTF-8. `written` is what stands between its quotes.
  bool text(std::string_view& written);
  bool natural(std::uint64_t& number);
  bool integer(std::int64_t& number);
  bool flag(bool& value);

  std::size_t place() const { return place_; }  // in bytes, from the front of the JSON
  bool at_end() const { return place_ == json_.size(); }

 private:
  template <class Number>
  bool number(Number& number);
  bool escape();
  bool character();

  const std::string_view json_;
  std::size_t place_ = 0;
};

// Appends to `out` the text that JsonScanner::text found `written` so.
void append_unescaped(std::string_view written, std::string& out);

}  // namespace plivo_dial
