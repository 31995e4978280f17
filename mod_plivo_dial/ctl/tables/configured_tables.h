// File: mod_plivo_dial/ctl/tables/configured_tables.h
//
// The schedules, route maps and lists of httpd's configuration.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/base/result.h"
#include "lib/settings/config_manifest.h"
#include "lib/settings/tables_config.h"

namespace plivo_dial::ctl {

// Of a configuration that has none, an empty one. Fails where the module is of another version and
// tells them otherwise.
Result<TablesConfig> configured_tables(const ConfigManifest& config);

}  // namespace plivo_dial::ctl
