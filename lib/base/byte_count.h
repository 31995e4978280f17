// File: lib/base/byte_count.h
//
// Numbers of bytes as administrators write them: 65536, 64K, 16M, 2G. Use it for directives and
// options that bound a size; what range makes sense, the caller knows.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "lib/base/result.h"

namespace plivo_dial {

// `text` as a number of bytes; K, M and G (of either case) multiply by 1024, 1024^2 and 1024^3. The
// error quotes `text`. Pure.
Result<std::uint64_t> parse_byte_count(std::string_view text);

}  // namespace plivo_dial
