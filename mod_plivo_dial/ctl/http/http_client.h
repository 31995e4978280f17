// File: mod_plivo_dial/ctl/http/http_client.h
//
// The one door through which a played call reaches a server. The command uses libcurl behind it,
// tests a scripted server.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "mod_plivo_dial/ctl/http/reply_head.h"

namespace plivo_dial::ctl {

struct HttpHeader {
  std::string name;
  std::string value;  // without control characters
};

struct HttpRequest {
  std::string method;                    // GET or POST; of a flow also PUT or DELETE
  std::string url;                       // absolute, without fragment
  std::string body;                      // a form, unless a Content-Type says otherwise
  std::vector<HttpHeader> headers = {};  // beside those that every request has
  // The host name by which the server is asked, in Host and in TLS, where the URL has the place at
  // which it is reached; "": the URL's.
  std::string server_name = {};
  std::string connect_to = {};  // host:port to connect to, whatever the URL says; "": the URL's
  bool proxy_protocol = false;  // the connection begins as a proxy's does that speaks PROXY
};

// The location of a redirect is absolute.
struct HttpResponse : ReplyHead {
  std::string body;        // at most what the client is willing to keep
  bool truncated = false;  // the server sent more than that
  std::string error;       // not empty: no response came, and this is why
  std::string remedy;      // with an error: what to do about it; may be empty
};

class HttpClient {
 public:
  virtual ~HttpClient() = default;

  // Sends one request and waits for its response. Reports every failure in HttpResponse::error.
  virtual HttpResponse send(const HttpRequest& request) = 0;
};

}  // namespace plivo_dial::ctl
