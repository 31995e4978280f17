// SPDX-License-Identifier: Apache-2.0
// httpd serves with another identity or another view of the file system than the one that is
// judged: configtest, doctor, `events status` and `events verify` say what is wrong and how to mend
// it, and the remedy works.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "lib/status/status_file.h"
#include "tests/fault/view_server.h"
#include "tests/httpd/trust.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST_F(View, NothingIsSaidWhereNothingIsWrong) {
  ASSERT_TRUE(httpd_.start(configuration()));
  EXPECT_EQ(send(), 200);
  ASSERT_TRUE(is_delivered());
  const Told status = events("status");
  EXPECT_THAT(status.text,
              AllOf(HasSubstr("Nothing needs an operator"), Not(HasSubstr("refused"))));
  EXPECT_EQ(events("verify").exit_code, 0);
  const Told found = doctor();
  EXPECT_EQ(found.exit_code, 0) << found.text;
  EXPECT_THAT(configtest().text, Not(HasSubstr("PD0")));
}

// ---- mpm-itk

// The module of the distribution's package, installed or not; "" when it can't be had.
std::string itk_module() {
  const std::string installed = HTTPD_MODULE_DIR "/mpm_itk.so";
  if (std::filesystem::exists(installed)) return installed;
  const std::string place = PACKAGED_MODULES_DIRECTORY;
  const std::string module = place + HTTPD_MODULE_DIR "/mpm_itk.so";
  if (std::filesystem::exists(module)) return module;
  std::filesystem::create_directories(place);
  const CommandResult fetched =
      run_command({{"/bin/sh", "-c",
                    "cd '" + place +
                        "' && apt-get download libapache2-mpm-itk && dpkg -x "
                        "libapache2-mpm-itk_*.deb ."},
                   {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"},
                   {},
                   {},
                   ""});
  return fetched.exit_code == 0 && std::filesystem::exists(module) ? module : "";
}

class Itk : public View {
 protected:
  Itk() : View({.mpm = Mpm::kPrefork}) {}

  void SetUp() override {
    View::SetUp();
    if (IsSkipped()) return;
    module_ = itk_module();
    if (module_.empty()) GTEST_SKIP() << "the package libapache2-mpm-itk can't be had here";
  }

  std::string load() const { return "LoadModule mpm_itk_module \"" + module_ + "\"\n"; }

  std::string remedy() {
    const ServerUser& user = httpd_.files().user();
    return "AssignUserID " + user.name + " " + user.group;
  }

  std::string module_;
};

TEST_F(Itk, AnotherUserIsToldOfAndTheRemedyWorks) {
  expect_refusals();
  const ServerUser& user = httpd_.files().user();
  // A group that both share does not do.
  const std::string assigned = std::string("AssignUserID ") + kOtherUser + " " + user.group + "\n";
  ASSERT_TRUE(httpd_.start(load() + configuration(assigned)));
  EXPECT_EQ(send(), 503);
  EXPECT_EQ(send(), 503);
  EXPECT_EQ(send("/dialstatus/action", "D3"), 200) << "the caller hears a document";
  EXPECT_TRUE(log_has("PD0511: the event can't be stored"));
  const std::string say = remedy();
  EXPECT_THAT(httpd_.error_log(), HasSubstr(say + " into the virtual host"));
  const Told status = events("status");
  EXPECT_EQ(status.exit_code, 0) << status.text;
  EXPECT_THAT(status.text, AllOf(HasSubstr("events are refused by httpd's processes of user " +
                                           std::string(kOtherUser) + " since "),
                                 HasSubstr("2 refused with 503"), HasSubstr("1 of callers"),
                                 HasSubstr("Permission denied"), HasSubstr(say)));
  const Told verify = events("verify");
  EXPECT_EQ(verify.exit_code, 1) << verify.text;
  EXPECT_THAT(verify.text, AllOf(HasSubstr("NOT ACCEPTED: events are refused"), HasSubstr(say),
                                 Not(HasSubstr("Nothing differs"))));
  const Told test = configtest();
  EXPECT_EQ(test.exit_code, 0) << test.text;
  EXPECT_THAT(test.text, AllOf(HasSubstr("PD0104"), HasSubstr(assigned.substr(0, 18)),
                               HasSubstr("<Location \"/dialstatus\">"), HasSubstr(say)));
  const Told found = doctor();
  EXPECT_EQ(found.exit_code, 1) << found.text;
  EXPECT_THAT(found.text, AllOf(HasSubstr("can't store events and refuses them with 503: PD0513: "),
                                HasSubstr(say)));
  // The remedy.
  httpd_.reconfigure(load() + configuration(say + "\n"));
  ASSERT_TRUE(httpd_.restart_gracefully());
  EXPECT_TRUE(wait_for([&] { return send() == 200; }));
  EXPECT_TRUE(is_delivered());
  EXPECT_THAT(configtest().text, Not(HasSubstr("AssignUserID")));
  EXPECT_THAT(events("status").text, AllOf(HasSubstr("Nothing needs an operator"),
                                           HasSubstr("and none since: 2 refused")));
  EXPECT_EQ(doctor().exit_code, 0);
}

TEST_F(Itk, ConfigtestKnowsWhichLineHoldsForTheLocation) {
  const std::string say = remedy();
  const std::string other = std::string("AssignUserID ") + kOtherUser + " " + kOtherUser + "\n";
  const auto says = [&](const std::string& more) {
    return httpd_.configtest(load() + configuration(more)).output;
  };
  EXPECT_THAT(says(""), Not(HasSubstr("AssignUserID")));
  EXPECT_THAT(says(other), HasSubstr(say));
  EXPECT_THAT(says(other + say + "\n"), Not(HasSubstr(say + " into")));
  EXPECT_THAT(says("<Location \"/dialstatus\">\n" + other + "</Location>\n"), HasSubstr(say));
  EXPECT_THAT(says("<Location \"/dial\">\n" + other + "</Location>\n"), Not(HasSubstr(say)));
  EXPECT_THAT(says("<Directory \"/srv\">\n" + other + "</Directory>\n"), Not(HasSubstr(say)));
  EXPECT_THAT(says("AssignUserIDExpr %{HTTP_HOST}\n"), HasSubstr(say));
  // A virtual host inherits the Location of the main server, and has a user of its own.
  const std::string host = "<VirtualHost 127.0.0.1:${PORT}>\nServerName a.example\n";
  EXPECT_THAT(says(host + other + "</VirtualHost>\n"), HasSubstr(say));
  EXPECT_THAT(says(other + host + say + "\n</VirtualHost>\n"), HasSubstr(say))
      << "the main server serves the Location too";
}

// ---- ChrootDir

class Chroot : public View {
 protected:
  ~Chroot() override {
    if (!bound_.empty()) umount2(bound_.c_str(), MNT_DETACH);
  }
  std::string jail() const { return httpd_.root() + "/jail"; }
  std::string bound_;
};

TEST_F(Chroot, IsToldOfAndTheRemedyWorks) {
  expect_refusals();
  std::filesystem::create_directory(jail());
  const std::string chroot = "ChrootDir \"" + jail() + "\"\n";
  ASSERT_TRUE(httpd_.start(configuration(chroot)));
  EXPECT_TRUE(log_has("PD0513")) << "each process tries when it starts";
  EXPECT_EQ(send(), 503);
  const std::string say = "mkdir -p '" + jail() + spool() + "' && mount --bind '" + spool() + "'";
  EXPECT_THAT(httpd_.error_log(), HasSubstr(say));
  EXPECT_THAT(configtest().text, HasSubstr(say));
  EXPECT_THAT(events("status").text,
              AllOf(HasSubstr("1 refused with 503"), HasSubstr("No such file"), HasSubstr(say)));
  const Told verify = events("verify");
  EXPECT_EQ(verify.exit_code, 1);
  EXPECT_THAT(verify.text, HasSubstr(say));
  const Told found = doctor();
  EXPECT_EQ(found.exit_code, 1) << found.text;
  EXPECT_THAT(found.text, AllOf(HasSubstr("PD0513: "), HasSubstr(say)));
  // The remedy.
  std::filesystem::create_directories(jail() + spool());
  if (mount(spool().c_str(), (jail() + spool()).c_str(), nullptr, MS_BIND, nullptr) != 0) {
    GTEST_SKIP() << "no bind mounts here";
  }
  bound_ = jail() + spool();
  EXPECT_THAT(configtest().text, Not(HasSubstr("no event can be stored")));
  ASSERT_TRUE(httpd_.restart_gracefully());
  EXPECT_TRUE(wait_for([&] { return send() == 200; }));
  EXPECT_TRUE(is_delivered());
  EXPECT_THAT(events("status").text, HasSubstr("Nothing needs an operator"));
  EXPECT_EQ(doctor().exit_code, 0);
}

// ---- A view of httpd's own

// In a mount namespace of this thread and of what it starts. Tools run outside of it.
class OwnView : public View {
 protected:
  void SetUp() override {
    View::SetUp();
    if (IsSkipped()) return;
    outside_ = "/proc/" + std::to_string(getppid()) + "/ns/mnt";
    if (unshare(CLONE_NEWNS) != 0 ||
        mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
      GTEST_SKIP() << "no mount namespace here";
    }
  }

  Told outside(std::vector<std::string> arguments) const {
    std::vector<std::string> all = {"/usr/bin/nsenter", "--mount=" + outside_, "--"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run(all);
  }

  std::string outside_;
};

TEST_F(OwnView, ReadOnlyForHttpdAloneIsToldOf) {
  expect_refusals();
  httpd_.allow_log("PD0604");
  httpd_.allow_log("PD0641");
  httpd_.allow_log("PD0642");
  ASSERT_EQ(mount(spool().c_str(), spool().c_str(), nullptr, MS_BIND, nullptr), 0);
  ASSERT_EQ(mount("none", spool().c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr), 0);
  ASSERT_TRUE(httpd_.start(configuration()));
  EXPECT_TRUE(log_has("PD0513"));
  EXPECT_THAT(httpd_.error_log(),
              AllOf(HasSubstr("Read-only file system"), HasSubstr("ReadWritePaths=" + spool())));
  EXPECT_EQ(send(), 503);
  const std::string url = "http://127.0.0.1:" + std::to_string(httpd_.port());
  const Told found = outside({PLIVO_DIALCTL_PROGRAM, "doctor", "--offline", "--httpd",
                              httpd_.root() + "/apachectl", "--url", url});
  EXPECT_EQ(found.exit_code, 1) << found.text;
  EXPECT_THAT(found.text, AllOf(HasSubstr("refuses them with 503: PD0513: "),
                                HasSubstr("ReadWritePaths=" + spool())));
  const Told test = outside({httpd_.root() + "/apachectl", "-t"});
  EXPECT_THAT(test.text, AllOf(HasSubstr("events are refused by httpd's processes"),
                               HasSubstr("ReadWritePaths=" + spool())));
}

TEST_F(OwnView, ASpoolThatOnlyHttpdSeesIsToldOf) {
  httpd_.allow_log("PD0601");
  std::filesystem::create_directory(httpd_.root() + "/private");
  std::filesystem::permissions(httpd_.root() + "/private", std::filesystem::perms(0750));
  const ServerUser& user = httpd_.files().user();
  ASSERT_EQ(chown((httpd_.root() + "/private").c_str(), user.uid, user.gid), 0);
  ASSERT_EQ(mount((httpd_.root() + "/private").c_str(), spool().c_str(), nullptr, MS_BIND, nullptr),
            0);
  ASSERT_TRUE(httpd_.start(configuration()));
  EXPECT_EQ(send(), 200);
  const std::string url = "http://127.0.0.1:" + std::to_string(httpd_.port());
  const Told found = outside({PLIVO_DIALCTL_PROGRAM, "doctor", "--offline", "--httpd",
                              httpd_.root() + "/apachectl", "--url", url});
  EXPECT_EQ(found.exit_code, 1) << found.text;
  EXPECT_THAT(found.text, AllOf(HasSubstr("sees another directory"), HasSubstr("PrivateTmp=")));
}

// ---- The place of the status file.

// httpd itself refuses one that is not there.
TEST_F(OwnView, WithoutAPlaceForTheStatusFileEventsAreTakenAndTheLogSaysSo) {
  httpd_.expect_log("PD0514");
  const std::string directory = httpd_.root() + "/none";
  std::filesystem::create_directory(directory);
  ASSERT_EQ(mount(directory.c_str(), directory.c_str(), nullptr, MS_BIND, nullptr), 0);
  ASSERT_EQ(mount("none", directory.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr),
            0);
  ASSERT_TRUE(httpd_.start(configuration("DefaultRuntimeDir \"" + directory + "\"\n")));
  EXPECT_EQ(send(), 200);
  ASSERT_TRUE(httpd_.restart_gracefully());
  EXPECT_EQ(send(), 200);
  EXPECT_THAT(httpd_.error_log(), AllOf(HasSubstr("/none/plivo-dial."),
                                        HasSubstr("DefaultRuntimeDir must be a directory")));
  EXPECT_EQ(events("status").exit_code, 0);
}

TEST_F(View, TheCountsStayOverReloadsAndTheFileIsNobodyElses) {
  expect_refusals();
  for (const char* line : {"PD0103", "PD0502", "PD0503", "PD0505", "PD0522"}) {
    httpd_.allow_log(line);
  }
  ASSERT_TRUE(httpd_.start(configuration()));
  EXPECT_EQ(send(), 200);
  ASSERT_TRUE(is_delivered());
  // Nobody but root can make files there now.
  ASSERT_EQ(chown(spool().c_str(), 0, 0), 0);
  ASSERT_EQ(chmod(spool().c_str(), 0700), 0);
  EXPECT_TRUE(wait_for([&] { return send() == 503; }));
  ASSERT_TRUE(httpd_.restart_gracefully());
  EXPECT_TRUE(wait_for([&] { return send() == 503; }));
  const ServerUser& user = httpd_.files().user();
  ASSERT_EQ(chmod(spool().c_str(), 0750), 0);
  ASSERT_EQ(chown(spool().c_str(), user.uid, user.gid), 0);
  const std::string told = events("status").text;
  EXPECT_THAT(told, HasSubstr("Permission denied"));
  EXPECT_TRUE(wait_for([&] { return send() == 200; }));
  EXPECT_THAT(events("status").text, HasSubstr("and none since"));
  for (const auto& entry : std::filesystem::directory_iterator(httpd_.root() + "/run")) {
    if (entry.path().extension() != ".status") continue;
    struct stat status {};
    ASSERT_EQ(stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0644U);
    EXPECT_EQ(status.st_uid, 0U);
  }
}

// Somebody tidies up in the runtime directory, or its disk dies: the server lives, and what is
// refused next is told.
TEST_F(View, AStatusFileThatIsCutOrSpoiltTakesNobodyDown) {
  expect_refusals();
  httpd_.expect_log("PD0103: ");
  for (const char* line : {"PD0502", "PD0503"}) httpd_.allow_log(line);
  ASSERT_TRUE(httpd_.start(configuration()));
  EXPECT_EQ(send(), 200);
  ASSERT_TRUE(is_delivered());
  const std::filesystem::path file =
      std::filesystem::read_symlink(spool() + "/" + std::string(kStatusLink));
  std::filesystem::resize_file(file, 0);
  EXPECT_EQ(send(), 200);
  const Told cut = events("status");
  EXPECT_THAT(cut.text, AllOf(HasSubstr("what httpd refuses is not known"), HasSubstr("reload")));
  EXPECT_EQ(events("verify").exit_code, 1);
  ASSERT_TRUE(httpd_.restart_gracefully());
  EXPECT_THAT(events("status").text, HasSubstr("Nothing needs an operator"));
  std::ofstream(file, std::ios::binary | std::ios::in | std::ios::out) << std::string(64, '?');
  ASSERT_EQ(chmod((spool() + "/in").c_str(), 0), 0);
  ASSERT_EQ(chown((spool() + "/in").c_str(), 0, 0), 0);
  ASSERT_TRUE(httpd_.restart_gracefully());
  EXPECT_TRUE(wait_for([&] { return send() == 503; }));
  const ServerUser& user = httpd_.files().user();
  ASSERT_EQ(chown((spool() + "/in").c_str(), user.uid, user.gid), 0);
  ASSERT_EQ(chmod((spool() + "/in").c_str(), 0750), 0);
  EXPECT_THAT(events("status").text, HasSubstr("events are refused by httpd's processes"));
}

// However the spool is named, and whatever group it has.
TEST_F(View, RefusalsAreFoundByEachNameOfTheSpool) {
  expect_refusals();
  httpd_.expect_log("PD0103: ");
  for (const char* line : {"PD0502", "PD0503"}) httpd_.allow_log(line);
  const std::string link = httpd_.root() + "/link";
  std::filesystem::create_directory_symlink(spool(), link);
  ASSERT_TRUE(httpd_.start(replaced(configuration(), spool() + "\"", link + "/\"")));
  EXPECT_EQ(send(), 200);
  ASSERT_TRUE(is_delivered());
  const ServerUser& user = httpd_.files().user();
  ASSERT_EQ(chown((spool() + "/in").c_str(), 0, 0), 0);
  ASSERT_EQ(chmod((spool() + "/in").c_str(), 0700), 0);
  ASSERT_TRUE(httpd_.restart_gracefully());
  EXPECT_TRUE(wait_for([&] { return send() == 503; }));
  ASSERT_EQ(chown((spool() + "/in").c_str(), user.uid, user.gid), 0);
  ASSERT_EQ(chmod((spool() + "/in").c_str(), 0750), 0);
  ASSERT_EQ(chown(spool().c_str(), user.uid, 0), 0);
  for (const std::string& name : {spool(), spool() + "/", link, link + "/"}) {
    const CommandResult verify =
        run_command({{PLIVO_DIALCTL_PROGRAM, "events", "verify", "--spool", name}, {}, {}, {}, ""});
    EXPECT_EQ(verify.exit_code, 1) << name;
    EXPECT_THAT(verify.output, HasSubstr("NOT ACCEPTED: events are refused")) << name;
  }
}

// What a probe learns is for who knows the token alone.
TEST_F(View, AStrangersProbeLearnsNothing) {
  expect_refusals();
  httpd_.allow_log("PD02");
  std::filesystem::create_directory(httpd_.root() + "/jail");
  ASSERT_TRUE(httpd_.start(configuration("ChrootDir \"${ROOT}/jail\"\n")));
  const std::string origin = "http://127.0.0.1:" + std::to_string(httpd_.port());
  HttpRequest probe{.method = "POST", .path = "/dialstatus"};
  probe.headers = {"X-Plivo-Dial-Probe: spool", "Content-Type: application/x-www-form-urlencoded"};
  probe.body = "plivo-dial-probe=7421";
  const HttpClient client(httpd_.port());
  const HttpReply stranger = client.send(probe);
  EXPECT_EQ(stranger.status, 403);
  EXPECT_THAT(stranger.body, Not(HasSubstr("PD0513")));
  const HttpReply forged = client.send(sign_request(probe, {kForeignToken, origin, new_nonce()}));
  EXPECT_EQ(forged.status, 403);
  const HttpReply owner = client.send(sign_request(probe, {kMainToken, origin, new_nonce()}));
  EXPECT_EQ(owner.status, 503);
  EXPECT_THAT(owner.body, testing::StartsWith("PD0513: "));
  // A request of Plivo's that somebody has recorded, with the header added.
  const HttpReply replayed = client.send(with_header(
      sign_request(fresh_webhook("/dialstatus/callback", "E9"), {kMainToken, origin, new_nonce()}),
      "X-Plivo-Dial-Probe: spool"));
  EXPECT_EQ(replayed.status, 503);
  EXPECT_THAT(replayed.body, Not(HasSubstr("PD0513")));
}

}  // namespace
}  // namespace plivo_dial::test
