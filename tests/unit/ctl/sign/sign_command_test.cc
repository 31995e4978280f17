// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/sign/sign_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "lib/signature/signature.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "tests/unit/ctl/command_runner.h"

namespace plivo_dial::ctl {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

// Worked out by running the functions of Plivo's Python SDK.
constexpr const char* kSignToken = "MjExampleToken0000000000000000000000000";
constexpr const char* kSignNonce = "12345678901234567890";
constexpr const char* kAnswer = "https://www.example.com/plivo/answer";
constexpr const char* kAction = "https://www.example.com/plivo/action?step=2&did=%2B14155550100";
constexpr const char* kSignBody =
    "CallUUID=6f1d4a92-3b77-4d0e-9f2a-1c8b5e7d0431&From=14155550111&To=14155550100";

class SignCommand : public testing::Test {
 protected:
  Ran sign(std::vector<std::string> arguments, std::string_view standard_input = "") {
    arguments.insert(arguments.end(), {"--token-file", token_});
    return run_subcommand(add_sign_command, "sign", arguments, standard_input);
  }

  const TemporaryFiles files_;
  const std::string token_ = files_.write("main.token", std::string(kSignToken) + "\n");
};

std::string both_lines(std::string_view signature) {
  return "X-Plivo-Signature-V3: " + std::string(signature) +
         "\nX-Plivo-Signature-V3-Nonce: " + kSignNonce + "\n";
}

TEST_F(SignCommand, PrintsPlivosOwnSignatures) {
  struct Case {
    std::vector<std::string> arguments;
    std::string_view signature;
  };
  const std::string body_file = files_.write("body", kSignBody);
  const Case cases[] = {
      {{"--url", kAnswer, "--method", "POST", "--body", kSignBody},
       "m2nvxRubBKaipFS6OheewXlzZVMSxORswRV5I7HpP4Q="},
      {{"--url", std::string(kAnswer) + "#rc=5", "--body-file", body_file},
       "m2nvxRubBKaipFS6OheewXlzZVMSxORswRV5I7HpP4Q="},
      {{"--url", kAction, "--param", "To=14155550100", "--param", "From=14155550111", "--param",
        "CallUUID=6f1d4a92-3b77-4d0e-9f2a-1c8b5e7d0431"},
       "hez27nIz2EZMXLOioWoHSFx11Yiv7E46Zn5d7qagdo8="},
      {{"--url", kAnswer}, "N1OwU4CHZ+Kl6PcUb7K3lIjrm6CAXkgCoFF1tQQnmHY="},
      {{"--url", std::string(kAnswer) + "?To=14155550100", "--method", "GET", "--param",
        "From=14155550111", "--param", "CallUUID=6f1d"},
       "Cciv+aD5uL9sk44zj83tAP9iyJmeJuWPeb4DKaqdFpc="},
  };
  for (const Case& c : cases) {
    std::vector<std::string> arguments = c.arguments;
    arguments.insert(arguments.end(), {"--nonce", kSignNonce});
    const Ran ran = sign(arguments);
    EXPECT_EQ(ran.status, kExitOk) << ran.err;
    EXPECT_EQ(ran.out, both_lines(c.signature));
  }
}

TEST_F(SignCommand, ReadsTheBodyFromStandardInputByteForByte) {
  const Ran given = sign({"--url", kAnswer, "--nonce", kSignNonce, "--body", "a=1\n"});
  const Ran read = sign({"--url", kAnswer, "--nonce", kSignNonce, "--body-file", "-"}, "a=1\n");
  EXPECT_EQ(read.out, given.out);
  EXPECT_NE(read.out, sign({"--url", kAnswer, "--nonce", kSignNonce, "--body", "a=1"}).out);
}

TEST_F(SignCommand, TakesTheTokenFromStandardInputsFirstLine) {
  const std::vector<std::string> arguments = {"--url",   kAnswer,    "--body",       kSignBody,
                                              "--nonce", kSignNonce, "--token-file", "-"};
  const Ran ran = run_subcommand(add_sign_command, "sign", arguments,
                                 " " + std::string(kSignToken) + " \r\nsecond line\n");
  EXPECT_EQ(ran.out, both_lines("m2nvxRubBKaipFS6OheewXlzZVMSxORswRV5I7HpP4Q=")) << ran.err;
  for (const std::string& wrong : {std::string(), std::string(" \r\nsecond\n"),
                                   std::string("ab\tZYX\n"), std::string(5000, 'a')}) {
    const Ran refused = run_subcommand(add_sign_command, "sign", arguments, wrong);
    EXPECT_EQ(refused.status, kExitUsage) << wrong;
    EXPECT_THAT(refused.err, HasSubstr("--token-file: the first line of standard input"));
    EXPECT_THAT(refused.err, Not(AnyOf(HasSubstr("ZYX"), HasSubstr("aaa"))))
        << "a token is printed";
  }
}

TEST_F(SignCommand, NamesTheOtherHeaders) {
  const std::string v2 = plivo_dial::sign(std::string(kAnswer) + kSignNonce,
                                          kSignToken);  // URL without query, then nonce
  const Ran ran = sign({"--url", std::string(kAnswer) + "?a=1", "--body", kSignBody, "--nonce",
                        kSignNonce, "--v2", "--main-account"});
  EXPECT_EQ(ran.out, "X-Plivo-Signature-Ma-V2: " + v2 +
                         "\nX-Plivo-Signature-V2-Nonce: " + kSignNonce + "\n");
  EXPECT_THAT(sign({"--url", kAnswer, "--main-account"}).out,
              StartsWith("X-Plivo-Signature-Ma-V3: "));
}

TEST_F(SignCommand, NoncesAreTwentyRandomDigits) {
  const Ran first = sign({"--url", kAnswer});
  const Ran second = sign({"--url", kAnswer});
  EXPECT_THAT(first.out, MatchesRegex("X-Plivo-Signature-V3: .{44}\n"
                                      "X-Plivo-Signature-V3-Nonce: [0-9]{20}\n"));
  EXPECT_NE(first.out, second.out);
}

// What a shell makes of the words behind "curl", each on a line of its own.
std::string words_of(const TemporaryFiles& files, const std::string& curl_line) {
  const std::string script =
      files.write("script", "curl() { printf '%s\\n' \"$@\"; }\n" + curl_line);
  const std::unique_ptr<FILE, int (*)(FILE*)> shell(popen(("sh " + script).c_str(), "r"), pclose);
  std::string words;
  std::array<char, 256> part;
  while (fgets(part.data(), part.size(), shell.get()) != nullptr) words += part.data();
  return words;
}

TEST_F(SignCommand, TheLineForCurlSurvivesTheShell) {
  const std::string url = "https://h/it's;$(x)&`y`?a=1 b";
  const Ran ran =
      sign({"--url", url, "--body", "a='b'&c=\"d\"$e\\", "--nonce", kSignNonce, "--curl"});
  ASSERT_EQ(ran.status, kExitOk) << ran.err;
  const Ran headers = sign({"--url", url, "--body", "a='b'&c=\"d\"$e\\", "--nonce", kSignNonce});
  std::istringstream lines(headers.out);
  std::string signature, nonce;
  std::getline(lines, signature);
  std::getline(lines, nonce);
  EXPECT_EQ(words_of(files_, ran.out), "--globoff\n--path-as-is\n--header\n" + signature +
                                           "\n--header\n" + nonce +
                                           "\n--data-raw\na='b'&c=\"d\"$e\\\n" + url + "\n");
  const Ran get =
      sign({"--url", "https://h/p#rc=5", "--method", "GET", "--param", "a=1 2", "--curl"});
  EXPECT_THAT(get.out, AllOf(Not(HasSubstr("--data")), HasSubstr(" 'https://h/p?a=1+2'\n")));
}

TEST_F(SignCommand, SignsABatch) {
  const std::string input =
      nlohmann::json{
          {"method", "POST"}, {"url", kAnswer}, {"body", kSignBody}, {"nonce", kSignNonce}}
          .dump() +
      "\n\n" + R"({"url":"https://h/p"})" + "\n" +
      R"({"method":"GET","url":"https://h/p?a=1","body":"","nonce":"7"})";
  const Ran ran = sign({"--batch"}, input);
  ASSERT_EQ(ran.status, kExitOk) << ran.err;
  std::istringstream lines(ran.out);
  std::vector<nlohmann::json> replies;
  for (std::string line; std::getline(lines, line);) replies.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(replies.size(), 3u);
  EXPECT_EQ(replies[0]["signature"], "m2nvxRubBKaipFS6OheewXlzZVMSxORswRV5I7HpP4Q=");
  EXPECT_EQ(replies[0]["nonce"], kSignNonce);
  const std::string nonce = replies[1]["nonce"];
  EXPECT_EQ(replies[1]["signature"], plivo_dial::sign("https://h/p." + nonce, kSignToken));
  EXPECT_EQ(replies[2]["signature"], plivo_dial::sign("https://h/p?a=1.7", kSignToken));
}

TEST_F(SignCommand, NamesTheLineOfABatchThatIsWrong) {
  struct Case {
    const char* line;
    const char* message;
  };
  constexpr Case kCases[] = {
      {"x", "is no JSON object"},
      {"[]", "is no JSON object"},
      {R"({"url":7})", R"("url" is no string)"},
      {R"({"url":"/p"})", "is not absolute"},
      {R"({"url":"https://h/p","method":"PUT"})", "neither POST nor GET"},
      {R"({"url":"https://h/p","method":"GET","body":"a"})", "a GET has no body"},
      {R"({"url":"https://h/p","nonce":"\n"})", "the nonce "},
  };
  for (const Case& c : kCases) {
    const Ran ran =
        sign({"--batch"}, std::string(R"({"url":"https://h/p"})") + "\n" + c.line + "\n");
    EXPECT_EQ(ran.status, kExitUsage) << c.line;
    EXPECT_THAT(ran.err, AllOf(HasSubstr("line 2 of standard input: "), HasSubstr(c.message)));
  }
}

TEST_F(SignCommand, SaysWhatIsWrongWithAnOption) {
  struct Case {
    std::vector<std::string> arguments;
    std::string_view message;
  };
  const std::string long_nonce(129, '1');
  const Case cases[] = {
      {{}, "--url is required"},
      {{"--url", "ftp://h/p"}, "the URL \"ftp://h/p\" is not absolute"},
      {{"--url", "https://me:secret@h/p"}, "holds a user name"},
      {{"--url", kAnswer, "--method", "PUT"}, "--method"},
      {{"--url", kAnswer, "--method", "GET", "--body", "a=b"}, "a GET has no body"},
      {{"--url", kAnswer, "--param", "=b"}, "--param: \"=b\" is not NAME=VALUE"},
      {{"--url", kAnswer, "--param", "a=b", "--body", "a=b"}, "excludes"},
      {{"--url", kAnswer, "--body-file", "/nonexistent/body"},
       "--body-file: \"/nonexistent/body\""},
      {{"--url", kAnswer, "--nonce", long_nonce}, "the nonce "},
      {{"--url", kAnswer, "--nonce", " 1"}, "the nonce "},
      {{"--batch", "--url", kAnswer}, "--batch takes the requests from standard input"},
      {{"--batch", "--curl"}, "--batch takes the requests from standard input"},
  };
  for (const Case& c : cases) {
    const Ran ran = sign(c.arguments);
    EXPECT_EQ(ran.status, kExitUsage) << c.message;
    EXPECT_THAT(ran.err, HasSubstr(std::string(c.message)));
    EXPECT_EQ(ran.out, "");
  }
}

TEST_F(SignCommand, StandardInputHoldsOneThing) {
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{"--batch"}, {"--url", kAnswer, "--body-file", "-"}}) {
    std::vector<std::string> arguments = {"--token-file", "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ran ran = run_subcommand(add_sign_command, "sign", arguments, "token\n");
    EXPECT_EQ(ran.status, kExitUsage);
    EXPECT_THAT(ran.err, HasSubstr("not both"));
  }
}

TEST_F(SignCommand, ATokenFileThatOthersMayReadIsRefused) {
  ASSERT_EQ(chmod(token_.c_str(), 0644), 0);
  const Ran ran = sign({"--url", kAnswer});
  EXPECT_EQ(ran.status, kExitUsage);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("--token-file: "), HasSubstr("chmod 600"),
                             Not(HasSubstr(kSignToken))));
  EXPECT_EQ(run_subcommand(add_sign_command, "sign", {"--url", kAnswer}).status, kExitUsage);
}

TEST_F(SignCommand, ARelativeTokenFileIsFound) {
  const Ran ran =
      run_subcommand(add_sign_command, "sign",
                     {"--url", kAnswer, "--token-file", "no-such-directory/../main.token"});
  EXPECT_EQ(ran.status, kExitUsage);
  EXPECT_THAT(ran.err, HasSubstr("/no-such-directory/../main.token")) << "not made absolute";
}

}  // namespace
}  // namespace plivo_dial::ctl
