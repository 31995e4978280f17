// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/tables/compile_command.h"

#include <memory>
#include <string>
#include <utility>

#include "lib/base/wall_clock.h"
#include "lib/compile/compile_tables.h"
#include "lib/image/image_writer.h"
#include "lib/spool/spool_layout.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/events/events_spool.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/httpd/httpd_config.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "mod_plivo_dial/ctl/standard_io.h"
#include "mod_plivo_dial/ctl/tables/compile_report.h"
#include "mod_plivo_dial/ctl/tables/configured_tables.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kCompile = "compile";
constexpr int kExitFaultsInFiles = 1;
constexpr int kExitNotMade = 3;

struct CompileOptions {
  std::string program;
  bool dry_run = false;
  bool json = false;
};

int tell_compiled(const CompileOptions& options, const CompileReport& report) {
  return write_output(kCompile, options.json ? render_compile_json(report) : render_compile(report),
                      report.faults.empty() ? kExitOk : kExitFaultsInFiles);
}

int fail_to_compile(const Error& error) {
  report_usage(kCompile, printable(error.message));
  return kExitNotMade;
}

// The process is the spool's owner already, who reads the files as httpd's processes would.
int compile_into(const std::string& spool, const TablesConfig& config,
                 const CompileOptions& options) {
  const std::int64_t now_us = wall_clock_us();
  CompileReport report;
  report.dry_run = options.dry_run;
  report.image = path_in_spool(spool, kTablesFile);
  auto tables = compile_tables(config, now_us);
  if (!tables) {
    report.faults = std::move(tables.error().faults);
    return tell_compiled(options, report);
  }
  report.remarks = std::move(tables->remarks);
  if (Result<void> told = describe_tables(config, tables->image, now_us, report); !told) {
    return fail_to_compile(told.error());
  }
  if (!options.dry_run) {
    const Result<void> written = write_image(report.image, tables->image, {kSpoolFileMode});
    if (!written) return fail_to_compile(written.error());
    report.made = true;
  }
  return tell_compiled(options, report);
}

int run_compile(const CompileOptions& options) {
  if (!options.program.empty()) {
    const Result<std::string> program = control_program(options.program);
    if (!program) return report_usage(kCompile, program.error().message);
  }
  const Result<ConfigManifest> config = httpd_config(options.program);
  if (!config) return fail_to_compile(config.error());
  const Result<TablesConfig> tables = configured_tables(*config);
  if (!tables) return fail_to_compile(tables.error());
  if (tables->empty()) {
    CompileReport nothing;
    nothing.dry_run = options.dry_run;
    return tell_compiled(options, nothing);
  }
  const Result<std::string> spool = enter_spool(config->spool);
  if (!spool) return fail_to_compile(spool.error());
  return compile_into(*spool, *tables, options);
}

}  // namespace

void add_compile_command(Command& app) {
  Command& compile = app.subcommand(
      "compile",
      "Make the tables of schedules, route maps and lists from their files, put them into the "
      "spool, where httpd's processes look calls up, and tell what is in them. Asks httpd's "
      "configuration; run it with sudo.");
  const std::shared_ptr<CompileOptions> options = std::make_unique<CompileOptions>();
  compile
      .option("--httpd", options->program,
              "httpd's control program; the distribution's apachectl unless given, on Fedora and "
              "RHEL httpd")
      .type_name("PROGRAM");
  compile.flag("--dry-run", options->dry_run, "Put nothing into the spool");
  compile.flag("--json", options->json,
               "Print one JSON object: made, schedules, maps, lists, faults, remarks");
  compile.footer(
      "plivo-diald does the same within seconds when a file changes.\n\n"
      "Exit status: 0 the files are good; 1 one has a fault, and the tables stay as they were; 2 "
      "wrong usage; 3 the configuration cannot be read, or the spool not be written.\n\n"
      "Example: plivo-dialctl compile --dry-run");
  compile.runs([options] { return run_compile(*options); });
}

}  // namespace plivo_dial::ctl
