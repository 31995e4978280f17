// File: lib/json/json_walk.h
//
// Reads JSON (RFC 8259) piece by piece, without keeping it: for input that has to be judged while
// it is read, since it may be deep, long or hostile. Never recurses. Everything else is more easily
// read by json_value.h.
//
//   class Names : public JsonWalker { bool key(std::string& name) override { ... return true; } ...
//   }; Names names; walk_json(body, names);
//
// A pure function, apart from the walker.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace plivo_dial {

// Is told of each piece in order; each function returns whether the walk shall go on.
class JsonWalker {
 public:
  virtual bool null() = 0;
  virtual bool flag(bool value) = 0;
  // A number as it was written.
  virtual bool number(std::string_view written) = 0;
  // Valid UTF-8, which may hold NUL. The walker may take it.
  virtual bool text(std::string& value) = 0;
  virtual bool key(std::string& name) = 0;
  virtual bool begin_object() = 0;
  virtual bool end_object() = 0;
  virtual bool begin_array() = 0;
  virtual bool end_array() = 0;

  enum class Fault {
    kNoJson,    // or text that is not UTF-8
    kNulByte,   // the byte itself, which JSON never holds; told before anything else is
    kTooLarge,  // a number that no double holds
  };
  // The end of a walk over what is no JSON: the fault is at this byte, counted from 1; that of a
  // NUL byte from 0.
  virtual void failed(Fault fault, std::size_t byte) = 0;

 protected:
  ~JsonWalker() = default;
};

// Tells `walker` of the one value that `json` is.
void walk_json(std::string_view json, JsonWalker& walker);

}  // namespace plivo_dial
