// SPDX-License-Identifier: Apache-2.0
// The module beside everything else: what it leaves alone, what good configurations look like, and
// what DUMP_PLIVO says about them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "lib/settings/config_manifest.h"
#include "tests/httpd/mpm.h"
#include "tests/httpd/plivo_server.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Inert : public MpmTest {};
PLIVO_DIAL_EACH_MPM(Inert);

TEST_P(Inert, WithoutPlivoDirectivesNothingChanges) {
  HttpdServer server({.mpm = GetParam()});
  server.files().write_file("htdocs/page.txt", "page", 0644);
  ASSERT_TRUE(server.start(""));
  EXPECT_EQ(HttpClient(server.port()).get("/page.txt").body, "page");
  EXPECT_EQ(HttpClient(server.port()).get("/dialstatus").status, 404);
  ASSERT_TRUE(server.restart_gracefully());
  EXPECT_TRUE(server.dispatchers().empty());
  EXPECT_TRUE(std::filesystem::is_empty(server.root() + "/spool"));
  server.stop();
  EXPECT_THAT(server.error_log(), Not(HasSubstr("plivo_dial:")));
}

TEST(Neighbours, StatusAndRewriteWorkAsBefore) {
  PlivoServer server({.modules = {"status", "rewrite", "setenvif", "headers"}});
  server.httpd.files().write_file("htdocs/page.txt", "page", 0644);
  ASSERT_TRUE(server.start(std::string(kShortConfiguration) + R"(
<Location "/server-status">
SetHandler server-status
</Location>
RewriteEngine On
RewriteRule "^/old$" "/page.txt" [PT]
RewriteRule "^/voice/answer$" "/dialstatus" [PT]
Header set X-Site "ours"
)"));
  EXPECT_THAT(server.client().get("/server-status?auto").body, HasSubstr("Scoreboard:"));
  EXPECT_EQ(server.client().get("/old").body, "page");
  EXPECT_EQ(server.client().get("/page.txt").body, "page");
  EXPECT_EQ(server.send("/voice/answer", "A1").document.outline(), "Response(Speak Dial(Number))");
  const HttpReply reply = server.send("/dialstatus", "A1");
  EXPECT_EQ(reply.header("x-site"), "ours");
  server.sinks.expect_events(2);
}

TEST(Neighbours, OtherHandlersInTheLocationKeepTheirRequests) {
  PlivoServer server;
  server.httpd.files().write_file("htdocs/page.txt", "page", 0644);
  ASSERT_TRUE(
      server.start("PlivoSignature Off\n<Location \"/page.txt\">\nPlivoMaxBody 2K\n"
                   "</Location>\n"));
  EXPECT_EQ(server.client().get("/page.txt").body, "page");
  server.sinks.expect_events(0);
}

struct Good {
  std::string name;
  std::string configuration;
};

void PrintTo(const Good& good, std::ostream* out) {
  *out << good.name;
}

std::string open_location(const std::string& directives) {
  return "PlivoSignature Off\nPlivoPublicURL https://pbx.example.com\n"
         "<Location \"/dialstatus\">\nSetHandler plivo-dial\n" +
         directives + "\n</Location>\n";
}

class GoodConfiguration : public testing::TestWithParam<Good> {};

TEST_P(GoodConfiguration, PassesConfigtest) {
  HttpdServer server;
  server.files().write_file("hook/run", "#!/bin/sh\n", 0755);
  server.files().write_file("hook/with space", "#!/bin/sh\n", 0755);
  const CommandResult result = server.configtest(
      "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher On \"${DIALD}\"\n" + GetParam().configuration);
  EXPECT_EQ(result.exit_code, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("Syntax OK"));
  EXPECT_TRUE(std::filesystem::is_empty(server.root() + "/spool")) << "configtest wrote something";
}

INSTANTIATE_TEST_SUITE_P(
    , GoodConfiguration,
    testing::Values(
        Good{"Short", kShortConfiguration}, Good{"SpoolOnly", ""},
        Good{"PlanThatNeverAnswers", open_location("PlivoEndpoint callback\nPlivoSpeak \"x\"")},
        Good{"LocationWithoutPlan", open_location("PlivoEndpoint hangup")},
        Good{"SeveralTargets",
             open_location("PlivoDial +14155550100 sip:alice@phone.plivo.com timeout=20")},
        Good{"QuotedTargetWithAttributes",
             open_location("PlivoDial \"+14155550111 sendDigits=wwww2410\"")},
        Good{"AllSinkKinds",
             "PlivoEventSink a syslog:local7\nPlivoEventSink b \"exec:${ROOT}/hook/"
             "run --mode=fast\" timeout=5\nPlivoEventSink c "
             "\"file:${ROOT}/events/c\" format=kv events=dial.result\n"},
        Good{"ProgramWithSpaceInItsPath",
             "PlivoEventSink b \"exec:\\\"${ROOT}/hook/with space\\\" one\"\n"},
        Good{"ExternalDispatcher", "PlivoDispatcher External\n"},
        Good{"DirectivesInAnyCase",
             "plivosignature off\nPLIVOPUBLICURL https://pbx.example.com\n<location /d>\n"
             "sethandler plivo-dial\nplivodial +14155550100\n</location>\n"},
        Good{"InsideIfModule", "<IfModule mod_plivo_dial.c>\nPlivoSignature Off\n</IfModule>\n"},
        Good{"PlivoNumberInsideIfDefine",
             open_location("<IfDefine ROOT>\n<PlivoNumber +14155550199>\nPlivoDial +14155550100\n"
                           "</PlivoNumber>\n</IfDefine>")},
        Good{"VirtualHost", "<VirtualHost *:80>\n" +
                                open_location("PlivoDial +14155550100 timeout=5") +
                                "</VirtualHost>\n"}),
    [](const testing::TestParamInfo<Good>& good) { return good.param.name; });

class SpoolInMemory : public testing::Test {
 protected:
  void SetUp() override {
    struct statfs kind = {};
    if (statfs("/dev/shm", &kind) != 0 || kind.f_type != TMPFS_MAGIC) {
      GTEST_SKIP() << "/dev/shm is no tmpfs on this machine";
    }
    ASSERT_NE(mkdtemp(spool_.data()), nullptr);
    const ServerUser& user = server_.files().user();
    ASSERT_TRUE(geteuid() != 0 || chown(spool_.c_str(), user.uid, user.gid) == 0);
  }
  ~SpoolInMemory() override { std::filesystem::remove_all(spool_); }

  CommandResult configtest(const std::string& options) {
    return server_.configtest("PlivoSpool " + spool_ + options + "\nPlivoDispatcher Off\n");
  }

  std::string spool_ = "/dev/shm/plivo-dial-XXXXXX";
  HttpdServer server_;
};

TEST_F(SpoolInMemory, IsRefused) {
  for (const char* options : {"", " fileSystem=local"}) {
    const CommandResult result = configtest(options);
    EXPECT_NE(result.exit_code, 0) << options;
    EXPECT_THAT(result.output,
                AllOf(HasSubstr("PD0103"), HasSubstr("PlivoSpool: '" + spool_ + "' lies in memory"),
                      HasSubstr("a directory on a local disk, or, to try things out, PlivoSpool " +
                                spool_ + " fileSystem=any")));
  }
}

// People try things out in containers.
TEST_F(SpoolInMemory, IsWarnedOfWhereItIsAskedFor) {
  const CommandResult result = configtest(" fileSystem=any");
  EXPECT_EQ(result.exit_code, 0) << result.output;
  EXPECT_THAT(result.output, AllOf(HasSubstr("PD0104"),
                                   HasSubstr("PlivoSpool: '" + spool_ + "' lies in memory (tmpfs"),
                                   Not(HasSubstr("to try things out"))));
}

// What an example takes for granted on the machine, and what stands for it here.
std::string in_this_tree(std::string text) {
  for (const auto& [there, here] :
       std::map<std::string, std::string>{{"/usr/local/bin/plivo-hook", "${ROOT}/hook/run"},
                                          {"/etc/apache2/plivo", "${ROOT}/conf"},
                                          {"/var/log/plivo-dial", "${ROOT}/events"},
                                          {"/var/lib/plivo-dial", "${ROOT}/spool"}}) {
    for (std::size_t at = text.find(there); at != std::string::npos; at = text.find(there)) {
      text.replace(at, there.size(), here);
    }
  }
  return text;
}

// The annotated examples are what people copy.
TEST(Examples, EachPassesConfigtest) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(CONF_EXAMPLES_DIR)) {
    if (entry.path().extension() != ".conf") continue;
    ++count;
    SCOPED_TRACE(entry.path().filename().string());
    const std::string text = in_this_tree(read_file(entry.path()));
    HttpdServer server({.environment = {"PLIVO_URL=https://pbx.example.com"}});
    server.files().write_file("hook/run", "#!/bin/sh\n", 0755);
    for (const char* name : {"main.token", "main-previous.token", "shop.token", "phlo.secret"}) {
      server.files().write_file(std::string("conf/") + name, "a-secret\n", 0600);
    }
    for (const char* name : {"own-document.xml", "holidays.txt", "numbers.txt"}) {
      server.files().write_file(std::string("conf/") + name,
                                read_file(std::string(CONF_EXAMPLES_DIR "/") + name), 0644);
    }
    EXPECT_THAT(text, Not(HasSubstr("PlivoSignature Off")));
    const CommandResult result =
        server.configtest("PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher On \"${DIALD}\"\n" + text);
    EXPECT_EQ(result.exit_code, 0) << result.output;
  }
  EXPECT_GT(count, 0U);
}

// A later line takes the place of one before as a whole.
TEST(Dump, ShowsWhatTheDispatcherIsToldOfTheSpoolThatHolds) {
  const auto shown = [](const std::string& lines) {
    HttpdServer server;
    const CommandResult result = server.configtest(
        "PlivoDispatcher On \"${DIALD}\"\n" + lines + open_location(""), {"-D", "DUMP_PLIVO"});
    EXPECT_EQ(result.exit_code, 0) << result.output;
    return result.output;
  };
  const std::string bounded = "PlivoSpool \"${ROOT}/spool\" minFree=1M\n";
  EXPECT_THAT(shown(bounded),
              HasSubstr("settings keep=86400 minFree=1048576 recordKeep=2592000\n"));
  EXPECT_THAT(shown(bounded + "PlivoSpool \"${ROOT}/spool\"\n"),
              HasSubstr("settings keep=86400 minFree=67108864 recordKeep=2592000\n"));
  EXPECT_THAT(shown(bounded + "PlivoRecordKeep 7\nPlivoRecordKeep 90\n"),
              HasSubstr("settings keep=86400 minFree=1048576 recordKeep=7776000\n"));
  EXPECT_THAT(shown(bounded + "PlivoDispatcher Off\n"), Not(HasSubstr("settings ")));
}

TEST(Dump, ShowsEveryPlanWithFileAndLine) {
  HttpdServer server;
  const CommandResult result = server.configtest(
      "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher On \"${DIALD}\"\n" +
          open_location("PlivoSpeak \"Hello\"\nPlivoDial +14155550100 timeout=20\n"
                        "PlivoDial \"sip:alice@phone.plivo.com sipAuthUsername=a "
                        "sipAuthPassword=secret-of-alice\"\n"
                        "<PlivoNumber +14155550199>\nPlivoDial +14155550101\n"
                        "PlivoVoicemail On \"say=Not now\" maxLength=90\n</PlivoNumber>"),
      {"-D", "DUMP_PLIVO", "-D", "DUMP_PLIVO_JSON"});
  EXPECT_EQ(result.exit_code, 0);
  for (const char* words :
       {"<Location \"/dialstatus\">", "https://pbx.example.com/dialstatus/action", "+14155550100",
        "voicemail  (", "speak \"Not now\"", "record maxLength=90",
        "https://pbx.example.com/dialstatus/recording", "nobody reached: speaks", "timeout=20",
        "+14155550199", "+14155550101", "speak \"Hello\"", "stage 2", "sip:alice@phone.plivo.com",
        "/conf/httpd.conf:"}) {
    EXPECT_THAT(result.output, HasSubstr(words));
  }
  EXPECT_THAT(result.output, HasSubstr("\n{\"mod_plivo_dial\":{"));
  EXPECT_THAT(result.output, Not(HasSubstr("secret-of")));
}

// What doctor asks in place of URLs of our own: those that attributes name, each once, without what
// is not sent; of <Record> they are for the recording.
TEST(Dump, TellsProgramsWhichUrlsTheDirectivesName) {
  HttpdServer server;
  const std::string own = "https://pbx.example.com/own";
  const CommandResult result = server.configtest(
      "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher On \"${DIALD}\"\n" +
          open_location("PlivoDialDefault action=" + own + "\n" +
                        "PlivoDial +14155550100 callbackUrl=" + own + "/c#rc=1 callerName=A\n" +
                        "PlivoDial +14155550101 action=" + own + "\n" +
                        "<PlivoNumber +14155550199>\nPlivoDial +14155550102\n" +
                        "PlivoVoicemail On action=" + own + " maxLength=20\n</PlivoNumber>"),
      {"-D", "DUMP_PLIVO_JSON"});
  EXPECT_EQ(result.exit_code, 0) << result.output;
  const Result<std::optional<ConfigManifest>> manifest = find_manifest(result.output);
  ASSERT_TRUE(manifest.ok() && *manifest) << result.output;
  ASSERT_EQ((*manifest)->locations.size(), 1u);
  const ManifestLocation& location = (*manifest)->locations[0];
  std::vector<std::string> urls;
  for (const ManifestUrl& url : location.own_urls) {
    urls.push_back(url.attribute + " " + url.endpoint + " " + url.url);
  }
  EXPECT_THAT(urls,
              testing::UnorderedElementsAre("callbackUrl callback " + own + "/c",
                                            "action action " + own, "action recording " + own));
  EXPECT_THAT(numbers_of(location), testing::ElementsAre("+14155550199"));
  EXPECT_EQ(location.plans.size(), 2u);
  EXPECT_FALSE(location.places.empty());
  EXPECT_EQ((*manifest)->sinks.at(0).kind, "syslog");
  EXPECT_EQ((*manifest)->dispatcher, "On");
}

TEST(Dump, SaysSoWhenThereIsNothing) {
  HttpdServer server;
  const CommandResult result = server.configtest("", {"-D", "DUMP_PLIVO"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.output, HasSubstr("no Plivo directives"));
}

}  // namespace
}  // namespace plivo_dial::test
