// File: lib/signature/signature.h
//
// Plivo's request signatures: the string that is signed, the signing, and the verdict on a request.
// Use verify_v3 on every request; verify_v2 only where V2 was asked for, since it covers neither
// body nor query. Nothing here logs, remembers or keeps a token.
// Source: Plivo docs voice/concepts/signature-validation, and the behaviour that the official SDKs
// share where the page is silent or differs (a POST without query still gets a '?').
//
//   const SigningAccount accounts[] = {{"main", token, ""}};
//   const SignedUrl url{"https://pbx.example.com", "/dialstatus"};
//   const SignatureHeaders headers{signature, std::nullopt, nonce};  // of kV3HeaderNames
//   const SignatureVerdict verdict = verify_v3(url, form.parameters(), headers, accounts);
//   if (!verdict.verified()) refuse(to_string(verdict.refusal));
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/form/form.h"

namespace plivo_dial {

// Upper bounds for what the headers may hold.
inline constexpr std::size_t kMaxSignatureHeaderBytes = 1024;
inline constexpr std::size_t kMaxSignatureHeaderEntries = 8;
inline constexpr std::size_t kMaxNonceBytes = 128;

// The URL that Plivo dialled, in two parts that are joined byte for byte: nothing is decoded, no
// case, port, slash or dot segment is changed.
struct SignedUrl {
  std::string_view origin;  // "https://host[:port][/prefix]", as PublicUrl::text() has it
  std::string_view target;  // the raw request target: path, then "?query"; a "#fragment" is dropped
};

// `url` cut where its path, query or fragment begins; views into `url`. Use it for a whole URL, and
// for a request line in absolute form.
SignedUrl split_signed_url(std::string_view url);

// The query of a raw request target, without '?' and fragment; "" when it has none. A view into
// `target`. What was verified is in here: httpd's own idea of the query may have been rewritten.
std::string_view raw_query(std::string_view target);

// Whether a nonce can be accepted: not empty, at most kMaxNonceBytes, and of bytes that cannot also
// stand in what is signed before it, or one signature would fit two requests. V3 takes letters,
// digits, '-' and '_', V2 (`digits_only`) digits. Plivo sends 20 digits.
bool is_valid_nonce(std::string_view nonce, bool digits_only);

// The pairs by name, then by value, compared as bytes; repeats stay.
std::vector<Parameter> sorted_pairs(std::span<const Parameter> pairs);

// The string that V3 signs. `body` holds the decoded pairs of a POST; give none for a GET, whose
// pairs are all in the query. There is no method parameter on purpose: pairs that were given are
// signed, so that a GET with a body, which Plivo never sends, can't carry unsigned pairs. The query
// is decoded here by Form's rules from the URL itself and without FormLimits: refuse a query over
// the limits before, by decoding it with them.
std::string v3_string_to_sign(const SignedUrl& url, std::span<const Parameter> body,
                              std::string_view nonce);

// The string that V2 signs: the URL without query and fragment, then the nonce.
std::string v2_string_to_sign(const SignedUrl& url, std::string_view nonce);

// Base64 of HMAC-SHA256 of `string_to_sign` under `token`. Throws std::runtime_error only when
// libcrypto itself fails.
std::string sign(std::string_view string_to_sign, std::string_view token);

// Of which header an entry matched. Both exist for V3 and for V2.
enum class SignatureHeader {
  kAccount,      // X-Plivo-Signature-V3: the token of the (sub)account that owns the call
  kMainAccount,  // X-Plivo-Signature-Ma-V3: always the main account's token
};

// Header names of one version.
struct SignatureHeaderNames {
  std::string_view account;
  std::string_view main_account;
  std::string_view nonce;
};
inline constexpr SignatureHeaderNames kV3HeaderNames = {
    "X-Plivo-Signature-V3", "X-Plivo-Signature-Ma-V3", "X-Plivo-Signature-V3-Nonce"};
inline constexpr SignatureHeaderNames kV2HeaderNames = {
    "X-Plivo-Signature-V2", "X-Plivo-Signature-Ma-V2", "X-Plivo-Signature-V2-Nonce"};

// The values of those headers; nullopt where the request has none. A repeated header is given as
// one value joined by commas, as httpd does.
struct SignatureHeaders {
  std::optional<std::string_view> account;
  std::optional<std::string_view> main_account;
  std::optional<std::string_view> nonce;
};

// An account whose tokens are tried. An empty token is none and never matches.
struct SigningAccount {
  std::string_view name;
  std::string_view current_token;
  std::string_view previous_token;
};

// What was right about a request.
struct SignatureMatch {
  std::size_t account = 0;  // index in the accounts given
  bool previous_token = false;
  SignatureHeader header = SignatureHeader::kAccount;
  bool without_slash = false;  // signed for the origin alone, while the path was "/"
};

enum class SignatureRefusal {
  kNoHeader,         // neither header is there
  kNonceMissing,     // absent or empty
  kNonceMalformed,   // not what is_valid_nonce takes
  kHeaderMalformed,  // no header has an entry that could be a signature, or all are over the caps
  kMismatch,         // well-formed, but no entry fits any token
};

// "no header", "nonce missing", ...
std::string_view to_string(SignatureRefusal refusal);

// Either a match, or the reason why there is none.
struct SignatureVerdict {
  std::optional<SignatureMatch> match;
  SignatureRefusal refusal = SignatureRefusal::kMismatch;  // only without a match

  bool verified() const { return match.has_value(); }
};

// Tries every entry of both headers against every token of every account, in constant time and to
// the end. A header is a list at commas, white space around entries and empty entries are ignored;
// an entry counts only as strict Base64 of 32 bytes, and a header over the caps counts as malformed
// whole. When the target's path is exactly "/", the URL without it is tried as well, since it may
// have been entered so. With several matches the first wins: the URL as it is, then the accounts in
// order, the current token, the account's own header. Pure and safe from any thread; leaves
// libcrypto's error queue as it was.
SignatureVerdict verify_v3(const SignedUrl& url, std::span<const Parameter> body,
                           const SignatureHeaders& headers,
                           std::span<const SigningAccount> accounts);

// The same over V2's string and headers. Never call it for a request that has a V3 header.
SignatureVerdict verify_v2(const SignedUrl& url, const SignatureHeaders& headers,
                           std::span<const SigningAccount> accounts);

}  // namespace plivo_dial
