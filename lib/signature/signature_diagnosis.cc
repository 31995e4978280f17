// SPDX-License-Identifier: Apache-2.0
#include "lib/signature/signature_diagnosis.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "lib/base/in_quotes.h"
#include "lib/base/text.h"
#include "lib/signature/url.h"
#include "lib/signature/url_candidates.h"

namespace plivo_dial {
namespace {

using Cause = Diagnosis::Cause;

constexpr std::string_view kSmallHexDigits = "0123456789abcdef";
constexpr std::size_t kMaxShownBytes = 100;
constexpr std::size_t kMaxAuthIdBytes = 64;  // those of Plivo have 20
constexpr std::size_t kMaxShownAccounts = 5;
constexpr std::size_t kFingerprintBytes = 8;

// Text of the request's for a log line.
std::string shown(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kMaxShownBytes)) {
    if (c >= ' ' && c <= '~') {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.append({'\\', 'x', kSmallHexDigits[byte >> 4], kSmallHexDigits[byte & 0x0F]});
  }
  if (text.size() > kMaxShownBytes) out.append("...");
  return out;
}

std::string shown_url(const SignedUrl& url) {
  return std::string(url.origin) + shown(path_of(url.target));
}

std::string account_list(std::span<const SigningAccount> accounts) {
  if (accounts.empty()) return "no account";
  std::string list = accounts.size() == 1 ? "account " : "accounts ";
  const std::size_t count = std::min(accounts.size(), kMaxShownAccounts);
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) list += ", ";
    list += in_quotes(accounts[i].name);
  }
  if (accounts.size() > count) {
    list += " and " + std::to_string(accounts.size() - count) + " more";
  }
  return list;
}

std::string version_of(const RefusedRequest& request) {
  return decided_by_v2(request) ? "V2" : "V3";
}

const SignatureHeaders& headers_of(const RefusedRequest& request) {
  return decided_by_v2(request) ? request.v2 : request.v3;
}

// ---- Headers that are missing or malformed.

Diagnosis only_v2(const RefusedRequest& request) {
  const bool is_v2 = request.v2.account || request.v2.main_account;
  if (!is_v2) {
    return {Cause::kOnlyV2,
            "the request is signed by version 1 only (X-Plivo-Signature), which is never accepted: "
            "Plivo signs voice requests by V3, so a proxy in front may drop X-Plivo-Signature-V3, "
            "or the sender is an old test program"};
  }
  const bool fits = verify_v2(request.url, request.v2, request.accounts).verified();
  return {Cause::kOnlyV2,
          std::string("the request has X-Plivo-Signature-V2, but no X-Plivo-Signature-V3; the V2 "
                      "signature ") +
              (fits ? "fits" : "does not fit " + account_list(request.accounts) + " either") +
              ": Plivo signs voice requests by V3 and messages by V2, so look whether a messaging "
              "application has this URL or a proxy in front drops the V3 headers; PlivoSignature "
              "V2 accepts it here, which protects neither query nor body"};
}

Diagnosis no_header(const RefusedRequest& request) {
  const SignatureHeaders& v2 = request.v2;
  if (!request.accept_v2 && (v2.account || v2.main_account)) return only_v2(request);
  if (request.has_v1) return only_v2(request);
  if (request.v3.nonce) {
    return {Cause::kNoHeader,
            "the request has X-Plivo-Signature-V3-Nonce, but neither X-Plivo-Signature-V3 nor "
            "X-Plivo-Signature-Ma-V3: let the proxy in front pass all X-Plivo-* headers"};
  }
  return {Cause::kNoHeader,
          std::string("the request has no header X-Plivo-Signature-V3") +
              (request.accept_v2 ? " or -V2" : "") +
              ": it does not come from Plivo's voice service, or a proxy in front drops the "
              "X-Plivo-* headers (PHLO flows do not sign: give them the endpoint event)"};
}

Diagnosis bad_nonce(SignatureRefusal refusal, const RefusedRequest& request) {
  const std::string header = "X-Plivo-Signature-" + version_of(request) + "-Nonce";
  if (refusal == SignatureRefusal::kNonceMissing) {
    return {Cause::kNonce, "the request has a signature, but no header " + header +
                               ": let the proxy in front pass all X-Plivo-* headers"};
  }
  const std::size_t bytes = headers_of(request).nonce.value_or("").size();
  return {Cause::kNonce, "the header " + header + " (" + std::to_string(bytes) +
                             " bytes) is longer than " + std::to_string(kMaxNonceBytes) +
                             " bytes or holds something other than " +
                             (decided_by_v2(request) ? "digits" : "letters, digits, '-' and '_'") +
                             ": Plivo sends 20 digits, so this is not Plivo's"};
}

Diagnosis malformed_header(const RefusedRequest& request) {
  const std::string version = version_of(request);
  return {Cause::kHeaderMalformed,
          "no entry of X-Plivo-Signature-" + version + " or X-Plivo-Signature-Ma-" + version +
              " could be a signature: each is 44 characters of Base64, at most " +
              std::to_string(kMaxSignatureHeaderEntries) + " in " +
              std::to_string(kMaxSignatureHeaderBytes) +
              " bytes, so this is not Plivo's, or a proxy in front cuts long headers"};
}

// ---- A reading that fits.

bool ends_in_slash(std::string_view target) {
  return path_of(target).ends_with('/');
}

// What to do about a path that was signed in another form.
std::string path_remedy(std::string_view path, std::string_view asked_for) {
  const auto without_slash = [](std::string_view text) {
    return text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
  };
  if (path == decoded_path(asked_for)) {
    return "the percent-escapes of the path were decoded before it was signed, as Plivo's Go SDK "
           "does it: enter a URL whose path has none at Plivo";
  }
  if (without_slash(path) != without_slash(asked_for)) {
    return "something in front rewrites the path " + shown(path) + " to " + shown(asked_for) +
           ": let it pass paths as they are";
  }
  const std::string with = ends_in_slash(asked_for) ? "with" : "without";
  return std::string("the path was signed ") + (ends_in_slash(path) ? "with" : "without") +
         " a slash at its end and asked for " + with + " one: enter the URL at Plivo " + with +
         " the slash, and let the proxy in front pass paths as they are";
}

std::string other_url_remedy(const Fit& fit, const RefusedRequest& request) {
  std::string remedy;
  if (fit.origin != request.url.origin) {
    remedy = "set PlivoPublicURL " + fit.origin;
    if (fit.origin.starts_with("http://") && request.url.origin.starts_with("https://")) {
      remedy += ", or better enter the URL with https:// at Plivo";
    }
  }
  // Both readings of the path "/" are accepted, so that one is no reason.
  const std::string_view path = path_of(fit.target);
  const std::string_view asked_for = path_of(request.url.target);
  if (!fit.match.without_slash && path != asked_for) {
    if (!remedy.empty()) remedy += "; and ";
    remedy += path_remedy(path, asked_for);
  }
  return remedy;
}

Diagnosis other_url(const Fit& fit, const RefusedRequest& request) {
  Diagnosis diagnosis = {Cause::kOtherUrl, "", shown_url(fit.url())};
  if (fit.origin != request.url.origin) diagnosis.public_url = fit.origin;
  diagnosis.sentence = "signed for " + diagnosis.signed_url + ", we used " +
                       shown_url(request.url) + ": " + other_url_remedy(fit, request);
  if (fit.host_from_request) {
    diagnosis.sentence +=
        " (host taken from the request, unverified: make sure that it is yours; that the token of "
        "account " +
        in_quotes(request.accounts[fit.match.account].name) +
        " fits proves that Plivo signed for this URL, not that it leads here)";
  }
  return diagnosis;
}

Diagnosis without_query(const Fit& fit, const RefusedRequest& request) {
  return {Cause::kOtherUrl,
          "signed for " + shown_url(request.url) +
              " without a query, while the request has one: something in front added it; let the "
              "proxy pass the URL as it is, or enter the URL with this query at Plivo",
          shown_url(fit.url())};
}

Diagnosis other_account(const Fit& fit, const RefusedRequest& request) {
  const std::size_t index = fit.match.account;
  const std::string name = in_quotes(request.other_accounts[index].name);
  std::string place = "in another virtual host";
  if (index < request.other_account_places.size()) {
    place = "at " + std::string(request.other_account_places[index]);
  }
  return {Cause::kOtherAccount,
          "signed with the token of PlivoAccount " + name + ", which is " + place +
              " and does not hold for " + shown_url(request.url) +
              ": repeat that PlivoAccount here, or enter the URL of the virtual host that it is "
              "for at Plivo"};
}

std::string_view way_to(OtherSite::Missed missed) {
  switch (missed) {
    case OtherSite::Missed::kOtherPort:
      return "which does not listen at the address and port where the request came in: let the "
             "proxy in front pass such requests to its port";
    case OtherSite::Missed::kHostNotNamed:
      return "which has no ServerName or ServerAlias with that host, so that httpd did not choose "
             "it: add a ServerAlias to it";
    case OtherSite::Missed::kHostNotPassed:
      break;
  }
  return "but the request asks for another host, so that httpd did not choose it: let the proxy in "
         "front pass the header Host as it came (nginx: proxy_set_header Host $host; Apache httpd: "
         "ProxyPreserveHost On)";
}

Diagnosis other_site(const Fit& fit, const RefusedRequest& request) {
  const OtherSite& site = request.other_sites[fit.site];
  return {Cause::kOtherSite,
          "signed for " + shown_url(fit.url()) + " with the token of account " +
              in_quotes(site.accounts[fit.match.account].name) + ", and both belong to the " +
              std::string(site.place) + ", " + std::string(way_to(site.missed)),
          {},
          std::string(site.origin)};
}

std::string_view changed_pairs(Reading reading) {
  switch (reading) {
    case Reading::kDecodedOnceMore:
      return "is percent-decoded once more: it was encoded twice on the way";
    case Reading::kPlusKept:
      return "has '+' where we read spaces: %2B became + on the way";
    case Reading::kWithEmptyLeg:
      return "has the pair DialBLegUUID= as well: pairs with empty values were dropped on the way";
    case Reading::kWithoutEmptyPairs:
      return "lacks the pairs with empty values: they were added on the way";
    default:
      return "is empty: its pairs were added on the way, or the sender did not sign them";
  }
}

std::string look_for_filters(bool body) {
  if (!body) return "; look for a proxy or a rewriting rule in front that writes the query anew";
  return "; look for modules with an input filter (SetInputFilter, InputSed, mod_ext_filter, "
         "mod_charset_lite, ModSecurity) and for a proxy in front that writes bodies anew";
}

Diagnosis changed(const Fit& fit, const RefusedRequest& request) {
  const bool body = !request.body.empty();
  return {Cause::kBodyChanged,
          std::string("the signature fits when the ") + (body ? "body " : "query ") +
              std::string(changed_pairs(fit.reading)) + look_for_filters(body)};
}

Diagnosis explain(const Fit& fit, const RefusedRequest& request) {
  switch (fit.reading) {
    case Reading::kOtherUrl:
      return other_url(fit, request);
    case Reading::kOtherAccount:
      return other_account(fit, request);
    case Reading::kOtherSite:
      return other_site(fit, request);
    case Reading::kWithoutQuery:
      return without_query(fit, request);
    default:
      return changed(fit, request);
  }
}

// ---- No reading fits: what else tells something.

bool body_length_differs(const RefusedRequest& request) {
  return request.declared_body_bytes && *request.declared_body_bytes != request.read_body_bytes;
}

std::string lengths(const RefusedRequest& request) {
  return "the request declares a body of " + std::to_string(*request.declared_body_bytes) +
         " bytes, and " + std::to_string(request.read_body_bytes) + " were read";
}

Diagnosis told_by_witness(const SignatureMatch& match, const RefusedRequest& request) {
  std::string sentence =
      "the V2 signature, which covers the URL without query and its nonce only, "
      "fits account " +
      in_quotes(request.accounts[match.account].name) +
      ": token and URL are right, but the body or the query was changed on the "
      "way";
  if (body_length_differs(request)) sentence += " (" + lengths(request) + ")";
  return {Cause::kBodyChanged, sentence + look_for_filters(true)};
}

Diagnosis told_by_length(const RefusedRequest& request) {
  return {Cause::kBodyChanged,
          lengths(request) + ": the body was changed after it arrived" + look_for_filters(true)};
}

// An Auth ID, of a main account or a subaccount; anything else is no reason to name an account.
bool may_name_account(std::string_view text) {
  const bool has_kind = text.starts_with("MA") || text.starts_with("SA");
  return has_kind && text.size() <= kMaxAuthIdBytes &&
         std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c); });
}

// ParentAuthID is the main account's also where a subaccount owns the call, so beside a subaccount
// an unknown one tells nothing.
bool names_unknown_account(const RefusedRequest& request) {
  if (request.account_ids.empty()) return false;
  if (!request.parent_auth_id || !may_name_account(*request.parent_auth_id)) return false;
  return std::ranges::none_of(request.account_ids, [&](std::string_view id) {
    return id == *request.parent_auth_id || id.starts_with("SA");
  });
}

Diagnosis told_by_auth_id(const RefusedRequest& request) {
  const std::string id = shown(*request.parent_auth_id);
  return {Cause::kOtherAccount,
          "no token of " + account_list(request.accounts) +
              " fits, and the request names Auth ID " + id +
              " (unverified), which no PlivoAccount here has: add PlivoAccount NAME " + id +
              " file:... with that account's token, if it is yours"};
}

Diagnosis unknown(const RefusedRequest& request) {
  const bool by_v2 = decided_by_v2(request);
  const std::string_view nonce = headers_of(request).nonce.value_or("");
  const std::string signed_string = by_v2 ? v2_string_to_sign(request.url, nonce)
                                          : v3_string_to_sign(request.url, request.body, nonce);
  std::string sentence = "no token of " + account_list(request.accounts) + " fits " +
                         shown_url(request.url) +
                         " (string to sign sha256:" + string_fingerprint(signed_string) +
                         ") or another reading of the request; likely causes, in this order: the "
                         "token is not that of the account that owns the number";
  if (request.parent_auth_id && may_name_account(*request.parent_auth_id)) {
    sentence += " (the request names Auth ID " + shown(*request.parent_auth_id) + ", unverified)";
  }
  sentence +=
      ", the URL as entered at Plivo differs from this one, Plivo has replaced the token of an "
      "account that was not used for 90 days, or a module or proxy on the way changed body or "
      "query";
  if (path_of(request.url.target).find('%') != std::string_view::npos) {
    sentence +=
        "; the path has percent-escapes, which not every program signs as they are: better enter "
        "a URL without them at Plivo";
  }
  return {Cause::kUnknown, sentence.append(kVerifyHint)};
}

Diagnosis explain_mismatch(const RefusedRequest& request) {
  const SearchResult result = search_reading(request);
  if (result.fit) return explain(*result.fit, request);
  if (result.v2_match) return told_by_witness(*result.v2_match, request);
  if (!decided_by_v2(request) && body_length_differs(request)) return told_by_length(request);
  if (names_unknown_account(request)) return told_by_auth_id(request);
  return unknown(request);
}

}  // namespace

Diagnosis diagnose_refusal(SignatureRefusal refusal, const RefusedRequest& request) {
  switch (refusal) {
    case SignatureRefusal::kNoHeader:
      return no_header(request);
    case SignatureRefusal::kNonceMissing:
    case SignatureRefusal::kNonceMalformed:
      return bad_nonce(refusal, request);
    case SignatureRefusal::kHeaderMalformed:
      return malformed_header(request);
    case SignatureRefusal::kMismatch:
      break;
  }
  return explain_mismatch(request);
}

std::string string_fingerprint(std::string_view string_to_sign) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  ERR_set_mark();
  const bool made = EVP_Digest(string_to_sign.data(), string_to_sign.size(), digest.data(), nullptr,
                               EVP_sha256(), nullptr) == 1;
  ERR_pop_to_mark();
  if (!made) throw std::runtime_error("libcrypto made no SHA-256");
  std::string text;
  for (const unsigned char byte : std::span(digest).first(kFingerprintBytes)) {
    text.push_back(kSmallHexDigits[byte >> 4]);
    text.push_back(kSmallHexDigits[byte & 0x0F]);
  }
  return text;
}

}  // namespace plivo_dial
