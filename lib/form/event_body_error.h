// File: lib/form/event_body_error.h
//
// Why the body of a PHLO flow's request can't be taken, whatever its format is.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace plivo_dial {

// Why a body can't be taken.
struct EventBodyError {
  enum class Kind {
    kMalformed,  // no object, a part without end, nested too deeply, a number beyond all bounds
    kOverLimit,  // one of FormLimits
  };
  Kind kind = Kind::kMalformed;
  std::string message;  // names the rule and, where it helps, the byte offset; no byte of the body
};

}  // namespace plivo_dial
