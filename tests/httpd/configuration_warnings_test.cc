// SPDX-License-Identifier: Apache-2.0
// What apachectl configtest lets pass, but warns of: each row is a configuration, and the words
// that must be in the warning, with the line that has to change.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/httpd/httpd_server.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kWarnedServer = R"(
PlivoSpool "${ROOT}/spool"
PlivoDispatcher Off
PlivoSignature Off
)";

std::string warnings_of(const std::string& configuration,
                        const std::vector<std::string>& modules = {"alias", "rewrite"}) {
  HttpdServer server({.modules = modules});
  const CommandResult result = server.configtest(kWarnedServer + configuration);
  EXPECT_EQ(result.exit_code, 0) << result.output;
  return result.output;
}

TEST(ConfigurationWarning, RedirectFalseBeforeAnotherStage) {
  const std::string stages = "PlivoDial +14155550100 redirect=false\nPlivoDial +14155550122\n";
  const std::string open = "PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler plivo-dial\n";
  EXPECT_THAT(warnings_of(open + stages + "</Location>\n"),
              HasSubstr("redirect=false and a stage"));
  EXPECT_THAT(
      warnings_of(open + "<PlivoNumber +14155550199>\n" + stages + "</PlivoNumber>\n</Location>\n"),
      HasSubstr("redirect=false and a stage"));
}

TEST(ConfigurationWarning, NumberThatIsForwardedToItself) {
  const std::string open =
      "PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler plivo-dial\n"
      "<PlivoNumber default>\nPlivoDial +14155550199\n</PlivoNumber>\n";
  const std::string itself = "calls the number again";
  EXPECT_THAT(warnings_of(open + "<PlivoNumber +14155550198 +14155550199>\nPlivoDial +14155550100 "
                                 "+14155550199\n</PlivoNumber>\n</Location>\n"),
              HasSubstr("PlivoDial +14155550199 in <PlivoNumber +14155550199>: each call"));
  EXPECT_THAT(warnings_of(open + "<PlivoNumber +14155550198>\nPlivoDial +14155550199\n"
                                 "</PlivoNumber>\n</Location>\n"),
              Not(HasSubstr(itself)));
}

TEST(ConfigurationWarning, MaxBodyThatNoEventCanHave) {
  const auto with = [](const std::string& size) {
    return warnings_of("PlivoPublicURL https://h\nPlivoMaxBody " + size +
                       "\n<Location \"/d\">\nSetHandler plivo-dial\nPlivoDial +14155550100\n"
                       "</Location>\n");
  };
  EXPECT_THAT(with("16M"), AllOf(HasSubstr("<Location \"/d\">: PlivoMaxBody 16777216"),
                                 HasSubstr("PlivoMaxBody 512K says what holds")));
  EXPECT_THAT(with("524289"), HasSubstr("bodies over 524288 bytes are refused all the same"));
  EXPECT_THAT(with("512K"), Not(HasSubstr("PlivoMaxBody")));
}

TEST(ConfigurationWarning, WhatTheUnitOfAnExternalDispatcherMayNotWrite) {
  const std::string location =
      "PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler plivo-dial\n"
      "PlivoDial +14155550100\n</Location>\n";
  const std::string sink = "PlivoEventSink archive \"file:${ROOT}/events/all.json\"\n" + location;
  EXPECT_THAT(warnings_of("PlivoDispatcher External\n" + sink),
              AllOf(HasSubstr("PlivoEventSink archive: with PlivoDispatcher External"),
                    HasSubstr("/events\n"), HasSubstr("PlivoSpool: with")));
  const std::string words = "ReadWritePaths";
  EXPECT_THAT(warnings_of("PlivoDispatcher External \"${ROOT}/run/own.json\"\n" + sink),
              Not(HasSubstr(words)));
  EXPECT_THAT(warnings_of(sink), Not(HasSubstr(words)));
  EXPECT_THAT(warnings_of("PlivoDispatcher External\n"
                          "PlivoEventSink archive file:/var/log/plivo-dial/all.json\n"
                          "PlivoEventSink log syslog:local0\n" +
                          location),
              Not(HasSubstr("PlivoEventSink archive")));
}

TEST(ConfigurationWarning, NumbersThatCallEachOther) {
  const auto sections = [](const std::vector<std::pair<std::string, std::string>>& dials) {
    std::string text = "PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler plivo-dial\n";
    for (const auto& [number, target] : dials) {
      text += "<PlivoNumber " + number + ">\nPlivoDial " + target + "\n</PlivoNumber>\n";
    }
    return text + "</Location>\n";
  };
  const std::string two =
      warnings_of(sections({{"+14155550191", "+14155550192"}, {"+14155550192", "+14155550191"}}));
  EXPECT_THAT(two, HasSubstr("in a circle, +14155550191 > +14155550192 > +14155550191, until"));
  EXPECT_EQ(two.find("in a circle"), two.rfind("in a circle")) << "one circle, said twice: " << two;
  EXPECT_THAT(warnings_of(sections({{"+14155550193", "+14155550100 +14155550191"},
                                    {"+14155550191", "+14155550192"},
                                    {"+14155550192", "+14155550193"},
                                    {"+14155550194", "+14155550191"}})),
              HasSubstr("+14155550191 > +14155550192 > +14155550193 > +14155550191, until"));
  EXPECT_THAT(warnings_of(sections({{"+14155550191", "+14155550192"},
                                    {"+14155550192", "+14155550193"},
                                    {"+14155550193", "+14155550100"}})),
              Not(HasSubstr("in a circle")));
}

// Two Locations, of two virtual hosts.
TEST(ConfigurationWarning, NumbersOfTwoServersThatCallEachOther) {
  const auto host = [](const std::string& name, const std::string& number,
                       const std::string& target) {
    return "<VirtualHost *:80>\nServerName " + name + "\nPlivoPublicURL https://" + name +
           "\n<Location \"/d\">\nSetHandler plivo-dial\n<PlivoNumber " + number +
           ">\nPlivoSpeak Hello\nPlivoDial +14155550100\nPlivoDial " + target +
           "\n</PlivoNumber>\n</Location>\n</VirtualHost>\n";
  };
  EXPECT_THAT(warnings_of(host("a.example", "+14155550191", "+14155550192") +
                          host("b.example", "+14155550192", "+14155550191")),
              HasSubstr("in a circle, +14155550191 > +14155550192 > +14155550191"));
}

// Each is allowed, and costs a call or its caller's patience.
TEST(ConfigurationWarning, WhatPlivoTakesAndCallsSufferFrom) {
  const struct {
    const char* line;
    const char* words;
  } cases[] = {
      {"PlivoPlay http://h.example/a.mp3",
       "PlivoPlay: the URL \"http://h.example/a.mp3\" is not https"},
      {"PlivoPlay https://h.example/a.ogg", "of type ogg"},
      {"PlivoPlay https://h.example/a?x=1&amp;y=2", "the URL holds \"&amp;\""},
      {"PlivoSpeak \"Hello <break/> there\"", "PlivoSpeak: the text holds the tag \"<break/>\""},
      {"PlivoSpeak \"Tom &amp; Jerry\"", "the text holds \"&amp;\""},
      {"PlivoSpeak \u201CHello\u201D", "typographic quote"},
      {"PlivoSpeak Hej voice=MAN language=sv-SE", "voice=MAN does not speak sv-SE"},
      {"PlivoVoicemail On say=Oi language=pt-PT",
       "PlivoVoicemail: voice=WOMAN does not speak pt-PT"},
      {"PlivoVoicemail On play=http://h.example/a.mp3", "PlivoVoicemail: the URL"},
      {"PlivoVoice voice=Polly.Amy language=en-US",
       "PlivoVoice: voice=Polly.Amy does not speak en-US"},
      {"PlivoDial +14155550101 callType=whatsapp", "reaches +14155550101 on WhatsApp only"},
      {"PlivoDial \"sip:a@h\" callType=whatsapp machineDetection=true", "no machine detection"},
      {"PlivoDialDefault action=https://h.example/x?a=1&amp;b=2", "action holds \"&amp;\""},
  };
  for (const auto& [line, words] : cases) {
    EXPECT_THAT(warnings_of(std::string("PlivoPublicURL https://h\n<Location \"/d\">\n"
                                        "SetHandler plivo-dial\nPlivoDial +14155550100\n") +
                            line + "\n</Location>\n"),
                AllOf(HasSubstr(words), HasSubstr("httpd.conf:")))
        << line;
  }
}

// In <PlivoNumber> as in the Location.
TEST(ConfigurationWarning, OfANumbersOwnSentences) {
  EXPECT_THAT(warnings_of("PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler plivo-dial\n"
                          "PlivoDial +14155550100\n<PlivoNumber +14155550199>\n"
                          "PlivoSpeak Hej voice=MAN language=da-DK\n"
                          "PlivoVoicemail On say=Hej voice=MAN language=sv-SE\n"
                          "</PlivoNumber>\n</Location>\n"),
              AllOf(HasSubstr("voice=MAN does not speak da-DK"),
                    HasSubstr("PlivoVoicemail: voice=MAN does not speak sv-SE")));
}

TEST(ConfigurationWarning, OfAFallbackDocument) {
  HttpdServer server;
  server.files().write_file("conf/silent.xml", "<Response>\n<Hangup/></Response>", 0644);
  server.files().write_file("conf/newer.xml",
                            "<Response>\n<Speak tone='warm'>Sorry</Speak></Response>", 0644);
  const auto warnings = [&](const std::string& file) {
    return server
        .configtest(kWarnedServer + ("PlivoFallback \"${ROOT}/conf/" + file + "\"\n") +
                    "<Location \"/d\">\nSetHandler plivo-dial\nPlivoSpeak Hello\n"
                    "</Location>\n")
        .output;
  };
  EXPECT_THAT(warnings("silent.xml"),
              AllOf(HasSubstr("PlivoFallback: "), HasSubstr("line 1: the document says nothing")));
  EXPECT_THAT(warnings("newer.xml"),
              AllOf(HasSubstr("line 2: Speak has no attribute \"tone\""), HasSubstr("Syntax OK")));
}

TEST(ConfigurationWarning, ShellWordsOfAHook) {
  EXPECT_THAT(warnings_of("PlivoEventSink all \"exec:/bin/cat > /tmp/calls\"\n"
                          "<Location \"/d\">\nSetHandler plivo-dial\nPlivoSpeak Hello\n"
                          "</Location>\n"),
              HasSubstr("PlivoEventSink all: '>' is an argument of '/bin/cat'"));
}

TEST(ConfigurationWarning, TokensThatCanBeNone) {
  HttpdServer server;
  const std::string configuration =
      "PlivoAccount main MAXXXXXXXXXXXXXXXXXX \"file:${ROOT}/conf/a.token\" "
      "\"file:${ROOT}/conf/b.token\"\nPlivoPublicURL https://h\n<Location \"/d\">\n"
      "SetHandler plivo-dial\nPlivoSpeak Hello\n</Location>\n";
  server.files().write_file("conf/a.token", "\"N2JkYjE0ZmUtYWM0MC00ZTFiLThlM2UtZTAzMjQ1\"\n", 0600);
  server.files().write_file("conf/b.token", "PLIVO_AUTH_TOKEN=N2JkYjE0ZmUtYWM0MC00ZTFiLThl\n",
                            0600);
  const CommandResult result =
      server.configtest("PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher Off\n" + configuration);
  EXPECT_EQ(result.exit_code, 0) << result.output;
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("PlivoAccount main: "), HasSubstr("a.token\" has quotes"),
                    HasSubstr("PlivoAccount main (previous token): "),
                    HasSubstr("has a name in front"), Not(HasSubstr("N2Jk"))));
}

TEST(ConfigurationWarning, AHandlerThatNobodyHas) {
  const std::string location = "PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler ";
  for (const char* handler : {"plivo_dial", "plivodial", "plivo-dail"}) {
    EXPECT_THAT(warnings_of(location + handler + "\nPlivoDial +14155550100\n</Location>\n"),
                HasSubstr(std::string("SetHandler ") + handler +
                          ": no module has this handler; did you "
                          "mean plivo-dial?"));
  }
  EXPECT_THAT(warnings_of(location + "Plivo-Dial\nPlivoDial +14155550100\n</Location>\n" +
                          "<Location \"/status\">\nSetHandler server-status\n</Location>\n"),
              Not(HasSubstr("did you mean plivo-dial")));
}

// action= that stays with an endpoint for it is nobody's fault.
TEST(ConfigurationWarning, ActionOfAnEndpointForIt) {
  for (const char* action : {"https://h/d/action", "https://h/other", "https://h/d",
                             "https://other.example/d/hangup", "https://h/dx/hangup"}) {
    EXPECT_THAT(warnings_of(std::string("PlivoPublicURL https://h\n<Location \"/d\">\n"
                                        "SetHandler plivo-dial\nPlivoDial +14155550100 action=") +
                            action +
                            "\n</Location>\n<Location \"/other\">\n"
                            "SetHandler plivo-dial\nPlivoEndpoint action\n</Location>\n"),
                HasSubstr("Syntax OK"))
        << action;
  }
}

TEST(ConfigurationWarning, RedirectFalseBeforeVoicemail) {
  EXPECT_THAT(
      warnings_of("PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler plivo-dial\n"
                  "PlivoDial +14155550100 redirect=false\nPlivoVoicemail On\n</Location>\n"),
      HasSubstr("PlivoVoicemail is never reached"));
}

TEST(ConfigurationWarning, VoicemailAloneIsAPlan) {
  EXPECT_THAT(warnings_of("PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler plivo-dial\n"
                          "PlivoVoicemail On\n</Location>\n"),
              testing::Not(HasSubstr("no plan")));
}

TEST(ConfigurationWarning, PublicUrlWithoutTlsNamesItsOwnLine) {
  const std::string location =
      "<Location \"/d\">\nSetHandler plivo-dial\nPlivoDial +14155550100\n</Location>\n";
  HttpdServer server;
  const CommandResult result =
      server.configtest(kWarnedServer + ("PlivoPublicURL http://pbx.example.com\n" + location));
  const std::string text = read_file(server.root() + "/conf/httpd.conf");
  const auto line =
      1 +
      std::count(text.begin(), text.begin() + static_cast<long>(text.find("PlivoPublicURL")), '\n');
  EXPECT_THAT(result.output, HasSubstr("httpd.conf:" + std::to_string(line) +
                                       ": PlivoPublicURL http://pbx.example.com is not https"));
  EXPECT_THAT(warnings_of("PlivoPublicURL http://127.0.0.1:8080\n" + location),
              Not(HasSubstr("is not https")));
}

TEST(ConfigurationWarning, PublicUrlWithThePathOfTheLocation) {
  EXPECT_THAT(warnings_of("PlivoPublicURL https://h/dial\n<Location \"/dial\">\n"
                          "SetHandler plivo-dial\nPlivoDial +14155550100\n</Location>\n"),
              HasSubstr("warning: "));
  EXPECT_THAT(warnings_of("PlivoPublicURL https://h/dial\n<Location \"/dial\">\n"
                          "SetHandler plivo-dial\nPlivoDial +14155550100\n</Location>\n"),
              HasSubstr("https://h/dial/dial/action; write https://h"));
}

TEST(ConfigurationWarning, PlanWithoutHandler) {
  const std::string plan = "PlivoPublicURL https://h\n<Location \"/d\">\nPlivoDial +14155550100\n";
  const char* const words = "has a plan, but no SetHandler plivo-dial";
  EXPECT_THAT(warnings_of(plan + "</Location>\n"), HasSubstr(words));
  EXPECT_THAT(warnings_of(plan + "SetHandler plivo_dial\n</Location>\n"), HasSubstr(words));
  EXPECT_THAT(warnings_of(plan + "SetHandler plivo-dial\n</Location>\n"), Not(HasSubstr(words)));
}

// Only a request tells what it gives.
TEST(ConfigurationWarning, HandlerByAnExpressionIsNotJudged) {
  const std::string plan = "PlivoPublicURL https://h\n<Location \"/d\">\nPlivoDial +14155550100\n";
  const std::string end = "</Location>\n";
  const auto unwarned = AllOf(Not(HasSubstr("but no SetHandler")), Not(HasSubstr("overrides")));
  for (const std::string expression :
       {"%{tolower:PLIVO-DIAL}", "%{env:calls}", "plivo-%{tolower:DIAL}"}) {
    const std::string set = "SetHandler \"" + expression + "\"\n";
    EXPECT_THAT(warnings_of(plan + set + end), unwarned) << expression;
    EXPECT_THAT(warnings_of("<Location \"/\">\n" + set + end + plan + end), unwarned) << expression;
    EXPECT_THAT(
        warnings_of(plan + "SetHandler plivo-dial\n" + end + "<Location \"/\">\n" + set + end),
        unwarned)
        << expression;
  }
}

// What is behind our Location decides about its handler.
struct Taker {
  const char* name;
  const char* section;  // in front of "</...>" stands its SetHandler
  const char* end;
  const char* words;  // of the warning; "" for none
};

class LaterHandler : public testing::TestWithParam<Taker> {};

TEST_P(LaterHandler, IsWarnedOfWhereItTakesRequests) {
  const Taker& taker = GetParam();
  const std::string ours =
      "PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler plivo-dial\n"
      "PlivoDial +14155550100\n</Location>\n";
  const std::string theirs = std::string(taker.section) + "\nSetHandler x\n" + taker.end + "\n";
  const std::string taken = "overrides SetHandler plivo-dial of <Location \"/d\"> (";
  const std::string behind = warnings_of(ours + theirs);
  if (*taker.words == '\0') {
    EXPECT_THAT(behind, Not(HasSubstr(taken)));
    return;
  }
  EXPECT_THAT(behind,
              AllOf(HasSubstr("SetHandler x in "), HasSubstr(taken), HasSubstr(taker.words)));
  EXPECT_EQ(behind.find(taken), behind.rfind(taken)) << behind;  // once
}

INSTANTIATE_TEST_SUITE_P(
    , LaterHandler,
    testing::Values(Taker{"Wider", "<Location \"/\">", "</Location>",
                          "requests for /d do not reach the module; move that section in front of"},
                    Taker{"Same", "<Location \"/d\">", "</Location>", "requests for /d do not"},
                    Taker{"Wildcard", "<Location \"/?\">", "</Location>", "requests for /d do not"},
                    Taker{"Match", "<LocationMatch \"^/[a-d](/|$)\">", "</LocationMatch>",
                          "requests for /d do not"},
                    Taker{"Tilde", "<Location ~ \"/callback$\">", "</Location>",
                          "requests for /d/callback do not"},
                    Taker{"OfOneEndpoint", "<Location \"/d/action\">", "</Location>",
                          "requests for /d/action do not"},
                    Taker{"Condition", "<If \"true\">", "</If>", "leave them out of the condition"},
                    Taker{"ConditionInTheLocation", "<Location \"/\">\n<If \"true\">",
                          "</If>\n</Location>", "leave them out of the condition"},
                    Taker{"OfAVirtualHost", "<VirtualHost *:80>\n<Location \"/\">",
                          "</Location>\n</VirtualHost>",
                          "in this virtual host; repeat the <Location \"/d\">"},
                    Taker{"Beside", "<Location \"/dx\">", "</Location>", ""},
                    Taker{"BelowWhatIsNoEndpoint", "<Location \"/d/help\">", "</Location>", ""},
                    Taker{"OfFiles", "<Directory \"/\">", "</Directory>", ""},
                    Taker{"OfFilesByName", "<FilesMatch \"^d\">", "</FilesMatch>", ""}),
    [](const testing::TestParamInfo<Taker>& taker) { return std::string(taker.param.name); });

// Access rules that keep out Plivo, too.
struct Fence {
  const char* name;
  const char* rules;  // behind our Location
  const char* words;  // of the warning; "" for none
};

class AccessRule : public testing::TestWithParam<Fence> {};

TEST_P(AccessRule, IsWarnedOfWhereItShutsPlivoOut) {
  const std::string text = warnings_of(
      "PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler plivo-dial\n"
      "PlivoDial +14155550100\n</Location>\n" +
          std::string(GetParam().rules),
      {"authz_host", "authz_user"});
  if (*GetParam().words == '\0') {
    EXPECT_THAT(text, Not(HasSubstr("shuts Plivo out")));
    return;
  }
  EXPECT_THAT(text, AllOf(HasSubstr("shuts Plivo out"), HasSubstr(GetParam().words),
                          HasSubstr("write Require all granted into the <Location \"/d\">")));
  EXPECT_EQ(text.find("shuts Plivo out"), text.rfind("shuts Plivo out")) << text;
}

#define EVERYWHERE(rules) "<Location \"/\">\n" rules "\n</Location>\n"
#define HERE(rules) "<Location \"/d\">\n" rules "\n</Location>\n"

INSTANTIATE_TEST_SUITE_P(
    , AccessRule,
    testing::Values(
        Fence{"Everywhere", EVERYWHERE("Require all denied"),
              "Require all denied in <Location \"/\"> shuts Plivo out: its requests for /d are "
              "refused with 403"},
        Fence{"Here", HERE("require all denied"), "requests for /d are refused"},
        Fence{"OfAnEndpoint", "<Location \"/d/action\">\nRequire all denied\n</Location>\n",
              "requests for /d/action are refused"},
        Fence{"ByPattern", "<LocationMatch \"^/\">\nRequire all denied\n</LocationMatch>\n",
              "requests for /d are refused"},
        Fence{"Password", EVERYWHERE("Require valid-user"), "are asked for a password (401)"},
        Fence{"User", EVERYWHERE("Require user plivo"), "are asked for a password (401)"},
        Fence{"All",
              EVERYWHERE("<RequireAll>\nRequire ip 192.0.2.1\nRequire valid-user\n</RequireAll>"),
              "Require valid-user in"},
        Fence{"Any", EVERYWHERE("<RequireAny>\nRequire all denied\nRequire user x\n</RequireAny>"),
              "Require all denied in"},
        Fence{"OfAVirtualHost",
              "<VirtualHost *:80>\n" EVERYWHERE("Require all denied") "</VirtualHost>\n",
              "requests for /d are refused"},
        Fence{"Granted", EVERYWHERE("Require all granted"), ""},
        Fence{"GrantedBehind", EVERYWHERE("Require all denied") HERE("Require all granted"), ""},
        Fence{"Address", EVERYWHERE("Require ip 192.0.2.1"), ""},
        Fence{"AddressOrPassword", EVERYWHERE("Require ip 192.0.2.1\nRequire valid-user"), ""},
        Fence{"Not",
              EVERYWHERE("<RequireAll>\nRequire all granted\nRequire not ip 192.0.2.1\n"
                         "</RequireAll>"),
              ""},
        Fence{"InSomeCases", EVERYWHERE("<If \"true\">\nRequire all denied\n</If>"), ""},
        Fence{"OfAMethod", EVERYWHERE("<Limit PUT>\nRequire all denied\n</Limit>"), ""},
        Fence{"Merged", EVERYWHERE("AuthMerging Or\nRequire all denied"), ""},
        Fence{"Beside", "<Location \"/dx\">\nRequire all denied\n</Location>\n", ""},
        Fence{"OfFiles", "<Directory \"/\">\nRequire all denied\n</Directory>\n", ""}),
    [](const testing::TestParamInfo<Fence>& fence) { return std::string(fence.param.name); });

// Of before httpd 2.4.
TEST(ConfigurationWarning, AccessRulesOfModAccessCompatThatShutPlivoOut) {
  const auto said = [](const std::string& rules) {
    return warnings_of(
        "PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler plivo-dial\n"
        "PlivoDial +14155550100\n</Location>\n<Location \"/\">\n" +
            rules + "\n</Location>\n",
        {"access_compat"});
  };
  const auto warned = HasSubstr("shuts Plivo out: its requests for /d are refused with 403");
  EXPECT_THAT(said("Order deny,allow\nDeny from all"),
              AllOf(warned, HasSubstr("deny from all in")));
  EXPECT_THAT(said("Order allow,deny"), warned);
  EXPECT_THAT(said("Order allow,deny\nAllow from all\nDeny from all"), warned);
  EXPECT_THAT(said("Order deny,allow\nDeny from all\nAllow from 192.0.2.1"), Not(warned));
  EXPECT_THAT(said("Order allow,deny\nAllow from all"), Not(warned));
  EXPECT_THAT(said("Satisfy Any\nOrder deny,allow\nDeny from all"), Not(warned));
}

// Rules that somebody wrote to keep others out of our Location, and that do nothing there.
TEST(ConfigurationWarning, RulesThatDoNothing) {
  const auto site = [](const std::string& rule, const std::string& path) {
    return "PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler plivo-dial\n"
           "PlivoDial +14155550100\n</Location>\n<Location \"" +
           path + "\">\n" + rule + "\n</Location>\n";
  };
  const std::string words = " in <Location \"/d\"> does nothing";
  EXPECT_THAT(warnings_of(site("RewriteEngine On\nRewriteRule ^ - [F]", "/d")),
              AllOf(HasSubstr("RewriteRule" + words), HasSubstr("Require ip")));
  EXPECT_THAT(warnings_of(site("RewriteEngine On\nRewriteRule ^ - [E=mark:1]", "/d")),
              HasSubstr("RewriteRule" + words));
  EXPECT_THAT(warnings_of(site("Redirect 403 /d", "/d")), HasSubstr("Redirect" + words));
  EXPECT_THAT(warnings_of(site("RedirectMatch 410 ^/d", "/d")), HasSubstr("RedirectMatch" + words));
  for (const char* path : {"/", "/other"}) {
    EXPECT_THAT(warnings_of(site("RewriteEngine On\nRewriteRule ^ - [F]", path)),
                Not(HasSubstr("does nothing")));
  }
}

TEST(ConfigurationWarning, HandlerThatIsOverriddenAgain) {
  const std::string ours =
      "<Location \"/d\">\nSetHandler Plivo-Dial\nPlivoDial +14155550100\n</Location>\n";
  const std::string other = "<Location \"/\">\nSetHandler none\n</Location>\n";
  EXPECT_THAT(warnings_of("PlivoPublicURL https://h\n" + other + ours),
              AllOf(Not(HasSubstr("overrides")), Not(HasSubstr("but no SetHandler"))));
  EXPECT_THAT(warnings_of("PlivoPublicURL https://h\n" + ours + other), HasSubstr("overrides"));
  EXPECT_THAT(warnings_of("PlivoPublicURL https://h\n" + ours + other +
                          "<Location \"/d\">\nSetHandler plivo-dial\n</Location>\n"),
              Not(HasSubstr("overrides")));
}

TEST(ConfigurationWarning, NoPlanForOtherNumbers) {
  const std::string numbers =
      "PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler plivo-dial\n"
      "<PlivoNumber +14155550199>\nPlivoDial +14155550100\n</PlivoNumber>\n";
  EXPECT_THAT(warnings_of(numbers + "</Location>\n"), HasSubstr("add <PlivoNumber default>"));
  EXPECT_THAT(warnings_of(numbers + "<PlivoNumber Default>\nPlivoSpeak \"Not in service\"\n"
                                    "</PlivoNumber>\n</Location>\n"),
              Not(HasSubstr("no plan")));
}

TEST(ConfigurationWarning, HandlerWithoutPlan) {
  EXPECT_THAT(warnings_of("<Location \"/d\">\nSetHandler plivo-dial\n</Location>\n"),
              HasSubstr("<Location \"/d\"> has SetHandler plivo-dial and no plan"));
  EXPECT_THAT(warnings_of("<Location \"/d\">\nSetHandler plivo-dial\nPlivoEndpoint hangup\n"
                          "</Location>\n"),
              Not(HasSubstr("no plan")));
  EXPECT_THAT(warnings_of("<Location \"/d\">\nPlivoSpeak Hello\n</Location>\n"
                          "<Location \"/d/e\">\nSetHandler plivo-dial\n</Location>\n"),
              Not(HasSubstr("no plan")));
}

}  // namespace
}  // namespace plivo_dial::test
