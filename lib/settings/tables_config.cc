// SPDX-License-Identifier: Apache-2.0
#include "lib/settings/tables_config.h"

#include <optional>

#include "lib/base/fnv1a.h"
#include "lib/json/json_writer.h"

namespace plivo_dial {
namespace {

// Whether `value` is an array of texts, which go to `out`.
bool read_texts(const JsonValue& value, std::vector<std::string>& out) {
  bool texts = value.is_array();
  for (const JsonValue& one : value.elements()) {
    out.emplace_back(one.text().value_or(""));
    texts = texts && one.text();
  }
  return texts;
}

bool read_text(const JsonValue& value, std::string& out) {
  out = value.text().value_or("");
  return value.text().has_value();
}

bool read_entry(const JsonValue& value, ScheduleLine& line) {
  return read_texts(value["arguments"], line.arguments) &&
         read_text(value["position"], line.position);
}

bool read_entry(const JsonValue& value, RouteMapFile& file) {
  return read_text(value["path"], file.path) && read_texts(value["plans"], file.plans) &&
         read_text(value["position"], file.position);
}

bool read_entry(const JsonValue& value, NumberListFile& file) {
  return read_text(value["path"], file.path) && read_text(value["position"], file.position);
}

bool read_entry(const JsonValue& value, SectionDials& dials) {
  return read_text(value["name"], dials.name) && read_texts(value["targets"], dials.targets) &&
         read_text(value["position"], dials.position);
}

template <class Entry>
Result<void> read_entries(const JsonValue& tables, std::string_view name, std::vector<Entry>& out) {
  for (const JsonValue& value : tables[name].elements()) {
    if (read_entry(value, out.emplace_back())) continue;
    return Error{"configuration member 'tables': an entry of '" + std::string(name) +
                 "' lacks one of its members, or has another type there"};
  }
  return {};
}

}  // namespace

std::string to_json(const TablesConfig& tables) {
  JsonWriter json(JsonWriter::Charset::kAscii);
  json.begin_object().key("schedules").begin_array();
  for (const ScheduleLine& line : tables.schedules) {
    json.begin_object().member("arguments", line.arguments);
    json.member("position", line.position).end_object();
  }
  json.end_array().key("maps").begin_array();
  for (const RouteMapFile& file : tables.maps) {
    json.begin_object().member("path", file.path).member("plans", file.plans);
    json.member("position", file.position).end_object();
  }
  json.end_array().key("lists").begin_array();
  for (const NumberListFile& file : tables.lists) {
    json.begin_object().member("path", file.path).member("position", file.position).end_object();
  }
  json.end_array().key("dials").begin_array();
  for (const SectionDials& dials : tables.dials) {
    json.begin_object().member("name", dials.name).member("targets", dials.targets);
    json.member("position", dials.position).end_object();
  }
  return json.end_array().end_object().take();
}

Result<TablesConfig> tables_config_from_json(const JsonValue& value) {
  TablesConfig tables;
  if (!value.is_object()) return Error{"configuration member 'tables' is not an object"};
  if (Result<void> read = read_entries(value, "schedules", tables.schedules); !read) {
    return read.error();
  }
  if (Result<void> read = read_entries(value, "maps", tables.maps); !read) return read.error();
  if (Result<void> read = read_entries(value, "lists", tables.lists); !read) return read.error();
  if (Result<void> read = read_entries(value, "dials", tables.dials); !read) return read.error();
  return tables;
}

std::uint64_t digest_of(const TablesConfig& tables) {
  TablesConfig placeless = tables;
  for (ScheduleLine& line : placeless.schedules) line.position.clear();
  for (RouteMapFile& file : placeless.maps) file.position.clear();
  for (NumberListFile& file : placeless.lists) file.position.clear();
  placeless.dials.clear();
  return fnv1a(to_json(placeless));
}

}  // namespace plivo_dial
