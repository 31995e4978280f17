// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/api/boundary.h"
#include "lib/api/plivo_dial.h"
#include "lib/form/form.h"
#include "lib/signature/refused_request.h"
#include "lib/signature/signature.h"

namespace api = plivo_dial::api;

namespace {

using plivo_dial::RefusedRequest;
using plivo_dial::SignatureHeader;
using plivo_dial::SignatureRefusal;
using plivo_dial::SignatureVerdict;

plivo_dial::SignatureHeaders views_of(const plivo_dial_signature_headers& headers) {
  const auto view = [](const char* value) {
    return value == nullptr ? std::nullopt : std::optional<std::string_view>(value);
  };
  return {view(headers.account), view(headers.main_account), view(headers.nonce)};
}

plivo_dial_refusal to_c(SignatureRefusal refusal) {
  switch (refusal) {
    case SignatureRefusal::kNoHeader:
      return PLIVO_DIAL_NO_SIGNATURE;
    case SignatureRefusal::kNonceMissing:
      return PLIVO_DIAL_NONCE_MISSING;
    case SignatureRefusal::kNonceMalformed:
      return PLIVO_DIAL_NONCE_MALFORMED;
    case SignatureRefusal::kHeaderMalformed:
      return PLIVO_DIAL_SIGNATURE_MALFORMED;
    case SignatureRefusal::kMismatch:
      return PLIVO_DIAL_SIGNATURE_MISMATCH;
  }
  return PLIVO_DIAL_SIGNATURE_MISMATCH;
}

plivo_dial_signature_verdict to_c(const SignatureVerdict& verdict, bool by_v2) {
  if (!verdict.verified()) return {to_c(verdict.refusal), 0, ""};
  const bool main_account = verdict.match->header == SignatureHeader::kMainAccount;
  const char* const header =
      by_v2 ? (main_account ? "Ma-V2" : "V2") : (main_account ? "Ma-V3" : "V3");
  return {PLIVO_DIAL_NO_REFUSAL, verdict.match->account, header};
}

bool is_complete(const plivo_dial_signed_request* request, const char* const* tokens,
                 std::size_t count) {
  if (request == nullptr || request->url == nullptr || tokens == nullptr || count == 0) {
    return false;
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (tokens[i] == nullptr) return false;
  }
  return api::is_readable(request->body, request->body_size);
}

// Each token as an account of its own, so that the match's index is the token's.
std::vector<plivo_dial::SigningAccount> accounts_of(const char* const* tokens, std::size_t count) {
  std::vector<plivo_dial::SigningAccount> accounts;
  accounts.reserve(count);
  for (std::size_t i = 0; i < count; ++i) accounts.push_back({"", tokens[i], ""});
  return accounts;
}

}  // namespace

const char* plivo_dial_refusal_text(plivo_dial_refusal refusal) {
  switch (refusal) {
    case PLIVO_DIAL_NO_REFUSAL:
      return "the request is Plivo's";
    case PLIVO_DIAL_NO_SIGNATURE:
      return "the request has no header of a signature";
    case PLIVO_DIAL_NONCE_MISSING:
      return "the signature has no nonce";
    case PLIVO_DIAL_NONCE_MALFORMED:
      return "the nonce is not one of Plivo's";
    case PLIVO_DIAL_SIGNATURE_MALFORMED:
      return "no header holds what could be a signature";
    case PLIVO_DIAL_SIGNATURE_MISMATCH:
      return "no signature fits the URL, the body and any of the tokens";
  }
  return "unknown refusal";
}

plivo_dial_code plivo_dial_signature_check(const plivo_dial_signed_request* request,
                                           const char* const* tokens, size_t count,
                                           plivo_dial_signature_verdict* verdict, char** error) {
  if (error != nullptr) *error = nullptr;
  if (!is_complete(request, tokens, count)) return PLIVO_DIAL_BAD_ARGUMENT;
  return api::guarded([&] {
    RefusedRequest judged;
    judged.url = plivo_dial::split_signed_url(request->url);
    judged.v3 = views_of(request->v3);
    judged.v2 = views_of(request->v2);
    judged.accept_v2 = request->accept_v2 != 0;
    // Signing has no caps of its own.
    const auto query = plivo_dial::Form::decode(plivo_dial::raw_query(judged.url.target));
    if (!query) return api::bad_input(query.error(), error);
    const auto body = plivo_dial::Form::decode(api::view_of(request->body, request->body_size));
    if (!body) return api::bad_input(body.error(), error);

    const auto accounts = accounts_of(tokens, count);
    const bool by_v2 = plivo_dial::decided_by_v2(judged);
    const SignatureVerdict found =
        by_v2 ? verify_v2(judged.url, judged.v2, accounts)
              : verify_v3(judged.url, body->parameters(), judged.v3, accounts);
    if (verdict != nullptr) *verdict = to_c(found, by_v2);
    return found.verified() ? PLIVO_DIAL_OK : PLIVO_DIAL_NOT_TRUSTED;
  });
}
