// SPDX-License-Identifier: Apache-2.0
#include "lib/settings/config_manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/ctl/httpd/manifest_sample.h"

namespace plivo_dial {
namespace {

using ctl::output_with;
using ctl::sample_manifest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

ConfigManifest full_manifest() {
  ConfigManifest manifest = sample_manifest();
  manifest.neighbours = {{"security2", false}, {"remoteip", true}};
  manifest.dispatcher_settings = {"keep=60", "minFree=100"};
  manifest.locations[1].plans[1].follow_ups = {"busy hangup  (/etc/b.conf:9)"};
  ManifestLocation& first = manifest.locations[0];
  first.accounts = {{"main", "MAXXXXXXXXXXXXXXXXXX", "/etc/main.token", "", "/etc/a.conf:7"},
                    {"shop", "SAXXXXXXXXXXXXXXXXXX", "/etc/shop", "/etc/old", "/etc/a.conf:8"}};
  first.own_urls = {{"action", "action", "https://pbx.example.com/own/action"}};
  ManifestLocation& flow = manifest.locations[2];
  flow.served = false;
  flow.secret_file = "/etc/flow.secret";
  flow.secret_position = "/etc/c.conf:5";
  return manifest;
}

std::optional<ConfigManifest> read_back(const ConfigManifest& manifest) {
  Result<std::optional<ConfigManifest>> read = find_manifest(output_with(manifest));
  EXPECT_TRUE(read.ok());
  return read ? std::move(*read) : std::nullopt;
}

// Whatever a person sees, a program reads.
TEST(ConfigManifest, ComesBackFromItsJson) {
  const ConfigManifest manifest = full_manifest();
  const std::optional<ConfigManifest> read = read_back(manifest);
  ASSERT_TRUE(read);
  EXPECT_EQ(to_text(*read), to_text(manifest));
  EXPECT_EQ(to_json(*read), to_json(manifest));
  ASSERT_EQ(read->locations.size(), 3u);
  EXPECT_EQ(read->locations[0].accounts[1].previous_token_file, "/etc/old");
  EXPECT_EQ(read->locations[0].own_urls[0].endpoint, "action");
  EXPECT_THAT(read->locations[1].plans[1].follow_ups, ElementsAre("busy hangup  (/etc/b.conf:9)"));
  EXPECT_THAT(read->dispatcher_settings, ElementsAre("keep=60", "minFree=100"));
  EXPECT_THAT(read->sinks[1].arguments,
              ElementsAre("crm", "exec:/bin/cat 'two words'", "events=call.hangup,dial.result",
                          "timeout=10"));
}

TEST(ConfigManifest, ShowsPeopleEachLine) {
  const std::string text = to_text(full_manifest());
  for (const char* line :
       {"Plivo configuration:\n",
        "  user www-data\n",
        "  spool /var/lib/plivo-dial, keeps 100 bytes free, waits 5 s for the disk, failure serve  "
        "(built in)\n",
        "  status file /run/apache2/plivo-dial.0a1b2c3d.status\n",
        "  dispatcher On /usr/sbin/plivo-diald  (built in)\n    settings keep=60 minFree=100\n",
        "      on busy hangup  (/etc/b.conf:9)\n",
        "  sink log: syslog at /dev/log  (/etc/a.conf:1)\n",
        "    PlivoEventSink crm \"exec:/bin/cat 'two words'\" events=call.hangup,dial.result "
        "timeout=10\n",
        "  beside security2, as it comes\n",
        "  beside remoteip\n",
        "  main server <Location \"/dialstatus\">  (/etc/a.conf:9)\n",
        "    endpoint answer, public URL https://pbx.example.com, signature Require, largest body "
        "65536 bytes\n",
        "    reached at 127.0.0.1:80\n",
        "    account shop SAXXXXXXXXXXXXXXXXXX, token in /etc/shop, previous token in /etc/old  "
        "(/etc/a.conf:8)\n",
        "    fallback document  (/etc/a.conf:10)\n",
        "    plan +14155550199  (/etc/a.conf:12)\n",
        "      stage 1  (/etc/a.conf:13)\n",
        "        dial: timeout=20\n",
        "      nobody reached: voicemail  (/etc/a.conf:21)\n",
        "        record maxLength=120\n",
        "      rings for at most 50 s\n",
        "    no SetHandler plivo-dial: requests do not reach the module\n",
        "    event secret in /etc/flow.secret, sent as bearer token or basic password  "
        "(/etc/c.conf:5)\n",
        "    reached at no address\n",
        "      no stages: nobody is dialled\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

// What is shown behind the first line that says `from`.
std::string shown_from(const std::string& from, const ManifestPlan& plan) {
  ConfigManifest manifest;
  manifest.used = true;
  manifest.locations.resize(1);
  manifest.locations[0].plans = {plan};
  const std::string text = to_text(manifest);
  return text.substr(std::min(text.find(from), text.size()));
}

// To the line: what a plan has, and nothing else.
TEST(ConfigManifest, ShowsOfAPlanWhatItHas) {
  ManifestPlan plan;
  plan.name = "+14155550199";
  plan.position = "/etc/a.conf:12";
  EXPECT_EQ(shown_from("    plan ", plan),
            "    plan +14155550199  (/etc/a.conf:12)\n      no stages: nobody is dialled\n");
  plan.prompts = {"wait 1 s"};
  plan.stages = {{"/etc/a.conf:13", {"+14155550100"}, ""}, {"/etc/a.conf:14", {}, "timeout=20"}};
  plan.every_dial = "timeout=30";
  plan.caller_id = "the caller's number";
  plan.not_reached = "hangs up";
  plan.longest_ringing = "50 s";
  plan.action = "https://pbx/action";
  plan.callback = "https://pbx/callback";
  EXPECT_EQ(shown_from("    plan ", plan),
            "    plan +14155550199  (/etc/a.conf:12)\n      wait 1 s\n"
            "      stage 1  (/etc/a.conf:13)\n        +14155550100\n"
            "      stage 2  (/etc/a.conf:14)\n        dial: timeout=20\n"
            "      every dial: timeout=30\n      caller id: the caller's number\n"
            "      nobody reached: hangs up\n      rings for at most 50 s\n"
            "      action https://pbx/action\n      callback https://pbx/callback\n");
  plan.error = "plan +14155550199: cannot be made";
  EXPECT_EQ(shown_from("    plan ", plan), "    plan +14155550199: cannot be made\n");
}

TEST(ConfigManifest, SaysOfALocationWhetherRequestsReachTheModule) {
  ConfigManifest manifest;
  manifest.used = true;
  manifest.locations.resize(1);
  ManifestLocation& location = manifest.locations[0];
  location.served = true;
  EXPECT_THAT(to_text(manifest), Not(HasSubstr("SetHandler")));
  location.served = false;
  EXPECT_THAT(to_text(manifest), HasSubstr("    no SetHandler plivo-dial: requests do not reach"));
  location.by_expression = true;
  EXPECT_THAT(to_text(manifest),
              HasSubstr("    SetHandler is an expression: each request decides"));
}

TEST(ConfigManifest, KnowsTheNumbersOfALocation) {
  ManifestLocation location;
  location.plans.resize(4);
  location.plans[0].name = "/dialstatus";
  location.plans[1].name = "+14155550188";
  location.plans[2].name = "+14155550199";
  location.plans[2].error = "cannot be made";
  location.plans[3].name = "/ default";
  EXPECT_THAT(numbers_of(location), ElementsAre("+14155550188"));
}

TEST(ConfigManifest, ShowsWhatIsToStayFreeWhereThatIsKnown) {
  ConfigManifest manifest = full_manifest();
  manifest.min_free = 0;
  EXPECT_THAT(to_text(manifest), HasSubstr("/var/lib/plivo-dial, keeps 0 bytes free, waits"));
  manifest.min_free = -1;
  EXPECT_THAT(to_text(manifest), HasSubstr("/var/lib/plivo-dial, waits"));
}

TEST(ConfigManifest, MayHoldNothing) {
  EXPECT_EQ(to_text({}), "Plivo configuration:\n  no Plivo directives: the module does nothing\n");
  const std::optional<ConfigManifest> read = read_back({});
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->used);
}

TEST(ConfigManifest, IsFoundAmongWhatHttpdSays) {
  const std::string output = "AH00558: apache2: no name\n" + output_with(full_manifest());
  EXPECT_TRUE(find_manifest(output).value());
  EXPECT_FALSE(find_manifest("Syntax OK\n").value());
  EXPECT_THAT(find_manifest("{\"mod_plivo_dial\":{\"used\":true").error().message,
              HasSubstr("cut off"));
  for (const char* other : {"{\"spool\":7}", "null", "[]", "{\"sinks\":{}}", "{\"sinks\":[7]}"}) {
    EXPECT_THAT(find_manifest("{\"mod_plivo_dial\":" + std::string(other) + "}").error().message,
                HasSubstr("of another version"));
  }
}

// Names that are no UTF-8 can't stop a tool from reading the rest.
TEST(ConfigManifest, IsReadWhateverIsInIt) {
  ConfigManifest manifest = full_manifest();
  manifest.spool = "/var/\xff\"\\\n";
  const std::optional<ConfigManifest> read = read_back(manifest);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->spool, "/var/\xef\xbf\xbd\"\\\n");
}

}  // namespace
}  // namespace plivo_dial
