// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/load.h"

#include <curl/curl.h>

#include <algorithm>
#include <utility>

namespace plivo_dial::test {
namespace {

constexpr std::chrono::milliseconds kPauseWithoutReply{5};

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
std::string perform(CURL* handle, int port, const HttpRequest& request, Load::Answer* answer) {
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
  curl_off_t took = 0;
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(handle, CURLINFO_TOTAL_TIME_T, &took);
  curl_slist_free_all(headers);
  answer->status = code == CURLE_OK ? status : 0;
  answer->took = std::chrono::microseconds(took);
  if (code != CURLE_OK) {
    return request.path + ": " + curl_easy_strerror(code) + ": " + reason;
  }
  return status == 200 ? "" : request.path + ": status " + std::to_string(status);
}

}  // namespace

Load::Load(int port, std::size_t clients, MakeRequest make_request)
    : Load(port, Options{.clients = clients}, std::move(make_request)) {}

Load::Load(int port, Options options, MakeRequest make_request)
    : port_(port), options_(std::move(options)), make_request_(std::move(make_request)) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  for (std::size_t i = 0; i < options_.clients; ++i) {
    const bool keeps_alive = options_.keep_alive && i % 2 == 1;
    clients_.emplace_back([this, keeps_alive] { run_client(keeps_alive); });
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
    const std::size_t number = next_++;
    const int port = options_.port ? options_.port() : port_;
    Answer answer;
    const std::string failure = perform(handle, port, make_request_(number), &answer);
    if (options_.observe) options_.observe(number, answer);
    if (failure.empty()) {
      ++succeeded_;
    } else {
      const std::lock_guard<std::mutex> lock(mutex_);
      failures_.push_back((keeps_alive ? "kept alive: " : "fresh: ") + failure);
    }
    // Nobody to connect to is known at once, again and again.
    const bool refused = answer.status == 0;
    if (refused || options_.pause.count() > 0) {
      std::this_thread::sleep_for(std::max(options_.pause, kPauseWithoutReply));
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
