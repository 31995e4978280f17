// SPDX-License-Identifier: Apache-2.0
#include "lib/signature/event_secret.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>
#include <vector>

#include "lib/base/text.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kDigestBytes = 32;
using Digest = std::array<unsigned char, kDigestBytes>;

// Bytes that are overwritten when they go, since they hold what may be the secret.
struct ErasedBytes {
  explicit ErasedBytes(std::size_t size) : bytes(size) {}
  ErasedBytes(const ErasedBytes&) = delete;
  ErasedBytes& operator=(const ErasedBytes&) = delete;
  ~ErasedBytes() { OPENSSL_cleanse(bytes.data(), bytes.size()); }

  std::vector<unsigned char> bytes;
};

Digest sha256(std::string_view text) {
  Digest digest;
  ERR_set_mark();
  const bool made =
      EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1;
  ERR_pop_to_mark();
  if (!made) throw std::runtime_error("libcrypto made no SHA-256");
  return digest;
}

// Digests are compared, so that neither the place of a difference nor a length shows in the time.
bool is_secret(std::string_view claimed, std::string_view secret) {
  const Digest a = sha256(claimed);
  const Digest b = sha256(secret);
  return CRYPTO_memcmp(a.data(), b.data(), kDigestBytes) == 0 && !secret.empty();
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// The credentials behind `scheme`, which must be given in lower case.
std::optional<std::string_view> credentials_of(std::string_view header, std::string_view scheme) {
  if (header.size() <= scheme.size() || !is_blank(header[scheme.size()])) return std::nullopt;
  const bool same = std::equal(scheme.begin(), scheme.end(), header.begin(),
                               [](char a, char b) { return a == to_small(b); });
  if (!same) return std::nullopt;
  return trim(header.substr(scheme.size()));
}

// Whether `encoded` is just what libcrypto makes of `bytes`. Its decoder forgives white space,
// stray bits and padding in the middle.
bool encodes_to(const std::vector<unsigned char>& bytes, std::size_t size,
                std::string_view encoded) {
  ErasedBytes again(encoded.size() + 1);  // EVP_EncodeBlock ends its output with a NUL
  const int length = EVP_EncodeBlock(again.bytes.data(), bytes.data(), static_cast<int>(size));
  return static_cast<std::size_t>(length) == encoded.size() &&
         CRYPTO_memcmp(again.bytes.data(), encoded.data(), encoded.size()) == 0;
}

// Whether `encoded` is strict Base64 of "user:secret".
bool is_basic_secret(std::string_view encoded, std::string_view secret) {
  constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<int>::max() / 2);
  if (encoded.size() % 4 != 0 || encoded.size() > kMost) return false;
  ErasedBytes decoded(encoded.size() / 4 * 3);
  ERR_set_mark();
  const int length =
      EVP_DecodeBlock(decoded.bytes.data(), reinterpret_cast<const unsigned char*>(encoded.data()),
                      static_cast<int>(encoded.size()));
  ERR_pop_to_mark();
  // It counts padding as bytes; fewer mean that it left white space out.
  if (length != static_cast<int>(decoded.bytes.size())) return false;
  const std::size_t padding = encoded.ends_with("==") ? 2 : encoded.ends_with('=') ? 1 : 0;
  const std::size_t size = decoded.bytes.size() - padding;
  if (!encodes_to(decoded.bytes, size, encoded)) return false;
  const std::string_view pair(reinterpret_cast<const char*>(decoded.bytes.data()), size);
  const std::size_t colon = pair.find(':');
  return colon != std::string_view::npos && is_secret(pair.substr(colon + 1), secret);
}

}  // namespace

EventSecretVerdict check_authorization(std::optional<std::string_view> header,
                                       std::string_view secret) {
  const std::string_view value = trim(header.value_or(""));
  if (value.empty()) return EventSecretVerdict::kMissing;
  bool right = false;
  if (const auto token = credentials_of(value, "bearer")) {
    right = is_secret(*token, secret);
  } else if (const auto encoded = credentials_of(value, "basic")) {
    right = is_basic_secret(*encoded, secret);
  }
  return right ? EventSecretVerdict::kRight : EventSecretVerdict::kWrong;
}

EventSecretVerdict check_secret_header(std::optional<std::string_view> header,
                                       std::string_view secret) {
  const std::string_view value = trim(header.value_or(""));
  if (value.empty()) return EventSecretVerdict::kMissing;
  return is_secret(value, secret) ? EventSecretVerdict::kRight : EventSecretVerdict::kWrong;
}

}  // namespace plivo_dial
