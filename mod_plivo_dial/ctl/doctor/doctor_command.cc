// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor/doctor_command.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "lib/access/secret_file.h"
#include "lib/base/absolute_url.h"
#include "lib/base/in_quotes.h"
#include "lib/settings/config_manifest.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/call/call_command.h"
#include "mod_plivo_dial/ctl/doctor/doctor_locations.h"
#include "mod_plivo_dial/ctl/doctor/doctor_neighbours.h"
#include "mod_plivo_dial/ctl/doctor/doctor_plivo.h"
#include "mod_plivo_dial/ctl/doctor/doctor_spool.h"
#include "mod_plivo_dial/ctl/findings.h"
#include "mod_plivo_dial/ctl/http/curl_http_client.h"
#include "mod_plivo_dial/ctl/httpd/configtest.h"
#include "mod_plivo_dial/ctl/httpd/control_program.h"
#include "mod_plivo_dial/ctl/httpd/httpd_config.h"
#include "mod_plivo_dial/ctl/plivo/plivo_api.h"
#include "mod_plivo_dial/ctl/standard_io.h"
#include "mod_plivo_dial/ctl/terminal.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kDoctor = "doctor";
constexpr std::chrono::seconds kProgramLimit{30};

// The likeliest reason of calls that do not come is one that this machine can't see.
constexpr std::string_view kAdviceAboutPlivo =
    "\nWhen calls do not come, look at Plivo first: a number that is attached to another "
    "application\n"
    "or to a flow is the likeliest reason. plivo-dialctl doctor --plivo asks Plivo's API for it.\n";

struct DoctorOptions {
  std::string program;
  LocationOptions locations;
  bool plivo = false;
  std::string plivo_api{kPlivoApi};
  bool json = false;
};

void module_is_missing(Findings& findings) {
  add(findings, "module", Health::kProblem,
      "httpd does not load mod_plivo_dial: a2enmod plivo_dial, or LoadModule plivo_dial_module, "
      "then reload httpd");
}

// What a configtest that failed says.
void add_errors(const std::string& program, const ProgramRun& run, Findings& findings) {
  if (takes_no_arguments(run.output)) {
    return add(findings, "configtest", Health::kNotChecked, no_arguments_text(program, run.output));
  }
  const bool root = geteuid() == 0;
  const std::vector<std::string> errors = errors_of_configtest(run.output);
  for (const std::string& error : errors) {
    const bool unjudged = !root && is_for_root(error);
    add(findings, "configtest", unjudged ? Health::kNotChecked : Health::kProblem, error);
  }
  if (errors.empty()) {
    add(findings, "configtest", Health::kProblem,
        program + " -t ends with status " + std::to_string(run.exit_status) +
            " and says nothing: run it by hand");
  }
}

// Whether the configuration can be used; what it is when it can.
std::optional<ConfigManifest> check_configuration(const std::string& program, Findings& findings) {
  const Result<ProgramRun> run = dump_of_httpd(program);
  if (!run) {
    add(findings, "configtest", Health::kNotChecked, run.error().message);
    return std::nullopt;
  }
  const bool unknown_directive = run->output.find("command 'Plivo") != std::string::npos ||
                                 run->output.find("command '<Plivo") != std::string::npos;
  if (unknown_directive) module_is_missing(findings);
  if (run->exit_status != 0) {
    add_errors(program, *run, findings);
    return std::nullopt;
  }
  for (const std::string& warning : warnings_of_configtest(run->output)) {
    add(findings, "configtest", Health::kWarning, warning);
  }
  add(findings, "configtest", Health::kOk, "the configuration has no errors");
  Result<std::optional<ConfigManifest>> manifest = find_manifest(run->output);
  if (!manifest) {
    add(findings, "configtest", Health::kProblem, manifest.error().message);
    return std::nullopt;
  }
  // Without the module there is none, which is said in its place.
  return *manifest ? std::move(**manifest) : ConfigManifest();
}

bool check_module(const std::string& program, Findings& findings) {
  const Result<ProgramRun> run = run_program({program, "-M"}, kProgramLimit);
  if (!run) {
    add(findings, "module", Health::kNotChecked, run.error().message);
    return false;
  }
  if (run->exit_status != 0) {
    add(findings, "module", Health::kNotChecked, program + " -M fails");
    return false;
  }
  if (!lists_module(run->output)) {
    module_is_missing(findings);
    return false;
  }
  add(findings, "module", Health::kOk, "httpd loads mod_plivo_dial");
  return true;
}

// The files with secrets, each once. Returns nothing: the tokens are read again where they are
// needed, and live no longer than that.
void check_secret_files(const ConfigManifest& config, Findings& findings) {
  std::vector<std::string> files;
  const auto take = [&](const std::string& file) {
    if (!file.empty() && std::ranges::find(files, file) == files.end()) files.push_back(file);
  };
  for (const ManifestLocation& location : config.locations) {
    for (const ManifestAccount& account : location.accounts) {
      take(account.token_file);
      take(account.previous_token_file);
    }
    take(location.secret_file);
  }
  for (const std::string& file : files) {
    const Result<Secret> secret = read_secret_file(file, geteuid());
    if (secret) {
      add(findings, "token file", Health::kOk,
          in_quotes(file) + " holds one line and is closed to others");
    } else if (geteuid() != 0 && access(file.c_str(), R_OK) != 0) {
      add(findings, "token file", Health::kNotChecked, secret.error().message);
    } else {
      add(findings, "token file", Health::kProblem, secret.error().message);
    }
  }
}

void ask_plivo_about(const ConfigManifest& config, const std::string& origin, Findings& findings) {
  auto client =
      CurlHttpClient::create("plivo-dialctl/" PLIVO_DIAL_VERSION " doctor", "", kPlivoPatience);
  if (!client) return add(findings, "Plivo", Health::kNotChecked, client.error().message);
  check_plivo(config, origin, **client, findings);
}

Findings examine(const DoctorOptions& options) {
  Findings findings;
  const Result<std::string> program = control_program(options.program);
  if (!program) {
    add(findings, "httpd", Health::kNotChecked, program.error().message);
    return findings;
  }
  const std::optional<ConfigManifest> config = check_configuration(*program, findings);
  if (!config) {
    add(findings, "the rest", Health::kNotChecked,
        geteuid() == 0 ? "it needs a configuration without errors"
                       : "run it with sudo: an ordinary user may not read all that httpd reads");
    return findings;
  }
  if (!check_module(*program, findings)) return findings;
  if (!config->used) {
    add(findings, "handler", Health::kProblem,
        "the configuration has no Plivo directive: see plivo-dialctl init");
    return findings;
  }
  // First of all, as it is the likeliest reason of calls that do not come.
  if (options.plivo) ask_plivo_about(*config, options.plivo_api, findings);
  check_secret_files(*config, findings);
  check_neighbours(*config, findings);
  check_locations(*config, options.locations, findings);
  check_spool(*config, findings);
  return findings;
}

// Several virtual hosts of one port, or one public URL, say the same.
Findings without_repetitions(const Findings& findings) {
  Findings once;
  for (const Finding& finding : findings) {
    const bool known = std::any_of(once.begin(), once.end(), [&](const Finding& other) {
      return other.check == finding.check && other.sentence == finding.sentence;
    });
    if (!known) once.push_back(finding);
  }
  return once;
}

int run_doctor(const DoctorOptions& options) {
  if (!options.locations.url.empty()) {
    if (const Result<void> checked = check_absolute_url(options.locations.url); !checked) {
      return report_usage(kDoctor, "--url: " + checked.error().message);
    }
  }
  if (!options.program.empty()) {
    if (const Result<std::string> program = control_program(options.program); !program) {
      return report_usage(kDoctor, program.error().message);
    }
  }
  if (const Result<void> checked = check_api_origin(options.plivo_api); !checked) {
    return report_usage(kDoctor, "--plivo-api: " + checked.error().message);
  }
  const Findings findings = without_repetitions(examine(options));
  std::string text =
      options.json ? render_findings_json(findings) : render_findings(findings, wants_colour());
  if (!options.json && !options.plivo) text += kAdviceAboutPlivo;
  return write_output(kDoctor, text, exit_status_of(findings));
}

}  // namespace

void add_doctor_command(Command& app) {
  Command& doctor = app.subcommand(
      "doctor",
      "Look whether everything is in order: module, configuration, who answers at each Location "
      "and at its public URL, token files, spool, dispatcher. Makes no event. Run it with sudo.");
  const auto options = std::make_shared<DoctorOptions>();
  doctor
      .option(
          "--httpd", options->program,
          "httpd's control program; the distribution's apachectl unless given, on Fedora and RHEL "
          "httpd")
      .type_name("PROGRAM");
  doctor
      .option("--url", options->locations.url,
              "Where httpd answers on this machine, such as http://127.0.0.1:8080; found out "
              "unless given. A virtual host is asked at its own port there first")
      .type_name("URL");
  doctor.flag("--offline", options->locations.offline, "Leave the public URL out");
  doctor.flag("--proxy-protocol", options->locations.proxy_protocol,
              "Speak to httpd on this machine as a proxy does by the PROXY protocol, for "
              "RemoteIPProxyProtocol");
  Option& plivo =
      doctor.flag("--plivo", options->plivo,
                  "Ask Plivo's API, too, which application and URLs each number has, with the "
                  "accounts' Auth IDs and tokens: it leaves this machine, and changes nothing "
                  "there");
  doctor.option("--plivo-api", options->plivo_api, "Where Plivo's API is, for tests")
      .shows_default()
      .needs(plivo)
      .type_name("URL");
  doctor.flag("--json", options->json, "Print one JSON object");
  doctor.footer(
      "Each URL of a Location gets a signed request as Plivo sends it, which makes no event. A "
      "token "
      "that can't be read signs none, which leaves lines with PD02 in httpd's error log.\n\n"
      "Exit status: 0 nothing is wrong; 1 a problem; 2 wrong usage; 3 nothing was found wrong, and "
      "something could not be checked.");
  doctor.runs([options] { return run_doctor(*options); });
}

}  // namespace plivo_dial::ctl
