// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/load.h"

#include <curl/curl.h>

namespace plivo_dial::test {
namespace {

std::size_t discard(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

CURL* make_handle(bool keeps_alive) {
  CURL* handle = curl_easy_init();
  curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, 20L);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, discard);
  curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, keeps_alive ? 0L : 1L);
  curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, keeps_alive ? 0L : 1L);
  return handle;
}

// One request on `handle`; "" or what went wrong.
std::string perform(CURL* handle, int port, const HttpRequest& request) {
  curl_slist* headers = nullptr;
  for (const std::string& header : request.headers) {
    headers = curl_slist_append(headers, header.c_str());
  }
  const std::string url = "http://127.0.0.1:" + std::to_string(port) + request.path;
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  char reason[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, reason);
  const CURLcode code = curl_easy_perform(handle);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, nullptr);
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  curl_slist_free_all(headers);
  if (code != CURLE_OK) {
    return request.path + ": " + curl_easy_strerror(code) + ": " + reason;
  }
  return status == 200 ? "" : request.path + ": status " + std::to_string(status);
}

}  // namespace

Load::Load(int port, std::size_t clients, MakeRequest make_request)
    : port_(port), make_request_(std::move(make_request)) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  for (std::size_t i = 0; i < clients; ++i) {
    clients_.emplace_back([this, i] { run_client(i % 2 == 1); });
  }
}

void Load::stop() {
  stopping_ = true;
  for (std::thread& client : clients_) client.join();
  clients_.clear();
}

void Load::run_client(bool keeps_alive) {
  CURL* handle = make_handle(keeps_alive);
  bool is_first = true;
  while (!stopping_) {
    const std::string failure = perform(handle, port_, make_request_(next_++));
    if (failure.empty()) {
      ++succeeded_;
    } else {
      const std::lock_guard<std::mutex> lock(mutex_);
      failures_.push_back((keeps_alive ? "kept alive: " : "fresh: ") + failure);
    }
    long connections = 0;
    curl_easy_getinfo(handle, CURLINFO_NUM_CONNECTS, &connections);
    if (keeps_alive && !is_first && connections > 0) {
      // libcurl repeated a request, and a handle does so five times in its life.
      curl_easy_cleanup(handle);
      handle = make_handle(keeps_alive);
      is_first = true;
    } else {
      is_first = false;
    }
  }
  curl_easy_cleanup(handle);
}

}  // namespace plivo_dial::test
