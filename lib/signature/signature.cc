// SPDX-License-Identifier: Apache-2.0
#include "lib/signature/signature.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <tuple>

#include "lib/base/text.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kMacBytes = 32;
constexpr std::size_t kEncodedMacBytes = 44;

using Mac = std::array<unsigned char, kMacBytes>;
// EVP_EncodeBlock ends its output with a NUL.
using EncodedMac = std::array<unsigned char, kEncodedMacBytes + 1>;

Mac hmac_sha256(std::string_view message, std::string_view key) {
  if (key.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw std::runtime_error("the key is too long for HMAC");
  }
  Mac mac;
  ERR_set_mark();
  const bool made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                         reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                         mac.data(), nullptr) != nullptr;
  ERR_pop_to_mark();
  if (!made) throw std::runtime_error("libcrypto made no HMAC-SHA256");
  return mac;
}

EncodedMac encode(const Mac& mac) {
  EncodedMac text;
  EVP_EncodeBlock(text.data(), mac.data(), kMacBytes);
  return text;
}

// libcrypto's decoder forgives white space and stray bits, so what it decoded must encode to the
// very same text.
std::optional<Mac> decode_strictly(std::string_view entry) {
  if (entry.size() != kEncodedMacBytes) return std::nullopt;
  std::array<unsigned char, kMacBytes + 1> bytes;
  ERR_set_mark();
  const int length = EVP_DecodeBlock(
      bytes.data(), reinterpret_cast<const unsigned char*>(entry.data()), kEncodedMacBytes);
  ERR_pop_to_mark();
  if (length != static_cast<int>(bytes.size())) return std::nullopt;
  Mac mac;
  std::copy_n(bytes.begin(), kMacBytes, mac.begin());
  const EncodedMac again = encode(mac);
  if (std::memcmp(again.data(), entry.data(), kEncodedMacBytes) != 0) return std::nullopt;
  return mac;
}

// What both headers claim, in a fixed array: reading a hostile header allocates nothing.
class ClaimedSignatures {
 public:
  struct Claim {
    Mac mac;
    SignatureHeader header;
  };

  void add(std::optional<std::string_view> value, SignatureHeader header) {
    if (!value || value->size() > kMaxSignatureHeaderBytes) return;
    const std::size_t before = count_;
    std::size_t entries = 0;
    for (std::string_view rest = *value; !rest.empty();) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      const std::string_view entry = trim(rest.substr(0, comma));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
      if (entry.empty()) continue;
      if (++entries > kMaxSignatureHeaderEntries) {
        count_ = before;
        return;
      }
      if (const auto mac = decode_strictly(entry)) claims_[count_++] = {*mac, header};
    }
  }

  std::span<const Claim> claims() const { return {claims_.data(), count_}; }

 private:
  std::array<Claim, 2 * kMaxSignatureHeaderEntries> claims_;
  std::size_t count_ = 0;
};

std::optional<SignatureRefusal> refuse_headers(const SignatureHeaders& headers, bool digits_only) {
  if (!headers.account && !headers.main_account) return SignatureRefusal::kNoHeader;
  if (!headers.nonce || headers.nonce->empty()) return SignatureRefusal::kNonceMissing;
  if (!is_valid_nonce(*headers.nonce, digits_only)) return SignatureRefusal::kNonceMalformed;
  return std::nullopt;
}

// Goes to the end whatever it finds, so that time says nothing about which token was right.
void try_tokens(std::string_view message, std::span<const ClaimedSignatures::Claim> claims,
                std::span<const SigningAccount> accounts, bool without_slash,
                std::optional<SignatureMatch>& match) {
  for (std::size_t account = 0; account < accounts.size(); ++account) {
    for (const bool previous : {false, true}) {
      const std::string_view token =
          previous ? accounts[account].previous_token : accounts[account].current_token;
      if (token.empty()) continue;
      const Mac expected = hmac_sha256(message, token);
      for (const auto& claim : claims) {
        const bool equal = CRYPTO_memcmp(expected.data(), claim.mac.data(), kMacBytes) == 0;
        if (equal && !match) match = {account, previous, claim.header, without_slash};
      }
    }
  }
}

struct TargetParts {
  std::string_view path;
  std::string_view query;
};

TargetParts split_target(std::string_view target) {
  target = target.substr(0, target.find('#'));
  const std::size_t question_mark = target.find('?');
  if (question_mark == std::string_view::npos) return {target, {}};
  return {target.substr(0, question_mark), target.substr(question_mark + 1)};
}

template <class StringToSign>
SignatureVerdict verify(const SignedUrl& url, const SignatureHeaders& headers,
                        std::span<const SigningAccount> accounts, bool nonce_of_digits,
                        StringToSign string_to_sign) {
  SignatureVerdict verdict;
  if (const auto refusal = refuse_headers(headers, nonce_of_digits)) {
    verdict.refusal = *refusal;
    return verdict;
  }
  ClaimedSignatures claimed;
  claimed.add(headers.account, SignatureHeader::kAccount);
  claimed.add(headers.main_account, SignatureHeader::kMainAccount);
  if (claimed.claims().empty()) {
    verdict.refusal = SignatureRefusal::kHeaderMalformed;
    return verdict;
  }
  std::string message = string_to_sign(*headers.nonce);
  try_tokens(message, claimed.claims(), accounts, false, verdict.match);
  if (split_target(url.target).path == "/") {
    // Both strings differ in just that byte, which stands behind the origin.
    message.erase(url.origin.size(), 1);
    try_tokens(message, claimed.claims(), accounts, true, verdict.match);
  }
  return verdict;
}

std::size_t size_of(std::span<const Parameter> pairs) {
  std::size_t size = 0;
  for (const Parameter& pair : pairs) size += pair.name.size() + pair.value.size() + 2;
  return size;
}

}  // namespace

SignedUrl split_signed_url(std::string_view url) {
  const std::size_t scheme_end = url.find("://");
  const std::size_t authority = scheme_end == std::string_view::npos ? 0 : scheme_end + 3;
  const std::size_t end = std::min(url.find_first_of("/?#", authority), url.size());
  return {url.substr(0, end), url.substr(end)};
}

std::string_view raw_query(std::string_view target) {
  return split_target(target).query;
}

// The nonce is signed right behind the rest, V3's after a dot, V2's after nothing.
bool is_valid_nonce(std::string_view nonce, bool digits_only) {
  return !nonce.empty() && nonce.size() <= kMaxNonceBytes &&
         std::ranges::all_of(nonce, [&](char c) {
           if (is_digit(c)) return true;
           const bool letter = is_letter(c);
           return !digits_only && (letter || c == '-' || c == '_');
         });
}

std::vector<Parameter> sorted_pairs(std::span<const Parameter> pairs) {
  std::vector<Parameter> sorted(pairs.begin(), pairs.end());
  std::ranges::sort(sorted, [](const Parameter& a, const Parameter& b) {
    return std::tie(a.name, a.value) < std::tie(b.name, b.value);
  });
  return sorted;
}

std::string v3_string_to_sign(const SignedUrl& url, std::span<const Parameter> body,
                              std::string_view nonce) {
  constexpr auto kUnlimited = std::numeric_limits<std::size_t>::max();
  const auto [path, encoded_query] = split_target(url.target);
  // Without limits decoding can't fail.
  const Form form = Form::decode(encoded_query, {kUnlimited, kUnlimited, kUnlimited}).value();
  const std::vector<Parameter> query_pairs = sorted_pairs(form.parameters());
  const std::vector<Parameter> body_pairs = sorted_pairs(body);

  std::string out;
  out.reserve(url.origin.size() + path.size() + size_of(query_pairs) + size_of(body_pairs) +
              nonce.size() + 3);
  out.append(url.origin).append(path);
  if (!query_pairs.empty() || !body_pairs.empty()) out.push_back('?');
  for (std::size_t i = 0; i < query_pairs.size(); ++i) {
    if (i != 0) out.push_back('&');
    out.append(query_pairs[i].name).append("=").append(query_pairs[i].value);
  }
  if (!query_pairs.empty() && !body_pairs.empty()) out.push_back('.');
  for (const Parameter& pair : body_pairs) out.append(pair.name).append(pair.value);
  return out.append(".").append(nonce);
}

std::string v2_string_to_sign(const SignedUrl& url, std::string_view nonce) {
  const std::string_view path = split_target(url.target).path;
  std::string out;
  out.reserve(url.origin.size() + path.size() + nonce.size());
  return out.append(url.origin).append(path).append(nonce);
}

std::string sign(std::string_view string_to_sign, std::string_view token) {
  const EncodedMac text = encode(hmac_sha256(string_to_sign, token));
  return {reinterpret_cast<const char*>(text.data()), kEncodedMacBytes};
}

std::string_view to_string(SignatureRefusal refusal) {
  switch (refusal) {
    case SignatureRefusal::kNoHeader:
      return "no header";
    case SignatureRefusal::kNonceMissing:
      return "nonce missing";
    case SignatureRefusal::kNonceMalformed:
      return "nonce malformed";
    case SignatureRefusal::kHeaderMalformed:
      return "header malformed";
    case SignatureRefusal::kMismatch:
      return "mismatch";
  }
  return "mismatch";
}

SignatureVerdict verify_v3(const SignedUrl& url, std::span<const Parameter> body,
                           const SignatureHeaders& headers,
                           std::span<const SigningAccount> accounts) {
  return verify(url, headers, accounts, /*nonce_of_digits=*/false,
                [&](std::string_view nonce) { return v3_string_to_sign(url, body, nonce); });
}

SignatureVerdict verify_v2(const SignedUrl& url, const SignatureHeaders& headers,
                           std::span<const SigningAccount> accounts) {
  return verify(url, headers, accounts, /*nonce_of_digits=*/true,
                [&](std::string_view nonce) { return v2_string_to_sign(url, nonce); });
}

}  // namespace plivo_dial
