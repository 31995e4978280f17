// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/completion_command.h"

#include <memory>
#include <string>

#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/command/completion.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/standard_io.h"

namespace plivo_dial::ctl {

void add_completion_command(Command& app) {
  Command& command = app.subcommand(
      "completion", "Print the completion for a shell; packages install it for both");
  const auto shell = std::make_shared<std::string>();
  command.option("SHELL", *shell, "bash or zsh").required().one_of({"bash", "zsh"}).type_name("");
  command.footer(
      "Example: plivo-dialctl completion bash > ~/.local/share/bash-completion/completions/"
      "plivo-dialctl");
  command.runs([&app, shell] {
    const std::string text = *shell == "bash" ? bash_completion(app) : zsh_completion(app);
    return write_output("completion", text, kExitOk);
  });
}

}  // namespace plivo_dial::ctl
