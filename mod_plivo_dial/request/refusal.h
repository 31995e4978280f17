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

// The stable ids of the error log's lines; plivo-messages(7) has each with its remedy.
namespace refusal_id {
inline constexpr const char* kMethod = "PD0101";
inline constexpr const char* kNoSignature = "PD0201";
inline constexpr const char* kNonce = "PD0202";
inline constexpr const char* kMismatch = "PD0203";
inline constexpr const char* kSignatureHeader = "PD0204";
inline constexpr const char* kOtherVersion = "PD0205";
inline constexpr const char* kOtherUrl = "PD0206";
inline constexpr const char* kOtherAccount = "PD0207";
inline constexpr const char* kBodyChanged = "PD0208";
inline constexpr const char* kEventSecret = "PD0209";
inline constexpr const char* kNothingToVerifyWith = "PD0210";
inline constexpr const char* kOtherSite = "PD0211";
inline constexpr const char* kBodySize = "PD0401";
inline constexpr const char* kContentType = "PD0402";
inline constexpr const char* kContentEncoding = "PD0403";
inline constexpr const char* kCaps = "PD0404";
inline constexpr const char* kEscapes = "PD0405";
inline constexpr const char* kCallUuid = "PD0408";
inline constexpr const char* kBodyFormat = "PD0409";
inline constexpr const char* kBodyIncomplete = "PD0412";
}  // namespace refusal_id

// The message never holds a token, a signature or a byte of the request's values.
struct Refusal : Error {
  int status = 0;  // of HTTP; AP_FILTER_ERROR: a filter has answered already
  RefusalKind kind = RefusalKind::kMethod;
  const char* id = "";

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
