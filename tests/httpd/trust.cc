// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/trust.h"

#include <gtest/gtest.h>
#include <strings.h>

#include <algorithm>
#include <limits>
#include <sstream>
#include <utility>

#include "lib/event/base64.h"
#include "lib/event/spooled_event.h"
#include "lib/form/form.h"
#include "lib/spool/segment_reader.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

constexpr std::size_t kTellingBytes = 6;

const std::string kSpool = "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher Off\n";

Form decode_without_limits(std::string_view encoded) {
  constexpr auto kUnlimited = std::numeric_limits<std::size_t>::max();
  return Form::decode(encoded, {kUnlimited, kUnlimited, kUnlimited}).value();
}

bool has_header(const HttpRequest& request, const std::string& name) {
  return std::any_of(
      request.headers.begin(), request.headers.end(), [&](const std::string& header) {
        return strncasecmp(header.c_str(), (name + ":").c_str(), name.size() + 1) == 0;
      });
}

void expect_absent(const std::string& text, const std::string& what, const std::string& bytes) {
  EXPECT_EQ(text.find(bytes), std::string::npos) << what << " is in: " << text;
}

}  // namespace

void write_event_secret(const ServerRoot& files) {
  files.write_file("conf/event.secret", std::string(kEventSecret) + "\n", 0600,
                   !files.runs_as_root());
}

HttpRequest form_post(const std::string& path, const std::string& form) {
  return webhook_request(path, {"", "POST", form});
}

HttpRequest sign_v2(HttpRequest request, const Signing& signing) {
  return sign_request(std::move(request), signing, SignatureKind::kV2);
}

HttpRequest sign_as_if_to(const std::string& target, HttpRequest request, const Signing& signing) {
  const std::string path = std::exchange(request.path, target);
  request = sign_request(std::move(request), signing);
  request.path = path;
  return request;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string wire(const HttpRequest& request) {
  std::string bytes = request.method + " " + request.path + " HTTP/1.1\r\nConnection: close\r\n";
  if (!has_header(request, "Host")) bytes += "Host: pbx.example.com\r\n";
  if (!has_header(request, "Content-Length") && !has_header(request, "Transfer-Encoding") &&
      !(request.method == "GET" && request.body.empty())) {
    bytes += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  for (const std::string& header : request.headers) {
    if (!header.ends_with(':')) bytes += header + "\r\n";
  }
  return bytes + "\r\n" + request.body;
}

int status_of(const std::string& reply) {
  return reply.starts_with("HTTP/1.1 ") ? std::atoi(reply.c_str() + 9) : 0;
}

TrustServer::TrustServer(const ServerOptions& options) : httpd(options) {
  write_token(httpd.files(), "main", kMainToken);
  write_token(httpd.files(), "previous", kPreviousMainToken);
  write_token(httpd.files(), "sub", kSubaccountToken);
  write_event_secret(httpd.files());
}

bool TrustServer::start(const std::string& configuration) {
  return httpd.start(kSpool + configuration);
}

void TrustServer::reconfigure(const std::string& configuration) {
  httpd.reconfigure(kSpool + configuration);
}

std::string TrustServer::expect_good_request(const Signing& signing) {
  const Example call = fresh_call(example("E5"));
  const HttpRequest request = webhook_request("/dialstatus/callback", call);
  EXPECT_EQ(client().send(sign_request(request, signing)).status, 200);
  return form_value(call.form, "CallUUID");
}

std::vector<nlohmann::json> TrustServer::events() const {
  const std::string spool = httpd.root() + "/spool";
  std::vector<nlohmann::json> events;
  const auto names = list_segments(spool);
  for (const std::string& name : *names) {
    const SegmentScan scan = SegmentReader::open(spool + "/in/" + name).value()->scan(0).value();
    for (const SegmentFrame& frame : scan.frames) {
      events.push_back(nlohmann::json::parse(parse_spooled_event(frame.payload).value().json));
    }
  }
  return events;
}

std::vector<nlohmann::json> TrustServer::events_once_there(std::size_t expected) const {
  std::vector<nlohmann::json> all;
  const auto are_there = [&] {
    all = events();
    return all.size() >= expected;
  };
  wait_for(are_there);
  return all;
}

std::vector<std::string> TrustServer::refusals() const {
  return lines_with(httpd.error_log(), ": refused with ");
}

void expect_discreet(const std::string& text, const HttpRequest& request,
                     const std::vector<std::string>& known) {
  for (const std::string secret :
       {kMainToken, kPreviousMainToken, kSubaccountToken, kForeignToken, kEventSecret}) {
    expect_absent(text, "a secret", secret);
    expect_absent(text, "a secret in Base64", encode_base64(secret));
  }
  for (const std::string& header : request.headers) {
    if (strncasecmp(header.c_str(), "X-Plivo-", 8) != 0) continue;
    const std::string value = header.substr(std::min(header.find(": ") + 2, header.size()));
    if (value.size() >= kTellingBytes) expect_absent(text, header, value);
  }
  const std::size_t question_mark = request.path.find('?');
  const Form query = decode_without_limits(
      question_mark == std::string::npos ? "" : request.path.substr(question_mark + 1));
  const Form body = decode_without_limits(request.body);
  for (const Form* form : {&query, &body}) {
    for (const Parameter& pair : form->parameters()) {
      const std::string value(pair.value);
      const bool telling = value.size() >= kTellingBytes &&
                           std::find(known.begin(), known.end(), value) == known.end();
      if (telling) expect_absent(text, std::string(pair.name), value);
    }
  }
}

}  // namespace plivo_dial::test
