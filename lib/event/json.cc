// SPDX-License-Identifier: Apache-2.0
#include "lib/event/json.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "lib/base/timestamp.h"
#include "lib/base/utf8.h"
#include "lib/event/base64.h"
#include "lib/event/event_fields.h"
#include "lib/event/id.h"

namespace plivo_dial {
namespace {

using Json = nlohmann::ordered_json;

void put_known(const Event& event, Json& json) {
  // Each name comes once, so that none of those before has to be looked at.
  auto& members = json.get_ref<Json::object_t&>();
  for (const EventField& field : event_fields()) {
    const auto put = [&](const auto& value) {
      if (value) members.emplace_back(std::string(field.name), Json(*value));
    };
    if (field.text != nullptr) {
      put(event.*field.text);
    } else if (field.flag != nullptr) {
      put(event.*field.flag);
    } else {
      put(event.*field.number);
    }
  }
  for (const std::string& name : event.unparsable) json[name] = nullptr;
}

Json raw_entry(const std::string& name, const std::string& value) {
  if (!is_valid_utf8(name)) {
    return {{"name", encode_base64(name)}, {"value", encode_base64(value)}};
  }
  return is_valid_utf8(value) ? Json(nullptr) : Json(encode_base64(value));
}

void put_shown_params(const Event& event, Json& json) {
  Json shown = Json::object();
  for (const auto& [name, value] : event.params) {
    Json& values = shown.emplace(replace_invalid_utf8(name), Json::array()).first.value();
    values.push_back(replace_invalid_utf8(value));
  }
  for (auto& [key, values] : shown.items()) {
    if (values.size() == 1) values = Json(values[0]);
  }
  json["params"] = std::move(shown);
}

void put_raw_params(const Event& event, Json& json) {
  Json raw = Json::object();
  for (const auto& [name, value] : event.params) {
    Json& entries = raw.emplace(replace_invalid_utf8(name), Json::array()).first.value();
    entries.push_back(raw_entry(name, value));
  }
  Json needed = Json::object();
  for (const auto& [key, entries] : raw.items()) {
    if (std::ranges::all_of(entries, &Json::is_null)) continue;
    needed[key] = entries.size() == 1 ? Json(entries[0]) : entries;
  }
  json["params_raw"] = std::move(needed);
}

void put_params(const Event& event, Json& json) {
  put_shown_params(event, json);
  const bool all_utf8 = std::ranges::all_of(event.params, [](const auto& pair) {
    return is_valid_utf8(pair.first) && is_valid_utf8(pair.second);
  });
  if (!all_utf8) put_raw_params(event, json);
}

}  // namespace

std::string to_json(const Event& event) {
  Json json = Json::object();
  json["v"] = kEventSchemaVersion;
  json["id"] = event.id;
  json["seq"] = event.seq;
  json["received"] = format_timestamp(event.received_us);
  json["event"] = event.event;
  json["endpoint"] = event.endpoint;
  json["call"] = event.call ? Json(*event.call) : Json(nullptr);
  json["account"] = event.account;
  json["verified"] = event.verified;
  json["node"] = event.node;
  if (event.late) json["late"] = true;
  if (event.attempt > 1) json["attempt"] = event.attempt;
  put_known(event, json);
  put_params(event, json);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

namespace {

// Reads fields of one object and keeps the first complaint.
class Reader {
 public:
  explicit Reader(const Json& json) : json_(json) {}

  bool failed() const { return !problem_.empty(); }
  Error error() const { return Error{problem_}; }
  void refuse(std::string_view field, std::string_view reason) {
    if (failed()) return;
    problem_.append("event: field '").append(field).append("' ").append(reason);
  }

  // The member called `name`, or null, which is a complaint when `required`.
  const Json* find(std::string_view name, bool required = false) {
    const auto found = json_.find(std::string(name));
    if (found != json_.end()) return &*found;
    if (required) refuse(name, "is missing");
    return nullptr;
  }

  std::string required_text(std::string_view name) {
    const Json* value = find(name, true);
    if (value == nullptr) return {};
    const auto* text = value->get_ptr<const Json::string_t*>();
    if (text == nullptr) refuse(name, "is not a string");
    return text == nullptr ? std::string() : *text;
  }

  Event::Text text(std::string_view name) {
    const Json* value = find(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    return required_text(name);
  }

  bool flag(const Json& value, std::string_view name) {
    const auto* known = value.get_ptr<const Json::boolean_t*>();
    if (known == nullptr) refuse(name, "is neither true nor false");
    return known != nullptr && *known;
  }

  std::int64_t number(const Json& value, std::string_view name) {
    if (const auto* natural = value.get_ptr<const Json::number_unsigned_t*>()) {
      if (*natural <= static_cast<std::uint64_t>(INT64_MAX)) {
        return static_cast<std::int64_t>(*natural);
      }
      refuse(name, "is too large");
      return 0;
    }
    const auto* integer = value.get_ptr<const Json::number_integer_t*>();
    if (integer == nullptr) refuse(name, "is not a whole number");
    return integer == nullptr ? 0 : *integer;
  }

 private:
  const Json& json_;
  std::string problem_;
};

void read_always(Reader& reader, Event& event) {
  if (const Json* version = reader.find("v", true)) {
    if (reader.number(*version, "v") < kEventSchemaVersion) {
      reader.refuse("v", "is not a version of events");
    }
  }
  event.id = reader.required_text("id");
  if (!is_event_id(event.id)) reader.refuse("id", "is not an id: 26 characters of [0-9a-z]");
  if (const Json* seq = reader.find("seq", true)) {
    if (const auto* natural = seq->get_ptr<const Json::number_unsigned_t*>()) {
      event.seq = *natural;
    } else {
      reader.refuse("seq", "is not a natural number");
    }
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
  if (const Json* verified = reader.find("verified", true)) {
    event.verified = reader.flag(*verified, "verified");
  }
  event.node = reader.required_text("node");
}

void read_field(Reader& reader, const EventField& field, Event& event) {
  const Json* const value = reader.find(field.name);
  if (value == nullptr) return;
  if (field.text != nullptr) {
    event.*field.text = reader.text(field.name);
  } else if (field.flag != nullptr) {
    event.*field.flag = reader.flag(*value, field.name);
  } else if (value->is_null()) {
    event.unparsable.emplace_back(field.name);
  } else {
    event.*field.number = reader.number(*value, field.name);
  }
}

void read_when_known(Reader& reader, Event& event) {
  if (const Json* late = reader.find("late")) event.late = reader.flag(*late, "late");
  for (const EventField& field : event_fields()) read_field(reader, field, event);
}

// Puts the bytes that `entry` of params_raw holds in place of what params showed.
bool restore_bytes(const Json& entry, std::string& name, std::string& value) {
  if (entry.is_null()) return true;
  const auto decode = [](const Json& json, std::string& out) {
    const auto* text = json.get_ptr<const Json::string_t*>();
    std::optional<std::string> bytes = text == nullptr ? std::nullopt : decode_base64(*text);
    if (bytes) out = std::move(*bytes);
    return bytes.has_value();
  };
  if (!entry.is_object()) return decode(entry, value);
  const auto raw_name = entry.find("name");
  const auto raw_value = entry.find("value");
  return raw_name != entry.end() && raw_value != entry.end() && decode(*raw_name, name) &&
         decode(*raw_value, value);
}

void read_values(Reader& reader, const std::string& key, const Json& values, const Json* entries,
                 Event& event) {
  const std::size_t count = values.is_array() ? values.size() : 1;
  if (entries != nullptr && values.is_array() &&
      (!entries->is_array() || entries->size() != count)) {
    return reader.refuse("params_raw", "does not match params");
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Json& shown = values.is_array() ? values[i] : values;
    const auto* text = shown.get_ptr<const Json::string_t*>();
    if (text == nullptr) return reader.refuse("params", "has a value that is not a string");
    std::string name = key;
    std::string value = *text;
    if (entries != nullptr &&
        !restore_bytes(values.is_array() ? (*entries)[i] : *entries, name, value)) {
      return reader.refuse("params_raw", "has an entry that is not base64");
    }
    event.params.emplace_back(std::move(name), std::move(value));
  }
}

void read_params(Reader& reader, Event& event) {
  const Json* params = reader.find("params", true);
  const Json* raw = reader.find("params_raw");
  if (params == nullptr) return;
  if (!params->is_object()) return reader.refuse("params", "is not an object");
  if (raw != nullptr && !raw->is_object()) return reader.refuse("params_raw", "is not an object");
  for (const auto& [key, values] : params->items()) {
    const Json* entries = nullptr;
    if (raw != nullptr) {
      const auto found = raw->find(key);
      if (found != raw->end()) entries = &*found;
    }
    read_values(reader, key, values, entries, event);
  }
}

}  // namespace

Result<Event> event_from_json(std::string_view json) {
  const Json parsed = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object()) return Error{"event: not a JSON object"};
  Reader reader(parsed);
  Event event;
  read_always(reader, event);
  read_when_known(reader, event);
  read_params(reader, event);
  if (reader.failed()) return reader.error();
  return event;
}

}  // namespace plivo_dial
