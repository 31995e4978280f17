// SPDX-License-Identifier: Apache-2.0
// What the guide "Beside other modules" says of modules that come in packages of their own: what
// they do to a call as packaged, and that the remedy works.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/httpd/packaged_module.h"
#include "tests/httpd/trust.h"

namespace plivo_dial::test {
namespace {

// The path of `file` below `directory`, "" where there is none.
std::string find_file(const std::string& directory, const std::string& file) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.path().filename() == file) return entry.path();
  }
  return "";
}

HttpRequest signed_answer(const std::string& path, const std::string& caller_name) {
  Example call = fresh_call(example("A1"));
  call.form = with_form_value(call.form, "CallerName", caller_name);
  return sign_request(webhook_request(path, call));
}

// The Core Rule Set at a paranoia level, in a virtual host with a Location that is watched and one
// that is as the guide has it.
std::string rules_of_level(const std::string& level, const std::string& packages) {
  return "<VirtualHost 127.0.0.1:${PORT}>\nServerName level" + level +
         ".example\nSecRuleEngine On\nSecRequestBodyAccess On\n"
         "SecDefaultAction \"phase:1,log,deny,status:403\"\n"
         "SecDefaultAction \"phase:2,log,deny,status:403\"\n"
         "SecAction \"id:900000,phase:1,nolog,pass,t:none,setvar:tx.paranoia_level=" +
         level + ",setvar:tx.blocking_paranoia_level=" + level +
         "\"\nSecAction \"id:900990,phase:1,nolog,pass,t:none,setvar:tx.crs_setup_version=334\"\n"
         "Include " +
         packages + "/usr/share/modsecurity-crs/rules/*.conf\n" + answering_location("/watched") +
         answering_location("/dialstatus",
                            "<IfModule security2_module>\nSecRuleEngine Off\n</IfModule>\n") +
         "</VirtualHost>\n";
}

class ModSecurity : public testing::Test {
 protected:
  void SetUp() override {
    std::string why;
    packages_ = unpacked_packages(
        {"libapache2-mod-security2", "modsecurity-crs", "liblua5.1-0", "libyajl2"}, why);
    if (packages_.empty()) GTEST_SKIP() << why;
  }

  bool start(const std::string& virtual_hosts) {
    server_.httpd.allow_log("ModSecurity");
    server_.httpd.allow_log("PD0105");  // one URL for all virtual hosts, to compare them
    return server_.start("LoadFile " + find_file(packages_, "liblua5.1.so.0") + "\nLoadFile " +
                         find_file(packages_, "libyajl.so.2") + "\nLoadModule security2_module " +
                         find_file(packages_, "mod_security2.so") +
                         "\nSecDataDir \"${ROOT}/events\"\n" + kAccounts +
                         "PlivoPublicURL https://pbx.example.com\n" + virtual_hosts);
  }

  std::string packages_;
  TrustServer server_{ServerOptions{.modules = {"unique_id"}}};
};

TEST_F(ModSecurity, RefusesCallersByNameUnlessItIsOffForTheLocation) {
  ASSERT_TRUE(start(rules_of_level("1", packages_) + rules_of_level("4", packages_)));
  const auto status = [&](const char* level, const char* path, const char* name) {
    const std::string host = std::string("Host: level") + level + ".example";
    return server_.client().send(with_header(signed_answer(path, name), host)).status;
  };
  const char* const kScript = "%3Cscript%3Ealert(1)%3C/script%3E";
  EXPECT_EQ(status("1", "/watched", "Alice"), 200);
  EXPECT_EQ(status("1", "/watched", kScript), 403);
  EXPECT_EQ(status("4", "/watched", "Alice"), 403);
  std::size_t served = 1;
  for (const char* level : {"1", "4"}) {
    for (const char* name : {kScript, "%2Fetc%2Fpasswd", "%22%3B+SELECT+*+FROM+users", "Alice"}) {
      EXPECT_EQ(status(level, "/dialstatus", name), 200) << level << " " << name;
      ++served;
    }
  }
  EXPECT_EQ(server_.events_once_there(served).size(), served);
}

// A rule of phase 1 in a virtual host of its own, with `front` before it.
std::string early_rule(const std::string& host, const std::string& front) {
  return "<VirtualHost 127.0.0.1:${PORT}>\nServerName " + host + ".example\nSecRuleEngine On\n" +
         front + "SecRule REQUEST_METHOD \"@streq POST\" \"id:100,phase:1,deny,status:403\"\n" +
         answering_location("/dialstatus", "SecRuleEngine Off\n") + "</VirtualHost>\n";
}

TEST_F(ModSecurity, IsTurnedOffByTheUrlForRulesOfPhaseOne) {
  ASSERT_TRUE(start(early_rule("location", "") +
                    early_rule("url",
                               "SecRule REQUEST_URI \"@rx ^/dialstatus(?:[/?]|$)\" "
                               "\"id:1000,phase:1,pass,nolog,ctl:ruleEngine=Off\"\n")));
  const std::pair<const char*, long> expected[] = {{"location", 403}, {"url", 200}};
  for (const auto& [host, status] : expected) {
    const HttpRequest request = signed_answer("/dialstatus", "Alice");
    const std::string header = std::string("Host: ") + host + ".example";
    EXPECT_EQ(server_.client().send(with_header(request, header)).status, status) << host;
  }
}

// How many of the callbacks of a long call are served.
class Evasive : public testing::Test {
 protected:
  static constexpr int kCallbacks = 60;

  void SetUp() override {
    std::string why;
    const std::string packages = unpacked_packages({"libapache2-mod-evasive"}, why);
    if (packages.empty()) GTEST_SKIP() << why;
    module_ = "LoadModule evasive20_module " + find_file(packages, "mod_evasive20.so") + "\n";
  }

  int served(const std::string& directives) {
    TrustServer server;
    server.httpd.allow_log("client denied by server configuration");
    // One process, since each counts for itself.
    if (!server.start(module_ +
                      "DOSLogDir \"${ROOT}/events\"\nStartServers 1\n"
                      "MaxRequestWorkers 8\n" +
                      directives + signed_configuration())) {
      return 0;
    }
    int count = 0;
    for (int i = 0; i < kCallbacks; ++i) {
      const HttpRequest request = sign_request(fresh_webhook("/dialstatus/callback", "E5"));
      count += server.client().send(request).status == 200 ? 1 : 0;
    }
    return count;
  }

  std::string module_;
};

TEST_F(Evasive, AsPackagedRefusesCallbacks) {
  EXPECT_LT(served(""), kCallbacks);
}

TEST_F(Evasive, WithTheLimitsOfTheGuideServesAll) {
  EXPECT_EQ(served("DOSPageCount 200\nDOSSiteCount 2000\n"), kCallbacks);
}

TEST_F(Evasive, LeavesAddressesAloneThatItIsTold) {
  EXPECT_EQ(served("DOSWhitelist 127.0.0.1\n"), kCallbacks);
}

}  // namespace
}  // namespace plivo_dial::test
