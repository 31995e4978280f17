// File: tests/unit/ctl/tables/tables_program.h
//
// A control program of httpd that tells of a configuration with schedules, maps and lists.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "lib/settings/config_manifest.h"
#include "lib/settings/tables_config.h"
#include "tests/unit/ctl/command_runner.h"
#include "tests/unit/ctl/httpd/manifest_sample.h"

namespace plivo_dial::ctl {

class TablesProgram : public testing::Test {
 protected:
  TablesProgram() : spool_(testing::TempDir() + "plivo-spool-XXXXXX") {
    EXPECT_NE(mkdtemp(spool_.data()), nullptr);
  }
  ~TablesProgram() override { std::filesystem::remove_all(spool_); }

  // Its path. What `tables_` and `manifest_` are now is what it tells.
  std::string program() {
    manifest_.spool = spool_;
    manifest_.tables = tables_.empty() ? "" : to_json(tables_);
    for (const ScheduleLine& line : tables_.schedules) {
      manifest_.schedules.push_back({line.arguments, line.position});
    }
    const std::string path =
        files_.write("apachectl", "#!/bin/sh\ncat <<'END'\n" + output_with(manifest_) + "END\n");
    EXPECT_EQ(chmod(path.c_str(), 0700), 0);
    return path;
  }

  // Open and closed at any time.
  void add_schedules() {
    tables_.schedules = {{{"always", "Etc/UTC", "Mon-Sun 00:00-24:00"}, "/etc/a.conf:4"},
                         {{"seldom", "Europe/London", "Mon 09:00-18:00",
                           "override=" + files_.write("override", "closed\n")},
                          "/etc/a.conf:5"}};
  }
  std::string add_map(const std::string& text, std::vector<std::string> plans = {}) {
    const std::string path = files_.write("numbers.txt", text);
    tables_.maps = {{path, std::move(plans), "/etc/a.conf:6"}};
    return path;
  }

  TemporaryFiles files_;
  std::string spool_;
  ConfigManifest manifest_ = sample_manifest();
  TablesConfig tables_;
};

}  // namespace plivo_dial::ctl
