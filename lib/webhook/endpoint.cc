// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/endpoint.h"

#include <algorithm>
#include <array>

namespace plivo_dial {
namespace {

struct EndpointRow {
  std::string_view word;
  bool wants_document;
  EventKind kind;  // see kind_by_url()
};

// In the order of the enumerations.
constexpr auto kEndpoints = std::to_array<EndpointRow>({
    {"answer", true, EventKind::kCallAnswer},
    {"action", true, EventKind::kDialResult},
    {"callback", false, EventKind::kOther},
    {"ring", false, EventKind::kCallRing},
    {"hangup", false, EventKind::kCallHangup},
    {"fallback", true, EventKind::kCallFallback},
    {"confirm", true, EventKind::kDialConfirm},
    {"music", true, EventKind::kDialMusic},
    {"recording", true, EventKind::kRecording},
    {"event", false, EventKind::kOther},
});
static_assert(kEndpoints.size() == kEndpointCount);

struct EventKindRow {
  std::string_view word;
  Endpoint endpoint;  // see usual_endpoint()
};

constexpr auto kEventKinds = std::to_array<EventKindRow>({
    {"call.answer", Endpoint::kAnswer},
    {"call.redirect", Endpoint::kAnswer},
    {"dial.answered", Endpoint::kCallback},
    {"dial.connected", Endpoint::kCallback},
    {"dial.digits", Endpoint::kCallback},
    {"dial.ended", Endpoint::kCallback},
    {"dial.result", Endpoint::kAction},
    {"call.ring", Endpoint::kRing},
    {"call.hangup", Endpoint::kHangup},
    {"call.fallback", Endpoint::kFallback},
    {"dial.confirm", Endpoint::kConfirm},
    {"dial.music", Endpoint::kMusic},
    {"recording", Endpoint::kRecording},
    {"recording.transcription", Endpoint::kRecording},
    {"other", Endpoint::kCallback},
});
static_assert(kEventKinds.size() == kEventKindCount);

template <class Row, std::size_t kCount>
constexpr std::array<std::string_view, kCount> words_of(const std::array<Row, kCount>& rows) {
  std::array<std::string_view, kCount> words{};
  std::ranges::transform(rows, words.begin(), &Row::word);
  return words;
}

constexpr auto kEndpointWords = words_of(kEndpoints);
constexpr auto kEventKindWords = words_of(kEventKinds);

const EndpointRow& row_of(Endpoint endpoint) {
  return kEndpoints[static_cast<std::size_t>(endpoint)];
}

const EventKindRow& row_of(EventKind kind) {
  return kEventKinds[static_cast<std::size_t>(kind)];
}

// The member of `Enumeration` that `word` stands for.
template <class Enumeration>
std::optional<Enumeration> find_word(std::span<const std::string_view> words,
                                     std::string_view word) {
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enumeration>(found - words.begin());
}

}  // namespace

std::span<const std::string_view> endpoint_words() {
  return kEndpointWords;
}

std::string_view to_string(Endpoint endpoint) {
  return row_of(endpoint).word;
}

std::optional<Endpoint> parse_endpoint(std::string_view word) {
  return find_word<Endpoint>(kEndpointWords, word);
}

bool wants_document(Endpoint endpoint) {
  return row_of(endpoint).wants_document;
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
  return kEventKindWords;
}

std::string_view to_string(EventKind kind) {
  return row_of(kind).word;
}

std::optional<EventKind> parse_event_kind(std::string_view word) {
  return find_word<EventKind>(kEventKindWords, word);
}

EventKind kind_by_url(Endpoint endpoint) {
  return row_of(endpoint).kind;
}

Endpoint usual_endpoint(EventKind kind) {
  return row_of(kind).endpoint;
}

}  // namespace plivo_dial
