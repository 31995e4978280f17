// SPDX-License-Identifier: Apache-2.0
#include "lib/settings/explanation.h"

#include <algorithm>

#include "lib/form/form.h"
#include "lib/json/json_value.h"
#include "lib/json/json_writer.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kExplanation = "plivo_explanation";

std::string text_of(const JsonValue& value) {
  return std::string(value.text().value_or(""));
}

}  // namespace

std::string define_of(const CallQuestion& question) {
  std::string form;
  append_form_pair("To", question.to, form);
  append_form_pair("From", question.from, form);
  append_form_pair("Forwarded", question.forwarded, form);
  append_form_pair("At", question.at, form);
  return std::string(kExplainDefine) + form;
}

std::optional<CallQuestion> question_in(std::string_view define) {
  if (!define.starts_with(kExplainDefine)) return std::nullopt;
  const Result<Form> form = Form::decode(define.substr(kExplainDefine.size()));
  if (!form) return std::nullopt;
  const auto value = [&](std::string_view name) {
    return std::string(form->find(name).value_or(""));
  };
  return CallQuestion{value("To"), value("From"), value("Forwarded"), value("At")};
}

std::string to_json(const std::vector<ExplainedCall>& calls) {
  JsonWriter json;
  json.begin_object().key(kExplanation).begin_array();
  for (const ExplainedCall& call : calls) {
    json.begin_object().member("server", call.server).member("path", call.path);
    json.member("position", call.position).key("steps").begin_array();
    for (const ExplainedStep& step : call.steps) {
      json.begin_object().member("what", step.what).member("text", step.text);
      json.member("position", step.position).end_object();
    }
    json.end_array().end_object();
  }
  return json.end_array().end_object().take();
}

std::optional<std::vector<ExplainedCall>> find_explanation(std::string_view output) {
  while (!output.empty()) {
    const std::size_t end = std::min(output.find('\n'), output.size());
    const std::string_view line = output.substr(0, end);
    output.remove_prefix(std::min(end + 1, output.size()));
    if (!line.starts_with('{')) continue;
    const std::optional<JsonDocument> document = JsonDocument::parse(line);
    if (!document || !document->root()[kExplanation].is_array()) continue;
    std::vector<ExplainedCall> calls;
    for (const JsonValue& value : document->root()[kExplanation].elements()) {
      ExplainedCall& call = calls.emplace_back();
      call.server = text_of(value["server"]);
      call.path = text_of(value["path"]);
      call.position = text_of(value["position"]);
      for (const JsonValue& step : value["steps"].elements()) {
        call.steps.push_back(
            {text_of(step["what"]), text_of(step["text"]), text_of(step["position"])});
      }
    }
    return calls;
  }
  return std::nullopt;
}

}  // namespace plivo_dial
