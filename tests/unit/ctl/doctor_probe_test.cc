// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "mod_plivo_dial/ctl/doctor_program.h"
#include "tests/unit/ctl/command_runner.h"
#include "tests/unit/ctl/loopback_server.h"

namespace plivo_dial::ctl {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kOurs =
    "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, POST\r\ncache-control: no-store\r\n"
    "Content-Length: 0\r\nConnection: close\r\n\r\n";

TEST(DoctorProbe, KnowsTheModuleByItsRefusal) {
  LoopbackServer server(kOurs);
  const ProbeReply reply = probe({server.url("/dialstatus"), "", false}, "DELETE", {{"X-A", "b"}});
  EXPECT_TRUE(is_ours(reply)) << reply.status << reply.allow << reply.cache_control;
  EXPECT_THAT(server.request(), AllOf(testing::StartsWith("DELETE /dialstatus HTTP/1.1\r\n"),
                                      HasSubstr("\r\nX-A: b\r\n")));
}

ProbeReply reply_of(long status, const std::string& allow, const std::string& cache_control) {
  ProbeReply reply;
  reply.status = status;
  reply.allow = allow;
  reply.cache_control = cache_control;
  return reply;
}

TEST(DoctorProbe, TellsOthersApart) {
  EXPECT_TRUE(is_ours(reply_of(405, "GET, POST, PUT, DELETE", "no-store")));
  EXPECT_FALSE(is_ours(reply_of(405, "GET,POST,OPTIONS", "no-store")));
  EXPECT_FALSE(is_ours(reply_of(405, "GET, POST", "")));
  EXPECT_FALSE(is_ours(reply_of(200, "GET, POST", "no-store")));
}

TEST(DoctorProbe, ConnectsWhereItIsTold) {
  LoopbackServer server(kOurs);
  std::string place = server.url("");
  place.erase(0, place.find("://") + 3);
  const ProbeReply reply = probe({"http://pbx.example.com/dialstatus", place, false}, "DELETE", {});
  EXPECT_TRUE(is_ours(reply)) << reply.error;
  EXPECT_THAT(server.request(), HasSubstr("\r\nHost: pbx.example.com\r\n"));
}

TEST(DoctorProbe, SaysWhyNobodyAnswers) {
  const ClosedPort closed;
  const ProbeReply reply = probe({closed.url("/"), "", false}, "DELETE", {});
  EXPECT_TRUE(reply.refused);
  EXPECT_THAT(reply.error, HasSubstr("is httpd running"));
  const ProbeReply unknown = probe({"http://pbx.invalid/", "", false}, "DELETE", {});
  EXPECT_EQ(unknown.status, 0);
  EXPECT_THAT(unknown.error, HasSubstr("PlivoPublicURL"));
}

// A reply that the module ends itself.
ProbeReply refusal_of(long status, const std::string& body) {
  ProbeReply reply = reply_of(status, "", "no-store");
  reply.content_type = "text/plain; charset=utf-8";
  reply.body = body;
  return reply;
}

TEST(DoctorProbe, KnowsTheModulesRefusals) {
  EXPECT_TRUE(is_our_refusal(refusal_of(403, ""), "403 Forbidden\n"));
  EXPECT_TRUE(is_our_refusal(refusal_of(503, ""), "PD0513: no space\n"));
  EXPECT_FALSE(is_our_refusal(refusal_of(403, ""), "404 Not Found\n"));
  EXPECT_FALSE(is_our_refusal(refusal_of(403, ""), ""));
  EXPECT_FALSE(is_our_refusal(refusal_of(200, ""), "200 OK\n"));
  EXPECT_FALSE(is_our_refusal(reply_of(403, "", "no-store"), "403 Forbidden\n"));
  ProbeReply page = refusal_of(404, "");
  page.cache_control = "";
  EXPECT_FALSE(is_our_refusal(page, "404 Not Found\n"));
}

TEST(DoctorProbe, ReadsTheHeadOfTheLastReply) {
  ReplyHead head;
  for (const char* line :
       {"HTTP/1.1 100 Continue\r\n", "Server: proxy\r\n", "\r\n", "HTTP/1.1 403 Forbidden\r\n",
        "cache-control:no-store\r\n", "Content-Type: text/plain\r\n", "\r\n"}) {
    read_head_line(line, head);
  }
  EXPECT_EQ(head.server, "");
  EXPECT_EQ(head.cache_control, "no-store");
  EXPECT_EQ(head.content_type, "text/plain");
}

Finding judged(long second, const std::string& text = "") {
  LocationReplies replies;
  replies.unknown_method = reply_of(405, "GET, POST", "no-store");
  replies.signed_was_sent = true;
  const std::string body = text.empty() ? std::to_string(second) + " Reason\n" : text;
  replies.signed_webhook = refusal_of(second, body);
  return judge_location("handler", "/dialstatus", replies, "reload httpd");
}

TEST(DoctorProbe, JudgesTheSignedRequest) {
  EXPECT_EQ(judged(400).health, Health::kOk);
  EXPECT_EQ(judged(403).health, Health::kProblem);
  EXPECT_THAT(judged(403).sentence, HasSubstr("reload httpd"));
  EXPECT_EQ(judged(200).health, Health::kProblem);
  const Finding dead = judged(503, "PD0513: no space\nmore");
  EXPECT_EQ(dead.health, Health::kProblem);
  EXPECT_THAT(dead.sentence, testing::EndsWith("refuses them with 503: PD0513: no space"));
  for (const long status : {400L, 403L, 503L}) {
    EXPECT_THAT(judged(status, "a proxy's").sentence, HasSubstr("something in front of it"));
  }
}

TEST(DoctorReport, CountsProblemsBeforeWhatWasNotChecked) {
  const Finding ok{"module", Health::kOk, "loaded"};
  const Finding warning{"spool", Health::kWarning, "open"};
  const Finding problem{"handler", Health::kProblem, "shadowed\x1b[31m"};
  const Finding unchecked{"token file", Health::kNotChecked, "not root"};
  EXPECT_EQ(exit_status_of({ok, warning}), 0);
  EXPECT_EQ(exit_status_of({ok, unchecked}), 3);
  EXPECT_EQ(exit_status_of({ok, unchecked, problem}), 1);
  EXPECT_EQ(render_findings({ok, problem, unchecked}),
            "ok           module      loaded\n"
            "problem      handler     shadowed\\x1b[31m\n"
            "not checked  token file  not root\n"
            "\n1 problem; 1 thing not checked.\n");
  EXPECT_THAT(render_findings({ok}), testing::EndsWith("\nNothing was found wrong.\n"));
  EXPECT_THAT(render_findings({ok, warning}), testing::EndsWith("\nNo problem; 1 warning.\n"));
  EXPECT_THAT(render_findings({problem, warning}), testing::EndsWith("\n1 problem; 1 warning.\n"));
  EXPECT_THAT(render_findings_json({ok, warning, unchecked}),
              HasSubstr("\"problems\":0,\"warnings\":1,\"not_checked\":1"));
  EXPECT_THAT(render_findings_json({ok}),
              AllOf(HasSubstr("\"ok\":true"), HasSubstr("\"health\":\"ok\"")));
}

class DoctorProgramOfDistribution : public testing::Test {
 protected:
  void SetUp() override {
    root_ = testing::TempDir() + "plivo-doctor-XXXXXX";
    ASSERT_NE(mkdtemp(root_.data()), nullptr);
    std::filesystem::create_directories(root_ + "/usr/sbin");
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  void make_program(const std::string& name) const {
    const std::string path = root_ + "/usr/sbin/" + name;
    std::ofstream(path) << "#!/bin/sh\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  }

  std::string root_;
};

TEST_F(DoctorProgramOfDistribution, IsDebiansApachectlWhichReadsEnvvars) {
  EXPECT_EQ(control_program_of_distribution(root_), "");
  make_program("httpd");
  EXPECT_EQ(control_program_of_distribution(root_), root_ + "/usr/sbin/httpd");
  make_program("apachectl");
  EXPECT_EQ(control_program_of_distribution(root_), root_ + "/usr/sbin/apachectl");
}

TEST_F(DoctorProgramOfDistribution, IsHttpdItselfOnFedoraWhereApachectlTakesNoArguments) {
  std::filesystem::create_directories(root_ + "/etc/httpd");
  make_program("apachectl");
  EXPECT_EQ(control_program_of_distribution(root_), root_ + "/usr/sbin/apachectl");
  make_program("httpd");
  EXPECT_EQ(control_program_of_distribution(root_), root_ + "/usr/sbin/httpd");
}

TEST(DoctorProgram, IsRunWithoutAShellAndWithinItsTime) {
  const Result<ProgramRun> run = run_program({"/bin/echo", "a $HOME; b"}, std::chrono::seconds(30));
  ASSERT_TRUE(run.ok()) << run.error().message;
  EXPECT_EQ(run->exit_status, 0);
  EXPECT_EQ(run->output, "a $HOME; b\n");
  const Result<ProgramRun> fails = run_program({"/bin/false"}, std::chrono::seconds(30));
  ASSERT_TRUE(fails.ok());
  EXPECT_EQ(fails->exit_status, 1);
  EXPECT_THAT(run_program({"/no/such/program"}, std::chrono::seconds(30)).error().message,
              HasSubstr("/no/such/program"));
  EXPECT_THAT(run_program({"/bin/sleep", "600"}, std::chrono::seconds(1)).error().message,
              HasSubstr("did not end in 1 s"));
}

}  // namespace
}  // namespace plivo_dial::ctl
