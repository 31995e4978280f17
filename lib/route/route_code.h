// File: lib/route/route_code.h
//
// A route as bytes, for an image. Reading them makes nothing but views, and takes any bytes: what
// is no route is nothing.
//
//   const std::string bytes = encode_route(route);
//   std::optional<RouteView> view = decode_route(bytes);
//   for (RouteTargets rest = view->targets; rest.size() > 0;) dial(rest.take_first());
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/route/route.h"

namespace plivo_dial {

// The addresses of a route's targets, one after the other; owns nothing, a copy begins where it
// stands.
class RouteTargets {
 public:
  RouteTargets() = default;

  std::uint32_t size() const { return count_; }

  // The first of at least one, which then is no longer there.
  std::string_view take_first();

 private:
  friend std::optional<struct RouteView> decode_route(std::string_view bytes);
  std::string_view bytes_;
  std::uint32_t count_ = 0;
};

// A Route whose texts are views into the bytes it was read from.
struct RouteView {
  RouteTargets targets;
  CallerId::Kind caller_id = CallerId::Kind::kPlivo;
  std::string_view caller_number;  // of kNumber
  std::string_view schedule;
  std::optional<bool> voicemail;
  std::string_view plan;
  std::uint32_t timeout = 0;
  std::uint32_t line = 0;
};

std::string encode_route(const Route& route);

// Nothing for bytes that encode_route() never gives. Never reads outside of them.
std::optional<RouteView> decode_route(std::string_view bytes);

// The same with memory of its own.
Route to_route(const RouteView& view);

}  // namespace plivo_dial
