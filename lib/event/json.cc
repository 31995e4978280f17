// SPDX-License-Identifier: Apache-2.0
#include "lib/event/json.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "lib/base/timestamp.h"
#include "lib/base/utf8.h"
#include "lib/event/base64.h"
#include "lib/event/event_fields.h"
#include "lib/event/id.h"
#include "lib/json/json_value.h"
#include "lib/json/json_writer.h"

namespace plivo_dial {
namespace {

void put_always(const Event& event, JsonWriter& json) {
  json.member("v", kEventSchemaVersion).member("id", event.id).member("seq", event.seq);
  json.member("received", format_timestamp(event.received_us)).member("event", event.event);
  json.member("endpoint", event.endpoint).member("call", event.call);
  json.member("account", event.account).member("verified", event.verified);
  json.member("node", event.node);
}

void put_when_known(const Event& event, JsonWriter& json) {
  if (event.late) json.member("late", true);
  if (event.attempt > 1) json.member("attempt", event.attempt);
  for (const EventField& field : event_fields()) {
    const auto put = [&](const auto& value) {
      if (value) json.member(field.name, *value);
    };
    if (field.text != nullptr) {
      put(event.*field.text);
    } else if (field.flag != nullptr) {
      put(event.*field.flag);
    } else {
      put(event.*field.number);
    }
  }
  for (const std::string& name : event.unparsable) json.member(name, nullptr);
}

// The pairs of one name, as params shows it.
struct NamedPairs {
  std::string shown;
  std::vector<const Event::Pair*> pairs;
};

std::vector<NamedPairs> by_name(const Event& event) {
  std::vector<NamedPairs> all;
  all.reserve(event.params.size());
  for (const Event::Pair& pair : event.params) {
    std::string shown = replace_invalid_utf8(pair.first);
    const auto known = std::ranges::find(all, shown, &NamedPairs::shown);
    if (known != all.end()) {
      known->pairs.push_back(&pair);
    } else {
      all.push_back({std::move(shown), {&pair}});
    }
  }
  return all;
}

// A value for each pair: an array of them where there are several.
template <class Put>
void put_each(const NamedPairs& named, JsonWriter& json, Put put) {
  json.key(named.shown);
  if (named.pairs.size() > 1) json.begin_array();
  for (const Event::Pair* pair : named.pairs) put(*pair);
  if (named.pairs.size() > 1) json.end_array();
}

bool is_shown_as_it_is(const Event::Pair* pair) {
  return is_valid_utf8(pair->first) && is_valid_utf8(pair->second);
}

void put_raw(const Event::Pair& pair, JsonWriter& json) {
  const auto& [name, value] = pair;
  if (is_valid_utf8(name)) {
    json.value(is_valid_utf8(value) ? std::nullopt : std::optional(encode_base64(value)));
  } else {
    json.begin_object().member("name", encode_base64(name));
    json.member("value", encode_base64(value)).end_object();
  }
}

void put_params(const Event& event, JsonWriter& json) {
  const std::vector<NamedPairs> names = by_name(event);
  json.key("params").begin_object();
  for (const NamedPairs& named : names) {
    put_each(named, json, [&](const Event::Pair& pair) { json.value(pair.second); });
  }
  json.end_object();

  const auto needs_raw = [](const NamedPairs& named) {
    return !std::ranges::all_of(named.pairs, is_shown_as_it_is);
  };
  if (std::ranges::none_of(names, needs_raw)) return;
  json.key("params_raw").begin_object();
  for (const NamedPairs& named : names) {
    if (needs_raw(named)) put_each(named, json, [&](const auto& pair) { put_raw(pair, json); });
  }
  json.end_object();
}

}  // namespace

std::string to_json(const Event& event, JsonWriter::Charset charset) {
  JsonWriter json(charset);
  json.begin_object();
  put_always(event, json);
  put_when_known(event, json);
  put_params(event, json);
  return json.end_object().take();
}

namespace {

// Reads fields of one object and keeps the first complaint.
class Reader {
 public:
  explicit Reader(const JsonValue& json) : json_(json) {}

  bool failed() const { return !problem_.empty(); }
  Error error() const { return Error{problem_}; }
  void refuse(std::string_view field, std::string_view reason) {
    if (failed()) return;
    problem_.append("event: field '").append(field).append("' ").append(reason);
  }

  // The member called `name`, or nothing, which is a complaint when `required`.
  JsonValue find(std::string_view name, bool required = false) {
    const JsonValue found = json_[name];
    if (!found && required) refuse(name, "is missing");
    return found;
  }

  std::string required_text(std::string_view name) {
    const JsonValue value = find(name, true);
    const auto text = value.text();
    if (!text) refuse(name, "is not a string");
    return std::string(text.value_or(""));
  }

  Event::Text text(std::string_view name) {
    const JsonValue value = find(name);
    if (!value || value.is_null()) return std::nullopt;
    return required_text(name);
  }

  bool flag(const JsonValue& value, std::string_view name) {
    const auto known = value.flag();
    if (!known) refuse(name, "is neither true nor false");
    return known.value_or(false);
  }

  std::int64_t number(const JsonValue& value, std::string_view name) {
    const auto known = value.integer();
    if (!known) refuse(name, value.natural() ? "is too large" : "is not a whole number");
    return known.value_or(0);
  }

 private:
  const JsonValue json_;
  std::string problem_;
};

void read_always(Reader& reader, Event& event) {
  if (const JsonValue version = reader.find("v", true)) {
    if (reader.number(version, "v") < kEventSchemaVersion) {
      reader.refuse("v", "is not a version of events");
    }
  }
  event.id = reader.required_text("id");
  if (!is_event_id(event.id)) reader.refuse("id", "is not an id: 26 characters of [0-9a-z]");
  if (const JsonValue seq = reader.find("seq", true)) {
    event.seq = seq.natural().value_or(0);
    if (!seq.natural()) reader.refuse("seq", "is not a natural number");
  }
  const std::string received = reader.required_text("received");
  if (const auto time = parse_timestamp(received)) {
    event.received_us = *time;
  } else {
    reader.refuse("received", "is not a time such as 2026-11-20T09:15:02.184467Z");
  }
  event.event = reader.required_text("event");
  event.endpoint = reader.required_text("endpoint");
  reader.find("call", true);
  event.call = reader.text("call");
  event.account = reader.required_text("account");
  if (const JsonValue verified = reader.find("verified", true)) {
    event.verified = reader.flag(verified, "verified");
  }
  event.node = reader.required_text("node");
}

void read_field(Reader& reader, const EventField& field, Event& event) {
  const JsonValue value = reader.find(field.name);
  if (!value) return;
  if (field.text != nullptr) {
    event.*field.text = reader.text(field.name);
  } else if (field.flag != nullptr) {
    event.*field.flag = reader.flag(value, field.name);
  } else if (value.is_null()) {
    event.unparsable.emplace_back(field.name);
  } else {
    event.*field.number = reader.number(value, field.name);
  }
}

void read_when_known(Reader& reader, Event& event) {
  if (const JsonValue late = reader.find("late")) event.late = reader.flag(late, "late");
  for (const EventField& field : event_fields()) read_field(reader, field, event);
}

bool read_bytes(const JsonValue& entry, std::string& bytes) {
  const auto text = entry.text();
  std::optional<std::string> decoded = text ? decode_base64(*text) : std::nullopt;
  if (decoded) bytes = std::move(*decoded);
  return decoded.has_value();
}

// Puts the bytes that `entry` of params_raw holds in place of what params showed.
bool restore_bytes(const JsonValue& entry, Event::Pair& pair) {
  if (!entry || entry.is_null()) return true;
  if (!entry.is_object()) return read_bytes(entry, pair.second);
  return read_bytes(entry["name"], pair.first) && read_bytes(entry["value"], pair.second);
}

// The one value, or those of an array.
std::vector<JsonValue> one_or_more(const JsonValue& value) {
  return value.is_array() ? value.elements() : std::vector<JsonValue>{value};
}

void read_values(Reader& reader, std::string_view key, const JsonValue& shown, const JsonValue& raw,
                 Event& event) {
  const std::vector<JsonValue> values = one_or_more(shown);
  std::vector<JsonValue> entries(values.size());
  if (raw) entries = shown.is_array() ? raw.elements() : std::vector<JsonValue>{raw};
  if (entries.size() != values.size()) {
    return reader.refuse("params_raw", "does not match params");
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto text = values[i].text();
    if (!text) return reader.refuse("params", "has a value that is not a string");
    Event::Pair pair{key, *text};
    if (!restore_bytes(entries[i], pair)) {
      return reader.refuse("params_raw", "has an entry that is not base64");
    }
    event.params.push_back(std::move(pair));
  }
}

void read_params(Reader& reader, Event& event) {
  const JsonValue params = reader.find("params", true);
  const JsonValue raw = reader.find("params_raw");
  if (!params) return;
  if (!params.is_object()) return reader.refuse("params", "is not an object");
  if (raw && !raw.is_object()) return reader.refuse("params_raw", "is not an object");
  for (const auto& [key, values] : params.members()) {
    read_values(reader, key, values, raw[key], event);
  }
}

void read_attempt(Reader& reader, Event& event) {
  const JsonValue attempt = reader.find("attempt");
  if (!attempt) return;
  const std::int64_t number = reader.number(attempt, "attempt");
  if (number < 1 || number > std::numeric_limits<unsigned>::max()) {
    return reader.refuse("attempt", "is not a number from 1");
  }
  event.attempt = static_cast<unsigned>(number);
}

Result<Event> read_event(std::string_view json, bool delivered) {
  const std::optional<JsonDocument> document = JsonDocument::parse(json);
  if (!document || !document->root().is_object()) return Error{"event: not a JSON object"};
  Reader reader(document->root());
  Event event;
  read_always(reader, event);
  read_when_known(reader, event);
  if (delivered) read_attempt(reader, event);
  read_params(reader, event);
  if (reader.failed()) return reader.error();
  return event;
}

}  // namespace

Result<Event> event_from_json(std::string_view json) {
  return read_event(json, /*delivered=*/false);
}

Result<Event> delivered_event_from_json(std::string_view json) {
  return read_event(json, /*delivered=*/true);
}

}  // namespace plivo_dial
