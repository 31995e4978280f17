// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/plivo/plivo_api.h"

#include <utility>

#include "lib/base/absolute_url.h"
#include "lib/base/in_quotes.h"
#include "lib/event/base64.h"
#include "lib/json/json_value.h"
#include "mod_plivo_dial/ctl/http/form_request.h"
#include "mod_plivo_dial/ctl/http/place.h"
#include "mod_plivo_dial/ctl/http/shown_url.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::size_t kPage = 20;  // the most that the API gives at once
constexpr std::size_t kMostNumbers = 5'000;

// Of a value that may be null, a text, or a number.
std::string text_member(const JsonValue& object, const char* name) {
  const JsonValue value = object[name];
  if (const auto text = value.text()) return std::string(*text);
  return value.is_number() ? value.print() : "";
}

// The API writes some as words.
bool flag_member(const JsonValue& object, const char* name) {
  const JsonValue value = object[name];
  if (const auto text = value.text()) return *text != "false";
  return value.flag().value_or(true);
}

// Of "/v1/Account/MAXXXXXXXXXXXXXXXXXX/Application/1234/", or the id alone.
void read_attachment(std::string uri, PlivoNumber& number) {
  while (uri.ends_with('/')) uri.pop_back();
  const std::size_t slash = uri.rfind('/');
  const bool application =
      slash == std::string::npos || uri.find("/Application/") != std::string::npos;
  if (application) {
    number.application = slash == std::string::npos ? uri : uri.substr(slash + 1);
  } else {
    number.elsewhere = uri.find("/Zentrunk/") != std::string::npos
                           ? "a SIP trunk (" + uri.substr(slash + 1) + ")"
                           : uri;
  }
}

PlivoNumber number_of(const JsonValue& object) {
  PlivoNumber number;
  number.digits = text_member(object, "number");
  if (number.digits.starts_with('+')) number.digits.erase(0, 1);
  number.active = flag_member(object, "active");
  number.voice = flag_member(object, "voice_enabled");
  std::string attached = text_member(object, "application");
  if (attached.empty()) attached = text_member(object, "app_id");
  read_attachment(std::move(attached), number);
  return number;
}

AttachedApplication application_of(const JsonValue& object) {
  return {text_member(object, "app_id"),
          text_member(object, "app_name"),
          flag_member(object, "enabled"),
          text_member(object, "answer_url"),
          text_member(object, "fallback_answer_url"),
          text_member(object, "hangup_url")};
}

bool is_on_this_machine(std::string_view host) {
  const bool digits = host.find_first_not_of("0123456789.") == std::string_view::npos;
  return host == "localhost" || host == "[::1]" || (digits && host.starts_with("127."));
}

std::string reply_type(const HttpResponse& response) {
  return response.content_type.empty() ? "something without a Content-Type"
                                       : response.content_type.substr(0, 80);
}

// Of a good reply one without kind and sentence. `is_json` says whether the body is an object.
ApiFailure failure_of(const HttpResponse& response, bool is_json, const std::string& api,
                      const std::string& auth_id) {
  using Kind = ApiFailure::Kind;
  if (!response.error.empty()) {
    return {Kind::kNoReply, api + ": " + response.error +
                                "; it takes https from this machine to there, without a proxy: "
                                "look at the firewall and the name servers"};
  }
  const std::string status = std::to_string(response.status);
  if (response.status == 401 || response.status == 403) {
    return {Kind::kRefused, api + " refuses the Auth Token for the Auth ID " + auth_id + " (" +
                                status +
                                "): take both from the first page of Plivo's console, of one "
                                "account; Plivo also replaces the token of an account that was "
                                "not used for 90 days"};
  }
  // A 404 that is no JSON is that of another server, or of another path than the API's.
  if (response.status == 404 && is_json) return {Kind::kUnknown, ""};
  if (response.status == 429) {
    return {Kind::kFailed, api + " was asked too often (429): try again in a minute"};
  }
  if (response.status >= 500) {
    return {Kind::kFailed, api + " fails (" + status + "): try again later"};
  }
  if (response.status == 200 && is_json) return {};
  if (response.truncated) {
    return {Kind::kFailed, api +
                               " answers with more than this tool reads: look at it in Plivo's "
                               "console"};
  }
  const std::string leads =
      response.location.empty() ? "" : ", and leads to " + shown_url(response.location);
  return {Kind::kNoReply, api + " answers with " + status + " and " + reply_type(response) + leads +
                              ", where the API would answer with a JSON object: something else "
                              "answers in its place, such as a proxy or a portal"};
}

}  // namespace

struct AccountApi::Reply {
  std::optional<JsonDocument> document;  // an object, when there is no failure
  ApiFailure failure;                    // of kind kFailed with an empty sentence: none

  JsonValue object() const { return document ? document->root() : JsonValue(); }

  bool good() const {
    return failure.kind == ApiFailure::Kind::kFailed && failure.sentence.empty();
  }
};

Result<void> check_api_origin(const std::string& origin) {
  if (const Result<void> checked = check_absolute_url(origin); !checked) return checked;
  const Place place = place_of(origin);
  if (place.scheme == "https" || is_on_this_machine(place.host)) return {};
  return Error{
      in_quotes(origin) +
      " is http, and would show the Auth Token to whoever listens on the way: write https"};
}

AccountApi::AccountApi(HttpClient& http, const std::string& origin, std::string auth_id,
                       std::string_view token)
    : http_(http), origin_(origin_of(origin)), auth_id_(std::move(auth_id)), token_(token) {}

AccountApi::Reply AccountApi::get(const std::string& path) {
  HttpRequest request{"GET", origin_ + "/v1/Account/" + auth_id_ + path, "", {}};
  request.headers.push_back(
      {"Authorization", "Basic " + encode_base64(auth_id_ + ":" + std::string(token_))});
  const HttpResponse response = http_.send(request);
  Reply reply{JsonDocument::parse(response.body), {}};
  reply.failure =
      failure_of(response, reply.object().is_object(), "Plivo's API at " + origin_, auth_id_);
  return reply;
}

ApiAnswer<PlivoNumber> AccountApi::number(const std::string& digits) {
  Reply reply = get("/Number/" + digits + "/");
  if (!reply.good()) return std::move(reply.failure);
  PlivoNumber number = number_of(reply.object());
  number.digits = digits;
  return number;
}

ApiAnswer<AttachedApplication> AccountApi::application(const std::string& id) {
  Reply reply = get("/Application/" + id + "/");
  if (!reply.good()) return std::move(reply.failure);
  AttachedApplication application = application_of(reply.object());
  application.id = id;
  if (application.answer_url.empty() && !reply.object()["answer_url"]) {
    return ApiFailure{ApiFailure::Kind::kFailed,
                      "Plivo's API at " + origin_ + " describes application " + id +
                          " in a form that this version does not know, without answer_url: look "
                          "at it in Plivo's console"};
  }
  return application;
}

ApiFailure AccountApi::list_failure(const std::string& what) const {
  return {ApiFailure::Kind::kFailed, "Plivo's API at " + origin_ +
                                         " lists the numbers of account " + auth_id_ + what +
                                         ": look at them in Plivo's console"};
}

ApiAnswer<std::vector<PlivoNumber>> AccountApi::numbers() {
  std::vector<PlivoNumber> all;
  for (std::size_t offset = 0; offset < kMostNumbers; offset += kPage) {
    Reply reply =
        get("/Number/?limit=" + std::to_string(kPage) + "&offset=" + std::to_string(offset));
    const bool none = reply.failure.kind == ApiFailure::Kind::kUnknown;
    if (!reply.good() && !none) return std::move(reply.failure);
    const JsonValue objects = reply.object()["objects"];
    if (none || !objects.is_array()) {
      return list_failure(" in a form that this version does not know, without objects");
    }
    const std::vector<JsonValue> page = objects.elements();
    for (const JsonValue& object : page) {
      if (object.is_object()) all.push_back(number_of(object));
    }
    if (page.size() < kPage) return all;
  }
  return list_failure(" of which only the first " + std::to_string(kMostNumbers) +
                      " were looked at");
}

}  // namespace plivo_dial::ctl
