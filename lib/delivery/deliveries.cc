// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/deliveries.h"

#include <algorithm>
#include <utility>

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kReplacedSinkPatience{3000};

}  // namespace

void Deliveries::start(const std::vector<SinkConfig>& sinks, const DeliveryTools& tools) {
  for (const SinkConfig& sink : sinks) {
    if (is_ending(sink.name)) continue;
    std::unique_ptr<SinkDelivery>& delivery = running_[sink.name];
    if (!delivery) delivery = std::make_unique<SinkDelivery>(sink, tools);
  }
}

void Deliveries::let_go_others(const std::vector<SinkConfig>& sinks) {
  const Stop::Clock::time_point deadline = Stop::Clock::now() + kReplacedSinkPatience;
  for (auto entry = running_.begin(); entry != running_.end();) {
    const auto current = entry++;
    if (std::ranges::find(sinks, current->second->config()) != sinks.end()) continue;
    current->second->request_stop(deadline);
    ending_.push_back(std::move(current->second));
    running_.erase(current);
  }
}

bool Deliveries::collect_ended() {
  return std::erase_if(ending_, [](const auto& one) { return one->has_ended(); }) > 0;
}

bool Deliveries::is_ending(const std::string& sink) const {
  return std::ranges::any_of(ending_, [&](const auto& one) { return one->config().name == sink; });
}

void Deliveries::wake(bool rescan) {
  for (const auto& [name, delivery] : running_) {
    if (rescan) {
      delivery->rescan();
    } else {
      delivery->wake();
    }
  }
}

void Deliveries::end(milliseconds patience, const std::function<void()>& in_between) {
  const ByName ending = std::exchange(running_, {});
  const Stop::Clock::time_point deadline = Stop::Clock::now() + patience;
  for (const auto& [name, delivery] : ending) delivery->request_stop(deadline);
  const auto join_unless_exec = [](SinkDelivery& delivery) {
    if (delivery.config().kind != SinkKind::kExec) delivery.join();
  };
  for (const auto& delivery : ending_) join_unless_exec(*delivery);
  for (const auto& [name, delivery] : ending) join_unless_exec(*delivery);
  in_between();
  for (const auto& [name, delivery] : ending) delivery->join();
  ending_.clear();
}

}  // namespace plivo_dial
