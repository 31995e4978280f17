// SPDX-License-Identifier: Apache-2.0
#include "lib/event/base64.h"

#include <openssl/evp.h>

#include <cstddef>
#include <utility>

namespace plivo_dial {

std::string encode_base64(std::string_view bytes) {
  // EVP_EncodeBlock writes a NUL behind the text; std::string has room for that one.
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                  reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  return text;
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.empty()) return std::string();
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  // EVP_DecodeBlock counts padding as bytes, and it passes over white space at the ends; encoding
  // once more finds everything that is not the one right spelling.
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  if (std::cmp_less(length, padding)) return std::nullopt;  // -1: no base64
  bytes.resize(static_cast<std::size_t>(length) - padding);
  if (encode_base64(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace plivo_dial
