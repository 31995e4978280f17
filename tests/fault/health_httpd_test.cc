// SPDX-License-Identifier: Apache-2.0
// A spool that died, went away or belongs to another httpd, a sink that nobody takes events from, a
// dispatcher that ends: each is told by the tools or the log, with the remedy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "tests/fault/loop_file_system.h"
#include "tests/fault/view_server.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// ---- Disks

class DeadDisk : public View {
 protected:
  std::string spool() const override { return httpd_.root() + "/disk/spool"; }

  void SetUp() override {
    View::SetUp();
    if (IsSkipped()) return;
    loop_ = std::make_unique<LoopFileSystem>(httpd_.root(), "ext4", 64);
    if (!loop_->missing().empty()) GTEST_SKIP() << loop_->missing();
    std::filesystem::create_directory(spool());
    std::filesystem::permissions(spool(), std::filesystem::perms(0750));
    const ServerUser& user = httpd_.files().user();
    ASSERT_EQ(chown(spool().c_str(), user.uid, user.gid), 0);
    for (const char* line : {"PD0505", "PD0503", "PD0525", "PD0522"}) httpd_.allow_log(line);
  }

  void TearDown() override {
    if (httpd_.pid() != 0) httpd_.stop();
    loop_.reset();
  }

  void expect_all_tools_say(const std::string& what, const std::string& remedy) {
    const auto say = AllOf(HasSubstr(what), HasSubstr(remedy));
    EXPECT_THAT(events("status").text, AllOf(HasSubstr("the spool can't be written"), say));
    const Told verify = events("verify");
    EXPECT_THAT(verify.exit_code, testing::AnyOf(1, 3)) << verify.text;
    EXPECT_THAT(verify.text, say);
    const Told test = configtest();
    EXPECT_EQ(test.exit_code, 0) << test.text;
    EXPECT_THAT(test.text, AllOf(HasSubstr("no event can be stored there now"), say));
    const Told found = doctor();
    EXPECT_EQ(found.exit_code, 1) << found.text;
    EXPECT_THAT(found.text, AllOf(HasSubstr("refuses them with 503: PD0513: "),
                                  HasSubstr("the spool can't be written"), say));
  }

  std::unique_ptr<LoopFileSystem> loop_;
};

TEST_F(DeadDisk, AnExt4AfterAnErrorIsToldOf) {
  if (!loop_->has_read_only_trigger()) GTEST_SKIP() << "no trigger_fs_error that can be written";
  expect_refusals();
  ASSERT_TRUE(httpd_.start(configuration()));
  EXPECT_EQ(send(), 200);
  ASSERT_TRUE(is_delivered());
  ASSERT_TRUE(loop_->make_read_only());
  EXPECT_TRUE(wait_for([&] { return send() == 503; }));
  expect_all_tools_say("Read-only file system", "fsck");
  EXPECT_THAT(events("status").text, HasSubstr("events are refused by httpd's processes"));
}

// As SELinux and AppArmor refuse it too: the mode bits are right, and writing fails.
TEST_F(DeadDisk, AnImmutableDirectoryIsToldOf) {
  expect_refusals();
  ASSERT_TRUE(httpd_.start(configuration()));
  EXPECT_EQ(send(), 200);
  ASSERT_TRUE(is_delivered());
  ASSERT_EQ(run({"/usr/bin/chattr", "+i", spool() + "/in"}).exit_code, 0);
  httpd_.reconfigure(configuration());
  ASSERT_TRUE(httpd_.restart_gracefully());  // whose processes have no segment yet
  EXPECT_TRUE(wait_for([&] { return send() == 503; }));
  expect_all_tools_say("Operation not permitted", "chattr +i");
  ASSERT_EQ(run({"/usr/bin/chattr", "-i", spool() + "/in"}).exit_code, 0);
  EXPECT_TRUE(wait_for([&] { return send() == 200; }));
  EXPECT_THAT(events("status").text, HasSubstr("and none since"));
}

TEST_F(DeadDisk, AFullOneIsToldOf) {
  expect_refusals();
  for (const char* line : {"PD0604", "PD0641", "PD0642"}) httpd_.allow_log(line);
  ASSERT_TRUE(loop_->fill_up_to(0));
  ASSERT_TRUE(httpd_.start(configuration()));
  EXPECT_EQ(send(), 503);
  for (const Told& told : {events("status"), configtest(), doctor()}) {
    EXPECT_THAT(told.text, AllOf(HasSubstr("No space left on device"), HasSubstr("make room")));
  }
  loop_->free_all();
  EXPECT_TRUE(wait_for([&] { return send() == 200; }));
}

// ---- The spool's directory goes while httpd runs.

TEST_F(View, ASpoolThatIsRemovedOrReplacedIsToldOfAndServedAgain) {
  expect_refusals();
  httpd_.expect_log("PD0610: the spool is gone, its directory is now '" + spool() + ".old'");
  httpd_.expect_log("PD0610: the spool '" + spool() + "' is another directory now");
  httpd_.allow_log("PD0505");  // when the dispatcher was just writing there
  ASSERT_TRUE(httpd_.start(configuration()));
  ASSERT_TRUE(log_has("PD0601"));
  std::filesystem::rename(spool(), spool() + ".old");
  EXPECT_TRUE(wait_for([&] { return send() == 503; }));
  EXPECT_THAT(httpd_.error_log(), HasSubstr("the directory is gone"));
  EXPECT_TRUE(log_has("PD0610: the spool is gone"));
  const Told gone = doctor();
  EXPECT_EQ(gone.exit_code, 1) << gone.text;
  EXPECT_THAT(gone.text, HasSubstr("does not exist; mkdir -p"));
  EXPECT_EQ(events("status").exit_code, 3);
  // Of the wrong owner.
  std::filesystem::create_directory(spool());
  std::filesystem::permissions(spool(), std::filesystem::perms(0750));
  const Told wrong = doctor();
  EXPECT_EQ(wrong.exit_code, 1) << wrong.text;
  EXPECT_THAT(wrong.text, HasSubstr("chown"));
  EXPECT_FALSE(std::filesystem::exists(httpd_.root() + "/events/all.json"));
  // Of the right one: events are stored and delivered, and the tools find all that they look for.
  const ServerUser& user = httpd_.files().user();
  ASSERT_EQ(chown(spool().c_str(), user.uid, user.gid), 0);
  EXPECT_TRUE(wait_for([&] { return send() == 200; }));
  EXPECT_TRUE(is_delivered());
  EXPECT_TRUE(wait_for([&] { return std::filesystem::is_symlink(spool() + "/httpd-status"); }));
  const Told served = doctor();
  EXPECT_EQ(served.exit_code, 0) << served.text;
  EXPECT_THAT(events("status").text, HasSubstr("running, pid"));
}

// ---- httpd gets another user, and the spool's directory is given to that user alone.

TEST_F(View, ASpoolWithFilesOfAFormerUserIsToldOfAndTheCommandMendsIt) {
  ASSERT_TRUE(httpd_.start(configuration()));
  EXPECT_EQ(send(), 200);
  ASSERT_TRUE(is_delivered());
  httpd_.stop();
  ASSERT_EQ(run({"/bin/chown", std::string(kOtherUser) + ":", spool()}).exit_code, 0);
  const std::string another = "User " + std::string(kOtherUser) + "\nGroup " +
                              std::string(kOtherUser) + "\n" + configuration();
  const CommandResult refused = httpd_.configtest(another);
  EXPECT_EQ(refused.exit_code, 1) << refused.output;
  EXPECT_THAT(refused.output, testing::ContainsRegex("PD0103: .*user games may not "));
  const std::string command = "chown -R games:games '" + spool() + "'";
  EXPECT_THAT(refused.output, HasSubstr(command));
  ASSERT_EQ(run({"/bin/sh", "-c", command}).exit_code, 0);
  EXPECT_THAT(httpd_.configtest(another).output, Not(HasSubstr("spool")));
}

// ---- Two httpd, one spool

TEST_F(View, ASecondServerOfTheSpoolIsToldOf) {
  ASSERT_TRUE(httpd_.start(configuration()));
  EXPECT_EQ(send(), 200);
  ASSERT_TRUE(is_delivered());
  const std::string first = std::to_string(httpd_.pid());
  HttpdServer second;
  second.expect_log("PD0641: plivo-diald");
  second.allow_log("PD0641");
  second.allow_log("PD0104");
  second.allow_log("PD0408");
  second.files().write_file("conf/main.token", std::string(kMainToken) + "\n", 0600);
  ASSERT_TRUE(second.start(configuration()));
  const std::string say = "give each httpd a PlivoSpool of its own";
  EXPECT_TRUE(wait_for([&] { return second.error_log().find(say) != std::string::npos; }));
  EXPECT_THAT(second.error_log(), HasSubstr("which pid " + first));
  second.files().write_file("apachectl", second.files().control_program(), 0755);
  const Told test = run({second.root() + "/apachectl", "-t"});
  EXPECT_EQ(test.exit_code, 0) << test.text;
  EXPECT_THAT(test.text,
              AllOf(HasSubstr("PD0104"), HasSubstr("which pid " + first), HasSubstr(say)));
  const Told found =
      run({PLIVO_DIALCTL_PROGRAM, "doctor", "--offline", "--httpd", second.root() + "/apachectl",
           "--url", "http://127.0.0.1:" + std::to_string(second.port())});
  EXPECT_EQ(found.exit_code, 1) << found.text;
  EXPECT_THAT(found.text, AllOf(HasSubstr("which pid " + first), HasSubstr(say)));
  // The first has nothing to be told.
  EXPECT_THAT(configtest().text, Not(HasSubstr(say)));
  EXPECT_EQ(doctor().exit_code, 0);
  second.stop();
}

// ---- Nobody takes events

TEST_F(View, NoSyslogDaemonIsToldOf) {
  httpd_.allow_log("PD0611");
  const std::string sink =
      "PlivoEventSink log syslog:local0 \"socket=" + httpd_.root() + "/run/log\"\n";
  ASSERT_TRUE(httpd_.start(configuration(sink)));
  const std::string say = "no syslog daemon takes events at '" + httpd_.root() + "/run/log'";
  EXPECT_THAT(configtest().text,
              AllOf(HasSubstr("PlivoEventSink log: " + say), HasSubstr("No such file or directory"),
                    HasSubstr("apt install rsyslog")));
  const Told found = doctor();
  EXPECT_EQ(found.exit_code, 1) << found.text;
  EXPECT_THAT(found.text, HasSubstr(say));
  {
    // One that has died leaves its socket.
    SyslogSocket daemon(httpd_.root() + "/run/log");
    EXPECT_THAT(configtest().text, Not(HasSubstr(say)));
    std::filesystem::rename(httpd_.root() + "/run/log", httpd_.root() + "/run/kept");
  }
  std::filesystem::rename(httpd_.root() + "/run/kept", httpd_.root() + "/run/log");
  EXPECT_THAT(configtest().text, AllOf(HasSubstr(say), HasSubstr("Connection refused")));
}

// ---- The dispatcher's end

class DispatcherEnd : public View, public testing::WithParamInterface<Mpm> {
 protected:
  DispatcherEnd() : View({.mpm = GetParam()}) {}

  // httpd with `script` as its dispatcher, until the log says how it ended.
  void expect_end(const std::string& script, const std::string& words) {
    httpd_.files().write_file("hook/plivo-diald", "#!/bin/sh\n" + script + "\n", 0755);
    ASSERT_TRUE(httpd_.start("PlivoSpool \"" + spool() + "\"\nPlivoDispatcher On \"" +
                             httpd_.root() + "/hook/plivo-diald\"\n" + kViewSite));
    EXPECT_TRUE(log_has(words)) << httpd_.error_log();
  }
};
INSTANTIATE_TEST_SUITE_P(, DispatcherEnd, testing::Values(Mpm::kEvent, Mpm::kWorker, Mpm::kPrefork),
                         [](const auto& mpm) { return std::string(to_string(mpm.param)); });

TEST_P(DispatcherEnd, IsToldAsWhatItWas) {
  httpd_.allow_log("PD0642");
  httpd_.allow_log("PD0641");
  ASSERT_TRUE(httpd_.start(configuration()));
  ASSERT_TRUE(wait_for([&] { return httpd_.dispatchers().size() == 1; }));
  ASSERT_TRUE(log_has("PD0601"));
  ASSERT_EQ(kill(httpd_.dispatchers()[0].pid, SIGKILL), 0);
  EXPECT_TRUE(log_has("ended by signal 9 (KILL);")) << httpd_.error_log();
  ASSERT_TRUE(wait_for([&] { return httpd_.dispatchers().size() == 1; }));
  httpd_.stop();
  // Of a program that does not say that it exits, httpd knows no more than a number, and so do
  // kernels before Linux 6.15: then both are told.
  expect_end("exit 70", "ended with exit status 70;");
  httpd_.stop();
  expect_end("exit 3", "ended with exit status 3");
  httpd_.stop();
  expect_end("kill -TERM $$", "by signal 15 (TERM)");
}

TEST_P(DispatcherEnd, OfOneThatCannotStartIsAnExit) {
  httpd_.allow_log("PD0604");
  httpd_.allow_log("PD0642");
  httpd_.allow_log("PD0641");
  // The lock is none that can be opened.
  std::filesystem::create_directory(spool() + "/dispatcher.lock");
  const ServerUser& user = httpd_.files().user();
  ASSERT_EQ(chown((spool() + "/dispatcher.lock").c_str(), user.uid, user.gid), 0);
  ASSERT_TRUE(httpd_.start(configuration()));
  EXPECT_TRUE(log_has("ended with exit status 1")) << httpd_.error_log();
  EXPECT_THAT(httpd_.error_log(), Not(HasSubstr("signal 1 ")));
}

}  // namespace
}  // namespace plivo_dial::test
