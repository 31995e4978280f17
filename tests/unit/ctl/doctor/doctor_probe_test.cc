// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor/doctor_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "mod_plivo_dial/ctl/doctor/doctor_verdict.h"
#include "mod_plivo_dial/ctl/httpd/control_program.h"
#include "tests/unit/ctl/command_runner.h"
#include "tests/unit/ctl/loopback_server.h"

namespace plivo_dial::ctl {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kReply =
    "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, POST\r\nx-plivo-dial-mark: a b\r\n"
    "Content-Length: 0\r\nConnection: close\r\n\r\n";

ProbeReply probe(const ProbeTarget& target, const HttpRequest& request) {
  Prober prober(target);
  return prober.send(request);
}

TEST(DoctorProbe, SendsWhatItIsGiven) {
  LoopbackServer server(kReply);
  const std::string url = server.url("/dialstatus");
  const ProbeReply reply = probe({url, "", false, false}, {"POST", url, "A=1", {{"X-A", "b"}}});
  EXPECT_EQ(reply.status, 405) << reply.error;
  EXPECT_EQ(reply.mark, "a b");
  EXPECT_THAT(
      server.request(),
      AllOf(testing::StartsWith("POST /dialstatus HTTP/1.1\r\n"), HasSubstr("\r\nX-A: b\r\n"),
            HasSubstr("\r\nContent-Length: 3\r\n"), testing::Not(HasSubstr("Expect:"))));
}

TEST(DoctorProbe, ConnectsWhereItIsTold) {
  LoopbackServer server(kReply);
  std::string place = server.url("");
  place.erase(0, place.find("://") + 3);
  const std::string url = "http://pbx.example.com/dialstatus";
  const ProbeReply reply = probe({url, place, false, false}, {"GET", url + "?A=1", ""});
  EXPECT_EQ(reply.status, 405) << reply.error;
  EXPECT_THAT(server.request(), AllOf(testing::StartsWith("GET /dialstatus?A=1 HTTP/1.1\r\n"),
                                      HasSubstr("\r\nHost: pbx.example.com\r\n")));
}

TEST(DoctorProbe, SpeaksTheProxyProtocolWhereItIsTold) {
  LoopbackServer server(kReply);
  const std::string url = server.url("/dialstatus");
  probe({url, "", false, true}, {"GET", url, ""});
  EXPECT_THAT(server.request(),
              testing::ContainsRegex("^PROXY TCP4 127.0.0.1 127.0.0.1 [0-9]+ [0-9]+\r\nGET /"));
}

TEST(DoctorProbe, SaysWhyNobodyAnswers) {
  const ClosedPort closed;
  const ProbeReply reply = probe({closed.url("/"), "", false, false}, {"GET", closed.url("/"), ""});
  EXPECT_TRUE(reply.refused);
  EXPECT_THAT(reply.error, HasSubstr("is httpd running"));
  const std::string nowhere = "http://pbx.invalid/";
  const ProbeReply unknown = probe({nowhere, "", false, false}, {"GET", nowhere, ""});
  EXPECT_EQ(unknown.status, 0);
  EXPECT_THAT(unknown.error, HasSubstr("PlivoPublicURL"));
}

TEST(ReplyHead, KnowsTheModulesRefusalOfAMethod) {
  ReplyHead head;
  head.status = 405;
  head.allow = "GET, POST, PUT, DELETE";
  EXPECT_TRUE(is_our_method_refusal(head));
  head.allow = "GET,POST,OPTIONS";
  EXPECT_FALSE(is_our_method_refusal(head));
  head.allow = "GET, POST";
  EXPECT_TRUE(is_our_method_refusal(head));
  head.status = 200;
  EXPECT_FALSE(is_our_method_refusal(head));
}

// A reply that the module ends itself.
ProbeReply refusal_of(long status, const std::string& body) {
  ProbeReply reply;
  reply.status = status;
  reply.cache_control = "no-store";
  reply.content_type = "text/plain; charset=utf-8";
  reply.body = body;
  return reply;
}

TEST(ReplyHead, KnowsTheModulesRefusals) {
  EXPECT_TRUE(is_our_refusal(refusal_of(403, ""), "403 Forbidden\n"));
  EXPECT_TRUE(is_our_refusal(refusal_of(503, ""), "PD0513: no space\n"));
  EXPECT_FALSE(is_our_refusal(refusal_of(403, ""), "404 Not Found\n"));
  EXPECT_FALSE(is_our_refusal(refusal_of(403, ""), ""));
  EXPECT_FALSE(is_our_refusal(refusal_of(200, ""), "200 OK\n"));
  ProbeReply page = refusal_of(403, "");
  page.content_type = "text/html";
  EXPECT_FALSE(is_our_refusal(page, "403 Forbidden\n"));
  // As web servers in Go say it.
  EXPECT_FALSE(is_our_refusal(refusal_of(404, ""), "404 page not found\n"));
  // Whatever becomes of other headers on the way.
  ProbeReply header_set = refusal_of(413, "");
  header_set.cache_control = "private";
  EXPECT_TRUE(is_our_refusal(header_set, "413 Request Entity Too Large\n"));
}

TEST(ReplyHead, KnowsTheTypesOfDocuments) {
  for (const char* type : {"application/xml", "text/xml; charset=utf-8", "Application/XML ;q=1"}) {
    EXPECT_TRUE(is_document_type(type)) << type;
  }
  for (const char* type : {"", "text/plain", "application/xml+atom", "text/html; charset=utf-8"}) {
    EXPECT_FALSE(is_document_type(type)) << type;
  }
}

TEST(ReplyHead, IsThatOfTheLastReply) {
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

ProbedLocation location_of(const std::string& signature) {
  return {"handler", "/dialstatus", " at 127.0.0.1:80", signature, "reload httpd"};
}

// A reply to a signed request that the module refuses, or somebody in its place.
Finding judged(long status, const std::string& text = "", const std::string& mode = "Require") {
  ProbeAnswer answer{"", "POST", 500, true, refusal_of(status, text), {}};
  const Findings findings = judge_location(location_of(mode), {answer});
  EXPECT_EQ(findings.size(), 1U);
  return findings.front();
}

ProbeAnswer marked(const std::string& suffix, const std::string& method = "POST") {
  ProbeAnswer answer{suffix, method, 500, true, {}, {true, true}};
  answer.reply.status = 200;
  answer.reply.body = "<Response/>";
  answer.reply.content_type = "application/xml";
  return answer;
}

ProbeAnswer refused(ProbeAnswer answer) {
  answer.reply.status = 403;
  answer.mark = {};
  return answer;
}

TEST(DoctorVerdict, TellsTheModulesRefusals) {
  EXPECT_EQ(judged(400, "400 Bad Request\n").health, Health::kWarning);
  EXPECT_THAT(judged(400, "400 Bad Request\n").sentence, HasSubstr("another version"));
  EXPECT_THAT(judged(400, "400 Bad Request\n", "Warn").sentence, HasSubstr("does not believe"));
  EXPECT_EQ(judged(400, "400 Bad Request\n", "Off").health, Health::kOk);
  const Finding forbidden = judged(403, "403 Forbidden\n");
  EXPECT_EQ(forbidden.health, Health::kProblem);
  EXPECT_THAT(forbidden.sentence, HasSubstr("refuses this token's signature (403): reload httpd"));
  EXPECT_THAT(judged(413, "413 Request Entity Too Large\n").sentence,
              HasSubstr("500 bytes, with 413: raise LimitRequestBody and PlivoMaxBody"));
  EXPECT_EQ(judged(415, "415 Unsupported Media Type\n").health, Health::kProblem);
  const Finding dead = judged(503, "PD0513: no space\nmore");
  EXPECT_EQ(dead.health, Health::kProblem);
  EXPECT_THAT(dead.sentence, testing::EndsWith("refuses them with 503: PD0513: no space"));
}

TEST(DoctorVerdict, TellsStrangersFromTheModule) {
  for (const long status : {200L, 400L, 403L, 404L, 413L, 503L}) {
    const Finding finding = judged(status, "a proxy's");
    EXPECT_EQ(finding.health, Health::kProblem) << status;
    EXPECT_THAT(finding.sentence, testing::StartsWith("/dialstatus at 127.0.0.1:80 is "));
  }
  EXPECT_THAT(judged(403, "").sentence, HasSubstr("leaves no line PD02"));
}

TEST(DoctorVerdict, LooksAtEachUrl) {
  const Findings well =
      judge_location(location_of("Require"), {marked(""), marked("", "GET"), marked("/action")});
  ASSERT_EQ(well.size(), 1U);
  EXPECT_EQ(well[0].health, Health::kOk);
  EXPECT_THAT(well[0].sentence, testing::EndsWith("believes this token's signature"));
  const Findings one =
      judge_location(location_of("Require"), {marked(""), refused(marked("/action"))});
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].health, Health::kProblem);
  EXPECT_THAT(one[0].sentence, testing::StartsWith("/dialstatus/action at 127.0.0.1:80 is "));
  const Findings get =
      judge_location(location_of("Require"), {marked(""), refused(marked("", "GET"))});
  ASSERT_EQ(get.size(), 2U);
  EXPECT_EQ(get[1].health, Health::kWarning);
}

TEST(DoctorVerdict, SeesWhatBecameOfAReply) {
  const auto sentence = [](const ProbeAnswer& answer) {
    return judge_location(location_of("Require"), {answer}).front().sentence;
  };
  ProbeAnswer changed = marked("");
  changed.mark.whole = false;
  EXPECT_THAT(sentence(changed), HasSubstr("another document"));
  ProbeAnswer typed = marked("");
  typed.reply.content_type = "text/plain";
  EXPECT_THAT(sentence(typed), HasSubstr("as text/plain in place of application/xml"));
  ProbeAnswer moved = marked("");
  moved.reply.status = 302;
  EXPECT_THAT(sentence(moved), HasSubstr("changes the status"));
  // Where no document is wanted, its type is no matter.
  ProbeAnswer empty = marked("/hangup");
  empty.reply.body.clear();
  empty.reply.content_type = "text/plain";
  EXPECT_THAT(sentence(empty), HasSubstr("believes this token's signature"));
}

TEST(DoctorVerdict, SeesWhoCountsRequests) {
  const ProbedLocation location = location_of("Require");
  EXPECT_TRUE(judge_row(location, {marked("/callback"), marked("/callback")}).empty());
  EXPECT_TRUE(judge_row(location, {refused(marked("/callback"))}).empty());
  const Findings found =
      judge_row(location, {marked("/callback"), marked("/callback"), refused(marked("/callback"))});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0].sentence,
              AllOf(HasSubstr("/dialstatus/callback at 127.0.0.1:80 answers request 3"),
                    HasSubstr("with 403"), HasSubstr("DOSPageCount")));
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

TEST(DoctorProgram, ThatClosesItsOutputIsNotWaitedForLongerThanAnother) {
  const Result<ProgramRun> run = run_program(
      {"/bin/sh", "-c", "echo text; exec >&- 2>&-; exec sleep 600"}, std::chrono::seconds(1));
  ASSERT_FALSE(run.ok());
  EXPECT_THAT(run.error().message, HasSubstr("did not end in 1 s and was killed"));
}

TEST(DoctorProgram, WhoseChildKeepsItsOutputHasEnded) {
  const Result<ProgramRun> run =
      run_program({"/bin/sh", "-c", "sleep 30 & echo $!; exit 7"}, std::chrono::seconds(600));
  ASSERT_TRUE(run.ok()) << run.error().message;
  EXPECT_EQ(run->exit_status, 7);
  const pid_t child = std::stoi(run->output);
  EXPECT_EQ(kill(child, SIGTERM), 0) << "what it left running was killed, too";
}

// As the configuration of 20,000 numbers is.
TEST(DoctorProgram, AllOfALongOutputIsTaken) {
  const Result<ProgramRun> run = run_program(
      {"/bin/sh", "-c", "head -c 30000000 /dev/zero; echo end"}, std::chrono::seconds(600));
  ASSERT_TRUE(run.ok()) << run.error().message;
  EXPECT_EQ(run->output.size(), 30'000'004U);
  EXPECT_TRUE(run->output.ends_with("end\n"));
}

}  // namespace
}  // namespace plivo_dial::ctl
