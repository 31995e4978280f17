// SPDX-License-Identifier: Apache-2.0
#include "lib/settings/sink_words.h"

#include "lib/base/suggestion.h"
#include "lib/base/utf8.h"

namespace plivo_dial {

std::string quote(std::string_view text) {
  return "'" + replace_invalid_utf8(text) + "'";
}

std::string nearest_hint(std::string_view word, std::span<const std::string_view> known) {
  const auto nearest = nearest_word(word, known);
  return nearest ? "; did you mean '" + std::string(*nearest) + "'?" : ".";
}

std::string listed(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) {
    text += text.empty() ? "" : " ";
    text += word;
  }
  return text;
}

Result<void> check_path(std::string_view what, std::string_view path) {
  if (path.empty() || path[0] != '/') {
    return Error{std::string(what) + " " + quote(path) +
                 " is not an absolute path; begin it with /"};
  }
  if (!is_valid_utf8(path) || path.find('\0') != std::string_view::npos) {
    return Error{std::string(what) + " " + quote(path) + " is not valid UTF-8; rename it"};
  }
  return {};
}

}  // namespace plivo_dial
