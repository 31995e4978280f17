// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/endpoint.h"

#include <algorithm>
#include <array>

namespace plivo_dial {
namespace {

constexpr std::array<std::string_view, kEndpointCount> kEndpoints = {
    "answer", "action", "callback", "ring", "hangup", "fallback", "confirm", "recording", "event"};

constexpr std::array<std::string_view, kEventKindCount> kEventKinds = {
    "call.answer",
    "call.redirect",
    "dial.answered",
    "dial.connected",
    "dial.digits",
    "dial.ended",
    "dial.result",
    "call.ring",
    "call.hangup",
    "call.fallback",
    "dial.confirm",
    "recording",
    "recording.transcription",
    "other",
};

}  // namespace

std::span<const std::string_view> endpoint_words() {
  return kEndpoints;
}

std::string_view to_string(Endpoint endpoint) {
  return kEndpoints[static_cast<std::size_t>(endpoint)];
}

std::optional<Endpoint> parse_endpoint(std::string_view word) {
  const auto found = std::ranges::find(kEndpoints, word);
  if (found == kEndpoints.end()) return std::nullopt;
  return static_cast<Endpoint>(found - kEndpoints.begin());
}

bool wants_document(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::kAnswer:
    case Endpoint::kAction:
    case Endpoint::kFallback:
    case Endpoint::kConfirm:
    case Endpoint::kRecording:
      return true;
    case Endpoint::kCallback:
    case Endpoint::kRing:
    case Endpoint::kHangup:
    case Endpoint::kEvent:
      break;
  }
  return false;
}

const char* allowed_methods(Endpoint endpoint) {
  return endpoint == Endpoint::kEvent ? "GET, POST, PUT, DELETE" : "GET, POST";
}

std::string url_of_endpoint(std::string_view base, Endpoint endpoint) {
  std::string url(base);
  if (endpoint != Endpoint::kAnswer) url.append("/").append(to_string(endpoint));
  return url;
}

Endpoint endpoint_for_path(std::string_view location, std::string_view path, Endpoint otherwise) {
  if (!path.starts_with(location)) return otherwise;
  path.remove_prefix(location.size());
  if (!path.starts_with('/')) return otherwise;
  path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  const auto endpoint = parse_endpoint(path);
  // "answer" has no URL of ours: the Location's own path is the answer.
  return endpoint && *endpoint != Endpoint::kAnswer ? *endpoint : otherwise;
}

std::span<const std::string_view> event_kind_words() {
  return kEventKinds;
}

std::string_view to_string(EventKind kind) {
  return kEventKinds[static_cast<std::size_t>(kind)];
}

std::optional<EventKind> parse_event_kind(std::string_view word) {
  const auto found = std::ranges::find(kEventKinds, word);
  if (found == kEventKinds.end()) return std::nullopt;
  return static_cast<EventKind>(found - kEventKinds.begin());
}

}  // namespace plivo_dial
