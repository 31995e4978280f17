// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/urls/urls_command.h"

#include <memory>
#include <string>
#include <vector>

#include "lib/settings/config_manifest.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/httpd/httpd_config.h"
#include "mod_plivo_dial/ctl/plan/number_plans.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "mod_plivo_dial/ctl/standard_io.h"
#include "mod_plivo_dial/ctl/urls/number_urls.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kUrls = "urls";
constexpr int kExitIncomplete = 1;
constexpr int kExitNothingToRead = 3;

struct UrlsOptions {
  std::vector<std::string> words;  // a number with blanks is several
  std::string program;
  bool json = false;
};

int run_urls(const UrlsOptions& options) {
  std::string number;
  if (!options.words.empty()) {
    Result<std::string> called = number_in(options.words);
    if (!called) return report_usage(kUrls, printable(called.error().message));
    number = std::move(*called);
  }
  if (!options.program.empty()) {
    const Result<std::string> program = control_program(options.program);
    if (!program) return report_usage(kUrls, program.error().message);
  }
  const Result<ConfigManifest> config = httpd_config(options.program);
  if (!config) {
    report_usage(kUrls, printable(config.error().message));
    return kExitNothingToRead;
  }
  const std::vector<LocationUrls> all = urls_in(*config, number);
  return write_output(kUrls,
                      options.json ? render_urls_json(number, all) : render_urls(number, all),
                      is_complete(all) ? kExitOk : kExitIncomplete);
}

}  // namespace

void add_urls_command(Command& app) {
  Command& urls = app.subcommand(
      "urls",
      "What to enter at Plivo for each Location that takes calls: answer, fallback and hangup URL, "
      "with method and options. Asks httpd's configuration; run it with sudo.");
  const std::shared_ptr<UrlsOptions> options = std::make_unique<UrlsOptions>();
  urls.option("NUMBER", options->words,
              "Only where calls to this number of yours are taken, such as +14155550199")
      .type_name("");
  urls.option("--httpd", options->program,
              "httpd's control program; the distribution's apachectl unless given, on Fedora "
              "and RHEL httpd")
      .type_name("PROGRAM");
  urls.flag("--json", options->json, "Print one JSON object: number, complete, locations");
  urls.footer(
      "Whether they stand at Plivo so, plivo-dialctl doctor --plivo says.\n\n"
      "Exit status: 0 each Location has its URLs; 1 one lacks PlivoPublicURL, or none takes the "
      "calls; 2 wrong usage, or no number; 3 the configuration cannot be read.\n\n"
      "Example: plivo-dialctl urls +14155550199");
  urls.runs([options] { return run_urls(*options); });
}

}  // namespace plivo_dial::ctl
