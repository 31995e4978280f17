// File: mod_plivo_dial/ctl/http/curl_request.h
//
// What all requests by libcurl have in common here: http and https only, no proxy, no redirect, the
// URL's bytes as they are, and lists of lines that free themselves. Use it for a new kind of
// client.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <vector>

#include "mod_plivo_dial/ctl/http/http_client.h"

namespace plivo_dial::ctl {

struct FreeCurlList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlList = std::unique_ptr<curl_slist, FreeCurlList>;

// Throws std::bad_alloc: a request that lost a line would be refused for a reason nobody could see.
void append_line(const std::string& line, CurlList& list);

// `headers`, and no "Expect: 100-continue", which libcurl asks for before long bodies and Plivo
// does not. The request needs it for as long as it runs.
CurlList header_lines(const std::vector<HttpHeader>& headers);

// Sets `curl` up for `url`, for at most `total_milliseconds`. libcurl copies the strings.
void set_up_request(CURL* curl, const std::string& url, const std::string& user_agent,
                    long total_milliseconds);

}  // namespace plivo_dial::ctl
