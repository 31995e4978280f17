// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/http_client.h"

#include <curl/curl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

namespace plivo_dial::test {
namespace {

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* reply) {
  static_cast<HttpReply*>(reply)->body.append(bytes, size * count);
  return size * count;
}

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* reply) {
  const std::string_view line(bytes, size * count);
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return line.size();
  std::string name(line.substr(0, colon));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  std::string_view value = line.substr(colon + 1);
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  value = value.substr(0, value.find_last_not_of("\r\n ") + 1);
  static_cast<HttpReply*>(reply)->headers[name] = std::string(value);
  return line.size();
}

void check_document(HttpReply& reply) {
  if (reply.header("content-type").find("xml") == std::string::npos) return;
  Result<DocumentElement> document = parse_document(reply.body);
  if (document.ok()) {
    reply.document = std::move(document).value();
  } else {
    ADD_FAILURE() << document.error().message << "\n" << reply.body;
  }
}

}  // namespace

std::string HttpReply::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

HttpReply HttpClient::send(const HttpRequest& request) const {
  return HttpSession(port_).send(request);
}

HttpReply HttpClient::post(const std::string& path, const std::string& form) const {
  return send({.method = "POST",
               .path = path,
               .body = form,
               .headers = {"Content-Type: " + std::string(kFormType)}});
}

std::string HttpClient::exchange(std::string_view bytes) const {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port_));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string reply;
  if (connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ADD_FAILURE() << "nobody listens on port " << port_;
  } else if (::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL) >= 0) {
    char buffer[4096];
    pollfd readable = {connection, POLLIN, 0};
    while (poll(&readable, 1, 5000) == 1) {
      const ssize_t length = recv(connection, buffer, sizeof buffer, 0);
      if (length <= 0) break;
      reply.append(buffer, static_cast<std::size_t>(length));
    }
  }
  close(connection);
  return reply;
}

HttpSession::HttpSession(int port) : port_(port), handle_(curl_easy_init()) {}

void HttpSession::CloseHandle::operator()(void* handle) const {
  curl_easy_cleanup(handle);
}

HttpReply HttpSession::send(const HttpRequest& request) {
  HttpReply reply;
  CURL* const handle = handle_.get();
  curl_easy_reset(handle);
  curl_slist* headers = nullptr;
  for (const std::string& header : request.headers) {
    headers = curl_slist_append(headers, header.c_str());
  }
  // Without this, libcurl asks for leave before it sends a large body.
  headers = curl_slist_append(headers, "Expect:");
  const std::unique_ptr<curl_slist, FreeList> owned_headers(headers);
  const std::string url = "http://127.0.0.1:" + std::to_string(port_);
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  // libcurl would cut a fragment off, and judge the rest, if it were a part of the URL.
  curl_easy_setopt(handle, CURLOPT_REQUEST_TARGET, request.path.c_str());
  curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, 20L);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &reply);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &reply);
  if (!request.body.empty() || request.method == "POST") {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
  }
  if (request.method == "HEAD") curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  const CURLcode code = curl_easy_perform(handle);
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &reply.status);
  // A server may answer and close before it has read a body that it refuses.
  if (code != CURLE_OK && !(code == CURLE_SEND_ERROR && reply.status >= 400)) {
    ADD_FAILURE() << request.method << ' ' << request.path << ": " << curl_easy_strerror(code);
  }
  check_document(reply);
  return reply;
}

}  // namespace plivo_dial::test
