// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "lib/settings/dispatcher_config.h"
#include "lib/settings/sink_arguments.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;

SinkConfig sink(const std::vector<std::string_view>& words) {
  return *parse_sink(words);
}

TEST(DispatcherConfig, ComesBackFromJson) {
  DispatcherConfig config;
  config.spool = "/var/spool/sp\xC3\xA4t";
  config.identity = {33, 34, {33, 4}};
  config.node = "pbx";
  config.log_level = LogLevel::kNotice;
  config.log_facility = 23;
  config.keep = std::chrono::hours(48);
  config.record_keep = std::chrono::days(7);
  config.sinks = {
      default_sink(),
      sink({"crm", "exec:/bin/hook \"a b\"", "timeout=5", "retry=7,8/9", "concurrency=3"}),
      sink({"f", "file:/var/log/x", "events=other", "format=kv"})};
  const std::string json = to_json(config);
  EXPECT_EQ(json.find_first_not_of("\t\n") == 0, true);
  for (const char c : json) ASSERT_TRUE(c >= 0x20 && c < 0x7f);
  const Result<DispatcherConfig> back = dispatcher_config_from_json(json);
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(*back, config);
}

TEST(DispatcherConfig, GroupsAndNodeMayBeMissing) {
  const auto config = dispatcher_config_from_json(R"({"spool":"/s","uid":1,"gid":2,"sinks":[]})");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->identity, (Identity{1, 2, {}}));
}

TEST(DispatcherConfig, TakesEachLimit) {
  const auto config = dispatcher_config_from_json(
      R"({"spool":"/","uid":4294967294,"gid":4294967294,"groups":[4294967294],"sinks":[],)"
      R"("logFacility":0,"keep":31536000,"minFree":18446744073709551615,)"
      R"("recordKeep":315360000})");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->identity, (Identity{4294967294u, 4294967294u, {4294967294u}}));
  EXPECT_EQ(config->log_facility, 0);
  EXPECT_EQ(config->keep, std::chrono::hours(24 * 365));
  EXPECT_EQ(config->min_free, UINT64_MAX);
  EXPECT_EQ(config->record_keep, kLongestRecordKeep);
  const auto back = dispatcher_config_from_json(to_json(*config));
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(*back, *config);
}

TEST(DispatcherConfig, ShowsItsSettings) {
  DispatcherSettings settings;
  settings.keep = std::chrono::seconds(60);
  settings.min_free = 100;
  settings.record_keep = std::chrono::days(1);
  EXPECT_THAT(describe(settings),
              testing::ElementsAre("keep=60", "minFree=100", "recordKeep=86400"));
}

TEST(DispatcherConfig, RefusalsNameTheMember) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {"", "not one JSON object"},
      {"[]", "not one JSON object"},
      {R"({"spool":"/s","uid":1,"gid":2})", "'sinks' is missing"},
      {R"({"spol":"/s"})", "'spol' is unknown; did you mean 'spool'?"},
      {R"({"spool":"/s","uid":1,"gidd":2})", "'gidd' is unknown; did you mean 'gid'?"},
      {R"({"spool":"s","uid":1,"gid":2,"sinks":[]})", "'spool' is not an absolute path"},
      {R"({"spool":1,"uid":1,"gid":2,"sinks":[]})", "'spool' is not an absolute path"},
      {R"({"spool":"/s","uid":-1,"gid":2,"sinks":[]})", "'uid' is not a numeric user id"},
      {R"({"spool":"/s","uid":4294967295,"gid":2,"sinks":[]})", "'uid'"},
      {R"({"spool":"/s","uid":1,"gid":"2","sinks":[]})", "'gid'"},
      {R"({"spool":"/s","uid":1,"gid":2,"groups":[-2],"sinks":[]})", "'groups'"},
      {R"({"spool":"/s","uid":1,"gid":2,"groups":2,"sinks":[]})", "'groups'"},
      {R"({"spool":"","uid":1,"gid":2,"sinks":[]})", "'spool' is not an absolute path"},
      {R"({"spool":"/s\u0000","uid":1,"gid":2,"sinks":[]})", "'spool' is not an absolute path"},
      {R"({"spool":"/s","uid":1,"gid":2,"node":3,"sinks":[]})", "'node' is not a string"},
      {R"({"spool":"/s","uid":1,"gid":2,"sinks":[],"logLevel":"loud"})",
       "'logLevel' is not error, warn, notice or info"},
      {R"({"spool":"/s","uid":1,"gid":2,"sinks":[],"logFacility":24})", "'logFacility'"},
      {R"({"spool":"/s","uid":1,"gid":2,"sinks":[],"logFacility":-1})", "'logFacility'"},
      {R"({"spool":"/s","uid":1,"gid":2,"sinks":[],"keep":-1})",
       "'keep' is not a number of seconds"},
      {R"({"spool":"/s","uid":1,"gid":2,"sinks":[],"keep":31536001})", "'keep'"},
      {R"({"spool":"/s","uid":1,"gid":2,"sinks":[],"minFree":-1})",
       "'minFree' is not a number of bytes"},
      {R"({"spool":"/s","uid":1,"gid":2,"sinks":[],"recordKeep":"30"})",
       "'recordKeep' is not a number of seconds, at most ten years'"},
      {R"({"spool":"/s","uid":1,"gid":2,"sinks":[],"recordKeep":315360001})", "'recordKeep'"},
      {R"({"spool":"/s","uid":1,"gid":2,"sinks":{}})", "'sinks' is not an array"},
      {R"({"spool":"/s","uid":1,"gid":2,"sinks":["x"]})", "array of arrays of strings"},
      {R"({"spool":"/s","uid":1,"gid":2,"sinks":[["x",1]]})", "array of arrays of strings"},
      {R"({"spool":"/s","uid":1,"gid":2,"sinks":[["x","exec:hook"]]})", "absolute path"},
      {R"({"spool":"/s","uid":1,"gid":2,"sinks":[["x","file:/a"],["x","file:/b"]]})",
       "'x' is used twice"},
      {R"({"spool":"/s","uid":1,"gid":2,"sinks":[["x","file:/a"],)"
       R"(["y","file:/b"],["y","file:/c"]]})",
       "'y' is used twice"},
  };
  for (const auto& [json, message] : cases) {
    const Result<DispatcherConfig> config = dispatcher_config_from_json(json);
    ASSERT_FALSE(config.ok()) << json;
    EXPECT_THAT(config.error().message, HasSubstr(message)) << json;
  }
}

}  // namespace
}  // namespace plivo_dial
