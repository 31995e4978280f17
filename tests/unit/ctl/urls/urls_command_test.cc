// `plivo-dialctl urls`: what is told to be entered at Plivo.
// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/urls/urls_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/plivo/plivo_attachment.h"
#include "mod_plivo_dial/ctl/urls/number_urls.h"
#include "tests/unit/ctl/command_runner.h"
#include "tests/unit/ctl/httpd/manifest_sample.h"

namespace plivo_dial::ctl {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// The sample, with a virtual host that has the main server's Location and its PlivoPublicURL.
ConfigManifest manifest_with_twin() {
  ConfigManifest manifest = sample_manifest();
  ManifestLocation twin = sample_dialstatus();
  twin.server = "pbx.example.com:443";
  manifest.locations.push_back(twin);
  return manifest;
}

ConfigManifest manifest_without_url() {
  ConfigManifest manifest = sample_manifest();
  for (ManifestLocation& location : manifest.locations) location.public_url.clear();
  return manifest;
}

Ran urls(const ConfigManifest& manifest, std::vector<std::string> arguments) {
  const TemporaryFiles files;
  const std::string program =
      files.write("apachectl", "#!/bin/sh\ncat <<'END'\n" + output_with(manifest) + "END\n");
  EXPECT_EQ(chmod(program.c_str(), 0700), 0);
  arguments.insert(arguments.end(), {"--httpd", program});
  return run_subcommand(add_urls_command, "urls", std::move(arguments));
}

json told(const ConfigManifest& manifest, std::vector<std::string> arguments = {}) {
  arguments.push_back("--json");
  return json::parse(urls(manifest, std::move(arguments)).out, nullptr, false);
}

TEST(UrlsCommand, AnyNumberMayComeToARouteMap) {
  ConfigManifest manifest = sample_manifest();
  manifest.locations[0].route_map = "/etc/plivo-dial/numbers.txt";
  EXPECT_THAT(told(manifest)["locations"][0]["numbers"], IsEmpty());
  EXPECT_THAT(urls(manifest, {}).out, HasSubstr("each number whose calls are to come here\n"));
}

TEST(UrlsCommand, TellsPeopleWhatToEnterAndWhy) {
  const Ran ran = urls(manifest_with_twin(), {});
  EXPECT_EQ(ran.status, kExitOk) << ran.err;
  EXPECT_EQ(
      ran.out,
      "At Plivo, enter into an application for each Location:\n"
      "\n"
      "main server and pbx.example.com:443, <Location \"/dialstatus\">  (/etc/a.conf:9)\n"
      "  answer URL    POST  https://pbx.example.com/dialstatus\n"
      "                      asked when a call begins; without options, since a caller waits\n"
      "  fallback URL  POST  https://pbx.example.com/dialstatus/fallback\n"
      "                      asked when the answer URL gives no document; best is that of a second "
      "httpd\n"
      "  hangup URL    POST  https://pbx.example.com/dialstatus/hangup#rc=5&rp=ct,rt,5xx\n"
      "                      told when a call is over; behind # stands that Plivo repeats it after "
      "a 503\n"
      "  attach to it        +14155550188, +14155550199\n"
      "\n"
      "sales.example.com:443, <Location \"/\">  (/etc/b.conf:3)\n"
      "  answer URL    POST  https://sales.example.com/\n"
      "                      asked when a call begins; without options, since a caller waits\n"
      "  fallback URL  POST  https://sales.example.com/fallback\n"
      "                      asked when the answer URL gives no document; best is that of a second "
      "httpd\n"
      "  hangup URL    POST  https://sales.example.com/hangup#rc=5&rp=ct,rt,5xx\n"
      "                      told when a call is over; behind # stands that Plivo repeats it after "
      "a 503\n"
      "  attach to it        each number whose calls are to come here\n");
}

TEST(UrlsCommand, TellsProgramsTheSame) {
  const json all = told(manifest_with_twin());
  EXPECT_EQ(all["complete"], true);
  EXPECT_EQ(all["number"], nullptr);
  ASSERT_THAT(all["locations"], SizeIs(2)) << "a flow's Location answers no call";
  const json& first = all["locations"][0];
  EXPECT_THAT(first["servers"], ElementsAre("main server", "pbx.example.com:443"));
  EXPECT_EQ(first["location"], "/dialstatus");
  EXPECT_EQ(first["position"], "/etc/a.conf:9");
  EXPECT_THAT(first["numbers"], ElementsAre("+14155550188", "+14155550199"));
  EXPECT_EQ(first["remedy"], nullptr);
  const NumberUrls wanted = urls_for_plivo("https://pbx.example.com/dialstatus");
  EXPECT_EQ(first["answer"]["url"], wanted.answer);
  EXPECT_EQ(first["fallback"]["url"], wanted.fallback);
  EXPECT_EQ(first["hangup"]["url"], wanted.hangup);
  for (const char* use : {"answer", "fallback", "hangup"}) {
    EXPECT_EQ(first[use]["method"], "POST");
    EXPECT_NE(first[use]["why"], "");
  }
  EXPECT_THAT(all["locations"][1]["numbers"], IsEmpty());
}

// What is entered has to pass the look that doctor --plivo takes at it.
TEST(UrlsCommand, HangupUrlIsRepeatedAfterA503) {
  const json all = told(sample_manifest());
  for (const json& location : all["locations"]) {
    EXPECT_TRUE(is_repeated_after_503(location["hangup"]["url"].get<std::string>()));
  }
}

TEST(UrlsCommand, OfANumberAreThoseWhereItsCallsAreTaken) {
  const json voicemail = told(sample_manifest(), {"14155550188"});
  EXPECT_EQ(voicemail["number"], "+14155550188");
  ASSERT_THAT(voicemail["locations"], SizeIs(2));
  EXPECT_THAT(voicemail["locations"][0]["numbers"], ElementsAre("+14155550188"));
  const json other = told(sample_manifest(), {"+442079460000"});
  ASSERT_THAT(other["locations"], SizeIs(1)) << "the other Location would say nothing";
  EXPECT_EQ(other["locations"][0]["servers"][0], "sales.example.com:443");
}

TEST(UrlsCommand, WithoutPublicUrlTheLineToAddIsTold) {
  const Ran ran = urls(manifest_without_url(), {"+14155550199"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("main server, <Location \"/dialstatus\">  (/etc/a.conf:9)\n"
                                       "  no URLs: there is no PlivoPublicURL"),
                             HasSubstr("add PlivoPublicURL https://your.host.name"),
                             Not(HasSubstr("hangup"))));
  const json all = told(manifest_without_url());
  EXPECT_EQ(all["complete"], false);
  ASSERT_THAT(all["locations"], SizeIs(2)) << "two Locations without a URL stay two";
  EXPECT_EQ(all["locations"][0]["hangup"], nullptr);
  EXPECT_THAT(all["locations"][0]["remedy"].get<std::string>(), HasSubstr("add PlivoPublicURL"));
}

TEST(UrlsCommand, SaysThatNobodyTakesTheCalls) {
  ConfigManifest manifest = sample_manifest();
  manifest.locations = {sample_flow()};
  EXPECT_EQ(urls(manifest, {}).status, 1);
  EXPECT_THAT(urls(manifest, {}).out, HasSubstr("No Location answers calls"));
  EXPECT_THAT(urls(manifest, {"+14155550199"}).out,
              HasSubstr("Nobody takes a call to +14155550199: plivo-dialctl plan says"));
  EXPECT_EQ(told(manifest)["complete"], false);
}

TEST(UrlsCommand, RefusesWhatIsNoNumberOrSeveral) {
  const ConfigManifest manifest = sample_manifest();
  EXPECT_EQ(urls(manifest, {"pbx"}).status, kExitUsage);
  EXPECT_THAT(urls(manifest, {"+1", "415", "555", "0199"}).err,
              HasSubstr("did you mean +14155550199?"));
  EXPECT_THAT(urls(manifest, {"+14155550199", "+14155550188"}).err,
              HasSubstr("ask for one at a time"));
}

TEST(UrlsCommand, ManyNumbersAreShortened) {
  ConfigManifest manifest = sample_manifest();
  for (int i = 0; i < 7; ++i) {
    manifest.locations[0].plans.push_back(
        empty_plan("+1415555020" + std::to_string(i), "/etc/a.conf:30"));
  }
  EXPECT_THAT(urls(manifest, {}).out, HasSubstr("+14155550202 and 4 more\n"));
  EXPECT_THAT(told(manifest)["locations"][0]["numbers"], SizeIs(9));
}

}  // namespace
}  // namespace plivo_dial::ctl
