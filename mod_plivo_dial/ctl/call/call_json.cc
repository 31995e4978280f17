// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/call_json.h"

#include <nlohmann/json.hpp>

#include "mod_plivo_dial/ctl/events_text.h"

namespace plivo_dial::ctl {
namespace {

using Json = nlohmann::ordered_json;

double seconds(std::int64_t milliseconds) {
  return static_cast<double>(milliseconds) / 1000.0;
}

Json optional_seconds(const std::optional<std::int64_t>& milliseconds) {
  return milliseconds ? Json(seconds(*milliseconds)) : Json(nullptr);
}

Json cause_json(int code) {
  return Json{{"code", code},
              {"name", std::string(cause_name(code))},
              {"meaning", std::string(cause_meaning(code))}};
}

// A name that comes twice (a site's own query) gets a list of its values.
Json parameters_json(const FormPairs& pairs) {
  Json object = Json::object();
  for (const auto& [name, value] : pairs) {
    if (!object.contains(name)) {
      object[name] = value;
      continue;
    }
    Json& known = object[name];
    if (!known.is_array()) known = Json::array({known});
    known.push_back(value);
  }
  return object;
}

Json element_json(const Element& element) {
  Json json = {{"name", element.name}, {"text", element.text}};
  json["attributes"] = Json::object();
  for (const Attribute& attribute : element.attributes) {
    json["attributes"][attribute.name] = attribute.value;
  }
  json["children"] = Json::array();
  for (const Element& child : element.children) json["children"].push_back(element_json(child));
  return json;
}

Json step_json(const RequestStep& step) {
  Json json = {{"kind", "request"},         {"purpose", std::string(to_string(step.purpose))},
               {"method", step.method},     {"url", step.url},
               {"sent_url", step.sent_url}, {"parameters", parameters_json(step.parameters)}};
  const HttpResponse& response = step.response;
  json["status"] = response.error.empty() ? Json(response.status) : Json(nullptr);
  json["content_type"] = response.content_type;
  json["body"] = response.body;
  json["error"] = response.error.empty() ? Json(nullptr) : Json(response.error);
  json["elements"] = step.elements ? Json(*step.elements) : Json(nullptr);
  return json;
}

Json step_json(const ElementStep& step) {
  return Json{{"kind", "element"}, {"element", element_json(step.element)}, {"note", step.note}};
}

Json step_json(const LegStep& step) {
  return Json{
      {"kind", "leg"}, {"position", step.position}, {"target", step.target}, {"what", step.what}};
}

Json step_json(const NoticeStep& step) {
  const char* kinds[] = {"note", "warning", "refused"};
  Json json = {{"kind", kinds[static_cast<int>(step.severity)]}, {"text", step.text}};
  if (step.cause_code != 0) json["cause"] = cause_json(step.cause_code);
  if (!step.remedy.empty()) json["remedy"] = step.remedy;
  return json;
}

Json leg_json(const LegRecord& leg) {
  return Json{{"position", leg.position},
              {"target", leg.target},
              {"uuid", leg.uuid},
              {"started", seconds(leg.started)},
              {"answered", optional_seconds(leg.answered)},
              {"connected", optional_seconds(leg.connected)},
              {"ended", seconds(leg.ended)},
              {"hangup_cause", std::string(leg.end.cause)},
              {"cause", cause_json(leg.end.code)},
              {"source", std::string(leg.end.source)}};
}

Json result_json(const CallRecord& record) {
  return Json{
      {"ok", is_good(record)},
      {"stopped", record.stopped},
      {"requests", record.requests},
      {"refused", record.refused},
      {"warnings", record.warnings},
      {"call_status", std::string(record.end.status)},
      {"dial_status", record.dial_status.empty() ? Json(nullptr) : Json(record.dial_status)},
      {"answered", optional_seconds(record.answered)},
      {"ended", seconds(record.ended)},
      {"talk", seconds(record.talk)},
      {"hangup_cause", std::string(record.end.cause)},
      {"cause", cause_json(record.end.code)},
      {"source", std::string(record.end.source)}};
}

}  // namespace

std::string render_json(const CallRecord& record) {
  Json json = json_of_command("call");
  json["call"] = {{"uuid", record.call_uuid},
                  {"from", record.from},
                  {"to", record.to},
                  {"direction", record.direction == Direction::kInbound ? "inbound" : "outbound"},
                  {"signed", record.signed_requests}};
  json["steps"] = Json::array();
  for (const CallStep& step : record.steps) {
    Json entry = {{"at", seconds(step.at)}};
    entry.update(std::visit([](const auto& what) { return step_json(what); }, step.what));
    json["steps"].push_back(std::move(entry));
  }
  json["legs"] = Json::array();
  for (const LegRecord& leg : record.legs) json["legs"].push_back(leg_json(leg));
  json["result"] = result_json(record);
  return json_line(json);
}

}  // namespace plivo_dial::ctl
