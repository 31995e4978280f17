// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/settings/config_manifest.h"
#include "mod_plivo_dial/ctl/doctor/doctor_targets.h"

namespace plivo_dial::ctl {
namespace {

using testing::ElementsAre;

// "URL by host:port" of each target.
std::vector<std::string> targets(const std::string& server, const std::string& public_url,
                                 const std::string& httpd_url) {
  ManifestLocation location;
  location.server = server;
  location.public_url = public_url;
  location.path = "/d";
  std::vector<std::string> all;
  for (const ProbeTarget& target : local_targets(location, httpd_url)) {
    all.push_back(target.url + " by " + target.connect_to);
  }
  return all;
}

TEST(DoctorTargets, AreWhereTheAdministratorSays) {
  EXPECT_THAT(targets("www.example.com:0", "https://pbx.example.com", "http://10.0.0.7:8080/x"),
              ElementsAre("http://pbx.example.com:8080/d by 10.0.0.7:8080"));
  EXPECT_THAT(targets("main server", "https://pbx.example.com:444", "https://[::1]"),
              ElementsAre("https://pbx.example.com/d by [::1]:443"));
}

TEST(DoctorTargets, AreWhereHttpdSaysThatTheServerIsReached) {
  ManifestLocation location;
  location.server = "main server";
  location.public_url = "https://pbx.example.com";
  location.path = "/d";
  EXPECT_THAT(local_targets(location, ""), testing::IsEmpty());
  location.places = {"127.0.0.1:8080", "[::1]:80"};
  std::vector<std::string> all;
  for (const ProbeTarget& target : local_targets(location, "")) {
    all.push_back(target.url + " by " + target.connect_to);
  }
  EXPECT_THAT(all, ElementsAre("https://pbx.example.com:8080/d by 127.0.0.1:8080",
                               "http://pbx.example.com:8080/d by 127.0.0.1:8080",
                               "http://pbx.example.com/d by [::1]:80",
                               "https://pbx.example.com:80/d by [::1]:80"));
  EXPECT_EQ(local_targets(location, "http://10.0.0.7")[0].connect_to, "10.0.0.7:80");
}

// One address for several virtual hosts: each is asked at its own port, and then at the one that
// was said, as where a container's port is reached by another.
TEST(DoctorTargets, OfAVirtualHostAreAtItsPortFirst) {
  EXPECT_THAT(targets("www.example.com:443", "https://pbx.example.com", "http://10.0.0.7:8080"),
              ElementsAre("https://pbx.example.com/d by 10.0.0.7:443",
                          "http://pbx.example.com:443/d by 10.0.0.7:443",
                          "http://pbx.example.com:8080/d by 10.0.0.7:8080"));
  EXPECT_THAT(targets("www.example.com:443", "https://pbx.example.com", "http://10.0.0.7"),
              testing::SizeIs(2))
      << "a place, and no port";
  EXPECT_THAT(targets("www.example.com:8080", "https://pbx.example.com", "http://10.0.0.7:8080"),
              ElementsAre("http://pbx.example.com:8080/d by 10.0.0.7:8080",
                          "https://pbx.example.com:8080/d by 10.0.0.7:8080"));
}

}  // namespace
}  // namespace plivo_dial::ctl
