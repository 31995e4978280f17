// SPDX-License-Identifier: Apache-2.0
// Plivo's own SDK and we, on random requests: each accepts what the other signs.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>

#include "lib/form/form.h"
#include "lib/signature/signature.h"
#include "tests/httpd/plivo_sdk.h"
#include "tests/httpd/signed_request.h"

namespace plivo_dial::test {
namespace {

using nlohmann::json;

constexpr unsigned kSeed = 20261124;
constexpr std::size_t kRequests = 1000;

// Nothing but the verdict is wanted, so the events stay in the spool.
constexpr const char* kQuietServer = "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher Off\n";

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kUnreserved =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// A random request, as the SDK takes it and as it is sent.
struct RandomRequest {
  SdkRequest sdk;
  HttpRequest wire;
  std::string origin;
};

// Where the official SDKs agree with each other: no port, no percent-encoding in the path, query
// values that need none, names of letters that come once, no value that ends with a dot, and not
// all empty. kNodeAlone: beyond it, where Node.js's still does what Plivo's documentation says.
enum class Region { kAllSdksAgree, kNodeAlone };

class Generator {
 public:
  Generator(unsigned seed, Region region) : random_(seed), region_(region) {}

  RandomRequest make(const std::string& token) {
    const bool post = one_in(2);
    names_.clear();
    RandomRequest made;
    made.origin = wide() && one_in(3) ? "https://pbx.example.com:8443" : kOrigin;
    made.wire.method = made.sdk.method = post ? "POST" : "GET";
    made.wire.path = path();
    std::string query;
    if (post) {
      add_call(made);
      if (one_in(2)) query = some_query();
    } else {
      append_form_pair("CallUUID", new_call(), query);
      query += "&" + some_query();
    }
    if (!query.empty()) made.wire.path += "?" + query;
    made.sdk.url = made.origin + made.wire.path;
    for (int i = 0; i < 20; ++i) made.sdk.nonce.push_back(pick("0123456789"));
    made.sdk.token = token;
    return made;
  }

 private:
  bool wide() const { return region_ == Region::kNodeAlone; }
  std::size_t below(std::size_t bound) { return random_() % bound; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  char pick(std::string_view alphabet) { return alphabet[below(alphabet.size())]; }

  std::string word(std::string_view alphabet, std::size_t least, std::size_t most) {
    std::string text;
    const std::size_t length = least + below(most - least + 1);
    for (std::size_t i = 0; i < length; ++i) text.push_back(pick(alphabet));
    return text;
  }

  std::string new_call() { return word("0123456789abcdef", 8, 8) + "-" + word("0123456789", 4, 4); }

  // A name that this request does not have yet.
  std::string new_name() {
    for (;;) {
      std::string name = word(kLetters, 1, 12);
      const bool is_new = std::find(names_.begin(), names_.end(), name) == names_.end();
      if (!is_new || name == "CallUUID") continue;
      names_.push_back(name);
      return name;
    }
  }

  std::string path() {
    std::string text = "/dialstatus";
    for (std::size_t i = below(3); i > 0; --i) text += "/p" + word(kUnreserved, 0, 8);
    if (wide() && one_in(3)) text += "/a%20b%7Ex+y";
    return text;
  }

  std::string some_query() {
    std::string query;
    for (std::size_t i = below(4) + 1; i > 0; --i) {
      const std::string name = new_name();
      append_form_pair(name, wide() ? body_value() : word(kUnreserved, 1, 10), query);
      if (wide() && one_in(4)) append_form_pair(name, word(kUnreserved, 0, 3), query);
    }
    return query;
  }

  // Printable ASCII of any kind; in the wider region UTF-8 as well.
  std::string body_value() {
    std::string text;
    for (std::size_t i = below(24); i > 0; --i) {
      if (wide() && one_in(6)) {
        text += one_in(2) ? "\xC3\xA9" : "\xE3\x81\x93";
      } else {
        text.push_back(static_cast<char>(' ' + below(95)));
      }
    }
    if (text.ends_with('.') && !wide()) text.back() = '!';
    return text;
  }

  void add_pair(const std::string& name, const std::string& value, RandomRequest& made) {
    append_form_pair(name, value, made.wire.body);
    made.sdk.params[name] = value;
  }

  void add_call(RandomRequest& made) {
    add_pair("CallUUID", new_call(), made);
    for (std::size_t i = below(12); i > 0; --i) add_pair(new_name(), body_value(), made);
    made.wire.headers = {"Content-Type: " + std::string(kFormType)};
  }

  std::mt19937 random_;
  Region region_;
  std::vector<std::string> names_;
};

std::vector<RandomRequest> random_requests(Region region, std::size_t count) {
  Generator generator(kSeed, region);
  std::vector<RandomRequest> requests;
  for (std::size_t i = 0; i < count; ++i) requests.push_back(generator.make(kMainToken));
  return requests;
}

std::vector<SdkRequest> for_sdk(const std::vector<RandomRequest>& requests) {
  std::vector<SdkRequest> all;
  for (const RandomRequest& request : requests) all.push_back(request.sdk);
  return all;
}

HttpRequest with_signature(const RandomRequest& request, const std::string& signature) {
  return with_header(with_header(request.wire, "X-Plivo-Signature-V3: " + signature),
                     "X-Plivo-Signature-V3-Nonce: " + request.sdk.nonce);
}

bool library_accepts(const RandomRequest& request, const std::string& signature) {
  const Form body = Form::decode(request.wire.body).value();
  const std::vector<SigningAccount> accounts = {{"main", kMainToken, ""}};
  return verify_v3({request.origin, request.wire.path}, body.parameters(),
                   {signature, std::nullopt, request.sdk.nonce}, accounts)
      .verified();
}

class NodeSdk : public testing::Test {
 protected:
  void SetUp() override {
    const std::string reason = PlivoSdk::install();
    if (!reason.empty()) GTEST_SKIP() << "without Plivo's SDK for Node.js: " << reason;
    GTEST_LOG_(INFO) << "seed " << kSeed;
  }
};

TEST_F(NodeSdk, WhatItSignsIsAccepted) {
  SignedServer server;
  server.httpd.expect_log("PD0203");
  ASSERT_TRUE(server.httpd.start(kQuietServer + signed_configuration()));
  const std::vector<RandomRequest> requests = random_requests(Region::kAllSdksAgree, kRequests);
  const std::vector<std::string> right = PlivoSdk::sign(for_sdk(requests), server.httpd.root());
  std::vector<SdkRequest> foreign = for_sdk(requests);
  for (SdkRequest& request : foreign) request.token = kForeignToken;
  const std::vector<std::string> wrong = PlivoSdk::sign(foreign, server.httpd.root());

  HttpSession session(server.httpd.port());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const std::string trace = requests[i].sdk.method + " " + requests[i].sdk.url + " " +
                              requests[i].wire.body + " of seed " + std::to_string(kSeed);
    ASSERT_EQ(session.send(with_signature(requests[i], right[i])).status, 200) << trace;
    ASSERT_FALSE(library_accepts(requests[i], wrong[i])) << trace;
    if (i % 10 != 0) continue;
    ASSERT_EQ(session.send(with_signature(requests[i], wrong[i])).status, 403) << trace;
  }
}

TEST_F(NodeSdk, WhatItSignsIsAcceptedWhereOtherSdksDiffer) {
  const ServerRoot files{ServerOptions{}};
  const std::vector<RandomRequest> requests = random_requests(Region::kNodeAlone, kRequests);
  const std::vector<std::string> signatures = PlivoSdk::sign(for_sdk(requests), files.path());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    ASSERT_TRUE(library_accepts(requests[i], signatures[i]))
        << requests[i].sdk.method << ' ' << requests[i].sdk.url << ' ' << requests[i].wire.body
        << " of seed " << kSeed;
  }
}

// What `plivo-dialctl sign --batch` makes of `requests` under the token in conf/main.token.
std::vector<json> sign_by_dialctl(const std::vector<RandomRequest>& requests,
                                  const ServerRoot& files) {
  const std::string input = files.path() + "/requests.json";
  std::ofstream lines(input);
  for (const RandomRequest& request : requests) {
    lines << json{{"method", request.sdk.method},
                  {"url", request.sdk.url},
                  {"body", request.wire.body},
                  {"nonce", request.sdk.nonce}}
          << '\n';
  }
  lines.close();
  Command command;
  command.arguments = {"/bin/sh",
                       "-c",
                       "exec \"$0\" sign --batch --token-file \"$1\" < \"$2\"",
                       PLIVO_DIALCTL_PROGRAM,
                       files.path() + "/conf/main.token",
                       input};
  const CommandResult result = run_command(command);
  EXPECT_EQ(result.exit_code, 0) << result.output;
  std::vector<json> made;
  std::istringstream output(result.output);
  for (std::string line; std::getline(output, line);) made.push_back(json::parse(line));
  return made;
}

TEST_F(NodeSdk, AcceptsWhatDialctlSigns) {
  const ServerRoot files{ServerOptions{}};
  files.write_file("conf/main.token", std::string(kMainToken) + "\n", 0600);
  const std::vector<RandomRequest> requests = random_requests(Region::kAllSdksAgree, kRequests);
  const std::vector<json> made = sign_by_dialctl(requests, files);
  ASSERT_EQ(made.size(), requests.size());
  std::vector<SdkRequest> questions = for_sdk(requests);
  for (std::size_t i = 0; i < questions.size(); ++i) {
    EXPECT_EQ(made[i].value("nonce", ""), questions[i].nonce);
    questions[i].signature = made[i].value("signature", "");
  }
  std::vector<SdkRequest> foreign = questions;
  for (SdkRequest& request : foreign) request.token = kForeignToken;

  const std::vector<bool> right = PlivoSdk::validate(questions, files.path());
  for (std::size_t i = 0; i < right.size(); ++i) {
    ASSERT_TRUE(right[i]) << questions[i].method << ' ' << questions[i].url << ' '
                          << requests[i].wire.body << " of seed " << kSeed;
  }
  const std::vector<bool> wrong = PlivoSdk::validate(foreign, files.path());
  EXPECT_EQ(std::count(wrong.begin(), wrong.end(), true), 0);
}

}  // namespace
}  // namespace plivo_dial::test
