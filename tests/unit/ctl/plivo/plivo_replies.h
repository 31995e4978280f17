// File: tests/unit/ctl/plivo/plivo_replies.h
//
// Replies of Plivo's API, for tests with a FakeServer in its place.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "mod_plivo_dial/ctl/http/http_client.h"

namespace plivo_dial::ctl {

inline constexpr const char* kNumberPath = "/v1/Account/MAXXXXXXXXXXXXXXXXXX/Number/14155550199/";
inline constexpr const char* kApplicationPath =
    "/v1/Account/MAXXXXXXXXXXXXXXXXXX/Application/1234/";

inline HttpResponse reply_of(long status, std::string_view type, std::string_view body) {
  HttpResponse response;
  response.status = status;
  response.content_type = type;
  response.body = body;
  return response;
}

inline HttpResponse json_reply(std::string_view body, long status = 200) {
  return reply_of(status, "application/json", body);
}

// `application` is JSON: "null", or a text in its quotes.
inline std::string number_json(const std::string& application,
                               const std::string& digits = "14155550199") {
  return R"({"active": true, "added_on": "2026-11-02", "alias": "", "application": )" +
         application + R"(, "number": ")" + digits +
         R"(", "sub_account": null, "voice_enabled": true})";
}

inline std::string application_json(const std::string& answer, const std::string& fallback,
                                    const std::string& hangup) {
  return R"({"app_id": "1234", "app_name": "pbx", "enabled": true, "answer_method": "POST",
             "answer_url": ")" +
         answer + R"(", "fallback_answer_url": ")" + fallback + R"(", "hangup_url": ")" + hangup +
         R"(", "sub_account": null})";
}

}  // namespace plivo_dial::ctl
