// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/init/init_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "mod_plivo_dial/ctl/init/init_places.h"
#include "tests/unit/ctl/command_runner.h"

namespace plivo_dial::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(InitUrl, HasTheUsualPathWhereItNamesNone) {
  InitSettings settings;
  for (const char* url : {"https://pbx.example.com", "https://pbx.example.com/"}) {
    ASSERT_TRUE(set_url(url, settings).ok()) << url;
    EXPECT_EQ(settings.public_url, "https://pbx.example.com");
    EXPECT_EQ(settings.path, "/dialstatus");
  }
}

TEST(InitUrl, IsTheAnswerUrl) {
  InitSettings settings;
  ASSERT_TRUE(set_url("https://pbx.example.com:8443/plivo/voice/", settings).ok());
  EXPECT_EQ(settings.public_url, "https://pbx.example.com:8443");
  EXPECT_EQ(settings.path, "/plivo/voice");
  EXPECT_EQ(answer_url(settings), "https://pbx.example.com:8443/plivo/voice");
}

TEST(InitUrl, IsRefusedWhereTheConfigurationCouldNotHoldIt) {
  InitSettings settings;
  for (const char* url :
       {"pbx.example.com", "ftp://pbx.example.com", "https://pbx.example.com/a?b=c",
        "https://u@pbx.example.com", "https://pbx.example.com/a\"b", "https://pbx.example.com/${A}",
        "https://pbx.example.com/a/../b", "https://pbx.example.com/a//b",
        "https://pbx.example.com/a%20b"}) {
    EXPECT_FALSE(set_url(url, settings).ok()) << url;
  }
}

TEST(InitStages, KeepWhatPlivoDialTakes) {
  InitSettings settings;
  ASSERT_TRUE(add_stage("+14155550100", settings).ok());
  ASSERT_TRUE(add_stage("+14155550122, sip:alice@phone.plivo.com", settings).ok());
  ASSERT_TRUE(add_stage("+14155550111 sendDigits=wwww2410", settings).ok());
  EXPECT_THAT(settings.stages, ElementsAre("+14155550100", "+14155550122 sip:alice@phone.plivo.com",
                                           "\"+14155550111 sendDigits=wwww2410\""));
}

TEST(InitStages, AreRefusedInTheWordsOfConfigtest) {
  InitSettings settings;
  EXPECT_THAT(add_stage("4155550100", settings).error().message,
              HasSubstr("the country code is missing"));
  EXPECT_FALSE(add_stage("", settings).ok());
  EXPECT_FALSE(add_stage("+14155550100,", settings).ok());
  EXPECT_FALSE(add_stage("timeout=20", settings).ok());
  // The same number twice in one line.
  EXPECT_FALSE(add_stage("+14155550100,+14155550100", settings).ok());
  EXPECT_TRUE(settings.stages.empty());
  EXPECT_THAT(set_number("415", settings).error().message, HasSubstr("E.164"));
}

TEST(InitAuthId, IsNotShownWhereItIsWrong) {
  EXPECT_TRUE(check_auth_id_of_account("MAXXXXXXXXXXXXXXXXXX").ok());
  EXPECT_TRUE(check_auth_id_of_account("SAXXXXXXXXXXXXXXXXXX").ok());
  for (const char* wrong : {"", "MA", "XXXXXXXXXX", "MA XXX", "MAXXX\nPlivoSignature Off"}) {
    const Result<void> checked = check_auth_id_of_account(wrong);
    ASSERT_FALSE(checked.ok()) << wrong;
  }
  EXPECT_THAT(check_auth_id_of_account("c2VjcmV0VG9rZW4").error().message,
              Not(HasSubstr("c2VjcmV0VG9rZW4")));
}

TEST(InitToken, IsOneLineOfPrintableAscii) {
  EXPECT_TRUE(check_token_text("c2VjcmV0VG9rZW4", "MAX1").ok());
  EXPECT_THAT(check_token_text("", "MAX1").error().message, HasSubstr("no Auth Token"));
  EXPECT_THAT(check_token_text("MAX1", "MAX1").error().message, HasSubstr("same as the Auth ID"));
  EXPECT_THAT(check_token_text("\"c2VjcmV0\"", "MAX1").error().message, HasSubstr("has quotes"));
  EXPECT_THAT(check_token_text("PLIVO_AUTH_TOKEN=c2VjcmV0", "MAX1").error().message,
              HasSubstr("has a name in front of the token"));
  EXPECT_THAT(check_token_text("MAXXXXXXXXXXXXXXXXXX", "MAX1").error().message,
              HasSubstr("holds an Auth ID"));
  const Result<void> strange = check_token_text(
      "c2Vj\x01"
      "cmV0",
      "MAX1");
  ASSERT_FALSE(strange.ok());
  EXPECT_THAT(strange.error().message, Not(HasSubstr("c2Vj")));
}

TEST(InitPlaces, AreThoseOfTheDistribution) {
  const TemporaryFiles files;
  const std::string root = std::filesystem::path(files.write("x", "")).parent_path();
  EXPECT_FALSE(places_of_distribution(root).has_value());
  EXPECT_THAT(choose_places("", "", root).error().message, HasSubstr("--config FILE"));

  std::filesystem::create_directories(root + "/etc/httpd/conf.d");
  const auto fedora = places_of_distribution(root);
  ASSERT_TRUE(fedora.has_value());
  EXPECT_EQ(fedora->configuration, root + "/etc/httpd/conf.d/plivo-calls.conf");
  EXPECT_EQ(fedora->token_file, root + "/etc/httpd/plivo/main.token");
  EXPECT_THAT(commands_to_enable(*fedora),
              ElementsAre("apachectl configtest && apachectl graceful"));

  std::filesystem::create_directories(root + "/etc/apache2/conf-available");
  const auto debian = places_of_distribution(root);
  ASSERT_TRUE(debian.has_value());
  EXPECT_EQ(debian->configuration, root + "/etc/apache2/conf-available/plivo-calls.conf");
  EXPECT_EQ(debian->token_file, root + "/etc/apache2/plivo/main.token");
  EXPECT_THAT(commands_to_enable(*debian),
              ElementsAre("a2enmod plivo_dial", "a2enconf plivo-calls",
                          "apachectl configtest && apachectl graceful"));
}

TEST(InitPlaces, KnowAModuleThatIsEnabled) {
  const TemporaryFiles files;
  const std::string root = std::filesystem::path(files.write("x", "")).parent_path();
  std::filesystem::create_directories(root + "/etc/apache2/conf-available");
  std::filesystem::create_directories(root + "/etc/apache2/mods-enabled/plivo_dial.load");
  EXPECT_THAT(commands_to_enable(*places_of_distribution(root)),
              ElementsAre("a2enconf plivo-calls", "apachectl configtest && apachectl graceful"));
}

TEST(InitPlaces, AreWhatWasSaid) {
  const auto places = choose_places("/srv/httpd/calls.conf", "/srv/httpd/./token", "/nowhere");
  ASSERT_TRUE(places.ok()) << places.error().message;
  EXPECT_EQ(places->configuration, "/srv/httpd/calls.conf");
  EXPECT_EQ(places->token_file, "/srv/httpd/token");
  EXPECT_THAT(commands_to_enable(*places)[0], HasSubstr("Include /srv/httpd/calls.conf"));
  EXPECT_FALSE(choose_places("/srv/\"${X}", "/srv/token", "/nowhere").ok());
}

}  // namespace
}  // namespace plivo_dial::ctl
