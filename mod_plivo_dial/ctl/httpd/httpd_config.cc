// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/httpd/httpd_config.h"

#include <unistd.h>

#include "lib/base/in_quotes.h"
#include "lib/settings/config_manifest.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::chrono::seconds kDumpLimit{30};

Error failed_configtest(const std::string& program, const ProgramRun& run) {
  if (takes_no_arguments(run.output)) return Error{no_arguments_text(program, run.output)};
  const std::vector<std::string> errors = errors_of_configtest(run.output);
  const std::string first =
      errors.empty() ? program + " -t ends with status " + std::to_string(run.exit_status)
                     : errors.front();
  const bool for_root = geteuid() != 0 && !errors.empty() && is_for_root(first);
  return Error{"httpd's configuration " + std::string(for_root ? "can't be read" : "has an error") +
               ": " + first +
               (geteuid() == 0 ? "; plivo-dialctl doctor says more" : "; run it with sudo")};
}

}  // namespace

Result<std::string> control_program(const std::string& given) {
  if (!given.empty() && !given.starts_with('/')) {
    return Error{"--httpd: " + in_quotes(given) + " is not an absolute path; begin it with /"};
  }
  std::string program = given.empty() ? control_program_of_distribution("") : given;
  if (!program.empty()) return program;
  return Error{
      "no apachectl, apache2ctl or httpd in /usr/sbin: name httpd's control program with --httpd"};
}

Result<ProgramRun> dump_of_httpd(const std::string& program) {
  return run_program({program, "-t", "-D", "DUMP_PLIVO_JSON"}, kDumpLimit);
}

namespace {

// The output of a configtest that passes, with `define`. Files of tables are not judged.
Result<std::string> output_with(const std::string& given, const std::string& define) {
  const Result<std::string> program = control_program(given);
  if (!program) return program.error();
  const Result<ProgramRun> run =
      run_program({*program, "-t", "-D", define, "-D", kWithoutTables}, kDumpLimit);
  if (!run) return run.error();
  if (run->exit_status != 0) return failed_configtest(*program, *run);
  return run->output;
}

Error not_loaded() {
  return Error{
      "httpd does not load mod_plivo_dial: a2enmod plivo_dial, or LoadModule plivo_dial_module, "
      "then reload httpd"};
}

}  // namespace

Result<std::vector<ExplainedCall>> explanation_of_httpd(const std::string& given,
                                                        const CallQuestion& question) {
  const Result<std::string> output = output_with(given, define_of(question));
  if (!output) return output.error();
  std::optional<std::vector<ExplainedCall>> calls = find_explanation(*output);
  if (!calls) return not_loaded();
  return std::move(*calls);
}

Result<ConfigManifest> httpd_config(const std::string& given) {
  const Result<std::string> output = output_with(given, "DUMP_PLIVO_JSON");
  if (!output) return output.error();
  Result<std::optional<ConfigManifest>> config = find_manifest(*output);
  if (!config) return config.error();
  if (!*config) return not_loaded();
  if ((*config)->used) return std::move(**config);
  return Error{"httpd's configuration has no Plivo directive: see plivo-dialctl init"};
}

}  // namespace plivo_dial::ctl
