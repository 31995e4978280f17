// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/signed_request.h"

#include <random>
#include <utility>

#include "lib/form/form.h"
#include "lib/signature/signature.h"

namespace plivo_dial::test {

std::string new_nonce() {
  std::random_device random;
  std::string nonce;
  for (int i = 0; i < 20; ++i) nonce.push_back(static_cast<char>('0' + random() % 10));
  return nonce;
}

std::string v3_signature(const HttpRequest& request, const Signing& signing) {
  const std::string body = request.method == "POST" ? request.body : "";
  const Form form = Form::decode(body).value();
  return sign(v3_string_to_sign({signing.origin, request.path}, form.parameters(), signing.nonce),
              signing.token);
}

std::string v2_signature(const HttpRequest& request, const Signing& signing) {
  return sign(v2_string_to_sign({signing.origin, request.path}, signing.nonce), signing.token);
}

std::string signature_header(SignatureKind kind) {
  switch (kind) {
    case SignatureKind::kV3:
      return "X-Plivo-Signature-V3";
    case SignatureKind::kMaV3:
      return "X-Plivo-Signature-Ma-V3";
    case SignatureKind::kV2:
      return "X-Plivo-Signature-V2";
    case SignatureKind::kMaV2:
      break;
  }
  return "X-Plivo-Signature-Ma-V2";
}

std::string nonce_header(SignatureKind kind) {
  const bool v3 = kind == SignatureKind::kV3 || kind == SignatureKind::kMaV3;
  return v3 ? "X-Plivo-Signature-V3-Nonce" : "X-Plivo-Signature-V2-Nonce";
}

HttpRequest sign_request(HttpRequest request, const Signing& signing, SignatureKind kind) {
  const bool v3 = kind == SignatureKind::kV3 || kind == SignatureKind::kMaV3;
  const std::string signature =
      v3 ? v3_signature(request, signing) : v2_signature(request, signing);
  request.headers.push_back(signature_header(kind) + ": " + signature);
  request.headers.push_back(nonce_header(kind) + ": " + signing.nonce);
  return request;
}

HttpRequest with_header(HttpRequest request, std::string header) {
  request.headers.push_back(std::move(header));
  return request;
}

HttpRequest webhook_request(const std::string& path, const Example& example) {
  if (example.method != "POST") {
    return {.path = path + (path.find('?') == std::string::npos ? "?" : "&") + example.form};
  }
  return {.method = "POST",
          .path = path,
          .body = example.form,
          .headers = {"Content-Type: " + std::string(kFormType)}};
}

HttpRequest fresh_webhook(const std::string& path, const std::string& id) {
  return webhook_request(path, fresh_call(example(id)));
}

std::string raw_request(const HttpRequest& request, const std::string& host) {
  std::string bytes = request.method + " " + request.path + " HTTP/1.1\r\nHost: " + host +
                      "\r\nConnection: close\r\n";
  for (const std::string& header : request.headers) bytes += header + "\r\n";
  bytes += "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n";
  return bytes + request.body;
}

void write_token(const ServerRoot& files, const std::string& name, const std::string& token) {
  // Without root the server's user is who starts it.
  files.write_file("conf/" + name + ".token", token + "\n", 0600, !files.runs_as_root());
}

SignedServer::SignedServer(const ServerOptions& options) : PlivoServer(options) {
  write_token(httpd.files(), "main", kMainToken);
  write_token(httpd.files(), "previous", kPreviousMainToken);
  write_token(httpd.files(), "sub", kSubaccountToken);
}

std::string answering_location(const std::string& path, const std::string& directives) {
  return "<Location \"" + path +
         "\">\nSetHandler plivo-dial\nPlivoSpeak \"Connecting your call..\"\n"
         "PlivoDial +14155550100\n" +
         directives + "\n</Location>\n";
}

std::string signed_configuration() {
  return std::string(kAccounts) + "PlivoPublicURL " + kOrigin + "\n" +
         answering_location("/dialstatus");
}

}  // namespace plivo_dial::test
