// File: tests/unit/tables/tables_fixture.h
//
// A directory with an image of tables in it, made of what a test says.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "lib/image/image_writer.h"
#include "lib/route/number_list.h"
#include "lib/route/route_image.h"
#include "lib/route/route_map.h"
#include "lib/schedule/openings.h"
#include "lib/tables/tables.h"
#include "lib/tables/tables_image.h"

namespace plivo_dial {

inline constexpr std::int64_t kTablesSecond = 1'000'000;
inline constexpr Instant kMorning = 1'800'000'000;  // opens; closes an hour later
inline constexpr Instant kNoon = kMorning + 3600;

class TablesFixture : public testing::Test {
 protected:
  TablesFixture() {
    char name[] = "/tmp/tables-XXXXXX";
    directory_ = mkdtemp(name);
    path_ = directory_ + "/tables";
    config_.schedules = {
        {{"office", "Etc/UTC", "Mon 09:00-10:00", "override=" + directory_ + "/override"},
         "/a.conf:1"}};
    config_.maps = {{directory_ + "/numbers", {}, "/a.conf:2"}};
    config_.lists = {{directory_ + "/spam", "/a.conf:3"}};
    for (const RouteMapFile& map : config_.maps) put(map.path, "any");
  }
  ~TablesFixture() override { std::filesystem::remove_all(directory_); }

  void put(const std::string& path, const std::string& text) {
    std::ofstream(path + ".new") << text;
    std::filesystem::rename(path + ".new", path);
  }

  // Writes an image of `config` whose map leads to `target`, made at `made_us`.
  void make_image(const TablesConfig& config, const std::string& target, std::int64_t made_us) {
    ImageWriter writer;
    const Openings openings{kMorning - 3600,
                            kNoon + 3600,
                            {{0, 0}},
                            {{kMorning - 3600, false, 0}, {kMorning, true, 0}, {kNoon, false, 1}},
                            {"weekly hours", "holidays.txt:4: a \"day\""}};
    ASSERT_TRUE(writer.add(kSchedulesTable, "office", encode_openings(openings)));
    const std::string map = config_.maps[0].path;
    const std::string list = config_.lists[0].path;
    ASSERT_TRUE(add_route_map(writer, name_in_image(map),
                              read_route_map("+14155550199 " + target, nullptr).map));
    ASSERT_TRUE(add_number_list(writer, name_in_image(list), read_number_list("+1900*").list));
    ASSERT_TRUE(add_origin(writer, digest_of(config), {{map, FileVersion::of(map)}}));
    const Result<std::string> bytes = writer.bytes(made_us);
    ASSERT_TRUE(bytes);
    ASSERT_TRUE(write_image(path_, *bytes));
  }

  std::string directory_;
  std::string path_;
  TablesConfig config_;
};

}  // namespace plivo_dial
