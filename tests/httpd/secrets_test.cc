// SPDX-License-Identifier: Apache-2.0
// Tokens and secrets stay where they are: after a run with everything that httpd and we can be made
// to say, a search for them finds nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <filesystem>

#include "lib/event/base64.h"
#include "tests/httpd/mpm.h"
#include "tests/httpd/polling.h"
#include "tests/httpd/trust.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::string kConfiguration = signed_configuration() + R"(
LogLevel trace8
CustomLog "${ROOT}/logs/access_log" "%h %r %>s %{plivo_account}n %{plivo_signature}n %{plivo_token}n %{plivo_refusal}n"
<Location "/flow">
    SetHandler plivo-dial
    PlivoEndpoint event
    PlivoEventSecret "file:${ROOT}/conf/event.secret"
</Location>
<Location "/flow-header">
    SetHandler plivo-dial
    PlivoEndpoint event
    PlivoEventSecret "file:${ROOT}/conf/event.secret" header=X-Flow-Secret
</Location>
<Location "/server-info">
    SetHandler server-info
</Location>
<Location "/server-status">
    SetHandler server-status
</Location>
)";

// What a search has to look for: the bytes themselves, and what Base64 makes of them wherever they
// stand in a longer text, without the characters at both ends that depend on their neighbours.
std::vector<std::string> traces_of(std::string_view secret) {
  std::vector<std::string> traces = {std::string(secret)};
  for (std::size_t before = 0; before < 3; ++before) {
    const std::string text = encode_base64(std::string(before, 'x') + std::string(secret));
    traces.push_back(text.substr(4, text.size() - 8));
  }
  return traces;
}

// A text in which there must be no secret.
struct Place {
  std::string name;
  std::string text;
};

// Every trace of `secret` in `places`, in words.
std::vector<std::string> find_secret(const std::vector<Place>& places, std::string_view secret) {
  std::vector<std::string> found;
  for (const Place& place : places) {
    for (const std::string& trace : traces_of(secret)) {
      if (place.text.find(trace) != std::string::npos) found.push_back(trace + " in " + place.name);
    }
  }
  return found;
}

// All files below the server's root, but those that hold the secrets, and what /proc tells of each
// of its processes.
std::vector<Place> places_of(const HttpdServer& server) {
  std::vector<Place> places;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(server.root())) {
    const std::string extension = entry.path().extension();
    if (!entry.is_regular_file() || extension == ".token" || extension == ".secret") continue;
    places.push_back({entry.path(), read_file(entry.path())});
  }
  for (const ProcessInfo& process : server.processes()) {
    const std::string directory = "/proc/" + std::to_string(process.pid);
    for (const char* file : {"/environ", "/cmdline"}) {
      places.push_back(
          {directory + file + " of " + process.command_line, read_file(directory + file)});
    }
  }
  return places;
}

// httpd itself logs the headers and the line of each request at trace3 and above, with the secret
// of a flow and with all pairs of a GET: whoever sets that level asks for it. Ours are the lines
// between.
std::string our_lines(const std::string& log) {
  std::string ours;
  for (const std::string& line : lines_with(log, "[plivo_dial:")) ours += line + "\n";
  return ours;
}

HttpRequest callback() {
  return webhook_request("/dialstatus/callback", fresh_call(example("E5")));
}

// Every way in which a secret is used and a request accepted.
std::vector<HttpRequest> good_requests() {
  const std::string secret(kEventSecret);
  const auto flow = [](const std::string& path) {
    return form_post(path, "DialStatus=Busy&DialALegUUID=" + new_uuid());
  };
  return {sign_request(callback()),
          sign_request(callback(), {.token = kPreviousMainToken}),
          sign_request(webhook_request("/dialstatus", fresh_call(example("A6")))),
          with_header(flow("/flow"), "Authorization: Bearer " + secret),
          with_header(flow("/flow"), "Authorization: Basic " + encode_base64("flow:" + secret)),
          with_header(flow("/flow-header"), "X-Flow-Secret: " + secret)};
}

// One for each reason that a sentence is made of the request.
std::vector<HttpRequest> refused_requests() {
  HttpRequest changed = sign_v2(sign_request(callback()));
  changed.body += "&Added=value-that-was-added";
  HttpRequest broken = callback();
  broken.body += "&Broken=value-with-broken-escape%";
  HttpRequest stranger = callback();
  stranger.body += "&ParentAuthID=MASTRANGERSTRANGERST";
  const HttpRequest flow = form_post("/flow", "DialStatus=value-of-a-stranger");
  return {callback(),
          changed,
          sign_v2(callback()),
          sign_request(stranger, {.token = kForeignToken}),
          sign_request(callback(), {.origin = "http://pbx.example.com"}),
          sign_request(callback(), {.nonce = std::string(200, '5')}),
          with_header(callback(), "X-Plivo-Signature-V3: not-a-signature-at-all"),
          sign_request(broken),
          sign_request(form_post("/dialstatus/callback", "CallUUID=value-that-is-no-uuid")),
          with_header(flow, "Authorization: Bearer value-that-is-no-secret"),
          flow};
}

class Secrets : public MpmTest {};
PLIVO_DIAL_EACH_MPM(Secrets);

TEST_P(Secrets, AreNowhereAfterARunThatSaysAll) {
  SignedServer server({.mpm = GetParam(), .modules = {"info", "status"}});
  write_event_secret(server.httpd.files());
  server.httpd.allow_log(": refused with ");
  ASSERT_TRUE(server.start(kConfiguration));
  std::vector<Place> places;
  for (const HttpRequest& request : good_requests()) {
    const HttpReply reply = server.client().send(request);
    EXPECT_EQ(reply.status, 200) << request.path;
    places.push_back({"a reply", reply.body});
  }
  for (const HttpRequest& request : refused_requests()) {
    const HttpReply reply = server.client().send(request);
    EXPECT_GE(reply.status, 400) << request.path;
    places.push_back({"the reply to a refused request", reply.body});
  }
  server.sinks.expect_events(good_requests().size());
  for (const char* path : {"/server-info", "/server-info?config", "/server-status"}) {
    const HttpReply page = server.client().get(path);
    EXPECT_EQ(page.status, 200);
    places.push_back({path, page.body});
  }
  // The page shows directives with their arguments, so it was worth looking at.
  EXPECT_THAT(places[places.size() - 2].text, HasSubstr("main.token"));
  ASSERT_TRUE(server.httpd.restart_gracefully());
  EXPECT_EQ(server.client().send(good_requests()[0]).status, 200);

  const std::string log = server.httpd.error_log();
  EXPECT_THAT(log, HasSubstr(":trace"));
  for (Place& place : places_of(server.httpd)) places.push_back(std::move(place));
  for (const std::string_view token : {kMainToken, kPreviousMainToken, kSubaccountToken}) {
    EXPECT_THAT(find_secret(places, token), IsEmpty());
  }
  // See our_lines().
  std::erase_if(places, [](const Place& place) { return place.name.ends_with("/error_log"); });
  places.push_back({"our lines of the error log", our_lines(log)});
  EXPECT_THAT(find_secret(places, kEventSecret), IsEmpty());
}

TEST(Dumps, ShowFilesAndNotWhatIsInThem) {
  TrustServer server({.modules = {"info"}});
  const std::string configuration =
      "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher Off\n" + signed_configuration();
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"-D", "DUMP_PLIVO"},
                                             {"-D", "DUMP_PLIVO_JSON"},
                                             {"-D", "DUMP_CONFIG"},
                                             {"-D", "DUMP_VHOSTS"},
                                             {"-e", "trace8"}}) {
    const CommandResult result = server.httpd.configtest(configuration, arguments);
    EXPECT_EQ(result.exit_code, 0) << result.output;
    EXPECT_THAT(find_secret({{arguments[1], result.output}}, kMainToken), IsEmpty());
    EXPECT_THAT(find_secret({{arguments[1], result.output}}, kPreviousMainToken), IsEmpty());
    if (arguments[1].starts_with("DUMP_PLIVO") || arguments[1] == "DUMP_CONFIG") {
      EXPECT_THAT(result.output, HasSubstr("main.token"));
    }
  }
}

// What a directive refuses may be a secret that somebody typed in the wrong place.
TEST(Mistakes, InlineSecretsAreNotRepeated) {
  const std::string token = kForeignToken;
  const std::string file = "\"file:${ROOT}/conf/main.token\"";
  const std::string account = "PlivoAccount main MAXXXXXXXXXXXXXXXXXX ";
  TrustServer server;
  for (const std::string& line :
       {account + token, account + file + " " + token, account + file + " " + file + " " + token,
        "PlivoAccount main " + token + " " + file,
        "PlivoAccount " + token + "/ MAXXXXXXXXXXXXXXXXXX " + file, "PlivoEventSecret " + token,
        "PlivoEventSecret " + file + " " + token,
        "PlivoEventSecret " + file + " header=" + token + "=",
        "PlivoEventSecret " + file + " header=X-Flow " + token}) {
    const CommandResult result = server.httpd.configtest(line + "\n");
    EXPECT_NE(result.exit_code, 0) << line;
    EXPECT_THAT(result.output, HasSubstr("Plivo"));
    EXPECT_THAT(find_secret({{"configtest of " + line, result.output}}, kForeignToken), IsEmpty());
  }
}

TEST(Lines, OfRefusedRequestsHoldNothingOfThem) {
  TrustServer server;
  server.httpd.allow_log(": refused with ");
  ASSERT_TRUE(server.start(kConfiguration));
  const std::vector<HttpRequest> requests = refused_requests();
  for (const HttpRequest& request : requests) {
    EXPECT_GE(server.client().send(request).status, 400);
  }
  const auto lines = lines_with(server.httpd.error_log(), "[plivo_dial:");
  EXPECT_THAT(server.refusals(), SizeIs(requests.size()));
  for (const std::string& line : lines) {
    for (const HttpRequest& request : requests) {
      // An Auth ID is no secret, and lines name it.
      expect_discreet(line, request, {kMainAuthId, "MASTRANGERSTRANGERST"});
    }
    EXPECT_THAT(line, Not(HasSubstr("value-")));
  }
}

// ---- The search would find them.

TEST(Search, FindsASecretInAFileInAnyForm) {
  const std::string token = kMainToken;
  TrustServer server;
  EXPECT_THAT(find_secret(places_of(server.httpd), token), IsEmpty());
  for (const std::string& text :
       {token, "<" + token + ">", encode_base64(token), encode_base64("a:" + token),
        encode_base64("ab:" + token + "c"), encode_base64("abc:" + token + "cd")}) {
    server.httpd.files().write_file("spool/planted", text, 0644);
    EXPECT_THAT(find_secret(places_of(server.httpd), token), SizeIs(1)) << text;
  }
}

TEST(Search, FindsASecretInAProcess) {
  const std::string token = kMainToken;
  TrustServer server;
  Command command;
  command.arguments = {"/bin/sleep", "600"};
  command.environment = {server.httpd.files().marker(), "TOKEN=" + token};
  const pid_t with_environment = start_process(command);
  command.arguments = {"/bin/sh", "-c", "sleep 600; true", token};
  command.environment.pop_back();
  const pid_t with_argument = start_process(command);
  // The second one has a child of its own, which has neither.
  EXPECT_TRUE(wait_for([&] { return find_secret(places_of(server.httpd), token).size() == 2; }));
  for (const ProcessInfo& process : server.httpd.processes()) kill(process.pid, SIGKILL);
  waitpid(with_environment, nullptr, 0);
  waitpid(with_argument, nullptr, 0);
}

// mod_info shows the lines of the configuration to whoever may see it.
TEST(ServerInfo, HidesThePasswordsOfSipUsers) {
  HttpdServer server({.modules = {"info"}});
  const std::string configuration = R"(
PlivoSpool "${ROOT}/spool"
PlivoDispatcher Off
PlivoSignature Off
PlivoPublicURL https://pbx.example.com
<Location "/d">
    SetHandler plivo-dial
    PlivoDial "sip:a@h.example sipAuthUsername=u sipAuthPassword=hunter22" timeout=20
    <PlivoNumber +14155550199>
        PlivoDial +14155550100 'sip:b@h.example sipAuthPassword=hunter23 sipAuthUsername=u'
    </PlivoNumber>
</Location>
<Location "/server-info">
    SetHandler server-info
</Location>
)";
  ASSERT_TRUE(server.start(configuration));
  const std::string shown = HttpClient(server.port()).get("/server-info?config").body;
  EXPECT_THAT(shown, AllOf(HasSubstr("sipAuthPassword=(hidden)"), HasSubstr("sip:b@h.example"),
                           HasSubstr("timeout=20"), Not(HasSubstr("hunter2"))));
}

}  // namespace
}  // namespace plivo_dial::test
