// Which Location a URL of a directive leads to.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/settings/config_manifest.h"
#include "mod_plivo_dial/ctl/doctor/doctor_urls.h"

namespace plivo_dial::ctl {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ManifestLocation location_at(const std::string& path) {
  ManifestLocation location;
  location.path = path;
  location.endpoint = "answer";
  location.public_url = "https://pbx.example.com";
  return location;
}

std::vector<std::string> named(const ConfigManifest& config, std::size_t index) {
  std::vector<std::string> found;
  for (const NamedUrl& url : named_urls_in(config, config.locations[index])) {
    found.push_back(url.suffix + " " + url.endpoint);
  }
  return found;
}

std::vector<std::string> others(const ConfigManifest& config, std::size_t index) {
  std::vector<std::string> found;
  for (const ManifestUrl& url : urls_of_others(config, config.locations[index])) {
    found.push_back(url.url);
  }
  return found;
}

TEST(NamedUrls, LeadIntoTheLocationThatSaysTheMost) {
  ConfigManifest config;
  config.locations = {location_at("/dial"), location_at("/dial/night"), location_at("/dialstatus")};
  config.locations[0].own_urls = {
      {"action", "action", "https://pbx.example.com/dial/night/action"},
      {"callbackUrl", "callback", "https://pbx.example.com/dialstatus/x?a=1"},
      {"action", "action", "https://pbx.example.com/dial/night"}};
  EXPECT_THAT(named(config, 0), IsEmpty());
  EXPECT_THAT(named(config, 1), ElementsAre(" action")) << "/action is asked there anyway";
  EXPECT_THAT(named(config, 2), ElementsAre("/x?a=1 callback"));
  EXPECT_THAT(others(config, 0), IsEmpty());
}

TEST(NamedUrls, AreAskedWhereTheUsualQuestionIsAnother) {
  ConfigManifest config;
  config.locations = {location_at("/dial"), location_at("/report")};
  config.locations[1].endpoint = "callback";
  config.locations[0].own_urls = {{"action", "action", "https://pbx.example.com/dial/callback"},
                                  {"callbackUrl", "callback", "https://pbx.example.com/report"},
                                  {"action", "action", "https://pbx.example.com/report"},
                                  {"action", "action", "https://pbx.example.com/report"}};
  EXPECT_THAT(named(config, 0), ElementsAre("/callback action"));
  EXPECT_THAT(named(config, 1), ElementsAre(" action"));
}

TEST(NamedUrls, OfOtherProgramsAreThoseOnTheServer) {
  ConfigManifest config;
  config.locations = {location_at("/dial")};
  config.locations[0].own_urls = {{"action", "action", "https://pbx.example.com/crm/action.php"},
                                  {"action", "action", "https://pbx.example.community/x"},
                                  {"callbackUrl", "callback", "https://crm.example.com/leg"},
                                  {"action", "action", "https://pbx.example.com/dialogue"}};
  EXPECT_THAT(named(config, 0), IsEmpty());
  EXPECT_THAT(others(config, 0), ElementsAre("https://pbx.example.com/crm/action.php",
                                             "https://pbx.example.com/dialogue"));
  config.locations[0].served = false;
  config.locations[0].own_urls = {{"action", "action", "https://pbx.example.com/dial/action"}};
  EXPECT_THAT(named(config, 0), IsEmpty());
}

TEST(NamedUrls, OfARootLocationKeepTheirSlash) {
  ConfigManifest config;
  config.locations = {location_at("/")};
  config.locations[0].own_urls = {{"action", "action", "https://pbx.example.com/next"}};
  EXPECT_THAT(named(config, 0), ElementsAre("/next action"));
}

}  // namespace
}  // namespace plivo_dial::ctl
