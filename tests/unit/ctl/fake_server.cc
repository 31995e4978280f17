// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/ctl/fake_server.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>

#include "lib/form/form.h"

namespace plivo_dial::ctl {
namespace {

std::string request_path(const std::string& url) {
  return url.starts_with(kOrigin) ? url.substr(kOrigin.size()) : url;
}

}  // namespace

void FakeServer::reply(const std::string& path, HttpResponse response) {
  replies_[path].push_back(std::move(response));
}

void FakeServer::document(const std::string& path, const std::string& content) {
  reply(path, xml_reply("<Response>" + content + "</Response>"));
}

HttpResponse FakeServer::send(const HttpRequest& request) {
  requests_.push_back(request);
  std::string path = request_path(request.url);
  if (request.method == "GET") path.resize(std::min(path.find('?'), path.size()));
  const auto found = replies_.find(path);
  if (found == replies_.end()) {
    HttpResponse empty;
    empty.status = 200;
    return empty;
  }
  HttpResponse response = found->second.front();
  if (found->second.size() > 1) found->second.pop_front();
  return response;
}

std::vector<std::string> FakeServer::summary() const {
  std::vector<std::string> lines;
  for (std::size_t index = 0; index < requests_.size(); ++index) {
    const HttpRequest& request = requests_[index];
    std::string path = request_path(request.url);
    if (request.method == "GET") path.resize(std::min(path.find('?'), path.size()));
    const std::string event = parameter(index, "Event");
    lines.push_back(request.method + " " + path + (event == "(absent)" ? "" : " " + event));
  }
  return lines;
}

std::string FakeServer::parameter(std::size_t index, std::string_view name) const {
  const HttpRequest& request = requests_.at(index);
  const std::size_t question = std::min(request.url.find('?'), request.url.size());
  const std::string query =
      question < request.url.size() ? request.url.substr(question + 1) : std::string();
  const Result<Form> form = Form::decode(request.method == "GET" ? query : request.body);
  if (!form) return form.error().message;
  return std::string(form->find(name).value_or("(absent)"));
}

std::size_t FakeServer::find(std::string_view name, std::string_view value) const {
  for (std::size_t index = 0; index < requests_.size(); ++index) {
    if (parameter(index, name) == value) return index;
  }
  ADD_FAILURE() << "no request with " << name << "=" << value;
  return 0;
}

HttpResponse xml_reply(std::string_view body) {
  HttpResponse response;
  response.status = 200;
  response.content_type = "application/xml; charset=utf-8";
  response.body = body;
  return response;
}

CallScript test_script() {
  CallScript script;
  script.answer_url = std::string(kOrigin) + "/answer";
  script.hangup_url = std::string(kOrigin) + "/hangup";
  script.from = "+14155550100";
  script.to = "+14155550199";
  script.call_uuid = "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21";
  script.start_microseconds = 1'795'166'102'184'467;  // 2026-11-20 09:15:02.184467 UTC
  const auto count = std::make_shared<int>(0);
  script.new_uuid = [count] {
    char text[40];
    std::snprintf(text, sizeof text, "00000000-0000-4000-8000-%012d", ++*count);
    return std::string(text);
  };
  return script;
}

std::vector<std::string> notices(const CallRecord& record, Severity severity) {
  std::vector<std::string> texts;
  for (const CallStep& step : record.steps) {
    const auto* notice = std::get_if<NoticeStep>(&step.what);
    if (notice && notice->severity == severity) texts.push_back(notice->text);
  }
  return texts;
}

}  // namespace plivo_dial::ctl
