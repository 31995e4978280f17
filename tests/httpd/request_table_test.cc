// SPDX-License-Identifier: Apache-2.0
// Each kind of request at each URL: what the manual's table says is what a real httpd does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "lib/webhook/webhook.h"
#include "mod_plivo_dial/ctl/call/report_forms.h"
#include "mod_plivo_dial/ctl/http/form_request.h"
#include "tests/httpd/polling.h"
#include "tests/httpd/request_table.h"
#include "tests/httpd/trust.h"

namespace plivo_dial::test {
namespace {

using testing::HasSubstr;

const std::string kBearer = "Authorization: Bearer " + std::string(kEventSecret);

// Two stages, so that the one that follows the first can be told from the plan's beginning.
std::string table_configuration() {
  return "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher On \"${DIALD}\"\n"
         "PlivoEventSink file \"file:${ROOT}/events/events.json\"\n" +
         std::string(kAccounts) + "PlivoPublicURL " + kOrigin + "\n" +
         "<Location \"/dialstatus\">\nSetHandler plivo-dial\nPlivoSpeak \"Hello\"\n"
         "PlivoDial +14155550100\nPlivoDial +14155550122\n"
         "PlivoEventSecret \"file:${ROOT}/conf/event.secret\"\n</Location>\n";
}

// Serves the configuration above, and tells what came of a call.
class TableServer {
 public:
  TableServer() {
    write_event_secret(server_.httpd.files());
    // Each is said once, whatever the table sends.
    server_.httpd.allow_log("PD0414: served: ");
    server_.httpd.allow_log("PD0408: refused with 400: ");
    server_.httpd.allow_log("PD0527: ");  // a flow says the same twice
  }

  bool start() { return server_.httpd.start(table_configuration()); }
  HttpdServer& httpd() { return server_.httpd; }
  HttpClient client() const { return server_.client(); }

  // The names of the events of each call.
  std::map<std::string, std::vector<std::string>> events_by_call() const {
    std::map<std::string, std::vector<std::string>> calls;
    for (const auto& event : server_.sinks.in_file()) {
      if (event["call"].is_string()) calls[event["call"]].push_back(event["event"]);
    }
    return calls;
  }

  // Of events that name no call.
  std::size_t count_without_call() const {
    std::size_t count = 0;
    for (const auto& event : server_.sinks.in_file()) count += event["call"].is_null();
    return count;
  }

  // Waits until `count` events are there, and one that was sent behind them.
  void wait_for_all(std::size_t count) {
    const Example last = fresh_call(example("E5"));
    const HttpRequest request = webhook_request("/dialstatus/callback", last);
    EXPECT_EQ(client().send(sign_request(request)).status, 200);
    const std::string call = form_value(last.form, "CallUUID");
    EXPECT_TRUE(wait_for(
        [&] { return server_.sinks.in_file().size() > count && events_by_call().contains(call); }));
  }

 private:
  SignedServer server_;
};

std::string row_path(const std::string& endpoint) {
  return endpoint == "answer" ? "/dialstatus" : "/dialstatus/" + endpoint;
}

std::string expected_outline(const std::string& document) {
  const std::map<std::string, std::string> outlines = {{"plan", "Response(Speak Dial(Number))"},
                                                       {"next", "Response(Dial(Number))"},
                                                       {"fallback", "Response(Speak Hangup)"},
                                                       {"empty", "Response"},
                                                       {"hangup", "Response(Hangup)"}};
  const auto found = outlines.find(document);
  return found == outlines.end() ? "" : found->second;
}

ctl::CallScript script_of(const std::string& call) {
  ctl::CallScript script;
  script.call_uuid = call;
  return script;
}

// As Plivo sends it: signed, but with the secret at `event`.
HttpRequest request_of(const RequestRow& row, const std::string& call) {
  ctl::ReportKind kind{};
  for (const ctl::ReportRule& rule : ctl::report_rules()) {
    if (rule.word == row.kind) kind = rule.kind;
  }
  ctl::FormPairs pairs = ctl::report_parameters(script_of(call), kind);
  ctl::sort_pairs(pairs);
  const HttpRequest request = form_post(row_path(row.at), ctl::encode_form(pairs));
  return row.at == "event" ? with_header(request, kBearer) : sign_request(request);
}

void expect_reply(const RequestRow& row, const HttpReply& reply) {
  EXPECT_EQ(reply.status, row.document == "400" ? 400 : 200);
  const std::string outline = expected_outline(row.document);
  if (!outline.empty()) {
    EXPECT_EQ(reply.document.outline(), outline);
  }
  if (row.document == "none") {
    EXPECT_EQ(reply.body, "");
  }
}

TEST(RequestTable, HasEachKindAtEachUrlOnce) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const RequestRow& row : request_table()) {
    EXPECT_TRUE(seen.emplace(row.kind, row.at).second) << row.kind << " at " << row.at << " twice";
    EXPECT_TRUE(parse_endpoint(row.at)) << row.at;
    EXPECT_TRUE(row.event == "refused" || parse_event_kind(row.event)) << row.event;
    EXPECT_TRUE(row.document == "none" || row.document == "400" ||
                !expected_outline(row.document).empty())
        << row.document;
  }
  for (const ctl::ReportRule& rule : ctl::report_rules()) {
    for (std::size_t at = 0; at < kEndpointCount; ++at) {
      const std::string url(to_string(static_cast<Endpoint>(at)));
      EXPECT_TRUE(seen.contains({std::string(rule.word), url})) << rule.word << " at " << url;
    }
  }
  EXPECT_EQ(seen.size(), ctl::report_rules().size() * kEndpointCount);
}

TEST(RequestTable, IsWhatHttpdDoes) {
  TableServer server;
  ASSERT_TRUE(server.start());
  std::map<std::string, RequestRow> rows;  // by call
  std::size_t expected = 0;
  for (const RequestRow& row : request_table()) {
    SCOPED_TRACE(row.kind + " at " + row.at);
    const std::string call = new_uuid();
    rows.emplace(call, row);
    expect_reply(row, server.client().send(request_of(row, call)));
    server.client().send(request_of(row, call));
    expected += row.again;
  }
  server.wait_for_all(expected);
  const auto events = server.events_by_call();
  for (const auto& [call, row] : rows) {
    SCOPED_TRACE(row.kind + " at " + row.at);
    const auto found = events.find(call);
    const std::vector<std::string> names =
        found == events.end() ? std::vector<std::string>() : found->second;
    EXPECT_EQ(names, std::vector<std::string>(row.again, row.event));
  }
}

// What `plivo-dialctl call` sends to show the same to a person.
TEST(RequestTable, IsWhatCallShows) {
  TableServer server;
  ASSERT_TRUE(server.start());
  const std::string url = "http://127.0.0.1:" + std::to_string(server.httpd().port());
  std::map<std::string, RequestRow> rows;
  std::size_t expected = 0;
  for (const RequestRow& row : request_table()) {
    // A flow shows a secret, and others are signed: each is for its own URLs.
    const bool of_plivo = row.at == "answer" || row.at == "action" || row.at == "hangup";
    if (row.kind == "flow" ? row.at != "event" : !of_plivo) continue;
    SCOPED_TRACE(row.kind + " at " + row.at);
    const std::string call = new_uuid();
    rows.emplace(call, row);
    Command command;
    command.arguments = {PLIVO_DIALCTL_PROGRAM,
                         "call",
                         "--url",
                         url + "/dialstatus",
                         "--public-url",
                         kOrigin,
                         "--token-file",
                         server.httpd().root() + "/conf/main.token",
                         "--event-secret-file",
                         server.httpd().root() + "/conf/event.secret",
                         "--call-uuid",
                         call,
                         "--reports-only",
                         "--again",
                         "--report",
                         row.kind + "=" + url + row_path(row.at)};
    const CommandResult result = run_command(command);
    EXPECT_THAT(result.output, HasSubstr("report " + row.kind)) << result.output;
    EXPECT_LT(result.exit_code, 2) << result.output;
    expected += row.again;
  }
  server.wait_for_all(expected);
  const auto events = server.events_by_call();
  for (const auto& [call, row] : rows) {
    SCOPED_TRACE(row.kind + " at " + row.at);
    const auto found = events.find(call);
    const std::vector<std::string> names =
        found == events.end() ? std::vector<std::string>() : found->second;
    EXPECT_EQ(names, std::vector<std::string>(row.again, row.event));
  }
}

// What a report says, and how it is sent, decides about events; shown by `plivo-dialctl call` too.
TEST(RequestTable, HasItsFinerCasesByCall) {
  TableServer server;
  ASSERT_TRUE(server.start());
  const std::string url = "http://127.0.0.1:" + std::to_string(server.httpd().port());
  const auto play = [&](const std::string& report, const std::vector<std::string>& more) {
    Command command;
    command.arguments = {PLIVO_DIALCTL_PROGRAM,
                         "call",
                         "--url",
                         url + "/dialstatus",
                         "--public-url",
                         kOrigin,
                         "--token-file",
                         server.httpd().root() + "/conf/main.token",
                         "--event-secret-file",
                         server.httpd().root() + "/conf/event.secret",
                         "--reports-only",
                         "--report",
                         report};
    command.arguments.insert(command.arguments.end(), more.begin(), more.end());
    const CommandResult result = run_command(command);
    EXPECT_EQ(result.exit_code, 0) << result.output;
  };
  const std::string flow = "flow=" + url + "/dialstatus/event";
  const std::vector<std::string> nobody = {"--param", "DialALegUUID=null", "--flow-body", "json"};
  for (int i = 0; i < 3; ++i) play(flow, nobody);
  for (const char* id : {"undefined", "-", "{{Call.uuid}}"}) {
    for (int i = 0; i < 2; ++i) play(flow, {"--param", "DialALegUUID=" + std::string(id)});
  }
  server.wait_for_all(9);
  EXPECT_EQ(server.count_without_call(), 9U);

  const std::string call = new_uuid();
  const std::vector<std::string> of_call = {"--call-uuid", call};
  const auto with_call = [&](std::vector<std::string> more) {
    more.insert(more.end(), of_call.begin(), of_call.end());
    return more;
  };
  play(flow, with_call({"--flow-body", "json-as-form", "--param", "DialStatus=Busy/Rejected"}));
  play(flow, with_call({"--flow-method", "DELETE", "--param", "DialStatus=Failed"}));
  play(flow, with_call({"--flow-method", "PUT", "--flow-body", "json"}));
  play("hangup", with_call({"--param", "Duration=61"}));
  play("hangup", with_call({"--param", "Duration=62", "--again"}));
  server.wait_for_all(10 + 5);
  const std::vector<std::string> all = {"dial.result", "dial.result", "dial.result", "call.hangup",
                                        "call.hangup"};
  EXPECT_THAT(server.events_by_call()[call], testing::UnorderedElementsAreArray(all));
}

}  // namespace
}  // namespace plivo_dial::test
