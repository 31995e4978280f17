// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/reply_check.h"

#include <algorithm>

#include "mod_plivo_dial/ctl/http/shown_url.h"

namespace plivo_dial::ctl {
namespace {

std::string media_type(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(), [](unsigned char byte) {
    return static_cast<char>(byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte);
  });
  return type;
}

std::string_view status_remedy(long status) {
  switch (status) {
    case 401:
      return "Plivo cannot log in. Open this URL to it and rely on its signature";
    case 404:
      return "nothing is served at this path: compare it with the Location in the configuration";
    case 405:
      return "the server refuses this method: compare it with the method configured at Plivo";
    case 413:
      return "the server's limit for a request body is too low";
    default:
      break;
  }
  if (status >= 500) return "the server's error log says why it failed";
  return "the server must answer with 200";
}

std::string forbidden_remedy(std::string_view signed_url, bool ours) {
  if (signed_url.empty()) {
    return "if the server demands Plivo's signature, give the auth token with --token-file FILE";
  }
  const std::string signed_for =
      "signed for " + std::string(signed_url.substr(0, signed_url.find('?')));
  if (!ours) {
    return signed_for +
           ": check that --token-file holds the server's token, and --public-url is "
           "what Plivo dials";
  }
  return signed_for +
         ": the server's error log says why (PD02xx). Check that --token-file holds the token of "
         "its PlivoAccount, and that --public-url is its PlivoPublicURL";
}

// Of another server's reply, in case it should have been the module's.
std::string stranger_remedy(const HttpResponse& response) {
  return "; it is no reply of mod_plivo_dial: the URL " + stranger_text(response);
}

Refusal status_refusal(const HttpResponse& response, std::string_view signed_url) {
  Refusal refusal;
  refusal.unreachable = true;
  if (response.status >= 300 && response.status < 400) {
    refusal.text = "the server redirects (status " + std::to_string(response.status) + ")";
    if (!response.location.empty()) refusal.text += " to " + shown_url(response.location);
    refusal.remedy = "whether Plivo follows redirects is not documented: give the final URL";
    return refusal;
  }
  const bool ours = is_our_refusal(response, response.body);
  refusal.text = "status " + std::to_string(response.status);
  refusal.remedy = response.status == 403 ? forbidden_remedy(signed_url, ours)
                                          : std::string(status_remedy(response.status));
  if (!ours) refusal.remedy += stranger_remedy(response);
  return refusal;
}

Refusal invalid_document(std::string text, std::string remedy = "") {
  return Refusal{false, std::move(text), std::move(remedy)};
}

}  // namespace

std::optional<Refusal> check_notice_reply(const HttpResponse& response,
                                          std::string_view signed_url) {
  if (!response.error.empty()) return Refusal{true, response.error, response.remedy};
  if (response.status < 200 || response.status > 299) return status_refusal(response, signed_url);
  return std::nullopt;
}

std::variant<Document, Refusal> check_document_reply(const HttpResponse& response,
                                                     std::string_view signed_url) {
  if (auto refusal = check_notice_reply(response, signed_url)) return *std::move(refusal);
  if (response.truncated || response.body.size() > kMaxDocumentBytes) {
    return invalid_document("the document is larger than 100 kB",
                            "shorten it, or continue it behind a <Redirect>");
  }
  if (!response.body.empty()) {
    const std::string type = media_type(response.content_type);
    if (type != "application/xml" && type != "text/xml") {
      return invalid_document(
          type.empty() ? "the reply has no Content-Type" : "the reply's Content-Type is " + type,
          "send application/xml or text/xml" +
              (type == "text/html" ? stranger_remedy(response) : std::string()));
    }
  }
  Result<Document> document = read_document(response.body);
  if (!document) return invalid_document("the document is invalid: " + document.error().message);
  return std::move(document).value();
}

int refusal_code(Purpose purpose, bool unreachable) {
  switch (purpose) {
    case Purpose::kAnswer:
    case Purpose::kFallback:
      return unreachable ? 7011 : 8011;
    case Purpose::kAction:
      return unreachable ? 7012 : 8012;
    case Purpose::kRedirect:
      return unreachable ? 7014 : 8014;
    default:
      return 0;
  }
}

}  // namespace plivo_dial::ctl
