// SPDX-License-Identifier: Apache-2.0
// The program that README.md, the manual and the guide for FreePBX show for mail about missed
// calls, as a sink of a real server, with a mail server of the test's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/httpd/manual_blocks.h"
#include "tests/httpd/polling.h"
#include "tests/httpd/smtp_server.h"
#include "tests/httpd/trust.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;

// The blocks of the manual, and the example that packages bring.
std::set<std::string> programs() {
  std::set<std::string> texts = {read_file(CONF_EXAMPLES_DIR "/missed-mail.sh")};
  for (const std::string& page : manual_pages()) {
    for (const ManualBlock& block : manual_blocks(page)) {
      if (block.mark("test") == "mail") texts.insert(block.text);
    }
  }
  return texts;
}

// The part of a program that runs.
std::string without_comments(const std::string& text) {
  std::string code;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('#')) code += line + "\n";
  }
  return code;
}

class MissedCallMail : public testing::Test {
 protected:
  bool start(const std::string& program) {
    httpd().files().write_file("hook/mail",
                               replaced(program, "smtp://mail.example.com:25",
                                        "smtp://127.0.0.1:" + std::to_string(mail_.port())),
                               0755);
    return httpd().start(
        "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher On \"${DIALD}\"\nPlivoSignature Off\n"
        "PlivoPublicURL https://pbx.example.com\n"
        "PlivoEventSink mail \"exec:${ROOT}/hook/mail\" events=dial.result retry=1/60\n"
        "<Location \"/dialstatus\">\nSetHandler plivo-dial\nPlivoDial +14155550100\n"
        "PlivoDial +14155550122\n</Location>\n");
  }

  HttpdServer& httpd() { return server_.httpd; }

  // The report of a stage's end, as Plivo sends it.
  void report(const std::string& call, const std::string& status, int stage,
              const std::string& from = "14155550111") {
    const std::string query = stage == 1 ? "" : "?stage=" + std::to_string(stage);
    EXPECT_EQ(server_.client()
                  .post("/dialstatus/action" + query,
                        "CallUUID=" + call + "&From=" + from +
                            "&To=14155550199&Direction=inbound&CallStatus=in-progress&DialStatus=" +
                            status + "&DialBLegUUID=" + (status == "completed" ? "8e41c6aa" : ""))
                  .status,
              200);
  }

  SmtpServer mail_;
  PlivoServer server_;
};

TEST_F(MissedCallMail, TheProgramIsTheSameWhereverItIsShown) {
  std::set<std::string> codes;
  for (const std::string& program : programs()) codes.insert(without_comments(program));
  EXPECT_EQ(codes.size(), 1U) << testing::PrintToString(codes);
}

TEST_F(MissedCallMail, EachMissedCallIsMailedOnce) {
  ASSERT_TRUE(start(read_file(CONF_EXAMPLES_DIR "/missed-mail.sh")));
  const std::string missed = new_uuid();
  report(missed, "busy", 1);
  report(missed, "no-answer", 2);
  const std::string taken = new_uuid();
  report(taken, "busy", 1);
  report(taken, "completed", 2);
  const std::string anonymous = new_uuid();
  report(anonymous, "cancel", 1, "anonymous%0D%0ABcc%3A+all%40example.com");
  ASSERT_TRUE(wait_for([&] { return mail_.mails().size() == 2; }));
  for (const Mail& mail : mail_.mails()) {
    EXPECT_EQ(mail.sender, "<pbx@example.com>");
    EXPECT_THAT(mail.recipients, ElementsAre("<office@example.com>"));
    EXPECT_THAT(mail.text, AllOf(HasSubstr("From: <pbx@example.com>\nTo: <office@example.com>\n"),
                                 ContainsRegex("Date: [A-Z][a-z][a-z], "),
                                 ContainsRegex("Message-ID: <[0-9a-z]*@example.com>\n")));
    EXPECT_EQ(mail.text.find("Bcc"), std::string::npos) << mail.text;
    const bool is_missed = mail.text.find(missed) != std::string::npos;
    EXPECT_THAT(mail.text, HasSubstr(is_missed ? "Subject: Missed call from 14155550111\n\n"
                                               : "Subject: Missed call from an unknown number\n"));
    EXPECT_THAT(mail.text, HasSubstr(is_missed ? "A call from 14155550111 to 14155550199 was not "
                                                 "answered: no-answer.\nThe caller then got: "
                                                 "sentence.\n"
                                               : "was not answered: cancel."));
  }
}

TEST_F(MissedCallMail, ComesAgainWhenTheServerTakesNone) {
  httpd().allow_log("PD0631: ");
  mail_.refuse(true);
  ASSERT_TRUE(start(read_file(CONF_EXAMPLES_DIR "/missed-mail.sh")));
  const std::string call = new_uuid();
  report(call, "timeout", 2);
  ASSERT_TRUE(wait_for([&] { return mail_.refusals() > 0; }));
  mail_.refuse(false);
  ASSERT_TRUE(wait_for([&] { return !mail_.mails().empty(); }));
  EXPECT_THAT(mail_.mails().at(0).text, HasSubstr(call));
}

}  // namespace
}  // namespace plivo_dial::test
