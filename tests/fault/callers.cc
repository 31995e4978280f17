// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/callers.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "tests/fault/ack_log.h"
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

std::vector<Callers::Kind> kinds_for(const Callers::Options& options) {
  if (!options.kinds.empty()) return options.kinds;
  return options.keep_alive ? Callers::kinds_with_call() : Callers::all_kinds();
}

}  // namespace

std::vector<Callers::Kind> Callers::kinds_with_call() {
  return {{"/dialstatus/ring", example("R1")},
          {"/dialstatus/callback", example("E9")},
          {"/dialstatus/action", example("D3")}};
}

std::vector<Callers::Kind> Callers::all_kinds() {
  std::vector<Kind> kinds = kinds_with_call();
  kinds.push_back({kFlowPath, {"flow", "POST", "note=called+back&DialBLegUUID="}});
  return kinds;
}

Callers::Callers(int port, const Options& options)
    : port_(port),
      padding_(options.padding == 0 ? "" : "&Padding=" + std::string(options.padding, 'x')),
      kinds_(kinds_for(options)),
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
  const Kind& kind = kinds_[number % kinds_.size()];
  AnsweredCall call{new_uuid(), kind.path, 0, {}};
  std::string form;
  if (kind.path == kFlowPath) {
    form = with_form_value(kind.example.form, "DialBLegUUID", call.call);
  } else {
    form = fresh_call(kind.example).form;
    call.call = form_value(form, "CallUUID");
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  under_way_[number] = std::move(call);
  return {.method = "POST",
          .path = kind.path,
          .body = form + padding_,
          .headers = {"Content-Type: " + std::string(kFormType)}};
}

void Callers::note(std::size_t number, const Load::Answer& answer) {
  const std::int64_t now = monotonic_ns();
  const std::lock_guard<std::mutex> lock(mutex_);
  AnsweredCall call = std::move(under_way_.extract(number).mapped());
  call.status = answer.status;
  call.took = answer.took;
  call.answered_ns = now;
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

std::chrono::microseconds median_wait(const std::vector<AnsweredCall>& calls) {
  const std::vector<std::chrono::microseconds> times = sorted_times(calls);
  return times.empty() ? std::chrono::microseconds(0) : times[times.size() / 2];
}

double share_over(const std::vector<AnsweredCall>& calls, std::chrono::microseconds limit) {
  const std::vector<std::chrono::microseconds> times = sorted_times(calls);
  const auto over = times.end() - std::upper_bound(times.begin(), times.end(), limit);
  return times.empty() ? 0 : static_cast<double>(over) / static_cast<double>(times.size());
}

}  // namespace plivo_dial::test
