// File: lib/base/crc32c.h
//
// CRC-32C (Castagnoli, RFC 3720 appendix B.4): the check value of segment frames. It recognises
// torn and flipped bytes; it is no protection against forgery.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace plivo_dial {

// The CRC of `bytes`, or, with the CRC of what came before them in `previous`, of both. Pure.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t previous = 0);

// The same as on a processor without an instruction for it. For tests.
std::uint32_t crc32c_by_tables(std::string_view bytes, std::uint32_t previous = 0);

}  // namespace plivo_dial
