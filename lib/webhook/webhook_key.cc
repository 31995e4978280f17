// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/webhook_key.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string>

#include "lib/base/text.h"
#include "lib/signature/signature.h"
#include "lib/webhook/continuation.h"

namespace plivo_dial {
namespace {

// Keys outlive a process and an upgrade: a change of what is hashed needs a new word here.
constexpr std::string_view kRequestDomain = "plivo-dial request 1";
constexpr std::string_view kOccurrenceDomain = "plivo-dial occurrence 3";
constexpr std::string_view kNonceDomain = "plivo-dial nonce 1";
constexpr std::string_view kSignedStringDomain = "plivo-dial signed string 1";

// What came of a stage: the status, in whatever spelling, and the cause. CallStatus tells how it is
// with the caller by now, which may have changed since the first try.
constexpr std::array<std::string_view, 1> kSaidOfStage = {"DialHangupCause"};

// What the end of a leg says beside its words stays the same over a retry too: it is known by then.
constexpr std::array<std::string_view, 20> kSaidOnce = {
    "DialRingStatus",
    "DialBLegStatus",
    "DialHangupCause",
    "HangupCause",
    "HangupCauseCode",
    "HangupCauseName",
    "HangupSource",
    "DialBLegHangupCause",
    "DialBLegHangupCauseCode",
    "DialBLegHangupCauseName",
    "DialBLegHangupSource",
    "Duration",
    "BillDuration",
    "TotalCost",
    "DialBLegDuration",
    "DialBLegBillDuration",
    "DialBLegTotalCost",
    "StartTime",
    "AnswerTime",
    "EndTime",
};

// What reports of one recording differ in: that the caller has finished, that the file is ready,
// that its text is.
constexpr std::array<std::string_view, 19> kSaidOfRecording = {
    "Digits",
    "RecordingID",
    "RecordUrl",
    "RecordFile",
    "RecordingDuration",
    "RecordingDurationMs",
    "RecordingStartMs",
    "RecordingEndMs",
    "recording_id",
    "record_url",
    "recording_duration",
    "recording_duration_ms",
    "recording_start_ms",
    "recording_end_ms",
    "transcription",
    "transcription_charge",
    "transcription_rate",
    "duration",
    "error",
};

// What is hashed. Every field carries its length, so that no two lists of fields are one text.
class KeyMaterial {
 public:
  explicit KeyMaterial(std::string_view domain) {
    bytes_.reserve(1024);
    add(domain);
  }

  void add(std::string_view field) {
    add_number(field.size());
    bytes_.append(field);
  }

  // Absent and empty are different things to say.
  void add(std::optional<std::string_view> field) {
    add_number(field ? 1 : 0);
    if (field) add(*field);
  }

  // A word or an id in which the case of letters says nothing.
  void add_caseless(std::optional<std::string_view> field) {
    if (!field) return add(field);
    const std::string small = lower(*field);
    add(std::optional<std::string_view>(small));
  }

  void add_number(std::uint64_t number) {
    // The same bytes on every machine, since a spool may be moved.
    for (int shift = 0; shift < 64; shift += 8) {
      bytes_.push_back(static_cast<char>((number >> shift) & 0xFF));
    }
  }

  void add_pairs(std::span<const Parameter> pairs) {
    add_number(pairs.size());
    for (const Parameter& pair : sorted_pairs(pairs)) {
      add(pair.name);
      add(pair.value);
    }
  }

  WebhookKey digest() const {
    WebhookKey key;
    ERR_set_mark();
    const int made =
        EVP_Digest(bytes_.data(), bytes_.size(), key.data(), nullptr, EVP_sha256(), nullptr);
    ERR_pop_to_mark();
    if (made != 1) throw std::runtime_error("libcrypto made no SHA-256");
    return key;
  }

 private:
  std::string bytes_;
};

bool is_named(const Webhook::Text& leg) {
  return leg && !leg->empty();
}

// By its id or by the URL of its file.
bool names_recording(const RequestParameters& parameters) {
  return std::ranges::any_of(std::array{"RecordingID", "recording_id", "RecordUrl", "record_url"},
                             [&](const char* name) { return is_named(parameters.find(name)); });
}

// Only what Dial fetches and reports carries the continuation; elsewhere it would be chance.
bool carries_continuation(const Webhook& webhook) {
  return webhook.endpoint == Endpoint::kAction || webhook.endpoint == Endpoint::kCallback;
}

// A leg that ended without an answer may have no id; the number that was called tells it from the
// others of its stage.
Webhook::Text leg_of(const Webhook& webhook) {
  return is_named(webhook.b_leg) ? webhook.b_leg : webhook.b_leg_to;
}

// Whether the webhook tells of something that happens only once to the leg or recording it names.
bool happens_once(const Webhook& webhook, const RequestParameters& parameters) {
  if (webhook.endpoint == Endpoint::kEvent) return false;
  if (carries_continuation(webhook) && !webhook.stage) return false;
  switch (webhook.kind) {
    case EventKind::kDialAnswered:
    case EventKind::kDialConnected:
    case EventKind::kDialEnded:
      return webhook.call() && is_named(leg_of(webhook));
    case EventKind::kCallAnswer:
    case EventKind::kCallRing:
    case EventKind::kCallHangup:
    case EventKind::kDialResult:
      return webhook.call().has_value();
    case EventKind::kRecording:
    case EventKind::kTranscription:
      return names_recording(parameters);
    case EventKind::kDialDigits:
    case EventKind::kCallRedirect:
    case EventKind::kCallFallback:
    case EventKind::kDialConfirm:
    case EventKind::kDialMusic:
    case EventKind::kOther:
      return false;
  }
  return false;
}

// Whether equal pairs are about the same call.
bool names_its_call(const Webhook& webhook) {
  return webhook.endpoint != Endpoint::kEvent || webhook.call();
}

WebhookKey request_key(std::string_view account, std::string_view nonce, const Webhook& webhook,
                       const RequestParameters& parameters) {
  KeyMaterial material(kRequestDomain);
  material.add(account);
  material.add(to_string(webhook.endpoint));
  material.add(nonce);
  material.add_pairs(parameters.query.parameters());
  material.add_pairs(parameters.body.parameters());
  return material.digest();
}

// A status in whatever spelling, or the text that is none.
void add_status(std::string_view word, Webhook::Text text, KeyMaterial& material) {
  material.add_caseless(word.empty() ? text : word);
}

// What a report says beside the leg that it names. Until Plivo tries again the caller may leave,
// so how it is with the caller counts only where that is what the report is about.
void add_what_is_said(const Webhook& webhook, const RequestParameters& parameters,
                      KeyMaterial& material) {
  const auto add_all = [&](std::span<const std::string_view> names) {
    for (const std::string_view name : names) material.add(parameters.find(name));
  };
  switch (webhook.kind) {
    case EventKind::kCallAnswer:
      // In progress, a call that had rung is sent to another document.
      return material.add_number(webhook.call_status == CallStatus::kInProgress ? 1 : 0);
    case EventKind::kDialResult:
      add_status(to_string(webhook.dial_status), webhook.dial_status_text, material);
      return add_all(kSaidOfStage);
    case EventKind::kRecording:
    case EventKind::kTranscription:
      // The caller who has finished has a status, the file that is ready has none.
      material.add_number(webhook.call_status_text ? 1 : 0);
      return add_all(kSaidOfRecording);
    case EventKind::kDialEnded:
    case EventKind::kCallHangup:
      add_status(to_string(webhook.dial_status), webhook.dial_status_text, material);
      add_status(to_string(webhook.call_status), webhook.call_status_text, material);
      return add_all(kSaidOnce);
    default:
      return;
  }
}

WebhookKey occurrence_key(std::string_view account, const Webhook& webhook,
                          const RequestParameters& parameters) {
  KeyMaterial material(kOccurrenceDomain);
  material.add(account);
  material.add(to_string(webhook.endpoint));
  material.add(to_string(webhook.kind));
  const bool continued = carries_continuation(webhook);
  material.add_number(continued ? static_cast<std::uint64_t>(*webhook.stage) : 1);
  material.add_caseless(webhook.call());
  material.add_caseless(leg_of(webhook));
  material.add(continued ? round_in(parameters.query) : std::nullopt);
  // A menu may lead to the same dial again.
  if (continued && webhook.walk > 0) {
    material.add(kWalkParameter);
    material.add_number(static_cast<std::uint64_t>(webhook.walk));
  }
  add_what_is_said(webhook, parameters, material);
  return material.digest();
}

WebhookKey nonce_key(std::string_view account, std::string_view nonce, const Webhook& webhook) {
  KeyMaterial material(kNonceDomain);
  material.add(account);
  material.add(to_string(webhook.endpoint));
  material.add(nonce);
  return material.digest();
}

}  // namespace

WebhookKeys webhook_keys(std::string_view account, std::string_view nonce, const Webhook& webhook,
                         const RequestParameters& parameters) {
  WebhookKeys keys;
  // The same digit can be pressed twice, and without a nonce nothing else tells that apart.
  const bool pressed = webhook.kind == EventKind::kDialDigits && nonce.empty();
  if (names_its_call(webhook) && !pressed) {
    keys.request = request_key(account, nonce, webhook, parameters);
  }
  if (nonce.empty()) return keys;
  if (webhook.kind == EventKind::kDialDigits) {
    keys.occurrence = nonce_key(account, nonce, webhook);
  } else if (happens_once(webhook, parameters)) {
    keys.occurrence = occurrence_key(account, webhook, parameters);
  }
  return keys;
}

WebhookKey signed_string_key(std::string_view account, std::string_view signed_string) {
  KeyMaterial material(kSignedStringDomain);
  material.add(account);
  material.add(signed_string);
  return material.digest();
}

}  // namespace plivo_dial
