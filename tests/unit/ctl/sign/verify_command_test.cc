// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/sign/verify_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/signature/signature.h"
#include "lib/signature/signature_diagnosis.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "tests/unit/ctl/command_runner.h"

namespace plivo_dial::ctl {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kVerifyToken = "main-token-0000";
constexpr const char* kVerifyNonce = "12345678901234567890";
constexpr const char* kVerifyBody = "CallUUID=6f1d&Name=a+b&To=14155550100";
constexpr const char* kString =
    "https://pbx.example.com/dialstatus?did=+1&stage=2."
    "CallUUID6f1dNamea bTo14155550100.12345678901234567890";

class VerifyCommand : public testing::Test {
 protected:
  Ran verify(std::vector<std::string> arguments, std::string_view standard_input = "") {
    arguments.insert(arguments.end(), {"--token-file", token_});
    return run_subcommand(add_verify_command, "verify", arguments, standard_input);
  }

  // A raw request whose signature is that of `string`.
  static std::string raw(std::string_view body = kVerifyBody, std::string_view string = kString) {
    return "POST /dialstatus?stage=2&did=%2B1 HTTP/1.1\r\nHost: pbx.example.com\r\n"
           "Content-Length: " +
           std::to_string(body.size()) + "\r\nX-Plivo-Signature-V3: " + sign(string, kVerifyToken) +
           "\r\nX-Plivo-Signature-V3-Nonce: " + kVerifyNonce + "\r\n\r\n" + std::string(body);
  }

  // Arguments of a request that is right, part by part.
  static std::vector<std::string> parts() {
    return {"--url",    "https://pbx.example.com/dialstatus?stage=2&did=%2B1",
            "--header", "X-Plivo-Signature-V3: " + sign(kString, kVerifyToken),
            "--header", std::string("x-plivo-signature-v3-nonce: ") + kVerifyNonce,
            "--body",   kVerifyBody};
  }

  const TemporaryFiles files_;
  const std::string token_ = files_.write("main.token", kVerifyToken);
};

TEST_F(VerifyCommand, VerifiesARawRequest) {
  const std::string file = files_.write("request", raw() + "\n");
  const Ran ran = verify({"--request", file, "--public-url", "https://pbx.example.com/"});
  EXPECT_EQ(ran.status, kExitOk) << ran.out << ran.err;
  EXPECT_EQ(ran.out,
            "Request      POST https://pbx.example.com/dialstatus?stage=2&did=%2B1, 3 pairs in the "
            "body\n"
            "String       " +
                std::string(kString) +
                "\n"
                "Fingerprint  sha256:" +
                string_fingerprint(kString) +
                "\n"
                "Expected     " +
                sign(kString, kVerifyToken) + " by " + token_ +
                "\n"
                "Received     X-Plivo-Signature-V3: " +
                sign(kString, kVerifyToken) +
                "\n"
                "Received     X-Plivo-Signature-V3-Nonce: " +
                kVerifyNonce +
                "\n"
                "Verdict      verified: X-Plivo-Signature-V3 was made with " +
                token_ + "\n");
}

TEST_F(VerifyCommand, VerifiesPartsAndStandardInput) {
  EXPECT_EQ(verify(parts()).status, kExitOk);
  const Ran ran = verify(
      {"--request", "-", "--url", "https://pbx.example.com/dialstatus?did=%2B1&stage=2#rc=5"},
      raw());
  EXPECT_EQ(ran.status, kExitOk) << ran.out << ran.err;
  std::vector<std::string> arguments = parts();
  arguments[arguments.size() - 2] = "--body-file";
  arguments.back() = files_.write("body", std::string(kVerifyBody) + "\n");
  const Ran with_file = verify(arguments);
  EXPECT_EQ(with_file.status, kExitOk) << with_file.out << with_file.err;
  EXPECT_THAT(with_file.out, HasSubstr("Note         the end of line behind the body"));
}

TEST_F(VerifyCommand, APathOfTheWholeUrlStandsBehindThePublicUrl) {
  std::string whole = raw();
  whole.replace(0, 5, "POST https://pbx.example.com");
  EXPECT_EQ(verify({"--request", "-"}, whole).status, kExitOk);
  whole.replace(0, 28, "POST http://inner.example:81");
  EXPECT_EQ(verify({"--request", "-"}, whole).status, kExitRefused);
  const Ran ran = verify({"--request", "-", "--public-url", "https://pbx.example.com"}, whole);
  EXPECT_EQ(ran.status, kExitOk) << ran.out;
}

TEST_F(VerifyCommand, PartsReplaceThoseOfTheFile) {
  const std::string wrong = raw("To=1", "something else");
  const Ran ran =
      verify({"--request", "-", "--public-url", "https://pbx.example.com", "--header",
              "X-Plivo-Signature-V3: " + sign(kString, kVerifyToken), "--header",
              std::string("x-plivo-signature-v3-nonce: ") + kVerifyNonce, "--body", kVerifyBody},
             wrong);
  EXPECT_EQ(ran.status, kExitOk) << ran.out << ran.err;
}

TEST_F(VerifyCommand, TriesEveryTokenAndPrintsNone) {
  const std::string other = files_.write("other.token", "other-token-1111");
  std::vector<std::string> arguments = parts();
  arguments.insert(arguments.end(), {"--token-file", other});
  const Ran ran = verify(arguments);
  EXPECT_EQ(ran.status, kExitOk);
  EXPECT_THAT(ran.out, AllOf(HasSubstr(sign(kString, "other-token-1111") + " by " + other),
                             HasSubstr("was made with " + token_), Not(HasSubstr(kVerifyToken)),
                             Not(HasSubstr("other-token-1111"))));
}

TEST_F(VerifyCommand, AGetHasNoBody) {
  const std::string string = std::string("https://h/p?a=1.") + kVerifyNonce;
  const Ran ran = verify({"--url", "https://h/p?a=1", "--method", "GET", "--body", "b=2",
                          "--header", "X-Plivo-Signature-Ma-V3: " + sign(string, kVerifyToken),
                          "--header", std::string("X-Plivo-Signature-V3-Nonce: ") + kVerifyNonce});
  EXPECT_EQ(ran.status, kExitOk) << ran.out;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("0 pairs in the body"), HasSubstr("the body of a GET"),
                             HasSubstr("verified: X-Plivo-Signature-Ma-V3 was made")));
}

TEST_F(VerifyCommand, NamesTheUrlThatWasSigned) {
  const Ran ran = verify({"--request", "-", "--public-url", "http://other.example"}, raw());
  EXPECT_EQ(ran.status, kExitRefused);
  EXPECT_THAT(
      ran.out,
      AllOf(HasSubstr("Verdict      NOT verified: mismatch\n"),
            HasSubstr("Signed       " + std::string(kString) + " by " + token_ + "\n"),
            HasSubstr("Differs      the base \"http://other.example/dialstatus\": it was signed as "
                      "\"https://pbx.example.com/dialstatus\"\n"),
            HasSubstr("set PlivoPublicURL https://pbx.example.com (host taken from the request")));
  const Ran with_host = verify(
      {"--request", "-", "--public-url", "http://other.example", "--host", "pbx.example.com"},
      raw());
  EXPECT_THAT(with_host.out, AllOf(HasSubstr("set PlivoPublicURL https://pbx.example.com\n"),
                                   Not(HasSubstr("unverified"))));
}

TEST_F(VerifyCommand, NamesTheBodyPairThatDiffers) {
  const Ran ran = verify({"--request", "-", "--public-url", "https://pbx.example.com"},
                         raw("CallUUID=6f1d&Name=a%2Bb&To=14155550100"));
  EXPECT_EQ(ran.status, kExitRefused);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("Differs      the body pair \"Name=a+b\": it was signed as "
                                       "\"Name=a b\"\n"),
                             HasSubstr("Cause        the signature fits when the body is "
                                       "percent-decoded once more")));
}

TEST_F(VerifyCommand, SaysWhatItCanWhenNothingFits) {
  const std::string id = "&ParentAuthID=MAYYYYYYYYYYYYYYYYYY";
  const Ran ran = verify({"--request", "-", "--public-url", "https://pbx.example.com"},
                         raw(kVerifyBody + id, "something else"));
  EXPECT_EQ(ran.status, kExitRefused);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("Cause        no token of account"),
                             HasSubstr("names Auth ID MAYYYYYYYYYYYYYYYYYY, unverified"),
                             Not(HasSubstr("plivo-dialctl verify")), Not(HasSubstr("Differs"))));
}

TEST_F(VerifyCommand, HeadersThatAreMissing) {
  const std::string url = "https://h/p";
  Ran ran = verify({"--url", url});
  EXPECT_EQ(ran.status, kExitRefused);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("String       https://h/p. (and a nonce, which the request "
                                       "lacks)\n"),
                             HasSubstr("NOT verified: no header"), Not(HasSubstr("Expected"))));
  ran = verify({"--url", url, "--header", "X-Plivo-Signature-V3-Nonce: 7"});
  EXPECT_EQ(ran.status, kExitRefused);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("Expected     " + sign("https://h/p.7", kVerifyToken)),
                             HasSubstr("NOT verified: no header")));
}

TEST_F(VerifyCommand, TheSecondVersionCountsOnlyWhenItIsAskedFor) {
  const std::vector<std::string> arguments = {
      "--url",    "https://h/p?a=1",
      "--header", "X-Plivo-Signature-V2: " + sign("https://h/p7", kVerifyToken),
      "--header", "X-Plivo-Signature-V2-Nonce: 7"};
  Ran ran = verify(arguments);
  EXPECT_EQ(ran.status, kExitRefused);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("Received     X-Plivo-Signature-V2: "),
                             HasSubstr("the V2 signature fits")));
  std::vector<std::string> with_v2 = arguments;
  with_v2.push_back("--v2");
  ran = verify(with_v2);
  EXPECT_EQ(ran.status, kExitOk) << ran.out;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("String       https://h/p7\n"),
                             HasSubstr("V2 covers neither query nor body")));
  with_v2[1] = "http://h/p?a=1";
  ran = verify(with_v2);
  EXPECT_EQ(ran.status, kExitRefused);
  EXPECT_THAT(ran.out, HasSubstr("Signed       https://h/p7 by "));
}

TEST_F(VerifyCommand, EscapesWhatATerminalWouldObey) {
  const Ran ran = verify({"--url", "https://h/p", "--body", "a=%1B%5B31m%0A", "--header",
                          "X-Plivo-Signature-V3-Nonce: 7"});
  EXPECT_THAT(ran.out, HasSubstr(R"(String       https://h/p?a\x1b[31m\n.7)"));
}

TEST_F(VerifyCommand, SaysWhatIsWrongWithAnOption) {
  struct Case {
    std::vector<std::string> arguments;
    std::string_view message;
  };
  const std::string file = files_.write("request", raw());
  const std::string put = files_.write("put", "PUT /p HTTP/1.1\n\n");
  const Case cases[] = {
      {{}, "which URL did Plivo dial?"},
      {{"--request", file}, "which URL did Plivo dial?"},
      {{"--public-url", "https://h"}, "--public-url stands before the path"},
      {{"--request", file, "--public-url", "https://h/?q"}, "--public-url: "},
      {{"--url", "/p"}, "--url: the URL \"/p\" is not absolute"},
      {{"--url", "https://h/p", "--public-url", "https://h"}, "excludes"},
      {{"--url", "https://h/p", "--header", "nothing"}, "--header: \"nothing\" is no header"},
      {{"--url", "https://h/p", "--host", "h/p"}, "--host: \"h/p\" has a host"},
      {{"--url", "https://h/p", "--body", "a", "--body-file", "b"}, "excludes"},
      {{"--url", "https://h/p", "--body-file", "/nonexistent/b"}, "--body-file: "},
      {{"--url", "https://h/p", "--request", "/nonexistent/r"}, "--request: "},
      {{"--url", "https://h/p", "--request", token_}, "--request: the first line"},
      {{"--url", "https://h/p", "--request", put}, "the method \"PUT\""},
      {{"--url", "https://h/p", "--request", "-", "--body-file", "-"}, "write - once"},
      {{"--url", "https://h/p", "--token-file", "/nonexistent/t"}, "--token-file: "},
  };
  for (const Case& c : cases) {
    const Ran ran = verify(c.arguments);
    EXPECT_EQ(ran.status, kExitUsage) << c.message;
    EXPECT_THAT(ran.err, HasSubstr(std::string(c.message)));
    EXPECT_EQ(ran.out, "");
  }
  EXPECT_THAT(run_subcommand(add_verify_command, "verify", {"--url", "https://h/p"}).err,
              HasSubstr("--token-file is required"));
}

}  // namespace
}  // namespace plivo_dial::ctl
