// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/call_json.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "lib/json/json_writer.h"
#include "mod_plivo_dial/ctl/events_text.h"

namespace plivo_dial::ctl {
namespace {

// Milliseconds as a number of seconds: "4.0", "0.35".
std::string seconds(std::int64_t milliseconds) {
  std::string fraction = std::to_string(1000 + milliseconds % 1000).substr(1);
  while (fraction.size() > 1 && fraction.ends_with('0')) fraction.pop_back();
  return std::to_string(milliseconds / 1000) + "." + fraction;
}

std::string optional_seconds(const std::optional<std::int64_t>& milliseconds) {
  return milliseconds ? seconds(*milliseconds) : "null";
}

void put_cause(int code, JsonWriter& json) {
  json.key("cause").begin_object().member("code", code).member("name", cause_name(code));
  json.member("meaning", cause_meaning(code)).end_object();
}

// A name that comes twice (a site's own query) gets a list of its values.
void put_parameters(const FormPairs& pairs, JsonWriter& json) {
  std::vector<std::pair<std::string_view, std::vector<std::string_view>>> by_name;
  for (const auto& [name, value] : pairs) {
    const auto known = std::ranges::find(by_name, name, [](const auto& one) { return one.first; });
    if (known != by_name.end()) {
      known->second.push_back(value);
    } else {
      by_name.push_back({name, {value}});
    }
  }
  json.key("parameters").begin_object();
  for (const auto& [name, values] : by_name) {
    json.key(name);
    values.size() == 1 ? json.value(values[0]) : json.value(values);
  }
  json.end_object();
}

void put_element(const Element& element, JsonWriter& json) {
  json.begin_object().member("name", element.name).member("text", element.text);
  json.key("attributes").begin_object();
  for (const Attribute& attribute : element.attributes) {
    json.member(attribute.name, attribute.value);
  }
  json.end_object();
  json.key("children").begin_array();
  for (const Element& child : element.children) put_element(child, json);
  json.end_array().end_object();
}

void put_step(const RequestStep& step, JsonWriter& json) {
  const HttpResponse& response = step.response;
  json.member("kind", "request").member("purpose", to_string(step.purpose));
  json.member("method", step.method).member("url", step.url).member("sent_url", step.sent_url);
  put_parameters(step.parameters, json);
  json.member("status", response.error.empty() ? std::optional(response.status) : std::nullopt);
  json.member("content_type", response.content_type).member("body", response.body);
  json.member("error", text_or_null(response.error)).member("elements", step.elements);
  json.member("again", step.again).member("late", step.late).member("dropped", step.dropped);
  json.key("due").raw(seconds(step.due));
}

void put_step(const ElementStep& step, JsonWriter& json) {
  json.member("kind", "element").key("element");
  put_element(step.element, json);
  json.member("note", step.note);
}

void put_step(const LegStep& step, JsonWriter& json) {
  json.member("kind", "leg").member("position", step.position);
  json.member("target", step.target).member("what", step.what);
}

void put_step(const NoticeStep& step, JsonWriter& json) {
  constexpr std::array kKinds = {"note", "warning", "refused", "fault"};
  json.member("kind", kKinds[static_cast<std::size_t>(step.severity)]).member("text", step.text);
  if (step.cause_code != 0) put_cause(step.cause_code, json);
  if (!step.remedy.empty()) json.member("remedy", step.remedy);
}

void put_leg(const LegRecord& leg, JsonWriter& json) {
  json.begin_object().member("position", leg.position).member("target", leg.target);
  json.member("uuid", leg.uuid).key("started").raw(seconds(leg.started));
  json.key("answered").raw(optional_seconds(leg.answered));
  json.key("connected").raw(optional_seconds(leg.connected));
  json.key("ended").raw(seconds(leg.ended)).member("hangup_cause", leg.end.cause);
  put_cause(leg.end.code, json);
  json.member("source", leg.end.source).end_object();
}

void put_chaos(const std::optional<ChaosCount>& chaos, JsonWriter& json) {
  if (!chaos) {
    json.value(nullptr);
    return;
  }
  json.begin_object().member("seed", chaos->seed).member("doubled", chaos->doubled);
  json.member("dropped", chaos->dropped).member("late", chaos->late);
  json.member("differing", chaos->differing).end_object();
}

void put_result(const CallRecord& record, JsonWriter& json) {
  json.key("result").begin_object();
  json.member("ok", is_good(record)).member("stopped", record.stopped);
  json.member("requests", record.requests).member("refused", record.refused);
  json.member("warnings", record.warnings).member("call_status", record.end.status);
  json.member("dial_status", text_or_null(record.dial_status));
  json.key("answered").raw(optional_seconds(record.answered));
  json.key("ended").raw(seconds(record.ended)).key("talk").raw(seconds(record.talk));
  json.member("hangup_cause", record.end.cause);
  put_cause(record.end.code, json);
  json.member("source", record.end.source).key("chaos");
  put_chaos(record.chaos, json);
  json.end_object();
}

}  // namespace

std::string render_json(const CallRecord& record) {
  const bool inbound = record.direction == Direction::kInbound;
  JsonWriter json = json_of_command("call");
  json.key("call").begin_object().member("uuid", record.call_uuid).member("from", record.from);
  json.member("to", record.to).member("direction", inbound ? "inbound" : "outbound");
  json.member("signed", record.signed_requests).end_object();
  json.key("steps").begin_array();
  for (const CallStep& step : record.steps) {
    json.begin_object().key("at").raw(seconds(step.at));
    std::visit([&](const auto& what) { put_step(what, json); }, step.what);
    json.end_object();
  }
  json.end_array();
  json.key("legs").begin_array();
  for (const LegRecord& leg : record.legs) put_leg(leg, json);
  json.end_array();
  put_result(record, json);
  return json_line(std::move(json));
}

}  // namespace plivo_dial::ctl
