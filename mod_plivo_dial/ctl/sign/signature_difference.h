// File: mod_plivo_dial/ctl/sign/signature_difference.h
//
// Where two strings to sign differ, by their parts rather than by bytes. Pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "lib/form/form.h"
#include "lib/signature/signature.h"

namespace plivo_dial::ctl {

// What a V3 string is made of.
struct SignedParts {
  SignedUrl url;
  std::span<const Parameter> body;
  std::string_view nonce;
};

// The first part that differs, in the order in which the string has them: base (the URL up to its
// query), query pairs and body pairs, both sorted, nonce. A sentence without stop, safe for a
// terminal: `the body pair "To=1": it was signed as "To=2"`; "" when nothing differs.
std::string first_difference(const SignedParts& signed_as, const SignedParts& here);

}  // namespace plivo_dial::ctl
