// File: mod_plivo_dial/request/refusal.h
//
// Why a request is refused: what every step on its way returns when it goes no further.
// end_request() makes of it the status that Plivo sees, and the line that the administrator sees.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "lib/base/result.h"

namespace plivo_dial {

// What is counted together; some kinds share a few message ids.
enum class RefusalKind {
  kMethod,
  kNoSignature,
  kNonce,
  kMismatch,
  kSignatureHeader,
  kOtherVersion,
  kEventSecret,
  kNothingToVerifyWith,
  kBodySize,
  kContentType,
  kContentEncoding,
  kCaps,
  kEscapes,
  kCallUuid,
  kBodyFormat,
  kBodyIncomplete,
  kCount,  // how many there are
};
inline constexpr std::size_t kRefusalKinds = static_cast<std::size_t>(RefusalKind::kCount);

// The message never holds a token, a signature or a byte of the request's values.
struct Refusal : Error {
  int status = 0;  // of HTTP; AP_FILTER_ERROR: a filter has answered already
  RefusalKind kind = RefusalKind::kMethod;
  const char* id = "";  // one of log_id

  // Whether it gets a line. Who finds out why at some cost asks before (refusal_log.h), and says
  // what he was told.
  enum class Line { kAsk, kDue, kNone };
  Line line = Line::kAsk;
};

inline Refusal refused(int status, RefusalKind kind, const char* id, std::string reason) {
  Refusal refusal;
  refusal.message = std::move(reason);
  refusal.status = status;
  refusal.kind = kind;
  refusal.id = id;
  return refusal;
}

}  // namespace plivo_dial
