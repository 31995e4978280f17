// File: lib/signature/signature_diagnosis.h
//
// Why a signature was refused, in words that say what to change. Use diagnose_refusal only once a
// request has been refused, and only when its line will be read: it tries up to
// kMaxDiagnosisAttempts other readings of the request, and the other virtual hosts. It never
// changes a verdict.
// Pure: no I/O, no state. Sentences hold no token, no signature, no query and no byte of a body
// but the Auth ID that a request names; what comes from the request is called unverified in them,
// and is cut and escaped to printable ASCII.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/signature/refused_request.h"
#include "lib/signature/signature.h"
#include "lib/signature/signature_search.h"

namespace plivo_dial {

struct Diagnosis {
  enum class Cause {
    kNoHeader,
    kOnlyV2,  // V2 (or V1) headers only, while V3 is demanded
    kNonce,   // missing or malformed
    kHeaderMalformed,
    kOtherUrl,      // proved: signed for another URL
    kOtherAccount,  // proved: a token of another virtual host fits; or told by ParentAuthID
    kOtherSite,     // proved: signed for the URL of another virtual host, by its account
    kBodyChanged,   // proved by V2, which covers the URL alone, or by another reading of the
                    // pairs; or told by the length that was read
    kUnknown,
  };
  Cause cause = Cause::kUnknown;
  std::string sentence = {};    // the cause and what to do, without id and status
  std::string signed_url = {};  // kOtherUrl: for which it was signed, as far as the path
  std::string public_url = {};  // kOtherUrl: the PlivoPublicURL that belongs to it, when ours
                                // differs; kOtherSite: that one
};

// `refusal` is what the verdict said. Throws only when libcrypto or memory fails.
Diagnosis diagnose_refusal(SignatureRefusal refusal, const RefusedRequest& request);

// How the sentence of kUnknown ends: the next step.
inline constexpr std::string_view kVerifyHint =
    "; next, give the request to plivo-dialctl verify, which shows the string and what differs";

// The first 16 hexadecimal digits of the SHA-256 of a string to sign: two sides can compare what
// they signed without showing it. Throws only when libcrypto fails.
std::string string_fingerprint(std::string_view string_to_sign);

}  // namespace plivo_dial
