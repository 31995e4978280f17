// File: tests/httpd/signed_request.h
//
// Requests as Plivo sends and signs them, and a server that knows the tokens. The signature is made
// over the URL that Plivo dials; what a test sends may then differ from it in every way.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/httpd/plivo_server.h"

namespace plivo_dial::test {

inline constexpr const char* kOrigin = "https://pbx.example.com";

// Tokens of the accounts in kAccounts, and one that the server does not know.
inline constexpr const char* kMainToken = "NWE3YzE5ZjQtMGQyYi00ZTc2LThhM2YtYjE0NmQw";
inline constexpr const char* kPreviousMainToken = "ZmQwOGIyNzEtYzZlNS00MTlhLTk0YzctM2E4MWU2";
inline constexpr const char* kSubaccountToken = "MTk2ZWI4ZDMtNzVmMC00YzJkLWIxNWEtODcyYzRl";
inline constexpr const char* kForeignToken = "OGM0ZjIwYWEtMWI5My00ZDU4LWE2ZTctZTUxN2Qw";

// A new nonce, as Plivo's look: 20 digits.
std::string new_nonce();

// What a signature is made with, beside the request.
struct Signing {
  std::string token = kMainToken;
  std::string origin =
      kOrigin;  // the URL that is signed: origin, then the request's path and query
  std::string nonce = new_nonce();
};

// The value of the signature header. The pairs of a body count where the method is POST.
std::string v3_signature(const HttpRequest& request, const Signing& signing);
std::string v2_signature(const HttpRequest& request, const Signing& signing);

// The names that the headers' signature and nonce have: "X-Plivo-Signature" + these.
enum class SignatureKind { kV3, kMaV3, kV2, kMaV2 };
std::string signature_header(SignatureKind kind);
std::string nonce_header(SignatureKind kind);

// The request with the two headers that sign it.
HttpRequest sign_request(HttpRequest request, const Signing& signing = {},
                         SignatureKind kind = SignatureKind::kV3);

// The request with one more header, "Name: value".
HttpRequest with_header(HttpRequest request, std::string header);

// `example` as Plivo sends it to `path`, not signed yet: its form is the body of a POST, and is
// added to the query of a GET.
HttpRequest webhook_request(const std::string& path, const Example& example);

// A fresh call of the example called `id`.
HttpRequest fresh_webhook(const std::string& path, const std::string& id);

// `bytes` of a request that HttpClient::exchange() can send: for request lines that libcurl does
// not write. The connection is closed behind it.
std::string raw_request(const HttpRequest& request, const std::string& host);

// Writes conf/`name`.token, as PlivoAccount wants it: closed to all but who starts the server.
void write_token(const ServerRoot& files, const std::string& name, const std::string& token);

// A server with the token files that kAccounts names.
struct SignedServer : PlivoServer {
  explicit SignedServer(const ServerOptions& options = {});
};

inline constexpr const char* kAccounts = R"(
PlivoAccount main MAXXXXXXXXXXXXXXXXXX "file:${ROOT}/conf/main.token" "file:${ROOT}/conf/previous.token"
PlivoAccount sub SAXXXXXXXXXXXXXXXXXX "file:${ROOT}/conf/sub.token"
)";

// A Location that answers, with `directives` in it.
std::string answering_location(const std::string& path, const std::string& directives = "");

// kAccounts, the public URL and an answering Location /dialstatus: PlivoSignature Require by
// default.
std::string signed_configuration();

}  // namespace plivo_dial::test
