// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor/doctor_plivo.h"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "lib/access/secret_file.h"
#include "lib/settings/config_manifest.h"
#include "lib/webhook/endpoint.h"
#include "mod_plivo_dial/ctl/http/shown_url.h"
#include "mod_plivo_dial/ctl/httpd/answer_locations.h"
#include "mod_plivo_dial/ctl/plivo/plivo_api.h"
#include "mod_plivo_dial/ctl/plivo/plivo_attachment.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kPlivo = "Plivo";
constexpr std::size_t kMostShown = 5;

// An account of the configuration, and what Plivo has said of it so far.
class Account {
 public:
  Account(HttpClient& http, const std::string& origin, std::string auth_id, Secret token)
      : auth_id_(std::move(auth_id)),
        token_(std::move(token)),
        api_(http, origin, auth_id_, token_.view()) {}

  const std::string& auth_id() const { return auth_id_; }
  // Set once nothing more can be asked.
  const std::optional<ApiFailure>& failure() const { return failure_; }

  std::optional<PlivoNumber> number(const std::string& digits) { return keep(api_.number(digits)); }
  std::vector<PlivoNumber> numbers() {
    if (!numbers_) numbers_ = keep(api_.numbers()).value_or(std::vector<PlivoNumber>());
    return *numbers_;
  }
  std::optional<AttachedApplication> application(const std::string& id) {
    const auto known = applications_.find(id);
    if (known != applications_.end()) return known->second;
    return applications_.emplace(id, keep(api_.application(id))).first->second;
  }

 private:
  template <typename T>
  std::optional<T> keep(ApiAnswer<T> answer) {
    if (T* const good = std::get_if<T>(&answer)) return std::move(*good);
    ApiFailure& failure = std::get<ApiFailure>(answer);
    if (failure.kind != ApiFailure::Kind::kUnknown) failure_ = std::move(failure);
    return std::nullopt;
  }

  std::string auth_id_;
  Secret token_;
  AccountApi api_;
  std::optional<ApiFailure> failure_;
  std::optional<std::vector<PlivoNumber>> numbers_;
  std::map<std::string, std::optional<AttachedApplication>> applications_;
};

// A number and the account that has it.
struct Owned {
  PlivoNumber number;
  Account* account;
};

class Inquiry {
 public:
  Inquiry(const ConfigManifest& config, const std::string& origin, HttpClient& http,
          Findings& findings)
      : config_(config), origin_(origin), http_(http), findings_(findings) {}

  void ask_about(const ManifestLocation& location) {
    const std::vector<Account*> accounts = accounts_of(location);
    if (accounts.empty()) return;
    const NumberUrls urls = urls_of(location);
    const std::vector<std::string> numbers = numbers_of(location);
    if (numbers.empty()) return ask_about_every_number(accounts, urls);
    for (const std::string& number : numbers) ask_about_number(number, accounts, urls);
  }

 private:
  // Each Location that takes calls takes the rest too, and there may be one for that alone.
  NumberUrls urls_of(const ManifestLocation& location) const {
    NumberUrls urls = urls_for_plivo(answer_url_of(location));
    for (const ManifestLocation& other : config_.locations) {
      if (!other.served || other.public_url.empty()) continue;
      const std::string url = answer_url_of(other);
      const bool takes_all = answers_calls(other);
      if (takes_all || other.endpoint == to_string(Endpoint::kFallback))
        urls.other_fallbacks.push_back(url);
      if (takes_all || other.endpoint == to_string(Endpoint::kHangup))
        urls.other_hangups.push_back(url);
      if (!takes_all) continue;
      const NumberUrls of_other = urls_for_plivo(url);
      urls.other_fallbacks.push_back(of_other.fallback);
      urls.other_hangups.push_back(of_other.hangup.substr(0, of_other.hangup.find('#')));
    }
    return urls;
  }

  void say(Health health, std::string sentence) {
    add(findings_, std::string(kPlivo), health, std::move(sentence));
  }

  std::vector<Account*> accounts_of(const ManifestLocation& location) {
    std::vector<Account*> found;
    not_asked_.clear();
    for (const ManifestAccount& listed : location.accounts) {
      Account* account = account_of(listed.auth_id, listed.token_file);
      if (account && !account->failure()) {
        found.push_back(account);
      } else {
        not_asked_ += (not_asked_.empty() ? "" : " or ") + listed.auth_id;
      }
    }
    if (location.accounts.empty()) {
      say(Health::kNotChecked, answer_url_of(location) +
                                   " has no PlivoAccount, whose Auth ID and token Plivo's API asks "
                                   "for");
    }
    return found;
  }

  Account* account_of(const std::string& auth_id, const std::string& token_file) {
    const auto known = accounts_.find(auth_id);
    if (known != accounts_.end()) return known->second.get();
    Result<Secret> token = read_secret_file(token_file, geteuid());
    if (!token) {
      say(Health::kNotChecked, "the numbers of account " + auth_id + ": " + token.error().message);
      accounts_.emplace(auth_id, nullptr);
      return nullptr;
    }
    auto account = std::make_unique<Account>(http_, origin_, auth_id, std::move(token).value());
    return accounts_.emplace(auth_id, std::move(account)).first->second.get();
  }

  // Whether `account` can't be asked any more; says why, once.
  bool is_lost(const Account& account) {
    const std::optional<ApiFailure>& failure = account.failure();
    if (!failure) return false;
    if (told_.insert(account.auth_id()).second) {
      const bool refused = failure->kind == ApiFailure::Kind::kRefused;
      say(refused ? Health::kProblem : Health::kNotChecked, failure->sentence);
    }
    return true;
  }

  void ask_about_number(const std::string& number, const std::vector<Account*>& accounts,
                        const NumberUrls& urls) {
    std::string asked;
    for (Account* account : accounts) {
      if (account->failure()) return;
      const std::optional<PlivoNumber> owned = account->number(number.substr(1));
      if (is_lost(*account)) return;
      if (owned) return judge({*owned, account}, urls);
      asked += (asked.empty() ? "" : " and ") + account->auth_id();
    }
    if (asked.empty()) return;
    if (!not_asked_.empty()) {
      return say(Health::kNotChecked, number + " is no number of account " + asked +
                                          " at Plivo; whether it is one of " + not_asked_ +
                                          ", which could not be asked, is not known");
    }
    say(Health::kProblem,
        number + " is no number of account " + asked +
            " at Plivo: it is mistyped in <PlivoNumber " + number +
            ">, was given back, or belongs to another account, which wants a PlivoAccount of its "
            "own");
  }

  void judge(const Owned& owned, const NumberUrls& urls) {
    std::optional<AttachedApplication> application;
    const std::string& id = owned.number.application;
    if (!id.empty()) {
      application = owned.account->application(id);
      if (is_lost(*owned.account)) return;
      if (!application) {
        return say(Health::kProblem, "+" + owned.number.digits + " is attached to application " +
                                         id + ", which account " + owned.account->auth_id() +
                                         " does not have: attach it to one with the answer URL " +
                                         urls.answer);
      }
    }
    const Findings found = judge_attachment(owned.number, application, urls);
    findings_.insert(findings_.end(), found.begin(), found.end());
  }

  // Any of the account's may be meant, and the others may have a life of their own.
  void ask_about_every_number(const std::vector<Account*>& accounts, const NumberUrls& urls) {
    std::vector<std::string> others;
    bool leads_here = false;
    for (Account* account : accounts) {
      const std::vector<PlivoNumber> numbers = account->numbers();
      for (const PlivoNumber& number : numbers) {
        if (is_lost(*account)) return;
        const auto application =
            number.application.empty() ? std::nullopt : account->application(number.application);
        if (application && leads_to(*application, urls)) {
          leads_here = true;
          judge({number, account}, urls);
        } else {
          others.push_back(where_it_goes(number, application));
        }
      }
      if (is_lost(*account)) return;
    }
    if (!leads_here) say_that_none_leads(accounts, urls, others);
  }

  static std::string where_it_goes(const PlivoNumber& number,
                                   const std::optional<AttachedApplication>& application) {
    const std::string called = "+" + number.digits + " to ";
    if (!application) {
      return called + (number.elsewhere.empty() ? "no application" : number.elsewhere);
    }
    return called + (application->answer_url.empty() ? "application " + name_of(*application)
                                                     : shown_url(application->answer_url));
  }

  void say_that_none_leads(const std::vector<Account*>& accounts, const NumberUrls& urls,
                           const std::vector<std::string>& others) {
    std::string list;
    for (std::size_t i = 0; i < std::min(others.size(), kMostShown); ++i) {
      list += (i == 0 ? " (" : ", ") + others[i];
    }
    if (others.size() > kMostShown) {
      list += " and " + std::to_string(others.size() - kMostShown) + " more";
    }
    if (!list.empty()) list += ")";
    const bool none = others.empty();
    std::string ids;
    for (const Account* account : accounts)
      ids += (ids.empty() ? "" : " and ") + account->auth_id();
    if (!not_asked_.empty()) {
      return say(Health::kNotChecked, "no number of account " + ids + " at Plivo leads to " +
                                          urls.answer + "; whether one of " + not_asked_ +
                                          ", which could not be asked, does is not known");
    }
    const std::string application =
        " to an application with the answer URL " + urls.answer + ", method POST";
    say(Health::kProblem,
        none ? "account " + ids + " has no number at Plivo: rent one, and attach it" + application
             : "no number of account " + ids + " at Plivo leads to " + urls.answer + list +
                   ": attach one" + application);
  }

  const ConfigManifest& config_;
  const std::string& origin_;
  HttpClient& http_;
  Findings& findings_;
  std::map<std::string, std::unique_ptr<Account>> accounts_;  // by Auth ID
  std::set<std::string> told_;
  std::string not_asked_;  // accounts of the present Location that can't be
};

}  // namespace

void check_plivo(const ConfigManifest& config, const std::string& origin, HttpClient& http,
                 Findings& findings) {
  Inquiry inquiry(config, origin, http, findings);
  std::set<std::string> asked;  // a Location of the main server is inherited by its virtual hosts
  for (const ManifestLocation& location : config.locations) {
    if (!answers_calls(location) || location.public_url.empty()) continue;
    if (!asked.insert(answer_url_of(location)).second) continue;
    inquiry.ask_about(location);
  }
  if (asked.empty()) {
    add(findings, std::string(kPlivo), Health::kNotChecked,
        "no Location with PlivoPublicURL takes calls, so there is nothing to ask Plivo for");
  }
}

}  // namespace plivo_dial::ctl
