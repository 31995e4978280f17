// SPDX-License-Identifier: Apache-2.0
#include "lib/settings/tables_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/settings/dispatcher_config.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;

TablesConfig office_and_numbers() {
  TablesConfig tables;
  tables.schedules = {
      {{"office", "Europe/London", "Mon-Fri 09:00-18:00", "except=/e/h\xC3\xB6l.txt"}, "/a.conf:7"},
      {{"night", "America/New_York"}, "/a.conf:8"}};
  tables.maps = {{"/etc/numbers.txt", {"sales", "support"}, "/a.conf:9"}};
  tables.lists = {{"/etc/spam.txt", "/a.conf:12"}};
  tables.dials = {{"+14155550188", {"+14155550199", "sip:a@h"}, "/a.conf:15"}};
  return tables;
}

Result<TablesConfig> read(const std::string& json) {
  const std::optional<JsonDocument> document = JsonDocument::parse(json);
  EXPECT_TRUE(document) << json;
  return tables_config_from_json(document->root());
}

TEST(TablesConfig, ComesBackFromItsJson) {
  const TablesConfig tables = office_and_numbers();
  const Result<TablesConfig> again = read(to_json(tables));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, tables);
  EXPECT_EQ(*read(to_json(TablesConfig())), TablesConfig());
}

TEST(TablesConfig, IsEmptyWithoutAnyLine) {
  EXPECT_TRUE(TablesConfig().empty());
  for (int part = 0; part < 3; ++part) {
    TablesConfig tables = office_and_numbers();
    if (part != 0) tables.schedules.clear();
    if (part != 1) tables.maps.clear();
    if (part != 2) tables.lists.clear();
    EXPECT_FALSE(tables.empty()) << part;
  }
}

TEST(TablesConfig, DigestIsOfWhatTheTablesHold) {
  const TablesConfig tables = office_and_numbers();
  TablesConfig moved = tables;
  moved.schedules[0].position = "/b.conf:1";
  moved.maps[0].position = "/b.conf:2";
  moved.lists[0].position = "/b.conf:3";
  moved.dials.clear();
  EXPECT_EQ(digest_of(moved), digest_of(tables));
  moved.schedules[1].arguments.push_back("Mon 09:00-10:00");
  EXPECT_NE(digest_of(moved), digest_of(tables));
  moved = tables;
  moved.maps[0].plans.pop_back();
  EXPECT_NE(digest_of(moved), digest_of(tables));
  moved = tables;
  moved.lists.clear();
  EXPECT_NE(digest_of(moved), digest_of(tables));
}

TEST(TablesConfig, NamesTheMemberThatIsWrong) {
  EXPECT_THAT(read("[]").error().message, HasSubstr("'tables' is not an object"));
  const struct {
    const char* json;
    const char* named;
  } rows[] = {
      {R"({"schedules":[{"arguments":["a"]}]})", "'schedules'"},
      {R"({"schedules":[{"arguments":[1],"position":""}]})", "'schedules'"},
      {R"({"maps":[{"path":"/x","position":""}]})", "'maps'"},
      {R"({"lists":[{"path":7,"position":""}]})", "'lists'"},
      {R"({"dials":[{"name":"a","position":""}]})", "'dials'"},
  };
  for (const auto& [json, named] : rows) {
    const Result<TablesConfig> tables = read(json);
    ASSERT_FALSE(tables) << json;
    EXPECT_THAT(tables.error().message, HasSubstr(named)) << json;
  }
}

TEST(TablesConfig, GoesToTheDispatcherWithItsConfiguration) {
  DispatcherConfig config;
  config.spool = "/s";
  EXPECT_THAT(to_json(config), testing::Not(HasSubstr("tables")));
  config.tables = office_and_numbers();
  const Result<DispatcherConfig> again = dispatcher_config_from_json(to_json(config));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, config);
}

}  // namespace
}  // namespace plivo_dial
