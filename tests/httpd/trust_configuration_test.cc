// SPDX-License-Identifier: Apache-2.0
// Accounts, tokens and secrets that apachectl configtest refuses: each row is a mistake, and the
// words that must be in the message: the directive, the value and the remedy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "tests/httpd/trust.h"

namespace plivo_dial::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr const char* kSpool = "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher Off\n";
constexpr const char* kUrl = "PlivoPublicURL https://pbx.example.com\n";

struct Mistake {
  std::string name;
  std::string configuration;
  std::vector<std::string> words;
  bool only_for_root = false;  // an ordinary user can't give files away
};

void PrintTo(const Mistake& mistake, std::ostream* out) {
  *out << mistake.name;
}

std::string mistake_name(const testing::TestParamInfo<Mistake>& mistake) {
  return mistake.param.name;
}

// Token files with something wrong about each.
void write_bad_files(const ServerRoot& files) {
  const bool for_server = !files.runs_as_root();
  const auto write = [&](const char* name, std::string_view content, mode_t mode) {
    files.write_file(std::string("conf/") + name, content, mode, for_server);
  };
  write("readable.token", "secret-bytes\n", 0644);
  write("of-group.token", "secret-bytes\n", 0640);
  write("writable.token", "secret-bytes\n", 0622);
  write("empty.token", "", 0600);
  write("blank.token", " \n\n", 0600);
  write("two-lines.token", "secret-bytes\nmore-bytes\n", 0600);
  write("binary.token", "secret\x01-bytes\n", 0600);
  write("not-ascii.token", "secret-\xC3\xA9-bytes\n", 0600);
  write("large.token", std::string(5000, 'x') + "\n", 0600);
  files.write_file("conf/foreign.token", "secret-bytes\n", 0600, true);
  const std::string root = files.path();
  std::filesystem::create_directory(root + "/conf/directory.token");
  std::filesystem::create_directory(root + "/open");
  std::filesystem::permissions(root + "/open", std::filesystem::perms::all);
  write("../open/replaceable.token", "secret-bytes\n", 0600);
}

class TrustError : public testing::TestWithParam<Mistake> {};

TEST_P(TrustError, IsRefusedWithDirectiveValueAndRemedy) {
  if (GetParam().only_for_root && geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  TrustServer server;
  write_bad_files(server.httpd.files());
  const CommandResult result = server.httpd.configtest(kSpool + GetParam().configuration);
  EXPECT_NE(result.exit_code, 0);
  for (const std::string& word : GetParam().words) EXPECT_THAT(result.output, HasSubstr(word));
  for (const char* word : {"Syntax OK", "-bytes"}) EXPECT_THAT(result.output, Not(HasSubstr(word)));
}

std::string with_account(const std::string& arguments) {
  return kUrl + ("PlivoAccount " + arguments + "\n") + answering_location("/dialstatus");
}

// An account whose token is in conf/`file`.
std::string with_token(const std::string& file) {
  return with_account("main MAXXXXXXXXXXXXXXXXXX \"file:${ROOT}/conf/" + file + "\"");
}

std::string with_secret(const std::string& arguments) {
  return "<Location \"/flow\">\nSetHandler plivo-dial\nPlivoEndpoint event\nPlivoEventSecret " +
         arguments + "\n</Location>\n";
}

INSTANTIATE_TEST_SUITE_P(
    Locations, TrustError,
    testing::Values(
        Mistake{"RequireWithoutAccount",
                kUrl + answering_location("/dialstatus"),
                {"/dialstatus", "PlivoAccount", "file:", "PlivoSignature Off"}},
        Mistake{"WarnWithoutAccount",
                kUrl + answering_location("/dialstatus", "PlivoSignature Warn"),
                {"/dialstatus", "PlivoAccount"}},
        Mistake{"V2WithoutAccount",
                kUrl + answering_location("/dialstatus", "PlivoSignature V2"),
                {"/dialstatus", "PlivoAccount"}},
        Mistake{"RequireWithoutPublicUrl",
                kAccounts + answering_location("/dialstatus"),
                {"/dialstatus", "PlivoPublicURL https://"}},
        Mistake{"AccountInAnotherVirtualHost",
                kUrl +
                    ("<VirtualHost *:80>\nServerName a.example\n" + std::string(kAccounts) +
                     "</VirtualHost>\n<VirtualHost *:80>\nServerName b.example\n") +
                    answering_location("/dialstatus") + "</VirtualHost>\n",
                {"/dialstatus", "PlivoAccount"}},
        Mistake{"SignatureUnknown",
                "PlivoSignature Requires\n",
                {"PlivoSignature", "\"Requires\"", "Require, Warn, Off", "did you mean Require?"}},
        Mistake{"EventWithoutSecret",
                "<Location \"/flow\">\nSetHandler plivo-dial\nPlivoEndpoint event\n</Location>\n",
                {"/flow", "PlivoEventSecret", "file:"}}),
    mistake_name);

INSTANTIATE_TEST_SUITE_P(
    Tokens, TrustError,
    testing::Values(Mistake{"Missing",
                            with_token("none.token"),
                            {"PlivoAccount main", "/conf/none.token", "no such file"}},
                    Mistake{
                        "PreviousMissing",
                        with_account("main MAXXXXXXXXXXXXXXXXXX \"file:${ROOT}/conf/main.token\" "
                                     "\"file:${ROOT}/conf/none.token\""),
                        {"PlivoAccount main", "/conf/none.token", "no such file"}},
                    Mistake{"ReadableByAll",
                            with_token("readable.token"),
                            {"PlivoAccount main", "/conf/readable.token", "chmod 600 "}},
                    Mistake{"ReadableByGroup",
                            with_token("of-group.token"),
                            {"PlivoAccount main", "/conf/of-group.token", "chmod 600 "}},
                    Mistake{"WritableByOthers",
                            with_token("writable.token"),
                            {"PlivoAccount main", "/conf/writable.token", "chmod 600 "}},
                    Mistake{"OfAnotherUser",
                            with_token("foreign.token"),
                            {"PlivoAccount main", "/conf/foreign.token", "chown "},
                            true},
                    Mistake{"WhereOthersMayReplaceIt",
                            with_token("../open/replaceable.token"),
                            {"PlivoAccount main", "/open", "chmod "}},
                    Mistake{"Empty",
                            with_token("empty.token"),
                            {"PlivoAccount main", "/conf/empty.token", "empty"}},
                    Mistake{"Blank",
                            with_token("blank.token"),
                            {"PlivoAccount main", "/conf/blank.token", "empty"}},
                    Mistake{"TwoLines",
                            with_token("two-lines.token"),
                            {"PlivoAccount main", "/conf/two-lines.token", "line"}},
                    Mistake{"NotPrintable",
                            with_token("binary.token"),
                            {"PlivoAccount main", "/conf/binary.token", "ASCII"}},
                    Mistake{"NotAscii",
                            with_token("not-ascii.token"),
                            {"PlivoAccount main", "/conf/not-ascii.token", "ASCII"}},
                    Mistake{"TooLarge",
                            with_token("large.token"),
                            {"PlivoAccount main", "/conf/large.token", "4096"}},
                    Mistake{"Directory",
                            with_token("directory.token"),
                            {"PlivoAccount main", "/conf/directory.token", "file"}}),
    mistake_name);

INSTANTIATE_TEST_SUITE_P(
    Accounts, TrustError,
    testing::Values(
        Mistake{"NoArguments", with_account(""), {"PlivoAccount", "file:"}},
        Mistake{
            "TwoArguments", with_account("main MAXXXXXXXXXXXXXXXXXX"), {"PlivoAccount", "file:"}},
        Mistake{"FiveArguments",
                with_account("main MAXXXXXXXXXXXXXXXXXX file:/a file:/b file:/c"),
                {"PlivoAccount", "four"}},
        Mistake{"PathWithSpaces",
                with_account("main MAXXXXXXXXXXXXXXXXXX file:/my own/token of ours"),
                {"PlivoAccount", "quotes"}},
        Mistake{"BadName",
                with_account("my/account MAXXXXXXXXXXXXXXXXXX file:/a"),
                {"PlivoAccount", "letters"}},
        Mistake{"EmptyName", with_account("\"\" MAXXXXXXXXXXXXXXXXXX file:/a"), {"PlivoAccount"}},
        Mistake{
            "SameName",
            with_account("main MAXXXXXXXXXXXXXXXXXX \"file:${ROOT}/conf/main.token\"\n"
                         "PlivoAccount main MAYYYYYYYYYYYYYYYYYY \"file:${ROOT}/conf/sub.token\""),
            {"PlivoAccount", "\"main\"", "another name"}},
        Mistake{"BadAuthId", with_account("main MA-XXXX file:/a"), {"PlivoAccount", "no Auth ID"}},
        Mistake{"AuthIdMissing",
                with_account("main file:/a file:/b"),
                {"PlivoAccount", "the Auth ID is missing"}},
        Mistake{"InlineToken",
                with_account("main MAXXXXXXXXXXXXXXXXXX secret-bytes"),
                {"PlivoAccount", "server-info", "file:"}},
        Mistake{"InlinePreviousToken",
                with_account("main MAXXXXXXXXXXXXXXXXXX \"file:${ROOT}/conf/main.token\" "
                             "secret-bytes"),
                {"PlivoAccount", "server-info", "file:"}},
        Mistake{"EmptyFile",
                with_account("main MAXXXXXXXXXXXXXXXXXX file:"),
                {"PlivoAccount", "file:"}},
        Mistake{"InLocation",
                kUrl + answering_location("/dialstatus",
                                          "PlivoAccount main MAXXXXXXXXXXXXXXXXXX file:/a"),
                {"PlivoAccount", "<Location>"}}),
    mistake_name);

INSTANTIATE_TEST_SUITE_P(
    EventSecrets, TrustError,
    testing::Values(
        Mistake{"SecretMissing",
                with_secret("\"file:${ROOT}/conf/none.secret\""),
                {"PlivoEventSecret", "/conf/none.secret", "no such file"}},
        Mistake{"SecretReadableByAll",
                with_secret("\"file:${ROOT}/conf/readable.token\""),
                {"PlivoEventSecret", "/conf/readable.token", "chmod 600 "}},
        Mistake{"SecretEmpty",
                with_secret("\"file:${ROOT}/conf/empty.token\""),
                {"PlivoEventSecret", "/conf/empty.token", "empty"}},
        Mistake{"SecretOfTheServer",
                "PlivoEventSecret \"file:${ROOT}/conf/two-lines.token\"\n",
                {"PlivoEventSecret", "/conf/two-lines.token", "line"}},
        Mistake{"SecretInline", with_secret("secret-bytes"), {"PlivoEventSecret", "file:"}},
        Mistake{"SecretWithoutArguments", with_secret(""), {"PlivoEventSecret", "file:"}},
        Mistake{"SecretWithThreeArguments",
                with_secret("file:/a header=A header=B"),
                {"PlivoEventSecret", "header=Name"}},
        Mistake{"SecretWithUnknownOption",
                with_secret("file:/a headers=X-Flow"),
                {"PlivoEventSecret", "only header=Name"}},
        Mistake{"SecretWithBadHeader",
                with_secret("file:/a \"header=X Flow\""),
                {"PlivoEventSecret", "name of a header"}},
        Mistake{"SecretInAuthorization",
                with_secret("file:/a header=Authorization"),
                {"PlivoEventSecret", "Authorization"}}),
    mistake_name);

// Root's start would pass, so it must not be told that something is wrong with the file.
TEST(TokenFile, AnOrdinaryUserIsToldJustThat) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can make a file that an ordinary user can't read";
  TrustServer server({.ordinary_user = true});
  std::filesystem::remove(server.httpd.root() + "/conf/main.token");
  server.httpd.files().write_file("conf/main.token", kMainToken, 0600);
  const CommandResult result = server.httpd.configtest(kSpool + signed_configuration());
  EXPECT_THAT(result.output, HasSubstr("PD0106: error: "));
  EXPECT_THAT(result.output, HasSubstr("PlivoAccount main: "));
  EXPECT_THAT(result.output, HasSubstr("/conf/main.token"));
  EXPECT_THAT(result.output, HasSubstr("cannot read it as this user"));
  EXPECT_THAT(result.output, Not(HasSubstr("chmod")));
  EXPECT_THAT(result.output, Not(HasSubstr("chown")));
}

// His own file is his to mend, whoever starts httpd.
TEST(TokenFile, AnOrdinaryUserIsToldWhatToDoWithHisOwn) {
  if (geteuid() != 0) GTEST_SKIP() << "only root runs a test as an ordinary user";
  TrustServer server({.ordinary_user = true});
  std::filesystem::permissions(server.httpd.root() + "/conf/main.token", std::filesystem::perms(0));
  const CommandResult result = server.httpd.configtest(kSpool + signed_configuration());
  EXPECT_THAT(result.output, HasSubstr("PD0103: error: "));
  EXPECT_THAT(result.output, HasSubstr("chmod 600"));
  EXPECT_THAT(result.output, Not(HasSubstr("PD0106")));
}

// Nor what to do to files that are as httpd's user needs them.
TEST(Spool, OfAnotherUserIsNotJudgedForTheOneWhoTests) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can make a directory of another user";
  TrustServer server({.ordinary_user = true});
  const std::string foreign = "User daemon\nPlivoSpool \"${ROOT}/foreign\"\nPlivoDispatcher Off\n";
  std::filesystem::create_directory(server.httpd.root() + "/foreign");
  std::filesystem::permissions(server.httpd.root() + "/foreign", std::filesystem::perms(0750));
  const CommandResult result = server.httpd.configtest(foreign + signed_configuration());
  EXPECT_THAT(result.output, HasSubstr("PD0106: error: "));
  EXPECT_THAT(result.output, HasSubstr("PlivoSpool: this user (uid "));
  EXPECT_THAT(result.output,
              HasSubstr("can't judge it for httpd's User daemon: run configtest as root"));
  EXPECT_THAT(result.output, Not(HasSubstr("chmod")));
  EXPECT_THAT(result.output, Not(HasSubstr("chown")));
}

struct Right {
  std::string name;
  std::string configuration;
};

void PrintTo(const Right& right, std::ostream* out) {
  *out << right.name;
}

class TrustConfiguration : public testing::TestWithParam<Right> {};

TEST_P(TrustConfiguration, PassesConfigtest) {
  TrustServer server;
  server.httpd.files().write_file("conf/long.token", "  " + std::string(2000, '~') + " \r\n\n",
                                  0400, !server.httpd.files().runs_as_root());
  // Not syslog, since a machine may have no daemon.
  const std::string sink = "PlivoEventSink archive \"file:${ROOT}/events/all.json\"\n";
  const CommandResult result = server.httpd.configtest(kSpool + sink + GetParam().configuration);
  EXPECT_EQ(result.exit_code, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("Syntax OK"));
  EXPECT_THAT(result.output, Not(HasSubstr("warning: ")));
}

INSTANTIATE_TEST_SUITE_P(
    , TrustConfiguration,
    testing::Values(
        Right{"Usual", signed_configuration()}, Right{"OddToken", with_token("long.token")},
        Right{"RelativeToServerRoot",
              with_account("main MAXXXXXXXXXXXXXXXXXX file:conf/main.token")},
        Right{"InVirtualHost", kUrl + ("<VirtualHost *:80>\n" + std::string(kAccounts)) +
                                   answering_location("/dialstatus") + "</VirtualHost>\n"},
        Right{"SameNameInTwoVirtualHosts",
              kUrl + ("<VirtualHost *:80>\nServerName a.example\n" + std::string(kAccounts)) +
                  answering_location("/dialstatus") +
                  "</VirtualHost>\n<VirtualHost *:80>\nServerName b.example\n"
                  "PlivoPublicURL https://b.example\n" +
                  kAccounts + answering_location("/dialstatus") + "</VirtualHost>\n"},
        Right{"EventWithSecretOnly", with_secret("\"file:${ROOT}/conf/event.secret\"")},
        Right{"EventSecretInHeader",
              with_secret("\"file:${ROOT}/conf/event.secret\" header=X-Flow-Secret")},
        Right{"EventSecretOfTheServer",
              "PlivoEventSecret \"file:${ROOT}/conf/event.secret\"\n<Location \"/flow\">\n"
              "SetHandler plivo-dial\nPlivoEndpoint event\n</Location>\n"},
        Right{"ModesInAnyCase", signed_configuration() + "PlivoSignature require\n"}),
    [](const testing::TestParamInfo<Right>& right) { return right.param.name; });

// What makes the server believe more than it should is said at every start.
TEST(TrustWarning, OffAndWarnAreSaidAtConfigtestAndAtEveryStart) {
  for (const char* mode : {"Off", "Warn"}) {
    const std::string words =
        std::string("PlivoSignature ") + mode + " for <Location \"/dialstatus\">";
    const std::string configuration =
        std::string("PlivoSignature ") + mode + "\n" + signed_configuration();
    TrustServer server;
    const CommandResult result = server.httpd.configtest(kSpool + configuration);
    EXPECT_EQ(result.exit_code, 0) << result.output;
    EXPECT_THAT(result.output, HasSubstr("warning: "));
    EXPECT_THAT(result.output, HasSubstr(words));
    server.httpd.expect_log(words);
    ASSERT_TRUE(server.start(configuration));
    EXPECT_THAT(lines_with(server.httpd.error_log(), words), SizeIs(1));
    ASSERT_TRUE(server.httpd.restart_gracefully());
    EXPECT_THAT(lines_with(server.httpd.error_log(), words), SizeIs(2));
  }
}

}  // namespace
}  // namespace plivo_dial::test
