// File: lib/api/boundary.h
//
// What each function of plivo_dial.h does where C++ meets C: exceptions become codes, handles and
// strings come from malloc, views become texts. For the sources of this room only. Safe from any
// thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

#include "lib/api/plivo_dial.h"
#include "lib/base/result.h"

namespace plivo_dial::api {

// Runs `function` and turns what it throws into a code: C callers cannot catch.
template <class Function>
plivo_dial_code guarded(Function&& function) noexcept {
  try {
    return function();
  } catch (const std::bad_alloc&) {
    return PLIVO_DIAL_OUT_OF_MEMORY;
  } catch (...) {
    return PLIVO_DIAL_INTERNAL;
  }
}

// Handles come from malloc, as C programs expect and as their tests can make fail.
template <class Handle>
Handle* make_handle(Handle&& content) {
  void* const memory = std::malloc(sizeof(Handle));
  if (memory == nullptr) throw std::bad_alloc();
  return new (memory) Handle(std::move(content));
}

// `handle` may be null.
template <class Handle>
void free_handle(Handle* handle) {
  if (handle == nullptr) return;
  handle->~Handle();
  std::free(handle);
}

// A terminated copy, to be freed with plivo_dial_string_free. Throws std::bad_alloc.
inline char* make_string(std::string_view text) {
  auto* const string = static_cast<char*>(std::malloc(text.size() + 1));
  if (string == nullptr) throw std::bad_alloc();
  if (!text.empty()) std::memcpy(string, text.data(), text.size());
  string[text.size()] = '\0';
  return string;
}

// The library's words are whole string literals, so their data is terminated.
inline const char* constant(std::string_view word) {
  return word.empty() ? "" : word.data();
}

inline plivo_dial_text to_text(std::string_view view) {
  return {view.data() == nullptr ? "" : view.data(), view.size()};
}

inline plivo_dial_text to_text(const std::optional<std::string_view>& view) {
  return view ? to_text(*view) : plivo_dial_text{nullptr, 0};
}

// Whether `data` may be read as `size` bytes.
inline bool is_readable(const char* data, std::size_t size) {
  return data != nullptr || size == 0;
}

inline std::string_view view_of(const char* data, std::size_t size) {
  return size == 0 ? std::string_view() : std::string_view(data, size);
}

// PLIVO_DIAL_BAD_INPUT, with its reason in `error`, which may be null. Throws std::bad_alloc.
inline plivo_dial_code bad_input(const Error& reason, char** error) {
  if (error != nullptr) *error = make_string(reason.message);
  return PLIVO_DIAL_BAD_INPUT;
}

}  // namespace plivo_dial::api
