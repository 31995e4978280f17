// SPDX-License-Identifier: Apache-2.0
#include "lib/signature/url_candidates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace plivo_dial {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

RefusedRequest request_for(std::string_view origin, std::string_view target,
                           std::span<const HostCandidate> hosts = {},
                           std::span<const std::uint16_t> ports = {}) {
  RefusedRequest request;
  request.url = {origin, target};
  request.hosts = hosts;
  request.ports = ports;
  return request;
}

std::vector<std::string> urls(const RefusedRequest& request, std::size_t limit = 1000) {
  std::vector<std::string> texts;
  for (const UrlCandidate& candidate : url_candidates(request, limit)) {
    texts.push_back(candidate.origin + candidate.target);
  }
  return texts;
}

TEST(UrlCandidates, SingleDifferencesComeFirst) {
  EXPECT_THAT(
      urls(request_for("https://h", "/p?a=1")),
      ElementsAre("http://h/p?a=1", "https://h/p/?a=1", "https://h:443/p?a=1", "http://h/p/?a=1",
                  "http://h:80/p?a=1", "https://h:443/p/?a=1", "http://h:80/p/?a=1"));
}

TEST(UrlCandidates, AllCombinationsOfWhatIsKnownAreThere) {
  const HostCandidate hosts[] = {{"b", false}, {"c:8443", true}};
  const std::uint16_t ports[] = {8080};
  const std::vector<std::string> all = urls(request_for("https://a:444/pre", "/p/", hosts, ports));
  for (const char* expected :
       {"http://a:444/pre/p/", "https://a/pre/p/", "https://a:443/pre/p/", "http://a:80/pre/p/",
        "https://a:8080/pre/p/", "https://a:444/p/", "https://a:444/pre/p", "https://b/pre/p/",
        "https://b:444/pre/p/", "http://b:8080/p", "https://c:8443/pre/p/", "https://c/pre/p/",
        "http://c:80/p"}) {
    EXPECT_THAT(all, Contains(expected));
  }
  EXPECT_THAT(all, Not(Contains("https://a:444/pre/p/"))) << "the URL itself";
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size()) << "a URL twice";
}

TEST(UrlCandidates, TheLimitCutsTheUnlikely) {
  const HostCandidate hosts[] = {{"a", false}, {"b", false}, {"c", false}, {"host", true}};
  const std::uint16_t ports[] = {8080, 8443};
  const RefusedRequest request = request_for("https://a", "/p", hosts, ports);
  const std::vector<std::string> all = urls(request);
  const std::vector<std::string> some = urls(request, 20);
  ASSERT_EQ(some.size(), 20u);
  EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin()));
  for (const char* likely : {"http://a/p", "https://a/p/", "https://host/p", "https://b/p",
                             "https://c/p", "http://b/p", "https://a:8080/p", "https://a:443/p"}) {
    EXPECT_THAT(some, Contains(likely));
  }
  EXPECT_THAT(urls(request, 0), IsEmpty());
}

TEST(UrlCandidates, HostsThatOnlyTheRequestNamesAreMarked) {
  const HostCandidate hosts[] = {
      {"WWW.example.com", false}, {"www.example.com:81", true}, {"evil.example", true}};
  for (const UrlCandidate& candidate :
       url_candidates(request_for("https://example.com", "/p", hosts), 1000)) {
    const bool foreign = candidate.origin.find("evil") != std::string::npos;
    EXPECT_EQ(candidate.host_from_request, foreign) << candidate.origin;
  }
}

TEST(UrlCandidates, WhatIsNoHostIsLeftOut) {
  const std::string longest(100, 'a');
  const std::string too_long(101, 'a');
  const HostCandidate hosts[] = {{"a b", true},    {"a/b", true},   {"u:p@b", true},
                                 {"a:b", true},    {"", true},      {"a\r\nb", true},
                                 {too_long, true}, {longest, true}, {" first.example , b", true},
                                 {"[::1]:8", true}};
  std::set<std::string> origins;
  for (const auto& candidate : url_candidates(request_for("", "/p", hosts), 1000)) {
    if (candidate.target == "/p") origins.insert(candidate.origin);
  }
  EXPECT_THAT(origins,
              testing::UnorderedElementsAre("https://" + longest, "https://" + longest + ":443",
                                            "http://" + longest, "http://" + longest + ":80",
                                            "https://first.example", "https://first.example:443",
                                            "http://first.example", "http://first.example:80",
                                            "https://[::1]:8", "https://[::1]", "https://[::1]:443",
                                            "http://[::1]:8", "http://[::1]", "http://[::1]:80"));
}

TEST(UrlCandidates, ManyAliasesDoNotCrowdTheRequestsHostOut) {
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back("alias" + std::to_string(i));
  std::vector<HostCandidate> hosts;
  for (const std::string& name : names) hosts.push_back({name, false});
  hosts.push_back({"pbx.example.com", true});
  EXPECT_THAT(urls(request_for("https://a", "/p", hosts), 20),
              Contains("https://pbx.example.com/p"));
}

// One that the request names is as likely as another scheme.
TEST(UrlCandidates, PathsOfTheRequestHaveTheirPlace) {
  const std::string paths[] = {"/q", "/p"};
  RefusedRequest request = request_for("https://h", "/p?a=1");
  request.paths = paths;
  EXPECT_THAT(
      urls(request),
      ElementsAre("https://h/q?a=1", "http://h/p?a=1", "https://h/p/?a=1", "https://h:443/p?a=1",
                  "http://h/q?a=1", "https://h:443/q?a=1", "http://h/p/?a=1", "http://h:80/p?a=1",
                  "https://h:443/p/?a=1", "http://h:80/q?a=1", "http://h:80/p/?a=1"));
}

TEST(UrlCandidates, TheRootHasNoSlashToLose) {
  EXPECT_THAT(urls(request_for("https://h", "/?a=1")),
              ElementsAre("http://h/?a=1", "https://h:443/?a=1", "http://h:80/?a=1"));
}

TEST(UrlCandidates, WithoutAnyHostThereAreNone) {
  EXPECT_THAT(urls(request_for("", "/p")), IsEmpty());
}

}  // namespace
}  // namespace plivo_dial
