// File: mod_plivo_dial/ctl/plivo/plivo_api.h
//
// What Plivo's REST API says of an account's numbers and applications. It only reads. Source: Plivo
// docs, account/api/overview and account/api/application, and the replies that its SDKs' examples
// show.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/base/result.h"
#include "mod_plivo_dial/ctl/http/http_client.h"

namespace plivo_dial::ctl {

inline constexpr std::string_view kPlivoApi = "https://api.plivo.com";

// What calls to a number are attached to.
struct PlivoNumber {
  std::string digits;       // without '+'
  bool active = true;       // rented, and not waiting for papers
  bool voice = true;        // takes calls
  std::string application;  // its id; "" for none
  std::string elsewhere;    // what the number is attached to when that is no application
};

struct AttachedApplication {
  std::string id;
  std::string name;
  bool enabled = true;
  std::string answer_url;  // each "" when it is not set
  std::string fallback_url;
  std::string hangup_url;
};

// Why there is no answer.
struct ApiFailure {
  enum class Kind {
    kNoReply,  // or none that is Plivo's
    kRefused,  // the Auth Token is not that of the Auth ID
    kUnknown,  // the account has no such thing
    kFailed,   // the API itself
  };
  Kind kind = Kind::kFailed;
  std::string sentence;  // with its remedy; of kUnknown "". Never shows the token
};

template <typename T>
using ApiAnswer = std::variant<T, ApiFailure>;

// Ok when `origin` is one that may get the token: https, or http on this machine. The error is a
// sentence. Pure.
Result<void> check_api_origin(const std::string& origin);

// Of one account. Not for use by several threads at once.
class AccountApi {
 public:
  // `http` and `token` must outlive this. Of `origin`, a URL, the path does not count.
  AccountApi(HttpClient& http, const std::string& origin, std::string auth_id,
             std::string_view token);

  ApiAnswer<PlivoNumber> number(const std::string& digits);
  ApiAnswer<AttachedApplication> application(const std::string& id);
  // All numbers of the account. More than five thousand are a failure.
  ApiAnswer<std::vector<PlivoNumber>> numbers();

 private:
  struct Reply;

  Reply get(const std::string& path);
  ApiFailure list_failure(const std::string& what) const;

  HttpClient& http_;
  const std::string origin_;
  const std::string auth_id_;
  const std::string_view token_;
};

}  // namespace plivo_dial::ctl
