// File: lib/event/base64.h
//
// Base64 (RFC 4648, with padding) for bytes that JSON can't hold, through libcrypto.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace plivo_dial {

// `bytes` in base64, without line breaks. At most 512 MB. Safe from any thread.
std::string encode_base64(std::string_view bytes);

// The bytes of `text`, or nothing unless encode_base64 could have made it. Safe from any thread.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace plivo_dial
