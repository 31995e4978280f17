// SPDX-License-Identifier: Apache-2.0
// What apachectl configtest refuses: each row is a mistake, and the words that must be in the
// message: the directive, the value and the remedy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/httpd/configuration_mistake.h"
#include "tests/httpd/http_client.h"
#include "tests/httpd/httpd_server.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ConfigurationError : public testing::TestWithParam<Mistake> {};

TEST_P(ConfigurationError, IsRefusedWithDirectiveValueAndRemedy) {
  expect_refused(GetParam());
}

// Places where a plan can't be.
INSTANTIATE_TEST_SUITE_P(
    Sections, ConfigurationError,
    testing::Values(Mistake{"Directory",
                            in_section("Directory \"/srv\"", "PlivoDial +14155550100"),
                            {"PlivoDial", "<Directory>", "<Location \"/path\">"}},
                    Mistake{"Files",
                            in_section("Files \"x\"", "PlivoDial +14155550100"),
                            {"PlivoDial", "<Files>", "<Location \"/path\">"}},
                    Mistake{"If",
                            in_section("If \"true\"", "PlivoDial +14155550100"),
                            {"PlivoDial", "<If>", "<Location \"/path\">"}},
                    Mistake{"IfInLocation",
                            in_location("<If \"true\">\nPlivoSpeak \"Hello\"\n</If>"),
                            {"PlivoSpeak", "<If>", "<Location \"/path\">"}},
                    Mistake{"LocationMatch",
                            in_section("LocationMatch \"^/d\"", "PlivoDial +14155550100"),
                            {"PlivoDial", "<LocationMatch>", "<Location \"/path\">"}},
                    Mistake{"LocationRegex",
                            in_section("Location ~ \"^/d\"", "PlivoDial +14155550100"),
                            {"PlivoDial", "<Location ~", "<Location \"/path\">"}},
                    Mistake{"LocationWildcard",
                            in_section("Location \"/d*\"", "PlivoDial +14155550100"),
                            {"PlivoDial", "/d*", "<Location \"/path\">"}},
                    Mistake{"EndpointInDirectory",
                            in_section("Directory \"/srv\"", "PlivoEndpoint action"),
                            {"PlivoEndpoint", "<Directory>", "<Location \"/path\">"}},
                    Mistake{"DialInServer",
                            std::string(kOpenServer) + "PlivoDial +14155550100\n",
                            {"PlivoDial", "<Location \"/path\">"}},
                    Mistake{
                        "SinkInVirtualHost",
                        "<VirtualHost *:80>\nPlivoEventSink log syslog:local1\n</VirtualHost>\n",
                        {"PlivoEventSink", "<VirtualHost>", "whole server"}},
                    Mistake{"SpoolInLocation",
                            in_location("PlivoSpool \"${ROOT}/spool\""),
                            {"PlivoSpool", "<Location>"}}),
    mistake_name);

// URLs, trust and everything else of a Location.
INSTANTIATE_TEST_SUITE_P(
    Locations, ConfigurationError,
    testing::Values(
        Mistake{"VoicemailWithoutPublicUrl",
                "PlivoSignature Off\n<Location \"/dialstatus\">\nSetHandler plivo-dial\n"
                "PlivoVoicemail On\n</Location>\n",
                {"PlivoVoicemail needs the address", "PlivoPublicURL"}},
        Mistake{"NoAccount",
                "PlivoPublicURL https://pbx.example.com\n<Location \"/dialstatus\">\n"
                "SetHandler plivo-dial\nPlivoDial +14155550100\n</Location>\n",
                {"\"/dialstatus\"", "auth token", "PlivoAccount", "PlivoSignature Off"}},
        Mistake{"HandlerInLocationMatch",
                "PlivoSignature Off\n<LocationMatch \"^/x\">\nSetHandler plivo-dial\n"
                "</LocationMatch>\n",
                {"SetHandler plivo-dial", "<LocationMatch>", "plain <Location"}},
        Mistake{"HandlerInLocationPattern",
                "PlivoSignature Off\n<Location ~ \"^/x\">\nSetHandler plivo-dial\n</Location>\n",
                {"SetHandler plivo-dial", "<Location>", "plain <Location"}},
        Mistake{"HandlerOfTheServer",
                "PlivoSignature Off\nSetHandler plivo-dial\n",
                {"SetHandler plivo-dial", "outside of every section", "plain <Location"}},
        Mistake{"SignatureV3",
                "PlivoSignature V3\n",
                {"PlivoSignature", "\"V3\"", "Require is what checks V3"}},
        Mistake{"SignatureUnknown",
                "PlivoSignature Maybe\n",
                {"PlivoSignature", "\"Maybe\"", "Require, Warn, Off"}},
        Mistake{"PublicUrlMissing",
                "PlivoSignature Off\n<Location \"/dialstatus\">\nSetHandler plivo-dial\n"
                "PlivoDial +14155550100\n</Location>\n",
                {"PlivoPublicURL", "/dialstatus"}},
        Mistake{"PublicUrlWithQuery",
                "PlivoPublicURL https://pbx.example.com/?a=b\n",
                {"PlivoPublicURL", "https://pbx.example.com/?a=b", "query"}},
        Mistake{"PublicUrlRelative",
                "PlivoPublicURL pbx.example.com\n",
                {"PlivoPublicURL", "\"pbx.example.com\"", "http"}},
        Mistake{"PublicUrlOtherScheme",
                "PlivoPublicURL ftp://pbx.example.com\n",
                {"PlivoPublicURL", "ftp://pbx.example.com", "http"}},
        Mistake{"PublicUrlFromUnsetVariable",
                "PlivoPublicURL ${PLIVO_URL}\n",
                {"PlivoPublicURL", "${PLIVO_URL}"}},
        Mistake{"EndpointUnknown",
                in_location("PlivoEndpoint hungup"),
                {"PlivoEndpoint", "\"hungup\"", "did you mean hangup?"}},
        Mistake{"MaxBodyNotANumber", "PlivoMaxBody lots\n", {"PlivoMaxBody", "\"lots\"", "64K"}},
        Mistake{"MaxBodyTooSmall", "PlivoMaxBody 10\n", {"PlivoMaxBody", "\"10\"", "1K"}},
        Mistake{"MaxBodyTooLarge", "PlivoMaxBody 100M\n", {"PlivoMaxBody", "\"100M\"", "16M"}},
        Mistake{"CallbackOptionUnknown",
                "PlivoCallbackOptions rq=5\n",
                {"PlivoCallbackOptions", "\"rq=5\"", "did you mean"}},
        Mistake{"CallbackOptionOutOfRange",
                "PlivoCallbackOptions rc=9\n",
                {"PlivoCallbackOptions", "rc", "9", "5"}},
        Mistake{
            "ActionOfAnotherEndpoint",
            in_location("PlivoDial +14155550100 action=https://pbx.example.com/calls/hangup?x=1") +
                "<Location \"/calls\">\nSetHandler plivo-dial\nPlivoDial +14155550122\n"
                "</Location>\n",
            {"PlivoDial", "<Location \"/calls\">", "endpoint there is hangup", "cut off"}},
        Mistake{"ActionOfALocationForCallbacks",
                in_location("PlivoDialDefault action=https://pbx.example.com/ended\n"
                            "PlivoDial +14155550100") +
                    "<Location \"/ended\">\nSetHandler plivo-dial\nPlivoEndpoint callback\n"
                    "</Location>\n",
                {"PlivoDial", "<Location \"/ended\">", "endpoint there is callback", "cut off"}},
        Mistake{"FallbackBrokenSyntax",
                "PlivoFallback \"${ROOT}/conf/syntax.xml\"\n",
                {"PlivoFallback", "line 2: not well-formed XML: AttValue"}},
        Mistake{"FallbackMissing",
                "PlivoFallback \"${ROOT}/conf/none.xml\"\n",
                {"PlivoFallback", "conf/none.xml", "No such file"}},
        Mistake{"FallbackBroken",
                "PlivoFallback \"${ROOT}/conf/broken.xml\"\n",
                {"PlivoFallback", "conf/broken.xml", "Say"}}),
    mistake_name);

// Spool, sinks and dispatcher: judged for the user who serves.
INSTANTIATE_TEST_SUITE_P(
    Events, ConfigurationError,
    testing::Values(
        Mistake{"SpoolWithoutDirectory",
                in_server("PlivoSpool minFree=1M\n"),
                {"PlivoSpool", "directory first"}},
        Mistake{"SpoolOptionUnknown",
                in_server("PlivoSpool \"${ROOT}/spool\" maxFree=1M\n"),
                {"PlivoSpool", "\"maxFree=1M\"", "minFree=, syncTimeout= and fileSystem="}},
        Mistake{"SpoolFileSystemUnknown",
                in_server("PlivoSpool \"${ROOT}/spool\" fileSystem=nfs\n"),
                {"PlivoSpool", "fileSystem=", "\"nfs\"", "local and any"}},
        Mistake{"SpoolSyncTimeoutTooLong",
                in_server("PlivoSpool \"${ROOT}/spool\" syncTimeout=600\n"),
                {"PlivoSpool", "syncTimeout=", "\"600\"", "1 to 40"}},
        Mistake{"SpoolMinFreeBeyondTheDisk",
                in_server("PlivoSpool \"${ROOT}/spool\" minFree=9000000000G\n"),
                {"PlivoSpool", "minFree=", "whole file system", "64M"}},
        Mistake{"SpoolFailureUnknown",
                in_server("PlivoSpoolFailure maybe\n"),
                {"PlivoSpoolFailure", "\"maybe\"", "serve and strict"}},
        Mistake{"RecordKeepNever",
                in_server("PlivoRecordKeep 0\n"),
                {"PlivoRecordKeep", "\"0\"", "from 1 to 3650"}},
        Mistake{"RecordKeepTooLong",
                in_server("PlivoRecordKeep 3651\n"),
                {"PlivoRecordKeep", "\"3651\"", "from 1 to 3650", "30"}},
        Mistake{"RecordKeepWithUnit",
                in_server("PlivoRecordKeep 30d\n"),
                {"PlivoRecordKeep", "\"30d\"", "number of days"}},
        Mistake{"SpoolMissing",
                in_server("PlivoSpool \"${ROOT}/nowhere\"\n"),
                {"PlivoSpool", "/nowhere", "mkdir"}},
        Mistake{"SpoolNotWritable",
                in_server("PlivoSpool \"${ROOT}/htdocs\"\n"),
                {"PlivoSpool", "/htdocs", "chmod"}},
        Mistake{"SpoolIsAFile",
                in_server("PlivoSpool \"${ROOT}/htdocs/a-file\"\n"),
                {"PlivoSpool", "/htdocs/a-file", "directory"}},
        Mistake{"SinkOfUnknownKind",
                in_server("PlivoEventSink log kafka:topic\n"),
                {"PlivoEventSink", "kafka:topic", "syslog:"}},
        Mistake{"SinkWithoutTarget", in_server("PlivoEventSink log\n"), {"PlivoEventSink"}},
        Mistake{"SinkTwice",
                in_server("PlivoEventSink log syslog:local0\nPlivoEventSink log syslog:local1\n"),
                {"PlivoEventSink", "\"log\"", "another name"}},
        Mistake{"FacilityUnknown",
                in_server("PlivoEventSink log syslog:local9\n"),
                {"PlivoEventSink", "local9", "local"}},
        Mistake{"OptionUnknown",
                in_server("PlivoEventSink log syslog:local0 event=dial.ended\n"),
                {"PlivoEventSink", "event", "did you mean", "events"}},
        Mistake{"EventUnknown",
                in_server("PlivoEventSink log syslog:local0 events=dial.end\n"),
                {"PlivoEventSink", "dial.end", "dial.ended"}},
        Mistake{"ProgramMissing",
                in_server("PlivoEventSink hook \"exec:${ROOT}/hook/none\"\n"),
                {"PlivoEventSink", "/hook/none"}},
        Mistake{"ProgramNotExecutable",
                in_server("PlivoEventSink hook \"exec:${ROOT}/hook/not-executable\"\n"),
                {"PlivoEventSink", "/hook/not-executable", "chmod"}},
        Mistake{"ProgramEmpty",
                in_server("PlivoEventSink hook \"exec:${ROOT}/hook/empty\"\n"),
                {"PlivoEventSink", "/hook/empty' is empty"}},
        Mistake{"ProgramFromWindows",
                in_server("PlivoEventSink hook \"stream:${ROOT}/hook/from-windows\"\n"),
                {"PlivoEventSink", "has CR LF behind its line #!/bin/sh", "sed -i"}},
        Mistake{"ProgramWithoutInterpreter",
                in_server("PlivoEventSink hook \"exec:${ROOT}/hook/no-interpreter\"\n"),
                {"PlivoEventSink", "#!/usr/bin/pyhton3", "No such file or directory"}},
        Mistake{"ProgramThatAnybodyCanReplace",
                in_server("PlivoEventSink hook \"exec:${ROOT}/open/program\"\n"),
                {"PlivoEventSink", "/open", "chmod o-w"}},
        Mistake{"ProgramRelative",
                in_server("PlivoEventSink hook exec:hook.sh\n"),
                {"PlivoEventSink", "hook.sh", "absolute"}},
        Mistake{"FileNotWritable",
                in_server("PlivoEventSink file \"file:${ROOT}/htdocs/events\"\n"),
                {"PlivoEventSink", "/htdocs"}},
        Mistake{"DispatcherUnknown",
                in_server("PlivoDispatcher Maybe\n"),
                {"PlivoDispatcher", "\"Maybe\"", "External"}},
        Mistake{"DispatcherMissing",
                in_server("PlivoDispatcher On \"${ROOT}/hook/none\"\n"),
                {"PlivoDispatcher", "/hook/none"}}),
    mistake_name);

// What httpd would take for something else without a word.
INSTANTIATE_TEST_SUITE_P(
    SilentTraps, ConfigurationError,
    testing::Values(Mistake{"QuoteNotClosed",
                            in_location("PlivoSpeak \"Hello language=en-GB"),
                            {"PlivoSpeak", "\"Hello language=en-GB\" is not closed"}},
                    Mistake{"ArgumentSticksToQuote",
                            in_location("PlivoSpeak \"Hello\"language=en-GB"),
                            {"PlivoSpeak", "\"language=en-GB\" sticks to a closing quote"}},
                    Mistake{"NumberBehindTheSection",
                            in_location("<PlivoNumber +14155550199> +14155550198\nPlivoDial "
                                        "+14155550100\n</PlivoNumber>"),
                            {"PlivoNumber", "must end with"}},
                    Mistake{"LocationWithoutSlash",
                            in_section("Location d", "PlivoDial +14155550100"),
                            {"PlivoDial", "<Location \"d\">", "begin with a slash"}},
                    Mistake{"LocationWithDoubleSlash",
                            in_section("Location \"/a//b\"", "PlivoDial +14155550100"),
                            {"PlivoDial", "\"/a//b\"", "double slashes"}},
                    Mistake{"SinkOptionTwice",
                            in_server("PlivoEventSink a syslog:local0 format=kv format=json\n"),
                            {"PlivoEventSink", "'format'", "given twice"}},
                    Mistake{"TwoSinksWriteOneFile",
                            in_server("PlivoEventSink a \"file:${ROOT}/events/x\"\n"
                                      "PlivoEventSink b \"file:${ROOT}/events/x\"\n"),
                            {"PlivoEventSink", "\"a\"", "/events/x", "another file"}},
                    Mistake{
                        "VariableNotSet",
                        std::string("PlivoPublicURL ${NO_SUCH_NAME}\n") +
                            in_location("PlivoDial +14155550100"),
                        {"PlivoPublicURL", "${NO_SUCH_NAME}", "not set", "stop and start httpd"}},
                    Mistake{"ConfirmKeyWithoutSound",
                            in_server("PlivoDialDefault confirmKey=1\n"),
                            {"PlivoDial", "confirmKey", "add confirmSound=https://"}}),
    mistake_name);

// What httpd itself says for .htaccess must be said at a request; AllowOverride All lets it come.
TEST(Htaccess, PlanDirectivesAreRefused) {
  HttpdServer server;
  server.files().write_file("htdocs/.htaccess", "PlivoSignature Off\n", 0644);
  server.expect_log("PlivoSignature not allowed here");
  ASSERT_TRUE(server.start("<Directory \"${ROOT}/htdocs\">\nAllowOverride All\n</Directory>\n"));
  EXPECT_EQ(HttpClient(server.port()).get("/").status, 500);
}

// The same spool is judged for the user who will write to it, not for the one who asks.
TEST(SpoolJudgement, IsForTheServersUser) {
  HttpdServer server;
  const std::string configuration = R"(
PlivoSignature Off
PlivoDispatcher Off
PlivoSpool "${ROOT}/hook"
)";
  const CommandResult as_user = server.configtest(configuration);
  EXPECT_NE(as_user.exit_code, 0) << as_user.output;
  EXPECT_THAT(as_user.output, HasSubstr("chown"));
}

// The default of httpd, which serves as nobody then.
TEST(SpoolJudgement, OfOneOfRootsThatOthersMayWriteIsAWarning) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give root a directory";
  HttpdServer server;
  const std::string spool = server.root() + "/spool";
  std::filesystem::create_directory(spool);
  ASSERT_EQ(chown(spool.c_str(), 0, 0), 0);
  ASSERT_EQ(chmod(spool.c_str(), 0777), 0);
  const CommandResult result =
      server.configtest("PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher Off\nPlivoSignature Off\n");
  EXPECT_EQ(result.exit_code, 0) << "a server that starts today starts tomorrow: " << result.output;
  EXPECT_THAT(result.output, AllOf(HasSubstr("belongs to root, and others may write into it"),
                                   HasSubstr("chown -R "), HasSubstr("chmod 0750 '" + spool)));
}

TEST(ServersUser, IsAskedForWhereThereIsNone) {
  HttpdServer server;
  if (!server.files().runs_as_root()) GTEST_SKIP() << "needs root, who does not serve";
  const CommandResult result = server.configtest("User #-1\n" + in_location("PlivoSpeak Hello"));
  EXPECT_NE(result.exit_code, 0);
  EXPECT_THAT(result.output, AllOf(HasSubstr("PD0103"), HasSubstr("add User and Group"),
                                   Not(HasSubstr("4294967295"))));
}

}  // namespace
}  // namespace plivo_dial::test
