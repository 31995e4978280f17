// File: lib/signature/token_doubt.h
//
// Whether a text can be an auth token of Plivo's: with one that can't be, every request is refused.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace plivo_dial {

// Why `token` can be none, as the end of a sentence that begins with what holds it, with the
// remedy; "" when nothing speaks against it. Holds no byte of it. Pure.
std::string doubt_of_token(std::string_view token);

}  // namespace plivo_dial
