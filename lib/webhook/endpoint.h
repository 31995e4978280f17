// File: lib/webhook/endpoint.h
//
// The words for what a request of Plivo's is about: the endpoints, which are the last segments of
// our URLs, and the events that requests report. Everybody who reads or writes one of the words
// asks here, and whoever goes through all of them, too: a new one is a member of its enumeration
// and a row of its table in endpoint.cc. Pure functions.
//
//   endpoint_for_path("/dialstatus", "/dialstatus/ring", Endpoint::kAnswer)     -> kRing
//   endpoint_for_path("/dialstatus", "/dialstatus/other", Endpoint::kAnswer)    -> kAnswer
//   url_of_endpoint("/dialstatus", Endpoint::kAction)       -> "/dialstatus/action"
//   parse_event_kind("dial.result")                         -> EventKind::kDialResult
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace plivo_dial {

// What a webhook is about, and what kind of reply it wants.
enum class Endpoint {
  kAnswer,
  kAction,
  kCallback,
  kRing,
  kHangup,
  kFallback,
  kConfirm,
  kMusic,
  kRecording,
  kEvent,
};
inline constexpr std::size_t kEndpointCount = static_cast<std::size_t>(Endpoint::kEvent) + 1;

// In the order of the enumerations.
std::span<const std::string_view> endpoint_words();
std::string_view to_string(Endpoint endpoint);                  // "answer", ...
std::optional<Endpoint> parse_endpoint(std::string_view word);  // exact, lower case

// Whether the reply is an XML document, since a caller is on the line or somebody who picked up,
// rather than an empty body (callback, ring, hangup, event).
bool wants_document(Endpoint endpoint);

// The methods by which it is requested, as in Allow: flows use more than calls.
const char* allowed_methods(Endpoint endpoint);

// The endpoint of `path` inside the Location `location` (no trailing slash; "" for "/"): the words
// of endpoints, but for answer, directly below the Location keep their meaning, with and without a
// trailing slash; everything else is `otherwise`, which is what PlivoEndpoint names.
Endpoint endpoint_for_path(std::string_view location, std::string_view path, Endpoint otherwise);

// The URL or path of `endpoint` below that of a Location, `base` (no trailing slash): what
// endpoint_for_path() reads. Of kAnswer it is `base` itself.
std::string url_of_endpoint(std::string_view base, Endpoint endpoint);

enum class EventKind {
  kCallAnswer,
  kCallRedirect,  // a document's Redirect, or a transfer, sent a call back to its plan
  kDialAnswered,
  kDialConnected,
  kDialDigits,
  kDialEnded,
  kDialResult,
  kCallRing,
  kCallHangup,
  kCallFallback,
  kDialConfirm,
  kDialMusic,
  kRecording,
  kTranscription,  // the text of a recording is ready
  kOther,
};
inline constexpr std::size_t kEventKindCount = static_cast<std::size_t>(EventKind::kOther) + 1;

std::span<const std::string_view> event_kind_words();
std::string_view to_string(EventKind kind);  // "dial.result", ...
std::optional<EventKind> parse_event_kind(std::string_view word);

// What a request at `endpoint` reports that does not say what it is about. kOther where it has to
// say so: at callback and event.
EventKind kind_by_url(Endpoint endpoint);

// The endpoint whose URL Plivo is given for reports of `kind`.
Endpoint usual_endpoint(EventKind kind);

}  // namespace plivo_dial
