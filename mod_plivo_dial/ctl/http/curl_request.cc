// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/http/curl_request.h"

#include <new>

namespace plivo_dial::ctl {

void append_line(const std::string& line, CurlList& list) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (!longer) throw std::bad_alloc();
  list.release();
  list.reset(longer);
}

CurlList header_lines(const std::vector<HttpHeader>& headers) {
  CurlList lines;
  append_line("Expect:", lines);
  for (const HttpHeader& header : headers) append_line(header.name + ": " + header.value, lines);
  return lines;
}

void set_up_request(CURL* curl, const std::string& url, const std::string& user_agent,
                    long total_milliseconds) {
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  // libcurl would take "/../" out of a path, whose bytes are signed.
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, user_agent.c_str());
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, total_milliseconds);
}

}  // namespace plivo_dial::ctl
