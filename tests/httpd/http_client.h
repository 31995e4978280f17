// File: tests/httpd/http_client.h
//
// HTTP requests to the server under test, over libcurl, and raw ones where libcurl is too polite.
// Every document that comes back is parsed again: one that does not parse is a failure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/httpd/document.h"

namespace plivo_dial::test {

struct HttpRequest {
  std::string method = "GET";
  std::string path = "/";  // with query, sent byte for byte
  std::string body = {};
  std::vector<std::string> headers = {};  // "Name: value"; "Name:" leaves out libcurl's own
};

struct HttpReply {
  long status = 0;                             // 0: no reply
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body = {};
  DocumentElement document;  // of a reply of type application/xml

  // "" when there is no such header. `name` in lower case.
  std::string header(const std::string& name) const;
};

inline constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

// Talks to 127.0.0.1:port. Each request has a connection of its own.
class HttpClient {
 public:
  explicit HttpClient(int port) : port_(port) {}

  // No reply at all is a failure of the test.
  HttpReply send(const HttpRequest& request) const;
  HttpReply get(const std::string& path) const { return send({.path = path}); }
  // `form` as application/x-www-form-urlencoded.
  HttpReply post(const std::string& path, const std::string& form) const;

  // Sends `bytes` as they are and returns everything that comes back until the server closes or
  // has been silent for a while.
  std::string exchange(std::string_view bytes) const;

 private:
  int port_;
};

// The same over one connection that is kept alive, for tests that send thousands of requests. Moves
// to a fresh connection where the server closed the old one. For one thread at a time.
class HttpSession {
 public:
  explicit HttpSession(int port);

  HttpReply send(const HttpRequest& request);

 private:
  struct CloseHandle {
    void operator()(void* handle) const;
  };

  int port_;
  std::unique_ptr<void, CloseHandle> handle_;  // libcurl's
};

}  // namespace plivo_dial::test
