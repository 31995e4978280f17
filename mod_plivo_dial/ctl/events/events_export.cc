// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <memory>
#include <optional>

#include "lib/books/export_store.h"
#include "lib/spool/spool_lock.h"
#include "lib/store/store_file.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/events/events_command.h"
#include "mod_plivo_dial/ctl/events/events_spool.h"
#include "mod_plivo_dial/ctl/events_text.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "mod_plivo_dial/ctl/standard_io.h"

namespace plivo_dial::ctl {
namespace {

struct ExportOptions : EventsOptions {
  std::string format;
};

std::string text_of_export(const std::string& spool, const ExportedStore& exported) {
  const std::string path = store_path(spool);
  std::string text = printable(path) + " is of layout 1 now, with " +
                     counted(exported.events, "event") + " and " + counted(exported.keys, "key") +
                     " of duplicates; start the version before. As it was it is named " +
                     printable(path) + ".layout-2.\n";
  if (exported.unreadable > 0) {
    text += "LEFT OUT: " + counted(exported.unreadable, "event") +
            " whose segments can't be read any more, " + std::to_string(exported.unfinished) +
            " of which a sink has not had.\n";
  }
  return text;
}

int run_export(EventsOptions& options) {
  Result<std::string> spool = enter_spool(options.spool);
  if (!spool) return report_events("export", spool.error().message, kExitNoAccess);
  options.spool = std::move(*spool);
  const Result<std::optional<SpoolLock>> lock =
      SpoolLock::take(options.spool, std::chrono::milliseconds(0));
  if (!lock) return report_events("export", lock.error().message, kExitNoAccess);
  if (!*lock) {
    return report_events("export", "plivo-diald serves the spool; stop httpd, or its unit, first",
                         kExitNoAccess);
  }
  if (const auto store = open_events_store(options.spool, Database::Access::kChange); !store) {
    return report_events("export", store.error().message, kExitNoAccess);
  }
  const Result<ExportedStore> exported = export_former_store(options.spool);
  if (!exported) return report_events("export", exported.error().message, kExitNoAccess);
  return write_output("events export", text_of_export(options.spool, *exported),
                      exported->unreadable == 0 ? kExitOk : kExitDiffers);
}

}  // namespace

void add_events_export(Command& events) {
  Command& command = events.subcommand(
      "export", "Before you go back to a version before: make the store one that it reads");
  const auto options = std::make_shared<ExportOptions>();
  command.option("--format", options->format, "The layout that the version before has: 1")
      .one_of({"1"})
      .required();
  add_spool_option(command, *options);
  command.footer(
      "Stop httpd first. The store as it was is kept beside it, as queue.db.layout-2.\n\n"
      "Exit status: 0 all of it was written; 1 events were left out, see the line LEFT OUT; 2 "
      "wrong "
      "usage; 3 the spool or its store cannot be used.");
  command.runs([options] { return run_export(*options); });
}

}  // namespace plivo_dial::ctl
