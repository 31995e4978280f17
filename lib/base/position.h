// File: lib/base/position.h
//
// Where in the configuration something was said.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace plivo_dial {

// The file's name must outlive it, as what httpd's configuration tree holds does.
struct Position {
  const char* file = nullptr;  // null: nowhere, it is built in
  int line = 0;

  friend bool operator==(const Position&, const Position&) = default;
};

// "/etc/apache2/x.conf:12"
inline std::string to_string(const Position& position) {
  if (position.file == nullptr) return "built in";
  return std::string(position.file) + ":" + std::to_string(position.line);
}

// The same with ": " behind it, for the beginning of a sentence; "" where there is no position.
inline std::string at(const Position& position) {
  return position.file == nullptr ? "" : to_string(position) + ": ";
}

}  // namespace plivo_dial
