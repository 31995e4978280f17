// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/callers.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

std::vector<std::chrono::microseconds> sorted_times(const std::vector<AnsweredCall>& calls) {
  std::vector<std::chrono::microseconds> times;
  for (const AnsweredCall& call : calls) {
    if (call.status != 0) times.push_back(call.took);
  }
  std::sort(times.begin(), times.end());
  return times;
}

double milliseconds_at(const std::vector<std::chrono::microseconds>& sorted, double share) {
  const auto last = static_cast<double>(sorted.size() - 1);
  return static_cast<double>(sorted[static_cast<std::size_t>(last * share)].count()) / 1000;
}

}  // namespace

Callers::Callers(int port, const Options& options)
    : port_(port),
      padding_(options.padding == 0 ? "" : "&Padding=" + std::string(options.padding, 'x')),
      kinds_{{"/dialstatus/ring", example("R1")},
             {"/dialstatus/callback", example("E9")},
             {"/dialstatus/action", example("D3")}},
      load_(port,
            Load::Options{.clients = options.clients,
                          .keep_alive = options.keep_alive,
                          .pause = options.pause,
                          .port = [this] { return port_.load(); },
                          .observe = [this](std::size_t number,
                                            const Load::Answer& answer) { note(number, answer); }},
            [this](std::size_t number) { return next_request(number); }) {}

Callers::~Callers() {
  stop();
}

void Callers::stop() {
  load_.stop();
}

HttpRequest Callers::next_request(std::size_t number) {
  const auto& [path, kind] = kinds_[number % kinds_.size()];
  const Example call = fresh_call(kind);
  const std::lock_guard<std::mutex> lock(mutex_);
  under_way_[number] = {form_value(call.form, "CallUUID"), path, 0, {}};
  return {.method = "POST",
          .path = path,
          .body = call.form + padding_,
          .headers = {"Content-Type: " + std::string(kFormType)}};
}

void Callers::note(std::size_t number, const Load::Answer& answer) {
  const std::lock_guard<std::mutex> lock(mutex_);
  AnsweredCall call = std::move(under_way_.extract(number).mapped());
  call.status = answer.status;
  call.took = answer.took;
  calls_.push_back(std::move(call));
}

std::vector<AnsweredCall> Callers::calls() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return calls_;
}

bool Callers::accept_more(std::size_t count) const {
  const std::size_t before = accepted();
  return wait_for([&] { return accepted() >= before + count; });
}

std::size_t count_status(const std::vector<AnsweredCall>& calls, long status) {
  return static_cast<std::size_t>(
      std::count_if(calls.begin(), calls.end(),
                    [status](const AnsweredCall& call) { return call.status == status; }));
}

std::string describe_latency(const std::vector<AnsweredCall>& calls) {
  const std::vector<std::chrono::microseconds> times = sorted_times(calls);
  if (times.empty()) return "no answers";
  std::array<char, 120> text{};
  std::snprintf(text.data(), text.size(), "%zu answers, p50 %.1f ms, p99 %.1f ms, longest %.1f ms",
                times.size(), milliseconds_at(times, 0.5), milliseconds_at(times, 0.99),
                milliseconds_at(times, 1));
  return text.data();
}

std::chrono::microseconds longest_wait(const std::vector<AnsweredCall>& calls) {
  const std::vector<std::chrono::microseconds> times = sorted_times(calls);
  return times.empty() ? std::chrono::microseconds(0) : times.back();
}

}  // namespace plivo_dial::test
