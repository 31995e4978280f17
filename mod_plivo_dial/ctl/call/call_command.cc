// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/call_command.h"

#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>

#include "lib/access/secret_file.h"
#include "lib/base/absolute_url.h"
#include "lib/base/in_quotes.h"
#include "lib/schedule/date_text.h"
#include "lib/signature/url.h"
#include "lib/webhook/continuation.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/call/call_json.h"
#include "mod_plivo_dial/ctl/call/call_player.h"
#include "mod_plivo_dial/ctl/call/key_press.h"
#include "mod_plivo_dial/ctl/call/outcome.h"
#include "mod_plivo_dial/ctl/call/party.h"
#include "mod_plivo_dial/ctl/call/report_forms.h"
#include "mod_plivo_dial/ctl/call/timeline.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/http/curl_http_client.h"
#include "mod_plivo_dial/ctl/http/form_request.h"
#include "mod_plivo_dial/ctl/http/place.h"
#include "mod_plivo_dial/ctl/standard_io.h"
#include "mod_plivo_dial/ctl/terminal.h"
#include "mod_plivo_dial/ctl/token_file.h"
#include "mod_plivo_dial/ctl/uuid.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::uint64_t kLargestSeed = 999'999'999;

// What was written on the command line, before it is judged.
struct CallOptions {
  CallScript script;
  std::string hangup_url;
  std::string ring_url;
  std::string fallback_url;
  std::string direction = "inbound";
  std::string token_file;
  Secret token;  // what the script signs with
  std::string authority_file;
  std::string event_secret_file;
  Secret event_secret;  // what a flow's report shows
  std::string chaos;    // "": none
  std::string at;       // "": now
  std::vector<std::string> reports;
  std::vector<std::string> outcomes;
  std::vector<std::string> presses;
  std::vector<std::string> parameters;
  bool json = false;
  bool show_documents = false;
};

Result<std::optional<std::string>> optional_url(std::string_view option, const std::string& url) {
  if (url.empty() || url == "none") return std::optional<std::string>();
  const Result<void> checked = check_absolute_url(without_fragment(url));
  if (!checked) return bad_option(option, checked.error().message);
  return std::optional<std::string>(url);
}

// A token that was typed in its place must not be printed.
Result<void> check_auth_id(std::string_view id) {
  const bool account = id.starts_with("MA") || id.starts_with("SA");
  const bool plain = id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == id.npos;
  if (account && plain) return {};
  return bad_option("--auth-id",
                    "an Auth ID begins with MA or SA, then capital letters and digits");
}

Result<void> load_event_secret(CallOptions& options) {
  if (options.event_secret_file.empty()) return {};
  Result<Secret> secret = read_token(options.event_secret_file);
  if (!secret) return secret.error();
  options.event_secret = std::move(secret).value();
  options.script.event_secret = options.event_secret.view();
  return {};
}

Result<void> read_reports(CallOptions& options) {
  for (const std::string& text : options.reports) {
    auto report = parse_report(text);
    if (!report) return bad_option("--report", report.error().message);
    if (!report->url.empty()) {
      const Result<void> checked = check_absolute_url(without_fragment(report->url));
      if (!checked) return bad_option("--report", checked.error().message);
    }
    options.script.reports.push_back(std::move(*report));
  }
  if (options.script.reports_only && options.script.reports.empty()) {
    return Error{"--reports-only: there is none; add --report KIND"};
  }
  return {};
}

Result<void> read_chaos(CallOptions& options) {
  const std::string& text = options.chaos;
  if (text.empty()) return {};
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || seed > kLargestSeed) {
    return bad_option("--chaos", in_quotes(text) + " is no whole number from 0 to " +
                                     std::to_string(kLargestSeed));
  }
  options.script.chaos = seed;
  return {};
}

Result<void> load_token(CallOptions& options) {
  if (options.token_file.empty()) return {};
  Result<Secret> token = read_token(options.token_file);
  if (!token) return token.error();
  options.token = std::move(token).value();
  options.script.token = options.token.view();
  return {};
}

Result<void> check_connection(const std::string& place) {
  if (place.empty()) return {};
  const Result<void> checked = check_host_and_port(place);
  if (checked && !place_of_authority(place).port.empty()) return {};
  return bad_option("--connect-to", in_quotes(place) + " is not HOST:PORT, such as 127.0.0.1:443");
}

Result<void> check_authority_file(const std::string& file) {
  if (file.empty() || access(file.c_str(), R_OK) == 0) return {};
  return bad_option("--cacert", "cannot read " + in_quotes(file) + ": " + std::strerror(errno));
}

Result<void> read_urls(CallOptions& options) {
  CallScript& script = options.script;
  const Result<void> answer = check_absolute_url(without_fragment(script.answer_url));
  if (!answer) return bad_option("--url", answer.error().message);
  const auto ring = optional_url("--ring-url", options.ring_url);
  if (!ring) return ring.error();
  script.ring_url = *ring;
  const auto fallback = optional_url("--fallback-url", options.fallback_url);
  if (!fallback) return fallback.error();
  script.fallback_url = *fallback;
  const std::string hangup = options.hangup_url.empty() ? script.answer_url : options.hangup_url;
  const auto checked = optional_url("--hangup-url", hangup);
  if (!checked) return checked.error();
  script.hangup_url = *checked;
  if (auto place = check_connection(script.connect_to); !place) return place;
  if (!script.public_url.empty()) {
    const auto origin = PublicUrl::parse(script.public_url);
    if (!origin) return bad_option("--public-url", origin.error().message);
    script.public_url = origin->text();
  }
  return {};
}

Result<void> read_lists(CallOptions& options) {
  for (const std::string& text : options.outcomes) {
    auto outcome = parse_target_outcome(text);
    if (!outcome) return bad_option("--outcome", outcome.error().message);
    for (const TargetOutcome& other : options.script.outcomes) {
      if (!same_target(other.target, outcome->target)) continue;
      return bad_option("--outcome", outcome->target + " has an outcome already; give it one");
    }
    options.script.outcomes.push_back(std::move(*outcome));
  }
  for (const std::string& text : options.presses) {
    auto press = parse_key_press(text);
    if (!press) return bad_option("--press", press.error().message);
    options.script.presses.push_back(std::move(*press));
  }
  for (const std::string& text : options.parameters) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return bad_option("--param", "\"" + text + "\" is not NAME=VALUE");
    }
    options.script.extra.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return {};
}

// The server itself knows the hours: it is told the time that they are asked for.
Result<void> read_time(CallOptions& options) {
  if (options.at.empty()) return {};
  if (!parse_asked_time(options.at)) {
    return bad_option("--at", in_quotes(options.at) +
                                  " is no time; write date, T, hours and minutes, such as "
                                  "2026-12-25T10:00, and Z behind it for UTC");
  }
  options.script.extra.emplace_back(kAtParameter, options.at);
  return {};
}

Result<void> complete_script(CallOptions& options) {
  CallScript& script = options.script;
  if (auto read = read_urls(options); !read) return read;
  if (auto read = read_lists(options); !read) return read;
  if (auto read = read_reports(options); !read) return read;
  if (auto read = read_chaos(options); !read) return read;
  if (auto read = read_time(options); !read) return read;
  if (auto read = load_token(options); !read) return read;
  if (auto read = check_authority_file(options.authority_file); !read) return read;
  if (auto read = load_event_secret(options); !read) return read;
  if (auto checked = check_auth_id(script.auth_id); !checked) return checked;
  if (auto checked = check_caller(script.from); !checked) {
    return bad_option("--from", checked.error().message);
  }
  if (auto checked = check_party(script.to); !checked) {
    return bad_option("--to", checked.error().message);
  }
  script.direction = options.direction == "outbound" ? Direction::kOutbound : Direction::kInbound;
  if (script.ring_url && script.direction == Direction::kInbound) {
    return Error{"--ring-url: Plivo requests it for outbound calls only; add --direction outbound"};
  }
  if (script.call_uuid.empty()) script.call_uuid = random_uuid();
  if (!is_uuid(script.call_uuid)) {
    return bad_option("--call-uuid",
                      "\"" + script.call_uuid + "\" is no UUID; it looks like " + random_uuid());
  }
  script.new_uuid = random_uuid;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  script.start_microseconds = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  return {};
}

int run_call(CallOptions& options) {
  if (const Result<void> complete = complete_script(options); !complete) {
    std::fprintf(stderr, "plivo-dialctl call: %s\n", complete.error().message.c_str());
    return kExitUsage;
  }
  auto client = CurlHttpClient::create("plivo-dialctl/" PLIVO_DIAL_VERSION, options.authority_file);
  if (!client) {
    std::fprintf(stderr, "plivo-dialctl call: %s\n", client.error().message.c_str());
    return kExitUsage;
  }
  const CallRecord record = play_call(options.script, **client);
  const std::string text = options.json
                               ? render_json(record)
                               : render_timeline(record, {wants_colour(), options.show_documents});
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    std::perror("plivo-dialctl call: standard output");
    return kExitUsage;
  }
  return is_good(record) ? kExitOk : kExitRefused;
}

void add_url_options(Command& call, CallOptions& options) {
  call.option("--url", options.script.answer_url, "The answer URL: where the call begins")
      .required()
      .type_name("URL")
      .group("Server");
  call.option("--public-url", options.script.public_url,
              "The server's PlivoPublicURL: what Plivo dials instead of the server of --url. "
              "URLs that begin with it are requested at the server of --url, under this "
              "host name, and signed as they are")
      .type_name("URL")
      .group("Server");
  call.option("--connect-to", options.script.connect_to,
              "Where the server of --url is reached, whatever that URL says, such as "
              "127.0.0.1:443 on the machine itself")
      .type_name("HOST:PORT")
      .group("Server");
  call.flag("--proxy-protocol", options.script.proxy_protocol,
            "Speak to the server of --url as a proxy does by the PROXY protocol, for "
            "RemoteIPProxyProtocol")
      .group("Server");
  call.option("--cacert", options.authority_file,
              "A PEM file with the authorities whose certificates are trusted in place of "
              "those that the system trusts")
      .type_name("FILE")
      .group("Server");
  call.option("--method", options.script.method,
              "Method of the answer, fallback, ring and hangup requests")
      .one_of({"POST", "GET"})
      .shows_default()
      .type_name("METHOD")
      .group("Server");
  call.option("--hangup-url", options.hangup_url,
              "Where the end of the call is reported; the answer URL unless given, as with "
              "Plivo; none: no report")
      .type_name("URL|none")
      .group("Server");
  call.option("--ring-url", options.ring_url, "Where the ringing of an outbound call is reported")
      .type_name("URL")
      .group("Server");
  call.option("--fallback-url", options.fallback_url,
              "Asked for a document when the answer URL's reply is refused")
      .type_name("URL")
      .group("Server");
}

void add_account_options(Command& call, CallOptions& options) {
  call.option("--token-file", options.token_file,
              "The file with the account's auth token (mode 0600, the one that PlivoAccount "
              "names), - for the first line of standard input: every request is signed as "
              "Plivo does, V3; without it, none is")
      .type_name("FILE|-")
      .group("Account");
  call.option("--auth-id", options.script.auth_id, "The account, for ParentAuthID")
      .shows_default()
      .type_name("MA...")
      .group("Account");
}

void add_call_options(Command& call, CallOptions& options) {
  CallScript& script = options.script;
  const auto add = [&](const char* name, auto& value, const char* help) -> Option& {
    return call.option(name, value, help).group("Call");
  };
  add("--from", script.from, "Who calls").shows_default().type_name("NUMBER|sip:URI");
  add("--to", script.to, "Who is called").shows_default().type_name("NUMBER|sip:URI");
  add("--caller-name", script.caller_name, "The caller's name; the number unless given")
      .type_name("TEXT");
  add("--direction", options.direction,
      "inbound: somebody calls your number; outbound: a call made by Plivo's API")
      .one_of({"inbound", "outbound"})
      .shows_default()
      .type_name("WORD");
  add("--call-uuid", script.call_uuid, "The CallUUID; random unless given").type_name("UUID");
  add("--param", options.parameters,
      "One more parameter of the requests about the call, such as X-PH-Ticket=7; may be repeated")
      .type_name("NAME=VALUE");
}

void add_behaviour_options(Command& call, CallOptions& options) {
  CallScript& script = options.script;
  const auto add = [&](const char* name, auto& value, const char* help) -> Option& {
    return call.option(name, value, help).group("People and lines");
  };
  std::vector<std::string> outcomes;
  for (const OutcomeRule& rule : outcome_rules()) outcomes.emplace_back(rule.word);
  add("--outcome", options.outcomes,
      "What becomes of a dialled number or SIP user, * for all others: completed, busy, no-answer, "
      "failed, timeout, cancel (the caller gives up), not-confirmed, sip-auth-failed or "
      "sip-auth-timeout, and after how many seconds; may be repeated")
      .type_name("TARGET=OUTCOME[:SECONDS]")
      .offers_behind_equals(outcomes);
  add("--ring", script.ring_seconds, "Seconds until somebody answers or gives up")
      .range(0, 86400)
      .shows_default()
      .type_name("SECONDS");
  add("--talk", script.talk_seconds, "Seconds that a talk or a message lasts")
      .range(0, 86400)
      .shows_default()
      .type_name("SECONDS");
  add("--digits", script.digits,
      "What the caller types when asked; repeat it for the questions that follow")
      .type_name("DIGITS");
  add("--press", options.presses,
      "What the caller or the callee presses in each talk, reported where digitsMatch or "
      "digitsMatchBLeg of the Dial has it; may be repeated")
      .type_name("caller=DIGITS|callee=DIGITS");
}

void add_report_options(Command& call, CallOptions& options) {
  std::string kinds;
  std::vector<std::string> words;
  for (const ReportRule& rule : report_rules()) {
    words.emplace_back(rule.word);
    kinds +=
        (kinds.empty() ? "" : "; ") + std::string(rule.word) + ": " + std::string(rule.meaning);
  }
  call.option("--report", options.reports,
              "One more request as Plivo sends it in this call, behind its first document, to URL "
              "or else to the answer URL; what it answers is shown and not executed. " +
                  kinds + ". May be repeated")
      .type_name("KIND[=URL]")
      .offers(words)
      .group("Reports");
  Option& only = call.flag("--reports-only", options.script.reports_only,
                           "Send the reports, and play nothing else")
                     .group("Reports");
  Option& again = call.flag("--again", options.script.again,
                            "Send each request twice, the second time signed anew, as Plivo does "
                            "when it got no reply")
                      .group("Reports");
  call.option("--chaos", options.chaos,
              "Let some reports of the call come late, twice or not at all, and ask for some "
              "documents twice, all decided by this number")
      .type_name("SEED")
      .group("Reports")
      .excludes(only)
      .excludes(again);
  call.option("--event-secret-file", options.event_secret_file,
              "The file with the secret that the report of a flow shows, the one that "
              "PlivoEventSecret names")
      .type_name("FILE|-")
      .group("Reports");
  call.option("--flow-method", options.script.flow_method, "Method of the report of a flow")
      .one_of({"POST", "PUT", "GET", "DELETE"})
      .shows_default()
      .group("Reports");
  call.option("--flow-body", options.script.flow_body,
              "Its body; json-as-form is JSON under the Content-Type of a form")
      .one_of({"form", "json", "json-as-form"})
      .shows_default()
      .group("Reports");
}

void add_output_options(Command& call, CallOptions& options) {
  call.option("--at", options.at,
              "Play the call as if it were TIME by the clocks of each schedule's zone, such as\n"
              "2026-12-25T10:00, or of UTC with a Z behind it; within two years")
      .type_name("TIME");
  call.option("--max-steps", options.script.max_requests,
              "Stop after so many requests, in case documents lead in a circle")
      .range(1, 100000)
      .shows_default()
      .type_name("N")
      .group("Output");
  call.flag("--json", options.json, "Print one JSON object instead of the timeline")
      .group("Output");
  call.flag("--show-documents", options.show_documents, "Print each document beneath its request")
      .group("Output");
}

}  // namespace

void add_call_command(Command& app) {
  Command& call = app.subcommand(
      "call",
      "Play Plivo for one call: fetch the documents, execute them in virtual time, send "
      "every report that Plivo would send. No phone rings, nothing is spent.");
  // The callback below shares the options, so they live as long as the application.
  const auto options = std::make_shared<CallOptions>();
  add_url_options(call, *options);
  add_account_options(call, *options);
  add_call_options(call, *options);
  add_behaviour_options(call, *options);
  add_report_options(call, *options);
  add_output_options(call, *options);
  call.footer(
      "Exit status: 0 the call was played to its end and Plivo would have accepted every reply; "
      "1 a reply that Plivo would have refused, or with --chaos a document that differed when "
      "asked "
      "for again; 2 wrong usage.\n\n"
      "Example: the first number is busy, the second answers after 5 seconds:\n"
      "  plivo-dialctl call --url http://127.0.0.1:8080/dialstatus \\\n"
      "    --outcome +14155550100=busy --outcome '*=completed:5' --talk 60\n\n"
      "Example: a server that demands Plivo's signature:\n"
      "  plivo-dialctl call --url http://127.0.0.1/dialstatus \\\n"
      "    --public-url https://pbx.example.com --token-file /etc/apache2/plivo/main.token");
  call.runs([options] { return run_call(*options); });
}

}  // namespace plivo_dial::ctl
