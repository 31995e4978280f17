// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/init/init_account.h"

#include <optional>
#include <utility>

#include "mod_plivo_dial/ctl/init/init_questions.h"
#include "mod_plivo_dial/ctl/init/init_settings.h"
#include "mod_plivo_dial/ctl/standard_io.h"

namespace plivo_dial::ctl {
namespace {

// Of what Plivo's console shows.
constexpr std::size_t kAuthIdLength = 20;
constexpr std::size_t kTokenLength = 40;
constexpr int kMostTries = 3;

constexpr const char* kAuthIdQuestion = "Auth ID (on the first page of Plivo's console): ";
constexpr const char* kQuestion =
    "Auth Token (beside the Auth ID; not shown while you type or paste): ";
constexpr const char* kAgain =
    "Auth Token once more, or Enter to keep the one that you gave (not shown): ";

void warn_of_account(const std::string& text) {
  report_usage("init", "warning: " + text);
}

std::string length_text(const Secret& token) {
  return "what was entered as Auth Token has " + std::to_string(token.view().size()) +
         " characters, and Plivo's tokens have " + std::to_string(kTokenLength) +
         ": compare it with the console, a part may be missing";
}

}  // namespace

void doubt_auth_id(const std::string& auth_id) {
  if (auth_id.size() == kAuthIdLength) return;
  warn_of_account("the Auth ID has " + std::to_string(auth_id.size()) +
                  " characters, and Plivo's have " + std::to_string(kAuthIdLength) +
                  ": compare it with the console");
}

Result<std::string> ask_for_auth_id() {
  for (int tries = 1;; ++tries) {
    const Result<Secret> answer = ask(kAuthIdQuestion, "the Auth ID", Echo::kOn);
    if (!answer) return answer.error();
    const Result<void> checked = check_auth_id_of_account(answer->view());
    if (checked) return std::string(answer->view());
    if (tries == kMostTries || !answers_a_person()) return checked.error();
    report_usage("init", checked.error().message);
  }
}

Result<Secret> ask_for_token(const std::string& auth_id) {
  std::optional<Secret> kept;  // of another length than usual
  for (int tries = 1;; ++tries) {
    Result<Secret> token = ask(kept ? kAgain : kQuestion, "the Auth Token", Echo::kOff);
    if (!token) return token.error();
    if (kept && token->empty()) return std::move(*kept);
    const bool last = tries == kMostTries || !answers_a_person();
    if (const Result<void> checked = check_token_text(token->view(), auth_id); !checked) {
      if (last) return checked.error();
      report_usage("init", checked.error().message);
      continue;
    }
    if (token->view().size() == kTokenLength) return token;
    warn_of_account(length_text(*token));
    if (last) return token;
    kept = std::move(*token);
  }
}

}  // namespace plivo_dial::ctl
