// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/commands.h"

#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/call/call_command.h"
#include "mod_plivo_dial/ctl/completion_command.h"
#include "mod_plivo_dial/ctl/doctor/doctor_command.h"
#include "mod_plivo_dial/ctl/events/events_command.h"
#include "mod_plivo_dial/ctl/help_command.h"
#include "mod_plivo_dial/ctl/init/init_command.h"
#include "mod_plivo_dial/ctl/plan/explain_command.h"
#include "mod_plivo_dial/ctl/plan/plan_command.h"
#include "mod_plivo_dial/ctl/sign/sign_command.h"
#include "mod_plivo_dial/ctl/sign/verify_command.h"
#include "mod_plivo_dial/ctl/tables/compile_command.h"
#include "mod_plivo_dial/ctl/tables/map_command.h"
#include "mod_plivo_dial/ctl/terminal.h"
#include "mod_plivo_dial/ctl/urls/urls_command.h"

namespace plivo_dial::ctl {
namespace {

using AddCommand = void (*)(Command&);
constexpr AddCommand kCommands[] = {
    add_init_command,    add_doctor_command, add_call_command,    add_plan_command,
    add_explain_command, add_urls_command,   add_compile_command, add_map_command,
    add_events_command,  add_sign_command,   add_verify_command,  add_completion_command,
    add_help_command,
};

}  // namespace

std::unique_ptr<Command> make_application() {
  auto app = std::make_unique<Command>("plivo-dialctl",
                                       "Tools for mod_plivo_dial and for any server of Plivo XML.");
  app->version("plivo-dialctl " PLIVO_DIAL_VERSION);
  app->needs_command();
  app->help_width(terminal_width());
  for (const AddCommand add : kCommands) add(*app);
  // Commands inherit the footer that is there when they are added.
  app->footer(
      "Example: plivo-dialctl call --url http://127.0.0.1:8080/dialstatus\n"
      "More about a command: plivo-dialctl help call");
  return app;
}

}  // namespace plivo_dial::ctl
