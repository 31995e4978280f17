// SPDX-License-Identifier: Apache-2.0
#include "lib/signature/signature_search.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "lib/signature/url.h"
#include "lib/signature/url_candidates.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kBLeg = "DialBLegUUID";

// The pairs were within the limits when they were read, and no reading is for keeps.
Form decode_all(std::string_view encoded) {
  constexpr auto kUnlimited = std::numeric_limits<std::size_t>::max();
  return Form::decode(encoded, {kUnlimited, kUnlimited, kUnlimited}).value();
}

std::string encode(std::span<const Parameter> pairs) {
  std::string encoded;
  for (const Parameter& pair : pairs) append_form_pair(pair.name, pair.value, encoded);
  return encoded;
}

// What the pairs decoded to, written as if it were a form itself. This also reads a body that was
// encoded as a whole, which came as one name.
std::string as_form_again(std::span<const Parameter> pairs) {
  std::string encoded;
  for (const Parameter& pair : pairs) {
    if (!encoded.empty()) encoded.push_back('&');
    encoded.append(pair.name);
    if (!pair.value.empty()) encoded.append("=").append(pair.value);
  }
  return encoded;
}

std::string with_plus(std::span<const Parameter> pairs, bool only_in_front) {
  std::string encoded;
  for (const Parameter& pair : pairs) {
    std::string value(pair.value);
    const std::size_t end = only_in_front ? std::min<std::size_t>(1, value.size()) : value.size();
    std::replace(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(end), ' ', '+');
    append_form_pair(pair.name, value, encoded);
  }
  return encoded;
}

std::string without_empty(std::span<const Parameter> pairs) {
  std::string encoded;
  for (const Parameter& pair : pairs) {
    if (!pair.value.empty()) append_form_pair(pair.name, pair.value, encoded);
  }
  return encoded;
}

// Only the report of a Dial has that pair, and it is empty when nobody answered.
std::string with_empty_leg(std::span<const Parameter> pairs) {
  const auto has = [&](std::string_view name) {
    return std::ranges::find(pairs, name, &Parameter::name) != pairs.end();
  };
  std::string encoded = encode(pairs);
  if (has("DialStatus") && !has(kBLeg)) append_form_pair(kBLeg, "", encoded);
  return encoded;
}

class Search {
 public:
  explicit Search(const RefusedRequest& request)
      : request_(request),
        by_v2_(decided_by_v2(request)),
        body_(by_v2_ ? std::string() : encode(request.body)) {}

  SearchResult run() {
    if (!by_v2_) ask_witness();
    const bool found =
        try_other_accounts() || try_other_sites() || (!by_v2_ && try_pairs()) || try_urls();
    static_cast<void>(found);
    return std::move(result_);
  }

 private:
  // A URL whose path is "/" is signed with and without it.
  int cost(const SignedUrl& url) const { return path_of(url.target) == "/" ? 2 : 1; }

  bool spend(const SignedUrl& url) {
    if (result_.attempts + cost(url) > kMaxDiagnosisAttempts) return false;
    result_.attempts += cost(url);
    return true;
  }

  void ask_witness() {
    const bool signed_by_v2 = request_.v2.account || request_.v2.main_account;
    if (!signed_by_v2 || !spend(request_.url)) return;
    result_.v2_match = verify_v2(request_.url, request_.v2, request_.accounts).match;
  }

  bool try_reading(Reading reading, const SignedUrl& url, std::string_view encoded_body,
                   std::span<const SigningAccount> accounts) {
    return spend(url) && fits(reading, url, encoded_body, accounts);
  }

  bool fits(Reading reading, const SignedUrl& url, std::string_view encoded_body,
            std::span<const SigningAccount> accounts) {
    Form body = decode_all(encoded_body);
    const SignatureVerdict verdict = by_v2_
                                         ? verify_v2(url, request_.v2, accounts)
                                         : verify_v3(url, body.parameters(), request_.v3, accounts);
    if (!verdict.verified()) return false;
    Fit fit = {reading,        *verdict.match, 0, std::string(url.origin), std::string(url.target),
               std::move(body)};
    if (fit.match.without_slash) fit.target.erase(0, 1);
    result_.fit = std::move(fit);
    return true;
  }

  bool try_other_accounts() {
    return !request_.other_accounts.empty() && !result_.v2_match &&
           try_reading(Reading::kOtherAccount, request_.url, body_, request_.other_accounts);
  }

  bool try_other_sites() {
    if (result_.v2_match) return false;
    const std::size_t count = std::min(request_.other_sites.size(), kMaxOtherSites);
    for (std::size_t i = 0; i < count; ++i) {
      const OtherSite& site = request_.other_sites[i];
      const SignedUrl url = {site.origin, request_.url.target};
      if (!fits(Reading::kOtherSite, url, body_, site.accounts)) continue;
      result_.fit->site = i;
      return true;
    }
    return false;
  }

  // The witness has proved the URL already.
  bool try_urls() {
    if (result_.v2_match) return false;
    const auto left = static_cast<std::size_t>(kMaxDiagnosisAttempts - result_.attempts);
    for (const UrlCandidate& candidate : url_candidates(request_, left)) {
      const SignedUrl url = {candidate.origin, candidate.target};
      if (!try_reading(Reading::kOtherUrl, url, body_, request_.accounts)) continue;
      result_.fit->host_from_request = candidate.host_from_request;
      return true;
    }
    return false;
  }

  bool try_pairs() {
    const std::string_view path = path_of(request_.url.target);
    const bool has_query = !raw_query(request_.url.target).empty();
    if (has_query && try_reading(Reading::kWithoutQuery, {request_.url.origin, path}, body_,
                                 request_.accounts)) {
      return true;
    }
    if (!body_.empty() && try_reading(Reading::kWithoutBody, request_.url, "", request_.accounts)) {
      return true;
    }
    const Form query = decode_all(raw_query(request_.url.target));
    const std::span<const Parameter> pairs = body_.empty() ? query.parameters() : request_.body;
    const std::pair<Reading, std::string> readings[] = {
        {Reading::kDecodedOnceMore, as_form_again(pairs)},
        {Reading::kPlusKept, with_plus(pairs, true)},
        {Reading::kPlusKept, with_plus(pairs, false)},
        {Reading::kWithEmptyLeg, with_empty_leg(pairs)},
        {Reading::kWithoutEmptyPairs, without_empty(pairs)},
    };
    tried_ = {encode(pairs), ""};
    return std::ranges::any_of(readings, [&](const auto& reading) {
      return try_encoded(reading.first, path, reading.second);
    });
  }

  // Tries pairs in place of the body's, or of the query's when there is no body.
  bool try_encoded(Reading reading, std::string_view path, const std::string& encoded) {
    std::string canonical = encode(decode_all(encoded).parameters());
    if (std::ranges::find(tried_, canonical) != tried_.end()) return false;
    tried_.push_back(std::move(canonical));
    if (!body_.empty()) return try_reading(reading, request_.url, encoded, request_.accounts);
    const std::string target = std::string(path) + "?" + encoded;
    return try_reading(reading, {request_.url.origin, target}, "", request_.accounts);
  }

  const RefusedRequest& request_;
  bool by_v2_;
  std::string body_;                // the pairs, encoded
  std::vector<std::string> tried_;  // encoded pairs that need no second attempt
  SearchResult result_;
};

}  // namespace

SearchResult search_reading(const RefusedRequest& request) {
  return Search(request).run();
}

}  // namespace plivo_dial
