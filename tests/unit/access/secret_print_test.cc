// SPDX-License-Identifier: Apache-2.0
// A secret in a struct that is shown to people or programs: it does not compile.
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>

#include "lib/access/secret_file.h"
#include "lib/json/json_writer.h"

namespace plivo_dial {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};

template <class T>
concept Appendable = requires(std::string& text, const T& value) {
  text += value;
};

template <class T>
concept InJson = requires(JsonWriter& json, const T& value) {
  json.value(value);
};

TEST(SecretType, IsNoText) {
  static_assert(!Printable<Secret> && Printable<std::string>);
  static_assert(!Appendable<Secret> && Appendable<std::string>);
  static_assert(!InJson<Secret> && InJson<std::string>);
  static_assert(!std::is_convertible_v<Secret, std::string>);
  static_assert(!std::is_convertible_v<Secret, std::string_view>);
  static_assert(!std::is_constructible_v<std::string, Secret>);
  static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
}

}  // namespace
}  // namespace plivo_dial
