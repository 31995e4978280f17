// plivo-dialctl doctor beside what refuses, limits or changes requests and replies: content where
// calls work, and with the right sentence where they are lost.
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <ostream>

#include "tests/httpd/doctor.h"
#include "tests/httpd/packaged_module.h"
#include "tests/httpd/trust.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kBelieved = "believes this token's signature";

// One configuration beside a Location that works alone.
struct Neighbour {
  const char* name;
  const char* configuration;
  const char* url = "";    // where the doctor sees it: "/callback at"
  const char* words = "";  // what it says of that
};

void PrintTo(const Neighbour& neighbour, std::ostream* out) {
  *out << neighbour.configuration;
}

std::string name_of(const testing::TestParamInfo<Neighbour>& neighbour) {
  return neighbour.param.name;
}

class DoctorBeside : public Doctor {
 protected:
  DoctorBeside()
      : Doctor({.modules = {"rewrite", "headers", "allowmethods", "proxy", "proxy_http", "filter",
                            "substitute", "ext_filter", "authz_host", "deflate"}}) {}

  void TearDown() override {
    // Neither does a probe leave an event, nor a line about itself.
    EXPECT_FALSE(std::filesystem::exists(httpd_.root() + "/events/all.json"));
    EXPECT_THAT(httpd_.error_log(), Not(HasSubstr("PD0408")));
  }
};

class DoctorBesideHarmless : public DoctorBeside, public testing::WithParamInterface<Neighbour> {};

TEST_P(DoctorBesideHarmless, SaysOk) {
  httpd_.allow_log("AH0");
  ASSERT_TRUE(start(std::string(kLocation) + GetParam().configuration));
  wait_for_dispatcher();
  const Diagnosis diagnosis = examine();
  EXPECT_EQ(diagnosis.exit_code, 0) << diagnosis.output;
  for (const char* check : {"handler", "public URL"}) {
    EXPECT_THAT(diagnosis.of(check), ElementsAre(AllOf(StartsWith("ok: "), HasSubstr(kBelieved))));
  }
}

INSTANTIATE_TEST_SUITE_P(
    , DoctorBesideHarmless,
    testing::Values(
        Neighbour{"LimitExcept",
                  "<Location \"/\">\n<LimitExcept GET POST HEAD>\nRequire all denied\n"
                  "</LimitExcept>\n</Location>\n"},
        Neighbour{"LimitDelete",
                  "<Location \"/\">\n<Limit DELETE PATCH>\nRequire all denied\n</Limit>\n"
                  "</Location>\n"},
        Neighbour{"AllowMethods", "<Location \"/\">\nAllowMethods GET POST HEAD\n</Location>\n"},
        Neighbour{"Rewrite",
                  "RewriteEngine On\nRewriteCond %{REQUEST_METHOD} !^(GET|POST|HEAD)$\n"
                  "RewriteRule ^ - [F]\n"},
        Neighbour{"RefusedPages",
                  "ErrorDocument 400 https://www.example.com/400\n"
                  "ErrorDocument 403 https://www.example.com/403\n"},
        // The module claims its URLs before others map them.
        Neighbour{"ProxyPass", "ProxyPass \"/dialstatus/callback\" http://127.0.0.1:9/\n"},
        Neighbour{"ProxyPassInside",
                  "<Location \"/dialstatus/hangup\">\nProxyPass http://127.0.0.1:9/\n"
                  "</Location>\n"},
        Neighbour{"EncodedProxyPass",
                  "ProxyPass \"/dialstatus/callback\" http://127.0.0.1:9/ mapping=encoded\n"},
        Neighbour{"CacheControl", "Header always set Cache-Control \"private, max-age=0\"\n"},
        Neighbour{"NoCacheControl", "Header unset Cache-Control\n"},
        Neighbour{"TextXml", "Header always set Content-Type \"text/xml; charset=utf-8\"\n"},
        Neighbour{"Compression", "SetOutputFilter DEFLATE\n"},
        Neighbour{"LargeEnough", "LimitRequestFields 20\nLimitRequestBody 4000\n"}),
    name_of);

class DoctorBesideHarm : public DoctorBeside, public testing::WithParamInterface<Neighbour> {};

TEST_P(DoctorBesideHarm, SaysWhatIsLostAndWhy) {
  httpd_.allow_log("AH0");
  httpd_.allow_log("PD0401");
  httpd_.allow_log("overrides SetHandler plivo-dial");
  httpd_.allow_log("shuts Plivo out");
  ASSERT_TRUE(start(std::string(kLocation) + GetParam().configuration));
  wait_for_dispatcher();
  const Diagnosis diagnosis = examine();
  EXPECT_EQ(diagnosis.exit_code, 1) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("handler"),
              AllOf(Contains(AllOf(StartsWith("problem: /dialstatus" + std::string(GetParam().url)),
                                   HasSubstr(GetParam().words))),
                    Not(Contains(StartsWith("ok: ")))));
  EXPECT_THAT(diagnosis.of("public URL"), Contains(HasSubstr(GetParam().words)));
}

INSTANTIATE_TEST_SUITE_P(
    , DoctorBesideHarm,
    testing::Values(
        Neighbour{"Fields", "LimitRequestFields 5\n", " at", "LimitRequestFields"},
        Neighbour{"FieldSize", "LimitRequestFieldSize 40\n", " at", "LimitRequestFieldSize"},
        Neighbour{"Body", "<Location \"/\">\nLimitRequestBody 100\n</Location>\n", " at",
                  "raise LimitRequestBody"},
        Neighbour{
            "LimitPost",
            "<Location \"/\">\n<Limit POST>\nRequire all denied\n</Limit>\n</Location>\n", " at",
            "is forbidden (403) before mod_plivo_dial sees the request, which leaves no line PD02"},
        Neighbour{"LimitPostOfOneUrl",
                  "<Location \"/dialstatus/action\">\n<Limit POST>\nRequire all denied\n</Limit>\n"
                  "</Location>\n",
                  "/action at", "is forbidden (403) before"},
        Neighbour{"OneUrlElsewhere",
                  "<Location \"/dialstatus/recording\">\nSetHandler none\n</Location>\n",
                  "/recording at", "or another SetHandler answers there"},
        Neighbour{"PlainText", "Header always set Content-Type text/plain\n", " at",
                  "sends its document as text/plain"},
        Neighbour{"Html", "Header set Content-Type \"text/html; charset=utf-8\"\n", " at",
                  "sends its document as text/html"},
        Neighbour{"Substitute",
                  "<Location \"/\">\nSetOutputFilter SUBSTITUTE\n"
                  "Substitute \"s|<Response>|<Response><!-- seen -->|\"\n</Location>\n",
                  " at", "sends another document than mod_plivo_dial has written"},
        Neighbour{"Filter",
                  "ExtFilterDefine banner mode=output cmd=\"/bin/sed s/Response/Reply/\"\n"
                  "<Location \"/\">\nSetOutputFilter banner\n</Location>\n",
                  " at", "sends another document than mod_plivo_dial has written"}),
    name_of);

// A server with `front` that hands everything else on to ours, as under a public URL.
class DoctorBehindAProxy : public DoctorBeside {
 protected:
  DoctorBehindAProxy() : front_({.load_plivo_dial = false, .modules = {"proxy", "proxy_http"}}) {
    front_.allow_log("AH0");
    httpd_.allow_log("AH0");
  }

  // What is said of the public URL, at which the front is.
  std::vector<std::string> examine_with(std::string front) {
    const std::string nobody = "http://127.0.0.1:" + std::to_string(find_free_port());
    if (const std::size_t at = front.find("NOBODY"); at != std::string::npos) {
      front.replace(at, 6, nobody);
    }
    const int front_port = find_free_port();
    std::string location = kLocation;
    location.replace(location.find("${PORT}"), 7, std::to_string(front_port));
    if (!start(location)) return {};
    wait_for_dispatcher();
    const std::string own = "http://127.0.0.1:" + std::to_string(httpd_.port()) + "/";
    if (!front_.start("Listen 127.0.0.1:" + std::to_string(front_port) + "\n" + front +
                      "ProxyPass \"/\" " + own + "\n")) {
      return {};
    }
    const Diagnosis diagnosis = examine();
    EXPECT_THAT(diagnosis.of("handler"), ElementsAre(StartsWith("ok: ")));
    return diagnosis.of("public URL");
  }

  HttpdServer front_;
};

TEST_F(DoctorBehindAProxy, IsContentWhereAllIsHandedOn) {
  EXPECT_THAT(examine_with(""), ElementsAre(AllOf(StartsWith("ok: "), HasSubstr(kBelieved))));
}

TEST_F(DoctorBehindAProxy, FindsTheOneUrlThatGoesElsewhere) {
  EXPECT_THAT(examine_with("ProxyPass \"/dialstatus/callback\" NOBODY/\n"),
              ElementsAre(AllOf(StartsWith("problem: "), HasSubstr("/dialstatus/callback is "),
                                HasSubstr("a ProxyPass"))));
}

TEST_F(DoctorBehindAProxy, FindsTheOneUrlThatIsNotHandedOn) {
  EXPECT_THAT(examine_with("ProxyPass \"/dialstatus/hangup\" \"!\"\n"),
              ElementsAre(AllOf(StartsWith("problem: "), HasSubstr("/dialstatus/hangup is "))));
}

TEST_F(DoctorBeside, FindsAProxyThatTakesOneUrlAsHandler) {
  httpd_.allow_log("AH0");
  httpd_.allow_log("PD0104");
  ASSERT_TRUE(start(kLocation + ("<Location \"/dialstatus/action\">\nSetHandler "
                                 "\"proxy:http://127.0.0.1:" +
                                 std::to_string(find_free_port()) + "/\"\n</Location>\n")));
  wait_for_dispatcher();
  const Diagnosis diagnosis = examine({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 1) << diagnosis.output;
  EXPECT_THAT(
      diagnosis.of("handler"),
      ElementsAre(AllOf(StartsWith("problem: /dialstatus/action at"), HasSubstr("a ProxyPass"))));
}

// What only a GET meets is no harm to who has POST at Plivo.
TEST_F(DoctorBeside, WarnsOfAGetThatIsRefused) {
  httpd_.allow_log("AH0");
  httpd_.allow_log("shuts Plivo out");
  ASSERT_TRUE(start(std::string(kLocation) +
                    "<Location \"/\">\n<Limit GET>\nRequire all denied\n</Limit>\n</Location>\n"));
  wait_for_dispatcher();
  const Diagnosis diagnosis = examine({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 0) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("handler"),
              ElementsAre(StartsWith("ok: "), AllOf(StartsWith("warning: a GET: /dialstatus at"),
                                                    HasSubstr("method at Plivo is POST"))));
}

class DoctorOfModes : public Doctor {
 protected:
  bool start_with(const std::string& mode) {
    std::string lax = kLocation;
    lax.replace(lax.find("    SetHandler"), 0, "    PlivoSignature " + mode + "\n");
    httpd_.allow_log("PlivoSignature " + mode);
    return start(lax);
  }
};

TEST_F(DoctorOfModes, SaysWhatIsNotProvenWhereNoSignatureCounts) {
  ASSERT_TRUE(start_with("Off"));
  wait_for_dispatcher();
  const Diagnosis diagnosis = examine({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 0) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("handler"),
              ElementsAre(AllOf(StartsWith("ok: "), HasSubstr("is answered by mod_plivo_dial; not"),
                                testing::EndsWith("(PlivoSignature Off)"))));
  EXPECT_FALSE(std::filesystem::exists(httpd_.root() + "/events/all.json"));
}

TEST_F(DoctorOfModes, ProvesASignatureThatOnlyWarns) {
  httpd_.allow_log("PD02");
  ASSERT_TRUE(start_with("Warn"));
  wait_for_dispatcher();
  EXPECT_THAT(examine({"--offline"}).of("handler"), ElementsAre(HasSubstr(kBelieved)));
  // Another token than httpd has read: the request is served, and must not become an event.
  httpd_.files().write_file("conf/main.token", std::string(kForeignToken) + "\n", 0600);
  EXPECT_THAT(examine({"--offline"}).of("handler"),
              ElementsAre(AllOf(StartsWith("warning: "), HasSubstr("does not believe"))));
  EXPECT_FALSE(std::filesystem::exists(httpd_.root() + "/events/all.json"));
}

// What a probe gets is for who knows the token, and no event of Plivo's becomes a probe.
TEST_F(DoctorOfModes, AProbeIsOfWhoKnowsTheToken) {
  httpd_.allow_log("PD0");
  ASSERT_TRUE(start_with("V2"));
  wait_for_dispatcher();
  const std::string origin = "http://127.0.0.1:" + std::to_string(httpd_.port());
  const HttpClient client(httpd_.port());
  HttpRequest probe{.method = "POST", .path = "/dialstatus"};
  probe.headers = {"Content-Type: application/x-www-form-urlencoded"};
  probe.body = "plivo-dial-probe=7421";
  const auto mark = [](const HttpReply& reply) {
    return !reply.header("x-plivo-dial-mark").empty();
  };
  const HttpReply stranger = client.send(probe);
  EXPECT_EQ(stranger.status, 403);
  EXPECT_FALSE(mark(stranger));
  const HttpReply forged = client.send(sign_request(probe, {kForeignToken, origin, new_nonce()}));
  EXPECT_EQ(forged.status, 403);
  EXPECT_FALSE(mark(forged));
  const HttpReply by_v2 = client.send(sign_v2(probe, {kMainToken, origin, new_nonce()}));
  EXPECT_EQ(by_v2.status, 400) << "V2 signs no parameters";
  EXPECT_FALSE(mark(by_v2));
  const HttpReply owner = client.send(sign_request(probe, {kMainToken, origin, new_nonce()}));
  EXPECT_EQ(owner.status, 200);
  EXPECT_TRUE(mark(owner));
  EXPECT_FALSE(std::filesystem::exists(httpd_.root() + "/events/all.json"));
  // A callback of Plivo's with the parameter added where V2 does not sign it.
  HttpRequest callback = fresh_webhook("/dialstatus/callback", "E9");
  callback.body += "&plivo-dial-probe=7421";
  const HttpReply served = client.send(sign_v2(callback, {kMainToken, origin, new_nonce()}));
  EXPECT_EQ(served.status, 200);
  EXPECT_FALSE(mark(served));
  EXPECT_TRUE(
      wait_for([&] { return std::filesystem::exists(httpd_.root() + "/events/all.json"); }));
}

class DoctorByProxyProtocol : public Doctor {
 protected:
  DoctorByProxyProtocol() : Doctor({.modules = {"remoteip"}}) {}
};

TEST_F(DoctorByProxyProtocol, SpeaksIt) {
  httpd_.allow_log("AH0");
  ASSERT_TRUE(start("<VirtualHost *:${PORT}>\nRemoteIPProxyProtocol On\n" + std::string(kLocation) +
                    "</VirtualHost>\n"));
  wait_for_dispatcher();
  const Diagnosis without = examine({"--offline"});
  EXPECT_EQ(without.exit_code, 1) << without.output;
  EXPECT_THAT(without.of("handler"), ElementsAre(HasSubstr("PROXY")));
  const Diagnosis with = examine({"--offline", "--proxy-protocol"});
  EXPECT_EQ(with.exit_code, 0) << with.output;
  EXPECT_THAT(with.of("handler"), ElementsAre(HasSubstr(kBelieved)));
}

TEST_F(DoctorByProxyProtocol, DoesWithoutWhereItIsNotSpoken) {
  httpd_.allow_log("AH0");
  ASSERT_TRUE(start(kLocation));
  wait_for_dispatcher();
  const Diagnosis diagnosis = examine({"--offline", "--proxy-protocol"});
  EXPECT_EQ(diagnosis.exit_code, 0) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("handler"), ElementsAre(HasSubstr(kBelieved)));
}

// ---- Modules in packages of their own.

std::string find_file(const std::string& directory, const std::string& file) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.path().filename() == file) return entry.path();
  }
  return "";
}

class DoctorBesideModSecurity : public Doctor {
 protected:
  DoctorBesideModSecurity() : Doctor({.modules = {"unique_id"}}) {}

  void SetUp() override {
    std::string why;
    packages_ = unpacked_packages(
        {"libapache2-mod-security2", "modsecurity-crs", "liblua5.1-0", "libyajl2"}, why);
    if (packages_.empty()) GTEST_SKIP() << why;
    httpd_.allow_log("ModSecurity");
    httpd_.allow_log("AH0");
  }

  bool start_with(const std::string& rules) {
    const bool started =
        start("LoadFile " + find_file(packages_, "liblua5.1.so.0") + "\nLoadFile " +
              find_file(packages_, "libyajl.so.2") + "\nLoadModule security2_module " +
              find_file(packages_, "mod_security2.so") +
              "\nSecDataDir \"${ROOT}/events\"\nSecRuleEngine On\nSecRequestBodyAccess On\n" +
              rules + kLocation);
    if (started) wait_for_dispatcher();
    return started;
  }

  // The Core Rule Set as it is set up when it is installed: points are added up.
  std::string core_rules(const std::string& level) const {
    return "SecDefaultAction \"phase:1,log,auditlog,pass\"\n"
           "SecDefaultAction \"phase:2,log,auditlog,pass\"\n"
           "SecAction \"id:900000,phase:1,nolog,pass,t:none,setvar:tx.paranoia_level=" +
           level + ",setvar:tx.blocking_paranoia_level=" + level +
           "\"\nSecAction \"id:900990,phase:1,nolog,pass,t:none,"
           "setvar:tx.crs_setup_version=334\"\nInclude " +
           packages_ + "/usr/share/modsecurity-crs/rules/*.conf\n";
  }

  std::string packages_;
};

TEST_F(DoctorBesideModSecurity, IsContentWithTheCoreRulesAsInstalled) {
  ASSERT_TRUE(start_with(core_rules("1")));
  const Diagnosis diagnosis = examine({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 0) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("handler"), ElementsAre(HasSubstr(kBelieved)));
}

TEST_F(DoctorBesideModSecurity, FindsARuleOnTheBody) {
  ASSERT_TRUE(start_with(
      "SecRule ARGS:DialBLegHangupCause \"@rx .\" \"id:100,phase:2,deny,status:403\"\n"));
  const Diagnosis diagnosis = examine({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 1) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("handler"),
              ElementsAre(AllOf(StartsWith("problem: /dialstatus/callback at"),
                                HasSubstr("firewall module (security2"))));
}

TEST_F(DoctorBesideModSecurity, FindsACoreRuleOfTheHighestLevel) {
  ASSERT_TRUE(start_with(core_rules("4")));
  const Diagnosis diagnosis = examine({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 1) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("handler"), Contains(HasSubstr("firewall module (security2")));
}

class DoctorBesideEvasive : public Doctor {
 protected:
  void SetUp() override {
    std::string why;
    const std::string packages = unpacked_packages({"libapache2-mod-evasive"}, why);
    if (packages.empty()) GTEST_SKIP() << why;
    module_ = "LoadModule evasive20_module " + find_file(packages, "mod_evasive20.so") +
              "\nDOSLogDir \"${ROOT}/events\"\nStartServers 1\nMaxRequestWorkers 8\n";
    httpd_.allow_log("client denied by server configuration");
  }

  std::string module_;
};

TEST_F(DoctorBesideEvasive, FindsItsLimitsAsPackaged) {
  ASSERT_TRUE(start(module_ + kLocation));
  wait_for_dispatcher();
  const Diagnosis diagnosis = examine({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 1) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("handler"),
              ElementsAre(StartsWith("ok: "), AllOf(StartsWith("problem: /dialstatus/callback at"),
                                                    HasSubstr("raise DOSPageCount"))));
}

TEST_F(DoctorBesideEvasive, IsContentWithTheLimitsOfTheGuide) {
  ASSERT_TRUE(start(module_ + "DOSPageCount 200\nDOSSiteCount 2000\n" + kLocation));
  wait_for_dispatcher();
  const Diagnosis diagnosis = examine();
  EXPECT_EQ(diagnosis.exit_code, 0) << diagnosis.output;
}

}  // namespace
}  // namespace plivo_dial::test
