// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/tables/configured_tables.h"

#include <optional>

#include "lib/json/json_value.h"

namespace plivo_dial::ctl {

Result<TablesConfig> configured_tables(const ConfigManifest& config) {
  if (config.tables.empty()) return TablesConfig();
  const std::optional<JsonDocument> document = JsonDocument::parse(config.tables);
  if (!document) return Error{"configuration member 'tables' is no JSON"};
  return tables_config_from_json(document->root());
}

}  // namespace plivo_dial::ctl
