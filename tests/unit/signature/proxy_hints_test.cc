// SPDX-License-Identifier: Apache-2.0
#include "lib/signature/proxy_hints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ProxyHints hints_of(const std::map<std::string, std::string>& headers,
                    std::string_view target = "/dialstatus?stage=2") {
  const auto header = [&](const char* name) -> std::optional<std::string> {
    const auto found = headers.find(name);
    return found == headers.end() ? std::nullopt : std::optional(found->second);
  };
  return proxy_hints(header, target);
}

TEST(ProxyHints, ReadHosts) {
  EXPECT_THAT(hints_of({{"Host", "inner:8080"}, {"X-Forwarded-Host", "a.example, b"}}).hosts,
              ElementsAre("inner:8080", "a.example, b"));
  EXPECT_THAT(hints_of({{"Forwarded",
                         "for=192.0.2.1; Host=\"pbx.example:8443\";proto=https, "
                         "for=10.0.0.1;host=inner"}})
                  .hosts,
              ElementsAre("pbx.example:8443"));
  for (const char* forwarded : {"", "host", "host=", "for=1.2.3.4;;", "=x", "hosts=x"}) {
    EXPECT_THAT(hints_of({{"Forwarded", forwarded}}).hosts, IsEmpty()) << forwarded;
  }
}

TEST(ProxyHints, ReadPorts) {
  EXPECT_THAT(hints_of({{"X-Forwarded-Port", "8443"}}).ports, ElementsAre(8443));
  EXPECT_THAT(hints_of({{"X-Forwarded-Port", " 444 , 80"}}).ports, ElementsAre(444));
  for (const char* port : {"", "0", "65536", "https", "80x", "-1"}) {
    EXPECT_THAT(hints_of({{"X-Forwarded-Port", port}}).ports, IsEmpty()) << port;
  }
}

TEST(ProxyHints, ReadPaths) {
  EXPECT_THAT(hints_of({{"X-Forwarded-Prefix", "/pbx/"}}).paths, ElementsAre("/pbx/dialstatus"));
  EXPECT_THAT(hints_of({{"X-Original-URI", "/calls?stage=2"}}).paths, ElementsAre("/calls"));
  EXPECT_THAT(hints_of({{"X-Original-URL", "https://h.example/calls?x"}}).paths,
              ElementsAre("/calls"));
  EXPECT_THAT(hints_of({{"X-Rewrite-URL", "/dialstatus"}}).paths, IsEmpty()) << "its own";
  for (const char* path : {"", "calls", "/a b", "/a\x01", "https://h.example", "/\xC3\xA4"}) {
    EXPECT_THAT(hints_of({{"X-Original-URI", path}}).paths, IsEmpty()) << path;
  }
  EXPECT_THAT(hints_of({{"X-Original-URI", "/" + std::string(1000, 'a')}}).paths, IsEmpty());
}

}  // namespace
}  // namespace plivo_dial
