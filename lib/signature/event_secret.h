// File: lib/signature/event_secret.h
//
// The secret by which the endpoint `event` knows a PHLO flow, whose requests carry no signature.
// The flow's author sets it in the HTTP Request node: as bearer token, as password of basic
// authentication, or as a header of its own. Pure, keeps nothing, safe from any thread. Leaves
// libcrypto's error queue as it was; throws std::runtime_error only when libcrypto itself fails.
// Source: Plivo docs phlo/components-library/http-request; RFC 7617 and RFC 6750 for the schemes.
//
//   check_authorization("Bearer s3cret", "s3cret")                  -> kRight
//   check_authorization("Basic cGxpdm86czNjcmV0", "s3cret")         -> kRight, of plivo:s3cret
//   check_authorization(std::nullopt, "s3cret")                     -> kMissing
//   check_secret_header("other", "s3cret")                          -> kWrong
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace plivo_dial {

enum class EventSecretVerdict {
  kRight,
  kMissing,  // the header is not there, or holds nothing but blanks
  kWrong,
};

// Judges the value of the Authorization header: "Bearer SECRET", or "Basic BASE64(user:SECRET)"
// with any user name, even none; the scheme's case does not matter, the Base64 is read strictly,
// and the secret may hold colons. Time does not tell where a wrong secret differs. An empty
// `secret` is never right.
EventSecretVerdict check_authorization(std::optional<std::string_view> header,
                                       std::string_view secret);

// Judges the value of a header of the flow's own, which is the secret as it is (blanks around it
// do not count).
EventSecretVerdict check_secret_header(std::optional<std::string_view> header,
                                       std::string_view secret);

}  // namespace plivo_dial
