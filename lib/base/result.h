// File: lib/base/result.h
//
// Result<T>: a value, or an Error with a sentence for the person who has to mend it. Use it for
// everything that can fail because of input; exceptions are left to bugs and exhausted memory.
// Result<T, E>, with an E that derives from Error, is for failures that the program must tell
// apart.
//
//   const Result<std::uint64_t> bytes = parse_byte_count(text);
//   if (!bytes) return Error{"minFree=: " + bytes.error().message};
//   options.min_free = *bytes;
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace plivo_dial {

// What went wrong: names the thing, the value and the remedy, without directive name or position
// (the caller knows those and puts them in front).
struct Error {
  std::string message;
};

// Holds either a T or an E. value() and error() must only be called on the matching state.
template <class T, class E = Error>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  const T& value() const& { return std::get<0>(state_); }
  T& value() & { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  const E& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, E> state_;
};

// The Result of an action that yields nothing.
template <class E>
class [[nodiscard]] Result<void, E> {
 public:
  Result() = default;
  Result(E error) : error_(std::move(error)), ok_(false) {}

  bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }
  const E& error() const { return error_; }

 private:
  E error_;
  bool ok_ = true;
};

}  // namespace plivo_dial
