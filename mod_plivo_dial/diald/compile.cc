// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/diald/compile.h"

#include <unistd.h>

#include <cstdio>
#include <optional>
#include <string>

#include "lib/base/wall_clock.h"
#include "lib/compile/compile_tables.h"
#include "lib/image/image_writer.h"
#include "lib/json/json_writer.h"
#include "lib/process/process_setup.h"
#include "lib/settings/dispatcher_config.h"
#include "lib/spool/spool_layout.h"

namespace plivo_dial {
namespace {

std::string read_all(int descriptor) {
  std::string text;
  char buffer[65536];
  for (ssize_t count = 0; (count = read(descriptor, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return text;
}

int tell(const std::vector<std::string>& faults, const std::vector<std::string>& remarks,
         const std::optional<std::string>& error) {
  JsonWriter json(JsonWriter::Charset::kAscii);
  json.begin_object().member("faults", faults).member("remarks", remarks).member("error", error);
  std::puts(json.end_object().take().c_str());
  return faults.empty() && !error ? 0 : 1;
}

}  // namespace

int compile_for(bool dry_run) {
  const Result<DispatcherConfig> config = dispatcher_config_from_json(read_all(STDIN_FILENO));
  if (!config) return tell({}, {}, config.error().message);
  if (Result<void> taken = take_identity(config->identity); !taken) {
    return tell({}, {}, taken.error().message);
  }
  const auto tables = compile_tables(config->tables, wall_clock_us());
  if (!tables) return tell(tables.error().faults, {}, std::nullopt);
  if (dry_run) return tell({}, tables->remarks, std::nullopt);
  const std::string path = path_in_spool(config->spool, kTablesFile);
  const Result<void> written = write_image(path, tables->image, {kSpoolFileMode});
  if (!written) return tell({}, tables->remarks, written.error().message);
  return tell({}, tables->remarks, std::nullopt);
}

}  // namespace plivo_dial
