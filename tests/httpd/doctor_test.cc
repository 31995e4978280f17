// plivo-dialctl doctor against servers with one thing wrong each.
// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/doctor.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <ostream>

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class DoctorWithTls : public Doctor {
 protected:
  DoctorWithTls() : Doctor({.modules = {"socache_shmcb", "ssl"}}) {
    const CommandResult made = run_command(
        {{"/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj",
          "/CN=pbx.example.com", "-days", "2", "-keyout", httpd_.root() + "/conf/key.pem", "-out",
          httpd_.root() + "/conf/certificate.pem"},
         {"PATH=/usr/bin:/bin"},
         {},
         {},
         ""});
    EXPECT_EQ(made.exit_code, 0) << made.output;
  }
};

class DoctorWithRewrite : public Doctor {
 protected:
  DoctorWithRewrite()
      : Doctor({.modules = {"rewrite", "alias", "auth_basic", "authn_core", "authn_file",
                            "authz_host", "authz_user"}}) {}
};

TEST_F(Doctor, FindsNothingWrongWhereNothingIs) {
  ASSERT_TRUE(start(kLocation));
  wait_for_dispatcher();
  const Diagnosis diagnosis = examine();
  EXPECT_EQ(diagnosis.exit_code, 0) << diagnosis.output;
  EXPECT_EQ(diagnosis.report["ok"], true);
  const std::string believed = "believes this token's signature";
  for (const char* check : {"handler", "public URL"}) {
    EXPECT_THAT(diagnosis.of(check),
                testing::ElementsAre(AllOf(testing::StartsWith("ok: "), HasSubstr(believed))));
  }
  for (const char* check : {"module", "configtest", "token file", "spool", "dispatcher"}) {
    EXPECT_THAT(diagnosis.of(check), Contains(testing::StartsWith("ok: "))) << check;
  }
  // It has left no event.
  EXPECT_FALSE(std::filesystem::exists(httpd_.root() + "/events/all.json"));
  const CommandResult text =
      run_command({{PLIVO_DIALCTL_PROGRAM, "doctor", "--offline", "--httpd", apachectl(), "--url",
                    "http://127.0.0.1:" + std::to_string(httpd_.port())},
                   {},
                   {},
                   {},
                   ""});
  EXPECT_EQ(text.exit_code, 0) << text.output;
  EXPECT_THAT(text.output,
              AllOf(HasSubstr("Nothing was found wrong.\n"), Not(HasSubstr("public URL"))));
}

TEST_F(Doctor, FindsAModuleThatIsNotLoaded) {
  HttpdServer bare({.load_plivo_dial = false});
  // The same control program, on a tree that does not load the module.
  httpd_.files().write_file("apachectl", bare.files().control_program(), 0755);
  bare.files().write_configuration("", 80);
  Diagnosis diagnosis = examine();
  EXPECT_EQ(diagnosis.exit_code, 1) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("module"), Contains(HasSubstr("problem: httpd does not load")));
  bare.files().write_configuration("PlivoPublicURL https://pbx.example.com\n", 80);
  diagnosis = examine();
  EXPECT_THAT(diagnosis.of("module"), Contains(HasSubstr("a2enmod plivo_dial")));
  EXPECT_THAT(diagnosis.of("configtest"), Contains(HasSubstr("Invalid command")));
}

// A main server by http, and beside it a host with TLS on a port of its own.
TEST_F(DoctorWithTls, AsksEachVirtualHostAtItsPortByItsScheme) {
  const std::string port = std::to_string(find_free_port());
  const std::string host = "Listen 127.0.0.1:" + port + "\n<VirtualHost 127.0.0.1:" + port +
                           R"(>
    ServerName pbx.example.com
    SSLEngine On
    SSLCertificateFile "${ROOT}/conf/certificate.pem"
    SSLCertificateKeyFile "${ROOT}/conf/key.pem"
    PlivoPublicURL https://pbx.example.com:)" +
                           port + R"(
    PlivoAccount second MAYYYYYYYYYYYYYYYYYY "file:${ROOT}/conf/second.token"
    <Location "/second">
        SetHandler plivo-dial
        PlivoDial +14155550100
    </Location>
</VirtualHost>
)";
  httpd_.files().write_file("conf/second.token", std::string(kForeignToken) + "\n", 0600);
  httpd_.allow_log("AH0");
  ASSERT_TRUE(start(kLocation + host));
  wait_for_dispatcher();
  const Diagnosis diagnosis = examine({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 0) << diagnosis.output;
  EXPECT_THAT(
      diagnosis.of("handler"),
      AllOf(testing::Each(HasSubstr("believes this token's signature")),
            Contains(AllOf(HasSubstr("/second at 127.0.0.1:" + port + " (virtual host "),
                           testing::EndsWith(" (account \"second\")"))),
            Contains(HasSubstr("/dialstatus at 127.0.0.1:" + std::to_string(httpd_.port())))));
}

TEST_F(Doctor, SaysOnceThatHttpdIsNotRunning) {
  const std::string second =
      "<Location \"/second\">\nSetHandler plivo-dial\nPlivoDial +14155550100\n</Location>\n";
  ASSERT_TRUE(start(kLocation + second));
  wait_for_dispatcher();
  const std::string place = "127.0.0.1:" + std::to_string(httpd_.port());
  httpd_.stop();
  const Diagnosis diagnosis = examine_by({});
  EXPECT_EQ(diagnosis.exit_code, 1) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("handler"),
              testing::ElementsAre(HasSubstr("problem: httpd is not running: nothing listens at " +
                                             place + "; start it")));
  EXPECT_THAT(diagnosis.of("public URL"),
              testing::ElementsAre(HasSubstr("not checked: not asked")));
}

// By httpd's Listen lines and virtual hosts, whatever the usual ports are.
TEST_F(Doctor, AsksTheMainServerWhereItIsReached) {
  const std::string port = std::to_string(find_free_port());
  ASSERT_TRUE(start(kLocation + ("Listen 127.0.0.1:" + port + "\n<VirtualHost 127.0.0.1:" + port +
                                 ">\nServerName www.example.com\n<Location \"/dialstatus\">\n"
                                 "SetHandler none\n</Location>\n</VirtualHost>\n")));
  httpd_.allow_log("overrides SetHandler plivo-dial");
  httpd_.allow_log("AH0");
  wait_for_dispatcher();
  const std::vector<std::string> found = examine_by({"--offline"}).of("handler");
  EXPECT_THAT(found, Contains(AllOf(testing::StartsWith("ok: /dialstatus at 127.0.0.1:" +
                                                        std::to_string(httpd_.port())),
                                    HasSubstr("believes this token's signature"))));
  EXPECT_THAT(found, testing::Each(Not(testing::AnyOf(HasSubstr(":443"), HasSubstr(":80 ")))));
}

TEST_F(Doctor, AsksOfAnInheritedLocationOnlyTheHostsThatAreReached) {
  const std::string own = "<VirtualHost 127.0.0.1:${PORT}>\nServerName 127.0.0.1\n</VirtualHost>\n";
  ASSERT_TRUE(start(kLocation + own));
  wait_for_dispatcher();
  const Diagnosis diagnosis = examine_by({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 0) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("handler"),
              testing::ElementsAre(HasSubstr("at 127.0.0.1:" + std::to_string(httpd_.port()))));
}

TEST_F(Doctor, SaysWhenALocationIsReachedAtNoAddress) {
  const std::string unheard = std::to_string(find_free_port());
  ASSERT_TRUE(start("<VirtualHost 127.0.0.1:" + unheard + ">\nServerName pbx.example.com\n" +
                    kLocation + "</VirtualHost>\n"));
  wait_for_dispatcher();
  httpd_.allow_log("AH0");
  const Diagnosis diagnosis = examine_by({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 1) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("handler"),
              testing::ElementsAre(HasSubstr("of pbx.example.com:" + unheard +
                                             " is reached at no address: no Listen has")));
}

// Behind a proxy that speaks TLS: the public URL says nothing about the port's scheme.
TEST_F(Doctor, AsksAVirtualHostByHttpWhereNobodySpeaksTls) {
  const std::string port = std::to_string(find_free_port());
  std::string host = kLocation;
  host.replace(host.find("http://127.0.0.1:${PORT}"), 24, "https://pbx.example.com");
  ASSERT_TRUE(start("Listen 127.0.0.1:" + port + "\n<VirtualHost 127.0.0.1:" + port +
                    ">\nServerName pbx.example.com\n" + host + "</VirtualHost>\n"));
  wait_for_dispatcher();
  httpd_.allow_log("AH0");
  const Diagnosis diagnosis = examine({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 0) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("handler"),
              testing::ElementsAre(AllOf(HasSubstr("at 127.0.0.1:" + port),
                                         HasSubstr("believes this token's signature"))));
}

struct Shadow {
  const char* name;
  const char* configuration;
  const char* words;
};

void PrintTo(const Shadow& shadow, std::ostream* out) {
  *out << shadow.words;
}

class DoctorOfShadows : public DoctorWithRewrite, public testing::WithParamInterface<Shadow> {};

TEST_P(DoctorOfShadows, FindsWhoAnswersInItsPlace) {
  httpd_.allow_log("overrides SetHandler plivo-dial");
  httpd_.allow_log("shuts Plivo out");
  ASSERT_TRUE(start(std::string(kLocation) + GetParam().configuration));
  wait_for_dispatcher();
  httpd_.allow_log("AH0");
  const Diagnosis diagnosis = examine();
  EXPECT_EQ(diagnosis.exit_code, 1) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("handler"),
              testing::ElementsAre(AllOf(HasSubstr("problem: "), HasSubstr(GetParam().words))));
}

// With this behind our Location, its requests are not the module's to claim.
#define ANOTHER_HANDLER "<Location \"/\">\nSetHandler none\n</Location>\n"

INSTANTIATE_TEST_SUITE_P(
    , DoctorOfShadows,
    testing::Values(
        Shadow{"Alias", ANOTHER_HANDLER "Redirect permanent /dialstatus https://www.example.com/\n",
               "redirected with 301 to https://www.example.com/"},
        Shadow{"ToItself",
               ANOTHER_HANDLER
               "RewriteEngine On\nRewriteRule ^/(.*) http://127.0.0.1:${PORT}/$1 [R=301,L]\n",
               "redirected with 301 to http://127.0.0.1:"},
        Shadow{"Rewrite",
               ANOTHER_HANDLER "RewriteEngine On\nRewriteRule ^/dialstatus - [R=404,L]\n",
               "is not found (404)"},
        Shadow{"AnotherHandler", ANOTHER_HANDLER, "or another SetHandler answers there"},
        Shadow{"Forbidden", "<Location \"/dialstatus\">\nRequire all denied\n</Location>\n",
               "is forbidden (403)"},
        Shadow{"Password",
               "<Location \"/dialstatus\">\nAuthType Basic\nAuthName x\nRequire valid-user\n"
               "</Location>\n",
               "asks for a password (401)"},
        // What configtest does not judge.
        Shadow{"Elsewhere", "<Location \"/\">\nRequire ip 192.0.2.1\n</Location>\n",
               "is forbidden (403)"},
        Shadow{"Unless", "<Location \"/\">\nRequire env calls\n</Location>\n",
               "is forbidden (403)"},
        Shadow{"PostOnly", "<If \"%{REQUEST_METHOD} == 'POST'\">\nSetHandler none\n</If>\n",
               "or another SetHandler answers there"}),
    [](const testing::TestParamInfo<Shadow>& shadow) { return std::string(shadow.param.name); });

// As certbot leaves a site: port 80 sends everybody to https.
TEST_F(DoctorWithRewrite, LetsAPortAloneThatLeadsToThePublicUrl) {
  std::string location = kLocation;
  location.replace(location.find("http://127.0.0.1:${PORT}"), 24, "https://pbx.example.com");
  httpd_.allow_log("overrides SetHandler plivo-dial");
  const std::string redirect =
      ANOTHER_HANDLER "RewriteEngine On\nRewriteRule ^/(.*) https://pbx.example.com/$1 [R=301,L]\n";
  ASSERT_TRUE(start(location + redirect));
  wait_for_dispatcher();
  httpd_.allow_log("AH0");
  const Diagnosis diagnosis = examine({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 0) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("handler"),
              testing::ElementsAre(
                  AllOf(testing::StartsWith("ok: "), HasSubstr("leads to the public URL"))));
}

TEST_F(Doctor, NamesOtherModulesThatAreOfConcern) {
  const std::string modules = "LoadModule reqtimeout_module " HTTPD_MODULE_DIR
                              "/mod_reqtimeout.so\n"
                              "LoadModule remoteip_module " HTTPD_MODULE_DIR "/mod_remoteip.so\n";
  ASSERT_TRUE(start(modules + kLocation));
  wait_for_dispatcher();
  EXPECT_THAT(examine().of("other modules"),
              testing::ElementsAre(testing::StartsWith("ok: reqtimeout: "),
                                   testing::StartsWith("ok: remoteip: ")));
}

TEST_F(Doctor, FindsAPublicUrlThatLeadsElsewhere) {
  HttpdServer other({.load_plivo_dial = false});
  ASSERT_TRUE(other.start(""));
  std::string wrong = kLocation;
  wrong.replace(wrong.find("${PORT}"), 7, std::to_string(other.port()));
  ASSERT_TRUE(start(wrong));
  wait_for_dispatcher();
  other.allow_log("AH0");
  const Diagnosis diagnosis = examine();
  EXPECT_EQ(diagnosis.exit_code, 1) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("handler"), Contains(testing::StartsWith("ok: ")));
  EXPECT_THAT(diagnosis.of("public URL"),
              testing::ElementsAre(
                  AllOf(HasSubstr("problem: http://127.0.0.1:" + std::to_string(other.port())),
                        HasSubstr("is not found (404) (Server: "))));
  EXPECT_EQ(examine({"--offline"}).exit_code, 0);
}

TEST_F(Doctor, FindsATokenThatHttpdHasNotRead) {
  ASSERT_TRUE(start(kLocation));
  wait_for_dispatcher();
  httpd_.allow_log("PD020");
  httpd_.files().write_file("conf/main.token", std::string(kForeignToken) + "\n", 0600);
  const Diagnosis diagnosis = examine({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 1) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("handler"), Contains(HasSubstr("refuses this token's signature (403)")));
  EXPECT_THAT(diagnosis.output, Not(HasSubstr(kForeignToken)));
}

TEST_F(Doctor, FindsATokenFileThatIsOpenToOthers) {
  ASSERT_TRUE(start(kLocation));
  ASSERT_EQ(chmod((httpd_.root() + "/conf/main.token").c_str(), 0644), 0);
  const Diagnosis diagnosis = examine();
  EXPECT_EQ(diagnosis.exit_code, 1) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("configtest"),
              Contains(AllOf(HasSubstr("main.token"), HasSubstr("chmod 600"))));
}

TEST_F(Doctor, FindsASpoolThatIsNotThere) {
  ASSERT_TRUE(start(kLocation));
  httpd_.reconfigure("PlivoSpool \"${ROOT}/nowhere\"\n" + std::string(kLocation));
  const Diagnosis diagnosis = examine();
  EXPECT_EQ(diagnosis.exit_code, 1) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("configtest"),
              Contains(AllOf(HasSubstr(httpd_.root() + "/nowhere"), HasSubstr("mkdir -p"))));
}

TEST_F(Doctor, FindsADispatcherThatDoesNotRun) {
  const std::string external =
      "PlivoSpool \"${ROOT}/spool\"\n"
      "PlivoDispatcher External \"${ROOT}/run/dispatcher.json\"\n";
  ASSERT_TRUE(httpd_.start(external + kLocation));
  const Diagnosis diagnosis = examine();
  EXPECT_EQ(diagnosis.exit_code, 1) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("dispatcher"),
              testing::ElementsAre(AllOf(HasSubstr("problem: plivo-diald is not running"),
                                         HasSubstr("systemctl enable --now plivo-diald"),
                                         Not(HasSubstr("error log")))));
}

TEST_F(Doctor, WarnsOfASpoolThatIsOpenToOthers) {
  ASSERT_TRUE(start(kLocation));
  wait_for_dispatcher();
  ASSERT_EQ(chmod((httpd_.root() + "/spool").c_str(), 0755), 0);
  const Diagnosis diagnosis = examine({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 0) << diagnosis.output;
  EXPECT_THAT(
      diagnosis.of("spool"),
      testing::ElementsAre(AllOf(HasSubstr("warning: "), HasSubstr("chmod 750 " + httpd_.root()))));
  EXPECT_EQ(diagnosis.report["warnings"], 1);
}

TEST_F(Doctor, GivesASpoolOfAnotherToHttpdsUserByName) {
  if (!httpd_.files().runs_as_root()) GTEST_SKIP() << "only root can give a directory away";
  httpd_.files().write_configuration(kServer + std::string(kLocation), 80);
  ASSERT_EQ(chown((httpd_.root() + "/spool").c_str(), 0, 0), 0);
  EXPECT_THAT(examine({"--offline"}).of("configtest"),
              Contains(AllOf(HasSubstr("chown -R " + httpd_.files().user().name + ":"),
                             Not(HasSubstr("o+x")))));
}

TEST_F(Doctor, NamesFileAndLineOfAMistake) {
  httpd_.files().write_configuration("PlivoMaxBody much\n", 80);
  EXPECT_THAT(examine({"--offline"}).of("configtest"),
              Contains(testing::ContainsRegex("problem: .*/httpd\\.conf:[0-9]+: PlivoMaxBody")));
}

TEST_F(Doctor, LeavesToRootWhatAnOrdinaryUserCannotJudge) {
  if (!httpd_.files().runs_as_root()) GTEST_SKIP() << "only root can be another user";
  ASSERT_TRUE(start(kLocation));
  wait_for_dispatcher();
  const passwd* const nobody = getpwnam("nobody");
  ASSERT_NE(nobody, nullptr);
  user_ = nobody->pw_uid;
  group_ = nobody->pw_gid;
  const Diagnosis diagnosis = examine({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 3) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("configtest"),
              AllOf(Contains(HasSubstr("main.token")),
                    testing::Each(testing::StartsWith("not checked: "))));
  EXPECT_THAT(diagnosis.of("the rest"), Contains(HasSubstr("sudo")));
}

TEST_F(Doctor, SaysWhatToNameWhereApachectlTakesNoArguments) {
  httpd_.files().write_file(
      "apachectl",
      "#!/bin/sh\necho 'Passing arguments to httpd using apachectl is no longer supported.'\n"
      "echo 'You can only start/stop/restart httpd using this script.'\nexit 1\n",
      0755);
  const Diagnosis diagnosis = examine({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 3) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("configtest"),
              testing::ElementsAre(
                  AllOf(HasSubstr("not checked: "), HasSubstr("--httpd /usr/sbin/httpd"))));
}

TEST_F(Doctor, FindsAServerThatIsNotThere) {
  httpd_.files().write_configuration(kServer + std::string(kLocation), find_free_port());
  Command command;
  command.arguments = {PLIVO_DIALCTL_PROGRAM,
                       "doctor",
                       "--offline",
                       "--httpd",
                       apachectl(),
                       "--url",
                       "http://127.0.0.1:" + std::to_string(find_free_port())};
  const CommandResult result = run_command(command);
  EXPECT_EQ(result.exit_code, 1) << result.output;
  EXPECT_THAT(result.output, HasSubstr("httpd is not running: nothing listens at "));
}

TEST_F(Doctor, SaysThatItCouldNotLook) {
  Command command;
  command.arguments = {PLIVO_DIALCTL_PROGRAM, "doctor", "--httpd", httpd_.root() + "/no-such"};
  const CommandResult result = run_command(command);
  EXPECT_EQ(result.exit_code, 3) << result.output;
  EXPECT_THAT(result.output, AllOf(HasSubstr("not checked"), HasSubstr("no-such")));
}

}  // namespace
}  // namespace plivo_dial::test
