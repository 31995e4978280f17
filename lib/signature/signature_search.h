// File: lib/signature/signature_search.h
//
// What a refused request was signed as: the search for another reading of it that a signature
// fits. A reading that fits is proved, since only who has the token can make the signature.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "lib/form/form.h"
#include "lib/signature/refused_request.h"
#include "lib/signature/signature.h"

namespace plivo_dial {

// Each attempt is one string tried against all tokens given.
inline constexpr int kMaxDiagnosisAttempts = 32;

// How many of other_sites are tried beside these, each against the tokens that hold there.
inline constexpr std::size_t kMaxOtherSites = 64;

// In what the signed request differs from the one that was read. The pairs are those of the body,
// or of the query when there is no body.
enum class Reading {
  kOtherUrl,           // scheme, host, port, prefix or the slash at the path's end
  kOtherAccount,       // in nothing: a token of other_accounts fits
  kOtherSite,          // signed for the URL of other_sites, by an account that holds there
  kWithoutQuery,       // signed without the query
  kWithoutBody,        // signed without the body's pairs
  kDecodedOnceMore,    // the pairs were percent-encoded twice
  kPlusKept,           // spaces at the front of values, or all spaces, were '+'
  kWithoutEmptyPairs,  // pairs with empty values were added
  kWithEmptyLeg,       // the pair DialBLegUUID= was dropped
};

// A reading that a signature fits.
struct Fit {
  Reading reading = Reading::kOtherUrl;
  // Its index is in other_accounts with kOtherAccount, in those of the site with kOtherSite, else
  // in accounts.
  SignatureMatch match;
  std::size_t site = 0;            // kOtherSite: index in other_sites
  std::string origin;              // of the URL that was signed
  std::string target;              // the same; its '/' is left out where it was signed without
  Form body;                       // the pairs that were signed
  bool host_from_request = false;  // origin has a host that nothing but the request names

  SignedUrl url() const { return {origin, target}; }
};

struct SearchResult {
  std::optional<Fit> fit;
  // Where V3 decided: what V2's signature fits, over the URL as it was read. V2 covers the URL
  // without its query and nothing else, so such a request differs in query or body.
  std::optional<SignatureMatch> v2_match;
  int attempts = 0;
};

// Searches for at most kMaxDiagnosisAttempts attempts, likely readings first. Pure; throws only
// when libcrypto or memory fails.
SearchResult search_reading(const RefusedRequest& request);

}  // namespace plivo_dial
