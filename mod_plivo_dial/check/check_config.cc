// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/check_config.h"

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>

#include "lib/base/suggestion.h"
#include "lib/base/text.h"
#include "lib/settings/config_manifest.h"
#include "lib/spool/spool_directory.h"
#include "mod_plivo_dial/check/check_plans.h"
#include "mod_plivo_dial/check/check_server.h"
#include "mod_plivo_dial/check/check_tables.h"
#include "mod_plivo_dial/check/check_view.h"
#include "mod_plivo_dial/check/idle_rules.h"
#include "mod_plivo_dial/check/shut_out.h"
#include "mod_plivo_dial/check/taken_requests.h"
#include "mod_plivo_dial/check/twin_locations.h"
#include "mod_plivo_dial/config/answer_book.h"
#include "mod_plivo_dial/config/directive_lines.h"
#include "mod_plivo_dial/config/handler_word.h"
#include "mod_plivo_dial/config/secrets.h"
#include "mod_plivo_dial/config/sections.h"
#include "mod_plivo_dial/config/serving_identity.h"
#include "mod_plivo_dial/guard.h"
#include "mod_plivo_dial/state.h"

namespace plivo_dial {
namespace {

// Errors of a section that several virtual hosts inherit are said once.
void say_once(std::vector<std::string>& list, std::string text) {
  for (const std::string& known : list) {
    if (known == text) return;
  }
  list.push_back(std::move(text));
}

bool is_loopback(const PublicUrl& url) {
  const std::string_view text = url.text();
  for (const std::string_view host : {"http://127.", "http://localhost", "http://[::1]"}) {
    if (text.substr(0, host.size()) == host) return true;
  }
  return false;
}

// Slips after which calls end at once, or never come: nobody writes these on purpose.
void warn_of_plan(const Section& section, ConfigReport& report) {
  const DirConfig& config = *section.config;
  const std::string where = at(config.position) + "<Location \"" + section.path + "\"> ";
  const bool answers = configured_endpoint(config) == Endpoint::kAnswer;
  const bool serves_never = !section.serves && !section.by_expression;
  if (serves_never && (does_something(config.plan) || config.numbers != nullptr)) {
    say_once(report.warnings, where +
                                  "has a plan, but no SetHandler plivo-dial in it or around it: "
                                  "requests for it do not reach the module");
  } else if (section.serves && answers && !does_something(config.plan) &&
             config.numbers == nullptr && config.route_map == nullptr) {
    say_once(report.warnings,
             where +
                 "has SetHandler plivo-dial and no plan: a call that is answered there ends at "
                 "once; add PlivoDial, or say by PlivoEndpoint what it is for");
  } else if (section.serves && answers && !does_something(config.plan) &&
             config.route_map == nullptr && config.numbers->otherwise == nullptr) {
    say_once(report.warnings, where +
                                  "has no plan for other numbers than those of its "
                                  "<PlivoNumber> sections: a call to one ends at once; add "
                                  "<PlivoNumber default>");
  }
}

void warn_of_max_body(const Section& section, ConfigReport& report) {
  const DirConfig& config = *section.config;
  if (config.max_body <= max_body(config)) return;
  say_once(report.warnings,
           at(config.position) + "<Location \"" + section.path + "\">: PlivoMaxBody " +
               std::to_string(config.max_body) + " is more than an event may have: bodies over " +
               std::to_string(max_body(config)) +
               " bytes are refused all the same; PlivoMaxBody 512K says what holds");
}

void warn_of_fallback(const DirConfig& config, ConfigReport& report) {
  if (config.fallback == nullptr) return;
  for (const std::string& remark : config.fallback->remarks) {
    say_once(report.warnings, at(config.fallback->position) + "PlivoFallback: " + remark);
  }
}

void warn_of_public_url(const PublicUrlLine& line, const Section& section, ConfigReport& report) {
  const std::string& url = line.url.text();
  if (!line.url.is_https() && !is_loopback(line.url)) {
    say_once(report.warnings, at(line.position) + "PlivoPublicURL " + url +
                                  " is not https: numbers and names of callers cross the network "
                                  "in clear");
  }
  const std::string_view location = location_of(*section.config);
  if (!location.empty() && url.ends_with(location)) {
    say_once(report.warnings,
             at(line.position) + "PlivoPublicURL " + url +
                 " ends in the path of the Location, which is added to it: Plivo would be told " +
                 line.url.join(location) + "/action; write " +
                 url.substr(0, url.size() - location.size()));
  }
}

void warn_of_trust(const Section& section, ConfigReport& report) {
  const DirConfig& config = *section.config;
  const std::string but_event =
      config.event_secret == nullptr
          ? ""
          : "; at the endpoint event only who shows the PlivoEventSecret is";
  const std::string where = at(config.position);
  const std::string location = " for <Location \"" + std::string(section.path) + "\">: ";
  if (config.public_url != nullptr) warn_of_public_url(*config.public_url, section, report);
  if (signature_mode(config) == SignatureMode::kOff) {
    say_once(report.warnings, where + "PlivoSignature Off" + location +
                                  "whoever reaches it is believed to be Plivo" + but_event);
  } else if (signature_mode(config) == SignatureMode::kWarn) {
    say_once(report.warnings,
             where + "PlivoSignature Warn" + location +
                 "requests whose signature is missing or wrong are served all the same; write "
                 "PlivoSignature Require once the error log has no more PD02 lines" +
                 but_event);
  }
}

// What the section lacks to tell Plivo from others; "" when it has all.
std::string missing_for_trust(const DirConfig& config) {
  if (signature_mode(config) == SignatureMode::kOff) return "";
  if (configured_endpoint(config) == Endpoint::kEvent) {
    if (config.event_secret != nullptr) return "";
    return "the endpoint event needs PlivoEventSecret, since PHLO flows do not sign their "
           "requests: write the secret into a file (chmod 600), and add PlivoEventSecret "
           "file:/path/to/it";
  }
  if (config.accounts == nullptr) {
    return "signatures can't be verified without the auth token of your Plivo account: write it "
           "into a file (chmod 600), and add PlivoAccount name AUTH-ID file:/path/to/it to the "
           "server or virtual host; or write PlivoSignature Off, and let only Plivo reach it";
  }
  if (config.public_url == nullptr) {
    return "signatures are made over the URL that Plivo dials: add PlivoPublicURL "
           "https://your.host.name";
  }
  return "";
}

void say_each(std::vector<std::string>& said, const std::vector<std::string>& sentences) {
  for (const std::string& sentence : sentences) say_once(said, sentence);
}

void judge_plans(const AnswerBook& book, const std::vector<Section>& sections,
                 const ServerConfig& server, ForwardingCircles& circles, ConfigReport& report) {
  say_each(report.errors, idle_line_errors(book.plans()));
  for (const ResolvedPlan* plan : book.plans()) {
    say_each(report.errors, plan_errors(*plan, sections));
    say_each(report.errors, schedule_errors(*plan, server));
    say_each(report.warnings, plan_warnings(*plan));
    say_each(report.warnings, url_warnings(*plan, sections));
    circles.add(*plan);
  }
}

// The plans of one section, unless those of its layers were judged before.
class PlanJudge {
 public:
  PlanJudge(apr_pool_t* scratch, const Prepared& prepared, const ServerConfig& server,
            ConfigReport& report)
      : scratch_(scratch), prepared_(prepared), server_(server), report_(report) {}

  void judge(const DirConfig& config) {
    const auto& unmade = prepared_.unmade;
    const auto failed = std::ranges::find(unmade, config.layers, &Prepared::Unmade::layers);
    if (failed != unmade.end()) return say_once(report_.errors, failed->error);
    const AnswerBook* const book = prepared_.books->find(config);
    if (book == nullptr) return judge_uncounted(config);
    if (std::ranges::find(judged_, book) != judged_.end()) return;
    judged_.push_back(book);
    judge_plans(*book, prepared_.sections, server_, circles_, report_);
  }

  void end() { say_each(report_.warnings, circles_.warnings()); }

 private:
  void judge_uncounted(const DirConfig& config) {
    const Result<AnswerBook> book = AnswerBook::make(scratch_, config);
    if (!book) return say_once(report_.errors, book.error().message);
    judge_plans(*book, prepared_.sections, server_, circles_, report_);
  }

  apr_pool_t* const scratch_;
  const Prepared& prepared_;
  const ServerConfig& server_;
  ConfigReport& report_;
  ForwardingCircles circles_;
  std::vector<const AnswerBook*> judged_;
};

void check_section(const Section& section, PlanJudge& plans, ConfigReport& report) {
  const DirConfig& config = *section.config;
  if (section.serves) {
    if (const std::string missing = missing_for_trust(config); !missing.empty()) {
      say_once(report.errors,
               at(config.position) + "<Location \"" + section.path + "\">: " + missing);
      return;
    }
    warn_of_trust(section, report);
  }
  if (config.route_map != nullptr && config.public_url == nullptr) {
    say_once(report.errors, at(config.route_map->position) +
                                "PlivoRouteMap needs the address under which Plivo reaches this "
                                "server, for action and callbackUrl: add PlivoPublicURL "
                                "https://your.host");
  }
  warn_of_plan(section, report);
  warn_of_max_body(section, report);
  warn_of_fallback(config, report);
  plans.judge(config);
}

// A URL that another handler has in the merged configuration is not ours to claim.
void warn_of_taken_requests(apr_pool_t* scratch, const server_rec* main_server,
                            ConfigReport& report) {
  for (const TakenRequests& taken : taken_requests(scratch, main_server)) {
    const std::string ours = "SetHandler plivo-dial of <Location \"" + taken.location + "\"> (" +
                             to_string(taken.ours) + ")";
    std::string text = at(taken.theirs) + "SetHandler " + taken.handler + " in " + taken.section +
                       " overrides " + ours + ": ";
    if (taken.in_some_cases) {
      text += "where the condition holds, requests for " + taken.url +
              " do not reach the module; leave them out of the condition";
    } else if (taken.by_inheritance) {
      text += "requests for " + taken.url +
              " do not reach the module in this virtual host; repeat "
              "the <Location \"" +
              taken.location + "\"> in it, behind that section";
    } else {
      text += "requests for " + taken.url +
              " do not reach the module; move that section in front "
              "of the <Location \"" +
              taken.location + "\">";
    }
    say_once(report.warnings, std::move(text));
  }
}

// Words for our handler that no module answers to, such as plivo_dial.
void warn_of_strange_handlers(apr_pool_t* scratch, ConfigReport& report) {
  constexpr std::string_view kOurs[] = {"plivo-dial"};
  for (const DirectiveLine& line : directive_lines(scratch, "SetHandler")) {
    if (our_handler(line.word.c_str()) != nullptr || !nearest_word(line.word, kOurs)) continue;
    say_once(report.warnings, at(position_of(line.line)) + "SetHandler " + line.word +
                                  ": no module has this handler; did you mean plivo-dial?");
  }
}

// Nobody writes these for nothing.
void warn_of_idle_rules(apr_pool_t* scratch, ConfigReport& report) {
  for (const IdleRule& rule : idle_rules(scratch)) {
    say_once(report.warnings,
             at(rule.position) + rule.directive + " in <Location \"" + rule.location +
                 "\"> does nothing: the module serves each request for it, whatever rewrite rules "
                 "and redirects say; to let in only some, write Require, such as Require ip");
  }
}

void warn_of_shut_out(apr_pool_t* scratch, const Section& section, ConfigReport& report) {
  if (!section.serves) return;
  const std::optional<ShutOut> rule = shut_out(scratch, section);
  if (!rule) return;
  say_once(report.warnings,
           at(rule->position) + rule->rule + " in " + rule->section +
               " shuts Plivo out: its requests for " + rule->url +
               (rule->by_password ? " are asked for a password (401), and it has none"
                                  : " are refused with 403") +
               "; write Require all granted into the <Location \"" + section.path +
               "\">, in its place or behind that section: the module itself lets in only who signs "
               "as Plivo");
}

// httpd's processes read them again when they change.
void check_documents(const Documents& documents, const Judge& judge, ConfigReport& report) {
  for (const auto& [path, line] : documents.files()) {
    const Result<void> readable = may_read(path, judge.identity);
    if (!readable) judge.say(line, readable.error().message, report);
  }
}

// Faults of a file stop a start, and never a server that runs: it has the tables before.
void check_tables(const Tables& tables, const Judge& judge, server_rec* main_server,
                  ConfigReport& report) {
  for (const auto& [where, finding] : unreadable_overrides(tables, judge.identity)) {
    judge.say(where, finding, report);
  }
  if (!report.errors.empty() || !report.environment_errors.empty()) return;
  const bool test = ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_CONFIG_TEST;
  if (test && ap_exists_config_define(kWithoutTables)) return;
  const TablesReport made = make_tables(tables, main_server);
  say_each(report.environment_errors, made.faults);
  say_each(report.warnings, made.warnings);
  if (!made.error.empty()) report.environment_errors.push_back(made.error);
}

void check_sections(apr_pool_t* scratch, const Prepared& prepared, const ServerConfig& server,
                    ConfigReport& report) {
  say_each(report.errors, prepared.document_errors);
  say_each(report.warnings, prepared.document_warnings);
  PlanJudge plans(scratch, prepared, server, report);
  for (const Section& section : prepared.sections) {
    check_section(section, plans, report);
    warn_of_shut_out(scratch, section, report);
  }
  plans.end();
  report.twins = twin_warnings(prepared.sections);
}

void add_all(const std::vector<std::string>& more, std::vector<std::string>& all) {
  all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

ConfigReport check_configuration(const Prepared& prepared, apr_pool_t* scratch,
                                 server_rec* main_server) {
  ConfigReport report;
  const ServerConfig& server = server_config(main_server);
  check_sections(scratch, prepared, server, report);
  warn_of_taken_requests(scratch, main_server, report);
  warn_of_idle_rules(scratch, report);
  warn_of_strange_handlers(scratch, report);
  for (const StrayHandler& stray : stray_handlers(scratch)) {
    report.errors.push_back(
        at(stray.position) + "SetHandler plivo-dial " +
        (stray.section.empty() ? "outside of every section" : "in " + stray.section) +
        ": it belongs in a plain <Location \"/path\">, by whose path calls are "
        "answered and our own URLs are built; move it there");
  }
  add_all(prepared.secrets.errors, report.environment_errors);
  add_all(prepared.secrets.unjudged, report.unjudged);
  add_all(prepared.secrets.warnings, report.warnings);
  if (lacks_user()) {
    report.environment_errors.push_back(
        "httpd has no User: started by root, it can't serve; add User and Group, such as User "
        "www-data and Group www-data");
    return report;
  }
  const Judge judge{serving_identity(), geteuid() != 0 && names_other_user()};
  check_server(server, judge, report);
  check_documents(*prepared.documents, judge, report);
  if (prepared.tables != nullptr) check_tables(*prepared.tables, judge, main_server, report);
  say_each(report.warnings, view_warnings(scratch, main_server, prepared.sections, judge.identity));
  const bool test = ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_CONFIG_TEST;
  if (!test || judge.stands_in || !report.environment_errors.empty() || !report.unjudged.empty()) {
    return report;
  }
  say_each(report.warnings, present_warnings(scratch, main_server, judge.identity));
  return report;
}

}  // namespace plivo_dial
